/* The interpreter. Tables tell what an input does in each state and how each type of node begins; a handler
 * returns the state that follows and run_fire() alone writes it. What the caller typed into a collect node
 * marked secret becomes a secret variable: conditions see it, texts that leave the run do not. */
#include "ivr/ivr.h"

#include "base/log.h"
#include "base/mem.h"
#include "ivr/cond.h"
#include "ivr/flow_int.h"
#include "ivr/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_PER_INPUT 100 /* nodes entered without waiting */
#define STEPS_PER_RUN 2000
#define VARIABLES_MAX 64
#define VALUE_MAX 256
#define TYPED_MAX 40
#define SCRATCH_MAX (1024 * 1024)

enum run_state {
	RS_NEW,
	RS_PLAYING,
	RS_PROMPTING, /* menu or collect: the prompt plays */
	RS_LISTENING, /* the clock for the next key runs */
	RS_QUEUED,
	RS_ANNOUNCING, /* queued, and told his place */
	RS_TRANSFER,
	RS_WAITING,
	RS_ENDED,
	RS_ON, /* of handlers only: go on with run->node */
	RS__MAX = RS_ON
};
enum run_event {
	RE_START,
	RE_PLAYED,
	RE_DIGIT,
	RE_DUE,
	RE_QUEUE,
	RE_ANNOUNCE,
	RE_TRANSFER,
	RE_HANGUP,
	RE__MAX
};

struct input {
	int64_t play;
	char digit;
	enum ivr_queue_result queue_result;
	enum ivr_transfer_result transfer_result;
	size_t position;
	int64_t wait_ms;
};

struct variable {
	char *name, *value;
	bool secret;
};

struct ivr {
	struct flow *flow;
	struct arena *scratch; /* texts of actions, until all are drained */
	struct variable variables[VARIABLES_MAX];
	size_t n_variables;
	enum run_state state;
	uint32_t node;
	int64_t now_us, wake_us, play;
	char typed[TYPED_MAX + 1];
	size_t n_typed, steps, steps_now;
	int64_t attempts;
	struct ivr_action *actions;
	size_t first_action, n_actions, size_actions;
};

typedef enum run_state (*enter_fn)(struct ivr *run, const struct flow_node *node);
typedef enum run_state (*handle_fn)(struct ivr *run, const struct flow_node *node, const struct input *in);

static struct variable *find_variable(const struct ivr *run, const char *name)
{
	for (size_t i = 0; i < run->n_variables; i++)
		if (strcmp(run->variables[i].name, name) == 0)
			return (struct variable *)&run->variables[i];
	return NULL;
}

/* Frees a value that may be secret. */
static void forget(char *value)
{
	if (value)
		explicit_bzero(value, strlen(value));
	free(value);
}

static void set_variable(struct ivr *run, const char *name, const char *value, bool secret)
{
	struct variable *variable = find_variable(run, name);
	if (!variable) {
		if (run->n_variables == VARIABLES_MAX) {
			log_(LOG_IVR, LOG_DEBUG, "too many variables name=%s", name);
			return;
		}
		variable = &run->variables[run->n_variables++];
		*variable = (struct variable){ .name = mem_strdup(name) };
	}
	forget(variable->value);
	variable->value = mem_strndup(value, VALUE_MAX);
	variable->secret = secret;
}

const char *ivr_value(const struct ivr *run, const char *name)
{
	const struct variable *variable = find_variable(run, name);
	return variable ? variable->value : NULL;
}

static const char *value_for_cond(void *arg, const char *name)
{
	return ivr_value(arg, name);
}

