/* Point (16) and the limits: each wrong request gets its answer with the right headers, or silence. */
#include "rig.h"
#include "unit.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

static void p16_each_gets_its_code_and_headers(void **state)
{
	(void)state;
	static const struct {
		struct rig_req req;
		int status;
		const char *header, *value;
	} cases[] = {
		{ { .method = "MESSAGE" }, 405, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO" },
		{ { .method = "REFER" }, 405, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO" },
		{ { .method = "SUBSCRIBE" }, 405, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO" },
		{ { .method = "REGISTER" }, 405, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO" },
		{ { .method = "MAKECOFFEE" }, 501, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO" },
		{ { .method = "INVITE", .uri = "mailto:a@example.org" }, 416, NULL, NULL },
		{ { .method = "INVITE", .headers = "Require: 100rel, nosuch\n" }, 420, "Unsupported",
			"100rel, nosuch" },
		{ { .method = "OPTIONS", .headers = "Require: nosuch\n" }, 420, "Unsupported", "nosuch" },
		{ { .method = "INVITE", .headers = "Max-Forwards: 0\n" }, 483, NULL, NULL },
		{ { .method = "INVITE", .body = "x", .headers = "Content-Encoding: gzip\n" }, 415, "Accept",
			"application/sdp" },
		{ { .method = "INVITE", .headers = "Contact: *\n" }, 400, NULL, NULL },
		{ { .method = "BYE" }, 481, NULL, NULL },
		{ { .method = "BYE", .to_tag = "nobody" }, 481, NULL, NULL },
		{ { .method = "INVITE", .to_tag = "nobody", .body = "offer" }, 481, NULL, NULL },
		{ { .method = "INFO", .to_tag = "nobody" }, 481, NULL, NULL },
		{ { .method = "OPTIONS", .to_tag = "nobody" }, 481, NULL, NULL },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig r;
		rig_init(&r, "UDP");
		rig_send(&r, &cases[i].req);
		struct sip_msg *answer = rig_response(&r, cases[i].status);
		assert_true(answer->to->tag.n > 0);
		if (cases[i].header)
			rig_assert_header(answer, cases[i].header, cases[i].value);
		assert_string_equal(rig_log(&r), "");
		rig_done(&r);
	}
}

static void p16_options_says_what_we_can(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "OPTIONS", .headers = "Max-Forwards: 0\n" });
	struct sip_msg *ok = rig_response(&r, 200);
	rig_assert_header(ok, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO");
	rig_assert_header(ok, "Accept", "application/sdp");
	rig_assert_header(ok, "Accept-Encoding", "identity");
	rig_assert_header(ok, "Server", "Test");
	stack_drain(r.stack, true);
	rig_send(&r, &(struct rig_req){ .method = "OPTIONS", .branch = "o2", .cseq = 2 });
	rig_response(&r, 503);
	rig_done(&r);
}

static void p16_inside_a_dialog_too(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_talking_in(&r, tag, sizeof(tag));
	rig_mid(&r, "UPDATE", "u", tag, 2, NULL);
	rig_assert_header(rig_response(&r, 405), "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO");
	rig_mid(&r, "OPTIONS", "v", tag, 3, NULL);
	rig_response(&r, 200);
	/* the last hop was for us */
	rig_send(&r,
		&(struct rig_req){ .method = "INFO",
			.branch = "x",
			.to_tag = tag,
			.cseq = 4,
			.headers = "Max-Forwards: 0\n" });
	rig_response(&r, 200);
	rig_send(&r,
		&(struct rig_req){
			.method = "BYE", .branch = "w", .to_tag = tag, .from_tag = "other", .cseq = 5 });
	rig_response(&r, 481);
	assert_string_equal(rig_log(&r), "");
	rig_done(&r);
}

static void p16_malformed_requests_get_400_and_505(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int status; /* 0: silence */
	} cases[] = {
		{ "INVITE sip:a@b SIP/3.0\nVia: SIP/3.0/UDP 192.0.2.1;branch=z9hG4bKx\nFrom: "
		  "<sip:a@b>;tag=1\n"
		  "To: <sip:c@d>\nCall-ID: 1\nCSeq: 1 INVITE\n",
			505 },
		{ "OPTIONS sip:a@b SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\nFrom: "
		  "<sip:a@b>;tag=1\n"
		  "To: <sip:c@d>\nCall-ID: 1\nCSeq: 1 INVITE\n",
			400 },
		{ "OPTIONS sip:a@b SIP/2.0\nFrom: <sip:a@b>;tag=1\nTo: <sip:c@d>\nCall-ID: 1\nCSeq: 1 "
		  "OPTIONS\n",
			0 },
		{ "ACK sip:a@b SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\nTo: <sip:c@d>\nCall-ID: "
		  "1\n",
			0 },
		{ "GET / HTTP/1.1\nHost: x\n", 0 },
		{ "hello\n", 0 },
		{ "INVITE sip:a@b SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\nFrom: "
		  "<sip:a@b>;tag=1\n"
		  "To: <sip:c@d>\nCall-ID: 1\nCSeq: 1 INVITE\nMax-Forwards: 70\n",
			400 }, /* no Contact */
		{ "OPTIONS sip:a@b SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\nCSeq: 1 OPTIONS\n",
			400 }, /* neither From nor To nor Call-ID */
		{ "INVITE sip:a@b SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1\n", 400 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig r;
		rig_init(&r, "UDP");
		r.may_be_malformed = true;
		rig_feed(&r, r.flow, cases[i].text, NULL);
		if (cases[i].status)
			rig_response(&r, cases[i].status);
		rig_nothing(&r);
		rig_done(&r);
	}
}

static void p16_bytes_that_are_no_sip_do_nothing(void **state)
{
	(void)state;
	struct rig r;
	char noise[600];
	rig_init(&r, "UDP");
	for (unsigned seed = 1; seed < 300; seed++) {
		unsigned x = seed * 2654435761u;
		for (size_t i = 0; i < sizeof(noise); i++) {
			x = x * 1664525u + 1013904223u;
			noise[i] = (char)(x >> 24);
		}
		stack_receive(r.stack, r.flow, (struct str){ noise, seed * 2 });
	}
	stack_receive(r.stack, r.flow, STR("\r\n\r\n"));
	stack_receive(r.stack, r.flow, STR("\0\0\0\0"));
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "");
	rig_done(&r);
}

static void p16_torture_messages_are_answered_or_dropped(void **state)
{
	(void)state;
	static const char *const transports[] = { "UDP", "TCP", "WS" };
	static char bytes[SIP_MSG_MAX + 1];
	glob_t found;
	assert_int_equal(glob(LX_SOURCE_DIR "/tests/fuzz/corpus/sip_msg/*", 0, NULL, &found), 0);
	assert_true(found.gl_pathc > 40);
	for (size_t i = 0; i < found.gl_pathc * 3; i++) {
		struct rig r;
		struct stack_counts counts;
		FILE *f = fopen(found.gl_pathv[i / 3], "rb");
		assert_non_null(f);
		size_t n = fread(bytes, 1, sizeof(bytes), f);
		fclose(f);
		rig_init(&r, transports[i % 3]);
		r.may_be_malformed = true;
		stack_receive(r.stack, r.flow, (struct str){ bytes, n });
		if (r.session)
			session_hangup(r.session, NULL);
		rig_run(&r, 100 * SEC);
		stack_counts(r.stack, &counts);
		assert_int_equal(counts.sessions, 0);
		assert_int_equal(counts.txns, 0);
		rig_done(&r);
	}
	globfree(&found);
}

static void p16_an_invite_of_ours_that_comes_back_is_a_loop(void **state)
{
	(void)state;
	struct rig r;
	char head[2000];
	rig_init(&r, "UDP");
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	static const char *const uris[] = { "sip:9001@192.0.2.1", "sip:elsewhere@192.0.2.1" };
	for (size_t i = 0; i < 2; i++) {
		snprintf(head, sizeof(head),
			"INVITE %s SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKloop%zu\nVia: " STR_FMT
			"\nFrom: " STR_FMT "\nTo: <sip:9001@192.0.2.1>\nCall-ID: " STR_FMT
			"\nCSeq: %zu INVITE\nContact: <sip:x@192.0.2.1>\nMax-Forwards: 60\n",
			uris[i], i, STR_ARG(invite->via->raw), STR_ARG(invite->from->raw),
			STR_ARG(invite->call_id), i + 1);
		rig_feed(&r, r.flow, head, "offer");
	}
	rig_response(&r, 482);
	/* Under another number it is another call: a spiral. */
	assert_string_equal(rig_log(&r), "invite elsewhere from 8001|");
	obj_unref(s);
	rig_done(&r);
}

/* A stranger's CANCELs leave nothing behind. */
static void a_cancel_of_nothing_costs_no_transaction(void **state)
{
	(void)state;
	struct rig r;
	struct stack_counts counts;
	rig_init(&r, "UDP");
	rig_send(&r, &(struct rig_req){ .method = "CANCEL" });
	struct sip_msg *first = rig_response(&r, 481);
	assert_true(first->to->tag.n > 0);
	rig_send(&r, &(struct rig_req){ .method = "CANCEL" });
	assert_true(str_eq(rig_response(&r, 481)->to->tag, first->to->tag));
	stack_counts(r.stack, &counts);
	assert_int_equal(counts.txns, 0);
	rig_done(&r);
}

static void an_optional_body_may_be_unknown(void **state)
{
	(void)state;
	static const struct {
		const char *disposition;
		bool ok;
	} cases[] = {
		{ "session;handling=optional", true },
		{ "session ; handling = Optional", true },
		{ "session;handling=required", false },
		{ "session", false },
		{ "optional", false },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig r;
		char text[700];
		rig_init(&r, "UDP");
		snprintf(text, sizeof(text),
			"INVITE sip:x@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP "
			"192.0.2.1;branch=z9hG4bKo;rport\r\n"
			"From: <sip:13800000000@b>;tag=f\r\nTo: <sip:c@d>\r\nCall-ID: o\r\nCSeq: 1 INVITE\r\n"
			"Contact: <sip:a@192.0.2.1>\r\nMax-Forwards: 70\r\nContent-Type: text/plain\r\n"
			"Content-Disposition: %s\r\nContent-Length: 2\r\n\r\nhi",
			cases[i].disposition);
		stack_receive(r.stack, r.flow, str_from(text));
		if (cases[i].ok)
			rig_nothing(&r);
		else
			rig_response(&r, 415);
		rig_done(&r);
	}
}

static void the_announced_host_stands_in_via_and_contact(void **state)
{
	(void)state;
	struct rig r;
	struct stack_opts opts = { .host = "sip.lingxi.test" };
	rig_init_with(&r, "UDP", &opts);
	struct session *s = rig_call(&r, "offer");
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	assert_true(str_eqz(invite->via->host, "sip.lingxi.test"));
	assert_true(str_eqz(invite->contact->uri.host, "sip.lingxi.test"));
	rig_status(&r, invite, 180, "x");
	assert_string_equal(rig_log(&r), "progress 180|");
	obj_unref(s);
	rig_done(&r);
}

static void callers_who_are_not_admitted(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	r.verdict = STACK_REFUSE;
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	rig_response(&r, 403);
	assert_string_equal(rig_log(&r), "");
	rig_done(&r);
}

static void limits_of_calls_transactions_and_flows(void **state)
{
	(void)state;
	struct rig r;
	char name[16];
	struct stack_opts opts = { .calls_per_s = 10, .max_txns = 40, .max_flows = 2 };
	rig_init_with(&r, "UDP", &opts);
	unsigned refused = 0;
	for (int i = 0; i < 15; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		rig_send(&r, &(struct rig_req){ .method = "INVITE", .call_id = name, .branch = name });
		struct sip_msg *answer = rig_next(&r);
		if (answer) {
			refused++;
			assert_int_equal(answer->status, 503);
			rig_assert_header(answer, "Retry-After", "5");
		}
	}
	assert_int_equal(refused, 5);
	rig_run(&r, 100 * MS);
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .call_id = "later", .branch = "later" });
	assert_int_equal(rig_count(&r, 503), 0);
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "o%d", i);
		rig_send(&r, &(struct rig_req){ .method = "OPTIONS", .call_id = name, .branch = name });
	}
	assert_int_equal(rig_count(&r, 200), 29);
	assert_int_equal(rig_count(&r, 503), 11);
	struct sip_flow *second = rig_flow(&r, "TCP", "192.0.2.2:1"),
			*third = rig_flow(&r, "TCP", "192.0.2.3:1");
	assert_non_null(second);
	assert_non_null(third);
	assert_null(rig_flow(&r, "TCP", "192.0.2.4:1"));
	obj_unref(second);
	obj_unref(third);
	rig_done(&r);
}

