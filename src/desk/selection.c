/* Filters travel as pairs, in the order in which they came; a list reads them as it reads a query. */
#include "desk/selection.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool selection_is_page_word(const char *name)
{
	static const char *const words[] = { "cursor", "limit", "fields", "format", "lang", "offset_min" };
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

int selection_read(struct request *r, const json_t *query, json_t *pairs)
{
	const char *name;
	json_t *value, *one;
	size_t i;
	if (query && !json_is_null(query) && !json_is_object(query))
		return faults_add(&r->faults, "type", "query", "must be an object");
	json_object_foreach ((json_t *)query, name, value) {
		if (selection_is_page_word(name))
			return faults_add(&r->faults, "unknown", "query", "no such filter \"%.40s\"", name);
		if (json_is_string(value))
			json_array_append_new(pairs, json_pack("[s, O]", name, value));
		else if (json_is_array(value))
			json_array_foreach (value, i, one)
				json_array_append_new(pairs, json_pack("[s, O]", name, one));
		if (!json_is_string(value) && !json_is_array(value))
			return faults_add(&r->faults, "type", "query",
				"\"%.40s\" must be text or a list of texts", name);
	}
	json_array_foreach (pairs, i, value)
		if (!json_is_string(json_array_get(value, 1)))
			return faults_add(&r->faults, "type", "query", "must hold texts only");
	if (json_array_size(pairs) > REQUEST_PARAMS_MAX - 4)
		return faults_add(&r->faults, "too_long", "query", "has too many filters");
	return 0;
}

/* By id, which no change moves: pages neither skip nor repeat what the records become meanwhile. */
int selection_page(struct db *db, const struct selection *s, const char *cursor, int64_t limit,
	json_t **ret_page, struct faults *faults)
{
	struct param params[REQUEST_PARAMS_MAX];
	char limit_text[24];
	size_t i, n = 0;
	json_t *pair;
	json_array_foreach (s->pairs, i, pair) {
		const char *name = json_string_value(json_array_get(pair, 0));
		if (strcmp(name, "sort") != 0 && n < REQUEST_PARAMS_MAX - 4)
			params[n++] = (struct param){ name, json_string_value(json_array_get(pair, 1)) };
	}
	snprintf(limit_text, sizeof(limit_text), "%" PRId64, limit);
	params[n++] = (struct param){ "limit", limit_text };
	params[n++] = (struct param){ "sort", "id" };
	params[n++] = (struct param){ "fields", "id" };
	if (cursor)
		params[n++] = (struct param){ "cursor", cursor };
	const struct list_query query = {
		.params = params, .n_params = n, .limit_max = SELECTION_PAGE_MAX, .count_max = SELECTION_MAX
	};
	return model_list(db, s->res, s->actor, &query, ret_page, faults);
}
