/* The load: `load sip=5060 agents=50 rate=10 calls=100 …` registers the agents, places the calls, and prints
 * one JSON line with what came of them. An agent answers at once and hangs up after hold_ms; a call counts as
 * whole when its caller was answered, an agent spoke with somebody, and the BYE came to the caller by itself.
 */
#include "load.h"

#include "base/clock.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TICK_US = 5000, GRACE_US = 20000000, REGISTER_WAIT_MS = 2000 };

enum call_phase { CALL_IDLE, CALL_DIALLED, CALL_UP, CALL_DONE, CALL_FAILED };

struct caller {
	enum call_phase phase;
	int64_t key_at_us;
	struct stream *stream;
};

struct seat {
	bool busy, talking;
	int64_t bye_at_us;
	struct stream *stream;
	char local[LOAD_FIELD_MAX], remote[LOAD_FIELD_MAX], call_id[LOAD_FIELD_MAX], target[LOAD_FIELD_MAX];
	char route[LOAD_HEAD_MAX];
};

struct load {
	struct load_options o;
	int callers_fd, agents_fd;
	in_port_t callers_port, agents_port;
	struct sound *callers_sound, *agents_sound;
	struct caller *callers;
	struct seat *seats;
	int placed, done, failed, registered, handled;
	int64_t now_us, next_call_us;
};

static int sip_socket(in_port_t *ret_port)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(any);
	int bytes = 8 << 20, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&any, n) || getsockname(fd, (struct sockaddr *)&any, &n))
		abort();
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	*ret_port = ntohs(any.sin_port);
	return fd;
}

static void send_text(const struct load *l, int fd, const char *text)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((in_port_t)l->o.sip_port) };
	if (sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		perror("load: send");
}

static void reply(const struct load *l, int fd, struct str request, const char *status, const char *tag,
	in_port_t sdp_port)
{
	char via[LOAD_HEAD_MAX], route[LOAD_HEAD_MAX], text[LOAD_TEXT_MAX], sdp[LOAD_SDP_MAX] = "";
	struct str to = text_header(request, "To");
	if (sdp_port)
		text_sdp(sdp_port, sdp);
	text_lines(request, "Via", via, sizeof(via));
	text_lines(request, "Record-Route", route, sizeof(route));
	snprintf(text, sizeof(text),
		"SIP/2.0 %s\r\n%s%sFrom: " STR_FMT "\r\nTo: " STR_FMT "%s\r\nCall-ID: " STR_FMT
		"\r\nCSeq: " STR_FMT "\r\nContact: <sip:" STR_FMT
		"@127.0.0.1:%u>\r\n%sContent-Length: %zu\r\n\r\n%s",
		status, via, route, STR_ARG(text_header(request, "From")), STR_ARG(to),
		memmem(to.p, to.n, ";tag=", 5) ? "" : tag, STR_ARG(text_header(request, "Call-ID")),
		STR_ARG(text_header(request, "CSeq")), STR_ARG(text_between(request, "sip:", '@')),
		(unsigned)(fd == l->agents_fd ? l->agents_port : l->callers_port),
		sdp[0] ? "Content-Type: application/sdp\r\n" : "", strlen(sdp), sdp);
	send_text(l, fd, text);
}

static void register_agent(const struct load *l, int at, struct str challenge)
{
	char uri[64], user[16], password[64], credentials[LOAD_HEAD_MAX] = "", text[LOAD_TEXT_MAX];
	snprintf(uri, sizeof(uri), "sip:127.0.0.1:%d", l->o.sip_port);
	snprintf(user, sizeof(user), "%d", l->o.first_agent + at);
	snprintf(password, sizeof(password), "%s%d-demo", l->o.password, l->o.first_agent + at - 8000);
	if (challenge.p &&
		text_authorization(challenge, user, password, uri, credentials, sizeof(credentials)))
		return;
	snprintf(text, sizeof(text),
		"REGISTER %s SIP/2.0\r\nVia: SIP/2.0/UDP "
		"127.0.0.1:%u;branch=z9hG4bKr%d-%d;rport\r\nMax-Forwards: 70\r\n"
		"From: <sip:%s@127.0.0.1>;tag=r\r\nTo: <sip:%s@127.0.0.1>\r\nCall-ID: register-%d-%u\r\n"
		"CSeq: %d REGISTER\r\nContact: <sip:%s@127.0.0.1:%u>;expires=3600\r\n%sContent-Length: "
		"0\r\n\r\n",
		uri, (unsigned)l->agents_port, at, challenge.p ? 2 : 1, user, user, at,
		(unsigned)l->agents_port, challenge.p ? 2 : 1, user, (unsigned)l->agents_port, credentials);
	send_text(l, l->agents_fd, text);
}

