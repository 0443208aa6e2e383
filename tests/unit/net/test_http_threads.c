/* Requests answered from a pool: each gets its own answer, streamed ones wait for slow readers, and clients
 * that leave at any moment disturb nobody. */
#include "net_fix.h"
#include "base/mem.h"
#include "net/http.h"
#include "net/pool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS 8
#define EACH 50
#define STREAM_PARTS 300
#define STREAM_PART_BYTES 20000

struct site {
	struct loop *loop;
	struct http_server *server;
	struct pool *pool;
	_Atomic int n_begun, n_cut;
};

static void stream_much(struct site *site, struct http_req *req)
{
	char *part = mem_alloc(STREAM_PART_BYTES);
	memset(part, 's', STREAM_PART_BYTES);
	http_begin(req, 200);
	atomic_fetch_add(&site->n_begun, 1);
	int e = 0;
	for (int i = 0; i < STREAM_PARTS && !e; i++)
		e = http_write(req, (struct str){ part, STREAM_PART_BYTES });
	if (e)
		atomic_fetch_add(&site->n_cut, 1);
	if (e || str_eqz(req->query, "cut"))
		http_cut(req);
	else
		http_end(req);
	free(part);
}

static void work(void *context, void *arg, int err)
{
	struct http_req *req = arg;
	(void)context;
	if (err)
		http_reply_fault(req, err, NULL);
	else if (str_eqz(req->path, "/stream"))
		stream_much(req->user, req);
	else
		http_reply_text(req, 200, "text/plain", req->query);
}

static void handle(void *arg, struct http_req *req)
{
	struct site *site = arg;
	req->user = site;
	int e = pool_submit(site->pool, &(struct pool_job){ .fn = work, .arg = req });
	if (e)
		http_reply_fault(req, e, NULL);
}

static void site_init(struct site *site, size_t queue_max)
{
	struct addr any = fix_addr("127.0.0.1:0");
	struct http_opts opts = { .handler = handle, .arg = site };
	*site = (struct site){ .loop = loop_new() };
	assert_int_equal(
		pool_new(&(struct pool_opts){ .n_threads = 3, .queue_max = queue_max }, &site->pool), 0);
	assert_int_equal(http_listen(site->loop, &any, &opts, &site->server), 0);
}

static void site_done(struct site *site)
{
	http_close(site->server);
	pool_free(site->pool);
	loop_drain(site->loop);
	loop_free(site->loop);
}

struct client {
	struct fix_peer peer;
	int index, n_sent;
};

static void send_next(struct client *c)
{
	char text[100];
	snprintf(text, sizeof(text), "GET /q?%d-%d. HTTP/1.1\r\nHost: a\r\n\r\n", c->index, c->n_sent++);
	assert_int_equal(stream_send(c->peer.s, str_from(text)), 0);
}

static bool has_answer(const struct client *c)
{
	char text[40];
	snprintf(text, sizeof(text), "\r\n\r\n%d-%d.", c->index, c->n_sent - 1);
	return c->peer.got.n && strstr(c->peer.got.p, text);
}

static void connect_to(struct site *site, struct fix_peer *peer)
{
	buf_init(&peer->got, 64 * 1024 * 1024);
	assert_int_equal(stream_connect(site->loop, http_local(site->server), NULL, &fix_peer_handlers, peer,
				 &peer->s),
		0);
}

static bool step_all(struct client *clients)
{
	bool done = true;
	for (int i = 0; i < CLIENTS; i++) {
		struct client *c = &clients[i];
		if (!has_answer(c)) {
			done = false;
		} else if (c->n_sent < EACH) {
			buf_reset(&c->peer.got);
			send_next(c);
			done = false;
		}
	}
	return done;
}

