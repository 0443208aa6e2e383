/* Events and live values come from the switch as they are; no descriptor says what is in them. What is a
 * customer's number there follows from the direction of the contact and from whose leg it is. */
#include "desk/discreet.h"

#include "base/mem.h"
#include "model/mask.h"

#include <string.h>

#define TEXT_MAX_BYTES ((size_t)1 << 20)

static void mask(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	if (json_is_string(value) && mask_is_number(json_string_value(value)))
		json_object_set_new(object, key, mask_of(value));
}

/* The side that is not the centre's own. */
static void cut_sides(json_t *object)
{
	const char *direction = js_str(object, "direction", "");
	if (strcmp(direction, "outbound") != 0)
		mask(object, "from");
	if (strcmp(direction, "inbound") != 0)
		mask(object, "to");
}

/* Where a leg goes to, unless it is an agent's; whom somebody was put through to; what the caller has keyed
 * in, which may be his number too. */
static void cut_rest(json_t *object)
{
	json_t *target = json_object_get(object, "target");
	if (!js_id(object, "agent"))
		mask(object, "address");
	mask(object, "target");
	mask(object, "consult_target");
	if (json_is_object(target))
		mask(target, "number");
	if (strcmp(js_str(object, "type", ""), "collect") == 0)
		mask(object, "result");
}

static void cut_customer(json_t *object)
{
	static const char *const his[] = { "name", "tier", "language", "customer" };
	for (size_t i = 0; i < ARRAY_LEN(his); i++)
		json_object_del(object, his[i]);
	if (json_object_get(object, "phase")) /* a call's own `kind` is the customer's, an event's is not */
		json_object_del(object, "kind");
}

void discreet_cut(json_t *object, const struct telling *telling)
{
	size_t i;
	json_t *leg;
	if (!telling->numbers) {
		cut_sides(object);
		cut_rest(object);
		json_array_foreach (json_object_get(object, "legs"), i, leg)
			cut_rest(leg);
	}
	if (!telling->customer)
		cut_customer(object);
}

char *discreet_text(struct str text, const struct telling *telling)
{
	json_t *object = NULL;
	if (js_parse(text, TEXT_MAX_BYTES, &object, NULL))
		return NULL;
	discreet_cut(object, telling);
	char *cut = js_print(object);
	json_decref(object);
	return cut;
}
