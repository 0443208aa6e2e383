/* Rows in batches: each is read into a body, checked as a POST would be, looked for among the records there
 * are and the rows before it, and judged. The check holds one batch, the run two: one is made while the other
 * is written. So a row that changes what a row before it writes cannot be judged yet: it is late. */
#include "desk/import_int.h"

#include "base/mem.h"
#include "desk/duty.h"
#include "model/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROWS_MAX 1000000
#define ARENA_MAX_BYTES ((size_t)64 << 20)

/* A copy of the descriptor that leaves secrets as they are: sealing takes a tenth of a second each. */
static struct resource *unsealed(const struct resource *res)
{
	struct resource *plain = mem_dup(res, sizeof(*res));
	struct field *fields = mem_dup(res->fields, res->n_fields * sizeof(*fields));
	for (size_t i = 0; i < res->n_fields; i++)
		fields[i].seal = NULL;
	plain->fields = fields;
	return plain;
}

static int read_choices(struct db *db, struct import_run *run)
{
	struct rows *rows;
	int err = db_query(
		db, "SELECT n, choice FROM import_choice WHERE parent = $1", ARGS(V_INT(run->row.id)), &rows);
	run->choices = json_object();
	if (err)
		return err;
	while (rows_next(rows)) {
		char n[24];
		struct str choice = rows_str(rows, 1);
		snprintf(n, sizeof(n), "%" PRId64, rows_int(rows, 0));
		json_object_set_new(run->choices, n, json_stringn(choice.p, choice.n));
	}
	return rows_end(rows);
}

/* A job that is taken up goes on with what it had counted. */
static void take_counts(struct import_run *run)
{
	static const char *const names[FATE__MAX] = { "new", "changed", "same", "skipped", "refused" };
	const json_t *counts = run->row.counts;
	bool resumes = !run->dry && run->row.at_row;
	for (int i = 0; i < FATE__MAX && resumes; i++)
		run->counts[i] = js_int(counts, names[i], 0);
	run->rows = run->read = resumes ? js_int(counts, "rows", 0) : 0;
	run->duplicates = resumes ? js_int(counts, "duplicates", 0) : 0;
	json_t *reasons = resumes ? json_object_get(counts, "reasons") : NULL;
	run->reasons = reasons ? json_deep_copy(reasons) : json_object();
}

static int read_import(struct import_run *run)
{
	struct faults faults = { .n = 0 };
	char currency[4];
	int digits = 2;
	struct db *db = store_reader(run->desk->store);
	int err = import_read(
		db, run->job->actor.catalogue, run->job->arena, js_id(run->job->params, "import"), &run->row);
	if (!err)
		err = model_currency(db, currency, &digits);
	if (!err)
		err = read_choices(db, run);
	store_reader_return(run->desk->store, db);
	if (!err)
		err = import_plan_read(run->row.res, run->row.plan, &run->plan, &faults);
	if (err)
		return err;
	run->plain = run->dry ? unsealed(run->row.res) : NULL;
	run->res = run->dry ? run->plain : run->row.res;
	run->n_all_keys = match_keys(run->row.res, run->all_keys);
	const struct intake_opts opts = {
		.res = run->row.res,
		.actor = &run->job->actor,
		.columns = run->plan.columns,
		.n_columns = run->plan.n_columns,
		.language = run->plan.language,
		.offset_min = run->plan.offset_min,
		.money_digits = digits,
	};
	run->intake = intake_new(&opts);
	return 0;
}

/* The first row names the columns: it stands in the file of refused rows too. */
static void take_labels(struct import_run *run)
{
	struct sheet_row row;
	if (!run->plan.head || !sheet_next(run->reader, &row))
		return;
	run->labels = mem_array(row.n_cells, sizeof(*run->labels));
	run->n_labels = row.n_cells;
	for (size_t i = 0; i < row.n_cells; i++)
		run->labels[i] = (struct str){ str_dup(row.cells[i].text), row.cells[i].text.n };
}

