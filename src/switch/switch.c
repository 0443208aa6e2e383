/* The call plane: makes the parts in order, joins them, and takes them apart in reverse. What an earlier
 * switch left open is closed first, at the last moment that switch is known to have lived. */
#include "switch/switch.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "call/exchange.h"
#include "media/media.h"
#include "net/certificate.h"
#include "net/loop.h"
#include "sip/edge.h"
#include "sip/flow.h"
#include "sip/msg.h"
#include "sip/registrar.h"
#include "sip/stack.h"
#include "sip/trunk.h"
#include "switch/config.h"
#include "switch/journal.h"
#include "switch/link.h"
#include "switch/past.h"
#include "switch/phones.h"
#include "switch/strangers.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define BEAT_US CLOCK_S_US
#define LEAVE_WAIT_US (3 * CLOCK_S_US)

struct plane {
	const struct switch_options *options;
	struct loop *loop;
	struct journal *journal;
	struct journal_past past;
	struct link *link;
	struct media *media;
	struct sip_stack *stack;
	struct registrar *registrar;
	struct trunks *trunks;
	struct certificate *certificate; /* NULL without TLS */
	struct sip_edge *edge;
	struct exchange *x;
	struct config *config;
	struct timer beat, leave;
	bool leaving;
	struct strangers strangers;
	int64_t denied_us; /* when wrong credentials were last logged */
};

/* The exchange's sink. */

static int64_t sink_event(void *arg, enum event_kind kind, int64_t interaction, int64_t agent, json_t *event)
{
	struct plane *p = arg;
	(void)interaction;
	(void)agent;
	return link_event(p->link, kind, 0, event);
}

static void sink_live(void *arg, const char *topic, int64_t id, const json_t *value)
{
	struct plane *p = arg;
	link_live(p->link, topic, id, value);
}

static bool sink_ask_caller(void *arg, int64_t interaction, const char *number)
{
	struct plane *p = arg;
	json_t *fields = json_pack("{s:s, s:i}", "number", number, "deadline_ms", 300);
	bool asked = fields && link_ask(p->link, "caller.lookup", interaction, fields);
	json_decref(fields);
	return asked;
}

static bool sink_may_start(void *arg)
{
	struct plane *p = arg;
	bool full = journal_is_full(p->journal);
	if (full)
		log_(LOG_SWITCH, LOG_WARN, "new call refused: what it leaves behind could not be kept");
	return !p->leaving && !full;
}

static const struct exchange_sink sink = {
	.event = sink_event,
	.live = sink_live,
	.ask_caller = sink_ask_caller,
	.may_start = sink_may_start,
};

/* The desk's wishes. */

static void on_up(void *arg)
{
	struct plane *p = arg;
	exchange_live_all(p->x);
}

static int on_command(
	void *arg, const json_t *command, int64_t *ret_n, int64_t *ret_interaction, struct fault *reterr_)
{
	struct plane *p = arg;
	int err = exchange_command(p->x, command, reterr_);
	*ret_n = exchange_last_event(p->x);
	*ret_interaction = exchange_last_interaction(p->x);
	return err;
}

static void on_config(void *arg, struct str text)
{
	struct plane *p = arg;
	config_submit(p->config, text);
}

static void on_answer(void *arg, int64_t id, const json_t *answer)
{
	struct plane *p = arg;
	exchange_caller_known(p->x, id, answer);
}

static const struct link_handlers link_handlers = {
	.up = on_up,
	.command = on_command,
	.config = on_config,
	.answer = on_answer,
};

static int on_offer(void *arg, struct site *site, struct fault *reterr_)
{
	struct plane *p = arg;
	return exchange_set_site(p->x, site, reterr_);
}

