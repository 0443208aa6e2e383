/* From records to the rows that the switch works with: the fields it needs, under the names of
 * src/wire/README.md. */
#include "model/config.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void add_row(json_t *rows, const char *kind, int64_t id, json_t *row)
{
	json_t *entry = json_object();
	js_set_str(entry, "kind", kind);
	js_set_id(entry, "id", id);
	json_object_set_new(entry, "row", row ? row : json_null());
	json_array_append_new(rows, entry);
}

static void copy(json_t *row, const json_t *record, const char *name)
{
	json_t *value = json_object_get(record, name);
	if (value && !json_is_null(value))
		json_object_set(row, name, value);
}

/* Fields separated by spaces, of the record, as a row of the kind; *ret_row is NULL for one that is gone. */
static int config_fields(struct db *db, const struct resource *res, int64_t id, const char *names,
	json_t **ret_row, json_t **ret_record)
{
	struct str rest = str_from(names);
	*ret_row = NULL;
	int err = record_read(db, res, id, ret_record);
	if (err)
		return err == -E_NOT_FOUND ? 0 : err;
	json_t *row = json_object();
	while (rest.n) {
		char name[64];
		if (str_copy(str_cut(&rest, ' '), name, sizeof(name)) == 0)
			copy(row, *ret_record, name);
	}
	*ret_row = row;
	return 0;
}

static int config_plain(
	struct db *db, const struct resource *res, int64_t id, const char *names, json_t *rows)
{
	json_t *row, *record = NULL;
	int err = config_fields(db, res, id, names, &row, &record);
	json_decref(record);
	if (!err)
		add_row(rows, res->name, id, row);
	return err;
}

int config_setting(struct db *db, int64_t id, json_t *rows)
{
	return config_plain(db, &setting_resource, id,
		"realm record ring_timeout_ms wrap_up_ms language agent_prefix sip_digest", rows);
}

int config_did(struct db *db, int64_t id, json_t *rows)
{
	return config_plain(db, &did_resource, id, "number flow", rows);
}

int config_flow(struct db *db, int64_t id, json_t *rows)
{
	return config_plain(db, &flow_resource, id, "name version graph", rows);
}

int config_skill(struct db *db, int64_t id, json_t *rows)
{
	return config_plain(db, &skill_resource, id, "name", rows);
}

int config_reason(struct db *db, int64_t id, json_t *rows)
{
	return config_plain(db, &reason_resource, id, "code limit_ms", rows);
}

int config_prompt(struct db *db, int64_t id, json_t *rows)
{
	return config_plain(db, &prompt_resource, id, "name language path", rows);
}

/* A secret of a record, which reading it never shows. */
static int secret_of(struct db *db, const char *sql, int64_t id, char *dst, size_t size)
{
	struct rows *rows;
	*dst = '\0';
	int err = db_query(db, sql, ARGS(V_INT(id)), &rows);
	if (err)
		return err;
	if (rows_next(rows) && str_copy(rows_str(rows, 0), dst, size))
		*dst = '\0';
	return rows_end(rows);
}

static json_t *split(const char *text)
{
	json_t *list = json_array();
	struct str rest = str_from(text);
	while (rest.n) {
		struct str part = str_trim(str_cut(&rest, ','));
		if (part.n)
			json_array_append_new(list, json_stringn(part.p, part.n));
	}
	return list;
}

int config_trunk(struct db *db, int64_t id, json_t *rows)
{
	char password[256];
	json_t *row, *record = NULL;
	int err = config_fields(
		db, &trunk_resource, id, "name proxy transport auth_user caller_id", &row, &record);
	if (!err && row) {
		json_object_set_new(row, "sources", split(js_str(record, "sources", "")));
		err = secret_of(
			db, "SELECT password FROM trunk WHERE id = $1", id, password, sizeof(password));
		if (!err && *password)
			js_set_str(row, "password", password);
	}
	json_decref(record);
	if (!err)
		add_row(rows, "trunk", id, row);
	return err;
}

static json_t *skill_levels(const json_t *record)
{
	json_t *list = json_array();
	size_t i;
	json_t *item;
	json_array_foreach (json_object_get(record, "skills"), i, item) {
		json_t *entry = json_object();
		copy(entry, item, "skill");
		copy(entry, item, "level");
		json_array_append_new(list, entry);
	}
	return list;
}

int config_queue(struct db *db, int64_t id, json_t *rows)
{
	json_t *row, *record = NULL;
	int err = config_fields(db, &queue_resource, id,
		"name strategy priority ring_timeout_ms wrap_up_ms max_wait_ms max_length when_empty"
		" overflow_after_ms overflow_expected_ms overflow_queue handle_ms announce_position"
		" announce_wait announce_every_ms announce_number music service_level_ms",
		&row, &record);
	if (!err && row) {
		json_t *agents = json_array();
		size_t i;
		json_t *item;
		json_array_foreach (json_object_get(record, "members"), i, item)
			json_array_append(agents, json_object_get(item, "agent"));
		json_object_set_new(row, "skills", skill_levels(record));
		json_object_set_new(row, "agents", agents);
	}
	json_decref(record);
	if (!err)
		add_row(rows, "queue", id, row);
	return err;
}

