#include "unit.h"

#include "base/mem.h"
#include "sip/build.h"

#include <string.h>

static const char request[] = "INVITE sip:b@example.com SIP/2.0\r\n"
			      "Via: SIP/2.0/UDP 10.0.0.1:5062;rport;branch=z9hG4bK1;received=6.6.6.6\r\n"
			      "Via: SIP/2.0/TCP [2001:db8::9];branch=z9\r\n"
			      "Record-Route: <sip:p2;lr>, <sip:p1;lr>\r\n"
			      "From: \"A\" <sip:a@example.com>;tag=1\r\n"
			      "To: <sip:b@example.com>\r\n"
			      "Call-ID: c@d\r\n"
			      "CSeq: 0009 INVITE\r\n"
			      "Route: <sip:r1;lr>, <sip:r2>\r\n"
			      "Contact: <sip:a@10.0.0.1>\r\n"
			      "\r\n";

static struct sip_msg *parse(const char *text)
{
	struct sip_msg *m;
	int err = sip_msg_parse(str_from(text), SIP_DATAGRAM, &m);
	assert_true(m && err == (m->fault.status ? -E_SYNTAX : 0));
	return m;
}

static void writes_a_request(void **state)
{
	static const struct str routes[] = { { "<sip:p1;lr>", 11 }, { "<sip:p2;lr>", 11 } };
	struct buf out;
	(void)state;
	buf_init(&out, SIP_MSG_MAX);
	sip_build_request(&out,
		&(struct sip_build_request){
			.method = SIP_INVITE,
			.uri = STR("sip:8001@192.0.2.7:5061"),
			.transport = STR("UDP"),
			.sent_by = STR("192.0.2.10:5060"),
			.branch = STR("z9hG4bKabc"),
			.routes = routes,
			.n_routes = 2,
			.from = { STR("灵 \"犀\"\\"), STR("sip:400@example.com"), STR("x1") },
			.to = { .uri = STR("sip:8001@example.com") },
			.call_id = STR("k7"),
			.cseq = 102,
			.contact = STR("<sip:lx@192.0.2.10>"),
		});
	sip_build_header(&out, SIP_HDR_SUPPORTED, STR("timer"));
	sip_build_end(&out, STR("application/sdp"), STR("v=0\r\n"));
	assert_int_equal(buf_err(&out), 0);
	assert_string_equal(out.p,
		"INVITE sip:8001@192.0.2.7:5061 SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 192.0.2.10:5060;rport;branch=z9hG4bKabc\r\n"
		"Route: <sip:p1;lr>\r\n"
		"Route: <sip:p2;lr>\r\n"
		"Max-Forwards: 70\r\n"
		"From: \"灵 \\\"犀\\\"\\\\\" <sip:400@example.com>;tag=x1\r\n"
		"To: <sip:8001@example.com>\r\n"
		"Call-ID: k7\r\n"
		"CSeq: 102 INVITE\r\n"
		"Contact: <sip:lx@192.0.2.10>\r\n"
		"Supported: timer\r\n"
		"Content-Type: application/sdp\r\n"
		"Content-Length: 5\r\n"
		"\r\n"
		"v=0\r\n");
	struct sip_msg *m = parse(out.p);
	assert_int_equal(m->fault.status, 0);
	assert_true(str_eqz(m->from->name, "灵 \"犀\"\\"));
	obj_unref(m);
	buf_done(&out);
}

