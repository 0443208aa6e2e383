/* Messages in the manner of RFC 4475: the valid ones must be read, the others get the status that the RFC
 * suggests, with the header fields an answer needs. Section numbers are those of the RFC. */
#include "unit.h"

#include "base/mem.h"
#include "sip/msg.h"

#include <string.h>

#define VIA "Via: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKkdjuw2349i\r\n"
#define REST                                                                                                 \
	"Max-Forwards: 70\r\n"                                                                               \
	"From: <sip:caller@example.net>;tag=242etr\r\n"                                                      \
	"To: <sip:j.user@example.com>\r\n"                                                                   \
	"Call-ID: torture.0ha0isndaksdj\r\n"
#define CONTACT "Contact: <sip:caller@host5.example.net>\r\n"

struct row {
	const char *name;
	int status; /* 0: fine */
	const char *text;
	const char *reason;
};

static const struct row valid[] = {
	{ "3.1.1.1 a short tortuous INVITE", 0,
		"INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\r\n"
		"TO :\r\n"
		" sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"
		"from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n"
		"  ;\r\n"
		"  tag = 98asjd8\r\n"
		"MaX-fOrWaRdS: 0068\r\n"
		"Call-ID: wsinv.ndaksdj@192.0.2.1\r\n"
		"Content-Length   : 3\r\n"
		"cseq: 0009\r\n"
		"  INVITE\r\n"
		"Via  : SIP  /   2.0\r\n"
		" /UDP\r\n"
		"    192.0.2.2;branch=390skdjuw\r\n"
		"s :\r\n"
		"NewFangledHeader:   newfangled value\r\n"
		" continued newfangled value\r\n"
		"UnknownHeaderWithUnusualValue: ;;,,;;,;\r\n"
		"Content-Type: application/sdp\r\n"
		"Route:\r\n"
		" <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n"
		"v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n"
		"  branch  =   z9hG4bK9ikj8  ,\r\n"
		" SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n"
		" z9hG4bK30239\r\n"
		"m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =\r\n"
		"      newvalue ;\r\n"
		"  secondparam ; q = 0.33\r\n"
		"\r\n"
		"v=0",
		NULL },
	{ "3.1.1.2 wide range of characters", 0,
		"!interesting-Method0123456789_*+`.%indeed'~ "
		"sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
		":&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0\r\n"
		"Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~\r\n"
		"To: \"BEL:\\\x07 DEL:\\\x7f\" "
		"<sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>\r\n"
		"From: token1~` token2'+_ token3*%!.- "
		"<sip:mundane@example.com>;fromParam''~+*_!.-%=\"работающий\";"
		"tag=_token~1'+`*%!-.\r\n"
		"Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{\r\n"
		"CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\r\n"
		"Max-Forwards: 255\r\n"
		"extensionHeader-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb\r\n"
		"Content-Length: 0\r\n\r\n",
		NULL },
	{ "3.1.1.3 escapes in URIs", 0,
		"INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0\r\n" VIA
		"To: sip:%75se%72@example.com\r\nFrom: <sip:I%20have%20spaces@example.net>;tag=938\r\n"
		"Max-Forwards: 87\r\nCall-ID: esc01\r\nCSeq: 234234 INVITE\r\n"
		"Contact: <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>\r\n\r\n",
		NULL },
	{ "3.1.1.4 escaped nulls", 0,
		"REGISTER sip:example.com SIP/2.0\r\nTo: sip:null-%00-null@example.com\r\n"
		"From: sip:null-%00-null@example.com;tag=839923423\r\nMax-Forwards: 70\r\nCall-ID: "
		"escnull\r\n"
		"CSeq: 14398234 REGISTER\r\n" VIA "Contact: <sip:%00@host5.example.com>\r\n"
		"Contact: <sip:%00%00@host5.example.com>\r\nL:0\r\n\r\n",
		NULL },
	{ "3.1.1.5 percent signs that escape nothing", 0,
		"RE%47IST%45R sip:registrar.example.com SIP/2.0\r\nTo: \"%Z%45\" "
		"<sip:resource@example.com>\r\n"
		"From: \"%Z%45\" <sip:resource@example.com>;tag=f232jadfj23\r\nCall-ID: esc02\r\n"
		"Via: SIP/2.0/TCP host.example.com;branch=z9hG4bK209%fzsnel234\r\nCSeq: 29344 "
		"RE%47IST%45R\r\n"
		"Max-Forwards: 70\r\nContact: <sip:alias1@host1.example.com>\r\nC%6Fntact: x\r\n"
		"Content-Length: 0\r\n\r\n",
		NULL },
	{ "3.1.1.6 no space between name and <", 0,
		"OPTIONS sip:user@example.com SIP/2.0\r\nTo: sip:user@example.com\r\n"
		"From: caller<sip:caller@example.com>;tag=323\r\nMax-Forwards: 70\r\nCall-ID: lwsdisp\r\n"
		"CSeq: 60 OPTIONS\r\n" VIA "\r\n",
		NULL },
	{ "3.1.1.8 a second request in the same datagram", 0,
		"REGISTER sip:example.com SIP/2.0\r\n" VIA REST
		"CSeq: 8 REGISTER\r\nContent-Length: 0\r\n\r\n"
		"INVITE sip:joe@example.com SIP/2.0\r\nt: nonsense\r\n\r\n",
		NULL },
	{ "3.1.1.9 semicolons in the user part", 0,
		"OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0\r\n" VIA REST
		"CSeq: 8 OPTIONS\r\nAccept: application/sdp, application/pkcs7-mime,\r\n"
		"  multipart/mixed, multipart/signed\r\n\r\n",
		NULL },
	{ "3.1.1.10 transports of all kinds", 0,
		"OPTIONS sip:user@example.com SIP/2.0\r\n" VIA
		"Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKkdjuw39\r\n"
		"Via: SIP/2.0/UNKNOWN t3.example.com:5;branch=z9hG4bK,SIP/2.0/TLS t4.example.com\r\n" REST
		"CSeq: 60 OPTIONS\r\n\r\n",
		NULL },
	{ "3.1.1.12 an unusual reason phrase", 0,
		"SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое\r\n" VIA REST
		"CSeq: 35 INVITE\r\n" CONTACT "\r\n",
		NULL },
	{ "3.1.1.13 an empty reason phrase", 0, "SIP/2.0 100 \r\n" VIA REST "CSeq: 35 INVITE\r\n\r\n", NULL },
	{ "3.2.1 a transaction identifier of the cookie alone", 0,
		"OPTIONS sip:user@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK\r\n" REST
		"CSeq: 8 OPTIONS\r\n\r\n",
		NULL },
	{ "3.3.2 an unknown scheme in the request URI", 0,
		"OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\r\n" VIA REST
		"CSeq: 3 OPTIONS\r\n\r\n",
		NULL },
	{ "3.3.3 a known scheme that is not of SIP", 0,
		"OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\r\n" VIA REST "CSeq: 3 OPTIONS\r\n\r\n", NULL },
	{ "3.3.4 unknown schemes in To and Contact", 0,
		"REGISTER sip:example.com SIP/2.0\r\nMax-Forwards: 70\r\n"
		"To: isbn:2983792873\r\nFrom: <http://www.example.com>;tag=3234233\r\nCall-ID: unksm2\r\n"
		"CSeq: 234902 REGISTER\r\n" VIA "Contact: <name:John_Smith>\r\n\r\n",
		NULL },
	{ "3.3.5 unknown options", 0,
		"OPTIONS sip:user@example.com SIP/2.0\r\n" VIA REST
		"Proxy-Require: nothingSupportsThis, nothingSupportsThisEither\r\n"
		"Require: nothingSupportsThis\r\nCSeq: 8 OPTIONS\r\n\r\n",
		NULL },
	{ "3.3.7 an unknown authorization scheme", 0,
		"REGISTER sip:example.com SIP/2.0\r\n" VIA REST "CSeq: 9338 REGISTER\r\n"
		"Authorization: NoOneKnowsThisScheme opaque-data=here\r\n\r\n",
		NULL },
	{ "3.3.11 no hops left", 0,
		"OPTIONS sip:user@example.com SIP/2.0\r\n" VIA
		"To: <sip:a@b>\r\nFrom: <sip:a@b>;tag=3\r\nCall-ID: c\r\nCSeq: 8 OPTIONS\r\nMax-Forwards: "
		"0\r\n\r\n",
		NULL },
	{ "3.3.12 REGISTER with a contact parameter", 0,
		"REGISTER sip:example.com SIP/2.0\r\n" VIA REST "CSeq: 9 REGISTER\r\n"
		"Contact: sip:+19725552222@gw1.example.net;unknownparam\r\n\r\n",
		NULL },
	{ "3.3.13 REGISTER with a URL parameter", 0,
		"REGISTER sip:example.com SIP/2.0\r\n" VIA REST "CSeq: 9 REGISTER\r\n"
		"Contact: <sip:+19725552222@gw1.example.net;unknownparam>\r\n\r\n",
		NULL },
	{ "3.3.14 an escaped header in a Contact", 0,
		"REGISTER sip:example.com SIP/2.0\r\n" VIA REST "CSeq: 9 REGISTER\r\n"
		"Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>\r\n\r\n",
		NULL },
	{ "3.4.1 an INVITE of RFC 2543", 0,
		"INVITE sip:UserB@example.com SIP/2.0\r\nVia: SIP/2.0/UDP iftgw.example.com\r\n"
		"From: <sip:+13035551111@ift.client.example.net;user=phone>\r\n"
		"Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>\r\nTo: "
		"sip:+16505552222@ss1.example.net\r\n"
		"Call-ID: inv2543.1717@ift.client.example.com\r\nCSeq: 56 INVITE\r\n" CONTACT "\r\n",
		NULL },
};

