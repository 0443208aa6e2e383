/* One suite run over every descriptor: what can be said of all resources without knowing any of them. */
#include "model_fix.h"

#include "base/js.h"
#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_writable(const struct resource *res)
{
	return res->can & RES_CREATE;
}

#define EACH_WRITABLE(res)                                                                                   \
	for (size_t i_ = 0; fix_resource(i_); i_++)                                                          \
		for (const struct resource *res = fix_resource(i_); res && is_writable(res); res = NULL)

static void test_tables_are_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < resources_n; i++) {
		const struct resource *res = resources[i];
		assert_ptr_equal(resource_of_name(res->name), res);
		assert_ptr_equal(resource_of_plural(str_from(res->plural)), res);
		assert_non_null(resource_field(res, str_from(res->title)));
		assert_non_null(resource_field(res, str_from(res->sort + (*res->sort == '-'))));
		assert_non_null(res->label.zh);
		assert_non_null(res->labels.en);
		for (size_t k = 0; k < res->n_fields; k++) {
			const struct field *f = &res->fields[k];
			assert_ptr_equal(resource_field(res, str_from(f->name)), f);
			assert_non_null(f->label.zh);
			assert_non_null(f->label.en);
			assert_true(f->type != FT_REF || resource_of_name(f->ref));
			assert_true(f->type != FT_ENUM || f->choices);
			assert_true((f->type == FT_LIST) == (f->child != NULL));
			assert_false(f->type == FT_SECRET && f->flags & (F_COLUMN | F_SEARCH));
		}
	}
}

static void assert_right_label(const char *name, const char *zh)
{
	json_t *all = rights_json(), *right;
	const char *label = "";
	size_t i;
	json_array_foreach (all, i, right)
		if (strcmp(js_str(right, "name", ""), name) == 0)
			label = js_str(json_object_get(right, "label"), "zh", "");
	assert_string_equal(label, zh);
	json_decref(all);
}

static void test_each_right_has_a_word(void **state)
{
	(void)state;
	char name[96];
	int n = 0;
	for (int right = 0; right < rights_max(); right++) {
		if (!right_name(right, name, sizeof(name)))
			continue;
		assert_int_equal(right_named(name), right);
		assert_true(right_scopes(right) & SCOPE_ALL);
		n++;
	}
	assert_true(n > 40);
	assert_right_label("api_token.read", "查看 API 密钥");
	assert_int_equal(right_named("queue.read"), -1); /* everybody has it */
	assert_int_equal(right_named("audit.delete"), -1);
	assert_int_equal(right_scopes(right_named("queue.update")), SCOPE_ALL);
	assert_true(right_scopes(right_named("recording.listen")) & SCOPE_TEAMS);
}

static void test_columns_exist(void **state)
{
	for (size_t i = 0; fix_resource(i); i++) {
		json_t *page = fix_list(*state, fix_resource(i), &fix_admin, NULL);
		assert_non_null(page);
		json_decref(page);
	}
}

/* Every field that was sent comes back; a secret never does. */
static void assert_same(const struct resource *res, const json_t *sent, const json_t *got)
{
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		const json_t *value = json_object_get(sent, f->name);
		if (f->type == FT_SECRET) {
			assert_null(json_object_get(got, f->name));
		} else if (f->type == FT_LIST) {
			assert_int_equal(
				json_array_size(json_object_get(got, f->name)), json_array_size(value));
		} else if (value && !json_equal(json_object_get(got, f->name), value)) {
			fail_msg("%s.%s came back different", res->name, f->name);
		}
	}
}

/* So that a user made as administrator may be deleted again. */
static void spare_admin(struct model_fix *fix)
{
	assert_int_equal(fix_create(fix, &user_resource, fix_body(fix, &user_resource), NULL), 0);
}

static void test_create_read_delete(void **state)
{
	struct model_fix *fix = *state;
	spare_admin(fix);
	EACH_WRITABLE(res)
	{
		int64_t id = 0;
		json_t *body = fix_body(fix, res);
		assert_int_equal(fix_create(fix, res, json_incref(body), &id), 0);
		json_t *record = fix_get(fix, res, id);
		assert_non_null(record);
		assert_int_equal(js_id(record, "id"), id);
		assert_int_equal(js_int(record, "version", 0), 1);
		assert_same(res, body, record);
		json_decref(body);
		json_decref(record);
		assert_int_equal(fix_delete(fix, res, id, 2), -E_CONFLICT);
		assert_int_equal(fix_delete(fix, res, id, 1), 0);
		assert_null(fix_get(fix, res, id));
		assert_int_equal(fix_delete(fix, res, id, 0), -E_NOT_FOUND);
	}
}

