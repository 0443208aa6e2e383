#ifndef LX_TESTS_DESK_CALLS_H
#define LX_TESTS_DESK_CALLS_H

#include <jansson.h>
#include <stdint.h>

/* Events as the switch's journal would hold them (src/wire/README.md). The clock starts at `at` and only
 * moves as told; n is given by whoever sends them. */
struct script {
	json_t *events;
	int64_t at_ms, boot;
};

void script_init(struct script *s, int64_t at_ms);
void script_wait(struct script *s, int64_t ms);
/* Adds an event with fields as of json_pack(); returns it, borrowed. */
json_t *script_add(struct script *s, const char *kind, const char *fmt, ...);

/* A whole inbound call: menu 2 s, queue 5 s of which 3 s ringing, 10 s talk with 4 s of hold within, wrap-up
 * 6 s. Ids are built on `id`; agent and queue as given. */
void script_call(struct script *s, int64_t id, int64_t agent, int64_t queue, const char *from);
/* The caller gives up after 7 s in the queue. */
void script_abandoned(struct script *s, int64_t id, int64_t queue, const char *from);

#endif