/* Replaces {{variable}}; unset and secret ones by nothing. What does not fit is cut. */
static const char *expand(struct ivr *run, const char *text)
{
	char out[VALUE_MAX + 1];
	size_t n = 0;
	if (!strstr(text, "{{"))
		return text;
	while (*text && n < VALUE_MAX) {
		const char *end = strncmp(text, "{{", 2) == 0 ? strstr(text, "}}") : NULL;
		if (!end) {
			out[n++] = *text++;
			continue;
		}
		char *name = str_dup((struct str){ text + 2, (size_t)(end - text - 2) });
		const struct variable *variable = find_variable(run, name);
		if (variable && !variable->secret)
			n += (size_t)snprintf(
				out + n, sizeof(out) - n, "%.*s", (int)(VALUE_MAX - n), variable->value);
		free(name);
		text = end + 2;
	}
	const char *copy = arena_strndup(run->scratch, (struct str){ out, n });
	return copy ? copy : "";
}

static struct ivr_action *act(struct ivr *run, enum ivr_what what)
{
	if (run->n_actions == run->size_actions) {
		run->size_actions = run->size_actions ? 2 * run->size_actions : 4;
		run->actions = mem_resize(run->actions, run->size_actions, sizeof(*run->actions));
	}
	struct ivr_action *action = &run->actions[run->n_actions++];
	*action = (struct ivr_action){ .what = what,
		.target = "",
		.node = "",
		.type = "",
		.result = "",
		.key = "",
		.cause = "",
		.language = run->flow->language };
	return action;
}

static struct ivr_action *step(struct ivr *run, const char *result, const char *key)
{
	const struct flow_node *node = &run->flow->nodes[run->node];
	struct ivr_action *action = act(run, IVR_STEP);
	action->node = node->name;
	action->type = flow_type_name(node->type);
	action->result = result;
	action->key = key;
	return action;
}

static enum run_state end(struct ivr *run, const char *reason)
{
	act(run, IVR_ENDED)->cause = reason;
	run->wake_us = INT64_MAX;
	return RS_ENDED;
}

/* The flow cannot go on: the call ends rather than hangs. */
static enum run_state fail(struct ivr *run)
{
	act(run, IVR_HANGUP)->cause = "failed";
	return end(run, "failed");
}

static enum run_state go(struct ivr *run, uint32_t node)
{
	run->node = node;
	run->attempts = 0;
	run->wake_us = INT64_MAX;
	return RS_ON;
}

static const char *language_of(struct ivr *run, const struct flow_node *node)
{
	const char *language = node->language ? expand(run, node->language) : ivr_value(run, "language");
	if (!language || !*language)
		return run->flow->language;
	language =
		arena_strndup(run->scratch, str_from(language)); /* a variable may change before it is read */
	return language ? language : run->flow->language;
}

static void add_prompts(struct ivr *run, struct say *say, const char *language, struct flow_prompts prompts)
{
	for (size_t i = 0; i < prompts.n; i++) {
		const char *text = expand(run, prompts.at[i].text);
		uint32_t number;
		if (!*text)
			continue;
		if (prompts.at[i].kind == PROMPT_NAME)
			say_prompt(say, text);
		else if (prompts.at[i].kind == PROMPT_NUMBER &&
			str_to_u32(str_from(text), UINT32_MAX, &number) == 0)
			say_number(say, language, number);
		else
			say_digits(say, language, text);
	}
}

/* False when there is nothing to play. */
static bool play(struct ivr *run, const struct say *say, const char *language, bool barge_in)
{
	if (!say->n)
		return false;
	struct ivr_action *action = act(run, IVR_PLAY);
	action->play = ++run->play;
	action->language = language;
	action->barge_in = barge_in;
	action->n_prompts = say->n;
	memcpy(action->prompts, say->prompts, say->n * sizeof(*say->prompts));
	return true;
}

static void wake_in(struct ivr *run, int64_t ms)
{
	run->wake_us = run->now_us + ms * 1000;
}

static enum run_state enter_play(struct ivr *run, const struct flow_node *node)
{
	struct say say = { .n = 0 };
	const char *language = language_of(run, node);
	if (run->n_typed && node->barge_in) {
		step(run, "skipped", "");
		return go(run, node->next);
	}
	add_prompts(run, &say, language, node->prompts);
	if (play(run, &say, language, node->barge_in))
		return RS_PLAYING;
	step(run, "empty", "");
	return go(run, node->next);
}