static int fail_of_file(struct import_run *run, int err, const struct fault *fault)
{
	if (err == -E_INVALID)
		snprintf(run->job->message, sizeof(run->job->message), "%s", fault->code);
	return err;
}

int import_begin(struct import_run *run, struct job_run *job, bool dry)
{
	struct fault fault = { .code = "" };
	*run = (struct import_run){
		.job = job, .desk = job->desk, .dry = dry, .pace = dry ? BATCH_MAX : 100, .fd = -1
	};
	for (size_t i = 0; i < ARRAY_LEN(run->batches); i++)
		run->batches[i].arena = arena_new(ARENA_MAX_BYTES);
	run->hand = &run->batches[0];
	run->seen = seen_new();
	int err = read_import(run);
	if (err)
		return err;
	take_counts(run);
	err = import_open(run->desk, &run->row, &run->plan, &run->fd, &run->reader, &fault);
	if (err) {
		run->fd = -1;
		return fail_of_file(run, err, &fault);
	}
	take_labels(run);
	bool resumes = !dry && run->row.at_row > 0;
	return refused_open(run->desk, run->row.id, resumes, run->row.at_row, &run->refused);
}

static void batch_reset(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		json_decref(b->items[i].body);
		json_decref(b->items[i].draft);
		json_decref(b->items[i].change);
	}
	b->n = 0;
	arena_reset(b->arena);
}

void import_finish(struct import_run *run)
{
	for (size_t i = 0; i < ARRAY_LEN(run->batches) && run->batches[i].arena; i++) {
		batch_reset(&run->batches[i]);
		arena_free(run->batches[i].arena);
	}
	if (run->reader && sheet_reader_close(run->reader, NULL))
		run->reader = NULL; /* whoever read to its end knows why */
	if (run->fd >= 0)
		close(run->fd);
	for (size_t i = 0; i < run->n_labels; i++)
		free((char *)run->labels[i].p);
	free(run->labels);
	refused_drop(run->refused);
	intake_free(run->intake);
	seen_free(run->seen);
	import_done(&run->row);
	json_decref(run->choices);
	json_decref(run->reasons);
	if (run->plain)
		free((struct field *)run->plain->fields);
	free(run->plain);
}

void import_refuse(struct batch *b, struct item *item, int column, const struct fault *fault)
{
	if (!item->faults)
		item->faults = arena_alloc(b->arena, sizeof(*item->faults));
	if (item->faults->n < INTAKE_FAULTS_MAX)
		item->faults->list[item->faults->n++] = (struct intake_fault){ column, *fault };
	item->fate = FATE_REFUSED;
}

static int copy_row(struct batch *b, const struct sheet_row *row, struct item *item)
{
	*item = (struct item){ .n = row->n, .n_cells = row->n_cells };
	item->cells = arena_try(b->arena, row->n_cells * sizeof(*item->cells));
	if (!item->cells)
		return -E_LIMIT;
	for (size_t i = 0; i < row->n_cells; i++) {
		item->cells[i] = arena_str(b->arena, row->cells[i].text);
		if (row->cells[i].text.n && !item->cells[i].p)
			return -E_LIMIT;
	}
	return 0;
}

/* A body of a change: what may be set only once stays out of it. */
static json_t *for_update(const struct resource *res, const json_t *body)
{
	json_t *copy = json_copy((json_t *)body);
	for (size_t i = 0; i < res->n_fields; i++)
		if (res->fields[i].flags & F_CREATE_ONLY)
			json_object_del(copy, res->fields[i].name);
	return copy;
}

static bool all_wanting(const struct faults *faults, const json_t *body)
{
	for (size_t i = 0; i < faults->n; i++)
		if (strcmp(faults->list[i].code, "required") != 0 ||
			json_object_get(body, faults->list[i].field))
			return false;
	return true;
}

