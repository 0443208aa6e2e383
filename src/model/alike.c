/* Looks by what is indexed (numbers, mail addresses, identities, the sound of the name among the words that
 * search knows) and compares names letter by letter only among those that sound alike. */
#include "model/alike.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/mask.h"
#include "model/search.h"
#include "text/alike.h"
#include "text/phone.h"

#include <stdio.h>
#include <string.h>

#define NAMES_LOOKED 200

enum reason { BY_NUMBER = 8, BY_IDENTITY = 4, BY_MAIL = 2, BY_NAME = 1 };

static const struct {
	enum reason reason;
	const char *name;
} reasons[] = { { BY_NUMBER, "number" }, { BY_IDENTITY, "identity" }, { BY_MAIL, "mail" },
	{ BY_NAME, "name" } };

struct hits {
	struct {
		int64_t id;
		unsigned reasons;
	} list[ALIKE_MAX];
	size_t n;
	int64_t except;
};

static void hit(struct hits *h, int64_t id, enum reason reason)
{
	size_t i = 0;
	while (i < h->n && h->list[i].id != id)
		i++;
	if (id == h->except || i == ALIKE_MAX)
		return;
	if (i == h->n)
		h->list[h->n++].id = id;
	h->list[i].reasons |= (unsigned)reason;
}

static int look(struct db *db, struct hits *h, const char *sql, const char *value, enum reason reason)
{
	struct rows *rows;
	int err = db_query(db, sql, ARGS(V_Z(value), V_INT(ALIKE_MAX + 1)), &rows);
	if (err)
		return err;
	while (rows_next(rows))
		hit(h, rows_int(rows, 0), reason);
	return rows_end(rows);
}

static int look_numbers(struct db *db, struct hits *h, const json_t *numbers)
{
	size_t i;
	json_t *item;
	int err = 0;
	json_array_foreach ((json_t *)numbers, i, item) {
		struct phone phone;
		if (!err && phone_parse(str_from(js_str(item, "number", "")), &phone, NULL) == 0)
			err = look(db, h,
				"SELECT parent FROM customer_number WHERE number = $1 ORDER BY id LIMIT $2",
				phone.number, BY_NUMBER);
	}
	return err;
}

static int look_mails(struct db *db, struct hits *h, const json_t *mails)
{
	size_t i;
	json_t *item;
	int err = 0;
	json_array_foreach ((json_t *)mails, i, item)
		if (!err)
			err = look(db, h,
				"SELECT parent FROM customer_mail WHERE mail = $1 ORDER BY id LIMIT $2",
				js_str(item, "mail", ""), BY_MAIL);
	return err;
}

/* The word by which search finds those of that sound: all of a Chinese name, the longest of another. */
static bool sound_term(const char *name, struct terms *terms)
{
	struct terms typed;
	struct buf sound;
	size_t best = 0;
	if (terms_parse(str_from(name), &typed) || !typed.n)
		return false;
	for (size_t i = 1; i < typed.n; i++)
		if (strlen(typed.list[i].text) > strlen(typed.list[best].text))
			best = i;
	terms->n = 1;
	terms->list[0] = (struct term){ .is_prefix = false };
	bool han = (unsigned char)typed.list[best].text[0] >= 0xe3;
	buf_init(&sound, sizeof(terms->list[0].text));
	if (han)
		name_sound(&sound, str_from(name));
	else
		buf_addz(&sound, typed.list[best].text);
	bool fits = !buf_err(&sound) &&
		str_copy(buf_str(&sound), terms->list[0].text, sizeof(terms->list[0].text)) == 0;
	buf_done(&sound);
	return fits && terms->list[0].text[0];
}

static int look_name(struct db *db, struct hits *h, const char *name)
{
	struct search s = { .res = &customer_resource, .wanted = true, .indexed = true };
	struct sql q;
	struct rows *rows;
	if (!sound_term(name, &s.terms))
		return 0;
	s.fts5 = strcmp(db_kind_name(db), "sqlite") == 0;
	sql_init(&q);
	sql_add(&q, "SELECT t.id, t.name FROM customer t");
	search_join(&q, &s);
	sql_add(&q, " WHERE 1 = 1");
	record_bin(&q, &customer_resource, false);
	search_conditions(&q, &s);
	sql_add(&q, " LIMIT %d", NAMES_LOOKED);
	int err = sql_query(&q, db, &rows);
	if (!err) {
		while (rows_next(rows))
			if (names_are_alike(rows_str(rows, 1), str_from(name)))
				hit(h, rows_int(rows, 0), BY_NAME);
		err = rows_end(rows);
	}
	sql_done(&q);
	return err;
}

/* Whoever tries numbers must not learn by this who has one that is masked for him. */
static int drop_masked(struct db *db, const struct actor *actor, int64_t id, unsigned *why)
{
	bool clear = true;
	int err = *why & (BY_NUMBER | BY_IDENTITY) ? mask_sees(db, &customer_resource, actor, id, &clear) : 0;
	if (!clear)
		*why &= BY_MAIL | BY_NAME;
	return err;
}

/* One of them as it is shown, when the actor may read it. */
static int show(struct db *db, const struct actor *actor, int64_t id, unsigned why, json_t *list)
{
	json_t *record = NULL;
	const struct resource *res = catalogue_resource(actor->catalogue, &customer_resource);
	int err = drop_masked(db, actor, id, &why);
	if (err || !why)
		return err;
	err = model_get(db, res, actor, id, &record);
	if (err)
		return err == -E_NOT_FOUND ? 0 : err;
	const json_t *number = json_array_get(json_object_get(record, "numbers"), 0);
	json_t *words = json_array(), *item = json_object();
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (why & reasons[i].reason)
			json_array_append_new(words, json_string(reasons[i].name));
	static const char *const kept[] = { "id", "version", "name", "kind", "tier" };
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		json_object_set(item, kept[i], json_object_get(record, kept[i]));
	json_object_set_new(
		item, "number", number ? json_incref(json_object_get(number, "number")) : json_null());
	json_object_set_new(item, "reasons", words);
	json_array_append_new(list, item);
	json_decref(record);
	return 0;
}

int alike_find(
	struct db *db, const struct actor *actor, const json_t *person, int64_t except, json_t **ret_list)
{
	struct hits h = { .except = except };
	const char *identity = js_str(person, "identity", ""), *name = js_str(person, "name", "");
	int err = look_numbers(db, &h, json_object_get(person, "numbers"));
	if (!err && *identity)
		err = look(db, &h, "SELECT id FROM customer WHERE identity = $1 ORDER BY id LIMIT $2",
			identity, BY_IDENTITY);
	if (!err)
		err = look_mails(db, &h, json_object_get(person, "mails"));
	if (!err && *name)
		err = look_name(db, &h, name);
	json_t *list = json_array();
	for (unsigned why = 15; why && !err; why--)
		for (size_t i = 0; i < h.n && !err; i++)
			if (h.list[i].reasons == why)
				err = show(db, actor, h.list[i].id, why, list);
	if (err)
		json_decref(list);
	else
		*ret_list = list;
	return err;
}
