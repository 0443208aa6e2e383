/* The pace of the demo's callers and robot agents (src/life), which ask for it. It belongs to this run of the
 * process and to a demo centre only. */
#include "base/mem.h"
#include "desk/hub.h"
#include "desk/routes.h"

#include <stdatomic.h>

#define SPEED_MIN 0.1
#define SPEED_MAX 20.0
#define PERCENT 100

static json_t *demo_json(struct desk *desk)
{
	const struct demo *demo = &desk->demo;
	bool stopped = atomic_load(&demo->stopped), paused = atomic_load(&demo->paused);
	return json_pack("{s:b, s:b, s:f, s:s}", "running", !stopped, "paused", paused, "speed",
		(double)atomic_load(&demo->speed_percent) / PERCENT, "state",
		stopped          ? "stopped"
			: paused ? "paused"
				 : "running");
}

int demo_read(struct request *r)
{
	return r->desk->options->demo ? reply_json(r, 200, demo_json(r->desk)) : -E_NOT_FOUND;
}

static void read_flag(struct request *r, const char *name, bool inverted, atomic_bool *flag)
{
	const json_t *value = json_object_get(r->body, name);
	if (!value)
		return;
	if (json_is_boolean(value))
		atomic_store(flag, json_is_true(value) != inverted);
	else
		(void)faults_add(&r->faults, "type", name, "must be true or false");
}

int demo_update(struct request *r)
{
	struct demo *demo = &r->desk->demo;
	const json_t *speed = json_object_get(r->body, "speed");
	if (!r->desk->options->demo)
		return -E_NOT_FOUND;
	if (speed && json_number_value(speed) >= SPEED_MIN && json_number_value(speed) <= SPEED_MAX)
		atomic_store(&demo->speed_percent, (int)(json_number_value(speed) * PERCENT));
	else if (speed)
		(void)faults_add(
			&r->faults, "range", "speed", "must be between %.1f and %.0f", SPEED_MIN, SPEED_MAX);
	read_flag(r, "running", true, &demo->stopped);
	read_flag(r, "paused", false, &demo->paused);
	return r->faults.n ? -E_INVALID : reply_json(r, 200, demo_json(r->desk));
}
