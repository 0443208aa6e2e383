/* One masked value in clear, to somebody who says why: the trail has who, what and the reason. So many an
 * hour, so that nobody copies a list this way. */
#include "base/js.h"
#include "base/mem.h"
#include "model/mask.h"

#include <stdio.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define REVEALS_PER_HOUR 60
#define REASON_MAX 200

static bool is_masked(const struct field *fields, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqz(name, fields[i].name))
			return fields[i].flags & F_MASKED;
	return false;
}

static const json_t *of_list(
	const struct resource *res, const json_t *record, struct str list, struct str rest)
{
	const struct field *f = resource_field(res, list);
	struct str id = str_cut(&rest, ']');
	struct str name = str_sub(rest, 1, rest.n);
	char key[64];
	size_t i;
	json_t *item;
	if (!f || f->type != FT_LIST || !rest.n || rest.p[0] != '.' || str_copy(name, key, sizeof(key)) ||
		!is_masked(f->child->fields, f->child->n_fields, name))
		return NULL;
	json_array_foreach (json_object_get(record, f->name), i, item)
		if (str_eqz(id, js_str(item, "id", "")))
			return json_object_get(item, key);
	return NULL;
}

/* "number" or "numbers[81].number"; NULL for what is not masked. */
static const json_t *find(const struct resource *res, const json_t *record, const char *path)
{
	struct str rest = str_from(path);
	struct str name = str_cut(&rest, '[');
	if (name.n < strlen(path))
		return of_list(res, record, name, rest);
	return is_masked(res->fields, res->n_fields, name) ? json_object_get(record, path) : NULL;
}

static int check_rate(const struct change *c)
{
	int64_t n = 0;
	int err = db_one_int(c->db,
		"SELECT count(*) FROM audit WHERE created > $1 AND action = 'reveal' AND actor = $2",
		ARGS(V_INT(c->now_ms - HOUR_MS), V_INT(c->actor->user)), &n);
	return err ? err : n < REVEALS_PER_HOUR ? 0 : -E_AGAIN;
}

static int check_body(const struct change *c, const json_t *body)
{
	const char *reason = js_str(body, "reason", "");
	if (!json_is_string(json_object_get(body, "field")))
		(void)faults_add(c->faults, "required", "field", "is required");
	if (strspn(reason, " \t\r\n") == strlen(reason))
		(void)faults_add(c->faults, "required", "reason", "say why");
	if (strlen(reason) > REASON_MAX)
		(void)faults_add(c->faults, "too_long", "reason", "may have at most %d bytes", REASON_MAX);
	return c->faults->n ? -E_INVALID : 0;
}

json_t *model_reveal_body(void)
{
	return json_pack("{s:s, s:{s:{s:s}, s:{s:s}}, s:[s, s]}", "type", "object", "properties", "field",
		"type", "string", "reason", "type", "string", "required", "field", "reason");
}

static int may_reveal(const struct change *c, const struct resource *res, int64_t id)
{
	bool has = may(c->actor, res, VERB_REVEAL);
	int err = has ? scope_has(c->db, c->actor, res, right_of(res, VERB_REVEAL), id, &has) : 0;
	return err ? err : has ? 0 : -E_FORBIDDEN;
}

int model_reveal(const struct change *c, const struct resource *res, int64_t id, const json_t *body,
	json_t **ret_answer)
{
	json_t *record = NULL;
	int err = record_get(c->db, res, c->actor, id, false, &record);
	if (!err)
		err = may_reveal(c, res, id);
	if (!err)
		err = check_body(c, body);
	if (!err)
		err = check_rate(c);
	const char *path = js_str(body, "field", "");
	const json_t *value = err ? NULL : find(res, record, path);
	if (!err && !value)
		err = faults_add(c->faults, "not_found", "field", "there is no such masked field here");
	if (!err) {
		json_t *changes = json_pack(
			"{s:[n, s], s:[n, s]}", "field", path, "reason", js_str(body, "reason", ""));
		err = model_audit(c, "reveal", res->name, id, changes);
		json_decref(changes);
	}
	if (!err)
		*ret_answer = json_pack("{s:s, s:O}", "field", path, "value", value);
	json_decref(record);
	return err;
}