static void writes_a_response(void **state)
{
	struct sip_msg *m = parse(request);
	struct buf out;
	(void)state;
	buf_init(&out, SIP_MSG_MAX);
	sip_build_response(&out,
		&(struct sip_build_response){
			.request = m,
			.status = 200,
			.to_tag = STR("t9"),
			.received = STR("203.0.113.5"),
			.rport = 1024,
			.record_route = true,
			.contact = STR("<sip:lx@h>"),
		});
	sip_build_end(&out, STR_NONE, STR_NONE);
	assert_string_equal(out.p,
		"SIP/2.0 200 OK\r\n"
		"Via: SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK1;rport=1024;received=203.0.113.5\r\n"
		"Via: SIP/2.0/TCP [2001:db8::9];branch=z9\r\n"
		"Record-Route: <sip:p2;lr>\r\n"
		"Record-Route: <sip:p1;lr>\r\n"
		"From: \"A\" <sip:a@example.com>;tag=1\r\n"
		"To: <sip:b@example.com>;tag=t9\r\n"
		"Call-ID: c@d\r\n"
		"CSeq: 0009 INVITE\r\n"
		"Contact: <sip:lx@h>\r\n"
		"Content-Length: 0\r\n"
		"\r\n");
	assert_int_equal(buf_err(&out), 0);
	buf_done(&out);
	obj_unref(m);
}

static void answers_what_is_left_of_a_wrong_request(void **state)
{
	struct sip_msg *m = parse("OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nTo: \"x <sip:b>\r\nCSeq: "
				  "9999999999 OPTIONS\r\n\r\n");
	struct buf out;
	(void)state;
	buf_init(&out, SIP_MSG_MAX);
	sip_build_response(&out,
		&(struct sip_build_response){ .request = m,
			.status = m->fault.status,
			.reason = str_from(m->fault.reason),
			.to_tag = STR("q"),
			.received = STR("h") });
	sip_build_end(&out, STR_NONE, STR_NONE);
	assert_string_equal(out.p,
		"SIP/2.0 400 Malformed To\r\nVia: SIP/2.0/UDP h\r\nTo: \"x <sip:b>;tag=q\r\n"
		"CSeq: 9999999999 OPTIONS\r\nContent-Length: 0\r\n\r\n");
	buf_done(&out);
	obj_unref(m);
}

static void writes_cancel_and_ack(void **state)
{
	struct sip_msg *m = parse(request);
	struct sip_addr to;
	struct buf out;
	(void)state;
	buf_init(&out, SIP_MSG_MAX);
	assert_int_equal(sip_addr_parse(m->arena, STR("<sip:b@example.com>;tag=f"), &to, NULL), 0);
	sip_build_from_invite(&out, SIP_ACK, m, &to);
	assert_string_equal(out.p,
		"ACK sip:b@example.com SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 10.0.0.1:5062;rport;branch=z9hG4bK1;received=6.6.6.6\r\n"
		"Route: <sip:r1;lr>\r\n"
		"Route: <sip:r2>\r\n"
		"Max-Forwards: 70\r\n"
		"From: \"A\" <sip:a@example.com>;tag=1\r\n"
		"To: <sip:b@example.com>;tag=f\r\n"
		"Call-ID: c@d\r\n"
		"CSeq: 9 ACK\r\n"
		"Content-Length: 0\r\n"
		"\r\n");
	buf_done(&out);
	obj_unref(m);
}

static void a_value_cannot_break_its_line(void **state)
{
	static const char *const rows[] = { "a\r\nX: y", "a\nb", "a\rb" };
	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(rows); i++) {
		struct buf out;
		struct str bad = str_from(rows[i / 2]);
		buf_init(&out, 1000);
		if (i % 2)
			sip_build_header(&out, SIP_HDR_SUBJECT, bad);
		else
			sip_build_quoted(&out, bad);
		assert_int_equal(buf_err(&out), -E_SYNTAX);
		buf_done(&out);
	}
}

static void every_status_has_a_phrase(void **state)
{
	(void)state;
	assert_string_equal(sip_reason_phrase(486), "Busy Here");
	assert_string_equal(sip_reason_phrase(499), "Request Failure");
	assert_string_equal(sip_reason_phrase(0), "Unknown");
	assert_string_equal(sip_reason_phrase(999), "Unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_a_request),
		cmocka_unit_test(writes_a_response),
		cmocka_unit_test(answers_what_is_left_of_a_wrong_request),
		cmocka_unit_test(writes_cancel_and_ack),
		cmocka_unit_test(a_value_cannot_break_its_line),
		cmocka_unit_test(every_status_has_a_phrase),
	};
	return unit_run(tests);
}
