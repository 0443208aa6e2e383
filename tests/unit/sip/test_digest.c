#include "unit.h"

#include "base/mem.h"
#include "sip/digest.h"

#include <stdio.h>
#include <string.h>

#define MINUTE INT64_C(60000000)
#define NONCE "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
#define CNONCE "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"

static const struct digest_credentials bob = { { "bob", 3 }, { "zanzibar", 8 } };

/* RFC 7616 3.9.1, RFC 2617 3.5, and the latter without qop. */
static void matches_the_examples(void **state)
{
	static const struct {
		enum digest_algorithm algorithm;
		const char *realm, *password, *nonce, *cnonce, *qop, *response;
	} rows[] = {
		{ DIGEST_MD5, "http-auth@example.org", "Circle of Life", NONCE, CNONCE, "auth",
			"8ca523f5e9506fed4657c9700eebdbec" },
		{ DIGEST_SHA256, "http-auth@example.org", "Circle of Life", NONCE, CNONCE, "auth",
			"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1" },
		{ DIGEST_MD5, "testrealm@host.com", "Circle Of Life", "dcd98b7102dd2f0e8b11d0f600bfb0c093",
			"0a4f113b", "auth", "6629fae49393a05397450978507c4ef1" },
		{ DIGEST_MD5, "testrealm@host.com", "Circle Of Life", "dcd98b7102dd2f0e8b11d0f600bfb0c093",
			"", "", "670fd8c2df070c60b045671b8b24ff02" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char ha1[DIGEST_HEX_SIZE], response[DIGEST_HEX_SIZE];
		digest_ha1(rows[i].algorithm, STR("Mufasa"), str_from(rows[i].realm),
			str_from(rows[i].password), ha1);
		digest_response(&(struct digest_input){ .algorithm = rows[i].algorithm,
					.ha1 = str_from(ha1),
					.method = STR("GET"),
					.uri = STR("/dir/index.html"),
					.nonce = str_from(rows[i].nonce),
					.nc = STR("00000001"),
					.cnonce = str_from(rows[i].cnonce),
					.qop = str_from(rows[i].qop) },
			response);
		assert_string_equal(response, rows[i].response);
	}
}

static struct sip_msg *message(const char *first_line, const char *headers)
{
	char text[4096];
	struct sip_msg *m;
	snprintf(text, sizeof(text),
		"%s\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 "
		"REGISTER\r\n%s\r\n",
		first_line, headers);
	assert_int_equal(sip_msg_parse(str_from(text), SIP_DATAGRAM, &m), 0);
	return m;
}

static int lookup(void *arg, struct str user, enum digest_algorithm algorithm, char ret_hex[DIGEST_HEX_SIZE])
{
	(void)arg;
	if (!str_eqz(user, "bob"))
		return -E_NOT_FOUND;
	digest_ha1(algorithm, user, STR("lingxi"), bob.password, ret_hex);
	return 0;
}

/* One side challenges, the other answers. */
struct pair {
	struct digest_server *server;
	struct digest_client client;
	struct buf lines;
	int64_t now_us;
	bool stale;
	enum digest_order order;
};

static void pair_begin(struct pair *p)
{
	*p = (struct pair){ .server = digest_server_new(STR("lingxi"), 5 * MINUTE), .now_us = 1 };
	buf_init(&p->lines, 65536);
}

static void pair_end(struct pair *p)
{
	digest_server_free(p->server);
	buf_done(&p->lines);
}

static int challenge(struct pair *p)
{
	buf_reset(&p->lines);
	digest_server_challenge(p->server,
		&(struct digest_challenge){ .now_us = p->now_us, .stale = p->stale, .order = p->order },
		&p->lines);
	struct sip_msg *m = message("SIP/2.0 401 Unauthorized", p->lines.p);
	int err = digest_client_learn(&p->client, m);
	obj_unref(m);
	return err;
}

static void credentials(struct pair *p, const struct digest_credentials *who)
{
	buf_reset(&p->lines);
	digest_client_add(&p->client, who, STR("REGISTER"), STR("sip:b"), &p->lines);
}

static int check(struct pair *p)
{
	struct str user = STR_NONE;
	struct sip_msg *m = message("REGISTER sip:b SIP/2.0", buf_str(&p->lines).p);
	int err = digest_server_check(p->server,
		&(struct digest_check){ .lookup = lookup, .now_us = p->now_us }, m, &user, &p->stale);
	if (!err)
		assert_true(str_eqz(user, "bob"));
	obj_unref(m);
	return err;
}

static void the_two_sides_understand_each_other(void **state)
{
	struct pair p;
	(void)state;
	pair_begin(&p);
	assert_int_equal(check(&p), -E_UNAUTHORIZED);
	assert_false(p.stale);
	assert_int_equal(challenge(&p), 0);
	assert_non_null(strstr(p.lines.p, "algorithm=SHA-256\r\nWWW-Authenticate"));
	credentials(&p, &bob);
	assert_non_null(strstr(p.lines.p, "algorithm=SHA-256"));
	assert_non_null(strstr(p.lines.p, "nc=00000001"));
	assert_int_equal(check(&p), 0);
	digest_client_accepted(&p.client);
	credentials(&p, &bob);
	assert_non_null(strstr(p.lines.p, "nc=00000002"));
	assert_int_equal(check(&p), 0);
	digest_client_accepted(&p.client);
	p.order = DIGEST_ORDER_MD5_FIRST;
	assert_int_equal(challenge(&p), 0);
	assert_non_null(strstr(p.lines.p, "algorithm=MD5\r\nWWW-Authenticate"));
	assert_non_null(strstr(p.lines.p, "algorithm=SHA-256\r\n"));
	digest_client_accepted(&p.client);
	p.order = DIGEST_ORDER_MD5_ONLY;
	assert_int_equal(challenge(&p), 0);
	assert_non_null(strstr(p.lines.p, "algorithm=MD5\r\n"));
	assert_null(strstr(p.lines.p, "SHA-256"));
	pair_end(&p);
}

static void wrong_passwords_end(void **state)
{
	static const struct digest_credentials wrong[] = { { { "bob", 3 }, { "x", 1 } },
		{ { "eve", 3 }, { "zanzibar", 8 } } };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct pair p;
		pair_begin(&p);
		assert_int_equal(challenge(&p), 0);
		credentials(&p, &wrong[i]);
		assert_int_equal(check(&p), -E_AUTH);
		assert_false(p.stale);
		assert_int_equal(challenge(&p), -E_AUTH);
		pair_end(&p);
	}
}

