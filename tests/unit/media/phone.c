#include "unit.h"

#include "phone.h"

#include "base/clock.h"
#include "base/mem.h"
#include "media/law.h"
#include "media/rtp.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define KEY_PT 101
#define EXPECT_WINDOW 1600 /* samples: 200 ms, whole periods of all tones */

static void on_event(const struct media_event *event, void *arg)
{
	struct centre *c = arg;

	assert_true(c->n_events < ARRAY_LEN(c->events));
	c->events[c->n_events++] = *event;
}

static struct centre *centre_make(unsigned threads, uint16_t low, uint16_t ports, int64_t rest_ms)
{
	struct centre *c = mem_alloc(sizeof(*c));

	c->loop = loop_new();
	assert_non_null(c->loop);
	assert_int_equal(media_new(&(struct media_options){ .threads = threads,
					   .ip = "127.0.0.1",
					   .port_low = low,
					   .port_high = (uint16_t)(low + ports - 1),
					   .loop = c->loop,
					   .on_event = on_event,
					   .arg = c,
					   .port_rest_ms = rest_ms,
					   .silence_ms = 600 },
				 &c->media),
		0);
	return c;
}

struct centre *centre_new(unsigned threads)
{
	return centre_make(threads, (uint16_t)(10000 + getpid() % 200 * 100), 1000, 0);
}

struct centre *centre_new_small(uint16_t ports, int64_t rest_ms)
{
	return centre_make(1, (uint16_t)(61000 + getpid() % 2000 * 2), ports, rest_ms);
}

void centre_free(struct centre *c)
{
	media_free(c->media);
	loop_drain(c->loop);
	loop_free(c->loop);
	free(c);
}

void centre_turn(struct centre *c)
{
	loop_run_nowait(c->loop);
}

static void on_patience(void *arg)
{
	*(bool *)arg = true;
}

struct media_event centre_wait(struct centre *c, enum media_event_kind kind, uint64_t id)
{
	bool over = false;
	struct timer patience = { 0 };

	loop_now_us(c->loop);
	timer_init(&patience, on_patience, &over);
	timer_start_in(loop_timers(c->loop), &patience, 10 * CLOCK_S_US);
	for (;;) {
		for (size_t i = 0; i < c->n_events; i++) {
			if (c->events[i].kind != kind || (id && c->events[i].id != id))
				continue;
			timer_stop(loop_timers(c->loop), &patience);
			return c->events[i];
		}
		if (over)
			fail_msg("event %d of %llu never came", (int)kind, (unsigned long long)id);
		loop_run_once(c->loop);
	}
}

size_t centre_count(const struct centre *c, enum media_event_kind kind, uint64_t id)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_events; i++)
		n += c->events[i].kind == kind && (!id || c->events[i].id == id);
	return n;
}

struct phone *phone_new(enum media_codec codec, double hz)
{
	struct phone *p = mem_alloc(sizeof(*p));
	socklen_t length = sizeof(p->local);
	static uint32_t ssrc = 1000;

	law_init();
	p->fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(addr_from_host(STR("127.0.0.1"), 0, &p->local), 0);
	assert_int_equal(bind(p->fd, &p->local.sa, addr_len(&p->local)), 0);
	assert_int_equal(getsockname(p->fd, &p->local.sa, &length), 0);
	p->codec = codec;
	p->hz = hz;
	p->amplitude = 8000;
	p->ssrc = ssrc++;
	p->seq = 65500;
	return p;
}

void phone_free(struct phone *p)
{
	close(p->fd);
	seal_free(p->seal);
	free(p);
}

struct media_remote phone_remote(const struct phone *p)
{
	return (struct media_remote){ .rtp = { .ip = "127.0.0.1", .port = addr_port(&p->local) },
		.codec = p->codec,
		.pt = p->codec == MEDIA_PCMA ? 8 : 0,
		.dtmf_pt = KEY_PT,
		.direction = MEDIA_SENDRECV };
}

uint64_t phone_connect(struct phone *p, struct centre *c, uint64_t group)
{
	struct media_local local;
	struct media_remote remote = phone_remote(p);

	assert_int_equal(media_stream_open(c->media,
				 &(struct media_stream_options){ .group = group, .tag = 7 }, &local),
		0);
	assert_int_equal(media_stream_set_remote(c->media, local.stream, &remote), 0);
	assert_int_equal(addr_from_host(str_from(local.rtp.ip), local.rtp.port, &p->to), 0);
	return local.stream;
}

void phone_send_raw(struct phone *p, const void *bytes, size_t n)
{
	sendto(p->fd, bytes, n, 0, &p->to.sa, addr_len(&p->to));
}

