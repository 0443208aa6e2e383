#include "unit.h"

#include "base/mem.h"
#include "sip/uri.h"

#include <string.h>

static void parses(void **state)
{
	static const struct {
		const char *text, *user, *password, *host, *params, *headers;
		uint16_t port;
		enum sip_scheme scheme;
	} rows[] = {
		{ "sip:alice@atlanta.com", "alice", NULL, "atlanta.com", "", NULL, 0, SIP_SCHEME_SIP },
		{ "SIPS:alice:secretword@atlanta.com;transport=tcp", "alice", "secretword", "atlanta.com",
			";transport=tcp", NULL, 0, SIP_SCHEME_SIPS },
		{ "sip:alice@192.0.2.4:5061?subject=project%20x&priority=urgent", "alice", NULL, "192.0.2.4",
			"", "subject=project%20x&priority=urgent", 5061, SIP_SCHEME_SIP },
		{ "sip:+1-212-555-1212:1234@gateway.com;user=phone", "+1-212-555-1212", "1234", "gateway.com",
			";user=phone", NULL, 0, SIP_SCHEME_SIP },
		{ "sip:alice;day=tuesday@atlanta.com", "alice;day=tuesday", NULL, "atlanta.com", "", NULL, 0,
			SIP_SCHEME_SIP },
		{ "sip:[2001:db8::10]:5070;lr", NULL, NULL, "2001:db8::10", ";lr", NULL, 5070,
			SIP_SCHEME_SIP },
		{ "sip:user;par=u%40example.net@example.com", "user;par=u%40example.net", NULL, "example.com",
			"", NULL, 0, SIP_SCHEME_SIP },
		{ "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/"
		  ";;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-"
		  "it)@example.com",
			"1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
			"&it+has=1,weird!*pas$wo~d_too.(doesn't-it)", "example.com", "", NULL, 0,
			SIP_SCHEME_SIP },
		{ "tel:+86-10-6459-1234;phone-context=x", "+86-10-6459-1234", NULL, NULL, ";phone-context=x",
			NULL, 0, SIP_SCHEME_TEL },
		{ "urn:service:sos", NULL, NULL, NULL, NULL, NULL, 0, SIP_SCHEME_OTHER },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sip_uri uri;
		assert_int_equal(sip_uri_parse(str_from(rows[i].text), &uri, NULL), 0);
		assert_int_equal(uri.scheme, rows[i].scheme);
		assert_int_equal(uri.port, rows[i].port);
		assert_true(str_eqz(uri.user, rows[i].user));
		assert_true(str_eqz(uri.password, rows[i].password));
		assert_true(str_eqz(uri.host, rows[i].host));
		assert_true(str_eqz(uri.params, rows[i].params));
		assert_true(str_eqz(uri.headers, rows[i].headers));
	}
}

static void refuses(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} rows[] = {
		{ "", 0 },
		{ "sip:", 4 },
		{ ":x", 0 },
		{ "alice@atlanta.com", 5 },
		{ "<sip:a@b>", 0 },
		{ "sip:@b", 4 },
		{ "sip:a@", 6 },
		{ "sip:a b@c", 5 },
		{ "sip:a@b c", 7 },
		{ "sip:a@b : 5060", 7 },
		{ "sip:a@b:", 8 },
		{ "sip:a@b:99999", 8 },
		{ "sip:a%4@b", 5 },
		{ "sip:a%zz@b", 5 },
		{ "sip:a@[2001:db8::1:::]", 6 },
		{ "sip:a@2001:db8::9:1", 11 },
		{ "sip:a@b;", 8 },
		{ "sip:a@b;;x", 8 },
		{ "sip:a@b;x=", 10 },
		{ "sip:a@b?x", 9 },
		{ "sip:a@b; lr", 8 },
		{ "sip:a@b@c", 7 },
		{ "tel:", 4 },
		{ "http://x y", 8 },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sip_uri uri;
		size_t at = 999;
		if (sip_uri_parse(str_from(rows[i].text), &uri, &at) == 0)
			fail_msg("accepted: %s", rows[i].text);
		if (at != rows[i].at)
			fail_msg("%s: at %zu, expected %zu", rows[i].text, at, rows[i].at);
	}
}