/* Changes come with every sign-in: a line for each would bury the rest. */
static void on_result(void *arg, int64_t revision, bool full, int err, const struct fault *fault)
{
	struct plane *p = arg;
	if (err)
		log_(LOG_SWITCH, LOG_WARN, "set-up refused revision=%" PRId64 " field=%s why=%s", revision,
			fault->field, fault->text);
	else
		log_(LOG_SWITCH, full ? LOG_INFO : LOG_DEBUG, "set-up taken revision=%" PRId64, revision);
	link_config_ack(p->link, revision, err, fault);
}

static const struct config_handlers config_handlers = { .offer = on_offer, .result = on_result };

static void on_durable(void *arg, int64_t n)
{
	struct plane *p = arg;
	if (p->link)
		link_durable(p->link, n);
}

/* The stack and the registrar are made before the exchange, which is their handlers' argument in the end. */

static enum stack_verdict on_admit(void *arg, const struct sip_msg *invite, const struct sip_flow *flow)
{
	struct plane *p = arg;
	char peer[ADDR_STRLEN];
	bool stranger;
	enum stack_verdict verdict = exchange_on_admit(p->x, invite, flow, &stranger);
	int64_t calls = stranger ? strangers_note(&p->strangers, &flow->peer, loop_now_us(p->loop)) : 0;
	if (calls)
		log_(LOG_SWITCH, LOG_WARN,
			"call from an address that is no trunk's peer=%s to=%s calls=%" PRId64,
			addr_to_string(&flow->peer, peer), LOG_Q(invite->uri.user), calls);
	return verdict;
}

static void on_invite(void *arg, struct session *s, const struct sip_msg *invite)
{
	struct plane *p = arg;
	exchange_on_invite(p->x, s, invite);
}

static bool find_account(void *arg, struct str auth_user, struct sip_account *ret_account)
{
	struct plane *p = arg;
	return exchange_find_account(p->x, auth_user, ret_account);
}

/* A line a second at most: a guesser must not fill the disk. The figure sip_denied counts them all. */
static void on_denied(void *arg, const struct sip_msg *msg, const struct sip_flow *flow)
{
	struct plane *p = arg;
	char peer[ADDR_STRLEN];
	int64_t now_us = loop_now_us(p->loop);
	if (p->denied_us && now_us - p->denied_us < CLOCK_S_US)
		return;
	p->denied_us = now_us;
	log_(LOG_SWITCH, LOG_WARN, "wrong SIP credentials from=%s peer=%s", LOG_Q(msg->from->uri.user),
		addr_to_string(&flow->peer, peer));
}

static const struct stack_handlers stack_handlers = {
	.on_admit = on_admit,
	.on_denied = on_denied,
	.on_invite = on_invite,
	.find_account = find_account,
};

static void on_registered(void *arg, const struct binding_info *binding)
{
	struct plane *p = arg;
	exchange_on_registered(p->x, binding);
}

static void on_unregistered(void *arg, const struct binding_info *binding)
{
	struct plane *p = arg;
	phones_drop(p->journal, binding);
	exchange_on_unregistered(p->x, binding);
}

static void on_keep(void *arg, const struct binding_info *binding)
{
	struct plane *p = arg;
	phones_keep(p->journal, binding, loop_timers(p->loop)->now_us);
}

static const struct registrar_handlers registrar_handlers = {
	.on_refreshed = on_registered, /* what an offer found unreachable may be reached again */
	.on_registered = on_registered,
	.on_unregistered = on_unregistered,
	.on_keep = on_keep,
};

static void on_media(const struct media_event *event, void *arg)
{
	struct plane *p = arg;
	if (p->x)
		exchange_on_media(event, p->x);
}