static void assert_refused(
	struct model_fix *fix, const struct resource *res, const char *field, json_t *value, const char *code)
{
	json_t *body = fix_body(fix, res);
	json_object_set_new(body, field, value);
	assert_int_equal(fix_create(fix, res, body, NULL), -E_INVALID);
	if (!fix_names(&fix->faults, field, code))
		fail_msg("%s.%s was not refused with %s but with %s %s", res->name, field, code,
			fix->faults.list[0].field, fix->faults.list[0].code);
}

static json_t *long_text(int64_t n)
{
	char *text = mem_alloc((size_t)n + 1);
	memset(text, '7', (size_t)n);
	json_t *value = json_string(text);
	free(text);
	return value;
}

static void refuse_text(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_integer(5), "type");
	assert_refused(fix, res, f->name, long_text((f->max ? f->max : 4000) + 1), "too_long");
	if (f->min)
		assert_refused(fix, res, f->name, json_string(""), "too_short");
	if (f->check)
		assert_refused(fix, res, f->name, json_string("/..全"), "format_");
	if (f->type != FT_SECRET)
		assert_refused(fix, res, f->name,
			json_string("line\x01"
				    "end"),
			"format_control");
}

static void refuse_phone(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_integer(10086), "type");
	assert_refused(fix, res, f->name, json_string("abc"), "format_phone");
	assert_refused(fix, res, f->name, json_string("1"), NULL);
	assert_refused(fix, res, f->name, json_string("123456789012345678901234567890"), "format_phone");
}

static void refuse_number(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_string("5"), "type");
	assert_refused(fix, res, f->name, json_real(1.5), "type");
	assert_refused(fix, res, f->name, json_integer(f->min - 1), "range");
	if (f->max)
		assert_refused(fix, res, f->name, json_integer(f->max + 1), "range");
}

static void refuse_decimal(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	double one = pow(10, -f->digits);
	assert_refused(fix, res, f->name, json_string("5"), "type");
	assert_refused(fix, res, f->name, json_real((double)f->min * one + one / 2), "digits");
	assert_refused(fix, res, f->name, json_real((double)f->min * one - one), "range");
	assert_refused(fix, res, f->name, json_real((double)f->max * one + one), "range");
	assert_refused(fix, res, f->name, json_real(1e300), "range");
}

static void refuse_i18n(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_string("x"), "type");
	assert_refused(fix, res, f->name, json_object(), "required");
	assert_refused(fix, res, f->name, json_pack("{s:s}", "fr", "x"), "unknown");
	assert_refused(fix, res, f->name, json_pack("{s:i}", "en", 1), "type");
	assert_refused(fix, res, f->name, json_pack("{s:o}", "en", long_text(f->max + 1)), "too_long");
	assert_string_equal(strchr(fix->faults.list[0].field, '.'), ".en");
}

static void refuse_list(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_object(), "type");
	assert_refused(fix, res, f->name, json_pack("[i]", 1), "type");
	assert_refused(fix, res, f->name, json_pack("[{s:i}]", "nonsense", 1), "unknown");
	for (size_t i = 0; i < f->child->n_fields; i++) {
		if (f->child->fields[i].type != FT_REF)
			continue;
		json_t *body = fix_body(fix, res);
		json_t *items = json_object_get(body, f->name);
		json_array_append(items, json_array_get(items, 0));
		assert_int_equal(fix_create(fix, res, body, NULL), -E_INVALID);
		assert_true(fix_names(&fix->faults, f->name, "taken"));
	}
}

static void refuse_choices(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_string("nonsense"), "type");
	assert_refused(fix, res, f->name, json_pack("[s]", "nonsense"), "choice");
	assert_refused(fix, res, f->name, json_pack("[i]", 1), "choice");
}

static void refuse_time(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_string("2026-02-29"), "type");
	assert_refused(fix, res, f->name, json_string("20261101"), "type");
	assert_refused(fix, res, f->name, json_integer(20261101), "type");
}

static void refuse_bool(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_string("yes"), "type");
}

static void refuse_enum(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_string("nonsense"), "choice");
}

