#include "unit.h"

#include "base/mem.h"
#include "sip/field.h"
#include "sip/msg.h"

#include <string.h>

#define HEAD                                                                                                 \
	"Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776\r\n"                                              \
	"From: <sip:a@example.com>;tag=1\r\n"                                                                \
	"To: <sip:b@example.com>\r\n"                                                                        \
	"Call-ID: c@d\r\n"

static const char invite[] =
	"INVITE sip:4008001234@192.0.2.10 SIP/2.0\r\n"
	"v: SIP/2.0/UDP 192.0.2.1:5062;rport;branch=z9hG4bK776asdhds, SIP/2.0/TCP [2001:db8::9];branch=z9\r\n"
	"Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKn;received=2001:db8::1;rport=7\r\n"
	"Max-Forwards: 70\r\n"
	"f: \"张三 \\\"VIP\\\"\" <sip:13800138000@192.0.2.1>;tag=1928301774\r\n"
	"To: 客户 服务 <sip:4008001234@192.0.2.10>\r\n"
	"i: a84b4c76e66710\r\n"
	"CSeq: 314159 INVITE\r\n"
	"m: <sip:u1,2@192.0.2.1:5062>;q=0.7;expires=60;+sip.instance=\"<urn:uuid:1;x>\";reg-id=1,\r\n"
	" sip:bare@host;expires=5\r\n"
	"Record-Route: <sip:p2.example.com;lr>, <sip:p1.example.com;lr>\r\n"
	"Record-Route: \"a, b\" <sip:p0.example.com;lr>\r\n"
	"Route: <sip:here;lr>\r\n"
	"Supported: 100rel,, timer\r\n"
	"k: gruu, unheard\r\n"
	"Require: replaces\r\n"
	"DC-Info: not the call id\r\n"
	"X-Note: one\r\n"
	"\ttwo\r\n"
	"c: application/sdp;charset=utf-8\r\n"
	"l: 4\r\n"
	"\r\n"
	"v=0\nrest";

static struct sip_msg *must_parse(const char *text)
{
	struct sip_msg *msg;
	int err = sip_msg_parse(str_from(text), SIP_DATAGRAM, &msg);
	if (err)
		fail_msg("%s at %zu in %s", msg ? msg->fault.reason : "nothing", msg ? msg->fault.at : 0,
			text);
	return msg;
}

static void reads_a_request(void **state)
{
	struct sip_msg *m = must_parse(invite);
	(void)state;
	assert_true(m->is_request);
	assert_int_equal(m->method, SIP_INVITE);
	assert_true(str_eqz(m->uri.user, "4008001234"));
	assert_int_equal(m->via->port, 5062);
	assert_true(m->via->has_rport);
	assert_int_equal(m->via->rport, 0);
	assert_true(str_eqz(m->via->branch, "z9hG4bK776asdhds"));
	assert_true(str_eqz(m->via->next->host, "2001:db8::9"));
	assert_true(str_eqz(m->via->next->transport, "TCP"));
	assert_true(str_eqz(m->via->next->next->received, "2001:db8::1"));
	assert_int_equal(m->via->next->next->rport, 7);
	assert_null(m->via->next->next->next);
	assert_true(str_eqz(m->from->name, "张三 \"VIP\""));
	assert_true(str_eqz(m->from->tag, "1928301774"));
	assert_true(str_eqz(m->to->name, "客户 服务"));
	assert_null(m->to->tag.p);
	assert_true(str_eqz(m->call_id, "a84b4c76e66710"));
	assert_int_equal(m->cseq.number, 314159);
	assert_int_equal(m->max_forwards, 70);
	assert_int_equal(m->expires, -1);
	assert_int_equal(m->supported, SIP_OPTION_100REL | SIP_OPTION_TIMER | SIP_OPTION_GRUU);
	assert_int_equal(m->require, SIP_OPTION_REPLACES);
	assert_true(str_eqz(m->content_type, "application/sdp"));
	assert_true(str_eqz(m->body, "v=0\n"));
	assert_true(str_eqz(sip_msg_value_of(m, "x-note"), "one  \ttwo"));
	assert_true(str_eqz(sip_msg_value_of(m, "Supported"), "100rel,, timer"));
	obj_unref(m);
}