/* Figures of the process, for metrics. */
static void say_figures(struct plane *p)
{
	struct media_totals media;
	struct stack_counts sip;
	struct journal_state journal;
	struct rusage usage;
	size_t edge_open_now;
	uint64_t edge_refused;
	media_totals(p->media, &media);
	stack_counts(p->stack, &sip);
	journal_state(p->journal, &journal);
	getrusage(RUSAGE_SELF, &usage);
	int64_t cpu_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * CLOCK_S_US +
		usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	json_t *value = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:I}", "calls",
		(json_int_t)exchange_calls(p->x), "stall_us", (json_int_t)loop_stall_take_us(p->loop),
		"cpu_us", (json_int_t)cpu_us, "media_cpu_us", (json_int_t)media.cpu_us, "signalling_cpu_us",
		(json_int_t)clock_cpu_us(), "rtp_in", (json_int_t)media.packets_in, "rtp_out",
		(json_int_t)media.packets_out, "sip_received", (json_int_t)sip.received, "registrations",
		(json_int_t)registrar_count(p->registrar), "max_rss_kb", (int)usage.ru_maxrss, "late_ticks",
		(json_int_t)media.late_ticks);
	edge_counts(p->edge, &edge_open_now, &edge_refused);
	js_set_int(value, "edge_connections", (int64_t)edge_open_now);
	js_set_int(value, "edge_refused", (int64_t)edge_refused);
	js_set_int(value, "sip_denied", (int64_t)sip.denied);
	js_set_int(value, "sip_strangers", p->strangers.total);
	js_set_int(value, "journal_waiting_bytes", (int64_t)journal.waiting_bytes);
	js_set_int(value, "journal_full", journal_is_full(p->journal));
	js_set_str(value, "journal_error", journal.err ? err_name(journal.err) : NULL);
	int config_err = config_save_err(p->config);
	js_set_str(value, "config_error", config_err ? err_name(config_err) : NULL);
	link_live(p->link, "switch", 0, value);
	json_decref(value);
}

static void on_beat(void *arg)
{
	struct plane *p = arg;
	timer_start_in(loop_timers(p->loop), &p->beat, BEAT_US);
	journal_heartbeat(p->journal, clock_wall_ms());
	if (p->options->heartbeat_fd >= 0 && write(p->options->heartbeat_fd, "b", 1) < 0 && errno != EAGAIN)
		log_(LOG_SWITCH, LOG_DEBUG, "the watcher has gone");
	say_figures(p);
}

static void on_leave_timer(void *arg)
{
	struct plane *p = arg;
	loop_stop(p->loop);
}

/* Polled by the beat of the loop's timers: calls end as the media threads answer. */
static void leave_when_empty(void *arg)
{
	struct plane *p = arg;
	if (exchange_calls(p->x) == 0)
		loop_stop(p->loop);
	else
		timer_start_in(loop_timers(p->loop), &p->beat, 10 * CLOCK_MS_US);
}

static void on_signal(void *arg)
{
	struct plane *p = arg;
	if (p->leaving)
		return;
	p->leaving = true;
	log_(LOG_SWITCH, LOG_INFO, "ending calls=%zu", exchange_calls(p->x));
	stack_drain(p->stack, true);
	exchange_end_all(p->x, "failed");
	timer_stop(loop_timers(p->loop), &p->beat);
	timer_init(&p->beat, leave_when_empty, p);
	timer_init(&p->leave, on_leave_timer, p);
	timer_start_in(loop_timers(p->loop), &p->leave, LEAVE_WAIT_US);
	timer_start_in(loop_timers(p->loop), &p->beat, 0);
}

/* Start, part by part; each says what went wrong in words for a person. */

static int start_journal(struct plane *p, struct fault *reterr_)
{
	char *path = mem_printf("%s/journal.db", p->options->data_dir);
	const struct journal_opts opts = {
		.path = path,
		.loop = p->loop,
		.on_durable = on_durable,
		.arg = p,
		.memory_max = (size_t)p->options->journal_kb << 10,
	};
	int err = journal_open(&opts, &p->past, &p->journal, reterr_);
	free(path);
	return err;
}