static void refuse_ref(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_string("x"), "type");
	assert_refused(fix, res, f->name, json_string("99"), "not_found");
}

static void refuse_json(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	assert_refused(fix, res, f->name, json_string("x"), "type");
	if (f->check)
		assert_refused(fix, res, f->name, json_object(), NULL);
}

static void refuse_file(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	int64_t max = f->max ? f->max : 10 << 20;
	assert_refused(fix, res, f->name, json_string("x"), "type");
	assert_refused(fix, res, f->name, json_string("99999"), "not_found");
	assert_refused(fix, res, f->name, fix_file(fix, "image/png", 5, fix_admin.user + 1), "not_found");
	assert_refused(fix, res, f->name, fix_file(fix, "image/png", max + 1, fix_admin.user), "too_large");
	if (f->accept)
		assert_refused(
			fix, res, f->name, fix_file(fix, "application/x", 5, fix_admin.user), "file_type");
}

typedef void (*refuse_fn)(struct model_fix *fix, const struct resource *res, const struct field *f);

/* A type that is wanting here ends the suite: its wrong values must be known. */
static const refuse_fn refusals[FT__MAX] = {
	[FT_STR] = refuse_text,
	[FT_TEXT] = refuse_text,
	[FT_SECRET] = refuse_text,
	[FT_INT] = refuse_number,
	[FT_MONEY] = refuse_number,
	[FT_MS] = refuse_number,
	[FT_PHONE] = refuse_phone,
	[FT_NUM] = refuse_decimal,
	[FT_CHOICES] = refuse_choices,
	[FT_TIME] = refuse_time,
	[FT_DATE] = refuse_time,
	[FT_I18N] = refuse_i18n,
	[FT_BOOL] = refuse_bool,
	[FT_ENUM] = refuse_enum,
	[FT_REF] = refuse_ref,
	[FT_JSON] = refuse_json,
	[FT_FILE] = refuse_file,
	[FT_LIST] = refuse_list,
};

static void refuse_field(struct model_fix *fix, const struct resource *res, const struct field *f)
{
	if (f->flags & F_REQUIRED && f->type != FT_LIST)
		assert_refused(fix, res, f->name, json_null(), "required");
	assert_non_null(refusals[f->type]);
	refusals[f->type](fix, res, f);
}

static void test_every_bad_value_names_its_field(void **state)
{
	struct model_fix *fix = *state;
	EACH_WRITABLE(res)
	{
		for (size_t i = 0; i < res->n_fields; i++)
			if (!(res->fields[i].flags & F_READONLY))
				refuse_field(fix, res, &res->fields[i]);
		assert_refused(fix, res, "nonsense", json_integer(1), "unknown");
		assert_refused(fix, res, "version", json_integer(1), "read_only");
	}
}

static void test_unique_fields(void **state)
{
	struct model_fix *fix = *state;
	EACH_WRITABLE(res)
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		if (!(f->flags & F_UNIQUE))
			continue;
		json_t *first = fix_body(fix, res);
		assert_int_equal(fix_create(fix, res, json_incref(first), NULL), 0);
		assert_refused(fix, res, f->name, json_incref(json_object_get(first, f->name)), "taken");
		json_decref(first);
	}
}

static void test_patch_and_conflict(void **state)
{
	struct model_fix *fix = *state;
	EACH_WRITABLE(res)
	{
		int64_t id = 0;
		assert_int_equal(fix_create(fix, res, fix_body(fix, res), &id), 0);
		json_t *body = fix_body(fix, res);
		for (size_t i = 0; i < res->n_fields; i++)
			if (res->fields[i].flags & F_CREATE_ONLY)
				json_object_del(body, res->fields[i].name);
		assert_int_equal(fix_update(fix, res, id, 1, json_incref(body)), 0);
		json_t *record = fix_get(fix, res, id);
		assert_int_equal(js_int(record, "version", 0), 2);
		assert_same(res, body, record);
		json_decref(record);
		assert_int_equal(fix_update(fix, res, id, 1, body), -E_CONFLICT);
		assert_int_equal(fix_update(fix, res, id, 0, json_object()), 0);
		record = fix_get(fix, res, id);
		assert_int_equal(js_int(record, "version", 0), 2);
		json_decref(record);
	}
}