static void dial(struct load *l, int at)
{
	char sdp[LOAD_SDP_MAX], text[LOAD_TEXT_MAX];
	text_sdp(sound_port(l->callers_sound), sdp);
	l->callers[at].phase = CALL_DIALLED;
	snprintf(text, sizeof(text),
		"INVITE sip:%s@127.0.0.1:%d SIP/2.0\r\nVia: SIP/2.0/UDP "
		"127.0.0.1:%u;branch=z9hG4bKi%d;rport\r\n"
		"Max-Forwards: 70\r\nFrom: <sip:139%08d@127.0.0.1>;tag=c%d\r\nTo: <sip:%s@127.0.0.1>\r\n"
		"Call-ID: call-%d-%u\r\nCSeq: 1 INVITE\r\nContact: <sip:load@127.0.0.1:%u>\r\n"
		"Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s",
		l->o.number, l->o.sip_port, (unsigned)l->callers_port, at, at, at, l->o.number, at,
		(unsigned)l->callers_port, (unsigned)l->callers_port, strlen(sdp), sdp);
	send_text(l, l->callers_fd, text);
}

static void acknowledge(struct load *l, struct str answer, int at, bool good)
{
	char route[LOAD_HEAD_MAX], text[LOAD_TEXT_MAX], target[LOAD_FIELD_MAX];
	struct str contact = text_between(text_header(answer, "Contact"), "<", '>');
	text_lines(answer, "Record-Route", route, sizeof(route));
	snprintf(target, sizeof(target), "sip:%s@127.0.0.1:%d", l->o.number, l->o.sip_port);
	if (good && contact.p)
		snprintf(target, sizeof(target), STR_FMT, STR_ARG(contact));
	snprintf(text, sizeof(text),
		"ACK %s SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%c%d;rport\r\nMax-Forwards: "
		"70\r\nFrom: " STR_FMT "\r\nTo: " STR_FMT "\r\nCall-ID: " STR_FMT
		"\r\nCSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n",
		target, (unsigned)l->callers_port, good ? 'a' : 'i', at, STR_ARG(text_header(answer, "From")),
		STR_ARG(text_header(answer, "To")), STR_ARG(text_header(answer, "Call-ID")));
	send_text(l, l->callers_fd, text);
}

static void end_call(struct load *l, struct caller *c, bool good)
{
	if (c->phase == CALL_DONE || c->phase == CALL_FAILED)
		return;
	sound_stop(l->callers_sound, c->stream);
	c->stream = NULL;
	c->phase = good ? CALL_DONE : CALL_FAILED;
	l->done += good;
	l->failed += !good;
}

static void on_caller_message(struct load *l, struct str m)
{
	uint32_t at;
	struct str number = text_between(text_header(m, "Call-ID"), "call-", '-');
	if (str_to_u32(number, (uint32_t)l->o.calls - 1, &at))
		return;
	struct caller *c = &l->callers[at];
	if (str_starts(m, STR("BYE "))) {
		reply(l, l->callers_fd, m, "200 OK", "", 0);
		end_call(l, c, c->phase == CALL_UP);
		return;
	}
	if (!str_starts(m, STR("SIP/2.0 ")) || m.p[8] == '1')
		return;
	bool good = m.p[8] == '2';
	acknowledge(l, m, (int)at, good);
	if (!good) {
		if (!l->failed)
			fprintf(stderr, "load: call %u is the first refused: " STR_FMT "\n", at,
				STR_ARG(str_sub(m, 0, str_find(m, '\r'))));
		end_call(l, c, false);
	} else if (c->phase == CALL_DIALLED) {
		c->phase = CALL_UP;
		c->stream = sound_start(l->callers_sound, text_audio_port(m));
		c->key_at_us = l->now_us + l->o.key_ms * CLOCK_MS_US;
	}
}

