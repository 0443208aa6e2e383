#include "model_fix.h"

#include "base/clock.h"
#include "base/js.h"
#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct actor fix_admin = { .user = 1, .name = "admin", .address = "127.0.0.1", .rights = rights_all };

int model_setup(void **state)
{
	struct model_fix *fix = mem_alloc(sizeof(*fix));
	struct fault fault = { 0 };
	place_make(&fix->place);
	int err = store_open(
		&(struct store_options){ .path = fix->place.path, .readers = 2 }, &fix->store, &fault);
	if (err)
		print_error("%s\n", fault.text);
	assert_int_equal(err, 0);
	sample_make_tables(fix);
	*state = fix;
	return 0;
}

const struct resource *fix_resource(size_t i)
{
	return i < resources_n ? resources[i] : i == resources_n ? &sample_resource : NULL;
}

int model_teardown(void **state)
{
	struct model_fix *fix = *state;
	store_close(fix->store);
	place_remove(&fix->place);
	free(fix);
	return 0;
}

static json_t *sample_text(struct model_fix *fix, const struct field *f)
{
	int n = ++fix->serial;
	if (f->check == check_digits)
		return json_sprintf("8%03d", n);
	if (strcmp(f->name, "right") == 0)
		return json_string(n % 2 ? "interaction.read" : "recording.read");
	if (f->check == check_cidrs)
		return json_string("127.0.0.0/8, 2001:db8::1");
	if (f->check == check_host_port)
		return json_string("127.0.0.1:5060");
	if (f->type == FT_PHONE)
		return json_sprintf("+861380013%04d", n);
	if (strcmp(f->name, "identity") == 0)
		return json_string("11010519491231002X");
	if (f->check == check_mail)
		return json_sprintf("who%d@mail.example", n);
	if (f->check == check_region)
		return json_string("US");
	if (f->check == check_ascii)
		return json_sprintf("pass%d word", n);
	if (f->check == check_pop_url)
		return json_sprintf("https://crm.example/%d?n={number}", n);
	if (f->check == check_path)
		return json_string("prompts/a.wav");
	return f->check == check_word || f->check == check_name ? json_sprintf("w%d", n)
								: json_sprintf("样本 %05d", n);
}

static json_t *sample(struct model_fix *fix, const struct field *f);

