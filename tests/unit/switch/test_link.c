/* The switch's side of the socket: a desk that stores slowly is sent no more than its window, hears answers
 * all the same, and gets every event once in the end. */
#include "base/clock.h"
#include "base/mem.h"
#include "net/ipc.h"
#include "switch/link.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WINDOW 10
#define EVENTS 35
#define PATIENCE_US (10 * CLOCK_S_US)

struct scene {
	char dir[64], journal_path[96], path[96];
	struct loop *loop;
	struct journal *journal;
	struct journal_past past;
	struct link *link;
	struct ipc *desk;
	int64_t last_n; /* that the desk was sent */
	int n_replies;
	bool up;
};

static void on_durable(void *arg, int64_t n)
{
	struct scene *sc = arg;
	if (sc->link)
		link_durable(sc->link, n);
}

static void link_up(void *arg)
{
	struct scene *sc = arg;
	sc->up = true;
}

static int on_command(
	void *arg, const json_t *command, int64_t *ret_n, int64_t *ret_interaction, struct fault *reterr_)
{
	(void)arg;
	(void)command;
	(void)ret_n;
	(void)ret_interaction;
	(void)reterr_;
	return 0;
}

static const struct link_handlers link_handlers = { .up = link_up, .command = on_command };

static void desk_up(void *arg, const json_t *hello)
{
	(void)arg;
	(void)hello;
}

static void desk_down(void *arg, int err)
{
	(void)arg;
	fail_msg("cut: %s", err_name(err));
}

static void desk_frame(void *arg, enum frame_kind kind, struct str text)
{
	struct scene *sc = arg;
	json_t *json = NULL;
	assert_int_equal(js_parse(text, 1000, &json, NULL), 0);
	if (kind == FRAME_EVENT) {
		assert_int_equal(js_int(json, "n", 0), sc->last_n + 1);
		sc->last_n++;
	}
	sc->n_replies += kind == FRAME_REPLY;
	json_decref(json);
}

static void desk_hello(void *arg, json_t *hello)
{
	(void)arg;
	js_set_int(hello, "cursor", 0);
}

static const struct ipc_handlers desk_handlers = { .up = desk_up, .frame = desk_frame, .down = desk_down };

static void say(struct scene *sc, enum frame_kind kind, json_t *json)
{
	assert_int_equal(ipc_send_json(sc->desk, kind, json), 0);
	json_decref(json);
}

/* The reply follows all that the switch had to say before it. */
static void wait_for_reply(struct scene *sc)
{
	int before = sc->n_replies;
	int64_t since = clock_mono_us();
	say(sc, FRAME_COMMAND, json_pack("{s:o, s:s}", "id", json_sprintf("%d", before), "name", "x"));
	while (sc->n_replies == before && clock_mono_us() - since < PATIENCE_US)
		loop_run_once(sc->loop);
	assert_int_equal(sc->n_replies, before + 1);
}

static void wait_for_event(struct scene *sc, int64_t n)
{
	int64_t since = clock_mono_us();
	while (sc->last_n < n && clock_mono_us() - since < PATIENCE_US)
		loop_run_once(sc->loop);
	assert_int_equal(sc->last_n, n);
}

static void emit(struct scene *sc)
{
	json_t *event = json_object();
	(void)link_event(sc->link, EV_LEG_STARTED, 0, event);
	json_decref(event);
}

static void scene_open(struct scene *sc)
{
	*sc = (struct scene){ .loop = loop_new() };
	snprintf(sc->dir, sizeof(sc->dir), "/tmp/lx-link-XXXXXX");
	assert_non_null(mkdtemp(sc->dir));
	snprintf(sc->journal_path, sizeof(sc->journal_path), "%s/journal.db", sc->dir);
	snprintf(sc->path, sizeof(sc->path), "%s/switch.sock", sc->dir);
	const struct journal_opts journal = {
		.path = sc->journal_path, .loop = sc->loop, .on_durable = on_durable, .arg = sc
	};
	assert_int_equal(journal_open(&journal, &sc->past, &sc->journal, NULL), 0);
	const struct link_opts link = { .path = sc->path,
		.loop = sc->loop,
		.journal = sc->journal,
		.window = WINDOW,
		.handlers = &link_handlers,
		.arg = sc };
	assert_int_equal(link_new(&link, &sc->link), 0);
	const struct ipc_opts desk = {
		.path = sc->path, .handlers = &desk_handlers, .arg = sc, .hello = desk_hello
	};
	assert_int_equal(ipc_connect(sc->loop, &desk, &sc->desk), 0);
	while (!sc->up || !ipc_is_up(sc->desk))
		loop_run_once(sc->loop);
}

static void scene_close(struct scene *sc)
{
	static const char *const names[] = { "", "-wal", "-shm" };
	ipc_free(sc->desk);
	struct link *link = TAKE(sc->link);
	journal_close(sc->journal);
	link_free(link);
	journal_past_done(&sc->past);
	loop_free(sc->loop);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		CLEANUP(mem_freep) char *path = mem_printf("%s%s", sc->journal_path, names[i]);
		unlink(path);
	}
	rmdir(sc->dir);
}

static void a_desk_that_stores_slowly_gets_its_window(void **state)
{
	struct scene sc;
	(void)state;
	scene_open(&sc);
	for (int i = 0; i < EVENTS; i++)
		emit(&sc);
	wait_for_event(&sc, WINDOW);
	wait_for_reply(&sc);
	assert_int_equal(sc.last_n, WINDOW);
	say(&sc, FRAME_STORED, json_pack("{s:i}", "n", 7));
	wait_for_event(&sc, 7 + WINDOW); /* now from the journal */
	emit(&sc);
	wait_for_reply(&sc);
	assert_int_equal(sc.last_n, 7 + WINDOW);
	for (int n = 7 + WINDOW; n < EVENTS + 1; n += WINDOW)
		say(&sc, FRAME_STORED, json_pack("{s:i}", "n", n));
	wait_for_event(&sc, EVENTS + 1);
	say(&sc, FRAME_STORED, json_pack("{s:i}", "n", EVENTS + 1));
	wait_for_reply(&sc);
	emit(&sc); /* and at once again */
	wait_for_event(&sc, EVENTS + 2);
	scene_close(&sc);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_desk_that_stores_slowly_gets_its_window) };
	return unit_run(tests);
}
