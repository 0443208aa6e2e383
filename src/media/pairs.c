/* The pool of ports is a ring in the order of freeing: since all rest equally long, the first is always the
 * one that has rested longest. */
#include "media/pairs.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define TRIES 64
#define RECEIVE_BYTES (64 * 1024)
#define EXPEDITED 0xb8 /* DSCP 46, as routers expect of voice */

struct pair {
	uint16_t port;
	uint32_t ssrc;   /* heard last */
	int64_t free_us; /* from when it may be used */
};

struct pairs {
	struct addr local;
	int64_t rest_us;
	struct pair *ring;
	size_t size, head, n;
};

int pairs_new(
	const struct addr *local, uint16_t low, uint16_t high, int64_t rest_us, struct pairs **ret_pairs)
{
	unsigned first = (low + 1u) & ~1u;
	struct pairs *p;

	if (!low || first + 1 > high)
		return -E_INVALID;
	p = mem_alloc(sizeof(*p));
	p->local = *local;
	p->rest_us = rest_us;
	p->size = (high + 1u - first) / 2;
	p->ring = mem_array(p->size, sizeof(*p->ring));
	for (; p->n < p->size; p->n++)
		p->ring[p->n].port = (uint16_t)(first + 2 * p->n);
	*ret_pairs = p;
	return 0;
}

void pairs_free(struct pairs *p)
{
	if (!p)
		return;
	free(p->ring);
	free(p);
}

static void put_back(struct pairs *p, struct pair pair)
{
	p->ring[(p->head + p->n++) % p->size] = pair;
}

void pairs_give_back(struct pairs *p, uint16_t port, uint32_t ssrc, int64_t now_us)
{
	put_back(p, (struct pair){ port, ssrc, now_us + p->rest_us });
}

static int bind_one(const struct pairs *p, uint16_t port, int *ret_fd)
{
	struct addr local = p->local;
	int bytes = RECEIVE_BYTES, voice = EXPEDITED;
	int fd = socket(local.sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_from_errno(errno);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (addr_is_v6(&local))
		setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &voice, sizeof(voice));
	else
		setsockopt(fd, IPPROTO_IP, IP_TOS, &voice, sizeof(voice));
	addr_set_port(&local, port);
	if (bind(fd, &local.sa, addr_len(&local))) {
		int err = errno == EADDRINUSE ? -E_EXISTS : err_from_errno(errno);

		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

static int bind_pair(const struct pairs *p, uint16_t port, bool with_rtcp, int fds[2])
{
	int err = bind_one(p, port, &fds[0]);

	fds[1] = -1;
	if (err || !with_rtcp)
		return err;
	err = bind_one(p, (uint16_t)(port + 1), &fds[1]);
	if (err)
		close(fds[0]);
	return err;
}

int pairs_open(struct pairs *p, bool with_rtcp, int64_t now_us, struct pair_open *ret_pair)
{
	for (int i = 0; i < TRIES; i++) {
		struct pair pair = p->ring[p->head];
		int err;

		if (!p->n || pair.free_us > now_us)
			return -E_BUSY;
		p->head = (p->head + 1) % p->size;
		p->n--;
		err = bind_pair(p, pair.port, with_rtcp, ret_pair->fds);
		if (!err) {
			ret_pair->port = pair.port;
			ret_pair->stale_ssrc = pair.ssrc;
			return 0;
		}
		pair.free_us = now_us;
		put_back(p, pair);
		if (err != -E_EXISTS)
			return err;
	}
	return -E_BUSY;
}

unsigned pairs_available(const struct pairs *p, int64_t now_us)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->ring[(p->head + i) % p->size].free_us <= now_us;
	return n;
}
