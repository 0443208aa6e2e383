/* The link between the processes: hello first, versions, reconnecting, full queues, wrong frames. */
#include "net_fix.h"
#include "base/mem.h"
#include "net/ipc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct end {
	struct ipc *ipc;
	int n_up, n_down, n_frames, n_drained, err;
	char name[16]; /* process of the other's hello */
	char last[64];
	enum frame_kind last_kind;
	const char *me;
	bool free_on_frame;
};

struct scene {
	struct loop *loop;
	char dir[64], path[96];
	struct end sw, desk;
};

static void on_up(void *arg, const json_t *hello)
{
	struct end *end = arg;
	end->n_up++;
	snprintf(end->name, sizeof(end->name), "%s", js_str(hello, "process", ""));
}

static void on_frame(void *arg, enum frame_kind kind, struct str json)
{
	struct end *end = arg;
	end->n_frames++;
	end->last_kind = kind;
	str_copy(json, end->last, sizeof(end->last));
	if (end->free_on_frame)
		end->ipc = ipc_free(end->ipc);
}

static void on_down(void *arg, int err)
{
	struct end *end = arg;
	end->n_down++;
	end->err = err;
}

static void on_drained(void *arg)
{
	((struct end *)arg)->n_drained++;
}

static void fill_hello(void *arg, json_t *object)
{
	struct end *end = arg;
	js_set_str(object, "process", end->me);
}

static const struct ipc_handlers handlers = { on_up, on_frame, on_down, on_drained };

static struct ipc_opts opts_of(struct scene *sc, struct end *end)
{
	return (struct ipc_opts){
		.path = sc->path, .handlers = &handlers, .arg = end, .hello = fill_hello, .out_max = 1000000
	};
}

static void open_switch(struct scene *sc)
{
	struct ipc_opts opts = opts_of(sc, &sc->sw);
	assert_int_equal(ipc_listen(sc->loop, &opts, &sc->sw.ipc), 0);
}

static void open_desk(struct scene *sc)
{
	struct ipc_opts opts = opts_of(sc, &sc->desk);
	assert_int_equal(ipc_connect(sc->loop, &opts, &sc->desk.ipc), 0);
}

static void scene_init(struct scene *sc)
{
	*sc = (struct scene){ .loop = loop_new(), .sw = { .me = "switch" }, .desk = { .me = "desk" } };
	fix_dir(sc->dir, sizeof(sc->dir));
	snprintf(sc->path, sizeof(sc->path), "%s/switch.sock", sc->dir);
}

static void scene_done(struct scene *sc)
{
	ipc_free(sc->sw.ipc);
	ipc_free(sc->desk.ipc);
	loop_free(sc->loop);
	fix_dir_remove(sc->dir);
}

static void frames_cross_after_both_hellos(void **state)
{
	struct scene sc;
	(void)state;
	scene_init(&sc);
	open_switch(&sc);
	assert_int_equal(ipc_send(sc.sw.ipc, FRAME_LIVE, STR("{}")), -E_CLOSED);
	open_desk(&sc);
	assert_int_equal(ipc_send(sc.desk.ipc, FRAME_COMMAND, STR("{}")), -E_CLOSED);
	RUN_UNTIL(sc.loop, ipc_is_up(sc.sw.ipc) && ipc_is_up(sc.desk.ipc));
	assert_string_equal(sc.sw.name, "desk");
	assert_string_equal(sc.desk.name, "switch");
	assert_int_equal(ipc_send(sc.desk.ipc, FRAME_COMMAND, STR("{\"id\":\"1\"}")), 0);
	json_t *live = json_pack("{s:s}", "topic", "agent");
	assert_int_equal(ipc_send_json(sc.sw.ipc, FRAME_LIVE, live), 0);
	json_decref(live);
	RUN_UNTIL(sc.loop, sc.sw.n_frames == 1 && sc.desk.n_frames == 1);
	assert_int_equal(sc.sw.last_kind, FRAME_COMMAND);
	assert_string_equal(sc.sw.last, "{\"id\":\"1\"}");
	assert_string_equal(sc.desk.last, "{\"topic\":\"agent\"}");
	scene_done(&sc);
}

