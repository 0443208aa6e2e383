/* The two jobs of an import. The check walks through the file and changes nothing but what it tells; the run
 * writes in pieces on the writer's lowest priority, each so small that nobody waits for it longer than for a
 * page; while one is written the next is made. A piece and how far the file is done are one transaction: a
 * job that is taken up goes on behind it, and what a cancelled one has written stays. */
#include "desk/import_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/duty.h"
#include "desk/hub.h"
#include "desk/outbox.h"
#include "desk/signin.h"
#include "desk/standing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_US (40 * CLOCK_MS_US)
#define PIECE_MIN 128 /* on a machine that is busy with other things smaller ones would only add commits */
#define SHOWN_MAX 500
#define GROWTH_FIRST 1000

static void tell_progress(struct import_run *run)
{
	json_decref(run->job->counts);
	run->job->counts = import_counts(run);
	job_progress(run->job, run->rows, run->row.total);
}

/* Rows of the check that a person looks at. */

static const char *shown_as(const struct item *item)
{
	if (item->fate == FATE_REFUSED)
		return "refused";
	if (item->match || item->twin)
		return "duplicate";
	return NULL;
}

static json_t *faults_json(const struct import_run *run, const struct intake_faults *faults)
{
	json_t *list = json_array();
	for (size_t i = 0; faults && i < faults->n; i++) {
		const struct intake_fault *f = &faults->list[i];
		bool known = f->column >= 0 && (size_t)f->column < run->plan.n_columns;
		const struct field *field = known ? run->plan.columns[f->column].field : NULL;
		json_array_append_new(list,
			json_pack("{s:o, s:s?, s:s, s:s, s:s?}", "column",
				known ? json_integer(f->column) : json_null(), "field",
				field                       ? field->name
					: f->fault.field[0] ? f->fault.field
							    : NULL,
				"code", f->fault.code, "message", f->fault.text, "message_zh",
				intake_reason_zh(f->fault.code)));
	}
	return list;
}

static int insert_shown(struct db *db, struct import_run *run, const struct item *item, const char *outcome)
{
	json_t *cells = json_array(), *faults = faults_json(run, item->faults);
	for (size_t i = 0; i < item->n_cells; i++)
		json_array_append_new(
			cells, json_stringn(item->cells[i].p ? item->cells[i].p : "", item->cells[i].n));
	CLEANUP(mem_freep) char *cells_text = js_print(cells);
	CLEANUP(mem_freep) char *faults_text = js_print(faults);
	json_decref(cells);
	json_decref(faults);
	return db_run(db,
		"INSERT INTO import_row (parent, n, outcome, record, twin, cells, faults) VALUES ($1, $2, "
		"$3, $4, $5, $6, $7)",
		ARGS(V_INT(run->row.id), V_INT(item->n), V_Z(outcome), V_ID(item->match), V_ID(item->twin),
			V_Z(cells_text), V_Z(faults_text)));
}

static int write_shown(struct db *db, void *arg)
{
	struct import_run *run = arg;
	int err = 0;
	const struct batch *b = run->hand;
	for (size_t i = 0; i < b->n && !err; i++) {
		const char *outcome = shown_as(&b->items[i]);
		if (outcome && run->shown[b->items[i].fate]++ < SHOWN_MAX)
			err = insert_shown(db, run, &b->items[i], outcome);
	}
	return err;
}

static bool is_anything_shown(const struct import_run *run)
{
	const struct batch *b = run->hand;
	for (size_t i = 0; i < b->n; i++)
		if (shown_as(&b->items[i]) && run->shown[b->items[i].fate] < SHOWN_MAX)
			return true;
	return false;
}

static int forget_shown(struct db *db, void *arg)
{
	const struct import_run *run = arg;
	return db_run(db, "DELETE FROM import_row WHERE parent = $1", ARGS(V_INT(run->row.id)));
}

/* Who may import no more ends here. */
static int wanted(struct import_run *run)
{
	int err = job_wanted(run->job);
	return err ? err : may(&run->job->actor, run->row.res, VERB_IMPORT) ? 0 : -E_FORBIDDEN;
}