static int start_media(struct plane *p, struct fault *reterr_)
{
	char ip[64];
	struct str rest = str_from(p->options->rtp);
	size_t colon = rest.n;
	while (colon && rest.p[colon - 1] != ':')
		colon--;
	struct str ports = str_sub(rest, colon, rest.n), host = str_sub(rest, 0, colon ? colon - 1 : 0);
	struct str low_text = str_cut(&ports, '-');
	uint32_t low = 0, high = 0;
	if (host.n > 1 && host.p[0] == '[')
		host = str_sub(host, 1, host.n - 1);
	if (str_copy(host, ip, sizeof(ip)) != 0 || str_to_u32(low_text, 65535, &low) != 0 ||
		str_to_u32(ports, 65535, &high) != 0 || low >= high)
		return fault_set(
			reterr_, "format", "rtp", "--rtp needs ADDR:LOW-HIGH, not \"%s\"", p->options->rtp);
	const struct media_options opts = {
		.threads = p->options->media_threads,
		.ip = ip,
		.port_low = (uint16_t)low,
		.port_high = (uint16_t)high,
		.loop = p->loop,
		.on_event = on_media,
		.arg = p,
	};
	int err = media_new(&opts, &p->media);
	if (err)
		(void)fault_set(
			reterr_, "rtp", "rtp", "cannot use %s for sound: %s", p->options->rtp, err_text(err));
	return err;
}

static int parse_addr(const char *field, const char *text, struct addr *ret_addr, struct fault *reterr_)
{
	int err = addr_from_string(str_from(text), ret_addr);
	return err ? fault_set(reterr_, "format", field, "--%s needs ADDR:PORT, not \"%s\"", field, text) : 0;
}

static int taken(const char *field, const char *text, int err, struct fault *reterr_)
{
	if (err == -E_EXISTS)
		(void)fault_set(
			reterr_, "taken", field, "%s is in use by another program (--%s)", text, field);
	else
		(void)fault_set(reterr_, "listen", field, "cannot listen on %s (--%s): %s", text, field,
			err_text(err));
	return err;
}

static void on_certificate(void *arg, int err, const struct fault *fault)
{
	(void)arg;
	if (err)
		log_(LOG_SWITCH, LOG_WARN, "the edge's certificate was not looked after: %s", fault->text);
}

static int start_edge(struct plane *p, const struct addr *addr, struct fault *reterr_)
{
	const struct switch_options *o = p->options;
	CLEANUP(mem_freep) char *dir = mem_printf("%s/tls", o->data_dir);
	const struct certificate_opts certificate = {
		.loop = p->loop,
		.cert_path = o->cert_path,
		.key_path = o->key_path,
		.dir = dir,
		.addrs = { o->http, o->edge },
		.looked = on_certificate,
	};
	int err = o->tls ? certificate_open(&certificate, &p->certificate, reterr_) : 0;
	if (err)
		return err;
	const struct edge_opts edge = {
		.loop = p->loop,
		.stack = p->stack,
		.addr = *addr,
		.host_max = o->host_max,
		.tls = p->certificate ? certificate_tls(p->certificate) : NULL,
	};
	err = edge_open(&edge, &p->edge);
	return err ? taken("edge", o->edge, err, reterr_) : 0;
}

static int start_sip(struct plane *p, struct fault *reterr_)
{
	struct addr sip, edge;
	char agent[64];
	snprintf(agent, sizeof(agent), "Lingxi/%s", p->options->version);
	const struct stack_opts stack = {
		.timers = loop_timers(p->loop),
		.loop = p->loop,
		.user_agent = agent,
		.realm = "lingxi",
		.handlers = &stack_handlers,
		.arg = p,
	};
	const struct registrar_opts registrar = { .handlers = &registrar_handlers, .arg = p };
	int err = parse_addr("sip", p->options->sip, &sip, reterr_);
	if (!err)
		err = parse_addr("edge", p->options->edge, &edge, reterr_);
	if (err)
		return err;
	p->stack = stack_new(&stack);
	p->registrar = registrar_new(p->stack, &registrar);
	p->trunks = trunks_new(p->stack, NULL, NULL);
	err = stack_listen(p->stack, &sip, NULL);
	if (err)
		return taken("sip", p->options->sip, err, reterr_);
	return start_edge(p, &edge, reterr_);
}