static const struct row invalid[] = {
	{ "3.1.2.1 separators without values", 400,
		"INVITE sip:user@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.15\r\n" REST
		"CSeq: 8 INVITE\r\nContact: \"Joe\" <sip:joe@example.org>;;;;\r\n\r\n",
		"Malformed Contact" },
	{ "3.1.2.2 a body shorter than its length", 400,
		"INVITE sip:user@example.com SIP/2.0\r\n" VIA REST "CSeq: 8 INVITE\r\n" CONTACT
		"Content-Length: 9999\r\n\r\nv=0\r\n",
		"Body shorter than Content-Length" },
	{ "3.1.2.3 a negative length", 400,
		"INVITE sip:user@example.com SIP/2.0\r\n" VIA REST "CSeq: 8 INVITE\r\n" CONTACT
		"Content-Length: -999\r\n\r\nv=0\r\n",
		"Malformed Content-Length" },
	{ "3.1.2.4 overlarge numbers in a request", 400,
		"REGISTER sip:example.com SIP/2.0\r\n" VIA REST "CSeq: 36893488147419103232 REGISTER\r\n"
		"Contact: <sip:u@h>;expires=280297596632815\r\nExpires: 1000000000000000000000000\r\n\r\n",
		"Value out of range in CSeq" },
	{ "3.1.2.6 an open quote", 400,
		"INVITE sip:user@example.com SIP/2.0\r\n" VIA "Max-Forwards: 70\r\n"
		"From: <sip:caller@example.net>;tag=2\r\nTo: \"Mr. J. User <sip:j.user@example.com>\r\n"
		"Call-ID: quotbal\r\nCSeq: 8 INVITE\r\n" CONTACT "\r\n",
		"Malformed To" },
	{ "3.1.2.7 the request URI in brackets", 400,
		"INVITE <sip:user@example.com> SIP/2.0\r\n" VIA REST "CSeq: 8 INVITE\r\n" CONTACT "\r\n",
		"Malformed request URI" },
	{ "3.1.2.8 a space in the request URI", 400,
		"INVITE sip:user@example.com; lr SIP/2.0\r\n" VIA REST "CSeq: 8 INVITE\r\n" CONTACT "\r\n",
		"Malformed request URI" },
	{ "3.1.2.9 spaces in the request line", 400,
		"INVITE  sip:user@example.com  SIP/2.0\r\n" VIA REST "CSeq: 8 INVITE\r\n" CONTACT "\r\n",
		"Malformed request URI" },
	{ "3.1.2.10 a space at the end of the request line", 400,
		"OPTIONS sip:remote-target@example.com SIP/2.0  \r\n" VIA REST "CSeq: 8 OPTIONS\r\n\r\n",
		"Malformed request line" },
	{ "3.1.2.11 header fields in the request URI", 400,
		"INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0\r\n" VIA REST
		"CSeq: 8 INVITE\r\n" CONTACT "\r\n",
		"Header fields in request URI" },
	{ "3.1.2.13 a Contact that needs brackets", 400,
		"REGISTER sip:example.com SIP/2.0\r\n" VIA REST "CSeq: 9 REGISTER\r\n"
		"Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E\r\n\r\n",
		"Malformed Contact" },
	{ "3.1.2.14 spaces within brackets", 400,
		"OPTIONS sip:user@example.org SIP/2.0\r\n" VIA "Max-Forwards: 70\r\n"
		"From: \"Bell, Alexander\" <sip:a.g.bell@example.com>;tag=433423\r\n"
		"To: \"Watson, Thomas\" < sip:t.watson@example.org >\r\nCall-ID: badaspec\r\nCSeq: 8 "
		"OPTIONS\r\n\r\n",
		"Malformed To" },
	{ "3.1.2.15 a comma in an unquoted name", 400,
		"OPTIONS sip:t.watson@example.org SIP/2.0\r\n" VIA "Max-Forwards: 70\r\n"
		"From: Bell, Alexander <sip:a.g.bell@example.com>;tag=43\r\n"
		"To: Watson, Thomas <sip:t.watson@example.org>\r\nCall-ID: baddn\r\nCSeq: 31 OPTIONS\r\n\r\n",
		"Malformed From" },
	{ "3.1.2.16 an unknown version", 505,
		"OPTIONS sip:t.watson@example.org SIP/7.0\r\n"
		"Via: SIP/7.0/UDP c.example.com;branch=z9hG4bKkdjuw\r\n" REST "CSeq: 31 OPTIONS\r\n\r\n",
		"Version Not Supported" },
	{ "3.1.2.17 two methods", 400,
		"OPTIONS sip:user@example.com SIP/2.0\r\n" VIA REST "CSeq: 8 INVITE\r\n\r\n",
		"Method differs in CSeq" },
	{ "3.1.2.18 an unknown method with another in CSeq", 400,
		"NEWMETHOD sip:user@example.com SIP/2.0\r\n" VIA REST "CSeq: 8 INVITE\r\n\r\n",
		"Method differs in CSeq" },
	{ "3.3.1 missing header fields", 400,
		"INVITE sip:user@example.com SIP/2.0\r\nCSeq: 193942 INVITE\r\n" VIA
		"Content-Length: 0\r\n\r\n",
		"Missing From" },
	{ "3.3.8 several values of what is one", 400,
		"INVITE sip:user@example.com SIP/2.0\r\n" VIA REST "CSeq: 8 INVITE\r\nCSeq: 59 INVITE\r\n"
		"Call-ID: other\r\nTo: sip:a@b\r\nFrom: sip:c@d\r\nMax-Forwards: 5\r\n" CONTACT "\r\n",
		"More than one CSeq" },
	{ "3.3.9 two lengths", 400,
		"OPTIONS sip:user@example.com SIP/2.0\r\n" VIA REST
		"CSeq: 8 OPTIONS\r\nContent-Length: 13\r\nContent-Length: 5\r\n\r\nThere's no way",
		"More than one Content-Length" },
};

