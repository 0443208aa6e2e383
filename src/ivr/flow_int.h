#ifndef LX_IVR_FLOW_INT_H
#define LX_IVR_FLOW_INT_H

#include "base/arena.h"
#include "base/obj.h"
#include "ivr/flow.h"
#include "ivr/ivr.h"

/* The compiled form that the interpreter walks. Everything lives in the flow's arena. */

#define NODE_NONE UINT32_MAX

enum node_type {
	NODE_PLAY,
	NODE_MENU,
	NODE_COLLECT,
	NODE_CONDITION,
	NODE_SET,
	NODE_QUEUE,
	NODE_TRANSFER,
	NODE_HANGUP,
	NODE_WAIT,
	NODE__MAX
};

/* Texts may hold {{variable}}. */
enum prompt_kind { PROMPT_NAME, PROMPT_NUMBER, PROMPT_DIGITS };
struct flow_prompt {
	enum prompt_kind kind;
	const char *text;
};
struct flow_prompts {
	const struct flow_prompt *at;
	size_t n;
};

struct flow_key {
	const char *digits;
	uint32_t next;
};
struct flow_keys {
	const struct flow_key *at;
	size_t n;
};

struct flow_value {
	const char *variable, *text;
};
struct flow_values {
	const struct flow_value *at;
	size_t n;
};

struct flow_branch {
	const struct cond *cond;
	uint32_t next;
};
struct flow_branches {
	const struct flow_branch *at;
	size_t n;
};

struct flow_node {
	const char *name, *label; /* label: for people, else the name */
	enum node_type type;
	uint32_t next, failed;
	uint32_t overflow, timed_out, full, no_agents; /* of a queue; NODE_NONE: next */
	uint32_t busy, no_answer;                      /* of a transfer; NODE_NONE: next */
	struct flow_prompts prompts, invalid, timeout;
	struct flow_keys keys;
	struct flow_values values;
	struct flow_branches branches;
	const char *language, *target, *variable, *music, *cause, *terminator;
	int64_t retries, first_timeout_ms, digit_timeout_ms, min, max, priority, ms, kind;
	bool barge_in, secret, announce;
};

struct flow {
	struct obj obj;
	struct arena *arena;
	struct flow_node *nodes;
	size_t n_nodes;
	uint32_t start;
	const char *language;
};

const char *flow_type_name(enum node_type type);
/* [a-z] and then [a-z0-9_], at most 32 bytes. */
bool flow_is_variable(const char *name);

#endif