void phone_send_packet(struct phone *p, uint8_t pt, const void *payload, size_t n)
{
	uint8_t bytes[1500];
	struct rtp_packet packet = { .pt = pt, .seq = p->seq, .ts = p->ts, .ssrc = p->ssrc };

	rtp_write_header(bytes, &packet);
	memcpy(bytes + RTP_HEADER_SIZE, payload, n);
	n += RTP_HEADER_SIZE;
	if (p->seal)
		assert_int_equal(seal_protect(p->seal, bytes, &n, false), 0);
	phone_send_raw(p, bytes, n);
}

void phone_send(struct phone *p)
{
	uint8_t payload[LAW_FRAME];

	for (size_t i = 0; i < LAW_FRAME; i++, p->sample++)
		payload[i] =
			law_encode(p->codec, (int)(p->amplitude * sin(2 * M_PI * p->hz * p->sample / 8000)));
	phone_send_packet(p, p->codec == MEDIA_PCMA ? 8 : 0, payload, sizeof(payload));
	p->seq++;
	p->ts += LAW_FRAME;
}

static void take(struct phone *p, const struct rtp_packet *packet)
{
	if (p->any && packet->ssrc != p->in_ssrc)
		p->ssrc_changes++;
	if (p->any && packet->seq != (uint16_t)(p->in_seq + 1))
		p->disorder++;
	if (p->any && (int32_t)(packet->ts - p->in_ts) < 0)
		p->disorder++;
	p->any = true;
	p->in_ssrc = packet->ssrc;
	p->in_seq = packet->seq;
	p->in_ts = packet->ts;
	p->packets++;
	p->markers += packet->marker;
	if (packet->pt == KEY_PT) {
		p->keys += packet->marker;
		p->key = (char)('0' + packet->payload[0]);
		return;
	}
	assert_int_equal(packet->pt, p->codec == MEDIA_PCMA ? 8 : 0);
	for (size_t i = 0; i < packet->n && p->n_heard < PHONE_HEARD; i++)
		p->heard[p->n_heard++] = law_linear[p->codec][packet->payload[i]];
}

unsigned phone_hear(struct phone *p, int wait_ms)
{
	struct pollfd pfd = { .fd = p->fd, .events = POLLIN };
	unsigned n = 0;

	while (poll(&pfd, 1, n ? 0 : wait_ms) > 0) {
		uint8_t bytes[2048];
		struct rtp_packet packet;
		size_t got = (size_t)recv(p->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

		if (rtp_is_rtcp(bytes, got) || bytes[0] < 128)
			continue;
		if (p->seal)
			assert_int_equal(seal_unprotect(p->seal, bytes, &got, false), 0);
		assert_int_equal(rtp_parse(bytes, got, &packet), 0);
		take(p, &packet);
		n++;
	}
	return n;
}

void phone_forget(struct phone *p)
{
	p->n_heard = 0;
}

double tone_share(const int16_t *samples, size_t n, double hz)
{
	double c = 2 * cos(2 * M_PI * hz / 8000), s1 = 0, s2 = 0, energy = 1;

	for (size_t i = 0; i < n; i++) {
		double s = samples[i] + c * s1 - s2;

		s2 = s1;
		s1 = s;
		energy += (double)samples[i] * samples[i];
	}
	return 2 * (s1 * s1 + s2 * s2 - c * s1 * s2) / (energy * (double)n);
}

double phone_share(const struct phone *p, double hz, size_t n)
{
	double best = 0;

	for (size_t at = 0; at + n <= p->n_heard; at += LAW_FRAME)
		best = fmax(best, tone_share(p->heard + at, n, hz));
	return best;
}

/* Hears whatever comes until that moment. */
static void hear_until(struct phone **phones, size_t n, int64_t until_us)
{
	struct pollfd pfds[8];
	int64_t now;

	assert_true(n <= ARRAY_LEN(pfds));
	for (size_t k = 0; k < n; k++)
		pfds[k] = (struct pollfd){ .fd = phones[k]->fd, .events = POLLIN };
	while ((now = clock_mono_us()) < until_us) {
		poll(pfds, n, (int)((until_us - now + 999) / 1000));
		for (size_t k = 0; k < n; k++)
			phone_hear(phones[k], 0);
	}
}

void phones_talk(struct phone **phones, size_t n, struct centre *c, unsigned packets)
{
	int64_t next = clock_mono_us();

	for (size_t k = 0; k < n; k++)
		phone_forget(phones[k]);
	for (unsigned i = 0; i < packets; i++) {
		for (size_t k = 0; k < n; k++)
			phone_send(phones[k]);
		next += 20000;
		hear_until(phones, n, next);
		centre_turn(c);
	}
}

void phones_expect(struct phone **phones, size_t n, struct centre *c, struct expected e)
{
	int share = 0;

	for (int round = 0; round < 25; round++) {
		share = (int)(100 * phone_share(phones[e.phone], e.hz, EXPECT_WINDOW));
		if (share >= e.low && share <= e.high)
			return;
		phones_talk(phones, n, c, 20);
	}
	fail_msg("phone %zu hears %d percent of %.0f Hz", e.phone, share, e.hz);
}
