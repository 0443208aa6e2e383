/* UDP for signalling: no send queue, because every protocol on top of it repeats what was lost, and a queue
 * would only make the repeats older. */
#include "net/udp.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#define SOCKET_BUFFER_BYTES (4 * 1024 * 1024)

struct udp {
	uv_udp_t uv;
	struct loop *loop;
	udp_recv_fn fn;
	void *arg;
	struct addr local;
};

static void give_scratch(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buf)
{
	struct udp *udp = CONTAINER_OF(handle, struct udp, uv);
	(void)suggested;
	*ret_buf = uv_buf_init(loop_scratch(udp->loop), LOOP_SCRATCH_BYTES);
}

static void received(
	uv_udp_t *handle, ssize_t n, const uv_buf_t *buf, const struct sockaddr *sa, unsigned flags)
{
	struct udp *udp = CONTAINER_OF(handle, struct udp, uv);
	struct addr from;
	if (n < 0 || !sa || (flags & UV_UDP_PARTIAL))
		return;
	addr_from_sockaddr(sa, &from);
	loop_now_us(udp->loop);
	udp->fn(udp->arg, (struct str){ buf->base, (size_t)n }, &from);
}

static void closed(uv_handle_t *handle)
{
	free(CONTAINER_OF(handle, struct udp, uv));
}

void *udp_close(struct udp *udp)
{
	if (udp)
		uv_close((uv_handle_t *)&udp->uv, closed);
	return NULL;
}

/* A burst of a few thousand requests must fit. Beyond the system's maximum only root may go. */
static void enlarge_buffer(struct udp *udp)
{
	int bytes = SOCKET_BUFFER_BYTES;
	uv_os_fd_t fd;
	if (uv_fileno((uv_handle_t *)&udp->uv, &fd))
		return;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

static int start(struct udp *udp, const struct addr *local)
{
	struct sockaddr_storage name;
	int name_len = sizeof(name);
	int e = uv_udp_bind(&udp->uv, &local->sa, addr_is_v6(local) ? UV_UDP_IPV6ONLY : 0);
	if (!e)
		e = uv_udp_getsockname(&udp->uv, (struct sockaddr *)&name, &name_len);
	if (!e)
		e = uv_udp_recv_start(&udp->uv, give_scratch, received);
	if (e)
		return e == UV_EADDRNOTAVAIL ? -E_UNREACHABLE : loop_err(e);
	addr_from_sockaddr((struct sockaddr *)&name, &udp->local);
	enlarge_buffer(udp);
	return 0;
}

int udp_open(struct loop *loop, const struct addr *local, udp_recv_fn fn, void *arg, struct udp **ret_udp)
{
	struct udp *udp = mem_alloc(sizeof(*udp));
	udp->loop = loop;
	udp->fn = fn;
	udp->arg = arg;
	int e = uv_udp_init_ex(loop_uv(loop), &udp->uv, local->sa.sa_family);
	if (e) {
		free(udp);
		return loop_err(e);
	}
	e = start(udp, local);
	if (e) {
		udp_close(udp);
		return e;
	}
	*ret_udp = udp;
	return 0;
}

int udp_send(struct udp *udp, const struct addr *to, struct str data)
{
	uv_buf_t buf = uv_buf_init((char *)(uintptr_t)data.p, (unsigned)data.n);
	int n = uv_udp_try_send(&udp->uv, &buf, 1, &to->sa);
	if (n == UV_EMSGSIZE)
		return -E_LIMIT;
	return n < 0 ? loop_err(n) : 0;
}

const struct addr *udp_local(const struct udp *udp)
{
	return &udp->local;
}