/* What was typed for a record that is there (0: for a new one) keeps to the rules, as passwords do. */
static int check_typed(
	struct import_run *run, struct db *db, struct batch *b, struct item *item, int64_t record)
{
	struct faults faults = { .n = 0 };
	const struct duty *duty = duty_of(run->row.res);
	if (!duty->check)
		return 0;
	int err = duty->check(db, record, item->body, &faults);
	if (err != -E_INVALID)
		return err;
	if (!item->faults || item->wanting)
		item->faults = arena_alloc(b->arena, sizeof(*item->faults));
	item->wanting = NULL;
	intake_blame(run->intake, &faults, item->faults);
	item->fate = FATE_REFUSED;
	return 0;
}

/* A row that lacks what a new record needs may still change one that is there. */
static int draft_item(struct import_run *run, struct item *item)
{
	struct faults faults = { .n = 0 }, more = { .n = 0 };
	int err = model_draft(run->res, item->body, true, &item->draft, &faults);
	if (err != -E_INVALID)
		return err;
	item->faults = arena_alloc(run->hand->arena, sizeof(*item->faults));
	intake_blame(run->intake, &faults, item->faults);
	if (!all_wanting(&faults, item->body))
		return 0;
	json_t *body = for_update(run->res, item->body);
	err = model_draft(run->res, body, false, &item->draft, &more);
	json_decref(body);
	item->wanting = err ? NULL : item->faults;
	return err == -E_INVALID ? 0 : err;
}

static int read_item(struct import_run *run, struct db *db, const struct sheet_row *row)
{
	struct batch *b = run->hand;
	struct item *item = &b->items[b->n];
	struct intake_faults faults = { .n = 0 };
	int err = copy_row(b, row, item);
	if (err)
		return err;
	b->n++;
	run->read++;
	err = intake_body(run->intake, db, row, &item->body, &faults);
	if (err == -E_INVALID) {
		item->faults = arena_alloc(b->arena, sizeof(faults));
		*item->faults = faults;
		return 0;
	}
	if (!err)
		err = draft_item(run, item);
	return err ? err : check_typed(run, db, b, item, 0);
}

