#ifndef LX_MODEL_MATCH_H
#define LX_MODEL_MATCH_H

#include "model/model.h"

/* Records found by what names them: the numbers of a customer, the number of an agent. */
struct match_key {
	const struct field *field; /* of one value, or a list */
	const struct field *part;  /* of a list: the first field of its elements */
};
#define MATCH_KEYS_MAX 16

/* All fields that name one record, and those that most often do (F_KEY). */
size_t match_keys(const struct resource *res, struct match_key keys[MATCH_KEYS_MAX]);
bool match_is_unique(const struct match_key *key);

/* Values of a key in a draft, appended to the array; null and empty ones are none. */
void match_values(const struct match_key *key, const json_t *draft, json_t *values);

/* For each value the oldest record that has it and that the actor may read, 0 for none. actor NULL: any. */
int match_find(struct db *db, const struct resource *res, const struct match_key *key,
	const struct actor *actor, const json_t *values, int64_t *ret_ids) MUST_CHECK;

#endif