static void a_count_is_taken_once(void **state)
{
	struct pair p;
	struct buf third;
	(void)state;
	pair_begin(&p);
	buf_init(&third, 4096);
	assert_int_equal(challenge(&p), 0);
	credentials(&p, &bob);
	assert_int_equal(check(&p), 0);
	assert_int_equal(check(&p), -E_UNAUTHORIZED);
	assert_true(p.stale);
	credentials(&p, &bob);
	credentials(&p, &bob);
	buf_adds(&third, buf_str(&p.lines));
	credentials(&p, &bob);
	assert_int_equal(check(&p), 0);
	buf_reset(&p.lines);
	buf_adds(&p.lines, buf_str(&third)); /* overtaken on the way, not replayed */
	assert_int_equal(check(&p), 0);
	assert_int_equal(check(&p), -E_UNAUTHORIZED);
	for (int i = 0; i < 64; i++)
		credentials(&p, &bob);
	assert_int_equal(check(&p), 0);
	buf_reset(&p.lines);
	buf_adds(&p.lines, buf_str(&third)); /* out of the window */
	assert_int_equal(check(&p), -E_UNAUTHORIZED);
	buf_done(&third);
	pair_end(&p);
}

static void old_and_foreign_nonces_are_stale(void **state)
{
	struct pair p, other;
	(void)state;
	pair_begin(&p);
	pair_begin(&other);
	assert_int_equal(challenge(&p), 0);
	credentials(&p, &bob);
	p.now_us += 5 * MINUTE + 1;
	assert_int_equal(check(&p), -E_UNAUTHORIZED);
	assert_true(p.stale);
	assert_int_equal(challenge(&p), 0); /* stale=true: again, without giving up */
	credentials(&p, &bob);
	assert_int_equal(check(&p), 0);

	assert_int_equal(challenge(&other), 0); /* as after a restart with a new key */
	credentials(&other, &bob);
	buf_reset(&p.lines);
	buf_adds(&p.lines, buf_str(&other.lines));
	assert_int_equal(check(&p), -E_UNAUTHORIZED);
	assert_true(p.stale);
	pair_end(&other);
	pair_end(&p);
}

/* Whoever fills the table does not make an old count valid again. */
static void a_flood_of_nonces_frees_no_count(void **state)
{
	struct pair p;
	struct buf first;
	(void)state;
	pair_begin(&p);
	buf_init(&first, 4096);
	assert_int_equal(challenge(&p), 0);
	credentials(&p, &bob);
	buf_adds(&first, buf_str(&p.lines));
	assert_int_equal(check(&p), 0);
	for (int i = 0; i < 20000; i++) {
		p.now_us++;
		p.client = (struct digest_client){ 0 };
		assert_int_equal(challenge(&p), 0);
		credentials(&p, &bob);
		assert_int_equal(check(&p), 0);
	}
	buf_reset(&p.lines);
	buf_adds(&p.lines, buf_str(&first));
	assert_int_equal(check(&p), -E_UNAUTHORIZED);
	buf_done(&first);
	pair_end(&p);
}

