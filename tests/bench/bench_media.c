/* What a relayed and recorded packet costs: 100, 300 and 600 two-way calls over loopback sockets in this
 * process, plain and with one SRTP leg. The load runs on a thread of its own whose CPU time is taken off, so
 * the figure is that of media threads and writer together, kernel included. Each packet carries the time it
 * was sent at. */
#include "base/clock.h"
#include "base/mem.h"
#include "media/dtls.h"
#include "media/ice.h"
#include "media/media.h"
#include "media/rtp.h"
#include "net/addr.h"
#include "net/loop.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAYLOAD = 160, SLOTS = 20, WARM_MS = 1000, RUN_MS = 5000, LATE_US = 20000, EVENTS = 128 };

struct leg {
	int fd;
	struct addr to;
	uint64_t stream;
	struct media_local local;
	struct seal *seal;
	struct dtls *dtls;
	uint16_t seq;
	uint32_t ssrc;
};

struct bench {
	size_t calls;
	bool secure; /* every second leg */
	struct leg *legs;
	struct loop *loop;
	struct media *media;
	struct dtls_context *dtls;
	uint64_t *records;
	char folder[64];
	unsigned secured, recorded;
	atomic_bool stop, counting;
	int epoll;
	uint64_t sent, received, late;
	int64_t delay_us, worst_us, load_cpu_us;
};

static void must(int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "bench_media: %s: %s\n", what, err_text(err));
	exit(1);
}

static int64_t process_cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * CLOCK_S_US + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static void on_event(const struct media_event *event, void *arg)
{
	struct bench *b = arg;

	b->secured += event->kind == MEDIA_SECURED;
	b->recorded += event->kind == MEDIA_RECORDED;
}

static void send_bytes(struct leg *leg, const uint8_t *bytes, size_t n)
{
	sendto(leg->fd, bytes, n, MSG_DONTWAIT, &leg->to.sa, addr_len(&leg->to));
}

static void on_dtls(void *arg, const uint8_t *bytes, size_t n)
{
	send_bytes(arg, bytes, n);
}

static void open_leg(struct bench *b, struct leg *leg, uint64_t group, bool secure)
{
	struct media_stream_options options = { .group = group, .secure = secure };
	struct media_remote remote = { .pt = 8, .direction = MEDIA_SENDRECV };
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = leg };
	struct addr local;
	socklen_t length = sizeof(local);

	must(addr_from_host(STR("127.0.0.1"), 0, &local), "address");
	leg->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (leg->fd < 0 || bind(leg->fd, &local.sa, addr_len(&local)) ||
		getsockname(leg->fd, &local.sa, &length))
		must(-E_SYSTEM, "socket");
	epoll_ctl(b->epoll, EPOLL_CTL_ADD, leg->fd, &event);
	must(media_stream_open(b->media, &options, &leg->local), "stream");
	must(addr_from_host(str_from(leg->local.rtp.ip), leg->local.rtp.port, &leg->to), "address");
	leg->stream = leg->local.stream;
	leg->ssrc = (uint32_t)leg->fd;
	if (secure) {
		snprintf(remote.fingerprint, sizeof(remote.fingerprint), "%s",
			dtls_context_fingerprint(b->dtls));
	} else {
		snprintf(remote.rtp.ip, sizeof(remote.rtp.ip), "127.0.0.1");
		remote.rtp.port = addr_port(&local);
	}
	must(media_stream_set_remote(b->media, leg->stream, &remote), "remote");
}

static void open_call(struct bench *b, size_t i)
{
	struct leg *legs = b->legs + 2 * i;
	uint64_t group = media_group_new(b->media), bridge;
	char path[128];

	for (size_t k = 0; k < 2; k++)
		open_leg(b, &legs[k], group, b->secure && k);
	must(media_bridge_new(b->media, group, &bridge), "bridge");
	media_bridge_add(b->media, bridge, legs[0].stream);
	media_bridge_add(b->media, bridge, legs[1].stream);
	media_bridge_link(b->media, bridge, legs[0].stream, legs[1].stream, MEDIA_UNITY);
	snprintf(path, sizeof(path), "%s/%zu", b->folder, i);
	must(media_record_start(b->media, &(struct media_record_options){ .group = group, .path = path },
		     &b->records[i]),
		"record");
	media_record_feed(b->media, b->records[i], legs[0].stream, MEDIA_CHANNEL_CALLER);
	media_record_feed(b->media, b->records[i], legs[1].stream, MEDIA_CHANNEL_AGENT);
}