/* A SIP phone registers under the extension with the agent's own password. */
static int config_phone(struct db *db, int64_t id, const json_t *record, json_t *rows)
{
	char password[256] = "", text[24];
	json_t *account = NULL;
	const char *extension = js_str(record, "extension", "");
	int err =
		secret_of(db, "SELECT sip_password FROM agent WHERE id = $1", id, password, sizeof(password));
	if (err)
		return err;
	if (!record || !*password) {
		add_row(rows, "account", id, NULL);
		return 0;
	}
	snprintf(text, sizeof(text), "%" PRId64, id);
	err = model_account_row(db, text, extension, extension, password, &account);
	if (!err)
		json_array_append_new(rows, account);
	return err;
}

/* Who sees the numbers of her own contacts whole, by interaction.clear. A set counts by the people, teams and
 * sites it names itself. */
#define SEES_NUMBERS                                                                                         \
	"SELECT DISTINCT u.agent FROM app_user u JOIN user_role ur ON ur.parent = u.id JOIN role o ON"       \
	" o.id = ur.role LEFT JOIN role_grant g ON g.parent = o.id AND g.right_name = 'interaction.clear'"   \
	" WHERE u.agent IS NOT NULL AND u.deleted IS NULL AND (o.all_rights = 1 OR g.scope IN ('own', "      \
	"'all')"                                                                                             \
	" OR (g.scope IN ('team', 'teams') AND u.team IS NOT NULL) OR (g.scope = 'site' AND u.site IS NOT "  \
	"NULL)"                                                                                              \
	" OR (g.scope = 'set' AND EXISTS (SELECT 1 FROM data_set_member m WHERE m.parent = g.data_set AND"   \
	" (m.app_user = u.id OR m.team = u.team OR m.site = u.site))))"

int model_config_seeing(struct db *db, int64_t **ret_agents, size_t *ret_n)
{
	struct rows *rows;
	int64_t *agents = NULL;
	size_t n = 0, size = 0;
	int err = db_query(db, SEES_NUMBERS " ORDER BY u.agent", NO_ARGS, &rows);
	if (err)
		return err;
	while (rows_next(rows)) {
		if (n == size) {
			size = size ? 2 * size : 64;
			agents = mem_resize(agents, size, sizeof(*agents));
		}
		agents[n++] = rows_int(rows, 0);
	}
	*ret_agents = agents;
	*ret_n = n;
	return rows_end(rows);
}

static int sees_numbers(struct db *db, int64_t agent, bool *ret_sees)
{
	struct rows *rows;
	int err = db_query(db, SEES_NUMBERS " AND u.agent = $1", ARGS(V_INT(agent)), &rows);
	if (err)
		return err;
	*ret_sees = rows_next(rows);
	return rows_end(rows);
}

int config_agent(struct db *db, int64_t id, json_t *rows)
{
	bool sees = false;
	json_t *row, *record = NULL;
	int err = config_fields(
		db, &agent_resource, id, "name number extension auto_answer device", &row, &record);
	if (!err)
		err = sees_numbers(db, id, &sees);
	if (!err && row) {
		json_object_set_new(row, "skills", skill_levels(record));
		json_object_set_new(row, "numbers_masked", json_boolean(!sees));
	}
	if (!err) {
		add_row(rows, "agent", id, row);
		err = config_phone(db, id, record, rows);
	} else {
		json_decref(row);
	}
	json_decref(record);
	return err;
}

static int config_of(struct db *db, const struct resource *res, json_t *rows)
{
	char sql[96];
	struct rows *found;
	json_t *ids = json_array();
	size_t i;
	json_t *id;
	snprintf(sql, sizeof(sql), "SELECT id FROM %s%s ORDER BY id", res->table,
		res_keeps(res) ? " WHERE deleted IS NULL" : "");
	int err = db_query(db, sql, NO_ARGS, &found);
	if (!err) {
		while (rows_next(found))
			json_array_append_new(ids, json_integer(rows_int(found, 0)));
		err = rows_end(found);
	}
	json_array_foreach (ids, i, id)
		if (!err)
			err = res->config(db, json_integer_value(id), rows);
	json_decref(ids);
	return err;
}

int model_config_all(struct db *db, json_t *rows)
{
	int err = 0;
	for (size_t i = 0; i < resources_n && !err; i++)
		if (resources[i]->config)
			err = config_of(db, resources[i], rows);
	return err;
}
