/* The rows of effects. Their ids rise with the changes, for one thread writes. */
#include "model/outbox.h"

#define PAUSE_FIRST_MS 1000
#define PAUSE_DOUBLINGS 6 /* to about a minute */

static int put(const struct change *c, const char *kind, const struct resource *res, int64_t record)
{
	int64_t id = id_next(c->ids, c->now_ms);
	if (c->effect)
		*c->effect = id;
	return db_put(c->db, "outbox", "id, created, kind, resource, record, tries, due",
		ARGS(V_INT(id), V_INT(c->now_ms), V_Z(kind), V_Z(res->name), V_INT(record), V_INT(0),
			V_INT(c->now_ms)));
}

int outbox_put(const struct change *c, const struct resource *res, int64_t record)
{
	int err = res->effect ? put(c, res->effect, res, record) : 0;
	if (!err && res->config)
		err = put(c, OUTBOX_CONFIG, res, record);
	return err;
}

static void read_effect(struct rows *rows, struct effect *ret_effect)
{
	char name[64];
	*ret_effect = (struct effect){
		.id = rows_int(rows, 0),
		.record = rows_int(rows, 3),
		.tries = rows_int(rows, 4),
	};
	if (str_copy(rows_str(rows, 1), ret_effect->kind, sizeof(ret_effect->kind)) == 0 &&
		str_copy(rows_str(rows, 2), name, sizeof(name)) == 0)
		ret_effect->res = resource_of_name(name);
}

int outbox_due(struct db *db, int64_t now_ms, struct effect *ret_effects, size_t max, size_t *ret_n)
{
	struct rows *rows;
	*ret_n = 0;
	int err = db_query(db,
		"SELECT id, kind, resource, record, tries FROM outbox WHERE due <= $1 ORDER BY id LIMIT $2",
		ARGS(V_INT(now_ms), V_INT((int64_t)max)), &rows);
	if (err)
		return err;
	while (rows_next(rows))
		read_effect(rows, &ret_effects[(*ret_n)++]);
	return rows_end(rows);
}

int outbox_state(struct db *db, int64_t *ret_waiting, int64_t *ret_due_ms)
{
	struct rows *rows;
	int err = db_query(db, "SELECT count(*), min(due) FROM outbox", NO_ARGS, &rows);
	if (err)
		return err;
	if (rows_next(rows)) {
		*ret_waiting = rows_int(rows, 0);
		*ret_due_ms = rows_is_null(rows, 1) ? INT64_MAX : rows_int(rows, 1);
	}
	return rows_end(rows);
}

int outbox_settle(struct db *db, int64_t now_ms, const struct effect *effects, size_t n)
{
	int err = 0;
	for (size_t i = 0; i < n && !err; i++) {
		const struct effect *e = &effects[i];
		if (!e->err || !err_retryable(e->err)) {
			err = db_post(db, "DELETE FROM outbox WHERE id = $1", ARGS(V_INT(e->id)));
			continue;
		}
		int64_t pause = PAUSE_FIRST_MS << (e->tries < PAUSE_DOUBLINGS ? e->tries : PAUSE_DOUBLINGS);
		err = db_post(db, "UPDATE outbox SET tries = tries + 1, due = $2, error = $3 WHERE id = $1",
			ARGS(V_INT(e->id), V_INT(now_ms + pause), V_Z(err_name(e->err))));
	}
	return err;
}