static int check_batches(struct import_run *run)
{
	int err = store_write(run->desk->store, STORE_BATCH, forget_shown, run);
	while (!err) {
		err = import_batch(run);
		if (err || run->hand->n == 0)
			break;
		err = import_count(run, run->hand);
		if (!err && is_anything_shown(run))
			err = store_write(run->desk->store, STORE_BATCH, write_shown, run);
		tell_progress(run);
		if (!err)
			err = wanted(run);
	}
	return err;
}

/* A piece of the run. */

struct piece {
	struct import_run *run;
	struct batch *batch; /* NULL: nothing is being written */
	struct store_wait *wait;
	bool careful;           /* each row in a savepoint of its own */
	json_t *ended;          /* sign-ins of changed users */
	int64_t ids[BATCH_MAX]; /* of what was written, for what follows */
	size_t n_ids;
	int64_t effect; /* the last that the switch is told */
	int64_t began_us;
};

static bool is_of_the_row(int err)
{
	return err == -E_INVALID || err == -E_EXISTS || err == -E_NOT_FOUND || err == -E_CONFLICT ||
		err == -E_STATE || err == -E_FORBIDDEN;
}

static int write_item(struct db *db, struct piece *p, struct item *item, struct faults *faults)
{
	struct import_run *run = p->run;
	const struct change change = { .db = db,
		.ids = &run->desk->ids,
		.now_ms = clock_wall_ms(),
		.actor = &run->job->actor,
		.faults = faults,
		.effect = &p->effect,
		.posts = !p->careful };
	const struct duty *duty = duty_of(run->res);
	bool is_new = item->fate == FATE_NEW;
	struct edit e = { .res = run->res,
		.verb = is_new ? VERB_CREATE : VERB_UPDATE,
		.draft = !is_new && item->change ? item->change : item->draft,
		.id = item->match,
		.ended = p->ended };
	int err = duty->of_rows && duty->before ? duty->before(db, &e) : 0;
	if (!err)
		err = is_new ? model_create(&change, run->res, e.draft, &e.id)
			     : model_update(&change, run->res, e.id, 0, e.draft);
	if (!err && duty->of_rows && duty->after)
		err = duty->after(&change, &e);
	if (!err)
		p->ids[p->n_ids++] = e.id;
	return err;
}

static void refuse_item(struct piece *p, struct item *item, int err, const struct faults *faults)
{
	struct fault fault = { .code = "" };
	if (err == -E_INVALID && faults->n) {
		item->faults = arena_alloc(p->batch->arena, sizeof(*item->faults));
		intake_blame(p->run->intake, faults, item->faults);
		item->fate = FATE_REFUSED;
		return;
	}
	(void)fault_set(&fault, err_name(err), "", "%s", err_text(err));
	import_refuse(p->batch, item, INTAKE_NO_COLUMN, &fault);
}

static int write_carefully(struct db *db, struct piece *p, struct item *item)
{
	struct faults faults = { .n = 0 };
	int err = db_run(db, "SAVEPOINT item", NO_ARGS);
	if (err)
		return err;
	int wrong = write_item(db, p, item, &faults);
	if (wrong && !is_of_the_row(wrong))
		return wrong;
	if (wrong) {
		refuse_item(p, item, wrong, &faults);
		err = db_run(db, "ROLLBACK TO item", NO_ARGS);
	}
	return err ? err : db_run(db, "RELEASE item", NO_ARGS);
}

static int keep_place(struct db *db, const struct import_run *run, const struct batch *b)
{
	json_t *counts = import_counts(run);
	CLEANUP(mem_freep) char *text = js_print(counts);
	json_decref(counts);
	return db_run(db, "UPDATE import SET at_row = $2, counts = $3, updated = $4 WHERE id = $1",
		ARGS(V_INT(run->row.id), V_INT(b->items[b->n - 1].n), V_Z(text), V_INT(clock_wall_ms())));
}