static enum run_state listen(struct ivr *run, const struct flow_node *node)
{
	wake_in(run, run->n_typed ? node->digit_timeout_ms : node->first_timeout_ms);
	return RS_LISTENING;
}

static enum run_state judge(struct ivr *run, const struct flow_node *node);

/* Begins an attempt, with what was wrong with the last one said first. */
static enum run_state prompt(struct ivr *run, const struct flow_node *node, struct flow_prompts wrong)
{
	struct say say = { .n = 0 };
	const char *language = language_of(run, node);
	if (run->n_typed)
		return judge(run, node); /* typed ahead */
	add_prompts(run, &say, language, wrong);
	add_prompts(run, &say, language, node->prompts);
	return play(run, &say, language, node->barge_in) ? RS_PROMPTING : listen(run, node);
}

static enum run_state attempt_failed(struct ivr *run, const struct flow_node *node, bool invalid)
{
	const char *key = "";
	if (invalid && node->type == NODE_MENU) {
		key = arena_strndup(run->scratch, (struct str){ run->typed, run->n_typed });
		key = key ? key : "";
	}
	run->n_typed = 0;
	run->wake_us = INT64_MAX;
	if (run->attempts++ >= node->retries) {
		step(run, "failed", key);
		return go(run, node->type == NODE_MENU ? node->next : node->failed);
	}
	step(run, invalid ? "invalid" : "timeout", key);
	return prompt(run, node, invalid ? node->invalid : node->timeout);
}

/* Takes the first n keys away; what was typed ahead of the next node stays. */
static void eat(struct ivr *run, size_t n)
{
	memmove(run->typed, run->typed + n, run->n_typed - n);
	run->n_typed -= n;
}

struct key_match {
	const struct flow_key *exact; /* the longest key that the typed ones begin with */
	bool longer;                  /* a key begins with all that was typed */
};

static struct key_match match_keys(const struct ivr *run, const struct flow_keys *keys)
{
	struct str typed = { run->typed, run->n_typed };
	struct key_match match = { .exact = NULL };
	for (size_t i = 0; i < keys->n; i++) {
		struct str key = str_from(keys->at[i].digits);
		if (str_starts(typed, key) && (!match.exact || key.n > strlen(match.exact->digits)))
			match.exact = &keys->at[i];
		else if (key.n > typed.n && str_starts(key, typed))
			match.longer = true;
	}
	return match;
}

static enum run_state choose(struct ivr *run, const struct flow_key *key)
{
	step(run, "key", key->digits)->label = run->flow->nodes[key->next].label;
	eat(run, strlen(key->digits));
	return go(run, key->next);
}

static enum run_state judge_menu(struct ivr *run, const struct flow_node *node)
{
	struct key_match match = match_keys(run, &node->keys);
	if (match.longer)
		return listen(run, node);
	return match.exact ? choose(run, match.exact) : attempt_failed(run, node, true);
}

/* Stores n typed keys; `eaten` counts the terminator too. */
static enum run_state collected(struct ivr *run, const struct flow_node *node, size_t n, size_t eaten)
{
	char value[TYPED_MAX + 1];
	const char *key = "";
	memcpy(value, run->typed, n);
	value[n] = '\0';
	set_variable(run, node->variable, value, node->secret);
	if (!node->secret)
		key = arena_strndup(run->scratch, str_from(value));
	explicit_bzero(value, sizeof(value));
	step(run, "collected", key ? key : "");
	eat(run, eaten);
	return go(run, node->next);
}

static enum run_state judge_collect(struct ivr *run, const struct flow_node *node)
{
	size_t max = (size_t)node->max, n = 0;
	while (n < run->n_typed && n < max && run->typed[n] != *node->terminator)
		n++;
	bool terminated = n < run->n_typed && run->typed[n] == *node->terminator;
	if (!terminated && n < max)
		return listen(run, node);
	if (n < (size_t)node->min)
		return attempt_failed(run, node, true);
	return collected(run, node, n, n + terminated);
}

