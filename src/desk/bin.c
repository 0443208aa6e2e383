/* The bin is emptied of what is old. A sweep goes through all resources, record by record in the order of
 * their ids; what something else in the bin still refers to is left for the next one. One that is not at its
 * end goes on at the next upkeep. */
#include "desk/bin.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "model/model.h"

#define DAY_MS INT64_C(86400000)
#define PIECE_ROWS 50
#define PIECES_MAX 20

struct piece {
	struct desk *desk;
	const struct resource *res;
	int64_t before_ms, after; /* deleted before, and id behind */
	size_t seen, purged;
};

static int read_old(struct db *db, struct piece *p, int64_t *ids)
{
	struct rows *rows;
	CLEANUP(mem_freep)
	char *sql = mem_printf("SELECT id FROM %s WHERE deleted < $1 AND id > $2 ORDER BY id LIMIT %d",
		p->res->table, PIECE_ROWS);
	int err = db_query(db, sql, ARGS(V_INT(p->before_ms), V_INT(p->after)), &rows);
	p->seen = 0;
	if (err)
		return err;
	while (p->seen < PIECE_ROWS && rows_next(rows))
		ids[p->seen++] = rows_int(rows, 0);
	return rows_end(rows);
}

static int purge_one(struct db *db, struct piece *p, int64_t id)
{
	static const struct actor nobody = { .rights = rights_all };
	struct faults faults = { .n = 0 };
	const struct change c = {
		.db = db, .ids = &p->desk->ids, .now_ms = clock_wall_ms(), .actor = &nobody, .faults = &faults
	};
	int err = db_run(db, "SAVEPOINT bin", NO_ARGS);
	if (err)
		return err;
	int wrong = model_purge(&c, p->res, id, 0);
	if (wrong && wrong != -E_STATE && wrong != -E_NOT_FOUND)
		return wrong;
	p->purged += !wrong;
	if (wrong)
		err = db_run(db, "ROLLBACK TO bin", NO_ARGS);
	return err ? err : db_run(db, "RELEASE bin", NO_ARGS);
}

static int purge_some(struct db *db, void *arg)
{
	struct piece *p = arg;
	int64_t ids[PIECE_ROWS];
	int err = read_old(db, p, ids);
	for (size_t i = 0; i < p->seen && !err; i++)
		err = purge_one(db, p, ids[i]);
	if (!err && p->seen)
		p->after = ids[p->seen - 1];
	return err;
}

static int read_days(struct desk *desk, int64_t *ret_days)
{
	struct db *db = store_reader(desk->store);
	int err = db_one_int(db, "SELECT bin_days FROM setting ORDER BY id LIMIT 1", NO_ARGS, ret_days);
	store_reader_return(desk->store, db);
	return err;
}

/* Whether it is at its end. */
static bool sweep_on(struct desk *desk, int64_t before_ms)
{
	struct bin *bin = &desk->bin;
	for (int i = 0; i < PIECES_MAX && bin->at < resources_n; i++) {
		struct piece p = {
			.desk = desk, .res = resources[bin->at], .before_ms = before_ms, .after = bin->after
		};
		int err = res_keeps(p.res) ? store_write(desk->store, STORE_BATCH, purge_some, &p) : 0;
		if (err)
			log_(LOG_DESK, LOG_WARN, "bin not emptied of=%s err=%s", p.res->plural,
				err_name(err));
		if (p.purged)
			log_(LOG_DESK, LOG_INFO, "purged from the bin of=%s n=%zu", p.res->plural, p.purged);
		bool more = !err && p.seen == PIECE_ROWS;
		bin->at += !more;
		bin->after = more ? p.after : 0;
	}
	return bin->at >= resources_n;
}

void bin_sweep(struct desk *desk)
{
	struct bin *bin = &desk->bin;
	int64_t now_ms = clock_wall_ms(), days = 0;
	if (bin->day == now_ms / DAY_MS)
		return;
	if (read_days(desk, &days))
		return;
	if (days && !sweep_on(desk, now_ms - days * DAY_MS))
		return;
	*bin = (struct bin){ .day = now_ms / DAY_MS };
}
