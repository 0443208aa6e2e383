#ifndef LX_LIFE_PHONE_H
#define LX_LIFE_PHONE_H

#include "base/obj.h"
#include "call/line.h"
#include "sip/session.h"

/* A soft phone with one call at a time: a session, its sound, and a voice. A struct obj. */
struct sip_stack;

struct phone_handlers {
	void (*on_up)(void *arg);    /* both can speak */
	void (*on_ended)(void *arg); /* the other side hung up, refused, or could not be reached */
};

struct phone {
	struct obj obj;
	struct media *media;
	struct sip_stack *stack;
	uint64_t tag; /* of its media events */
	uint64_t group;
	struct line line;
	struct session *session;
	char *answer; /* SDP to answer an incoming call with */
	const struct phone_handlers *handlers;
	void *arg;
	bool up;
};

struct phone *phone_new(struct sip_stack *stack, struct media *media, uint64_t tag,
	const struct phone_handlers *handlers, void *arg);
void phone_call(struct phone *p, const char *target, const char *from); /* on_ended when it fails */
/* Takes an incoming session; phone_answer() picks up. */
int phone_take(struct phone *p, struct session *s, struct str offer) MUST_CHECK;
void phone_answer(struct phone *p);
void phone_hangup(struct phone *p); /* no handler is called */
bool phone_is_idle(const struct phone *p);

/* Speaks a file (NULL: nothing) and is silent then, as a phone is: its packets go on. */
void phone_say(struct phone *p, const char *path);
void phone_key(struct phone *p, char key);

#endif