static enum run_state judge(struct ivr *run, const struct flow_node *node)
{
	return node->type == NODE_MENU ? judge_menu(run, node) : judge_collect(run, node);
}

static enum run_state enter_keys(struct ivr *run, const struct flow_node *node)
{
	return prompt(run, node, (struct flow_prompts){ .n = 0 });
}

static enum run_state enter_condition(struct ivr *run, const struct flow_node *node)
{
	for (size_t i = 0; i < node->branches.n; i++) {
		if (!cond_holds(node->branches.at[i].cond, value_for_cond, run))
			continue;
		const char *result = arena_printf(run->scratch, "branch %zu", i + 1);
		step(run, result ? result : "branch", "");
		return go(run, node->branches.at[i].next);
	}
	step(run, "else", "");
	return go(run, node->next);
}

static enum run_state enter_set(struct ivr *run, const struct flow_node *node)
{
	for (size_t i = 0; i < node->values.n; i++)
		set_variable(run, node->values.at[i].variable, expand(run, node->values.at[i].text), false);
	step(run, "set", "");
	return go(run, node->next);
}

static void music(struct ivr *run, const struct flow_node *node)
{
	struct ivr_action *action = act(run, IVR_MUSIC);
	action->language = language_of(run, node);
	if (node->music) {
		action->prompts[0] = expand(run, node->music);
		action->n_prompts = 1;
	}
}

static enum run_state enter_queue(struct ivr *run, const struct flow_node *node)
{
	struct ivr_action *action = act(run, IVR_ENQUEUE);
	action->target = expand(run, node->target);
	action->priority = (int)node->priority;
	run->n_typed = 0;
	music(run, node);
	return RS_QUEUED;
}

static enum run_state enter_transfer(struct ivr *run, const struct flow_node *node)
{
	struct ivr_action *action = act(run, IVR_TRANSFER);
	action->kind = (enum ivr_target)node->kind;
	action->target = expand(run, node->target);
	run->n_typed = 0;
	return RS_TRANSFER;
}

static enum run_state enter_hangup(struct ivr *run, const struct flow_node *node)
{
	step(run, "hangup", "");
	act(run, IVR_HANGUP)->cause = expand(run, node->cause);
	return end(run, "hangup");
}

static enum run_state enter_wait(struct ivr *run, const struct flow_node *node)
{
	wake_in(run, node->ms);
	return RS_WAITING;
}

static const enter_fn enters[NODE__MAX] = {
	[NODE_PLAY] = enter_play,
	[NODE_MENU] = enter_keys,
	[NODE_COLLECT] = enter_keys,
	[NODE_CONDITION] = enter_condition,
	[NODE_SET] = enter_set,
	[NODE_QUEUE] = enter_queue,
	[NODE_TRANSFER] = enter_transfer,
	[NODE_HANGUP] = enter_hangup,
	[NODE_WAIT] = enter_wait,
};

static enum run_state started(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	(void)node;
	(void)in;
	return go(run, run->flow->start);
}

static enum run_state play_done(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	if (in->play != run->play)
		return run->state;
	step(run, "played", "");
	return go(run, node->next);
}

static void type_digit(struct ivr *run, char digit)
{
	if (run->n_typed < TYPED_MAX)
		run->typed[run->n_typed++] = digit;
}

static enum run_state play_digit(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	if (!node->barge_in)
		return RS_PLAYING;
	type_digit(run, in->digit);
	act(run, IVR_STOP);
	step(run, "interrupted", "");
	return go(run, node->next);
}

static enum run_state prompt_done(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	return in->play == run->play ? listen(run, node) : run->state;
}

static enum run_state prompt_digit(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	if (!node->barge_in)
		return RS_PROMPTING;
	act(run, IVR_STOP);
	type_digit(run, in->digit);
	return judge(run, node);
}