static void draining_refuses_new_calls_only(void **state)
{
	(void)state;
	struct rig r;
	char tag[64];
	rig_init(&r, "UDP");
	rig_talking_in(&r, tag, sizeof(tag));
	stack_drain(r.stack, true);
	rig_send(&r,
		&(struct rig_req){ .method = "INVITE", .call_id = "new", .branch = "n", .body = "offer" });
	rig_assert_header(rig_response(&r, 503), "Retry-After", "5");
	rig_mid(&r, "INVITE", "re", tag, 2, "hold");
	assert_string_equal(rig_log(&r), "offer hold|");
	rig_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p16_each_gets_its_code_and_headers),
		cmocka_unit_test(p16_options_says_what_we_can),
		cmocka_unit_test(p16_inside_a_dialog_too),
		cmocka_unit_test(p16_malformed_requests_get_400_and_505),
		cmocka_unit_test(p16_bytes_that_are_no_sip_do_nothing),
		cmocka_unit_test(p16_torture_messages_are_answered_or_dropped),
		cmocka_unit_test(p16_an_invite_of_ours_that_comes_back_is_a_loop),
		cmocka_unit_test(a_cancel_of_nothing_costs_no_transaction),
		cmocka_unit_test(an_optional_body_may_be_unknown),
		cmocka_unit_test(the_announced_host_stands_in_via_and_contact),
		cmocka_unit_test(callers_who_are_not_admitted),
		cmocka_unit_test(limits_of_calls_transactions_and_flows),
		cmocka_unit_test(draining_refuses_new_calls_only),
	};
	return unit_run(tests);
}