static void valid_ones_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(valid); i++) {
		struct sip_msg *m;
		if (sip_msg_parse(str_from(valid[i].text), SIP_DATAGRAM, &m))
			fail_msg("%s: %s at %zu", valid[i].name, m ? m->fault.reason : "",
				m ? m->fault.at : 0);
		assert_true(m->via && m->from && m->to && m->call_id.n);
		obj_unref(m);
	}
}

static void invalid_ones_get_their_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(invalid); i++) {
		struct sip_msg *m;
		if (sip_msg_parse(str_from(invalid[i].text), SIP_DATAGRAM, &m) != -E_SYNTAX)
			fail_msg("%s: accepted", invalid[i].name);
		if (m->fault.status != invalid[i].status || strcmp(m->fault.reason, invalid[i].reason))
			fail_msg("%s: %d %s", invalid[i].name, m->fault.status, m->fault.reason);
		assert_true(sip_msg_is_answerable(m));
		obj_unref(m);
	}
}

static void the_tortuous_invite_means_what_it_says(void **state)
{
	struct sip_msg *m;
	(void)state;
	assert_int_equal(sip_msg_parse(str_from(valid[0].text), SIP_DATAGRAM, &m), 0);
	assert_true(str_eqz(m->to->tag, "1918181833n"));
	assert_true(str_eqz(m->to->uri.raw, "sip:vivekg@chair-dnrc.example.com"));
	assert_true(str_eqz(m->from->name, "J Rosenberg \\\""));
	assert_true(str_eqz(m->from->tag, "98asjd8"));
	assert_int_equal(m->max_forwards, 68);
	assert_int_equal(m->cseq.number, 9);
	assert_true(str_eqz(m->via->host, "192.0.2.2"));
	assert_true(str_eqz(m->via->next->branch, "z9hG4bK9ikj8"));
	assert_true(str_eqz(m->via->next->next->branch, "z9hG4bK30239"));
	assert_true(str_eqz(m->contact->name, "Quoted string \"\""));
	assert_int_equal(sip_addr_q(m->contact), 330);
	assert_true(sip_uri_is_lr(&m->route->uri));
	assert_true(str_eqz(m->body, "v=0"));
	obj_unref(m);
}

/* 3.1.2.5, 3.1.2.19 and 3.3.10: responses that are dropped, or kept with what they say. */
static void responses_out_of_range_are_dropped(void **state)
{
	static const char *const rows[] = {
		"SIP/2.0 503 Service Unavailable\r\n" VIA REST "CSeq: 9292394834772304023312 OPTIONS\r\n\r\n",
		"SIP/2.0 4294967301 better not break the receiver\r\n" VIA REST "CSeq: 3 OPTIONS\r\n\r\n",
		"SIP/2.0 200 OK\r\n" VIA REST "CSeq: 3 OPTIONS\r\nContent-Length: 7\r\n\r\nabc",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sip_msg *m;
		assert_int_equal(sip_msg_parse(str_from(rows[i]), SIP_DATAGRAM, &m), -E_SYNTAX);
		assert_int_equal(m->fault.status, 0);
		assert_false(sip_msg_is_answerable(m));
		obj_unref(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_ones_are_read),
		cmocka_unit_test(invalid_ones_get_their_answer),
		cmocka_unit_test(the_tortuous_invite_means_what_it_says),
		cmocka_unit_test(responses_out_of_range_are_dropped),
	};
	return unit_run(tests);
}