static void reads_lists(void **state)
{
	struct sip_msg *m = must_parse(invite);
	struct sip_list_pos pos = { 0 };
	struct str value;
	(void)state;
	assert_true(str_eqz(m->contact->uri.user, "u1,2"));
	assert_int_equal(sip_addr_q(m->contact), 700);
	assert_int_equal(sip_addr_expires(m->contact, 3600), 60);
	assert_true(sip_addr_param(m->contact, "+sip.instance", &value));
	assert_true(str_eqz(value, "<urn:uuid:1;x>"));
	assert_true(sip_addr_param(m->contact, "reg-id", &value));
	assert_true(str_eqz(m->contact->next->uri.raw, "sip:bare@host"));
	assert_int_equal(sip_addr_expires(m->contact->next, 3600), 5);
	assert_int_equal(sip_addr_q(m->contact->next), 1000);
	assert_true(str_eqz(m->record_route->raw, "<sip:p2.example.com;lr>"));
	assert_true(str_eqz(m->record_route->next->next->name, "a, b"));
	assert_true(sip_uri_is_lr(&m->route->uri));

	static const char *const routes[] = { "<sip:p2.example.com;lr>", "<sip:p1.example.com;lr>",
		"\"a, b\" <sip:p0.example.com;lr>" };
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		assert_true(sip_msg_list_next(m, SIP_HDR_RECORD_ROUTE, &pos, &value));
		assert_true(str_eqz(value, routes[i]));
	}
	assert_false(sip_msg_list_next(m, SIP_HDR_RECORD_ROUTE, &pos, &value));
	assert_true(str_eqz(
		sip_msg_unsupported(m, SIP_HDR_SUPPORTED, SIP_OPTION_TIMER), "100rel, gruu, unheard"));
	assert_int_equal(sip_msg_unsupported(m, SIP_HDR_REQUIRE, SIP_OPTION_REPLACES).n, 0);
	obj_unref(m);
}

static void reads_a_response(void **state)
{
	struct sip_msg *m =
		must_parse("\r\n\r\nSIP/2.0 486 占线\r\n" HEAD "CSeq: 7 BYE\r\nExpires: 99999999999\r\n\r\n");
	(void)state;
	assert_false(m->is_request);
	assert_int_equal(m->status, 486);
	assert_true(str_eqz(m->reason, "占线"));
	assert_int_equal(m->method, SIP_BYE);
	assert_int_equal(m->expires, UINT32_MAX);
	assert_false(sip_msg_is_answerable(m));
	obj_unref(m);
}

/* What is wrong, the status to answer with and where it stands ("^" marks the byte and is not sent). */
static const struct {
	const char *text;
	int status;
	const char *reason;
} faults[] = {
	{ "OPTIONS sip:x ^SIP/7.0\r\n" HEAD "CSeq: 1 OPTIONS\r\n\r\n", 505, "Version Not Supported" },
	{ "OPTIONS sip:x SIP/2.0^ \r\n" HEAD "CSeq: 1 OPTIONS\r\n\r\n", 400, "Malformed request line" },
	{ "OPTIONS ^<sip:x> SIP/2.0\r\n" HEAD "CSeq: 1 OPTIONS\r\n\r\n", 400, "Malformed request URI" },
	{ "OPTIONS sip:x?^a=b SIP/2.0\r\n" HEAD "CSeq: 1 OPTIONS\r\n\r\n", 400,
		"Header fields in request URI" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: ^2147483648 OPTIONS\r\n\r\n", 400,
		"Value out of range in CSeq" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 1^\r\n\r\n", 400, "Malformed CSeq" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 1 ^INVITE\r\n\r\n", 400, "Method differs in CSeq" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 1 OPTIONS\r\n^CSeq: 1 OPTIONS\r\n\r\n", 400,
		"More than one CSeq" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "^t: <sip:b@c>\r\nCSeq: 1 OPTIONS\r\n\r\n", 400,
		"More than one To" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 1 OPTIONS\r\nMax-Forwards: ^300\r\n\r\n", 400,
		"Value out of range in Max-Forwards" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 1 OPTIONS\r\nContent-Length: ^-999\r\n\r\n", 400,
		"Malformed Content-Length" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 1 OPTIONS\r\nContent-Length: 5\r\n\r\nabc^", 400,
		"Body shorter than Content-Length" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 1 OPTIONS\r\nNo^ colon here\r\n\r\n", 400,
		"Malformed header field" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 1 OPTIONS\r\nX: a bare ^\n newline\r\n\r\n", 400,
		"Malformed header field" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 1 OPTIONS\r\n^", 400, "Header fields without an end" },
	{ "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 1 OPTIONS\r\nContact: ^*\r\n\r\n", 400, NULL },
	{ "REGISTER sip:x SIP/2.0\r\n" HEAD "CSeq: 1 REGISTER\r\nm: <sip:a@b>\r\nm: ^*\r\n\r\n", 400,
		"Malformed Contact" },
	{ "REGISTER sip:x SIP/2.0\r\n" HEAD "CSeq: 1 REGISTER\r\nm: sip:a@b?^h=1\r\n\r\n", 400,
		"Malformed Contact" },
	{ "INVITE sip:x SIP/2.0\r\n" HEAD "CSeq: 1 INVITE\r\n\r\n^", 400, "Missing Contact" },
	{ "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h;^;branch=1\r\n\r\n", 400, "Malformed Via" },
	{ "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=1,^\r\n\r\n", 400, "Malformed Via" },
	{ "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: ^\"a <sip:b@c>\r\n\r\n", 400,
		"Malformed From" },
	{ "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nTo: Bell^, A <sip:b@c>\r\n\r\n", 400,
		"Malformed To" },
	{ "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nCall-ID: a^ b\r\n\r\n", 400, "Malformed Call-ID" },
	{ "OPTIONS sip:x SIP/2.0\r\nTo: <sip:b@c>\r\n\r\n^", 400, "Missing Via" },
	{ "SIP/2.0 ^99 Low\r\n" HEAD "CSeq: 1 BYE\r\n\r\n", 0, "Malformed status code" },
	{ "SIP/2.0 ^700 High\r\n" HEAD "CSeq: 1 BYE\r\n\r\n", 0, "Malformed status code" },
	{ "SIP/2.0 ^4294967301 OK\r\n" HEAD "CSeq: 1 BYE\r\n\r\n", 0, "Malformed status code" },
};

static void faults_have_a_place_and_a_status(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		char text[1024];
		size_t at = strcspn(faults[i].text, "^");
		memcpy(text, faults[i].text, at);
		const char *rest = faults[i].text + at + (faults[i].text[at] == '^');
		memcpy(text + at, rest, strlen(rest) + 1);
		struct sip_msg *m;
		assert_int_equal(sip_msg_parse(str_from(text), SIP_DATAGRAM, &m), -E_SYNTAX);
		assert_non_null(m);
		if (faults[i].reason && (strcmp(m->fault.reason, faults[i].reason) || m->fault.at != at))
			fail_msg("row %zu: %s at %zu, expected %s at %zu", i, m->fault.reason, m->fault.at,
				faults[i].reason, at);
		assert_int_equal(m->fault.status, faults[i].status);
		obj_unref(m);
	}
}