static void answers_a_proxy_and_the_server_behind_it(void **state)
{
	struct digest_client c = { 0 };
	struct buf lines;
	struct sip_msg *m407 = message("SIP/2.0 407 x",
		"Proxy-Authenticate: Digest realm=\"p\", nonce=\"1\", qop=\"auth,auth-int\", opaque=\"o\"\r\n"
		"Proxy-Authenticate: Basic realm=\"p\"\r\n"
		"Proxy-Authenticate: Digest realm=\"q\", nonce=\"1\", algorithm=SHA-512-256\r\n");
	struct sip_msg *m401 = message("SIP/2.0 401 x",
		"WWW-Authenticate: Digest realm=\"s\", nonce=\"2\"\r\n"
		"WWW-Authenticate: Digest realm=\"s\", nonce=\"3\", algorithm=SHA-256, qop=\"auth\"\r\n"
		"WWW-Authenticate: Digest realm=\"s\", nonce=\"4\", algorithm=MD5, qop=\"auth\"\r\n");
	(void)state;
	buf_init(&lines, 4096);
	assert_int_equal(digest_client_learn(&c, m407), 0);
	assert_int_equal(digest_client_learn(&c, m401), 0);
	assert_int_equal(c.n, 2);
	digest_client_add(&c, &bob, STR("INVITE"), STR("sip:x"), &lines);
	assert_non_null(
		strstr(lines.p, "Proxy-Authorization: Digest username=\"bob\", realm=\"p\", nonce=\"1\""));
	assert_non_null(strstr(lines.p, "opaque=\"o\"\r\nAuthorization: "));
	assert_non_null(strstr(lines.p, "realm=\"s\", nonce=\"3\""));
	assert_int_equal(digest_client_learn(&c, m401), -E_AUTH);
	obj_unref(m407);
	obj_unref(m401);
	buf_done(&lines);
}

static void challenges_beyond_us_are_unsupported(void **state)
{
	static const char *const rows[] = { "", "WWW-Authenticate: Basic realm=\"x\"\r\n",
		"WWW-Authenticate: Digest realm=\"s\"\r\n",
		"WWW-Authenticate: Digest realm=\"s\", nonce=\"2\", qop=\"auth-int\"\r\n",
		"WWW-Authenticate: Digest realm=\"s\", nonce=\"2\", algorithm=MD5-sess\r\n",
		"WWW-Authenticate: Digest realm=\"s, nonce=\"2\"\r\n" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct digest_client c = { 0 };
		struct sip_msg *m = message("SIP/2.0 401 x", rows[i]);
		assert_int_equal(digest_client_learn(&c, m), -E_UNSUPPORTED);
		obj_unref(m);
	}
}

static void malformed_answers_are_told_from_wrong_ones(void **state)
{
	static const struct {
		const char *line;
		int err;
	} rows[] = {
		{ "Authorization: Digest username=\"bob\r\n", -E_SYNTAX },
		{ "Authorization: Digest username=\"bob\", realm=\"lingxi\", qop=auth\r\n", -E_SYNTAX },
		{ "Authorization: NoOneKnowsThisScheme opaque-data=here\r\n", -E_UNAUTHORIZED },
		{ "Authorization: Digest username=\"bob\", realm=\"other\", nonce=\"1\"\r\n",
			-E_UNAUTHORIZED },
		{ "Authorization: Digest username=\"bob\", realm=\"lingxi\", nonce=\"1\", uri=\"sip:b\", "
		  "response=\"0\"\r\n",
			-E_UNAUTHORIZED },
		{ "Authorization: Digest username=\"bob\", realm=\"lingxi\", nonce=\"1\", uri=\"sip:b\", "
		  "response=\"0\", qop=auth, nc=00000001, cnonce=\"x\"\r\n",
			-E_AUTH },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pair p;
		pair_begin(&p);
		buf_addz(&p.lines, rows[i].line);
		assert_int_equal(check(&p), rows[i].err);
		pair_end(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_the_examples),
		cmocka_unit_test(the_two_sides_understand_each_other),
		cmocka_unit_test(wrong_passwords_end),
		cmocka_unit_test(a_count_is_taken_once),
		cmocka_unit_test(old_and_foreign_nonces_are_stale),
		cmocka_unit_test(a_flood_of_nonces_frees_no_count),
		cmocka_unit_test(answers_a_proxy_and_the_server_behind_it),
		cmocka_unit_test(challenges_beyond_us_are_unsupported),
		cmocka_unit_test(malformed_answers_are_told_from_wrong_ones),
	};
	return unit_run(tests);
}
