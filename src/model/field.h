#ifndef LX_MODEL_FIELD_H
#define LX_MODEL_FIELD_H

#include "base/arena.h"
#include "model/resource.h"

/* What each field type can do. Behaviour is added here per type, never per resource. */
struct field_kind {
	const char *name;   /* in meta */
	const char *ts;     /* type in TypeScript */
	const char *schema; /* JSON Schema of one value */
	bool stored;        /* has a column of its own */
	/* One value from outside; fills the fault without its field. */
	int (*check)(const struct field *f, const json_t *value, struct fault *reterr_);
	/* A checked value as a parameter; text may be placed in the arena. */
	struct value (*to_sql)(struct arena *arena, const json_t *value);
	json_t *(*from_sql)(struct rows *rows, int column);
	/* Text of a filter as JSON, NULL when it is none of this type. */
	json_t *(*from_text)(const char *text);
};

extern const struct field_kind field_kinds[FT__MAX];

static inline const struct field_kind *field_kind(const struct field *f)
{
	return &field_kinds[f->type];
}

const char *field_column(const struct field *f);

/* Checks of more than one area, for `.check`. */
int check_word(const json_t *value, struct fault *reterr_);   /* [a-z0-9_.-]+, lower case */
int check_digits(const json_t *value, struct fault *reterr_); /* 0-9 * # +, at least one */
int check_cidrs(const json_t *value, struct fault *reterr_);  /* addresses or networks, separated by commas */
int check_host_port(const json_t *value, struct fault *reterr_);
int check_ascii(const json_t *value, struct fault *reterr_); /* printable */
int check_path(const json_t *value, struct fault *reterr_);  /* relative, no .. */

/* The word for such a form ("digits"), for whoever fills the field in; NULL for one that has none. */
const char *check_format(field_check_fn check);

/* RFC 3339, a date alone (midnight UTC), or Unix ms. */
int time_from_text(struct str text, int64_t *ret_ms) MUST_CHECK;

#endif
