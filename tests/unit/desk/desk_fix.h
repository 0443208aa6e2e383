#ifndef LX_TESTS_DESK_FIX_H
#define LX_TESTS_DESK_FIX_H

#include "unit.h"

#include "base/buf.h"
#include "base/js.h"
#include "wire/frame.h"

/* A whole desk on threads of this process, with a switch of ours at the other end of its socket, and a
 * browser that speaks HTTP to it. */
struct desk_fix;

enum fix_switch { FIX_NO_SWITCH, FIX_SWITCH, FIX_REFUSING_SWITCH /* of every configuration but full ones */ };

struct desk_fix *fix_start(enum fix_switch how);
void fix_stop(struct desk_fix *fix);
/* The desk ends and begins again on the same data; so does the switch. */
void fix_restart_desk(struct desk_fix *fix);
void fix_switch_away(struct desk_fix *fix);
void fix_switch_back(struct desk_fix *fix);
const char *fix_dir(const struct desk_fix *fix);

/* What the switch has been sent, of one kind, in order: an array that the caller unrefs. */
json_t *fix_received(struct desk_fix *fix, enum frame_kind kind);
/* Waits until the switch has been sent a frame of the kind for which the named text field has the value. */
json_t *fix_await(struct desk_fix *fix, enum frame_kind kind, const char *field, const char *value);
/* Sends a frame from the switch; the object is taken. */
void fix_say(struct desk_fix *fix, enum frame_kind kind, json_t *object);
/* Events in the form of the journal, numbered from n on, then durable; waits until they are stored. */
void fix_events(struct desk_fix *fix, int64_t first_n, json_t *events);

struct answer {
	int status;
	struct buf text; /* head and body */
	struct str body;
	json_t *json; /* NULL when it is none */
};
struct ask {
	const char *method, *path, *token;
	const char *headers; /* whole lines */
	json_t *body;        /* taken */
	const char *raw;     /* instead */
};
/* The answer to one request; give it back with fix_done(). */
void fix_http(struct desk_fix *fix, const struct ask *ask, struct answer *ret);
void fix_done(struct answer *answer);
/* Value of a header, NULL without; in a buffer of the fixture. */
const char *fix_header(struct desk_fix *fix, const struct answer *answer, const char *name);

/* Signs in with the demo's password; the token is in a buffer of the fixture, eight at a time. */
const char *fix_sign_in(struct desk_fix *fix, const char *name);

/* Shorter: status only, or JSON (the caller unrefs) with the status checked. */
int fix_status(struct desk_fix *fix, const char *method, const char *path, const char *token, json_t *body);
json_t *fix_json(struct desk_fix *fix, const char *method, const char *path, const char *token, json_t *body);

/* A live connection: its next message, which the caller unrefs; NULL when it was closed. */
struct live;
struct live *fix_live(struct desk_fix *fix, const char *token);
json_t *fix_live_next(struct live *live);
/* Skips to a message whose field has the value. */
json_t *fix_live_await(struct live *live, const char *field, const char *value);
void fix_live_end(struct live *live);

#endif
