/* Sound of many legs through one socket: what comes in is told apart by the port it comes from. */
#include "load.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STREAMS_MAX = 2048, PHASES = 4, PAYLOAD = 160, PACKET = 172, BATCH = 64, SOCKET_BYTES = 8 << 20 };
enum { PT_ALAW = 8, PT_KEYS = 101, LATE_US = 40000, FRAME_US = 20000 };

struct sound {
	int fd;
	in_port_t port;
	bool steady;
	unsigned phase;
	struct stream streams[STREAMS_MAX];
	struct stream *by_port[65536];
	struct sound_sums sums;
};

struct rtp {
	uint8_t v, pt;
	uint16_t seq;
	uint32_t ts, ssrc;
	uint8_t payload[PAYLOAD];
};

struct sound *sound_new(bool steady)
{
	struct sound *s = mem_alloc(sizeof(*s));
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(any);
	int bytes = SOCKET_BYTES;
	s->steady = steady;
	s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&any, n) ||
		getsockname(s->fd, (struct sockaddr *)&any, &n))
		abort();
	setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	s->port = ntohs(any.sin_port);
	return s;
}

void sound_free(struct sound *s)
{
	close(s->fd);
	free(s);
}

in_port_t sound_port(const struct sound *s)
{
	return s->port;
}

int sound_fd(const struct sound *s)
{
	return s->fd;
}

struct sound_sums sound_sums(const struct sound *s)
{
	return s->sums;
}

struct stream *sound_start(struct sound *s, in_port_t port)
{
	for (size_t i = 0; i < STREAMS_MAX; i++) {
		struct stream *one = &s->streams[i];
		if (one->on)
			continue;
		*one = (struct stream){
			.on = true, .to = htons(port), .ssrc = (uint32_t)(i + 1) << 16 | port
		};
		s->by_port[port] = one;
		return one;
	}
	return NULL;
}

void sound_stop(struct sound *s, struct stream *stream)
{
	if (!stream)
		return;
	s->by_port[ntohs(stream->to)] = NULL;
	stream->on = false;
}

static size_t fill(struct stream *one, struct rtp *packet, uint8_t pt, uint32_t ts, size_t n)
{
	packet->v = 0x80;
	packet->pt = pt;
	packet->seq = htons(one->seq++);
	packet->ts = htonl(ts);
	packet->ssrc = htonl(one->ssrc);
	return PACKET - PAYLOAD + n;
}

void sound_key(struct sound *s, struct stream *stream, char key)
{
	static const char keys[] = "0123456789*#";
	const char *at = strchr(keys, key);
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = stream->to
	};
	for (unsigned i = 1; i <= 8 && at; i++) {
		struct rtp packet;
		unsigned length = (i < 6 ? i : 6) * PAYLOAD;
		uint8_t event[4] = { (uint8_t)(at - keys), i >= 6 ? 0x8a : 0x0a, (uint8_t)(length >> 8),
			(uint8_t)length };
		size_t n = fill(
			stream, &packet, (uint8_t)(PT_KEYS | (i == 1 ? 0x80 : 0)), stream->ts, sizeof(event));
		memcpy(packet.payload, event, sizeof(event));
		sendto(s->fd, &packet, n, 0, (struct sockaddr *)&to, sizeof(to));
	}
	stream->ts += 8 * PAYLOAD;
}

static void hear(struct sound *s, const struct rtp *packet, size_t n, in_port_t from, int64_t now_us)
{
	struct stream *one = s->by_port[from];
	if (!one || n < PACKET - PAYLOAD || (packet->pt & 0x7f) != PT_ALAW)
		return;
	uint16_t seq = ntohs(packet->seq), gap = (uint16_t)(seq - one->next_in);
	s->sums.received++;
	if (!one->heard++ || gap > 1000) {
		one->base_us = now_us;
	} else {
		s->sums.lost += gap;
		one->base_us += (gap + 1) * (int64_t)FRAME_US;
		if (now_us - one->base_us > LATE_US) {
			s->sums.late++;
			one->base_us = now_us;
		}
		if (now_us < one->base_us)
			one->base_us = now_us;
	}
	one->next_in = (uint16_t)(seq + 1);
}

void sound_read(struct sound *s, int64_t now_us)
{
	static struct rtp packets[BATCH];
	static struct sockaddr_in from[BATCH];
	struct iovec parts[BATCH];
	struct mmsghdr all[BATCH];
	int n;
	do {
		memset(all, 0, sizeof(all));
		for (size_t i = 0; i < BATCH; i++) {
			parts[i] = (struct iovec){ &packets[i], sizeof(packets[i]) };
			all[i].msg_hdr.msg_iov = &parts[i];
			all[i].msg_hdr.msg_iovlen = 1;
			all[i].msg_hdr.msg_name = &from[i];
			all[i].msg_hdr.msg_namelen = sizeof(from[i]);
		}
		n = recvmmsg(s->fd, all, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++)
			hear(s, &packets[i], all[i].msg_len, ntohs(from[i].sin_port), now_us);
	} while (n == BATCH);
}

static void send_one(struct sound *s, struct stream *one)
{
	struct rtp packet;
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = one->to
	};
	size_t n = fill(one, &packet, PT_ALAW, one->ts, PAYLOAD);
	memset(packet.payload, (int)(one->ts >> 3 & 0x3f), PAYLOAD);
	one->ts += PAYLOAD;
	if (sendto(s->fd, &packet, n, 0, (struct sockaddr *)&to, sizeof(to)) == (ssize_t)n)
		s->sums.sent++;
}

void sound_tick(struct sound *s, int64_t now_us)
{
	sound_read(s, now_us);
	s->phase = (s->phase + 1) % PHASES;
	for (size_t i = s->phase; i < STREAMS_MAX && s->steady; i += PHASES)
		if (s->streams[i].on)
			send_one(s, &s->streams[i]);
}
