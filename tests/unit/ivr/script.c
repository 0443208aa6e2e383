/* Scripts for calls through a flow. `played` without a number ends the latest list of prompts. */
#include "script.h"

#include "base/mem.h"
#include "ivr/ivr.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

struct script {
	struct ivr *run;
	struct buf *answer;
	int64_t now_us, play;
	struct str args;
};

static int64_t number(struct str s)
{
	uint64_t value = 0;
	bool negative = s.n && s.p[0] == '-';
	int err = s.n ? str_to_u64(str_sub(s, negative, s.n), INT64_MAX, &value) : 0;
	assert(!err);
	(void)err;
	return negative ? -(int64_t)value : (int64_t)value;
}

/* The place of the word in the list, which must have it. */
static int place(struct str word, const char *const *list)
{
	int i = 0;
	while (!str_eqz(word, list[i])) {
		i++;
		assert(list[i]);
	}
	return i;
}

static void do_start(struct script *s)
{
	ivr_start(s->run, s->now_us);
}

static void do_played(struct script *s)
{
	ivr_played(s->run, s->args.n ? number(s->args) : s->play, s->now_us);
}

static void do_digit(struct script *s)
{
	for (size_t i = 0; i < s->args.n; i++)
		ivr_digit(s->run, s->args.p[i], s->now_us);
}

static void do_tick(struct script *s)
{
	ivr_tick(s->run, s->now_us);
}

static void do_queue(struct script *s)
{
	static const char *const results[] = { [IVR_QUEUE_ANSWERED] = "answered",
		[IVR_QUEUE_OVERFLOW] = "overflow",
		[IVR_QUEUE_TIMEOUT] = "timeout",
		[IVR_QUEUE_FULL] = "full",
		[IVR_QUEUE_NO_AGENTS] = "no_agents",
		NULL };
	ivr_queue_result(s->run, (enum ivr_queue_result)place(s->args, results), s->now_us);
}

static void do_announce(struct script *s)
{
	struct str wait = s->args, position = str_cut(&wait, ' ');
	ivr_announce(s->run, (size_t)number(position), number(wait), s->now_us);
}

static void do_transfer(struct script *s)
{
	static const char *const results[] = { [IVR_TRANSFER_ANSWERED] = "answered",
		[IVR_TRANSFER_BUSY] = "busy",
		[IVR_TRANSFER_NO_ANSWER] = "no_answer",
		[IVR_TRANSFER_FAILED] = "failed",
		NULL };
	ivr_transfer_result(s->run, (enum ivr_transfer_result)place(s->args, results), s->now_us);
}

static void do_hangup(struct script *s)
{
	ivr_hangup(s->run, s->now_us);
}

static void do_wake(struct script *s)
{
	int64_t at_us = ivr_next_wake(s->run);
	buf_printf(s->answer, "%" PRId64 " wake %" PRId64 "\n", s->now_us / 1000,
		at_us == INT64_MAX ? -1 : at_us / 1000);
}

static void do_value(struct script *s)
{
	char *name = str_dup(s->args);
	const char *value = ivr_value(s->run, name);
	buf_printf(s->answer, "%" PRId64 " %s=%s\n", s->now_us / 1000, name, value ? value : "(unset)");
	mem_freep(&name);
}

/* clang-format off */
static const struct {
	const char *name;
	void (*run)(struct script *s);
} inputs[] = {
	{ "start", do_start }, { "played", do_played }, { "digit", do_digit }, { "tick", do_tick },
	{ "queue", do_queue }, { "announce", do_announce }, { "transfer", do_transfer },
	{ "hangup", do_hangup }, { "wake", do_wake }, { "value", do_value },
};
/* clang-format on */

static void print_prompts(struct buf *b, const struct ivr_action *a)
{
	for (size_t i = 0; i < a->n_prompts; i++)
		buf_printf(b, " %s", a->prompts[i]);
	buf_printf(b, " (%s)", a->language);
}

static void print(struct buf *b, const struct ivr_action *a)
{
	static const char *const kinds[] = {
		[IVR_TARGET_AGENT] = "agent", [IVR_TARGET_NUMBER] = "number", [IVR_TARGET_QUEUE] = "queue"
	};
	switch (a->what) {
	case IVR_PLAY:
		buf_addz(b, a->barge_in ? "play" : "play to the end");
		print_prompts(b, a);
		break;
	case IVR_STOP:
		buf_addz(b, "stop");
		break;
	case IVR_MUSIC:
		buf_addz(b, "music");
		print_prompts(b, a);
		break;
	case IVR_ENQUEUE:
		buf_printf(b, "enqueue %s priority=%d", a->target, a->priority);
		break;
	case IVR_TRANSFER:
		buf_printf(b, "transfer %s %s", kinds[a->kind], a->target);
		break;
	case IVR_HANGUP:
		buf_printf(b, "hangup %s", a->cause);
		break;
	case IVR_STEP:
		buf_printf(b, "step %s %s %s%s%s", a->node, a->type, a->result, *a->key ? " " : "", a->key);
		break;
	case IVR_ENDED:
		buf_printf(b, "ended %s", a->cause);
		break;
	}
}

static void run_line(struct script *s, struct str line)
{
	struct ivr_action action;
	struct str rest = line;
	s->now_us = number(str_cut(&rest, ' ')) * 1000;
	struct str name = str_cut(&rest, ' ');
	s->args = rest;
	size_t i = 0;
	while (i < ARRAY_LEN(inputs) && !str_eqz(name, inputs[i].name))
		i++;
	assert(i < ARRAY_LEN(inputs));
	inputs[i].run(s);
	while (ivr_next(s->run, &action)) {
		buf_printf(s->answer, "%" PRId64 " ", s->now_us / 1000);
		print(s->answer, &action);
		buf_addz(s->answer, "\n");
		if (action.what == IVR_PLAY)
			s->play = action.play;
	}
}

/* A first line "with name=value …" sets variables. */
static size_t variables(struct str line, char *text, struct ivr_var *vars)
{
	size_t n = 0;
	memcpy(text, line.p, line.n);
	text[line.n] = '\0';
	for (char *word = text; word;) {
		char *next = strchr(word, ' ');
		if (next)
			*next++ = '\0';
		char *value = strchr(word, '=');
		if (value) {
			*value++ = '\0';
			vars[n++] = (struct ivr_var){ word, value };
		}
		word = next;
	}
	return n;
}

void script_run(struct flow *flow, const char *text, struct buf *answer)
{
	struct script s = { .answer = answer };
	struct ivr_var vars[16];
	char copy[256];
	size_t n = 0;
	struct str rest = str_from(text);
	if (str_starts(rest, STR("with ")))
		n = variables(str_cut(&rest, '\n'), copy, vars);
	s.run = ivr_new(flow, vars, n);
	while (rest.n) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (line.n)
			run_line(&s, line);
	}
	ivr_free(s.run);
}
