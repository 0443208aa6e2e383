#ifndef LX_CALL_EXCHANGE_H
#define LX_CALL_EXCHANGE_H

#include "base/js.h"
#include "call/site.h"
#include "media/media.h"
#include "sip/registrar.h"
#include "sip/stack.h"
#include "wire/event.h"

/* All live state of the voice side: calls, legs, queues, agents. It joins the pure cores (acd/, ivr/) with
 * SIP and media, and belongs to the signalling thread. Everything outward goes through its sink. */
struct exchange;
struct trunks;

struct exchange_sink {
	/* What happened. The object is borrowed and already holds the fields of its kind (wire/event.h); key
	 * and time are the receiver's to add. Returns the event's number. */
	int64_t (*event)(void *arg, enum event_kind kind, int64_t interaction, int64_t agent, json_t *event);
	/* How a thing stands now; NULL when it is gone. The value is borrowed. */
	void (*live)(void *arg, const char *topic, int64_t id, const json_t *value);
	/* Who is this caller? Answered by exchange_caller_known(), or never. False: nobody to ask. */
	bool (*ask_caller)(void *arg, int64_t interaction, const char *number);
	/* Whether a new call may begin (its history can be kept). */
	bool (*may_start)(void *arg);
};

struct exchange_opts {
	struct loop *loop;
	struct media *media;
	struct sip_stack *stack;
	struct registrar *registrar;
	struct trunks *trunks;
	const char *data_dir; /* prompts below it, recordings below its recordings/ */
	unsigned node;
	unsigned visitor_max; /* calls of strangers from one address at once, 0: any number */
	const struct exchange_sink *sink;
	void *arg;
};

struct exchange *exchange_new(const struct exchange_opts *opts);
/* NULL allowed; calls must have ended: see exchange_end_all(). Returns NULL. */
void *exchange_free(struct exchange *x);

/* Hangs up everything; exchange_calls() falls to 0 as the media threads answer. */
void exchange_end_all(struct exchange *x, const char *cause);
size_t exchange_calls(const struct exchange *x);

/* Takes the new set-up (a reference of its own); -E_INVALID changes nothing. */
int exchange_set_site(struct exchange *x, struct site *site, struct fault *reterr_) MUST_CHECK;

/* Carries out a command of wire/README.md. The fault tells why not. */
int exchange_command(struct exchange *x, const json_t *command, struct fault *reterr_) MUST_CHECK;
/* Number of the last event that the last command caused; 0 when none. */
int64_t exchange_last_event(const struct exchange *x);
/* Interaction that the last command began (call.dial); 0 when none. */
int64_t exchange_last_interaction(const struct exchange *x);

/* The answer to ask_caller(); an empty object when nothing is known. */
void exchange_caller_known(struct exchange *x, int64_t interaction, const json_t *answer);

/* After a restart: puts an agent back as the journal knew him (an agent.state event). */
void exchange_resume_agent(struct exchange *x, const json_t *state);

/* Says every live value once. */
void exchange_live_all(struct exchange *x);

/* Handlers for the parts that the owner makes before the exchange exists; arg is the exchange. */
/* A stranger is who is no account of ours and whose address is no trunk's. */
enum stack_verdict exchange_on_admit(
	void *arg, const struct sip_msg *invite, const struct sip_flow *flow, bool *ret_stranger);
void exchange_on_invite(void *arg, struct session *s, const struct sip_msg *invite);
bool exchange_find_account(void *arg, struct str auth_user, struct sip_account *ret_account);
void exchange_on_media(const struct media_event *event, void *arg);
void exchange_on_registered(void *arg, const struct binding_info *binding);
void exchange_on_unregistered(void *arg, const struct binding_info *binding);

#endif
