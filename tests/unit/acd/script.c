/* Scripts for routing tests. Configuration lines (skill, tier, queue, agent) gather until `apply`. */
#include "script.h"

#include "acd/acd.h"
#include "base/mem.h"
#include "unit.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 16

struct script {
	struct acd *acd;
	struct buf *answer;
	int64_t now_us;
	int64_t skills[ROWS];
	struct acd_tier tiers[ROWS];
	char tier_names[ROWS][ACD_WORD_MAX];
	struct acd_queue queues[ROWS];
	struct acd_agent agents[ROWS];
	struct acd_skill lists[64][ROWS];
	int64_t members[ROWS][ROWS];
	size_t n_skills, n_tiers, n_queues, n_agents, n_lists;
	int64_t point_ms;
	struct str args;
};

static int64_t number(struct str s)
{
	uint64_t value = 0;
	bool negative = s.n && s.p[0] == '-';
	int err = str_to_u64(str_sub(s, negative, s.n), INT64_MAX, &value);
	assert(!err);
	(void)err;
	return negative ? -(int64_t)value : (int64_t)value;
}

/* The value of "key=value" among the arguments. */
static struct str word(const struct script *s, const char *key)
{
	struct str rest = s->args;
	while (rest.n) {
		struct str value = str_cut(&rest, ' ');
		struct str name = str_cut(&value, '=');
		if (str_eqz(name, key))
			return value;
	}
	return STR_NONE;
}

static int64_t option(const struct script *s, const char *key)
{
	struct str value = word(s, key);
	return value.n ? number(value) : 0;
}

static int64_t first(const struct script *s)
{
	struct str rest = s->args;
	return number(str_cut(&rest, ' '));
}

/* "skills=1:5,2:3" */
static size_t skills_of(struct script *s, const struct acd_skill **ret_skills)
{
	struct str rest = word(s, "skills");
	struct acd_skill *list = s->lists[s->n_lists++];
	size_t n = 0;
	while (rest.n) {
		struct str level = str_cut(&rest, ',');
		struct str skill = str_cut(&level, ':');
		list[n++] = (struct acd_skill){ number(skill), (int)number(level) };
	}
	*ret_skills = list;
	return n;
}

static int do_skill(struct script *s)
{
	s->skills[s->n_skills++] = first(s);
	return 0;
}

static int do_tier(struct script *s)
{
	struct str rest = s->args, name = str_cut(&rest, ' ');
	struct acd_tier *tier = &s->tiers[s->n_tiers];
	int err = str_copy(name, s->tier_names[s->n_tiers], ACD_WORD_MAX);
	tier->name = s->tier_names[s->n_tiers++];
	tier->points = (int)number(rest);
	return err;
}

static int do_point(struct script *s)
{
	s->point_ms = first(s);
	return 0;
}

static int do_queue(struct script *s)
{
	int64_t *members = s->members[s->n_queues];
	struct acd_queue *queue = &s->queues[s->n_queues++];
	struct str rest = word(s, "agents");
	*queue = (struct acd_queue){
		.id = first(s),
		.agents = members,
		.strategy = word(s, "levels").p ? ACD_LEVEL_FIRST : ACD_LONGEST_IDLE,
		.when_empty = (enum acd_when_empty)option(s, "empty"),
		.priority = (int)option(s, "priority"),
		.ring_timeout_ms = option(s, "ring"),
		.wrap_up_ms = option(s, "wrap"),
		.max_wait_ms = option(s, "max"),
		.max_length = option(s, "length"),
		.overflow_expected_ms = option(s, "overflow"),
		.overflow_after_ms = option(s, "after"),
		.announce_every_ms = option(s, "announce"),
		.handle_ms = option(s, "handle"),
	};
	queue->n_skills = skills_of(s, &queue->skills);
	while (rest.n)
		members[queue->n_agents++] = number(str_cut(&rest, ','));
	return 0;
}

static int do_agent(struct script *s)
{
	struct acd_agent *agent = &s->agents[s->n_agents++];
	*agent = (struct acd_agent){
		.id = first(s),
		.capacity = { (int)option(s, "voice"), (int)option(s, "chat"), (int)option(s, "mail") },
		.capacity_total = (int)option(s, "total"),
	};
	agent->n_skills = skills_of(s, &agent->skills);
	return 0;
}

