/* The process: parts are made in the order in which they need each other and taken down in the other. The
 * loop reads requests and answers with pages; everything that touches the database runs on workers. */
#include "desk/desk.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/about.h"
#include "desk/bin.h"
#include "desk/config_push.h"
#include "desk/files.h"
#include "desk/guard.h"
#include "desk/history_rows.h"
#include "desk/hub.h"
#include "desk/imports.h"
#include "desk/outbox.h"
#include "desk/jobs.h"
#include "desk/pages.h"
#include "desk/peer.h"
#include "desk/prompts.h"
#include "desk/renew.h"
#include "desk/request.h"
#include "desk/seed.h"
#include "desk/shapes.h"
#include "desk/signin.h"
#include "desk/standing.h"
#include "desk/watch.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define WORKERS 4
#define QUEUE_MAX 256
#define OWN_QUEUE_MAX 4096
#define READERS                                                                                              \
	(WORKERS + 4 + JOBS_THREADS) /* one for each worker, each pool of our own, each job, and a push that \
					borrows a second */
#define BODY_MAX_BYTES (1024 * 1024)
#define REQUEST_US (20 * CLOCK_S_US)
#define DATABASE_US (20 * CLOCK_S_US)
#define DATABASE_MS 200
#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define FINDINGS_LOGGED 20
#define UPKEEP_US (10 * CLOCK_S_US)

struct job {
	struct desk *desk;
	struct http_req *req;
};

static void serve(void *context, void *arg, int err)
{
	struct job *job = arg;
	(void)context;
	request_serve(job->desk, job->req, err);
	free(job);
}

static void serve_api(struct desk *desk, struct http_req *req)
{
	struct job *job = mem_alloc(sizeof(*job));
	*job = (struct job){ desk, req };
	const struct pool_job work = { .fn = serve, .arg = job, .deadline_us = clock_mono_us() + REQUEST_US };
	int err = pool_submit(desk->pool, &work);
	if (err) {
		http_set(req, "Retry-After", "1");
		http_reply_fault(req, err, NULL);
		free(job);
	}
}

static void on_request(void *arg, struct http_req *req)
{
	struct desk *desk = arg;
	if (str_eqz(req->path, "/api/v1/events"))
		watch_serve(desk, req);
	else if (str_starts(req->path, STR("/api/v1/")) || str_eqz(req->path, "/metrics"))
		serve_api(desk, req);
	else if (str_eqz(req->path, ABOUT_AUTHORITY))
		authority_serve(desk, req);
	else if (str_starts(req->path, STR("/api/")))
		http_reply_fault(req, -E_NOT_FOUND, NULL);
	else
		pages_serve(desk, req);
}

static void on_head(void *arg, struct http_req *req)
{
	(void)arg;
	req->body_memory_max = BODY_MAX_BYTES;
	req->body_max = BODY_MAX_BYTES;
	files_admit(req);
	imports_admit(req);
}

/* The nightly check; what it finds is a fault of the program, so it is loud. */
static void check_history(void *context, void *arg, int err)
{
	struct desk *desk = arg;
	json_t *findings = json_array(), *finding;
	size_t i;
	(void)context;
	if (!err) {
		struct db *db = store_reader(desk->store);
		err = history_check(db, findings);
		store_reader_return(desk->store, db);
	}
	json_array_foreach (findings, i, finding)
		if (i < FINDINGS_LOGGED)
			log_(LOG_DESK, LOG_ERROR, "history does not add up check=\"%s\" id=%s text=\"%s\"",
				js_str(finding, "check", ""), js_str(finding, "id", ""),
				js_str(finding, "text", ""));
	if (!err)
		atomic_store(&desk->history_faults, (int)json_array_size(findings));
	json_decref(findings);
}

static void check_daily(struct desk *desk)
{
	const struct pool_job job = { .fn = check_history, .arg = desk };
	int64_t now_ms = clock_wall_ms(), last_ms = atomic_load(&desk->checked_ms);
	bool night = now_ms / DAY_MS != last_ms / DAY_MS;
	if (!night || pool_submit(desk->long_pool, &job))
		return;
	atomic_store(&desk->checked_ms, now_ms);
}

static void sweep_hourly(struct desk *desk)
{
	int64_t now_ms = clock_wall_ms();
	if (now_ms - atomic_load(&desk->swept_ms) < HOUR_MS)
		return;
	atomic_store(&desk->swept_ms, now_ms);
	files_sweep(desk);
	imports_sweep(desk);
}