static void test_children_keep_their_ids(void **state)
{
	struct model_fix *fix = *state;
	int64_t id = 0;
	assert_int_equal(fix_create(fix, &customer_resource, fix_body(fix, &customer_resource), &id), 0);
	json_t *record = fix_get(fix, &customer_resource, id);
	json_t *numbers = json_deep_copy(json_object_get(record, "numbers"));
	json_array_remove(numbers, 0);
	json_array_append_new(numbers, json_pack("{s:s}", "number", "13900000000"));
	assert_int_equal(fix_update(fix, &customer_resource, id, 0,
				 json_pack("{s:o}", "numbers", json_incref(numbers))),
		0);
	json_t *after = fix_get(fix, &customer_resource, id);
	json_t *kept = json_array_get(json_object_get(after, "numbers"), 0);
	assert_int_equal(
		js_id(kept, "id"), js_id(json_array_get(json_object_get(record, "numbers"), 1), "id"));
	assert_int_equal(json_array_size(json_object_get(after, "numbers")), 2);
	json_decref(numbers);
	json_decref(record);
	json_decref(after);
}

static void test_every_change_is_in_the_audit_trail(void **state)
{
	struct model_fix *fix = *state;
	spare_admin(fix);
	EACH_WRITABLE(res)
	{
		char filter[64], record_filter[64];
		int64_t id = 0;
		assert_int_equal(fix_create(fix, res, fix_body(fix, res), &id), 0);
		json_t *body = fix_body(fix, res);
		for (size_t i = 0; i < res->n_fields; i++)
			if (res->fields[i].flags & F_CREATE_ONLY)
				json_object_del(body, res->fields[i].name);
		assert_int_equal(fix_update(fix, res, id, 0, body), 0);
		assert_int_equal(fix_delete(fix, res, id, 0), 0);
		snprintf(filter, sizeof(filter), "resource=%s", res->name);
		if (res == &sample_resource)
			snprintf(filter, sizeof(filter), "actor=%lld", (long long)fix_admin.user);
		snprintf(record_filter, sizeof(record_filter), "record=%lld", (long long)id);
		json_t *page =
			fix_list(fix, &audit_resource, &fix_admin, filter, record_filter, "sort=id", NULL);
		json_t *items = json_object_get(page, "items");
		assert_int_equal(json_array_size(items), 3);
		assert_string_equal(js_str(json_array_get(items, 0), "action", ""), "create");
		assert_string_equal(js_str(json_array_get(items, 1), "action", ""), "update");
		assert_string_equal(js_str(json_array_get(items, 2), "action", ""), "delete");
		assert_string_equal(js_str(json_array_get(items, 0), "actor_name", ""), "admin");
		char *text = js_print(page);
		assert_null(strstr(text, "argon2"));
		free(text);
		json_decref(page);
	}
}