/* The examples of RFC 3261 19.1.4 and some of our own. */
static void compares(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} rows[] = {
		{ "sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp", true },
		{ "sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true },
		{ "sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5", true },
		{ "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
			"sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com", true },
		{ "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
			"sip:alice@atlanta.com?priority=urgent&subject=project%20x", true },
		{ "SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP", false },
		{ "sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false },
		{ "sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false },
		{ "sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp", false },
		{ "sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting", false },
		{ "sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4", false },
		{ "sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", false },
		{ "sip:a@b;maddr=1.2.3.4", "sip:a@b", false },
		{ "sip:a@b;x=1;x=2", "sip:a@b;x=1;x=2", true },
		{ "sip:a%3bb@c", "sip:a;b@c", false },
		{ "sip:a%3Bb@c", "sip:a%3bb@c", true },
		{ "sip:a@c", "sips:a@c", false },
		{ "sip:c", "sip:a@c", false },
		{ "tel:+86-10-1234", "tel:+86(10)1234", true },
		{ "tel:+8610", "tel:8610", false },
		{ "urn:service:sos", "URN:service:sos", true },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sip_uri a, b;
		assert_int_equal(sip_uri_parse(str_from(rows[i].a), &a, NULL), 0);
		assert_int_equal(sip_uri_parse(str_from(rows[i].b), &b, NULL), 0);
		if (sip_uri_eq(&a, &b) != rows[i].equal || sip_uri_eq(&b, &a) != rows[i].equal)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
	}
}

static void thousands_of_parameters_compare_in_time(void **state)
{
	struct buf text;
	struct sip_uri a;
	(void)state;
	buf_init(&text, 65536);
	buf_addz(&text, "sip:a@b");
	while (text.n < 60000)
		buf_addz(&text, ";a");
	assert_int_equal(sip_uri_parse(buf_str(&text), &a, NULL), 0);
	assert_true(sip_uri_eq(&a, &a));
	buf_done(&text);
}

static void users_and_numbers(void **state)
{
	static const struct {
		const char *text, *user, *number;
	} rows[] = {
		{ "sip:4008001234@h", "4008001234", "4008001234" },
		{ "sip:+86-10-6459.1234;phone-context=x@h;user=phone", "+86-10-6459.1234", "+861064591234" },
		{ "sip:%2B86(10)1@h", "+86(10)1", "+86101" },
		{ "sip:*72#@h", "*72#", "*72#" },
		{ "sip:al%69ce@h", "alice", NULL },
		{ "sip:+@h", "+", NULL },
		{ "sip:null-%00-null@h", NULL, NULL },
		{ "tel:010-1234", "010-1234", "0101234" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sip_uri uri;
		char text[32];
		assert_int_equal(sip_uri_parse(str_from(rows[i].text), &uri, NULL), 0);
		assert_int_equal(sip_uri_user(&uri, text, sizeof(text)), rows[i].user ? 0 : -E_SYNTAX);
		if (rows[i].user)
			assert_string_equal(text, rows[i].user);
		assert_int_equal(sip_uri_number(&uri, text, sizeof(text)), rows[i].number ? 0 : -E_SYNTAX);
		if (rows[i].number)
			assert_string_equal(text, rows[i].number);
		assert_int_equal(sip_uri_user(&uri, text, 1), -E_LIMIT);
	}
}

static void prints_what_it_parsed(void **state)
{
	static const char *const rows[] = {
		"sip:alice:pw@[2001:db8::10]:5070;lr;x=%20?a=b&c=",
		"sips:host",
		"tel:+1-2;phone-context=a",
		"urn:service:sos",
	};
	struct buf out;
	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sip_uri uri;
		assert_int_equal(sip_uri_parse(str_from(rows[i]), &uri, NULL), 0);
		buf_reset(&out);
		sip_uri_print(&uri, &out);
		assert_string_equal(out.p, rows[i]);
	}
	buf_reset(&out);
	sip_uri_add_user(&out, STR("张#1;@+"));
	assert_string_equal(out.p, "%E5%BC%A0%231%3B%40+");
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses),
		cmocka_unit_test(refuses),
		cmocka_unit_test(compares),
		cmocka_unit_test(thousands_of_parameters_compare_in_time),
		cmocka_unit_test(users_and_numbers),
		cmocka_unit_test(prints_what_it_parsed),
	};
	return unit_run(tests);
}