static json_t *sample_list(struct model_fix *fix, const struct field *f)
{
	json_t *list = json_array();
	for (int n = 0; n < 2; n++) {
		json_t *item = json_object();
		for (size_t i = 0; i < f->child->n_fields; i++)
			json_object_set_new(
				item, f->child->fields[i].name, sample(fix, &f->child->fields[i]));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *sample_ref(struct model_fix *fix, const struct field *f)
{
	int64_t id = 0;
	const struct resource *target = resource_of_name(f->ref);
	for (size_t i = 0; i < fix->depth; i++)
		if (fix->inside[i] == target)
			return json_null(); /* one that names its own kind: one of them is enough */
	assert_true(fix->depth < ARRAY_LEN(fix->inside));
	fix->inside[fix->depth++] = target;
	assert_int_equal(fix_create(fix, target, fix_body(fix, target), &id), 0);
	fix->depth--;
	return json_sprintf("%lld", (long long)id);
}

json_t *fix_file(struct model_fix *fix, const char *type, int64_t bytes, int64_t user)
{
	int n = ++fix->serial;
	CLEANUP(mem_freep)
	char *sql =
		mem_printf("INSERT INTO file (id, version, created, updated, token, name, type, bytes,"
			   " uploader, released) VALUES (%d, 1, 1, 1, 't%d', 'a %d', '%s', %lld, %lld, 1)",
			n, n, n, type, (long long)bytes, (long long)user);
	assert_int_equal(fix_sql(fix, sql), 0);
	return json_sprintf("%d", n);
}

static json_t *sample_file(struct model_fix *fix, const struct field *f)
{
	char type[64];
	struct str accept = str_from(f->accept ? f->accept : "text/plain");
	assert_int_equal(str_copy(str_cut(&accept, ' '), type, sizeof(type)), 0);
	return fix_file(fix, type, 5, fix_admin.user);
}

static json_t *sample_figure(struct model_fix *fix, const struct field *f)
{
	int64_t n = f->max ? f->min + ++fix->serial % (f->max - f->min) : ++fix->serial;
	return f->type == FT_NUM ? json_real((double)n / pow(10, f->digits)) : json_integer(n);
}

static json_t *sample_day(struct model_fix *fix, const struct field *f)
{
	int day = 1 + ++fix->serial % 28;
	return f->type == FT_DATE ? json_sprintf("2024-02-%02d", day)
				  : json_sprintf("2026-11-%02dT10:20:30.456Z", day);
}

/* What goes without where another field says it. */
static bool is_left_out(const struct field *f)
{
	return strcmp(f->name, "set") == 0 || strcmp(f->name, "site") == 0 || strcmp(f->name, "user") == 0;
}

static json_t *sample_json(const struct field *f)
{
	if (!f->check)
		return json_pack("{s:[s]}", "tier", "gold");
	return json_pack("{s:s, s:{s:{s:s}}}", "start", "end", "nodes", "end", "type", "hangup");
}

static json_t *sample_of_type(struct model_fix *fix, const struct field *f)
{
	switch (f->type) {
	case FT_INT:
	case FT_MONEY:
	case FT_NUM:
	case FT_MS:
		return sample_figure(fix, f);
	case FT_BOOL:
		return json_true();
	case FT_FILE:
		return sample_file(fix, f);
	case FT_CHOICES:
		return json_pack("[s, s]", f->choices[0].value, f->choices[1].value);
	case FT_TIME:
	case FT_DATE:
		return sample_day(fix, f);
	case FT_I18N:
		return json_pack(
			"{s:o, s:s}", "zh-CN", json_sprintf("标题 %d", ++fix->serial), "en", "title");
	case FT_ENUM:
		return json_string(f->choices[0].value);
	case FT_REF:
		return sample_ref(fix, f);
	case FT_JSON:
		return sample_json(f);
	case FT_LIST:
		return sample_list(fix, f);
	default:
		return sample_text(fix, f);
	}
}

static json_t *sample(struct model_fix *fix, const struct field *f)
{
	if (f->type == FT_STR && strcmp(f->name, "resource") == 0) /* of a view */
		return json_string("customers");
	return is_left_out(f) ? json_null() : sample_of_type(fix, f);
}

/* What does not go with a text, which is the first of the types. */
static void make_fit(json_t *body, const struct resource *res)
{
	static const char *const unfit[] = { "choices", "digits", "min", "max", "masked" };
	if (strcmp(res->name, "custom_field") == 0)
		for (size_t i = 0; i < ARRAY_LEN(unfit); i++)
			json_object_del(body, unfit[i]);
}

json_t *fix_body(struct model_fix *fix, const struct resource *res)
{
	json_t *body = json_object();
	for (size_t i = 0; i < res->n_fields; i++)
		if (!(res->fields[i].flags & F_READONLY))
			json_object_set_new(body, res->fields[i].name, sample(fix, &res->fields[i]));
	make_fit(body, res);
	return body;
}

struct work {
	struct model_fix *fix;
	const struct resource *res;
	json_t *draft;
	int64_t id, version;
	enum { CREATE, UPDATE, DELETE, RESTORE, MOVE } what;
	const char *action;
};

static int run(struct db *db, void *arg)
{
	struct work *w = arg;
	struct change change = { .db = db,
		.ids = &w->fix->ids,
		.now_ms = clock_wall_ms(),
		.actor = &fix_admin,
		.faults = &w->fix->faults };
	if (w->what == CREATE)
		return model_create(&change, w->res, w->draft, &w->id);
	if (w->what == UPDATE)
		return model_update(&change, w->res, w->id, w->version, w->draft);
	if (w->what == DELETE)
		return model_delete(&change, w->res, w->id, w->version);
	if (w->what == RESTORE)
		return model_restore(&change, w->res, w->id, w->version);
	return model_move(&change, w->res, w->id, w->version, w->action);
}

int fix_create(struct model_fix *fix, const struct resource *res, json_t *body, int64_t *ret_id)
{
	json_t *draft = NULL;
	struct work w = { .fix = fix, .res = res, .what = CREATE };
	int err = model_draft(res, body, true, &draft, &fix->faults);
	w.draft = draft;
	if (!err)
		err = store_write(fix->store, STORE_PEOPLE, run, &w);
	if (!err && ret_id)
		*ret_id = w.id;
	json_decref(draft);
	json_decref(body);
	return err;
}

int fix_update(struct model_fix *fix, const struct resource *res, int64_t id, int64_t version, json_t *body)
{
	json_t *draft = NULL;
	int err = model_draft(res, body, false, &draft, &fix->faults);
	struct work w = {
		.fix = fix, .res = res, .draft = draft, .id = id, .version = version, .what = UPDATE
	};
	if (!err)
		err = store_write(fix->store, STORE_PEOPLE, run, &w);
	json_decref(draft);
	json_decref(body);
	return err;
}

int fix_delete(struct model_fix *fix, const struct resource *res, int64_t id, int64_t version)
{
	struct work w = {
		.fix = fix, .res = res, .draft = NULL, .id = id, .version = version, .what = DELETE
	};
	fix->faults.n = 0;
	return store_write(fix->store, STORE_PEOPLE, run, &w);
}

int fix_restore(struct model_fix *fix, const struct resource *res, int64_t id)
{
	struct work w = { .fix = fix, .res = res, .draft = NULL, .id = id, .version = 0, .what = RESTORE };
	fix->faults.n = 0;
	return store_write(fix->store, STORE_PEOPLE, run, &w);
}

int fix_move(struct model_fix *fix, const struct resource *res, int64_t id, const char *action)
{
	struct work w = { .fix = fix, .res = res, .id = id, .what = MOVE, .action = action };
	fix->faults.n = 0;
	return store_write(fix->store, STORE_PEOPLE, run, &w);
}

json_t *fix_get(struct model_fix *fix, const struct resource *res, int64_t id)
{
	json_t *record = NULL;
	struct db *db = store_reader(fix->store);
	int err = model_get(db, res, &fix_admin, id, &record);
	store_reader_return(fix->store, db);
	return err ? NULL : record;
}

json_t *fix_list(struct model_fix *fix, const struct resource *res, const struct actor *actor, ...)
{
	struct param params[16];
	struct list_query query = { .params = params };
	char *texts[16];
	json_t *page = NULL;
	va_list args;
	va_start(args, actor);
	for (const char *pair; (pair = va_arg(args, const char *)) != NULL; query.n_params++) {
		struct str rest = str_from(pair);
		struct str name = str_cut(&rest, '=');
		texts[query.n_params] = str_dup(name);
		params[query.n_params] = (struct param){ texts[query.n_params], rest.p };
	}
	va_end(args);
	struct db *db = store_reader(fix->store);
	int err = model_list(db, res, actor, &query, &page, &fix->faults);
	store_reader_return(fix->store, db);
	for (size_t i = 0; i < query.n_params; i++)
		free(texts[i]);
	return err ? NULL : page;
}

int64_t fix_user(struct model_fix *fix, const char *name, int64_t agent, const char *right, const char *scope)
{
	int64_t role = 0, user = 0;
	json_t *body =
		json_pack("{s:s, s:[{s:s, s:s}]}", "name", name, "grants", "right", right, "scope", scope);
	assert_int_equal(fix_create(fix, &role_resource, body, &role), 0);
	body = json_pack("{s:s, s:s, s:s, s:[{s:o}]}", "name", name, "full_name", name, "password",
		"long enough", "roles", "role", json_sprintf("%lld", (long long)role));
	js_set_id(body, "agent", agent);
	assert_int_equal(fix_create(fix, &user_resource, body, &user), 0);
	return user;
}

int64_t fix_count(struct model_fix *fix, const char *sql)
{
	int64_t n = -1;
	struct db *db = store_reader(fix->store);
	assert_int_equal(db_one_int(db, sql, NO_ARGS, &n), 0);
	store_reader_return(fix->store, db);
	return n;
}

static int run_sql(struct db *db, void *arg)
{
	return db_run(db, arg, NO_ARGS);
}

int fix_sql(struct model_fix *fix, const char *sql)
{
	return store_write(fix->store, STORE_PEOPLE, run_sql, (void *)(uintptr_t)sql);
}

bool fix_names(const struct faults *faults, const char *field, const char *code)
{
	for (size_t i = 0; i < faults->n; i++)
		if (strncmp(faults->list[i].field, field, strlen(field)) == 0 &&
			(!code || strncmp(faults->list[i].code, code, strlen(code)) == 0))
			return true;
	return false;
}

static int into_buf(void *arg, struct str part)
{
	buf_adds(arg, part);
	return 0;
}

void fix_csv(const struct export_plan *plan, const json_t *page, struct buf *out)
{
	const struct sheet_writer_opts opts = { .format = SHEET_CSV, .sink = into_buf, .arg = out };
	struct sheet_writer *writer = NULL;
	buf_init(out, 1 << 16);
	assert_int_equal(sheet_writer_new(&opts, &writer), 0);
	assert_int_equal(model_export_head(plan, writer), 0);
	assert_int_equal(model_export_rows(plan, page, writer), 0);
	assert_int_equal(sheet_writer_end(writer), 0);
}