/* Says once that the database refuses, and once that it takes again. */
static void watch_database(struct desk *desk)
{
	struct store_counts counts;
	store_counts(desk->store, &counts);
	if (counts.err && counts.err != desk->database_err)
		log_(LOG_DESK, LOG_ERROR, "the database takes nothing kind=%s err=%s", counts.kind,
			err_name(counts.err));
	else if (!counts.err && desk->database_err)
		log_(LOG_DESK, LOG_WARN, "the database takes again what is written");
	desk->database_err = counts.err;
}

static void upkeep(void *context, void *arg, int err)
{
	struct desk *desk = arg;
	(void)context;
	if (err)
		return;
	signin_sweep(desk);
	jobs_sweep(desk->jobs);
	config_push_again(desk);
	sweep_hourly(desk);
	bin_sweep(desk);
	check_daily(desk);
	watch_database(desk);
	shapes_look(desk->shapes); /* another process may have changed them */
}

static void on_upkeep(void *arg)
{
	struct desk *desk = arg;
	const struct pool_job job = { .fn = upkeep, .arg = desk };
	if (pool_submit(desk->own_pool, &job))
		log_(LOG_DESK, LOG_WARN, "upkeep put off: too much to do");
	timer_start_in(loop_timers(desk->loop), &desk->upkeep, UPKEEP_US);
}

static int make_pools(struct desk *desk)
{
	const struct pool_opts people = {
		.n_threads = WORKERS, .queue_max = QUEUE_MAX, .name = "desk-request"
	};
	const struct pool_opts own = { .n_threads = 1, .queue_max = OWN_QUEUE_MAX, .name = "desk-own" };
	const struct pool_opts slow = { .n_threads = 1, .queue_max = QUEUE_MAX, .name = "desk-long" };
	int err = pool_new(&people, &desk->pool);
	if (!err)
		err = pool_new(&own, &desk->own_pool);
	return err ? err : pool_new(&slow, &desk->long_pool);
}

/* A database that is starting, as after a power cut, is waited for. */
static int open_store(struct desk *desk, struct fault *reterr_)
{
	CLEANUP(mem_freep) char *path = mem_printf("%s/desk.db", desk->options->data_dir);
	const char *db = desk->options->db;
	const struct store_options options = { .path = db ? db : path, .readers = READERS };
	int64_t until = clock_mono_us() + DATABASE_US;
	struct fault fault = { .text = "" };
	int err = store_open(&options, &desk->store, &fault);
	if (err == -E_AWAY)
		log_(LOG_DESK, LOG_WARN, "waiting for the database why=\"%s\"", fault.text);
	while (err == -E_AWAY && clock_mono_us() < until) {
		poll(NULL, 0, DATABASE_MS);
		err = store_open(&options, &desk->store, &fault);
	}
	if (!err)
		return seed(desk, reterr_);
	if (reterr_)
		*reterr_ = fault;
	return err;
}

static int connect_switch(struct desk *desk)
{
	int64_t node, cursor;
	struct db *db = store_reader(desk->store);
	int err = history_latest(db, &node, &cursor);
	if (!err)
		err = hub_read_people(desk->hub, db, 0);
	store_reader_return(desk->store, db);
	return err ? err : peer_new(desk, node, cursor, &desk->peer);
}

static void on_certificate(void *arg, int err, const struct fault *fault)
{
	(void)arg;
	if (err)
		log_(LOG_DESK, LOG_WARN, "the certificate was not looked after: %s", fault->text);
}

static int open_certificate(struct desk *desk, struct fault *reterr_)
{
	const struct desk_options *o = desk->options;
	CLEANUP(mem_freep) char *dir = mem_printf("%s/tls", o->data_dir);
	const struct certificate_opts opts = {
		.loop = desk->loop,
		.cert_path = o->cert_path,
		.key_path = o->key_path,
		.dir = dir,
		.addrs = { o->http, o->edge },
		.looked = on_certificate,
	};
	return certificate_open(&opts, &desk->certificate, reterr_);
}