static void on_offer(struct load *l, struct seat *seat, struct str m, uint32_t at)
{
	char tag[32];
	in_port_t port = text_audio_port(m);
	if (seat->busy && !str_eqz(text_header(m, "Call-ID"), seat->call_id)) {
		reply(l, l->agents_fd, m, "486 Busy Here", ";tag=busy", 0);
		return;
	}
	snprintf(tag, sizeof(tag), ";tag=s%u-%d", at, l->handled);
	if (!seat->busy) {
		seat->busy = true;
		snprintf(seat->local, sizeof(seat->local), STR_FMT "%s", STR_ARG(text_header(m, "To")), tag);
		snprintf(seat->remote, sizeof(seat->remote), STR_FMT, STR_ARG(text_header(m, "From")));
		snprintf(seat->call_id, sizeof(seat->call_id), STR_FMT, STR_ARG(text_header(m, "Call-ID")));
		snprintf(seat->target, sizeof(seat->target), STR_FMT,
			STR_ARG(text_between(text_header(m, "Contact"), "<", '>')));
		seat->stream = port ? sound_start(l->agents_sound, port) : NULL;
		reply(l, l->agents_fd, m, "200 OK", tag, sound_port(l->agents_sound));
	}
}

static void leave(struct load *l, struct seat *seat)
{
	sound_stop(l->agents_sound, seat->stream);
	l->handled += seat->talking;
	*seat = (struct seat){ .busy = false };
}

static void hang_up(struct load *l, struct seat *seat, int at)
{
	char text[LOAD_TEXT_MAX];
	snprintf(text, sizeof(text),
		"BYE %s SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKb%d-%d;rport\r\nMax-Forwards: "
		"70\r\n"
		"From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n",
		seat->target, (unsigned)l->agents_port, at, l->handled, seat->local, seat->remote,
		seat->call_id);
	send_text(l, l->agents_fd, text);
	leave(l, seat);
}

static void on_agent_message(struct load *l, struct str m)
{
	uint32_t at;
	struct str user = text_between(m, "sip:", '@');
	if (str_starts(m, STR("SIP/2.0 "))) {
		struct str number = text_between(text_header(m, "Call-ID"), "register-", '-');
		if (str_to_u32(number, (uint32_t)l->o.agents, &at))
			return;
		if (str_starts(m, STR("SIP/2.0 401")))
			register_agent(l, (int)at, m);
		l->registered += str_starts(m, STR("SIP/2.0 200"));
		return;
	}
	if (str_to_u32(user, UINT32_MAX, &at) || at - (uint32_t)l->o.first_agent >= (uint32_t)l->o.agents)
		return;
	at -= (uint32_t)l->o.first_agent;
	struct seat *seat = &l->seats[at];
	if (str_starts(m, STR("INVITE "))) {
		on_offer(l, seat, m, at);
	} else if (str_starts(m, STR("ACK ")) && seat->busy && !seat->talking) {
		seat->talking = true;
		seat->bye_at_us = l->now_us + l->o.hold_ms * CLOCK_MS_US;
	} else if (str_starts(m, STR("BYE ")) || str_starts(m, STR("CANCEL "))) {
		reply(l, l->agents_fd, m, "200 OK", "", 0);
		leave(l, seat);
	}
}

