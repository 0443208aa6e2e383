/* A body of a POST or PATCH: the first byte chooses the resource and which, the rest is JSON. A refusal names
 * a field that fits the fault, and a draft that was taken is taken again, secrets apart. */
#include "base/js.h"
#include "model/model.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#define JSON_MAX (64 * 1024)

static void drop_secrets(const struct resource *res, json_t *draft)
{
	for (size_t i = 0; i < res->n_fields; i++)
		if (res->fields[i].type == FT_SECRET)
			json_object_del(draft, res->fields[i].name);
}

/* The slow hash would be all that is ever measured here. */
static bool has_sealed(const struct resource *res, const json_t *body)
{
	for (size_t i = 0; i < res->n_fields; i++)
		if (res->fields[i].seal && json_object_get(body, res->fields[i].name))
			return true;
	return false;
}

static void check_faults(const struct faults *faults)
{
	assert(faults->n > 0 && faults->n <= MODEL_FAULTS_MAX);
	for (size_t i = 0; i < faults->n; i++)
		assert(faults->list[i].code[0] && faults->list[i].text[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct faults faults, again;
	json_t *body = NULL, *draft = NULL, *second = NULL;
	if (size < 1)
		return 0;
	const struct resource *res = resources[(data[0] & 0x7f) % resources_n];
	bool is_new = data[0] & 0x80;
	if (js_parse((struct str){ (const char *)data + 1, size - 1 }, JSON_MAX, &body, NULL))
		return 0;
	if (!has_sealed(res, body)) {
		int err = model_draft(res, body, is_new, &draft, &faults);
		if (err) {
			check_faults(&faults);
		} else {
			drop_secrets(res, draft);
			assert(model_draft(res, draft, false, &second, &again) == 0 || is_new);
		}
	}
	json_decref(body);
	json_decref(draft);
	json_decref(second);
	return 0;
}