static void the_desk_comes_back(void **state)
{
	struct scene sc;
	(void)state;
	scene_init(&sc);
	open_desk(&sc); /* nobody there yet: no event, only tries */
	fix_run_for(sc.loop, 20);
	assert_int_equal(sc.desk.n_down, 0);
	open_switch(&sc);
	RUN_UNTIL(sc.loop, sc.desk.n_up == 1 && sc.sw.n_up == 1);
	ipc_reset(sc.sw.ipc, -E_CANCELLED);
	RUN_UNTIL(sc.loop, sc.desk.n_up == 2 && sc.sw.n_up == 2);
	assert_int_equal(sc.sw.n_down, 1);
	assert_int_equal(sc.sw.err, -E_CANCELLED);
	assert_int_equal(sc.desk.n_down, 1);
	assert_int_equal(sc.desk.err, -E_CLOSED);
	sc.sw.ipc = ipc_free(sc.sw.ipc); /* the switch is restarted */
	RUN_UNTIL(sc.loop, sc.desk.n_down == 2);
	open_switch(&sc);
	RUN_UNTIL(sc.loop, sc.desk.n_up == 3 && sc.sw.n_up == 3);
	sc.desk.ipc = ipc_free(sc.desk.ipc); /* the desk is restarted */
	RUN_UNTIL(sc.loop, sc.sw.n_down == 2);
	open_desk(&sc);
	RUN_UNTIL(sc.loop, sc.desk.n_up == 4 && sc.sw.n_up == 4);
	scene_done(&sc);
}

static void a_second_desk_waits(void **state)
{
	struct scene sc;
	struct end other = { .me = "other" };
	(void)state;
	scene_init(&sc);
	open_switch(&sc);
	open_desk(&sc);
	RUN_UNTIL(sc.loop, sc.sw.n_up == 1);
	struct ipc_opts opts = opts_of(&sc, &other);
	assert_int_equal(ipc_connect(sc.loop, &opts, &other.ipc), 0);
	fix_run_for(sc.loop, 30);
	assert_int_equal(other.n_up, 0);
	assert_true(ipc_is_up(sc.desk.ipc));
	sc.desk.ipc = ipc_free(sc.desk.ipc);
	RUN_UNTIL(sc.loop, other.n_up == 1);
	assert_string_equal(sc.sw.name, "other");
	ipc_free(other.ipc);
	scene_done(&sc);
}

static void what_does_not_fit_is_refused_whole(void **state)
{
	struct scene sc;
	int e = 0, n = 0;
	char *text = mem_alloc(FRAME_MAX_BYTES);
	(void)state;
	memset(text, ' ', FRAME_MAX_BYTES);
	scene_init(&sc);
	open_switch(&sc);
	open_desk(&sc);
	RUN_UNTIL(sc.loop, ipc_is_up(sc.sw.ipc) && ipc_is_up(sc.desk.ipc));
	for (n = 0; n < 1000 && !e; n++)
		e = ipc_send(sc.sw.ipc, FRAME_EVENT, (struct str){ text, 100000 });
	assert_int_equal(e, -E_LIMIT);
	assert_true(ipc_queued(sc.sw.ipc) <= 1000000);
	RUN_UNTIL(sc.loop, sc.sw.n_drained == 1);
	RUN_UNTIL(sc.loop, sc.desk.n_frames == n - 1);
	assert_true(ipc_is_up(sc.sw.ipc));
	assert_int_equal(ipc_send(sc.sw.ipc, FRAME_EVENT, STR("{}")), 0);
	RUN_UNTIL(sc.loop, sc.desk.n_frames == n);
	assert_int_equal(sc.sw.n_drained, 1);
	assert_int_equal(ipc_send(sc.sw.ipc, FRAME_EVENT, (struct str){ text, FRAME_MAX_BYTES }), -E_INVALID);
	free(text);
	scene_done(&sc);
}