static int write_items(struct db *db, struct piece *p)
{
	struct faults faults = { .n = 0 };
	int err = 0;
	for (size_t i = 0; i < p->batch->n && !err; i++) {
		struct item *item = &p->batch->items[i];
		if (item->late)
			err = import_judge_late(p->run, db, p->batch, item);
		if (!err && (item->fate == FATE_NEW || item->fate == FATE_CHANGED))
			err = p->careful ? write_carefully(db, p, item) : write_item(db, p, item, &faults);
	}
	return err ? err : db_flush(db);
}

/* Refused rows are on disk before the place behind them is. */
static int write_piece(struct db *db, void *arg)
{
	struct piece *p = arg;
	p->began_us = clock_mono_us();
	p->n_ids = 0;
	json_array_clear(p->ended);
	int err = write_items(db, p);
	if (!err)
		err = import_count(p->run, p->batch);
	if (!err)
		err = keep_place(db, p->run, p->batch);
	return err;
}

/* The pages are told once, not for each record: those of whoever may read what the owner of the import may.
 */
static void tell_pages(struct import_run *run, const struct piece *p)
{
	struct desk *desk = run->desk;
	struct owners owners = { .n = 0 };
	struct db *db = store_reader(desk->store);
	int err = scope_owners_of(db, run->row.res, p->ids, p->n_ids, &owners);
	if (!err && run->res->can & RES_RIGHTS)
		standing_changed(desk, db);
	store_reader_return(desk->store, db);
	hub_changed(desk->hub, run->row.res, 0, &owners);
}

/* What follows a commit and need not survive us; the switch's set-up is in the outbox, which is woken here.
 */
static void follow_up(struct import_run *run, const struct piece *p)
{
	struct fault refusal = { .code = "" };
	if (p->n_ids == 0)
		return;
	signin_taken(run->desk, p->ended);
	tell_pages(run, p);
	if (p->effect && outbox_wait(run->desk->outbox, p->effect, &refusal) == -E_INVALID)
		log_(LOG_DESK, LOG_WARN, "the switch refuses what was imported code=%s", refusal.code);
}

static void set_pace(struct import_run *run, const struct piece *p)
{
	int64_t took_us = clock_mono_us() - p->began_us;
	size_t n = p->batch->n;
	if (took_us > PIECE_US)
		n = (size_t)((int64_t)n * PIECE_US / took_us);
	else if (took_us * 2 < PIECE_US && n == run->pace)
		n *= 2;
	run->pace = n < PIECE_MIN ? PIECE_MIN : n > BATCH_MAX ? BATCH_MAX : n;
}

/* First all rows as one; when one of them is refused, again with each on its own. */
static int end_piece(struct piece *p)
{
	struct import_run *run = p->run;
	if (!p->batch)
		return 0;
	int err = store_wait(TAKE(p->wait));
	if (is_of_the_row(err)) {
		p->careful = true;
		err = store_write(run->desk->store, STORE_BATCH, write_piece, p);
	}
	if (!err) {
		follow_up(run, p);
		set_pace(run, p);
	}
	p->batch = NULL;
	run->flight = NULL;
	return err;
}

/* The batch in hand; the other one is the next. */
static int begin_piece(struct piece *p)
{
	struct import_run *run = p->run;
	p->careful = false;
	p->effect = 0;
	p->batch = run->hand;
	int err = store_begin(run->desk->store, STORE_BATCH, write_piece, p, &p->wait);
	if (err) {
		p->batch = NULL;
		return err;
	}
	run->flight = run->hand;
	run->hand = run->hand == &run->batches[0] ? &run->batches[1] : &run->batches[0];
	return 0;
}

/* PostgreSQL keeps the plans that it made when the tables were small until it is told how they have grown. */
static int tell_growth(struct db *db, void *arg)
{
	const struct import_run *run = arg;
	char sql[96];
	if (strcmp(db_kind_name(db), "postgresql") != 0)
		return 0;
	snprintf(sql, sizeof(sql), "ANALYZE %s", run->res->table);
	int err = db_run(db, sql, NO_ARGS);
	for (size_t i = 0; i < run->plan.n_keys && !err; i++) {
		const struct field *f = run->plan.keys[i].field;
		if (f->type != FT_LIST)
			continue;
		snprintf(sql, sizeof(sql), "ANALYZE %s", f->child->table);
		err = db_run(db, sql, NO_ARGS);
	}
	return err;
}