static struct str text_of(const json_t *value, char number[24])
{
	if (json_is_string(value))
		return (struct str){ json_string_value(value), json_string_length(value) };
	snprintf(number, 24, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return str_from(number);
}

/* The row of this file that had one of these values first. */
static int64_t twin_of(struct import_run *run, const struct item *item)
{
	int64_t twin = 0;
	for (size_t k = 0; k < run->plan.n_keys && !twin; k++) {
		json_t *values = json_array(), *value;
		size_t i;
		match_values(&run->plan.keys[k], item->draft, values);
		json_array_foreach (values, i, value) {
			char number[24];
			struct str text = text_of(value, number);
			int64_t row = seen_find(run->seen, k, text);
			twin = twin ? twin : row;
		}
		json_decref(values);
	}
	return twin;
}

static void note(struct import_run *run, const struct item *item)
{
	for (size_t k = 0; k < run->plan.n_keys; k++) {
		json_t *values = json_array(), *value;
		size_t i;
		match_values(&run->plan.keys[k], item->draft, values);
		json_array_foreach (values, i, value) {
			char number[24];
			seen_add(run->seen, k, text_of(value, number), item->n);
		}
		json_decref(values);
	}
}

static enum import_choice choice_of(const struct import_run *run, const struct item *item)
{
	char n[24];
	snprintf(n, sizeof(n), "%" PRId64, item->n);
	const char *own = json_string_value(json_object_get(run->choices, n));
	return own ? import_choice_of(own) : run->plan.duplicates;
}

static bool is_good(const struct item *item)
{
	return item->draft && item->faults == item->wanting;
}

/* The next of the file; at its end run->ended, and what the reader has to say. */
static int next_row(struct import_run *run, struct sheet_row *ret_row)
{
	struct fault fault = { .code = "" };
	if (sheet_next(run->reader, ret_row))
		return 0;
	run->ended = true;
	int err = sheet_reader_close(TAKE(run->reader), &fault);
	return err ? fail_of_file(run, err, &fault) : 0;
}

static int read_rows(struct import_run *run, struct db *db)
{
	struct batch *b = run->hand;
	struct sheet_row row;
	int err = 0;
	while (b->n < run->pace && !run->ended && !err) {
		err = next_row(run, &row);
		if (err || run->ended)
			break;
		if (!run->dry && row.n <= run->row.at_row)
			continue;
		if (run->read >= ROWS_MAX) {
			snprintf(run->job->message, sizeof(run->job->message), "file_rows");
			return -E_LIMIT;
		}
		err = read_item(run, db, &row);
		struct item *item = &b->items[b->n - 1];
		if (!err && is_good(item)) {
			item->twin = twin_of(run, item);
			note(run, item);
		}
	}
	return err;
}

/* The values of all rows of the batch for one key, and whose each is. */
static json_t *values_of_batch(const struct batch *b, const struct match_key *key, size_t *owners, size_t max)
{
	json_t *values = json_array();
	size_t known = 0;
	for (size_t i = 0; i < b->n; i++) {
		if (is_good(&b->items[i]))
			match_values(key, b->items[i].draft, values);
		for (; known < json_array_size(values) && known < max; known++)
			owners[known] = i;
	}
	while (json_array_size(values) > max)
		json_array_remove(values, json_array_size(values) - 1);
	return values;
}

typedef void (*found_fn)(struct import_run *run, struct item *item, const struct match_key *key, int64_t id);

static int match_batch(struct import_run *run, struct db *db, const struct match_key *key,
	const struct actor *actor, found_fn found)
{
	size_t max = BATCH_MAX * 8;
	size_t *owners = mem_array(max, sizeof(*owners));
	int64_t *ids = mem_array(max, sizeof(*ids));
	json_t *values = values_of_batch(run->hand, key, owners, max);
	int err = match_find(db, run->row.res, key, actor, values, ids);
	for (size_t i = 0; i < json_array_size(values) && !err; i++)
		if (ids[i])
			found(run, &run->hand->items[owners[i]], key, ids[i]);
	json_decref(values);
	free(owners);
	free(ids);
	return err;
}

static void on_match(struct import_run *run, struct item *item, const struct match_key *key, int64_t id)
{
	(void)run;
	(void)key;
	if (!item->match)
		item->match = id;
}

/* What only one record may have is another's. */
static void on_taken(struct import_run *run, struct item *item, const struct match_key *key, int64_t id)
{
	struct fault fault = { .code = "" };
	bool changes = item->match && choice_of(run, item) == IMPORT_UPDATE;
	bool skipped = (item->match || item->twin) && choice_of(run, item) == IMPORT_SKIP;
	if (skipped || (changes && item->match == id))
		return;
	struct faults one = { .n = 1 };
	(void)fault_set(&fault, "taken", key->field->name, "is in use already");
	one.list[0] = fault;
	if (!item->faults)
		item->faults = arena_alloc(run->hand->arena, sizeof(*item->faults));
	item->wanting = NULL;
	intake_blame(run->intake, &one, item->faults);
}

static int match_all(struct import_run *run, struct db *db)
{
	int err = 0;
	for (size_t k = 0; k < run->plan.n_keys && !err; k++)
		err = match_batch(run, db, &run->plan.keys[k], &run->job->actor, on_match);
	for (size_t k = 0; k < run->n_all_keys && !err && run->dry; k++)
		if (match_is_unique(&run->all_keys[k]))
			err = match_batch(run, db, &run->all_keys[k], NULL, on_taken);
	return err;
}

/* The elements that are there, each by its id, with what the row says of those that it names, and behind them
 * the new. */
static json_t *merged_list(const struct field *f, const json_t *there, const json_t *given)
{
	json_t *merged = json_array(), *old, *one;
	const char *first = f->child->fields[0].name;
	size_t i, k;
	json_array_foreach ((json_t *)there, i, old) {
		json_t *kept = json_object();
		json_object_set(kept, "id", json_object_get(old, "id"));
		json_array_foreach ((json_t *)given, k, one)
			if (json_equal(json_object_get(one, first), json_object_get(old, first)))
				json_object_update(kept, one);
		json_array_append_new(merged, kept);
	}
	json_array_foreach ((json_t *)given, k, one) {
		bool known = false;
		json_array_foreach ((json_t *)there, i, old)
			known |= json_equal(json_object_get(one, first), json_object_get(old, first));
		if (!known)
			json_array_append(merged, one);
	}
	return merged;
}

static bool list_differs(const json_t *there, const json_t *wanted)
{
	size_t i;
	json_t *one, *value;
	const char *name;
	if (json_array_size(there) != json_array_size(wanted))
		return true;
	json_array_foreach ((json_t *)wanted, i, one)
		json_object_foreach (one, name, value)
			if (!json_equal(value, json_object_get(json_array_get(there, i), name)))
				return true;
	return false;
}

static bool differs(const struct resource *res, const json_t *record, const json_t *draft)
{
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		const json_t *wanted = json_object_get(draft, f->name),
			     *there = json_object_get(record, f->name);
		if (!wanted)
			continue;
		if (f->type == FT_SECRET ||
			(f->type == FT_LIST ? list_differs(there, wanted) : !json_equal(wanted, there)))
			return true;
	}
	return false;
}

