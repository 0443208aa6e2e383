/* Small things that each one's pages remember wherever he signs in: columns of lists and their widths, the
 * view that a list opens with. The pages alone know what they mean. They change with every drag of an edge,
 * concern nobody else, and so stand in no audit trail. */
#include "base/js.h"
#include "base/mem.h"
#include "desk/routes.h"
#include "desk/signin.h"

#include <string.h>

#define PREF_NAME_MAX 64
#define PREF_BYTES_MAX 16384
#define PREFS_MAX 200

int preferences_read(struct request *r)
{
	struct rows *rows;
	json_t *all = json_object();
	int err = signin_need_person(r);
	if (!err)
		err = db_query(r->db, "SELECT name, value FROM preference WHERE app_user = $1 ORDER BY name",
			ARGS(V_INT(r->actor.user)), &rows);
	if (err) {
		json_decref(all);
		return err;
	}
	while (rows_next(rows)) {
		char name[PREF_NAME_MAX + 1];
		json_t *value = NULL;
		if (!str_copy(rows_str(rows, 0), name, sizeof(name)) &&
			!js_parse(rows_str(rows, 1), PREF_BYTES_MAX, &value, NULL))
			json_object_set_new(all, name, value);
	}
	err = rows_end(rows);
	if (err) {
		json_decref(all);
		return err;
	}
	return reply_json(r, 200, all);
}

struct memory {
	struct request *r;
	const char *name, *text; /* NULL: forgotten */
};

static int remember(struct db *db, void *arg)
{
	const struct memory *m = arg;
	const struct request *r = m->r;
	int64_t others = 0;
	if (!m->text)
		return db_run(db, "DELETE FROM preference WHERE app_user = $1 AND name = $2",
			ARGS(V_INT(r->actor.user), V_Z(m->name)));
	int err = db_one_int(db, "SELECT count(*) FROM preference WHERE app_user = $1 AND name <> $2",
		ARGS(V_INT(r->actor.user), V_Z(m->name)), &others);
	if (!err && others >= PREFS_MAX)
		return faults_add(&m->r->faults, "too_long", "name", "at most %d names", PREFS_MAX);
	if (err)
		return err;
	return db_run(db,
		"INSERT INTO preference (app_user, name, value) VALUES ($1, $2, $3) ON CONFLICT (app_user, "
		"name) DO"
		" UPDATE SET value = excluded.value",
		ARGS(V_INT(r->actor.user), V_Z(m->name), V_Z(m->text)));
}

static bool is_name(const char *name)
{
	size_t n = strlen(name);
	return n && n <= PREF_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == n;
}

int preference_write(struct request *r)
{
	struct memory m = { .r = r, .name = r->parts[1] };
	int err = signin_need_person(r);
	if (err)
		return err;
	if (!is_name(m.name))
		(void)faults_add(&r->faults, "format_word", "name",
			"may have small letters, digits, '_', '.' and '-' only");
	if (!json_is_object(r->body))
		return faults_add(&r->faults, "type", "", "must be an object");
	CLEANUP(mem_freep) char *text = js_print(r->body);
	if (strlen(text) > PREF_BYTES_MAX)
		(void)faults_add(&r->faults, "too_long", "", "has at most %d bytes", PREF_BYTES_MAX);
	if (r->faults.n)
		return -E_INVALID;
	m.text = json_object_size(r->body) ? text : NULL;
	err = request_write(r, remember, &m);
	return err ? err : reply_none(r);
}