static int listen_http(struct desk *desk, struct fault *reterr_)
{
	const struct desk_options *o = desk->options;
	struct addr local, edge;
	struct http_opts opts = { .handler = on_request,
		.arg = desk,
		.head = on_head,
		.refused = request_refused,
		.temp_dir = o->data_dir };
	char text[ADDR_STRLEN];
	opts.stream.host_max = o->host_max;
	if (addr_from_string(str_from(o->http), &local))
		return fault_set(reterr_, "format", "http", "%s is no ADDR:PORT", o->http);
	if (addr_from_string(str_from(o->edge), &edge) == 0)
		desk->edge_port = addr_port(&edge);
	if (o->tls) {
		int err = open_certificate(desk, reterr_);
		if (err)
			return err;
		opts.stream.tls = certificate_tls(desk->certificate);
	} else if (!addr_is_loopback(&local)) {
		return fault_set(reterr_, "tls", "http", "%s is no loopback address: it needs TLS", o->http);
	}
	int err = http_listen(desk->loop, &local, &opts, &desk->http);
	if (err)
		(void)fault_set(reterr_, "listen", "http", "cannot listen on %s: %s", o->http,
			err == -E_EXISTS ? "the port is in use by another program" : err_text(err));
	else
		log_(LOG_DESK, LOG_INFO, "serving http=%s", addr_to_string(http_local(desk->http), text));
	return err;
}

/* No new requests; those in hand are still answered while the pools end. */
static void on_stop(void *arg)
{
	struct desk *desk = arg;
	log_(LOG_DESK, LOG_INFO, "ending");
	atomic_store(&desk->stopping, true);
	timer_stop(loop_timers(desk->loop), &desk->upkeep);
	hub_close(desk->hub);
	peer_close(desk->peer);
	loop_stop(desk->loop);
}

static int start(struct desk *desk, struct fault *reterr_)
{
	int err = open_store(desk, reterr_);
	if (!err)
		err = numbers_settle(desk);
	if (!err)
		err = make_pools(desk);
	if (!err)
		err = shapes_begin(desk->shapes);
	if (!err)
		err = jobs_open(desk->jobs);
	if (!err)
		err = outbox_open(desk->outbox);
	if (!err)
		err = connect_switch(desk);
	if (!err)
		err = listen_http(desk, reterr_);
	if (!err)
		err = loop_on_signal(desk->loop, SIGTERM, on_stop, desk);
	if (!err)
		err = loop_on_signal(desk->loop, SIGINT, on_stop, desk);
	if (err)
		return err;
	timer_init(&desk->upkeep, on_upkeep, desk);
	timer_start_in(loop_timers(desk->loop), &desk->upkeep, UPKEEP_US);
	prompts_make(desk);
	renew_begin(desk);
	if (desk->options->ready) {
		char text[ADDR_STRLEN];
		desk->options->ready(desk->options->ready_arg, addr_to_string(http_local(desk->http), text));
	}
	return 0;
}

static void finish(struct desk *desk)
{
	desk->http = http_close(desk->http);
	peer_close(desk->peer);
	outbox_close(desk->outbox);
	desk->pool = pool_free(desk->pool);
	desk->own_pool = pool_free(desk->own_pool);
	desk->long_pool = pool_free(desk->long_pool);
	jobs_close(desk->jobs);
	loop_drain(desk->loop);
	desk->store = store_close(desk->store);
	loop_drain(desk->loop);
	hub_close(desk->hub);
	desk->peer = peer_free(desk->peer);
	desk->jobs = jobs_free(desk->jobs);
	desk->outbox = outbox_free(desk->outbox);
	desk->hub = hub_free(desk->hub);
	desk->standing = standing_free(desk->standing);
	desk->shapes = shapes_free(desk->shapes);
	desk->guard = guard_free(desk->guard);
	desk->config = config_push_free(desk->config);
	loop_run_nowait(desk->loop);
	desk->certificate = certificate_close(desk->certificate);
	desk->loop = loop_free(desk->loop);
}

int desk_run(const struct desk_options *options, struct fault *reterr_)
{
	struct desk desk = { .options = options };
	umask(0077);
	atomic_store(&desk.demo.speed_percent, 100);
	desk.loop = loop_new();
	if (!desk.loop)
		return -E_SYSTEM;
	desk.guard = guard_new();
	desk.hub = hub_new(desk.loop);
	desk.standing = standing_new();
	desk.shapes = shapes_new(&desk);
	desk.config = config_push_new();
	desk.jobs = jobs_new(&desk);
	desk.outbox = outbox_new(&desk);
	int err = start(&desk, reterr_);
	if (!err)
		loop_run(desk.loop);
	finish(&desk);
	return err;
}
