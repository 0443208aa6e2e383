#ifndef LX_TESTS_LIFE_CENTRE_H
#define LX_TESTS_LIFE_CENTRE_H

/* A whole voice side in one process: an exchange with real SIP, sound and ACD on loopback, and soft phones
 * with a stack of their own. One loop turns everything; tests wait for events, never for a time. */
#include "call/exchange.h"
#include "life/phone.h"
#include "sip/registration.h"
#include "unit.h"

#define CENTRE_EVENTS_MAX 400

struct centre;

struct desk_phone { /* of an agent, or the trunk's far end */
	struct centre *centre;
	struct phone *phone;
	struct registration *registration;
	char user[16];
	bool registered, ringing, up, ended, refuse;
};

struct centre {
	struct loop *loop;
	struct media *media, *phone_media;
	struct sip_stack *stack, *phone_stack;
	struct registrar *registrar;
	struct trunks *trunks;
	struct exchange *x;
	char sip[64], phones[64], dir[64];
	struct desk_phone agents[2], caller, outside;
	struct {
		enum event_kind kind;
		json_t *json;
	} events[CENTRE_EVENTS_MAX];
	size_t n_events;
	bool leg_rings; /* some leg of the calls as they stand now */
	bool no_media;  /* what the media threads say does not arrive */
};

#define AGENT_1 11
#define AGENT_2 12
#define QUEUE 5

void centre_open(struct centre *c);
/* Ends every call, checks that each interaction ended once, and frees. */
void centre_close(struct centre *c);

/* Turns the loop until the n-th (from 1) event of a kind is there, and returns it (borrowed). */
const json_t *centre_wait(struct centre *c, enum event_kind kind, size_t n);
size_t centre_count(const struct centre *c, enum event_kind kind);
void centre_wait_for(struct centre *c, const bool *flag);
void centre_turn_clock(struct centre *c, int64_t us); /* what is due by then happens now */
void centre_wait_state(struct centre *c, int agent, const char *state);
/* The kinds as one text: "interaction.started leg.started …", leaving out agent.state and leg events. */
void centre_story(const struct centre *c, char *dst, size_t size);

void centre_sign_in(struct centre *c, int agent); /* registers, signs in, ready; may ring at once */
void centre_call(struct centre *c);               /* the caller dials the number */
void centre_answer(struct centre *c, struct desk_phone *phone);                  /* waits until it rings */
int centre_command(struct centre *c, const char *name, int agent, json_t *more); /* takes `more` */
int64_t centre_interaction(const struct centre *c);

#endif