static void check_leg(struct leg *leg)
{
	static const uint8_t id[12] = "bench_media", tie[8];
	uint8_t bytes[STUN_SIZE_MAX];
	char username[32];
	struct stun_out o;

	snprintf(username, sizeof(username), "%s:bench", leg->local.ice_ufrag);
	stun_begin(&o, bytes, STUN_REQUEST, id);
	stun_add(&o, STUN_USERNAME, username, strlen(username));
	stun_add(&o, STUN_CONTROLLING, tie, sizeof(tie));
	stun_add(&o, STUN_USE_CANDIDATE, NULL, 0);
	send_bytes(leg, bytes, stun_end(&o, leg->local.ice_pwd));
}

static void shake_hands(struct bench *b, struct leg *leg)
{
	uint8_t bytes[2048];
	struct seal_keys keys;

	must(dtls_new(b->dtls, true, on_dtls, leg, &leg->dtls), "DTLS");
	check_leg(leg);
	must(dtls_start(leg->dtls), "hello");
	while (!dtls_is_done(leg->dtls)) {
		ssize_t n = recv(leg->fd, bytes, sizeof(bytes), 0);

		if (n > 0 && bytes[0] >= 20 && bytes[0] < 64)
			must(dtls_take(leg->dtls, bytes, (size_t)n), "handshake");
		loop_run_nowait(b->loop);
	}
	must(dtls_keys(leg->dtls, &keys), "keys");
	must(seal_new(&keys, &leg->seal), "seal");
}

static void speak(struct bench *b, struct leg *leg)
{
	uint8_t bytes[RTP_HEADER_SIZE + PAYLOAD + SEAL_ROOM] = { 0 };
	struct rtp_packet p = { .pt = 8, .seq = leg->seq, .ts = leg->seq * 160u, .ssrc = leg->ssrc };
	size_t n = RTP_HEADER_SIZE + PAYLOAD;
	int64_t now = clock_mono_us();
	uint8_t counted = atomic_load(&b->counting);

	leg->seq++;
	rtp_write_header(bytes, &p);
	memcpy(bytes + RTP_HEADER_SIZE, &now, sizeof(now));
	bytes[RTP_HEADER_SIZE + sizeof(now)] = counted;
	if (leg->seal && seal_protect(leg->seal, bytes, &n, false))
		return;
	b->sent += counted;
	send_bytes(leg, bytes, n);
}

static void hear(struct bench *b, struct leg *leg)
{
	uint8_t bytes[2048];
	ssize_t got = recv(leg->fd, bytes, sizeof(bytes), 0);
	size_t n = (size_t)got;
	int64_t sent_us, delay;

	if (got < RTP_HEADER_SIZE + PAYLOAD || bytes[0] < 128 || rtp_is_rtcp(bytes, n))
		return;
	if (leg->seal && seal_unprotect(leg->seal, bytes, &n, false))
		return;
	if (bytes[RTP_HEADER_SIZE + sizeof(sent_us)] != 1)
		return; /* of the warm-up, or silence */
	memcpy(&sent_us, bytes + RTP_HEADER_SIZE, sizeof(sent_us));
	delay = clock_mono_us() - sent_us;
	b->received++;
	b->late += delay > LATE_US;
	b->delay_us += delay;
	if (delay > b->worst_us)
		b->worst_us = delay;
}

