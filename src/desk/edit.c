/* A change of a record as requests and jobs make it. */
#include "desk/edit.h"

#include "desk/duty.h"
#include "desk/shapes.h"

static int write_record(const struct change *c, struct edit *e)
{
	if (e->verb == VERB_CREATE)
		return model_create(c, e->res, e->draft, &e->id);
	if (e->verb == VERB_UPDATE)
		return model_update(c, e->res, e->id, e->version, e->draft);
	if (e->verb == VERB_DELETE)
		return model_delete(c, e->res, e->id, e->version);
	if (e->verb == VERB_PURGE)
		return model_purge(c, e->res, e->id, e->version);
	if (e->action)
		return model_move(c, e->res, e->id, e->version, e->action);
	return model_restore(c, e->res, e->id, e->version);
}

int edit_write(const struct change *change, struct edit *e)
{
	const struct duty *duty = duty_of(e->res);
	struct change c = *change;
	int err = 0;
	c.effect = &e->effect;
	e->owners.n = 0;
	if (duty->before)
		err = duty->before(c.db, e);
	if (!err && e->verb != VERB_CREATE)
		err = scope_owners(c.db, e->res, e->id, &e->owners);
	if (!err)
		err = write_record(&c, e);
	if (!err && duty->after)
		err = duty->after(&c, e);
	return err ? err : scope_owners(c.db, e->res, e->id, &e->owners);
}

void edit_follow(struct desk *desk, const struct edit *e)
{
	const struct duty *duty = duty_of(e->res);
	if (duty->follow)
		duty->follow(desk, e);
	if (e->res->can & RES_SHAPES)
		shapes_look(desk->shapes);
}