static enum run_state digit(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	type_digit(run, in->digit);
	return judge(run, node);
}

/* No further key came: a shorter key of a menu or enough digits are good. */
static enum run_state keys_due(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	(void)in;
	if (!run->n_typed)
		return attempt_failed(run, node, false);
	if (node->type == NODE_MENU) {
		struct key_match match = match_keys(run, &node->keys);
		bool whole = match.exact && strlen(match.exact->digits) == run->n_typed;
		return whole ? choose(run, match.exact) : attempt_failed(run, node, true);
	}
	if (run->n_typed < (size_t)node->min)
		return attempt_failed(run, node, true);
	return collected(run, node, run->n_typed, run->n_typed);
}

static enum run_state queue_done(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	static const char *const names[] = { "answered", "overflow", "timeout", "full", "no_agents" };
	const uint32_t branches[] = { NODE_NONE, node->overflow, node->timed_out, node->full,
		node->no_agents };
	act(run, IVR_STOP);
	step(run, names[in->queue_result], "");
	if (in->queue_result == IVR_QUEUE_ANSWERED)
		return end(run, "answered");
	uint32_t next = branches[in->queue_result];
	return go(run, next == NODE_NONE ? node->next : next);
}

static enum run_state announce(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	struct say say = { .n = 0 };
	const char *language = language_of(run, node);
	if (node->announce)
		say_position(&say, language, in->position, in->wait_ms);
	add_prompts(run, &say, language, node->prompts);
	return play(run, &say, language, false) ? RS_ANNOUNCING : run->state;
}

static enum run_state announce_done(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	if (in->play != run->play)
		return run->state;
	music(run, node);
	return RS_QUEUED;
}

static enum run_state transfer_done(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	static const char *const names[] = { "answered", "busy", "no_answer", "failed" };
	const uint32_t branches[] = { NODE_NONE, node->busy, node->no_answer, node->failed };
	step(run, names[in->transfer_result], "");
	if (in->transfer_result == IVR_TRANSFER_ANSWERED)
		return end(run, "transferred");
	uint32_t next = branches[in->transfer_result];
	return go(run, next == NODE_NONE ? node->next : next);
}

static enum run_state wait_due(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	(void)in;
	step(run, "waited", "");
	return go(run, node->next);
}

static enum run_state wait_digit(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	(void)node;
	type_digit(run, in->digit);
	return RS_WAITING;
}

static enum run_state gone(struct ivr *run, const struct flow_node *node, const struct input *in)
{
	(void)node;
	(void)in;
	step(run, "caller_hangup", "");
	return end(run, "caller_hangup");
}

/* clang-format off */
static const handle_fn run_fsm[RS__MAX][RE__MAX] = {
	[RS_NEW]        = { [RE_START] = started },
	[RS_PLAYING]    = { [RE_PLAYED] = play_done, [RE_DIGIT] = play_digit, [RE_HANGUP] = gone },
	[RS_PROMPTING]  = { [RE_PLAYED] = prompt_done, [RE_DIGIT] = prompt_digit, [RE_HANGUP] = gone },
	[RS_LISTENING]  = { [RE_DIGIT] = digit, [RE_DUE] = keys_due, [RE_HANGUP] = gone },
	[RS_QUEUED]     = { [RE_QUEUE] = queue_done, [RE_ANNOUNCE] = announce, [RE_HANGUP] = gone },
	[RS_ANNOUNCING] = { [RE_PLAYED] = announce_done, [RE_QUEUE] = queue_done, [RE_ANNOUNCE] = announce,
			    [RE_HANGUP] = gone },
	[RS_TRANSFER]   = { [RE_TRANSFER] = transfer_done, [RE_HANGUP] = gone },
	[RS_WAITING]    = { [RE_DIGIT] = wait_digit, [RE_DUE] = wait_due, [RE_HANGUP] = gone },
};
/* clang-format on */

