#ifndef LX_DESK_ANSWERS_H
#define LX_DESK_ANSWERS_H

#include "base/buf.h"

#include <jansson.h>

/* What the routes take and answer that is no record of src/model, as rows of text. A form is a list of
 * members:
 *
 *     "name text, note? text|null, tags text[], by_id item{}, state (on off)"
 *
 * `?` may be wanting; `[]` a list, `{}` an object by any name; the words in brackets are all that there are.
 * A type is a word (id, text, integer, number, boolean, time, object, any …), another form, or the name
 * of a resource for one of its records; `+interaction` puts all members of that one in. */
struct answer {
	const char *name, *members;
};

extern const struct answer answers[];
extern const size_t answers_n;

/* Adds each as a JSON Schema to the records' own. */
void answers_add_schemas(json_t *schemas);
/* "200 session, 204, 200 text/csv" as the responses of an operation: a status with a type as above, with a
 * content type, or with no body. */
void answers_add_responses(json_t *responses, const char *list, const char *summary);

/* Whether a body that came has members of its form alone; `faults` name the others. 0 for a type without a
 * form. */
struct faults;
int answers_check_body(const char *what, const json_t *body, struct faults *faults) MUST_CHECK;
/* Of "sign_in_with" or a content type, behind which `?` says that there need be none. The caller owns it. */
json_t *answers_request_body(const char *what);

void answers_print_ts(struct buf *out);
void answers_print_md(struct buf *out);

#endif