static void ending_inside_a_handler_is_safe(void **state)
{
	struct scene sc;
	(void)state;
	scene_init(&sc);
	open_switch(&sc);
	open_desk(&sc);
	RUN_UNTIL(sc.loop, ipc_is_up(sc.sw.ipc) && ipc_is_up(sc.desk.ipc));
	sc.sw.free_on_frame = true;
	assert_int_equal(ipc_send(sc.desk.ipc, FRAME_COMMAND, STR("{}")), 0);
	assert_int_equal(ipc_send(sc.desk.ipc, FRAME_COMMAND, STR("{}")), 0);
	RUN_UNTIL(sc.loop, sc.desk.n_down == 1);
	assert_int_equal(sc.sw.n_frames, 1);
	scene_done(&sc);
}

#define HELLO_1 "\0\0\0\x0e\0{\"version\":1}"

static void wrong_beginnings_are_cut(void **state)
{
	static const struct {
		struct str bytes;
		int err;
	} cases[] = {
		{ STR("\0\0\0\x0f\0{\"version\":99}"), -E_UNSUPPORTED },
		{ STR("\0\0\0\x03\0{}"), -E_UNSUPPORTED },
		{ STR("\0\0\0\x03\0{]"), -E_SYNTAX },
		{ STR("\0\0\0\x03\x03{}"), -E_SYNTAX },
		{ STR("GET / HTTP/1.1\r\n\r\n"), -E_SYNTAX },
		{ STR("\x7f\0\0\0\0"), -E_LIMIT },
		{ STR(HELLO_1 HELLO_1), -E_SYNTAX },
		{ STR(HELLO_1 "\0\0\0\x03\xff{}"), -E_SYNTAX },
		{ STR("\0\0\0"), -E_CLOSED },
	};
	struct scene sc;
	(void)state;
	scene_init(&sc);
	open_switch(&sc);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fix_peer raw = { .n_closed = 0 };
		assert_int_equal(
			stream_connect_unix(sc.loop, sc.path, NULL, &fix_peer_handlers, &raw, &raw.s), 0);
		assert_int_equal(stream_send(raw.s, cases[i].bytes), 0);
		RUN_UNTIL(sc.loop, raw.got.n);
		if (cases[i].err == -E_CLOSED)
			stream_close(raw.s);
		RUN_UNTIL(sc.loop, sc.sw.n_down == (int)i + 1 && raw.n_closed);
		assert_int_equal(sc.sw.err, cases[i].err);
		fix_peer_done(&raw);
	}
	assert_int_equal(sc.sw.n_frames, 0);
	open_desk(&sc);
	RUN_UNTIL(sc.loop, ipc_is_up(sc.sw.ipc));
	scene_done(&sc);
}

static void one_switch_listens(void **state)
{
	struct scene sc;
	struct ipc *second;
	(void)state;
	scene_init(&sc);
	open_switch(&sc);
	struct ipc_opts opts = opts_of(&sc, &sc.desk);
	assert_int_equal(ipc_listen(sc.loop, &opts, &second), -E_EXISTS);
	assert_int_equal(access(sc.path, F_OK), 0);
	scene_done(&sc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_cross_after_both_hellos),
		cmocka_unit_test(the_desk_comes_back),
		cmocka_unit_test(a_second_desk_waits),
		cmocka_unit_test(what_does_not_fit_is_refused_whole),
		cmocka_unit_test(ending_inside_a_handler_is_safe),
		cmocka_unit_test(wrong_beginnings_are_cut),
		cmocka_unit_test(one_switch_listens),
	};
	return unit_run(tests);
}
