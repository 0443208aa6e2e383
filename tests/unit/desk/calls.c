#include "calls.h"

#include "base/js.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

void script_init(struct script *s, int64_t at_ms)
{
	*s = (struct script){ .events = json_array(), .at_ms = at_ms, .boot = 1 };
}

void script_wait(struct script *s, int64_t ms)
{
	s->at_ms += ms;
}

json_t *script_add(struct script *s, const char *kind, const char *fmt, ...)
{
	json_error_t error;
	va_list args;
	va_start(args, fmt);
	json_t *event = json_vpack_ex(&error, 0, fmt, args);
	va_end(args);
	js_set_int(event, "boot", s->boot);
	js_set_int(event, "at", s->at_ms);
	js_set_int(event, "mono", (s->at_ms - 1700000000000) * 1000);
	js_set_str(event, "kind", kind);
	json_array_append_new(s->events, event);
	return event;
}

struct ids {
	char call[24], caller[24], leg[24], item[24], offer[24], agent[24], queue[24], recording[24];
};

static struct ids ids_of(int64_t id, int64_t agent, int64_t queue)
{
	struct ids ids;
	snprintf(ids.call, sizeof(ids.call), "%" PRId64, id);
	snprintf(ids.caller, sizeof(ids.caller), "%" PRId64, id + 1);
	snprintf(ids.leg, sizeof(ids.leg), "%" PRId64, id + 2);
	snprintf(ids.item, sizeof(ids.item), "%" PRId64, id + 3);
	snprintf(ids.offer, sizeof(ids.offer), "%" PRId64, id + 4);
	snprintf(ids.recording, sizeof(ids.recording), "%" PRId64, id + 5);
	snprintf(ids.agent, sizeof(ids.agent), "%" PRId64, agent);
	snprintf(ids.queue, sizeof(ids.queue), "%" PRId64, queue);
	return ids;
}

static void arrive(struct script *s, const struct ids *i, const char *from)
{
	script_add(s, "interaction.started", "{s:s, s:s, s:s, s:s, s:s}", "interaction", i->call, "channel",
		"voice", "direction", "inbound", "from", from, "to", "4008001234");
	script_add(s, "leg.started", "{s:s, s:s, s:s, s:s, s:s, s:s}", "interaction", i->call, "leg",
		i->caller, "role", "caller", "direction", "inbound", "address", from, "call_id", "x@y");
	script_add(s, "flow.started", "{s:s, s:s, s:i}", "interaction", i->call, "flow", "7", "version", 1);
	script_add(s, "leg.answered", "{s:s, s:s, s:s}", "interaction", i->call, "leg", i->caller, "codec",
		"PCMA");
	script_wait(s, 2000);
	script_add(s, "flow.step", "{s:s, s:s, s:s, s:s}", "interaction", i->call, "node", "main", "type",
		"menu", "key", "1");
	script_add(
		s, "flow.ended", "{s:s, s:s, s:s}", "interaction", i->call, "flow", "7", "reason", "queue");
	script_add(s, "queue.entered", "{s:s, s:s, s:s, s:i, s:i}", "interaction", i->call, "item", i->item,
		"queue", i->queue, "priority", 50, "position", 1);
}

static void left(struct script *s, const struct ids *i, const char *reason, int waited_ms)
{
	script_add(s, "queue.left", "{s:s, s:s, s:s, s:s, s:i}", "interaction", i->call, "item", i->item,
		"queue", i->queue, "reason", reason, "waited_ms", waited_ms);
}

static void ended(struct script *s, const struct ids *i, const char *leg, const char *cause)
{
	script_add(s, "leg.ended", "{s:s, s:s, s:s, s:i, s:i, s:i}", "interaction", i->call, "leg", leg,
		"cause", cause, "sip_status", 0, "packets_in", 700, "packets_lost", 1);
}

static void talk(struct script *s, const struct ids *i)
{
	script_add(s, "bridge.joined", "{s:s, s:s, s:s}", "interaction", i->call, "leg", i->caller, "other",
		i->leg);
	script_add(s, "recording.started", "{s:s, s:s, s:s, s:i}", "interaction", i->call, "recording",
		i->recording, "file", "recordings/one.lxr", "channels", 2);
	script_wait(s, 3000);
	script_add(s, "hold.started", "{s:s, s:s, s:s}", "interaction", i->call, "leg", i->caller, "agent",
		i->agent);
	script_wait(s, 4000);
	script_add(s, "hold.ended", "{s:s, s:s, s:s}", "interaction", i->call, "leg", i->caller, "agent",
		i->agent);
	script_wait(s, 3000);
	script_add(s, "bridge.parted", "{s:s, s:s, s:s}", "interaction", i->call, "leg", i->caller, "other",
		i->leg);
}

void script_call(struct script *s, int64_t id, int64_t agent, int64_t queue, const char *from)
{
	struct ids i = ids_of(id, agent, queue);
	arrive(s, &i, from);
	script_wait(s, 2000);
	script_add(s, "offer.made", "{s:s, s:s, s:s, s:s, s:s}", "interaction", i.call, "item", i.item,
		"offer", i.offer, "queue", i.queue, "agent", i.agent);
	script_add(s, "agent.state", "{s:s, s:s, s:s, s:s}", "agent", i.agent, "state", "ringing",
		"interaction", i.call, "by", "system");
	script_add(s, "leg.started", "{s:s, s:s, s:s, s:s, s:s, s:s}", "interaction", i.call, "leg", i.leg,
		"role", "agent", "direction", "outbound", "address", "8001", "agent", i.agent);
	script_wait(s, 3000);
	script_add(
		s, "leg.answered", "{s:s, s:s, s:s}", "interaction", i.call, "leg", i.leg, "codec", "opus");
	script_add(s, "offer.accepted", "{s:s, s:s, s:s, s:s, s:i}", "interaction", i.call, "item", i.item,
		"offer", i.offer, "agent", i.agent, "rang_ms", 3000);
	script_add(s, "agent.state", "{s:s, s:s, s:s, s:s}", "agent", i.agent, "state", "on_contact",
		"interaction", i.call, "by", "system");
	left(s, &i, "answered", 5000);
	talk(s, &i);
	ended(s, &i, i.caller, "hangup");
	ended(s, &i, i.leg, "hangup");
	script_add(s, "agent.state", "{s:s, s:s, s:s, s:s}", "agent", i.agent, "state", "wrap_up",
		"interaction", i.call, "by", "system");
	script_add(s, "recording.ended", "{s:s, s:s, s:i, s:i, s:s}", "interaction", i.call, "recording",
		i.recording, "duration_ms", 10000, "bytes", 160000, "reason", "ended");
	script_add(s, "interaction.ended", "{s:s, s:s, s:s}", "interaction", i.call, "cause", "caller_hangup",
		"by", "caller");
	script_wait(s, 6000);
	script_add(s, "wrap_up.ended", "{s:s, s:s, s:s, s:i}", "interaction", i.call, "agent", i.agent, "by",
		"agent", "lasted_ms", 6000);
	script_add(s, "agent.state", "{s:s, s:s, s:s}", "agent", i.agent, "state", "ready", "by", "system");
}

void script_abandoned(struct script *s, int64_t id, int64_t queue, const char *from)
{
	struct ids i = ids_of(id, 0, queue);
	arrive(s, &i, from);
	script_wait(s, 7000);
	left(s, &i, "abandoned", 7000);
	ended(s, &i, i.caller, "hangup");
	script_add(s, "interaction.ended", "{s:s, s:s, s:s}", "interaction", i.call, "cause", "caller_hangup",
		"by", "caller");
}
