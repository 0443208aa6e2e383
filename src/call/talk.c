/* Party and peer together: the bridge, hold with music, mute, the recording and the number announcement. All
 * of these are changes of who hears whom; no phone is asked for anything. */
#include "base/log.h"
#include "base/mem.h"
#include "call/exchange_int.h"
#include "ivr/say.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void emit_pair(struct call *call, enum event_kind kind)
{
	call_emit(call, kind, "{s:s, s:s}", "leg", exchange_text(call->party->id), "other",
		exchange_text(call->peer->id));
}

/* "8001 号为您服务" to the party; the agent hears him meanwhile. */
static void announce_number(struct call *call)
{
	struct exchange *x = call->x;
	const struct site_queue *q = site_queue(x->site, call->queue);
	const struct site_agent *agent = site_agent(x->site, call->peer->agent);
	struct say say = { .n = 0 };
	const char *paths[SAY_MAX];
	char *memory[SAY_MAX];
	size_t n = 0;
	if (!q || !q->announce_number || !agent)
		return;
	say_agent(&say, call->language, agent->number);
	for (size_t i = 0; i < say.n; i++) {
		const char *path = exchange_prompt(x, call->language, say.prompts[i]);
		if (path)
			paths[n] = memory[n] = mem_strdup(path), n++;
	}
	(void)leg_play(call->party, paths, n, false);
	for (size_t i = 0; i < n; i++)
		free(memory[i]);
}

/* recordings/2026/11/21; the recorder makes it when it is not there. */
static void recording_folder(const struct exchange *x, char *path, size_t size)
{
	time_t now = time(NULL);
	struct tm tm;
	char day[16];
	localtime_r(&now, &tm);
	strftime(day, sizeof(day), "%Y/%m/%d", &tm);
	snprintf(path, size, "%s/recordings/%s", x->data_dir, day);
}

static void record_start(struct call *call)
{
	struct exchange *x = call->x;
	char folder[512], path[560];
	if (!x->site->setting.record || call->record)
		return;
	int64_t id = exchange_id(x);
	recording_folder(x, folder, sizeof(folder));
	snprintf(path, sizeof(path), "%s/%" PRId64 ".lxr", folder, id);
	const struct media_record_options options = {
		.group = call->group, .path = path, .tag = (uint64_t)call->id
	};
	int err = media_record_start(x->media, &options, &call->record);
	if (err) {
		log_(LOG_CALL, LOG_WARN, "recording not started call=%" PRId64 " err=%s", call->id,
			err_name(err));
		return;
	}
	call->recording = id;
	call_emit(call, EV_RECORDING_STARTED, "{s:s, s:s, s:i}", "recording", exchange_text(id), "file",
		path + strlen(x->data_dir) + 1, "channels", 2);
}

static void record_feed(struct call *call, bool on)
{
	struct exchange *x = call->x;
	if (!call->record)
		return;
	if (on) {
		media_record_feed(
			x->media, call->record, call->party->line.local.stream, MEDIA_CHANNEL_CALLER);
		media_record_feed(x->media, call->record, call->peer->line.local.stream, MEDIA_CHANNEL_AGENT);
	} else {
		media_record_unfeed(x->media, call->record, call->party->line.local.stream);
		media_record_unfeed(x->media, call->record, call->peer->line.local.stream);
	}
}

void call_record_stop(struct call *call)
{
	if (call->record && !call->recorded)
		media_record_stop(call->x->media, call->record);
}

void call_join(struct call *call)
{
	struct exchange *x = call->x;
	bool from_queue = call->state == CS_QUEUED;
	if (!call->party || !call->peer)
		return;
	if (!call->bridge && media_bridge_new(x->media, call->group, &call->bridge) != 0) {
		call_end(call, "failed", "system");
		return;
	}
	if (!call_fire(call, CE_JOIN))
		return;
	leg_play_stop(call->party);
	leg_play_stop(call->peer);
	media_bridge_add(x->media, call->bridge, call->party->line.local.stream);
	media_bridge_add(x->media, call->bridge, call->peer->line.local.stream);
	media_bridge_link(x->media, call->bridge, call->party->line.local.stream,
		call->peer->line.local.stream, MEDIA_UNITY);
	call->joined = true;
	emit_pair(call, EV_BRIDGE_JOINED);
	record_start(call);
	record_feed(call, true);
	if (from_queue)
		announce_number(call);
}

void call_hold_ended(struct call *call, int64_t agent)
{
	if (!call->held)
		return;
	call->held = false;
	call_emit(call, EV_HOLD_ENDED, "{s:s, s:s*}", "leg", exchange_text(call->party->id), "agent",
		agent ? exchange_text(agent) : NULL);
}

void call_part(struct call *call)
{
	struct exchange *x = call->x;
	if (!call->joined)
		return;
	call_hold_ended(call, call->peer->agent);
	call->joined = false;
	record_feed(call, false);
	media_bridge_remove(x->media, call->bridge, call->party->line.local.stream);
	media_bridge_remove(x->media, call->bridge, call->peer->line.local.stream);
	emit_pair(call, EV_BRIDGE_PARTED);
}

void call_music(struct call *call, struct leg *leg, int64_t queue)
{
	const struct site_queue *q = site_queue(call->x->site, queue);
	const char *path = exchange_prompt(call->x, call->language, q && q->music[0] ? q->music : "music");
	if (path)
		(void)leg_play(leg, &path, 1, true);
}

/* Bridge and record keep their members. */
void call_separate(struct call *call, bool on)
{
	struct exchange *x = call->x;
	int gain = on ? 0 : MEDIA_UNITY;
	media_bridge_link(
		x->media, call->bridge, call->party->line.local.stream, call->peer->line.local.stream, gain);
	record_feed(call, !on);
	if (on)
		call_music(call, call->party, call->last_queue);
	else
		leg_play_stop(call->party);
}

void call_hold_started(struct call *call, int64_t agent)
{
	call->held = true;
	call_emit(call, EV_HOLD_STARTED, "{s:s, s:s*}", "leg", exchange_text(call->party->id), "agent",
		agent ? exchange_text(agent) : NULL);
}

int call_hold(struct call *call, int64_t agent)
{
	if (!call->party || !call->peer || !call_fire(call, CE_HOLD))
		return -E_STATE;
	call->consult_ended = NULL;
	call_separate(call, true);
	call_hold_started(call, agent);
	return 0;
}

int call_retrieve(struct call *call, int64_t agent)
{
	if (!call->party || !call->peer || call->consult || call->consult_item ||
		!call_fire(call, CE_RETRIEVE))
		return -E_STATE;
	call_separate(call, false);
	call_hold_ended(call, agent);
	return 0;
}

int call_mute(struct call *call, struct leg *leg, bool on)
{
	if (leg->state != LS_UP || leg->muted == on)
		return -E_STATE;
	leg_mute(leg, on);
	call_emit(call, on ? EV_MUTE_STARTED : EV_MUTE_ENDED, "{s:s, s:s*}", "leg", exchange_text(leg->id),
		"agent", leg->agent ? exchange_text(leg->agent) : NULL);
	exchange_mark_call(call);
	return 0;
}
