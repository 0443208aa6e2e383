#ifndef LX_IVR_IVR_H
#define LX_IVR_IVR_H

#include "ivr/flow.h"

#include <stdbool.h>
#include <stdint.h>

/* One call's walk through a flow. Pure: inputs with the monotonic time, actions drained with ivr_next() after
 * each of them. One thread; the owner frees. Digits collected with "secret" never appear in an action. */
struct ivr;

/* What the host tells a run at its start: caller, did, tier, language, customer, name, and for opening hours
 * time ("0935"), weekday ("1" Monday … "7"), date ("2026-11-21"), open ("no" outside the centre's hours). All
 * of them optional. */
struct ivr_var {
	const char *name, *value;
};

enum ivr_queue_result {
	IVR_QUEUE_ANSWERED,
	IVR_QUEUE_OVERFLOW,
	IVR_QUEUE_TIMEOUT,
	IVR_QUEUE_FULL,
	IVR_QUEUE_NO_AGENTS
};
enum ivr_transfer_result {
	IVR_TRANSFER_ANSWERED,
	IVR_TRANSFER_BUSY,
	IVR_TRANSFER_NO_ANSWER,
	IVR_TRANSFER_FAILED /* unknown target, unreachable, refused */
};

/* Takes a reference of the flow. `language` may be among the variables; default zh-CN. */
struct ivr *ivr_new(struct flow *flow, const struct ivr_var *vars, size_t n_vars);
void *ivr_free(struct ivr *run); /* NULL allowed; returns NULL */

/* Inputs. Each does nothing when it does not fit what the run waits for. */
void ivr_start(struct ivr *run, int64_t now_us);
/* The list of the play action with that id has ended (also when a prompt was missing). */
void ivr_played(struct ivr *run, int64_t play, int64_t now_us);
void ivr_digit(struct ivr *run, char digit, int64_t now_us); /* 0-9 * # A-D */
void ivr_tick(struct ivr *run, int64_t now_us);
void ivr_queue_result(struct ivr *run, enum ivr_queue_result result, int64_t now_us);
/* Position (0: not to be told) and expected wait (below 0: unknown, or not to be told) are due for the
 * caller in the queue. */
void ivr_announce(struct ivr *run, size_t position, int64_t wait_ms, int64_t now_us);
void ivr_transfer_result(struct ivr *run, enum ivr_transfer_result result, int64_t now_us);
void ivr_hangup(struct ivr *run, int64_t now_us); /* the caller is gone */

int64_t ivr_next_wake(const struct ivr *run); /* INT64_MAX: never */

enum ivr_what {
	IVR_PLAY,  /* play, prompts, n_prompts, language, barge_in; replaces what plays; ivr_played() follows
		    */
	IVR_STOP,  /* stop what plays; no ivr_played() is needed */
	IVR_MUSIC, /* prompts[0] or the queue's own music, endless, until the next play, stop or music */
	IVR_ENQUEUE,  /* target (queue id or name), priority */
	IVR_TRANSFER, /* kind, target */
	IVR_HANGUP,   /* cause: the call is to be ended */
	IVR_STEP,     /* node, type, result, key, label: for the journal */
	IVR_ENDED /* reason: the run is over, free it: answered, transferred, hangup, caller_hangup, failed */
};
enum ivr_target { IVR_TARGET_AGENT, IVR_TARGET_NUMBER, IVR_TARGET_QUEUE };

#define IVR_PROMPTS_MAX 32

/* Texts belong to the run and live until the next input. */
struct ivr_action {
	enum ivr_what what;
	int64_t play;
	const char *prompts[IVR_PROMPTS_MAX];
	size_t n_prompts;
	const char *language;
	bool barge_in; /* keys stop it: the run sends IVR_STOP itself */
	const char *target;
	enum ivr_target kind;
	int priority;
	const char *node, *type, *result, *key; /* key "" when there is none */
	const char *label;                      /* of the node that a menu's key leads to; or NULL */
	const char *cause;                      /* of IVR_HANGUP and IVR_ENDED */
};

/* Takes the oldest; false when all are drained. */
bool ivr_next(struct ivr *run, struct ivr_action *ret_action);

/* The value of a variable, NULL when unset; secret ones can be read here and nowhere else. */
const char *ivr_value(const struct ivr *run, const char *name);

#endif
