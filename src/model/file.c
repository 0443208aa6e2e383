/* Files as values of fields: who may put one into a record, and what happens to it when the record no longer
 * has it. The desk sweeps what has been released for a day. */
#include "model/file.h"

#include "base/js.h"

#include <inttypes.h>
#include <string.h>

#define BYTES_DEFAULT (INT64_C(10) << 20)

/* "image/png", or "image/" for all of them, in a list separated by blanks. */
static bool is_accepted(const char *accept, const char *type)
{
	struct str rest = str_from(accept);
	while (rest.n) {
		struct str one = str_cut(&rest, ' ');
		bool family = one.n && one.p[one.n - 1] == '/';
		if (family ? str_starts(str_from(type), one) : str_eqz(one, type))
			return true;
	}
	return !accept;
}

struct found {
	bool may;
	int64_t bytes;
	char type[64];
};

/* A stranger's file is as unknown as one that is not there. */
static int find(
	const struct change *c, const struct resource *res, int64_t id, int64_t file, struct found *ret)
{
	struct rows *rows;
	int err = db_query(c->db, "SELECT uploader, holder, record, bytes, type FROM file WHERE id = $1",
		ARGS(V_INT(file)), &rows);
	*ret = (struct found){ 0 };
	if (err)
		return err;
	if (rows_next(rows)) {
		bool held = !rows_is_null(rows, 1);
		bool ours = held && str_eqz(rows_str(rows, 1), res->name) && rows_int(rows, 2) == id;
		ret->may = held ? ours : rows_int(rows, 0) == c->actor->user;
		ret->bytes = rows_int(rows, 3);
		if (str_copy(rows_str(rows, 4), ret->type, sizeof(ret->type)))
			ret->may = false;
	}
	return rows_end(rows);
}

static int check_one(const struct change *c, const struct resource *res, int64_t id, const struct field *f,
	const json_t *draft)
{
	struct found found;
	int64_t file = js_id(draft, f->name), max = f->max ? f->max : BYTES_DEFAULT;
	int err = file ? find(c, res, id, file, &found) : 0;
	if (err || !file)
		return err;
	if (!found.may)
		(void)faults_add(c->faults, "not_found", f->name, "there is no such file of yours");
	else if (found.bytes > max)
		(void)faults_add(
			c->faults, "too_large", f->name, "may have at most %" PRId64 " kB", max >> 10);
	else if (!is_accepted(f->accept, found.type))
		(void)faults_add(c->faults, "file_type", f->name, "must be of another type than %s (%s)",
			found.type, f->accept);
	return 0;
}

int files_check(const struct change *c, const struct resource *res, int64_t id, const json_t *draft)
{
	for (size_t i = 0; i < res->n_fields; i++) {
		int err = res->fields[i].type == FT_FILE ? check_one(c, res, id, &res->fields[i], draft) : 0;
		if (err)
			return err;
	}
	return c->faults->n ? -E_INVALID : 0;
}

static int take_one(const struct change *c, const struct resource *res, int64_t id, int64_t was, int64_t file)
{
	int err = 0;
	if (was)
		err = db_run(c->db,
			"UPDATE file SET holder = NULL, record = NULL, released = $1 WHERE id = $2",
			ARGS(V_INT(c->now_ms), V_INT(was)));
	if (!err && file)
		err = db_run(c->db, "UPDATE file SET holder = $1, record = $2, released = NULL WHERE id = $3",
			ARGS(V_Z(res->name), V_INT(id), V_INT(file)));
	return err;
}

int files_take(const struct change *c, const struct resource *res, int64_t id, const json_t *old,
	const json_t *draft)
{
	int err = 0;
	for (size_t i = 0; i < res->n_fields && !err; i++) {
		const struct field *f = &res->fields[i];
		int64_t was = js_id(old, f->name), now = js_id(draft, f->name);
		if (f->type == FT_FILE && json_object_get(draft, f->name) && was != now)
			err = take_one(c, res, id, was, now);
	}
	return err;
}

int files_release(const struct change *c, const struct resource *res, int64_t id)
{
	return db_run(c->db,
		"UPDATE file SET holder = NULL, record = NULL, released = $1 WHERE holder = $2 AND record = "
		"$3",
		ARGS(V_INT(c->now_ms), V_Z(res->name), V_INT(id)));
}