static void a_wrong_request_can_be_answered(void **state)
{
	struct sip_msg *m;
	(void)state;
	assert_int_equal(sip_msg_parse(STR("OPTIONS sip:x SIP/7.0\r\n" HEAD "CSeq: 3 OPTIONS\r\n\r\n"),
				 SIP_DATAGRAM, &m),
		-E_SYNTAX);
	assert_true(sip_msg_is_answerable(m));
	assert_int_equal(m->fault.status, 505);
	assert_true(str_eqz(m->call_id, "c@d"));
	assert_true(str_eqz(m->from->tag, "1"));
	assert_true(str_eqz(m->to->uri.user, "b"));
	assert_int_equal(m->cseq.number, 3);
	obj_unref(m);
	assert_int_equal(
		sip_msg_parse(STR("ACK sip:x SIP/2.0\r\n" HEAD "\r\n"), SIP_DATAGRAM, &m), -E_SYNTAX);
	assert_false(sip_msg_is_answerable(m));
	obj_unref(m);
}

static void what_is_no_sip_gives_nothing(void **state)
{
	static const char *const rows[] = { "", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "INVITE sip:x SIP/2.0",
		"\x80\x60\r\n", " INVITE sip:x SIP/2.0\r\n\r\n", "SIP/2.0\r\n\r\n" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sip_msg *m = (void *)1;
		int err = sip_msg_parse(str_from(rows[i]), SIP_DATAGRAM, &m);
		if (err != -E_SYNTAX || m)
			fail_msg("row %zu", i);
	}
}

static void streams_need_a_length(void **state)
{
	struct sip_msg *m;
	(void)state;
	assert_int_equal(sip_msg_parse(STR("OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 3 OPTIONS\r\n\r\n"),
				 SIP_STREAM, &m),
		-E_SYNTAX);
	assert_string_equal(m->fault.reason, "Missing Content-Length");
	obj_unref(m);
}

/* A peer decides neither how much memory nor how much time we spend. */
static void floods_are_refused(void **state)
{
	static const char *const units[] = { "Via: SIP/2.0/UDP a\r\n", "X-y: z\r\n", "m: <sip:a>,sip:b\r\n" };
	struct buf text;
	(void)state;
	buf_init(&text, 2 * SIP_MSG_MAX);
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct sip_msg *m;
		buf_reset(&text);
		buf_addz(&text, "OPTIONS sip:x SIP/2.0\r\n" HEAD "CSeq: 3 OPTIONS\r\n");
		while (text.n < SIP_MSG_MAX - 100)
			buf_addz(&text, units[i]);
		buf_addz(&text, "\r\n");
		assert_int_equal(sip_msg_parse(buf_str(&text), SIP_DATAGRAM, &m), -E_LIMIT);
		assert_int_equal(m->fault.status, 513);
		assert_true(sip_msg_is_answerable(m));
		obj_unref(m);
		while (text.n <= SIP_MSG_MAX)
			buf_addc(&text, 'x');
		assert_int_equal(sip_msg_parse(buf_str(&text), SIP_DATAGRAM, &m), -E_LIMIT);
		assert_null(m);
	}
	buf_done(&text);
}

