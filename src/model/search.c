/* The words of a record, and how a list asks for them. Where there may be many rows an index answers: FTS5 in
 * SQLite, which is joined, GIN in PostgreSQL; elsewhere LIKE looks at the column itself. */
#include "model/search.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/mask.h"
#include "text/phone.h"
#include "text/pinyin.h"

#include <stdio.h>
#include <string.h>

#define WORDS_MAX_BYTES (64 * 1024)
#define PAIR_MAX_BYTES 4096
#define QUERY_MAX_BYTES (8 * 1024)
#define SAMPLE_PAGES 100
#define SAMPLE_SURE 3 /* times as much as is counted is seen in the sample: then there is no doubt */

static bool is_searched(const struct field *f)
{
	bool text = f->type == FT_STR || f->type == FT_TEXT || f->type == FT_PHONE || f->type == FT_I18N;
	bool number = f->type == FT_PHONE || f->flags & F_DIALLED;
	bool masked = f->flags & F_MASKED && !number; /* numbers are searched by who sees them */
	return text && (f->flags & F_SEARCH) && !masked;
}

bool search_has(const struct resource *res)
{
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		if (is_searched(f))
			return true;
		for (size_t k = 0; f->type == FT_LIST && k < f->child->n_fields; k++)
			if (is_searched(&f->child->fields[k]))
				return true;
	}
	return false;
}

static void add_text(struct buf *out, const json_t *value)
{
	tokens_add(out, (struct str){ json_string_value(value), json_string_length(value) });
}

/* A number is found by its parts as it is stored and as it is dialled: 010… stands in no +8610…. */
static void add_phone(struct buf *out, const json_t *value)
{
	char dialled[PHONE_NUMBER];
	const char *number = json_string_value(value);
	if (!number)
		return;
	tokens_add(out, str_from(number));
	phone_dialled(number, dialled);
	size_t n = strlen(number), n_dialled = strlen(dialled);
	if (n < n_dialled || strcmp(number + n - n_dialled, dialled) != 0)
		tokens_add(out, str_from(dialled));
}

static void add_value(struct buf *out, const struct field *f, const json_t *value)
{
	const char *key;
	json_t *text;
	if (!is_searched(f))
		return;
	if (f->type == FT_PHONE)
		add_phone(out, value);
	else if (f->type != FT_I18N)
		add_text(out, value);
	else
		json_object_foreach ((json_t *)value, key, text)
			add_text(out, text);
}

static void add_words(struct buf *out, const struct field *fields, size_t n, const json_t *record)
{
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &fields[i];
		const json_t *value = json_object_get(record, f->name);
		size_t k;
		json_t *item;
		if (f->type == FT_LIST)
			json_array_foreach ((json_t *)value, k, item)
				add_words(out, f->child->fields, f->child->n_fields, item);
		else
			add_value(out, f, value);
	}
}

void search_words(struct buf *ret, const char *one, const char *other)
{
	buf_init(ret, PAIR_MAX_BYTES);
	buf_addc(ret, ' ');
	tokens_add(ret, str_from(one));
	tokens_add(ret, str_from(other));
}

void sort_column(const struct field *f, char ret_column[48])
{
	snprintf(ret_column, 48, "%s%s", field_column(f), f->flags & F_SORT_KEY ? "_key" : "");
}

static void derive(struct arena *arena, struct derived *d, const char *column, const struct buf *text)
{
	if (d->n == DERIVED_MAX)
		return;
	snprintf(d->list[d->n].column, sizeof(d->list[d->n].column), "%s", column);
	d->list[d->n++].text = text->n ? arena_str(arena, buf_str(text)) : STR("");
}

void derived_make(struct arena *arena, const struct resource *res, const json_t *record, struct derived *ret)
{
	struct buf b;
	buf_init(&b, WORDS_MAX_BYTES);
	ret->n = 0;
	if (search_has(res)) {
		buf_addc(&b, ' ');
		add_words(&b, res->fields, res->n_fields, record);
		derive(arena, ret, "search", &b);
	}
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		const json_t *value = json_object_get(record, f->name);
		char column[48];
		if (!(f->flags & F_SORT_KEY))
			continue;
		buf_reset(&b);
		pinyin_sort_key(&b, (struct str){ json_string_value(value), json_string_length(value) });
		sort_column(f, column);
		derive(arena, ret, column, &b);
	}
	buf_done(&b);
}

int search_init(
	struct search *s, const struct resource *res, const char *q, struct db *db, struct faults *faults)
{
	bool sqlite = strcmp(db_kind_name(db), "sqlite") == 0;
	*s = (struct search){ .res = res, .wanted = q && *q };
	if (!s->wanted)
		return 0;
	if (terms_parse(str_from(q), &s->terms))
		return faults_add(faults, "too_long", "q", "more than %d words", TERMS_MAX);
	s->indexed = res->search && s->terms.n;
	s->fts5 = s->indexed && sqlite;
	return 0;
}