/* The draft of a row in the form in which lists name their elements: checked values, so that they compare. */
static int draft_change(struct import_run *run, struct batch *b, struct item *item, const json_t *record)
{
	struct faults faults = { .n = 0 };
	json_t *body = for_update(run->res, item->body);
	for (size_t i = 0; i < run->res->n_fields; i++) {
		const struct field *f = &run->res->fields[i];
		const json_t *given = json_object_get(body, f->name);
		if (f->type == FT_LIST && given)
			json_object_set_new(body, f->name,
				merged_list(f, json_object_get(record, f->name),
					json_object_get(item->draft, f->name)));
	}
	json_decref(item->change);
	item->change = NULL;
	int err = model_draft(run->res, body, false, &item->change, &faults);
	json_decref(body);
	if (err != -E_INVALID)
		return err;
	item->faults = arena_alloc(b->arena, sizeof(*item->faults));
	intake_blame(run->intake, &faults, item->faults);
	item->fate = FATE_REFUSED;
	return 0;
}

static int judge_change(struct import_run *run, struct db *db, struct batch *b, struct item *item)
{
	json_t *record = NULL;
	struct fault fault = { .code = "" };
	int err = record_read(
		db, run->row.res, item->match, &record); /* in clear: what is masked would differ */
	if (err == -E_NOT_FOUND) {
		(void)fault_set(&fault, "not_found", "", "the record is gone");
		import_refuse(b, item, INTAKE_NO_COLUMN, &fault);
		return 0;
	}
	if (err)
		return err;
	item->faults = NULL;
	item->fate = FATE_CHANGED;
	err = draft_change(run, b, item, record);
	if (!err)
		err = check_typed(run, db, b, item, item->match);
	if (!err && item->fate == FATE_CHANGED && !differs(run->res, record, item->change))
		item->fate = FATE_SAME;
	json_decref(record);
	return err;
}

/* The resource's own rules, which else only the writer would ask. */
static int ask_rules(struct import_run *run, struct db *db, struct batch *b, struct item *item)
{
	struct faults faults = { .n = 0 };
	if (!run->dry || !run->res->check || item->fate != FATE_NEW)
		return 0;
	int err = run->res->check(db, NULL, item->draft, &faults);
	if (faults.n == 0)
		return err == -E_INVALID ? 0 : err;
	item->faults = arena_alloc(b->arena, sizeof(*item->faults));
	intake_blame(run->intake, &faults, item->faults);
	item->fate = FATE_REFUSED;
	return 0;
}