static void names_are_exact(void **state)
{
	(void)state;
	for (int i = 1; i < SIP_HDR__MAX; i++)
		assert_int_equal(sip_hdr_of(str_from(sip_hdr_name((enum sip_hdr)i))), i);
	for (int i = 1; i < SIP_METHOD__MAX; i++)
		assert_int_equal(sip_method_of(str_from(sip_method_name((enum sip_method)i))), i);
	assert_int_equal(sip_hdr_of(STR("call-id")), SIP_HDR_CALL_ID);
	assert_int_equal(sip_hdr_of(STR("L")), SIP_HDR_CONTENT_LENGTH);
	assert_int_equal(sip_hdr_of(STR("DC-Info")), SIP_HDR_OTHER);
	assert_int_equal(sip_hdr_of(STR("gda")), SIP_HDR_OTHER);
	assert_int_equal(sip_hdr_of(STR("-")), SIP_HDR_OTHER);
	assert_int_equal(sip_hdr_of(STR("\x14")), SIP_HDR_OTHER);
	assert_int_equal(sip_method_of(STR("invite")), SIP_OTHER_METHOD);
}

static void reads_rare_fields(void **state)
{
	struct sip_auth auth;
	struct sip_rack rack;
	struct sip_replaces replaces;
	struct sip_session_expires se;
	struct sip_event event;
	struct sip_reason reason;
	uint32_t seconds;
	(void)state;
	assert_int_equal(
		sip_auth_parse(
			STR("Digest realm=\"a \\\"b\", nonce = \"x,y\" ,qop=\"auth\",stale=TRUE"), &auth),
		0);
	assert_int_equal(auth.n, 4);
	assert_true(str_eqz(sip_auth_param(&auth, "NONCE"), "x,y"));
	assert_true(str_eqz(sip_auth_param(&auth, "stale"), "TRUE"));
	assert_null(sip_auth_param(&auth, "opaque").p);
	assert_int_equal(sip_auth_parse(STR("Digest realm=\"a"), &auth), -E_SYNTAX);
	assert_int_equal(sip_auth_parse(STR("Digest"), &auth), -E_SYNTAX);
	assert_int_equal(sip_rack_parse(STR("776656  1 INVITE"), &rack), 0);
	assert_int_equal(rack.rseq, 776656);
	assert_int_equal(rack.method, SIP_INVITE);
	assert_int_equal(sip_rack_parse(STR("1 INVITE"), &rack), -E_SYNTAX);
	assert_int_equal(
		sip_replaces_parse(STR("98732@s.org ;from-tag=r33th4x0r;to-tag=ff87ff"), &replaces), 0);
	assert_true(str_eqz(replaces.call_id, "98732@s.org"));
	assert_true(str_eqz(replaces.to_tag, "ff87ff"));
	assert_int_equal(sip_replaces_parse(STR("x;to-tag=1"), &replaces), -E_SYNTAX);
	assert_int_equal(sip_session_expires_parse(STR("1800;refresher=uas"), &se), 0);
	assert_int_equal(se.seconds, 1800);
	assert_int_equal(se.refresher, SIP_REFRESHER_UAS);
	assert_int_equal(sip_event_parse(STR("refer;id=93809824"), &event), 0);
	assert_true(str_eqz(event.package, "refer"));
	assert_int_equal(sip_reason_parse(STR("Q.850 ;cause=16 ;text=\"Terminated\""), &reason), 0);
	assert_int_equal(reason.cause, 16);
	assert_true(str_eqz(reason.text, "Terminated"));
	assert_int_equal(sip_seconds_parse(STR("18000 (busy);duration=3600"), &seconds), 0);
	assert_int_equal(seconds, 18000);
	assert_int_equal(sip_seconds_parse(STR("18x"), &seconds), -E_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_request),
		cmocka_unit_test(reads_lists),
		cmocka_unit_test(reads_a_response),
		cmocka_unit_test(faults_have_a_place_and_a_status),
		cmocka_unit_test(a_wrong_request_can_be_answered),
		cmocka_unit_test(what_is_no_sip_gives_nothing),
		cmocka_unit_test(streams_need_a_length),
		cmocka_unit_test(floods_are_refused),
		cmocka_unit_test(names_are_exact),
		cmocka_unit_test(reads_rare_fields),
	};
	return unit_run(tests);
}