static void test_list_pages_filters_and_sorts(void **state)
{
	struct model_fix *fix = *state;
	for (int i = 0; i < 7; i++)
		assert_int_equal(
			fix_create(fix, &customer_resource,
				json_pack("{s:s, s:s, s:[{s:s}]}", "name", i % 2 ? "张三" : "李四", "tier",
					i < 3 ? "gold" : "normal", "numbers", "number", "138001"),
				NULL),
			0);
	json_t *page = fix_list(fix, &customer_resource, &fix_admin, "limit=3", "sort=-name", NULL);
	assert_int_equal(js_int(page, "total", 0), 7);
	size_t seen = 0;
	int64_t last = INT64_MAX;
	while (page) {
		char cursor[512];
		size_t i;
		json_t *item;
		json_array_foreach (json_object_get(page, "items"), i, item) {
			seen++;
			if (strcmp(js_str(item, "name", ""), "张三") == 0 && seen > 1)
				assert_true(js_id(item, "id") < last || seen == 1);
			last = js_id(item, "id");
		}
		snprintf(cursor, sizeof(cursor), "cursor=%s", js_str(page, "next", ""));
		json_decref(page);
		page = cursor[7]
			? fix_list(fix, &customer_resource, &fix_admin, "limit=3", "sort=-name", cursor, NULL)
			: NULL;
	}
	assert_int_equal(seen, 7);
	static const struct {
		const char *a, *b;
		int64_t n;
	} cases[] = {
		{ "tier=gold", NULL, 3 },
		{ "tier=gold", "tier=normal", 7 },
		{ "tier=gold", "q=张", 1 },
		{ "q=8001", NULL, 7 },
		{ "q=%", NULL, 0 },
		{ "numbers.number=138001", NULL, 7 },
		{ "numbers.number=138002", NULL, 0 },
		{ "version.min=1", "version.max=1", 7 },
		{ "version.min=2", NULL, 0 },
		{ "created.min=2020-01-01T00:00:00Z", NULL, 7 },
		{ "created.max=2020-01-01", NULL, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		page = fix_list(fix, &customer_resource, &fix_admin, cases[i].a, cases[i].b, NULL);
		assert_non_null(page);
		if (js_int(page, "total", -1) != cases[i].n)
			fail_msg("%s found %lld", cases[i].a, (long long)js_int(page, "total", -1));
		json_decref(page);
	}
}

static void test_list_refuses_what_it_does_not_know(void **state)
{
	static const char *const wrong[] = { "nonsense=1", "tier.min=1", "version=x", "sort=nonsense",
		"sort=note", "limit=0", "limit=501", "cursor=abc", "fields=nonsense", "note=x",
		"created.min=yesterday", "created.min=2026-13-01", "numbers.nonsense=1" };
	assert_int_equal(
		fix_create(*state, &customer_resource, fix_body(*state, &customer_resource), NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		if (fix_list(*state, &customer_resource, &fix_admin, wrong[i], NULL))
			fail_msg("%s was taken", wrong[i]);
}

static void test_agents_see_their_own_interactions(void **state)
{
	struct model_fix *fix = *state;
	struct rights *rights = NULL;
	assert_int_equal(
		fix_sql(fix,
			"INSERT INTO agent (id, version, created, updated, number, name,"
			" extension, device, auto_answer) VALUES (71, 1, 0, 0, '1', 'a', '1', 'phone', 0)"),
		0);
	int64_t user = fix_user(fix, "agent1", 71, "interaction.read", "own");
	struct db *reader = store_reader(fix->store);
	assert_int_equal(rights_load(reader, user, &rights), 0);
	store_reader_return(fix->store, reader);
	const struct actor agent = { .user = user, .name = "agent1", .agent = 71, .rights = rights };
	assert_int_equal(fix_sql(fix,
				 "INSERT INTO interaction (id, version, created, updated, node, boot, "
				 "channel, direction,"
				 " phase, started, flow_ms, wait_ms, ring_ms, talk_ms, hold_ms, wrap_up_ms, "
				 "started_mono,"
				 " ends, offers) VALUES (5, 1, 0, 0, 0, 1, 'voice', 'inbound', 'open', 1000, "
				 "0, 0, 0, 0, 0, 0,"
				 " 0, 0, 0), (6, 1, 0, 0, 0, 1, 'voice', 'inbound', 'open', 1000, 0, 0, 0, "
				 "0, 0, 0, 0, 0, 0)"),
		0);
	assert_int_equal(fix_sql(fix, "INSERT INTO interaction_party VALUES (6, 71)"), 0);
	json_t *page = fix_list(fix, &interaction_resource, &agent, NULL);
	assert_int_equal(js_int(page, "total", 0), 1);
	assert_int_equal(js_id(json_array_get(json_object_get(page, "items"), 0), "id"), 6);
	json_decref(page);
	json_t *record = NULL;
	struct db *db = store_reader(fix->store);
	assert_int_equal(model_get(db, &interaction_resource, &agent, 5, &record), -E_NOT_FOUND);
	assert_int_equal(model_get(db, &interaction_resource, &agent, 6, &record), 0);
	store_reader_return(fix->store, db);
	json_decref(record);
	assert_int_equal(fix_update(fix, &interaction_resource, 6, 1, json_pack("{s:s}", "note", "改签")), 0);
	assert_int_equal(
		fix_update(fix, &interaction_resource, 6, 0, json_pack("{s:i}", "talk_ms", 1)), -E_INVALID);
	assert_true(fix_names(&fix->faults, "talk_ms", "read_only"));
	rights_unref(rights);
}

static void test_last_administrator_stays(void **state)
{
	struct model_fix *fix = *state;
	int64_t id = 0;
	int64_t role = 0;
	json_t *all = json_pack("{s:s, s:b}", "name", "all", "all_rights", 1);
	assert_int_equal(fix_create(fix, &role_resource, all, &role), 0);
	json_t *body = json_pack("{s:s, s:s, s:[{s:o}], s:s}", "name", "boss", "full_name", "Boss", "roles",
		"role", json_sprintf("%lld", (long long)role), "password", "long enough");
	assert_int_equal(fix_create(fix, &user_resource, body, &id), 0);
	assert_int_equal(fix_move(fix, &user_resource, id, "suspend"), -E_INVALID);
	assert_true(fix_names(&fix->faults, "state", "last_admin"));
	assert_int_equal(fix_update(fix, &user_resource, id, 0, json_pack("{s:[]}", "roles")), -E_INVALID);
	assert_true(fix_names(&fix->faults, "roles", "last_admin"));
	assert_int_equal(
		fix_update(fix, &role_resource, role, 0, json_pack("{s:b}", "all_rights", 0)), -E_INVALID);
	assert_true(fix_names(&fix->faults, "all_rights", "last_admin"));
	assert_int_equal(fix_delete(fix, &user_resource, id, 0), -E_INVALID);
	assert_string_equal(fix->faults.list[0].code, "last_admin");
}

static json_t *overflow_to(int64_t id)
{
	return json_pack("{s:i, s:o}", "overflow_after_ms", 1000, "overflow_queue",
		json_sprintf("%lld", (long long)id));
}

static void test_overflow_leads_out(void **state)
{
	struct model_fix *fix = *state;
	const struct resource *res = &queue_resource;
	int64_t ids[3];
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		assert_int_equal(
			fix_create(fix, res, json_pack("{s:o}", "name", json_sprintf("q%zu", i)), &ids[i]),
			0);
	assert_int_equal(fix_update(fix, res, ids[0], 0, overflow_to(ids[0])), -E_INVALID);
	assert_true(fix_names(&fix->faults, "overflow_queue", "circle"));
	assert_int_equal(fix_update(fix, res, ids[0], 0, overflow_to(ids[1])), 0);
	assert_int_equal(fix_update(fix, res, ids[1], 0, overflow_to(ids[2])), 0);
	assert_int_equal(fix_update(fix, res, ids[2], 0, overflow_to(ids[0])), -E_INVALID);
	assert_true(fix_names(&fix->faults, "overflow_queue", "circle"));
	assert_int_equal(
		fix_update(fix, res, ids[0], 0, json_pack("{s:i}", "overflow_after_ms", 0)), -E_INVALID);
	assert_true(fix_names(&fix->faults, "overflow_queue", "needless"));
	assert_int_equal(
		fix_update(fix, res, ids[0], 0, json_pack("{s:i}", "max_wait_ms", 1000)), -E_INVALID);
	assert_true(fix_names(&fix->faults, "overflow_after_ms", "range"));
	assert_int_equal(fix_delete(fix, res, ids[1], 0), -E_STATE);
}

static json_t *bin(struct model_fix *fix, const struct resource *res, int64_t id)
{
	char filter[64];
	snprintf(filter, sizeof(filter), "id=%lld", (long long)id);
	json_t *page = fix_list(fix, res, &fix_admin, "deleted=true", filter, "sort=-deleted", NULL);
	assert_non_null(page);
	json_t *record = json_incref(json_array_get(json_object_get(page, "items"), 0));
	json_decref(page);
	return record;
}

/* Out of every list and into the bin; what was unique in it is free for another, and then it cannot come
 * back. */
static void test_what_is_deleted_comes_back(void **state)
{
	struct model_fix *fix = *state;
	spare_admin(fix);
	EACH_WRITABLE(res)
	{
		int64_t id = 0, rival = 0;
		json_t *body = fix_body(fix, res);
		assert_int_equal(fix_create(fix, res, json_incref(body), &id), 0);
		assert_int_equal(fix_delete(fix, res, id, 0), 0);
		if (!res_keeps(res)) {
			assert_null(fix_list(fix, res, &fix_admin, "deleted=true", NULL));
			assert_int_equal(fix_restore(fix, res, id), -E_NOT_FOUND);
			json_decref(body);
			continue;
		}
		json_t *gone = bin(fix, res, id);
		assert_non_null(js_str(gone, "deleted", NULL));
		assert_int_equal(js_int(gone, "version", 0), 2);
		assert_same(res, body, gone);
		assert_int_equal(fix_restore(fix, res, id), 0);
		assert_int_equal(fix_restore(fix, res, id), -E_NOT_FOUND);
		json_t *back = fix_get(fix, res, id);
		assert_non_null(back);
		assert_null(json_object_get(back, "deleted"));
		assert_same(res, body, back);
		assert_null(bin(fix, res, id));
		bool unique = false;
		for (size_t i = 0; i < res->n_fields; i++)
			unique = unique || res->fields[i].flags & F_UNIQUE;
		assert_int_equal(fix_delete(fix, res, id, 0), 0);
		for (size_t i = 0; i < res->n_fields; i++)
			if (res->fields[i].type == FT_FILE)
				json_object_del(body, res->fields[i].name);
		assert_int_equal(fix_create(fix, res, body, &rival), 0);
		assert_int_equal(
			fix_restore(fix, res, id), unique || res == &prompt_resource ? -E_INVALID : 0);
		if (unique)
			assert_string_equal(fix->faults.list[0].code, "taken");
		json_decref(gone);
		json_decref(back);
	}
}

static void test_names_of_what_is_gone_stay(void **state)
{
	struct model_fix *fix = *state;
	int64_t id = 0;
	assert_int_equal(
		fix_create(fix, &disposition_resource, fix_body(fix, &disposition_resource), &id), 0);
	json_t *result = fix_get(fix, &disposition_resource, id);
	CLEANUP(mem_freep)
	char *sql = mem_printf("INSERT INTO interaction (id, version, created, updated, node, boot, channel,"
			       " direction, phase, started, flow_ms, wait_ms, ring_ms, talk_ms, hold_ms,"
			       " wrap_up_ms, started_mono, ends, offers, result) VALUES (5, 1, 0, 0, 0, 1,"
			       " 'voice', 'inbound', 'open', 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, %lld)",
		(long long)id);
	assert_int_equal(fix_sql(fix, sql), 0);
	assert_int_equal(fix_delete(fix, &disposition_resource, id, 0), 0);
	json_t *record = fix_get(fix, &interaction_resource, 5);
	assert_string_equal(js_str(record, "result_name", ""), js_str(result, "name", "?"));
	json_t *body = json_pack("{s:o}", "result", json_sprintf("%lld", (long long)id));
	assert_int_equal(fix_update(fix, &interaction_resource, 5, 0, json_incref(body)), 0); /* no change */
	assert_int_equal(fix_update(fix, &interaction_resource, 5, 0, json_pack("{s:n}", "result")), 0);
	assert_int_equal(fix_update(fix, &interaction_resource, 5, 0, body), -E_INVALID);
	assert_true(fix_names(&fix->faults, "result", "not_found"));
	json_decref(record);
	json_decref(result);
}

static void test_what_is_in_use_stays(void **state)
{
	struct model_fix *fix = *state;
	int64_t id = 0;
	assert_int_equal(fix_create(fix, &queue_resource, fix_body(fix, &queue_resource), &id), 0);
	json_t *queue = fix_get(fix, &queue_resource, id);
	int64_t skill = js_id(json_array_get(json_object_get(queue, "skills"), 0), "skill");
	json_decref(queue);
	char use[64];
	snprintf(use, sizeof(use), "queues/%lld", (long long)id);
	assert_int_equal(fix_delete(fix, &skill_resource, skill, 0), -E_STATE);
	assert_true(fix_names(&fix->faults, use, "in_use"));
	assert_non_null(strstr(fix->faults.list[0].text, "样本"));
	assert_int_equal(fix_delete(fix, &queue_resource, id, 0), 0);
	assert_int_equal(fix_delete(fix, &skill_resource, skill, 0), 0);
	assert_int_equal(fix_restore(fix, &queue_resource, id), -E_INVALID);
	assert_true(fix_names(&fix->faults, "skills[0].skill", "not_found"));
}

static void test_configuration_rows(void **state)
{
	struct model_fix *fix = *state;
	int64_t id = 0;
	EACH_WRITABLE(res)
	{
		assert_int_equal(fix_create(fix, res, fix_body(fix, res), &id), 0);
		json_t *rows = json_array();
		struct db *db = store_reader(fix->store);
		if (res->config) {
			assert_int_equal(res->config(db, id, rows), 0);
			json_t *row = json_array_get(rows, 0);
			assert_string_equal(js_str(row, "kind", ""), res->name);
			assert_int_equal(js_id(row, "id"), id);
			assert_true(json_is_object(json_object_get(row, "row")));
			json_array_clear(rows);
			assert_int_equal(res->config(db, 99, rows), 0);
			assert_true(json_is_null(json_object_get(json_array_get(rows, 0), "row")));
		}
		store_reader_return(fix->store, db);
		json_decref(rows);
	}
	json_t *all = json_array();
	struct db *db = store_reader(fix->store);
	assert_int_equal(model_config_all(db, all), 0);
	store_reader_return(fix->store, db);
	assert_true(json_array_size(all) > resources_n / 2);
	json_decref(all);
}

static void test_secrets(void **state)
{
	(void)state;
	char md5[33], sha256[65];
	char *hash = secret_hash("agent1-demo");
	assert_true(secret_verify(hash, "agent1-demo"));
	assert_false(secret_verify(hash, "agent1-Demo"));
	assert_non_null(strstr(hash, "argon2id"));
	free(hash);
	secret_ha1("Mufasa", "http-auth@example.org", "Circle of Life", md5, sha256); /* RFC 7616, 3.9.1 */
	assert_string_equal(md5, "3d78807defe7de2157e2b0b6573a855f");
	assert_string_equal(sha256, "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232");
}

static void test_descriptions(void **state)
{
	(void)state;
	const struct actor nobody = { .name = "nobody" };
	json_t *meta = model_meta(&nobody);
	assert_true(json_array_size(json_object_get(meta, "resources")) > 0);
	size_t i;
	json_t *res;
	json_array_foreach (json_object_get(meta, "resources"), i, res) {
		assert_string_not_equal(js_str(res, "name", ""), "user");
		assert_true(js_bool(json_object_get(res, "rights"), "read", false));
	}
	json_decref(meta);
	json_t *paths = model_openapi_paths(), *schemas = model_openapi_schemas();
	assert_non_null(json_object_get(paths, "/api/v1/queues/{id}"));
	assert_non_null(json_object_get(schemas, "queue"));
	json_decref(paths);
	json_decref(schemas);
	struct buf out;
	buf_init(&out, 1 << 20);
	model_print_ts(&out);
	assert_non_null(strstr(out.p, "export interface QueueSkillsItem {"));
	assert_non_null(strstr(out.p, "  password?: string"));
	buf_reset(&out);
	model_print_md(&out);
	assert_non_null(strstr(out.p, "`skills[].level`"));
	buf_done(&out);
}

static void test_csv_is_safe_for_spreadsheets(void **state)
{
	struct model_fix *fix = *state;
	assert_int_equal(fix_create(fix, &skill_resource,
				 json_pack("{s:s, s:s}", "name", "=1+1", "note", "say \"hi\", twice"), NULL),
		0);
	json_t *page = fix_list(fix, &skill_resource, &fix_admin, NULL);
	struct buf out;
	const struct export_style style = { .chinese = true, .offset_min = 480 };
	struct export_plan plan;
	assert_int_equal(model_export_plan(&skill_resource, &style, "", &plan, &fix->faults), 0);
	fix_csv(&plan, page, &out);
	assert_non_null(strstr(out.p,
		"\"编号\",\"创建时间 (UTC+08:00)\",\"更新时间 "
		"(UTC+08:00)\",\"名称\",\"坐席数\",\"备注\"\r\n"));
	assert_non_null(strstr(out.p, ",\"'=1+1\",0,\"say \"\"hi\"\", twice\"\r\n"));
	buf_done(&out);
	json_decref(page);
	assert_int_equal(
		model_export_plan(&skill_resource, &style, "note, x", &plan, &fix->faults), -E_INVALID);
	assert_string_equal(fix->faults.list[0].field, "fields");
	fix->faults.n = 0;
	assert_int_equal(model_export_plan(&skill_resource, &style, "note,name", &plan, &fix->faults), 0);
	assert_int_equal(plan.n, 2);
	assert_string_equal(plan.fields[1]->name, "name");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, model_setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_sound),
		cmocka_unit_test(test_each_right_has_a_word),
		T(test_columns_exist),
		T(test_create_read_delete),
		T(test_every_bad_value_names_its_field),
		T(test_unique_fields),
		T(test_patch_and_conflict),
		T(test_children_keep_their_ids),
		T(test_every_change_is_in_the_audit_trail),
		T(test_list_pages_filters_and_sorts),
		T(test_list_refuses_what_it_does_not_know),
		T(test_agents_see_their_own_interactions),
		T(test_last_administrator_stays),
		T(test_overflow_leads_out),
		T(test_what_is_deleted_comes_back),
		T(test_names_of_what_is_gone_stay),
		T(test_what_is_in_use_stays),
		T(test_configuration_rows),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_descriptions),
		T(test_csv_is_safe_for_spreadsheets),
	};
	return unit_run(tests);
}
