#ifndef LX_MODEL_SEARCH_H
#define LX_MODEL_SEARCH_H

#include "model/record.h"
#include "text/tokens.h"

/* Raised when the words of text/tokens.h or the keys of text/pinyin.h change: then a desk that starts makes
 * the columns of all records anew (renew.h). */
#define SEARCH_LAYOUT 1

/* Columns that follow from a record and are written with it: `search` and the sort keys. */
#define DERIVED_MAX 8
struct derived {
	struct {
		char column[48];
		struct str text;
	} list[DERIVED_MAX];
	size_t n;
};

bool search_has(const struct resource *res);
/* Of a whole record with its lists; the texts live in the arena. */
void derived_make(struct arena *arena, const struct resource *res, const json_t *record, struct derived *ret);
/* The words of two texts, either may be NULL, for a row that is written by hand; buf_done() them. */
void search_words(struct buf *ret, const char *one, const char *other);
/* The column by which a field is sorted. */
void sort_column(const struct field *f, char ret_column[48]);

/* What a list is searched for: from ?q=, and how the database is asked. */
struct search {
	const struct resource *res;
	struct terms terms;
	bool wanted;  /* there is a ?q= */
	bool indexed; /* asked of the index; else every row is looked at */
	/* Who asks by digits, which would find what is masked for him: he finds only what he sees whole. */
	const struct actor *narrowed; /* NULL: not so */
	bool fts5;                    /* the index is a table of its own (SQLite) */
	bool aside;                   /* it is asked once, beside the other conditions, instead of joined */
};

/* -E_INVALID with a fault for more words than anybody types. */
int search_init(struct search *s, const struct resource *res, const char *q, struct db *db,
	struct faults *faults) MUST_CHECK;
/* For a reader to whom something is masked; NULL is the program itself. */
void search_narrow(struct search *s, const struct actor *actor);
/* How many rows the index finds, at most max; 0 when it is not asked. PostgreSQL says max without counting
 * where there are many times as many. */
int search_count(struct db *db, const struct search *s, int64_t max, int64_t *ret_count) MUST_CHECK;
/* Whether the index has its rows in the order of the records' ids. */
bool search_is_by_id(const struct search *s);
/* Goes behind "FROM table t": the index's table when it has one. */
void search_join(struct sql *q, const struct search *s);
/* Appends " AND (…)". */
void search_conditions(struct sql *q, const struct search *s);

#endif