static void run_fire(struct ivr *run, enum run_event event, const struct input *in)
{
	handle_fn handle = run_fsm[run->state][event];
	if (!handle) {
		log_(LOG_IVR, LOG_DEBUG, "not possible state=%d event=%d", (int)run->state, (int)event);
		return;
	}
	enum run_state next = handle(run, &run->flow->nodes[run->node], in);
	for (size_t n = 0; next == RS_ON; n++) {
		const struct flow_node *node = &run->flow->nodes[run->node];
		bool too_long = n == STEPS_PER_INPUT || ++run->steps > STEPS_PER_RUN;
		next = too_long ? fail(run) : enters[node->type](run, node);
	}
	run->state = next;
}

/* Every input: first what was due before it. */
static void input(struct ivr *run, enum run_event event, const struct input *in, int64_t now_us)
{
	if (now_us > run->now_us)
		run->now_us = now_us;
	if (!run->n_actions)
		arena_reset(run->scratch);
	if (run->wake_us <= run->now_us) {
		run->wake_us = INT64_MAX;
		run_fire(run, RE_DUE, &(struct input){ .play = 0 });
	}
	if (event != RE_DUE)
		run_fire(run, event, in);
}

struct ivr *ivr_new(struct flow *flow, const struct ivr_var *vars, size_t n_vars)
{
	struct ivr *run = mem_alloc(sizeof(*run));
	run->flow = obj_ref(flow);
	run->scratch = arena_new(SCRATCH_MAX);
	run->wake_us = INT64_MAX;
	for (size_t i = 0; i < n_vars; i++)
		if (vars[i].value)
			set_variable(run, vars[i].name, vars[i].value, false);
	return run;
}

void *ivr_free(struct ivr *run)
{
	if (!run)
		return NULL;
	for (size_t i = 0; i < run->n_variables; i++) {
		free(run->variables[i].name);
		forget(run->variables[i].value);
	}
	explicit_bzero(run->typed, sizeof(run->typed));
	arena_free(run->scratch);
	free(run->actions);
	obj_unref(run->flow);
	free(run);
	return NULL;
}

void ivr_start(struct ivr *run, int64_t now_us)
{
	input(run, RE_START, NULL, now_us);
}

void ivr_played(struct ivr *run, int64_t play_id, int64_t now_us)
{
	input(run, RE_PLAYED, &(struct input){ .play = play_id }, now_us);
}

void ivr_digit(struct ivr *run, char key, int64_t now_us)
{
	if (key && strchr("0123456789*#ABCD", key))
		input(run, RE_DIGIT, &(struct input){ .digit = key }, now_us);
}

void ivr_tick(struct ivr *run, int64_t now_us)
{
	input(run, RE_DUE, NULL, now_us);
}

void ivr_queue_result(struct ivr *run, enum ivr_queue_result result, int64_t now_us)
{
	input(run, RE_QUEUE, &(struct input){ .queue_result = result }, now_us);
}

void ivr_announce(struct ivr *run, size_t position, int64_t wait_ms, int64_t now_us)
{
	input(run, RE_ANNOUNCE, &(struct input){ .position = position, .wait_ms = wait_ms }, now_us);
}

void ivr_transfer_result(struct ivr *run, enum ivr_transfer_result result, int64_t now_us)
{
	input(run, RE_TRANSFER, &(struct input){ .transfer_result = result }, now_us);
}

void ivr_hangup(struct ivr *run, int64_t now_us)
{
	input(run, RE_HANGUP, NULL, now_us);
}

int64_t ivr_next_wake(const struct ivr *run)
{
	return run->wake_us;
}

bool ivr_next(struct ivr *run, struct ivr_action *ret_action)
{
	if (!run->n_actions)
		return false;
	*ret_action = run->actions[run->first_action++];
	if (run->first_action == run->n_actions)
		run->first_action = run->n_actions = 0;
	return true;
}
