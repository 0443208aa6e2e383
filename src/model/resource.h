#ifndef LX_MODEL_RESOURCE_H
#define LX_MODEL_RESOURCE_H

#include "base/err.h"
#include "store/db.h"

#include <jansson.h>
#include <stddef.h>

/* What a resource is: a table of named fields that one interpreter lists, reads, checks, writes, describes
 * and prints. Each area of src/model/ holds its descriptors as `static const` tables and exports the
 * resources. */

struct label {
	const char *zh, *en;
};

struct choice {
	const char *value; /* NULL ends the list */
	struct label label;
};

enum field_type {
	FT_STR,  /* one line */
	FT_TEXT, /* several */
	FT_INT,
	FT_NUM,   /* decimal; the table has it as an integer of 10^-digits, and so have min and max */
	FT_MONEY, /* in the smallest unit of the centre's currency */
	FT_PHONE, /* as people write it; stored and compared in the form of text/phone.h */
	FT_BOOL,
	FT_ENUM,
	FT_CHOICES, /* any of `choices` */
	FT_REF,     /* id of a record of resource `ref` */
	FT_ID,      /* id of something that is no resource */
	FT_TIME,    /* Unix ms in the table, RFC 3339 outside */
	FT_DATE,    /* of the calendar, in no zone: "2026-11-21" */
	FT_MS,      /* duration */
	FT_SECRET,  /* written, never read */
	FT_I18N,    /* {"zh-CN", "en"}, one of them at least */
	FT_JSON,
	FT_FILE, /* id of an uploaded file; max is of its bytes */
	FT_LIST, /* child records: `child` */
	FT__MAX
};

enum field_flag {
	F_REQUIRED = 1, /* not null */
	F_UNIQUE = 2,
	F_READONLY = 4,
	F_CREATE_ONLY = 8,    /* may be set once */
	F_COLUMN = 16,        /* stands in the list */
	F_SEARCH = 32,        /* found by ?q= */
	F_WEAK = 64,          /* FT_REF: keeps its target from nothing; may name what has been deleted */
	F_COMPUTED = 128,     /* has `sql` instead of a column; read-only */
	F_UNSORTED = 256,     /* neither sorted nor filtered: its SQL would have to be run for every row */
	F_MASKED = 512,       /* text shown in part to who has no right to see it in clear; with RES_MASKED */
	F_OPEN_NAME = 4096,   /* FT_REF: its name belongs to the row, also for who may not read the target */
	F_KEY = 1 << 16,      /* two records that have the same are most often one: indexed */
	F_DIALLED = 1 << 20,  /* FT_STR: a telephone number most often, however it came; masked only as one */
	F_SORT_KEY = 8192,    /* text of one line that is sorted as a dictionary does: column {column}_key */
	F_CUSTOM = 1 << 17,   /* added by an administrator: stands in the column `custom` (custom.h) */
	F_INDEXED = 1 << 18,  /* F_CUSTOM: has an index, or will have */
	F_MAKER = 1 << 21,    /* FT_REF to the user who makes the record, whether he may read users or not */
	F_PAST_MASK = 1 << 19 /* F_CUSTOM: another one of that name was masked: the trail hides both */
};

/* One value of a field on its way in; fills the fault without its field. */
typedef int (*field_check_fn)(const json_t *value, struct fault *reterr_);
/* What is stored instead of a secret, freed by the caller. NULL when memory is out. */
typedef char *(*field_seal_fn)(const char *plain);

/* What a number is counted in, shown inside its field; `scale` of what is stored are one. */
struct unit {
	struct label label;
	int64_t scale;
};
extern const struct unit unit_seconds, unit_minutes, unit_days, unit_contacts, unit_characters, unit_people;

struct field;

struct child {
	const char *table;
	const struct field *fields;
	size_t n_fields;
};

struct field {
	const char *name;
	enum field_type type;
	unsigned flags;
	int digits;       /* FT_NUM: behind the point */
	int64_t min, max; /* characters of text, value of numbers, elements of lists; max 0: the type's own */
	const char *def;  /* JSON of what a new record has when nothing is given; NULL: null */
	const char *column; /* when it is not the name */
	const char *sql;    /* F_COMPUTED, F_CUSTOM: an expression of the row `t` that this database, or both,
			       understand */
	const char *ref;    /* FT_REF: name of the resource */
	const char *ref_name; /* FT_REF: SQL of the name shown, when not the target's title */
	const char *accept;   /* FT_FILE: types, "image/ application/pdf"; NULL: any */
	const struct choice *choices;
	const struct child *child;
	/* F_MASKED: shown whole where that field of the record has one of these values, separated by blanks.
	 */
	const char *open_by, *open_with;
	const char *when;   /* "type enum choices": goes only with these words in that field of the record */
	const char *right;  /* that it takes to set another value than the default */
	const char *beside; /* FT_PHONE: field of the same record that takes the extension */
	field_check_fn check;
	field_seal_fn seal;
	struct label label, help;
	const struct unit *unit;     /* FT_MS: seconds when NULL */
	const struct label *section; /* part of a long form; fields of one stand together. NULL: the first */
};

