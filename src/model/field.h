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
	bool text;          /* of text, not of numbers */
	bool sortable;
	bool ordered;  /* filtered by .min and .max */
	bool contains; /* a filter asks what is in it, not what it is */
	/* One value from outside; fills the fault without its field. */
	int (*check)(const struct field *f, const json_t *value, struct fault *reterr_);
	/* Optional: a checked value in the one form in which reading shows it. */
	json_t *(*clean)(const struct field *f, const json_t *value);
	/* A checked value as a parameter; text may be placed in the arena. */
	struct value (*to_sql)(const struct field *f, struct arena *arena, const json_t *value);
	/* And back, of what is not null: `s` where the kind is `text`, `i` elsewhere. */
	json_t *(*from_value)(const struct field *f, struct value value);
	/* Text of a filter as JSON, NULL when it is none of this type. */
	json_t *(*from_text)(const struct field *f, const char *text);
};

extern const struct field_kind field_kinds[FT__MAX];

static inline const struct field_kind *field_kind(const struct field *f)
{
	return &field_kinds[f->type];
}

/* Whether the name of what it points at stands beside it, as "{name}_name". */
static inline bool field_has_name(const struct field *f)
{
	return f->type == FT_REF || f->type == FT_FILE;
}

static inline bool field_is_stored(const struct field *f)
{
	return field_kind(f)->stored && !(f->flags & (F_COMPUTED | F_CUSTOM));
}

static inline bool field_sorts(const struct field *f)
{
	return field_kind(f)->sortable && !(f->flags & F_UNSORTED);
}

static inline bool field_filters(const struct field *f)
{
	return field_kind(f)->from_text && !(f->flags & F_UNSORTED);
}

const char *field_column(const struct field *f);
/* A limit as people write it: of a decimal number the table has the count of its last digit. */
json_t *field_limit(const struct field *f, int64_t limit);

/* Checks of more than one area, for `.check`. */
int check_right(const json_t *value, struct fault *reterr_);  /* a word of rights.h */
int check_word(const json_t *value, struct fault *reterr_);   /* [a-z0-9_.-]+, lower case */
int check_digits(const json_t *value, struct fault *reterr_); /* 0-9 * # +, at least one */
int check_cidrs(const json_t *value, struct fault *reterr_);  /* addresses or networks, separated by commas */
int check_host_port(const json_t *value, struct fault *reterr_);
int check_ascii(const json_t *value, struct fault *reterr_);   /* printable */
int check_pop_url(const json_t *value, struct fault *reterr_); /* template of an address of the web */
int check_region(const json_t *value, struct fault *reterr_);  /* country, as "CN" */
int check_mail(const json_t *value, struct fault *reterr_);    /* somebody@host, small letters */
int check_name(const json_t *value, struct fault *reterr_);    /* [a-z][a-z0-9_]* */
int check_path(const json_t *value, struct fault *reterr_);    /* relative, no .. */

/* The word for such a form ("digits"), for whoever fills the field in; NULL for one that has none. */
const char *check_format(field_check_fn check);

/* Types of more than one value, of texts and of days (field_text.c). */
int check_choices(const struct field *f, const json_t *value, struct fault *reterr_);
json_t *clean_choices(const struct field *f, const json_t *value);
bool choices_have(const json_t *list, const char *word); /* a list of words */
struct value choices_to_sql(const struct field *f, struct arena *arena, const json_t *value);
json_t *choices_from_value(const struct field *f, struct value value);
json_t *choice_from_text(const struct field *f, const char *text);
int check_i18n(const struct field *f, const json_t *value, struct fault *reterr_);
int check_phone(const struct field *f, const json_t *value, struct fault *reterr_);
json_t *clean_phone(const struct field *f, const json_t *value);
json_t *phone_from_text(const struct field *f, const char *text);
/* Divides "+86…;ext=801" that clean_phone() gave: the extension goes into the field beside, unless the record
 * gives one itself. */
void phone_settle(const struct field *f, json_t *record);
int check_date(const struct field *f, const json_t *value, struct fault *reterr_);
json_t *date_from_text(const struct field *f, const char *text);
/* Of one line or, in FT_TEXT, of several; max when the field says none. */
int check_text_of(const struct field *f, const json_t *value, int64_t max, struct fault *reterr_);

/* A decimal number as a count of its last digit: "12.5" with 2 digits is 1250. -E_SYNTAX, -E_LIMIT beyond 15
 * digits in all, -E_INVALID with more digits behind the point. */
int decimal_from_text(struct str text, int digits, int64_t *ret_units) MUST_CHECK;
void decimal_to_text(int64_t units, int digits, char *dst, size_t size);

/* RFC 3339, a date alone (midnight UTC), or Unix ms. */
int time_from_text(struct str text, int64_t *ret_ms) MUST_CHECK;

#endif
