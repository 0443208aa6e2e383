#ifndef LX_SWITCH_CONFIG_H
#define LX_SWITCH_CONFIG_H

#include "call/site.h"
#include "net/loop.h"

/* The set-up as the desk sends it: rows are merged and built into a snapshot on a worker thread, offered to
 * the owner, and kept on disk (this and the former revision) once he has taken it; what the disk refuses is
 * tried again each second. Belongs to the loop. */
struct config;

struct config_handlers {
	/* A snapshot is ready: 0 takes it, an error refuses it (then the fault is filled). Borrowed. */
	int (*offer)(void *arg, struct site *site, struct fault *reterr_);
	/* What became of a message: 0 and the revision now in force, or why not; whether it was a whole
	 * set-up. */
	void (*result)(void *arg, int64_t revision, bool full, int err, const struct fault *fault);
};

struct config *config_new(
	struct loop *loop, const char *dir, const struct config_handlers *handlers, void *arg);
/* Waits for the worker. NULL allowed; returns NULL. */
void *config_free(struct config *c);

/* Offers the newest revision on disk that can be read, at once. -E_NOT_FOUND without one. */
int config_load(struct config *c) MUST_CHECK;

/* A config message of wire/README.md as text; messages are worked on in order. */
void config_submit(struct config *c, struct str text);

/* Why the set-up in force is not on disk; 0 when it is, or is just being written. */
int config_save_err(const struct config *c);

#endif