static int start_link(struct plane *p, struct fault *reterr_)
{
	const struct link_opts opts = {
		.path = p->options->socket,
		.loop = p->loop,
		.journal = p->journal,
		.node = p->options->node,
		.boot = p->past.boot,
		.last_n = p->past.last_n,
		.handlers = &link_handlers,
		.arg = p,
	};
	int err = link_new(&opts, &p->link);
	return err ? taken("data", p->options->socket, err, reterr_) : 0;
}

static void start_exchange(struct plane *p)
{
	const struct exchange_opts opts = {
		.loop = p->loop,
		.media = p->media,
		.stack = p->stack,
		.registrar = p->registrar,
		.trunks = p->trunks,
		.data_dir = p->options->data_dir,
		.node = p->options->node,
		.visitor_max = p->options->visitor_max,
		.sink = &sink,
		.arg = p,
	};
	p->x = exchange_new(&opts);
	p->config = config_new(p->loop, p->options->data_dir, &config_handlers, p);
}

/* Ends in the history what the former switch left open, and puts its agents and their phones back. */
static void close_past(struct plane *p)
{
	size_t i;
	const json_t *item;
	json_t *started = json_pack("{s:s}", "version", p->options->version);
	past_close(&p->past, p->link);
	(void)link_event(p->link, EV_SWITCH_STARTED, 0, started);
	json_decref(started);
	json_array_foreach (p->past.agents, i, item)
		exchange_resume_agent(p->x, item);
	size_t phones =
		phones_restore(p->journal, p->registrar, p->past.phones, loop_timers(p->loop)->now_us);
	log_(LOG_SWITCH, LOG_INFO, "back from the journal agents=%zu phones=%zu",
		json_array_size(p->past.agents), phones);
}

static int start(struct plane *p, struct fault *reterr_)
{
	p->loop = loop_new();
	if (!p->loop)
		return fault_set(reterr_, "system", "", "no descriptors left");
	int err = start_journal(p, reterr_);
	if (!err)
		err = start_media(p, reterr_);
	if (!err)
		err = start_sip(p, reterr_);
	if (!err)
		err = start_link(p, reterr_);
	if (!err)
		err = loop_on_signal(p->loop, SIGTERM, on_signal, p);
	if (!err)
		err = loop_on_signal(p->loop, SIGINT, on_signal, p);
	if (err)
		return err;
	start_exchange(p);
	err = config_load(p->config);
	if (err == -E_NOT_FOUND)
		log_(LOG_SWITCH, LOG_INFO, "no set-up yet, waiting for the desk");
	close_past(p);
	timer_init(&p->beat, on_beat, p);
	timer_start_in(loop_timers(p->loop), &p->beat, 0);
	return 0;
}

static void stop(struct plane *p)
{
	if (p->x) {
		json_t *stopped = json_pack("{s:s}", "reason", "asked");
		(void)link_event(p->link, EV_SWITCH_STOPPED, 0, stopped);
		json_decref(stopped);
	}
	p->config = config_free(p->config);
	p->edge = edge_close(p->edge);
	p->certificate = certificate_close(p->certificate);
	p->registrar = registrar_free(p->registrar);
	p->trunks = trunks_free(p->trunks);
	p->stack = stack_free(p->stack);
	media_free(p->media);
	p->x = exchange_free(p->x);
	struct link *link = TAKE(p->link);
	p->journal = journal_close(p->journal);
	link_free(link);
	journal_past_done(&p->past);
	loop_free(p->loop);
}

int switch_run(const struct switch_options *options, struct fault *reterr_)
{
	struct plane p = { .options = options };
	int err = start(&p, reterr_);
	if (!err) {
		log_(LOG_SWITCH, LOG_INFO, "serving sip=%s edge=%s rtp=%s boot=%" PRId64, options->sip,
			options->edge, options->rtp, p.past.boot);
		loop_run(p.loop);
	}
	stop(&p);
	return err;
}