/* A millisecond at a time: one slot of the legs speaks, then whatever is there is heard. */
static void *run_load(void *arg)
{
	struct bench *b = arg;
	struct epoll_event events[EVENTS];
	int64_t next = clock_mono_us(), start_cpu = 0;
	bool counting = false;

	for (size_t slot = 0; !atomic_load(&b->stop); slot = (slot + 1) % SLOTS) {
		for (size_t i = slot; i < 2 * b->calls; i += SLOTS)
			speak(b, &b->legs[i]);
		next += CLOCK_MS_US;
		do {
			int64_t left = next - clock_mono_us();
			int n = epoll_wait(
				b->epoll, events, EVENTS, left > 0 ? (int)((left + 999) / 1000) : 0);

			for (int i = 0; i < n; i++)
				hear(b, events[i].data.ptr);
		} while (clock_mono_us() < next);
		if (atomic_load(&b->counting) != counting) {
			counting = !counting;
			b->load_cpu_us = clock_cpu_us() - start_cpu;
			start_cpu = clock_cpu_us();
		}
	}
	return NULL;
}

static void measure(struct bench *b)
{
	struct media_totals before, after;
	pthread_t load;
	int64_t cpu;

	pthread_create(&load, NULL, run_load, b);
	poll(NULL, 0, WARM_MS);
	media_totals(b->media, &before);
	atomic_store(&b->counting, true);
	cpu = process_cpu_us();
	poll(NULL, 0, RUN_MS);
	atomic_store(&b->counting, false);
	cpu = process_cpu_us() - cpu;
	media_totals(b->media, &after);
	poll(NULL, 0, 100); /* what is still on its way */
	atomic_store(&b->stop, true);
	pthread_join(load, NULL);
	cpu -= b->load_cpu_us;
	printf("{\"bench\": \"media_relay\", \"unit\": \"us\", \"value\": %.2f, \"calls\": %zu, "
	       "\"srtp_legs\": %d, "
	       "\"packets\": %" PRIu64
	       ", \"threads_us\": %.2f, \"lost\": %.6f, \"late\": %.6f, \"delay_us\": %" PRId64
	       ", \"worst_us\": %" PRId64 "}\n",
		(double)cpu / (double)b->sent, b->calls, b->secure, b->sent,
		(double)(after.cpu_us - before.cpu_us) / (double)b->sent,
		b->sent > b->received ? (double)(b->sent - b->received) / (double)b->sent : 0.0,
		(double)b->late / (double)b->sent, b->received ? b->delay_us / (int64_t)b->received : 0,
		b->worst_us);
	fflush(stdout);
}

static void end_calls(struct bench *b)
{
	for (size_t i = 0; i < b->calls; i++)
		media_record_stop(b->media, b->records[i]);
	while (b->recorded < b->calls)
		loop_run_once(b->loop);
	for (size_t i = 0; i < b->calls; i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s/%zu", b->folder, i);
		unlink(path);
	}
	rmdir(b->folder);
	for (size_t i = 0; i < 2 * b->calls; i++) {
		close(b->legs[i].fd);
		seal_free(b->legs[i].seal);
		dtls_abandon(b->legs[i].dtls);
	}
}

static void run(size_t calls, bool secure)
{
	struct bench *b = mem_alloc(sizeof(*b));

	*b = (struct bench){
		.calls = calls, .secure = secure, .epoll = epoll_create1(0), .loop = loop_new()
	};
	b->legs = mem_array(2 * calls, sizeof(*b->legs));
	b->records = mem_array(calls, sizeof(*b->records));
	snprintf(b->folder, sizeof(b->folder), "/tmp/bench_media_XXXXXX");
	if (!mkdtemp(b->folder))
		must(-E_IO, "folder");
	must(dtls_context_new(&b->dtls), "certificate");
	must(media_new(&(struct media_options){ .ip = "127.0.0.1",
			       .port_low = 30000,
			       .port_high = 39999,
			       .loop = b->loop,
			       .on_event = on_event,
			       .arg = b },
		     &b->media),
		"media");
	for (size_t i = 0; i < calls; i++)
		open_call(b, i);
	for (size_t i = 1; secure && i < 2 * calls; i += 2)
		shake_hands(b, &b->legs[i]);
	measure(b);
	end_calls(b);
	media_free(b->media);
	dtls_context_free(b->dtls);
	loop_drain(b->loop);
	loop_free(b->loop);
	close(b->epoll);
	free(b->legs);
	free(b->records);
	free(b);
}

int main(void)
{
	struct rlimit files = { 0 };

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	run(100, false);
	run(300, false);
	run(600, false);
	run(100, true);
	run(300, true);
	return 0;
}