void search_join(struct sql *q, const struct search *s)
{
	if (s->fts5 && !s->aside)
		sql_add(q, " JOIN %s s ON s.rowid = t.%s", s->res->search->name, s->res->search->key);
}

static void add_each_like(struct sql *q, const struct search *s)
{
	struct buf b;
	buf_init(&b, QUERY_MAX_BYTES);
	for (size_t i = 0; i < s->terms.n; i++) {
		buf_reset(&b);
		term_print_like(&s->terms.list[i], &b);
		sql_add(q, " AND t.search LIKE ");
		sql_arg(q, V_STR(buf_str(&b)));
	}
	buf_done(&b);
}

/* The condition on the index. */
static void add_index(struct sql *q, const struct search *s)
{
	struct buf b;
	buf_init(&b, QUERY_MAX_BYTES);
	if (s->fts5)
		terms_print_fts5(&s->terms, &b);
	else
		terms_print_tsquery(&s->terms, &b);
	if (s->fts5)
		sql_add(q, "s.%s MATCH ", s->res->search->name);
	else
		sql_add(q, "t.words @@ to_tsquery('simple', ");
	sql_arg(q, V_STR(buf_str(&b)));
	sql_add(q, "%s", s->fts5 ? "" : ")");
	buf_done(&b);
}

static bool has_digits(const struct terms *terms)
{
	for (size_t i = 0; i < terms->n; i++)
		if (terms->list[i].text[strcspn(terms->list[i].text, "0123456789")])
			return true;
	return false;
}

void search_narrow(struct search *s, const struct actor *actor)
{
	s->narrowed = has_digits(&s->terms) && !mask_is_off(s->res, actor) ? actor : NULL;
}

void search_conditions(struct sql *q, const struct search *s)
{
	if (!s->wanted)
		return;
	if (s->narrowed)
		mask_scope(q, s->res, s->narrowed, "t");
	if (!search_has(s->res) || !s->terms.n) {
		sql_add(q, " AND 1 = 0"); /* nothing to look for, or nowhere */
	} else if (!s->indexed) {
		add_each_like(q, s);
	} else if (s->fts5 && s->aside) {
		sql_add(q, " AND +t.%s IN (SELECT s.rowid FROM %s s WHERE ", s->res->search->key,
			s->res->search->name);
		add_index(q, s);
		sql_add(q, ")");
	} else {
		sql_add(q, " AND ");
		add_index(q, s);
	}
}

static void add_found(struct sql *q, const struct search *s)
{
	sql_add(q, " WHERE ");
	add_index(q, s);
	if (!s->fts5)
		record_bin(q, s->res, false);
}

static int count_by(struct db *db, struct sql *q, int64_t *ret_count)
{
	int err = buf_err(&q->text);
	return err ? err : db_one_int(db, q->text.p, q->args, q->n, ret_count);
}

/* PostgreSQL's index gathers all that it finds before the first row comes. So a few pages of the table tell
 * first whether that is very much; 0 when they do not. */
static int sample(struct db *db, const struct search *s, int64_t *ret_estimate)
{
	struct sql q;
	int64_t pages = 0, n = 0;
	char share[32];
	*ret_estimate = 0;
	int err = db_one_int(db, "SELECT relpages FROM pg_class WHERE oid = to_regclass($1)",
		ARGS(V_Z(s->res->table)), &pages);
	if (err || pages < 10 * SAMPLE_PAGES)
		return err == -E_NOT_FOUND ? 0 : err;
	snprintf(share, sizeof(share), "%.6f", 100.0 * SAMPLE_PAGES / (double)pages);
	sql_init(&q);
	sql_add(&q, "SELECT count(*) FROM %s t TABLESAMPLE SYSTEM (", s->res->table);
	sql_arg(&q, V_Z(share));
	sql_add(&q, ")");
	add_found(&q, s);
	err = count_by(db, &q, &n);
	sql_done(&q);
	*ret_estimate = n * pages / SAMPLE_PAGES;
	return err;
}

int search_count(struct db *db, const struct search *s, int64_t max, int64_t *ret_count)
{
	struct sql q;
	int64_t estimate = 0;
	if (!s->indexed)
		return 0;
	int err = s->fts5 || !search_is_by_id(s) ? 0 : sample(db, s, &estimate);
	if (err || estimate > SAMPLE_SURE * max) {
		*ret_count = max;
		return err;
	}
	sql_init(&q);
	sql_add(&q, "SELECT count(*) FROM (SELECT 1 FROM ");
	sql_add(&q, s->fts5 ? "%s s" : "%s t", s->fts5 ? s->res->search->name : s->res->table);
	add_found(&q, s);
	sql_add(&q, " LIMIT ");
	sql_arg(&q, V_INT(max));
	sql_add(&q, ") AS x");
	err = count_by(db, &q, ret_count);
	sql_done(&q);
	return err;
}

bool search_is_by_id(const struct search *s)
{
	return s->indexed && strcmp(s->res->search->key, "id") == 0;
}
