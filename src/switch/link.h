#ifndef LX_SWITCH_LINK_H
#define LX_SWITCH_LINK_H

#include "base/js.h"
#include "net/loop.h"
#include "switch/journal.h"
#include "wire/event.h"

/* The switch's side of the socket to the desk: events go out at once and again from the journal when the desk
 * was away or slow; commands come in and are answered once however often they are sent. Belongs to the loop.
 */
struct link;

struct link_handlers {
	/* The desk is there: say how things stand. */
	void (*up)(void *arg);
	/* Carry it out; the number of the last event it caused goes into *ret_n, an interaction it began
	 * likewise. */
	int (*command)(void *arg, const json_t *command, int64_t *ret_n, int64_t *ret_interaction,
		struct fault *reterr_);
	/* A config message, as text. */
	void (*config)(void *arg, struct str text);
	/* The answer to link_ask(). */
	void (*answer)(void *arg, int64_t id, const json_t *answer);
};

struct link_opts {
	const char *path;
	struct loop *loop;
	struct journal *journal;
	int64_t node, boot;
	int64_t last_n; /* of the journal */
	int64_t window; /* events sent that the desk has not stored yet, at most [100,000] */
	const struct link_handlers *handlers;
	void *arg;
};

int link_new(const struct link_opts *opts, struct link **ret_link) MUST_CHECK;
void *link_free(struct link *l); /* NULL allowed; returns NULL */

/* Adds number, boot, time and kind to the event, writes it to the journal and sends it. at_ms 0: now. Returns
 * the number. */
int64_t link_event(struct link *l, enum event_kind kind, int64_t at_ms, json_t *event);
/* Every event up to n is on disk. */
void link_durable(struct link *l, int64_t n);

/* Dropped when nobody listens; after a jam everything is said again through up(). */
void link_live(struct link *l, const char *topic, int64_t id, const json_t *value);
/* False when there is no desk. */
bool link_ask(struct link *l, const char *name, int64_t id, json_t *fields);
void link_config_ack(struct link *l, int64_t revision, int err, const struct fault *fault);

#endif
