/* What may be done with a record in its state, and by whom. */
#include "model/mask.h"
#include "model/move.h"
#include "model/trail.h"

#include "base/js.h"

#include <string.h>

static bool has_word(const char *list, const char *word)
{
	struct str rest = str_from(list);
	while (rest.n)
		if (str_eqz(str_cut(&rest, ' '), word))
			return true;
	return false;
}

const struct transition *move_from(const struct resource *res, const char *state, const char *action)
{
	for (const struct transition *m = res->moves; m && m->action; m++)
		if (strcmp(m->action, action) == 0 && has_word(m->from, state))
			return m;
	return NULL;
}

static bool is_first_of_its_name(const struct resource *res, const struct transition *m)
{
	for (const struct transition *before = res->moves; before < m; before++)
		if (strcmp(before->action, m->action) == 0)
			return false;
	return true;
}

const struct transition *move_at(const struct resource *res, size_t n)
{
	for (const struct transition *m = res->moves; m && m->action; m++)
		if (is_first_of_its_name(res, m) && n-- == 0)
			return m;
	return NULL;
}

enum verb move_verb(const struct resource *res, const char *action)
{
	size_t n = 0;
	const struct transition *m;
	while ((m = move_at(res, n)) && strcmp(m->action, action) != 0)
		n++;
	return (enum verb)(VERB__MAX + (m ? n : MOVES_MAX));
}

bool model_has_action(const struct resource *res, const char *action, enum verb *ret_verb)
{
	enum verb verb = move_verb(res, action);
	if ((int)verb < VERB__MAX + MOVES_MAX)
		*ret_verb = verb;
	return (int)verb < VERB__MAX + MOVES_MAX;
}

/* Within the rows that the right is for; a right for all rows needs no look at the database. */
static int may_move(struct db *db, const struct resource *res, const struct actor *actor,
	const struct transition *m, int64_t id, bool *ret_may)
{
	enum verb verb = move_verb(res, m->action);
	int right = right_of(res, verb);
	*ret_may = may(actor, res, verb);
	if (!*ret_may || rights_reach(actor->rights, right) & SCOPE_ALL)
		return 0;
	return scope_has(db, actor, res, right, id, ret_may);
}

static int add_moves(struct db *db, const struct resource *res, const struct actor *actor,
	const json_t *record, json_t *actions)
{
	const char *state = js_str(record, res->state, "");
	const struct transition *at;
	int err = 0;
	for (size_t n = 0; (at = move_at(res, n)) && !err; n++) {
		const struct transition *m = move_from(res, state, at->action);
		bool able = m && !(m->guard && m->guard(record, NULL));
		if (able)
			err = may_move(db, res, actor, m, js_id(record, "id"), &able);
		if (able && !err)
			json_array_append_new(actions, json_string(at->action));
	}
	return err;
}

static void show_trail(const struct actor *actor, json_t *row)
{
	const struct resource *res = catalogue_of_name(actor->catalogue, js_str(row, "resource", ""));
	mask_trail(actor, row);
	if (res)
		trail_hide(actor, res, row);
}

static int present(struct db *db, const struct resource *res, const struct actor *actor, json_t *record)
{
	json_t *actions = json_array();
	int err = 0;
	if (res->can & RES_TRAIL)
		show_trail(actor, record);
	if (json_object_get(record, "deleted")) {
		if (may(actor, res, VERB_RESTORE))
			json_array_append_new(actions, json_string("restore"));
	} else if (res->moves && !err) {
		err = add_moves(db, res, actor, record, actions);
	}
	if (res->moves || json_array_size(actions))
		json_object_set(record, "actions", actions);
	json_decref(actions);
	return err;
}

int records_present(struct db *db, const struct resource *res, const struct actor *actor, json_t *records)
{
	size_t i;
	json_t *record;
	int err = mask_records(db, res, actor, records);
	json_array_foreach (records, i, record)
		if (!err)
			err = present(db, res, actor, record);
	return err;
}