static int do_apply(struct script *s)
{
	struct fault fault = { .field = "" };
	struct acd_config config = { .skills = s->skills,
		.n_skills = s->n_skills,
		.queues = s->queues,
		.n_queues = s->n_queues,
		.agents = s->agents,
		.n_agents = s->n_agents,
		.tiers = s->tiers,
		.n_tiers = s->n_tiers,
		.point_ms = s->point_ms };
	int err = acd_config(s->acd, &config, s->now_us, &fault);
	if (err)
		buf_printf(s->answer, "fault %s %s\n", fault.field, fault.code);
	s->n_skills = s->n_tiers = s->n_queues = s->n_agents = s->n_lists = 0;
	return 0;
}

static int do_in(struct script *s)
{
	return acd_sign_in(s->acd, first(s), s->now_us);
}

static int do_out(struct script *s)
{
	return acd_sign_out(s->acd, first(s), ACD_BY_AGENT, s->now_us);
}

static int do_phone(struct script *s)
{
	return acd_set_phone(s->acd, first(s), !word(s, "off").p, s->now_us);
}

static int do_ready(struct script *s)
{
	return acd_set_ready(s->acd, first(s), ACD_BY_AGENT, s->now_us);
}

static int do_pause(struct script *s)
{
	char reason[ACD_WORD_MAX];
	int err = str_copy(word(s, "reason"), reason, sizeof(reason));
	return err
		? err
		: acd_set_not_ready(s->acd, first(s), reason, option(s, "limit"), ACD_BY_LEADER, s->now_us);
}

/* Signed in, phone there, ready: what most scripts start with; for agents first … to=. */
static int do_work(struct script *s)
{
	int64_t last = option(s, "to") ? option(s, "to") : first(s);
	int err = 0;
	for (int64_t id = first(s); !err && id <= last; id++) {
		err = acd_set_phone(s->acd, id, true, s->now_us);
		if (!err)
			err = acd_sign_in(s->acd, id, s->now_us);
		if (!err)
			err = acd_set_ready(s->acd, id, ACD_BY_AGENT, s->now_us);
	}
	return err;
}

static int do_resume(struct script *s)
{
	char reason[ACD_WORD_MAX];
	int err = str_copy(word(s, "reason"), reason, sizeof(reason));
	enum acd_state state = word(s, "ready").p ? ACD_READY : ACD_NOT_READY;
	return err ? err : acd_resume(s->acd, first(s), state, reason, option(s, "since") * 1000, s->now_us);
}

static int do_item(struct script *s)
{
	char tier[ACD_WORD_MAX];
	struct acd_item item = { .id = first(s),
		.queue = option(s, "queue"),
		.channel = word(s, "chat").p ? ACD_CHAT : ACD_VOICE,
		.priority = (int)option(s, "priority"),
		.tier = tier,
		.since_us = option(s, "since") * 1000,
		.entered_us = option(s, "entered") * 1000 };
	int err = str_copy(word(s, "tier"), tier, sizeof(tier));
	item.n_skills = skills_of(s, &item.skills);
	s->n_lists--;
	return err ? err : acd_item_add(s->acd, &item, s->now_us);
}

static int do_cancel(struct script *s)
{
	return acd_item_cancel(s->acd, first(s), ACD_LEFT_ABANDONED, s->now_us);
}

static int do_accept(struct script *s)
{
	return acd_offer_accept(s->acd, first(s), s->now_us);
}

static int do_refuse(struct script *s)
{
	return acd_offer_fail(s->acd, first(s), ACD_OFFER_REFUSED, s->now_us);
}

static int do_unreachable(struct script *s)
{
	return acd_offer_fail(s->acd, first(s), ACD_OFFER_UNREACHABLE, s->now_us);
}

static int do_occupy(struct script *s)
{
	struct acd_contact contact = { .id = first(s),
		.agent = option(s, "agent"),
		.channel = word(s, "chat").p ? ACD_CHAT : ACD_VOICE,
		.ringing = word(s, "ringing").p != NULL,
		.wrap_up_ms = option(s, "wrap") };
	return acd_occupy(s->acd, &contact, s->now_us);
}