static void read_all(struct load *l, int fd, void (*fn)(struct load *, struct str))
{
	static char bytes[65536];
	ssize_t n;
	while ((n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		fn(l, (struct str){ bytes, (size_t)n });
}

/* What is due by time: keys, hang-ups, new calls. */
static void do_due(struct load *l)
{
	for (int i = 0; i < l->placed; i++) {
		struct caller *c = &l->callers[i];
		if (c->key_at_us && l->now_us >= c->key_at_us && c->stream) {
			sound_key(l->callers_sound, c->stream, l->o.key[0]);
			c->key_at_us = 0;
		}
	}
	for (int i = 0; i < l->o.agents; i++)
		if (l->seats[i].talking && l->now_us >= l->seats[i].bye_at_us)
			hang_up(l, &l->seats[i], i);
	while (l->placed < l->o.calls && l->now_us >= l->next_call_us) {
		dial(l, l->placed++);
		l->next_call_us += (int64_t)(1e6 / l->o.rate);
	}
}

/* One turn of at most 5 ms. */
static void turn(struct load *l, int64_t until_us)
{
	struct pollfd polled[] = { { .fd = l->callers_fd, .events = POLLIN },
		{ .fd = l->agents_fd, .events = POLLIN } };
	int64_t left_us = until_us - clock_mono_us();
	poll(polled, ARRAY_LEN(polled), left_us > 0 ? (int)(left_us / CLOCK_MS_US) : 0);
	l->now_us = clock_mono_us();
	read_all(l, l->callers_fd, on_caller_message);
	read_all(l, l->agents_fd, on_agent_message);
}

static int register_all(struct load *l)
{
	int64_t end_us = clock_mono_us() + REGISTER_WAIT_MS * CLOCK_MS_US;
	for (int i = 0; i < l->o.agents; i++)
		register_agent(l, i, STR_NONE);
	while (l->registered < l->o.agents && clock_mono_us() < end_us)
		turn(l, clock_mono_us() + TICK_US);
	return l->registered;
}

static void run(struct load *l)
{
	int64_t tick_us = clock_mono_us(), end_us = INT64_MAX;
	l->next_call_us = tick_us;
	while (l->done + l->failed < l->o.calls && clock_mono_us() < end_us) {
		turn(l, tick_us + TICK_US);
		do_due(l);
		while (l->now_us >= tick_us + TICK_US) {
			tick_us += TICK_US;
			sound_tick(l->callers_sound, l->now_us);
			sound_tick(l->agents_sound, l->now_us);
		}
		if (l->placed == l->o.calls && end_us == INT64_MAX)
			end_us = l->now_us + l->o.hold_ms * CLOCK_MS_US + GRACE_US;
	}
}

static void report(const struct load *l)
{
	struct sound_sums a = sound_sums(l->callers_sound), b = sound_sums(l->agents_sound);
	printf("{\"calls\": %d, \"done\": %d, \"failed\": %d, \"handled\": %d, \"sent\": %" PRIu64
	       ", \"received\": %" PRIu64 ", \"lost\": %" PRIu64 ", \"late\": %" PRIu64 "}\n",
		l->o.calls, l->done, l->o.calls - l->done, l->handled, a.sent + b.sent,
		a.received + b.received, a.lost + b.lost, a.late + b.late);
}

static void read_options(int argc, char **argv, struct load_options *o)
{
	const struct {
		const char *name;
		int *at;
	} numbers[] = {
		{ "sip=", &o->sip_port },
		{ "agents=", &o->agents },
		{ "first=", &o->first_agent },
		{ "calls=", &o->calls },
		{ "key_ms=", &o->key_ms },
		{ "hold_ms=", &o->hold_ms },
	};
	for (int i = 1; i < argc; i++) {
		for (size_t k = 0; k < ARRAY_LEN(numbers); k++)
			if (str_starts(str_from(argv[i]), str_from(numbers[k].name)))
				*numbers[k].at = (int)strtol(argv[i] + strlen(numbers[k].name), NULL, 10);
		if (str_starts(str_from(argv[i]), STR("rate=")))
			o->rate = strtod(argv[i] + 5, NULL);
		if (str_starts(str_from(argv[i]), STR("number=")))
			o->number = argv[i] + 7;
		o->sound |= str_eqz(str_from(argv[i]), "sound");
	}
}

int main(int argc, char **argv)
{
	struct load l = { .o = { .sip_port = 5060,
				  .agents = 1,
				  .first_agent = 8001,
				  .password = "agent",
				  .number = "4008001234",
				  .key = "1",
				  .rate = 1,
				  .calls = 1,
				  .key_ms = 300,
				  .hold_ms = 200 } };
	read_options(argc, argv, &l.o);
	l.callers_fd = sip_socket(&l.callers_port);
	l.agents_fd = sip_socket(&l.agents_port);
	l.callers_sound = sound_new(l.o.sound);
	l.agents_sound = sound_new(l.o.sound);
	l.callers = mem_array((size_t)l.o.calls, sizeof(*l.callers));
	l.seats = mem_array((size_t)l.o.agents, sizeof(*l.seats));
	if (register_all(&l) == l.o.agents) {
		puts("registered");
		fflush(stdout);
		if (getchar() != EOF)
			run(&l);
	} else {
		fprintf(stderr, "load: %d of %d agents registered\n", l.registered, l.o.agents);
	}
	report(&l);
	sound_free(l.callers_sound);
	sound_free(l.agents_sound);
	free(l.callers);
	free(l.seats);
	return 0;
}