static int run_batches(struct import_run *run)
{
	int64_t grown = GROWTH_FIRST;
	struct piece p = { .run = run, .ended = json_array() };
	int err = 0;
	while (!err) {
		int made = import_batch(run);
		err = end_piece(&p);
		if (!err && run->counts[FATE_NEW] >= grown) {
			err = store_write(run->desk->store, STORE_BATCH, tell_growth, run);
			grown *= 4;
		}
		tell_progress(run);
		err = err ? err : made;
		if (!err)
			err = wanted(run);
		if (err || run->hand->n == 0)
			break;
		err = begin_piece(&p);
	}
	json_decref(p.ended);
	return err;
}

static int close_refused(struct import_run *run)
{
	struct refused *refused = TAKE(run->refused);
	const char *dot = strrchr(run->row.file_name, '.');
	bool xlsx = dot && strcasecmp(dot, ".xlsx") == 0;
	return refused_close(refused, &run->plan, xlsx ? SHEET_XLSX : SHEET_CSV, run->labels, run->n_labels);
}

static int keep_counts(struct db *db, void *arg)
{
	struct import_run *run = arg;
	json_t *counts = import_counts(run), *changes = json_object();
	CLEANUP(mem_freep) char *text = js_print(counts);
	struct faults faults = { .n = 0 };
	const struct change change = { .db = db,
		.ids = &run->desk->ids,
		.now_ms = clock_wall_ms(),
		.actor = &run->job->actor,
		.faults = &faults };
	json_object_set_new(changes, "file", json_pack("[n, s]", run->row.file_name));
	json_object_set_new(changes, "counts", json_pack("[n, O]", counts));
	json_decref(counts);
	int err = db_run(db, "UPDATE import SET counts = $2, total = $3, updated = $4 WHERE id = $1",
		ARGS(V_INT(run->row.id), V_Z(text), V_INT(run->dry ? run->rows : run->row.total),
			V_INT(change.now_ms)));
	if (!err && !run->dry)
		err = model_audit(&change, "import", run->res->name, 0, changes);
	json_decref(changes);
	return err;
}

static int work(struct job_run *job, bool dry)
{
	struct import_run *run = mem_alloc(sizeof(*run));
	int err = import_begin(run, job, dry);
	bool begun = !err;
	if (!err)
		err = wanted(run);
	if (!err)
		err = dry ? check_batches(run) : run_batches(run);
	if (begun && err != -E_CLOSED) {
		int closed = close_refused(run);
		int kept = store_write(run->desk->store, STORE_PEOPLE, keep_counts, run);
		tell_progress(run);
		err = err ? err : closed ? closed : kept;
	}
	import_finish(run);
	free(run);
	return err;
}

static int run_check(struct job_run *job)
{
	return work(job, true);
}

static int run_import(struct job_run *job)
{
	return work(job, false);
}

static int set_state(struct db *db, const json_t *params, const char *state, int64_t now_ms)
{
	return db_run(db,
		"UPDATE import SET phase = $2, updated = $3, version = version + 1,"
		" message = (SELECT j.message FROM job j WHERE j.id = import.job) WHERE id = $1",
		ARGS(V_INT(js_id(params, "import")), V_Z(state), V_INT(now_ms)));
}

/* A check that was cancelled leaves the mapping as it was. */
static int check_ended(struct db *db, const json_t *params, const char *state, int64_t now_ms)
{
	bool done = strcmp(state, "done") == 0, cancelled = strcmp(state, "cancelled") == 0;
	return set_state(db, params, done ? "checked" : cancelled ? "mapped" : "failed", now_ms);
}

const struct job_kind import_check_job = {
	.name = "import_check", .run = run_check, .ended = check_ended, .resumes = true
};
const struct job_kind import_run_job = {
	.name = "import", .run = run_import, .ended = set_state, .writes = true, .resumes = true
};