static int do_answered(struct script *s)
{
	return acd_contact_answered(s->acd, first(s), s->now_us);
}

static int do_end(struct script *s)
{
	return acd_contact_end(s->acd, first(s), word(s, "wrap").p ? option(s, "wrap") : -1, s->now_us);
}

static int do_wrapped(struct script *s)
{
	return acd_wrap_up_end(s->acd, first(s), ACD_BY_AGENT, s->now_us);
}

static int do_tick(struct script *s)
{
	acd_tick(s->acd, s->now_us);
	return 0;
}

static int do_wake(struct script *s)
{
	int64_t at_us = acd_next_wake(s->acd);
	buf_printf(s->answer, "%" PRId64 " wake %" PRId64 "\n", s->now_us / 1000,
		at_us == INT64_MAX ? -1 : at_us / 1000);
	return 0;
}

static int do_place(struct script *s)
{
	size_t position = 0;
	int64_t wait_ms = 0;
	int err = acd_item_place(s->acd, first(s), &position, &wait_ms);
	if (!err)
		buf_printf(s->answer, "%" PRId64 " place %" PRId64 " pos=%zu wait=%" PRId64 "\n",
			s->now_us / 1000, first(s), position, wait_ms);
	return err;
}

static int do_view(struct script *s)
{
	struct acd_queue_view view;
	int err = acd_queue_view(s->acd, first(s), &view);
	if (!err)
		buf_printf(s->answer,
			"%" PRId64 " view waiting=%zu offered=%zu oldest=%" PRId64
			" ready=%zu busy=%zu away=%zu wait=%" PRId64 "\n",
			s->now_us / 1000, view.waiting, view.offered, view.longest_since_us / 1000,
			view.ready, view.busy, view.not_ready, view.expected_wait_ms);
	return err;
}

static int do_why(struct script *s)
{
	static const char *const came[ACD_RULE__MAX] = { "item came", "item came, level first",
		"agent came" };
	struct acd_explain why;
	int err = acd_explain(s->acd, first(s), &why);
	if (err)
		return err;
	buf_printf(s->answer,
		"%" PRId64 " why offer=%" PRId64 " %s waited=%" PRId64 " left=%zu:", s->now_us / 1000,
		why.offer, came[why.rule], why.waited_ms, why.left_waiting);
	for (size_t i = 0; i < why.n_candidates; i++) {
		const struct acd_candidate *one = &why.candidates[i];
		buf_printf(s->answer, " %" PRId64 "(level %d", one->agent, one->level);
		if (one->level_sum)
			buf_printf(s->answer, ", sum %d", one->level_sum);
		buf_printf(s->answer, ", idle %" PRId64 ")", one->idle_ms);
	}
	buf_addz(s->answer, "\n");
	return 0;
}

static int do_spent(struct script *s)
{
	struct acd_agent_view view;
	int err = acd_agent_view(s->acd, first(s), &view);
	if (err)
		return err;
	buf_printf(s->answer, "%" PRId64 " spent", s->now_us / 1000);
	for (int i = 0; i < ACD_STATE__MAX; i++)
		buf_printf(s->answer, " %s=%" PRId64, acd_state_name((enum acd_state)i),
			view.spent_us[i] / 1000);
	buf_addz(s->answer, "\n");
	return 0;
}

/* clang-format off */
static const struct {
	const char *name;
	int (*run)(struct script *s);
} commands[] = {
	{ "skill", do_skill }, { "tier", do_tier }, { "point", do_point }, { "queue", do_queue },
	{ "agent", do_agent }, { "apply", do_apply }, { "in", do_in }, { "out", do_out },
	{ "phone", do_phone }, { "ready", do_ready }, { "pause", do_pause }, { "work", do_work },
	{ "resume", do_resume }, { "item", do_item }, { "cancel", do_cancel }, { "accept", do_accept },
	{ "refuse", do_refuse }, { "unreachable", do_unreachable }, { "occupy", do_occupy },
	{ "answered", do_answered }, { "end", do_end }, { "wrapped", do_wrapped }, { "tick", do_tick },
	{ "wake", do_wake }, { "place", do_place }, { "view", do_view }, { "why", do_why },
	{ "spent", do_spent },
};
/* clang-format on */

