#include "unit.h"

#include "base/mem.h"
#include "sip/framer.h"
#include "sip/msg.h"

#include <stdio.h>
#include <string.h>

#define LOG_SIZE 200
#define MSG1 "OPTIONS sip:x SIP/2.0\r\nContent-Length: 4\r\nA: b\r\n\r\n\r\n\r\n"
#define MSG2 "BYE sip:x SIP/2.0\r\nX: Content-Length: 9\r\n Content-Length: 7\r\nl \t:\r\n 0\r\n\r\n"

static void note(struct str *log, char *room, enum sip_frame kind, struct str bytes)
{
	static const char *const words[] = { "", "msg", "ping", "pong", "broken" };
	int n = snprintf(room + log->n, LOG_SIZE - log->n, "%s:%zu ", words[kind], bytes.n);
	log->p = room;
	log->n += (size_t)n;
}

static void run(struct sip_framer *f, struct str piece, struct str *log, char *room)
{
	struct str bytes;
	enum sip_frame kind;
	assert_int_equal(sip_framer_feed(f, piece), 0);
	while ((kind = sip_framer_next(f, &bytes)) != SIP_FRAME_NONE)
		note(log, room, kind, bytes);
}

static void cuts_wherever_the_bytes_come_apart(void **state)
{
	static const char all[] = MSG1 MSG2 "\r\n\r\n" MSG2 MSG1;
	char want[LOG_SIZE], room[LOG_SIZE];
	(void)state;
	snprintf(want, sizeof(want), "msg:%zu msg:%zu ping:0 msg:%zu msg:%zu ", sizeof(MSG1) - 1,
		sizeof(MSG2) - 1, sizeof(MSG2) - 1, sizeof(MSG1) - 1);
	size_t ping = sizeof(MSG1 MSG2) - 1;
	for (size_t cut = 0; cut < sizeof(all); cut++) {
		struct sip_framer f;
		struct str log = STR_NONE;
		sip_framer_init(&f);
		run(&f, (struct str){ all, cut }, &log, room);
		run(&f, (struct str){ all + cut, sizeof(all) - 1 - cut }, &log, room);
		/* a ping cut in two goes out as a pong and a ping */
		if (cut <= ping + 1 || cut >= ping + 4)
			assert_string_equal(room, want);
		else
			assert_non_null(strstr(room, "pong:0 ping:0"));
		assert_false(sip_framer_is_midway(&f));
		sip_framer_done(&f);
	}
}

static void takes_single_bytes(void **state)
{
	static const char all[] = "\r\n\r\n" MSG1 "\r\n" MSG2;
	struct sip_framer f;
	struct str log = STR_NONE;
	char room[LOG_SIZE], want[LOG_SIZE];
	(void)state;
	sip_framer_init(&f);
	for (size_t i = 0; i < sizeof(all) - 1; i++)
		run(&f, (struct str){ all + i, 1 }, &log, room);
	snprintf(want, sizeof(want), "pong:0 ping:0 msg:%zu pong:0 msg:%zu ", sizeof(MSG1) - 1,
		sizeof(MSG2) - 1);
	assert_string_equal(room, want);
	sip_framer_done(&f);
}

static void breaks_when_the_end_is_unknown(void **state)
{
	static const char *const rows[] = {
		"BYE sip:x SIP/2.0\r\nA: b\r\n\r\n",
		"BYE sip:x SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n",
		"BYE sip:x SIP/2.0\r\nContent-Length: -1\r\n\r\n",
		"BYE sip:x SIP/2.0\r\nContent-Length: 65536\r\n\r\n",
		"BYE sip:x SIP/2.0\r\nContent-Length: 1 1\r\n\r\n",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sip_framer f;
		struct str bytes;
		struct sip_msg *msg;
		sip_framer_init(&f);
		assert_int_equal(sip_framer_feed(&f, str_from(rows[i])), 0);
		assert_int_equal(sip_framer_next(&f, &bytes), SIP_FRAME_BROKEN);
		assert_true(str_eqz(bytes, rows[i]));
		assert_int_equal(sip_msg_parse(bytes, SIP_STREAM, &msg), -E_SYNTAX);
		assert_int_equal(msg->fault.status, 400);
		obj_unref(msg);
		assert_int_equal(sip_framer_feed(&f, STR(MSG1)), 0);
		assert_int_equal(sip_framer_next(&f, &bytes), SIP_FRAME_NONE);
		sip_framer_done(&f);
	}
}

static void a_head_without_end_is_cut(void **state)
{
	struct sip_framer f;
	struct str bytes;
	char piece[4096];
	enum sip_frame kind = SIP_FRAME_NONE;
	(void)state;
	memset(piece, 'x', sizeof(piece));
	sip_framer_init(&f);
	for (int i = 0; i < 17 && kind == SIP_FRAME_NONE; i++) {
		assert_int_equal(sip_framer_feed(&f, (struct str){ piece, sizeof(piece) }), 0);
		assert_true(sip_framer_is_midway(&f));
		kind = sip_framer_next(&f, &bytes);
	}
	assert_int_equal(kind, SIP_FRAME_BROKEN);
	assert_int_equal(bytes.n, SIP_MSG_MAX);
	sip_framer_done(&f);

	int err = 0;
	sip_framer_init(&f);
	for (int i = 0; i < 100 && !err; i++)
		err = sip_framer_feed(&f, (struct str){ piece, sizeof(piece) });
	assert_int_equal(err, -E_LIMIT);
	sip_framer_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_wherever_the_bytes_come_apart),
		cmocka_unit_test(takes_single_bytes),
		cmocka_unit_test(breaks_when_the_end_is_unknown),
		cmocka_unit_test(a_head_without_end_is_cut),
	};
	return unit_run(tests);
}