static int judge(struct import_run *run, struct db *db, struct batch *b, struct item *item)
{
	enum import_choice choice = choice_of(run, item);
	if (!is_good(item)) {
		item->fate = FATE_REFUSED;
		return 0;
	}
	item->known = item->match || item->twin;
	if (item->known && choice == IMPORT_SKIP) {
		item->fate = FATE_SKIPPED;
		return 0;
	}
	if (item->match && choice == IMPORT_UPDATE)
		return judge_change(run, db, b, item);
	if (item->known && choice == IMPORT_UPDATE) {
		item->fate = FATE_CHANGED;
		return 0;
	}
	item->fate = item->faults ? FATE_REFUSED : FATE_NEW;
	return ask_rules(run, db, b, item);
}

static bool is_among(const struct item *items, size_t n, int64_t match)
{
	for (size_t i = 0; i < n; i++)
		if (items[i].match == match)
			return true;
	return false;
}

/* Whether a row before it, of this batch or of the one that is being written, may be about its record. */
static bool is_late(const struct import_run *run, const struct item *item)
{
	const struct batch *b = run->hand, *flight = run->flight;
	int64_t first = flight ? flight->items[0].n : b->items[0].n;
	if (run->dry || !is_good(item) || choice_of(run, item) != IMPORT_UPDATE)
		return false;
	if (item->twin >= first && item->twin)
		return true;
	return item->match &&
		(is_among(b->items, (size_t)(item - b->items), item->match) ||
			(flight && is_among(flight->items, flight->n, item->match)));
}

int import_batch(struct import_run *run)
{
	struct batch *b = run->hand;
	batch_reset(b);
	struct db *db = store_reader(run->desk->store);
	int err = read_rows(run, db);
	if (!err)
		err = match_all(run, db);
	for (size_t i = 0; i < b->n && !err; i++) {
		b->items[i].late = is_late(run, &b->items[i]);
		if (!b->items[i].late)
			err = judge(run, db, b, &b->items[i]);
	}
	store_reader_return(run->desk->store, db);
	return err;
}

/* One whose row before it was refused is the first of its kind. */
int import_judge_late(struct import_run *run, struct db *db, struct batch *b, struct item *item)
{
	int err = 0;
	item->match = item->twin = 0;
	item->faults = item->wanting;
	for (size_t k = 0; k < run->plan.n_keys && !err && !item->match; k++) {
		json_t *values = json_array();
		match_values(&run->plan.keys[k], item->draft, values);
		int64_t *ids = mem_array(json_array_size(values) + 1, sizeof(*ids));
		err = match_find(db, run->row.res, &run->plan.keys[k], &run->job->actor, values, ids);
		for (size_t i = 0; i < json_array_size(values) && !err && !item->match; i++)
			item->match = ids[i];
		free(ids);
		json_decref(values);
	}
	return err ? err : judge(run, db, b, item);
}

static void count_reasons(struct import_run *run, const struct item *item)
{
	for (size_t i = 0; item->faults && i < item->faults->n; i++) {
		const char *code = item->faults->list[i].fault.code;
		json_int_t n = json_integer_value(json_object_get(run->reasons, code));
		json_object_set_new(run->reasons, code, json_integer(n + 1));
	}
}

int import_count(struct import_run *run, const struct batch *b)
{
	static const struct intake_faults none = { .n = 0 };
	int err = 0;
	for (size_t i = 0; i < b->n && !err; i++) {
		const struct item *item = &b->items[i];
		run->counts[item->fate]++;
		run->duplicates += item->known;
		if (item->fate != FATE_REFUSED)
			continue;
		count_reasons(run, item);
		err = refused_add(run->refused, item->n, item->cells, item->n_cells,
			item->faults ? item->faults : &none);
	}
	run->rows += (int64_t)b->n;
	return err;
}

json_t *import_counts(const struct import_run *run)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:O}", "rows", (json_int_t)run->rows, "new",
		(json_int_t)run->counts[FATE_NEW], "changed", (json_int_t)run->counts[FATE_CHANGED], "same",
		(json_int_t)run->counts[FATE_SAME], "skipped", (json_int_t)run->counts[FATE_SKIPPED],
		"duplicates", (json_int_t)run->duplicates, "refused", (json_int_t)run->counts[FATE_REFUSED],
		"reasons", run->reasons);
}