/* What can be done with a resource's records at all; who may is a matter of rights (rights.h). Reading always
 * can. */
enum resource_can {
	RES_CREATE = 1,
	RES_UPDATE = 2,
	RES_DELETE = 4,
	RES_RESTORE = 8, /* deletion only marks the row (column `deleted`) and can be taken back */
	RES_EXPORT = 16,
	RES_IMPORT = 32,
	RES_OPEN = 64,     /* everybody who is signed in reads */
	RES_CUSTOM = 128,  /* takes custom fields: has a column `custom` */
	RES_SINGLE = 256,  /* one record, made with the centre */
	RES_RIGHTS = 512,  /* a change changes what people may do: rights are read anew */
	RES_MASKED = 1024, /* has fields that are masked: the rights to see them in clear and to reveal one */
	RES_OWN = 2048, /* everybody makes, reads, changes, moves and deletes his own rows, as far as it can
			   be done at all */
	RES_SHAPES = 4096, /* a change changes what other records are like: descriptors are read anew */
	RES_TRAIL = 8192,  /* its rows tell of changes of other records, and are shown as those are */
	RES_RECORD = RES_CREATE | RES_UPDATE | RES_DELETE | RES_RESTORE | RES_EXPORT
};

/* How a row belongs to people: SQL of the ids of a user, a team and a site, any of which may be wanting; "@"
 * is the alias of the record's table. With `through` ("table x WHERE …") they stand in the rows of that,
 * and one that fits is enough. */
struct scope {
	const char *user, *team, *site, *through;
};

/* Filled by a hook that refuses a whole record; up to MODEL_FAULTS_MAX faults, each with its field. */
#define MODEL_FAULTS_MAX 50
struct faults {
	struct fault list[MODEL_FAULTS_MAX];
	size_t n;
	size_t more; /* that did not fit */
};

/* Index of the column `search`, where there may be many rows: name of the index, and the column that holds
 * the id of the row it is of. */
struct search_index {
	const char *name, *key;
};
/* A step from one state of a record to another. The field is read-only; POST …/{id}/{action} moves it. Who
 * may is a right of that name ("user.suspend"). */
struct transition {
	const char *action; /* NULL ends the table */
	const char *from;   /* states, separated by blanks */
	const char *to;
	struct label label;
	bool elsewhere; /* a route of its own carries it out, and the state follows when that is done */
	/* Optional: why the record as it is may not move. */
	int (*guard)(const json_t *record, struct fault *reterr_);
};
#define MOVES_MAX 6 /* actions of one resource */

struct resource {
	const char *name, *plural, *table, *area;
	struct label label, labels;
	const char *title; /* field that names a record */
	const char *sort;  /* "name" or "-started" */
	const struct field *fields;
	size_t n_fields;
	unsigned can;      /* RES_… */
	const char *state; /* the field that `moves` moves */
	const struct transition *moves;
	const struct scope *scope;   /* NULL: its rights know no scope but all */
	const struct scope *writers; /* whose rows they are to anything but reading; NULL: as scope */
	const char *masked_with; /* RES_MASKED: the resource whose rights to see in clear and to reveal are
				    for   its rows too */
	const struct search_index *search; /* NULL: few rows, searched one by one */
	/* Where there may be very many rows: which orders an index has, "name", and which within one value of
	 * another field, "tier name". NULL ends them. */
	const char *const *indexes;
	/* Optional: last look at a record about to be saved (old is NULL when new) or, with record NULL,
	 * deleted; reads through db. */
	int (*check)(struct db *db, const json_t *old, const json_t *record, struct faults *faults);
	void (*complete)(json_t *draft); /* fills in what a new record was not given, after the defaults */
	/* Optional: fills in what versions before this one did not store; whether it did. */
	bool (*renew)(json_t *record);
	/* Optional: appends the switch's rows of that record as they are now; a record that is gone gives
	 * null rows. */
	int (*config)(struct db *db, int64_t id, json_t *rows);
	/* Optional: notes what is to follow when a record is gone for good, in the transaction. */
	int (*purged)(struct db *db, const json_t *record);
	const char *effect; /* optional: word of model/outbox.h for what follows a change, beside `config` */
};

/* All of them, in the order of the administration's menu; NULL when there is none of that name. */
extern const struct resource *const resources[];
extern const size_t resources_n;
const struct resource *resource_of_name(const char *name);
const struct resource *resource_of_plural(struct str plural);
const struct field *resource_field(const struct resource *res, struct str name);

static inline bool res_keeps(const struct resource *res)
{
	return res->can & RES_RESTORE;
}

#endif