static void each_request_gets_its_answer(void **state)
{
	(void)state;
	struct site site;
	struct client clients[CLIENTS];
	memset(clients, 0, sizeof(clients));
	site_init(&site, 64);
	for (int i = 0; i < CLIENTS; i++) {
		clients[i].index = i;
		connect_to(&site, &clients[i].peer);
		send_next(&clients[i]);
	}
	RUN_UNTIL(site.loop, step_all(clients));
	for (int i = 0; i < CLIENTS; i++)
		fix_peer_done(&clients[i].peer);
	site_done(&site);
}

static void a_streamed_answer_waits_for_its_reader(void **state)
{
	(void)state;
	struct site site;
	struct fix_peer peer = { .n_closed = 0 };
	site_init(&site, 4);
	connect_to(&site, &peer);
	assert_int_equal(stream_send(peer.s, STR("GET /stream HTTP/1.0\r\n\r\n")), 0);
	RUN_UNTIL(site.loop, peer.got.n > 0);
	stream_pause(peer.s);
	fix_run_for(site.loop, 30);
	stream_resume(peer.s);
	RUN_UNTIL(site.loop, peer.n_closed);
	const char *body = strstr(peer.got.p, "\r\n\r\n") + 4;
	assert_int_equal(strlen(body), STREAM_PARTS * STREAM_PART_BYTES);
	fix_peer_done(&peer);
	site_done(&site);
}

static void a_cut_answer_is_noticed(void **state)
{
	(void)state;
	struct site site;
	struct fix_peer peer = { .n_closed = 0 };
	site_init(&site, 4);
	connect_to(&site, &peer);
	assert_int_equal(stream_send(peer.s, STR("GET /stream?cut HTTP/1.1\r\nHost: a\r\n\r\n")), 0);
	RUN_UNTIL(site.loop, peer.n_closed);
	assert_non_null(strstr(peer.got.p, "chunked"));
	assert_false(peer.got.n > 5 && !memcmp(peer.got.p + peer.got.n - 5, "0\r\n\r\n", 5));
	fix_peer_done(&peer);
	site_done(&site);
}

static void clients_that_leave_stop_their_writers(void **state)
{
	(void)state;
	struct site site;
	struct fix_peer peers[6];
	memset(peers, 0, sizeof(peers));
	site_init(&site, 8);
	for (int i = 0; i < 6; i++) {
		connect_to(&site, &peers[i]);
		assert_int_equal(stream_send(peers[i].s, STR("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")), 0);
	}
	RUN_UNTIL(site.loop, atomic_load(&site.n_begun) >= 1);
	for (int i = 0; i < 6; i++)
		fix_peer_done(&peers[i]);
	RUN_UNTIL(site.loop, atomic_load(&site.n_cut) >= 1);
	site_done(&site);
}

static void a_full_pool_says_so(void **state)
{
	(void)state;
	struct site site;
	struct fix_peer peers[12];
	int busy = 0;
	memset(peers, 0, sizeof(peers));
	site_init(&site, 1);
	for (int i = 0; i < 12; i++) {
		connect_to(&site, &peers[i]);
		stream_pause(peers[i].s);
		assert_int_equal(stream_send(peers[i].s, STR("GET /stream HTTP/1.0\r\n\r\n")), 0);
	}
	fix_run_for(site.loop, 30);
	for (int i = 0; i < 12; i++) {
		stream_resume(peers[i].s);
		RUN_UNTIL(site.loop, peers[i].n_closed);
		busy += strstr(peers[i].got.p, "HTTP/1.1 503 ") &&
			strstr(peers[i].got.p, "Retry-After: 1\r\n");
		fix_peer_done(&peers[i]);
	}
	assert_true(busy >= 1);
	site_done(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_request_gets_its_answer),
		cmocka_unit_test(a_streamed_answer_waits_for_its_reader),
		cmocka_unit_test(a_cut_answer_is_noticed),
		cmocka_unit_test(clients_that_leave_stop_their_writers),
		cmocka_unit_test(a_full_pool_says_so),
	};
	return unit_run(tests);
}
