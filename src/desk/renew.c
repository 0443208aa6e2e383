/* After an upgrade: records get the columns that this version searches and sorts by, in pieces between which
 * everybody else writes. Until it is through, old records are found by what they have. */
#include "desk/renew.h"

#include "base/log.h"
#include "base/mem.h"
#include "desk/shapes.h"
#include "model/renew.h"
#include "text/phone.h"

#include <inttypes.h>
#include <stdlib.h>

#define PIECE 200

struct task {
	struct desk *desk;
	struct renewal renewal;
};

static int step(struct db *db, void *arg)
{
	return renewal_step(db, arg, PIECE);
}

/* By the catalogue as it is committed: not read on the writer. */
static int write_piece(struct task *task)
{
	struct store *store = task->desk->store;
	struct catalogue *catalogue = NULL;
	struct db *db = store_reader(store);
	int err = shapes_now(task->desk->shapes, db, &catalogue);
	store_reader_return(store, db);
	task->renewal.catalogue = catalogue;
	if (!err)
		err = store_write(store, STORE_BATCH, step, &task->renewal);
	catalogue_unref(catalogue);
	return err;
}

/* One piece, then the queue of the pool again, so that prompts are not kept waiting. */
static void run(void *context, void *arg, int err)
{
	struct task *task = arg;
	bool last = renewal_is_through(&task->renewal);
	(void)context;
	if (!err && !atomic_load(&task->desk->stopping))
		err = write_piece(task);
	else
		err = -E_CLOSED;
	if (!err && !last) {
		const struct pool_job next = { .fn = run, .arg = task };
		err = pool_submit(task->desk->long_pool, &next);
		if (!err)
			return;
	}
	if (err && err != -E_CLOSED)
		log_(LOG_DESK, LOG_ERROR, "the search of old records is not complete error=\"%s\"",
			err_text(err));
	else if (!err && task->renewal.renewed)
		log_(LOG_DESK, LOG_INFO, "old records can be searched looked=%" PRId64 " renewed=%" PRId64,
			task->renewal.looked, task->renewal.renewed);
	free(task);
}

void renew_begin(struct desk *desk)
{
	bool done = false;
	struct db *db = store_reader(desk->store);
	int err = renewal_is_done(db, &done);
	store_reader_return(desk->store, db);
	if (err || done)
		return;
	struct task *task = mem_alloc(sizeof(*task));
	*task = (struct task){ .desk = desk };
	const struct pool_job job = { .fn = run, .arg = task };
	if (pool_submit(desk->long_pool, &job))
		free(task);
}

int numbers_settle(struct desk *desk)
{
	struct rows *rows;
	struct db *db = store_reader(desk->store);
	int err = db_query(db, "SELECT region FROM setting WHERE id = $1", ARGS(V_INT(1)), &rows);
	if (!err) {
		char region[8];
		if (rows_next(rows) && str_copy(rows_str(rows, 0), region, sizeof(region)) == 0)
			phone_set_home(region);
		err = rows_end(rows);
	}
	store_reader_return(desk->store, db);
	return err;
}