static void print_agent(struct buf *b, const struct acd_decision *d)
{
	buf_printf(b, "agent %" PRId64 " %s", d->agent, acd_state_name(d->state));
	if (*d->reason)
		buf_printf(b, ":%s", d->reason);
	buf_printf(b, " by=%s", acd_by_name(d->by));
	if (d->item)
		buf_printf(b, " item=%" PRId64, d->item);
	if (d->since_us != d->at_us)
		buf_printf(b, " since=%" PRId64, d->since_us / 1000);
}

static void print_offer(struct buf *b, const struct acd_decision *d, const char *what)
{
	buf_printf(b, "%s %" PRId64 " item=%" PRId64 " agent=%" PRId64, what, d->offer, d->item, d->agent);
	if (d->what == ACD_OFFER_MADE)
		buf_printf(b, " until=%" PRId64, d->deadline_us / 1000);
	else
		buf_printf(b, " rang=%" PRId64, d->lasted_us / 1000);
	if (d->what == ACD_OFFER_ENDED)
		buf_printf(b, " %s", acd_offer_end_name(d->offer_end));
	if (d->what == ACD_OFFER_MADE && d->rule == ACD_RULE_LEVEL_FIRST)
		buf_printf(b, " %s", acd_rule_name(d->rule));
}

static void print(struct buf *b, const struct acd_decision *d)
{
	buf_printf(b, "%" PRId64 " ", d->at_us / 1000);
	switch (d->what) {
	case ACD_ITEM_ENTERED:
		buf_printf(b, "entered %" PRId64 " queue=%" PRId64 " priority=%d pos=%zu", d->item, d->queue,
			d->priority, d->position);
		break;
	case ACD_ITEM_LEFT:
		buf_printf(b, "left %" PRId64 " %s waited=%" PRId64, d->item, acd_left_name(d->left),
			d->lasted_us / 1000);
		break;
	case ACD_OFFER_MADE:
		print_offer(b, d, "offer");
		break;
	case ACD_OFFER_ACCEPTED:
		print_offer(b, d, "accepted");
		break;
	case ACD_OFFER_ENDED:
		print_offer(b, d, "ended");
		break;
	case ACD_AGENT_STATE:
		print_agent(b, d);
		break;
	case ACD_WRAP_UP_ENDED:
		buf_printf(b, "wrapped %" PRId64 " agent=%" PRId64 " by=%s lasted=%" PRId64, d->item,
			d->agent, acd_by_name(d->by), d->lasted_us / 1000);
		break;
	case ACD_ANNOUNCE:
		buf_printf(b, "announce %" PRId64 " pos=%zu wait=%" PRId64, d->item, d->position, d->wait_ms);
		break;
	default:
		buf_addz(b, "unknown decision");
		break;
	}
	buf_addz(b, "\n");
}

static void run_line(struct script *s, struct str line)
{
	struct str rest = line;
	s->now_us = number(str_cut(&rest, ' ')) * 1000;
	struct str name = str_cut(&rest, ' ');
	s->args = rest;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (!str_eqz(name, commands[i].name))
			continue;
		int err = commands[i].run(s);
		struct acd_decision d;
		while (acd_next(s->acd, &d))
			print(s->answer, &d);
		if (err)
			buf_printf(s->answer, "refused: %s\n", err_name(err));
		return;
	}
	buf_printf(s->answer, "no such command: " STR_FMT "\n", STR_ARG(line));
}

void script_run(const char *text, struct buf *answer)
{
	struct script *s = mem_alloc(sizeof(*s));
	struct str rest = str_from(text);
	s->answer = answer;
	s->acd = acd_new(0);
	while (rest.n) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (line.n)
			run_line(s, line);
	}
	acd_free(s->acd);
	free(s);
}

void script_check(const char *name, const char *script, const char *answer)
{
	struct buf told;
	buf_init(&told, 1 << 20);
	script_run(script, &told);
	assert_int_equal(buf_err(&told), 0);
	if (strcmp(told.p, answer) != 0)
		print_error("case: %s\n%s", name, told.p);
	assert_string_equal(told.p, answer);
	buf_done(&told);
}
