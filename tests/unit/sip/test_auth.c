/* Points (5) and (12): challenges of others answered, credentials demanded of others. */
#include "base/clock.h"
#include "rig.h"
#include "sip/digest.h"
#include "sip/field.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define WWW(nonce)                                                                                           \
	"WWW-Authenticate: Digest realm=\"pbx\", nonce=\"" nonce "\", algorithm=MD5, qop=\"auth\"\n"
#define PROXY(nonce)                                                                                         \
	"Proxy-Authenticate: Digest realm=\"edge\", nonce=\"" nonce "\", algorithm=MD5, qop=\"auth\"\n"

static struct session *call(struct rig *r)
{
	struct session *s = NULL;
	struct session_invite_opts opts = {
		.target = STR("sip:9001@192.0.2.1"),
		.from = STR("sip:8001@lingxi.test"),
		.sdp = STR("offer"),
		.auth_user = STR("trunk1"),
		.auth_password = STR("secret"),
		.handlers = &r->session_handlers,
		.arg = r,
	};
	assert_int_equal(session_invite(r->stack, &opts, &s), 0);
	return s;
}

static struct str param(const struct sip_msg *msg, enum sip_hdr hdr, const char *name)
{
	static struct sip_auth auth;
	assert_int_equal(sip_auth_parse(sip_msg_value(msg, hdr), &auth), 0);
	return sip_auth_param(&auth, name);
}

/* What a peer that knows the password would compute, from RFC 7616 by hand. */
static void assert_right(const struct sip_msg *msg, enum sip_hdr hdr, const char *realm)
{
	char ha1[DIGEST_HEX_SIZE], response[DIGEST_HEX_SIZE], nonce[300], nc[16], cnonce[80];
	digest_ha1(DIGEST_MD5, STR("trunk1"), str_from(realm), STR("secret"), ha1);
	assert_int_equal(str_copy(param(msg, hdr, "nonce"), nonce, sizeof(nonce)), 0);
	assert_int_equal(str_copy(param(msg, hdr, "nc"), nc, sizeof(nc)), 0);
	assert_int_equal(str_copy(param(msg, hdr, "cnonce"), cnonce, sizeof(cnonce)), 0);
	struct digest_input in = {
		.algorithm = DIGEST_MD5,
		.ha1 = str_from(ha1),
		.method = msg->method_name,
		.uri = param(msg, hdr, "uri"),
		.nonce = str_from(nonce),
		.nc = str_from(nc),
		.cnonce = str_from(cnonce),
		.qop = STR("auth"),
	};
	digest_response(&in, response);
	assert_true(str_eqz(param(msg, hdr, "response"), response));
}

static void p12_401_and_407_together_and_nonce_counts(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = call(&r);
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	assert_null(sip_msg_header(invite, SIP_HDR_AUTHORIZATION, 0));
	rig_respond(&r, invite,
		&(struct rig_resp){ .status = 407, .tag = "p", .headers = WWW("n1") PROXY("m1") });
	rig_request(&r, SIP_ACK);
	struct sip_msg *again = rig_request(&r, SIP_INVITE);
	assert_int_equal(again->cseq.number, invite->cseq.number + 1);
	assert_true(str_eq(again->call_id, invite->call_id));
	assert_true(str_eq(again->from->tag, invite->from->tag));
	assert_null(again->to->tag.p);
	assert_right(again, SIP_HDR_AUTHORIZATION, "pbx");
	assert_right(again, SIP_HDR_PROXY_AUTHORIZATION, "edge");
	assert_true(str_eqz(param(again, SIP_HDR_AUTHORIZATION, "nc"), "00000001"));
	rig_respond(&r, again, &(struct rig_resp){ .status = 200, .tag = "pt", .body = "answer" });
	/* (5): the ACK carries what the INVITE carried. */
	struct sip_msg *ack = rig_request(&r, SIP_ACK);
	assert_true(str_eq(
		sip_msg_value(ack, SIP_HDR_AUTHORIZATION), sip_msg_value(again, SIP_HDR_AUTHORIZATION)));
	assert_true(str_eq(sip_msg_value(ack, SIP_HDR_PROXY_AUTHORIZATION),
		sip_msg_value(again, SIP_HDR_PROXY_AUTHORIZATION)));
	assert_int_equal(ack->cseq.number, again->cseq.number);
	/* The next request brings credentials unasked, the count goes on. */
	assert_int_equal(session_reinvite(s, STR("hold")), 0);
	struct sip_msg *hold = rig_request(&r, SIP_INVITE);
	assert_true(str_eqz(param(hold, SIP_HDR_AUTHORIZATION, "nc"), "00000002"));
	assert_right(hold, SIP_HDR_AUTHORIZATION, "pbx");
	assert_string_equal(rig_log(&r), "answered answer|");
	rig_respond(&r, hold, &(struct rig_resp){ .status = 200, .tag = "pt", .body = "held" });
	rig_request(&r, SIP_ACK);
	/* Later the peer wants a new nonce and does not say stale: that is no refusal of the password. */
	session_hangup(s, NULL);
	struct sip_msg *bye = rig_request(&r, SIP_BYE);
	rig_respond(&r, bye, &(struct rig_resp){ .status = 401, .tag = "pt", .headers = WWW("n9") });
	assert_true(str_eqz(param(rig_request(&r, SIP_BYE), SIP_HDR_AUTHORIZATION, "nonce"), "n9"));
	obj_unref(s);
	rig_done(&r);
}

static void p12_a_stale_nonce_is_replaced(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = call(&r);
	rig_respond(&r, rig_request(&r, SIP_INVITE),
		&(struct rig_resp){ .status = 401, .tag = "p", .headers = WWW("n1") });
	rig_request(&r, SIP_ACK);
	rig_respond(&r, rig_request(&r, SIP_INVITE),
		&(struct rig_resp){ .status = 401,
			.tag = "p",
			.headers = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n2\", stale=true, "
				   "algorithm=MD5, "
				   "qop=\"auth\"\n" });
	rig_request(&r, SIP_ACK);
	struct sip_msg *third = rig_request(&r, SIP_INVITE);
	assert_true(str_eqz(param(third, SIP_HDR_AUTHORIZATION, "nonce"), "n2"));
	assert_true(str_eqz(param(third, SIP_HDR_AUTHORIZATION, "nc"), "00000001"));
	obj_unref(s);
	rig_done(&r);
}

static void p12_a_wrong_password_is_tried_once(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = call(&r);
	rig_respond(&r, rig_request(&r, SIP_INVITE),
		&(struct rig_resp){ .status = 401, .tag = "p", .headers = WWW("n1") });
	rig_request(&r, SIP_ACK);
	rig_respond(&r, rig_request(&r, SIP_INVITE),
		&(struct rig_resp){ .status = 401, .tag = "p", .headers = WWW("n2") });
	rig_request(&r, SIP_ACK);
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "ended rejected 401|");
	obj_unref(s);
	rig_done(&r);
}

static void p12_a_challenged_reinvite_and_bye(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = call(&r);
	rig_respond(&r, rig_request(&r, SIP_INVITE),
		&(struct rig_resp){ .status = 200, .tag = "pt", .body = "answer" });
	rig_request(&r, SIP_ACK);
	assert_int_equal(session_reinvite(s, STR("hold")), 0);
	struct sip_msg *first = rig_request(&r, SIP_INVITE);
	rig_respond(&r, first, &(struct rig_resp){ .status = 401, .tag = "pt", .headers = WWW("n1") });
	rig_request(&r, SIP_ACK);
	struct sip_msg *second = rig_request(&r, SIP_INVITE);
	assert_true(str_eqz(second->to->tag, "pt"));
	assert_true(str_eqz(second->body, "hold"));
	assert_int_equal(second->cseq.number, first->cseq.number + 1);
	assert_right(second, SIP_HDR_AUTHORIZATION, "pbx");
	rig_respond(&r, second, &(struct rig_resp){ .status = 200, .tag = "pt", .body = "held" });
	rig_request(&r, SIP_ACK);
	session_hangup(s, NULL);
	struct sip_msg *bye = rig_request(&r, SIP_BYE);
	rig_respond(&r, bye, &(struct rig_resp){ .status = 407, .tag = "pt", .headers = PROXY("m1") });
	struct sip_msg *bye2 = rig_request(&r, SIP_BYE);
	assert_right(bye2, SIP_HDR_PROXY_AUTHORIZATION, "edge");
	assert_right(bye2, SIP_HDR_AUTHORIZATION, "pbx");
	rig_status(&r, bye2, 200, NULL);
	rig_nothing(&r);
	assert_string_equal(rig_log(&r), "answered answer|reinvited 200 held|");
	obj_unref(s);
	rig_done(&r);
}

static void p12_a_call_given_up_is_not_tried_again(void **state)
{
	(void)state;
	struct rig r;
	rig_init(&r, "UDP");
	struct session *s = call(&r);
	struct sip_msg *invite = rig_request(&r, SIP_INVITE);
	session_hangup(s, NULL);
	rig_respond(&r, invite, &(struct rig_resp){ .status = 401, .tag = "p", .headers = WWW("n1") });
	rig_request(&r, SIP_ACK);
	rig_nothing(&r);
	obj_unref(s);
	rig_done(&r);
}

static bool find_account(void *arg, struct str user, struct sip_account *ret_account)
{
	(void)arg;
	if (!str_eqz(user, "trunk1"))
		return false;
	char hex[DIGEST_HEX_SIZE];
	digest_ha1(DIGEST_MD5, STR("trunk1"), STR("lingxi"), STR("secret"), hex);
	memcpy(ret_account->ha1_md5, hex, sizeof(ret_account->ha1_md5));
	digest_ha1(DIGEST_SHA256, STR("trunk1"), STR("lingxi"), STR("secret"), ret_account->ha1_sha256);
	snprintf(ret_account->aor, sizeof(ret_account->aor), "8001");
	return true;
}

static void init_with_accounts(struct rig *r)
{
	const struct stack_handlers handlers = { .find_account = find_account };
	struct stack_opts opts = { .handlers = &handlers };
	rig_init_with(r, "UDP", &opts);
	r->verdict = STACK_CHALLENGE;
}

/* Answers a 401 of ours like a client; extra: the rest of the headers. */
static void invite_with_credentials(struct rig *r, const struct sip_msg *challenge, const char *user,
	const char *password, const char *branch)
{
	struct digest_client client = { 0 };
	struct digest_credentials credentials = { str_from(user), str_from(password) };
	struct buf lines;
	char text[2000];
	static unsigned cseq = 1;
	size_t n = 0;
	assert_int_equal(digest_client_learn(&client, challenge), 0);
	buf_init(&lines, 2000);
	digest_client_add(&client, &credentials, STR("INVITE"), STR("sip:4008001234@192.0.2.9"), &lines);
	for (size_t i = 0; i < lines.n; i++)
		if (lines.p[i] != '\r')
			text[n++] = lines.p[i];
	text[n] = 0;
	buf_done(&lines);
	cseq++;
	rig_send(r,
		&(struct rig_req){ .method = "INVITE",
			.branch = branch,
			.cseq = cseq,
			.body = "offer",
			.headers = text });
}

static void p12_incoming_calls_are_challenged(void **state)
{
	(void)state;
	struct rig r;
	init_with_accounts(&r);
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	struct sip_msg *challenge = rig_response(&r, 401);
	assert_true(str_eqz(param(challenge, SIP_HDR_WWW_AUTHENTICATE, "realm"), "lingxi"));
	assert_string_equal(rig_log(&r), "");
	invite_with_credentials(&r, challenge, "trunk1", "wrong", "w");
	rig_response(&r, 401);
	invite_with_credentials(&r, challenge, "nobody", "secret", "x");
	rig_response(&r, 401);
	assert_string_equal(rig_log(&r), "");
	invite_with_credentials(&r, challenge, "trunk1", "secret", "y");
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|");
	assert_true(str_eqz(session_info(r.session)->auth_user, "trunk1"));
	rig_done(&r);
}

/* After ten wrong passwords not even the right one is looked at, until a slice of time has passed; another
 * user is not held up, nor is anybody longer than that. */
static void guessers_are_slowed(void **state)
{
	(void)state;
	struct rig r;
	char branch[16];
	init_with_accounts(&r);
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	struct sip_msg *challenge = rig_response(&r, 401);
	for (int i = 0; i < 10; i++) {
		snprintf(branch, sizeof(branch), "g%d", i);
		invite_with_credentials(&r, challenge, "trunk1", "wrong", branch);
		rig_response(&r, 401);
	}
	invite_with_credentials(&r, challenge, "trunk1", "wrong", "ga");
	rig_response(&r, 403);
	invite_with_credentials(&r, challenge, "trunk1", "secret", "gb");
	rig_response(&r, 403);
	invite_with_credentials(&r, challenge, "nobody", "secret", "gc");
	rig_response(&r, 401);
	assert_string_equal(rig_log(&r), "");
	rig_run(&r, 7 * CLOCK_S_US);
	rig_forget_sent(&r);
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .branch = "gd", .cseq = 90, .body = "offer" });
	challenge = rig_response(&r, 401);
	invite_with_credentials(&r, challenge, "trunk1", "secret", "ge");
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|");
	rig_done(&r);
}

/* A forged INVITE makes us send one message, not eleven, and holds nothing; nor does it take a call from
 * those who may. */
static void strangers_leave_no_trace(void **state)
{
	(void)state;
	struct rig r;
	struct stack_counts counts;
	const struct stack_handlers handlers = { .find_account = find_account };
	struct stack_opts opts = { .handlers = &handlers, .calls_per_s = 1 };
	char name[16];
	rig_init_with(&r, "UDP", &opts);
	r.verdict = STACK_CHALLENGE;
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		rig_send(&r, &(struct rig_req){ .method = "INVITE", .call_id = name, .branch = name });
		rig_response(&r, 401);
	}
	stack_counts(r.stack, &counts);
	assert_int_equal(counts.txns, 0);
	rig_run(&r, 40 * SEC);
	rig_nothing(&r);
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	invite_with_credentials(&r, rig_response(&r, 401), "trunk1", "secret", "y");
	assert_string_equal(rig_log(&r), "invite 4008001234 from 13800000000|");
	rig_done(&r);
}

static void p12_a_late_answer_to_a_challenge_is_stale(void **state)
{
	(void)state;
	struct rig r;
	init_with_accounts(&r);
	rig_send(&r, &(struct rig_req){ .method = "INVITE", .body = "offer" });
	struct sip_msg *challenge = rig_response(&r, 401);
	rig_send(&r, &(struct rig_req){ .method = "ACK" });
	rig_run(&r, 1000 * SEC);
	invite_with_credentials(&r, challenge, "trunk1", "secret", "y");
	assert_true(str_caseeqz(param(rig_response(&r, 401), SIP_HDR_WWW_AUTHENTICATE, "stale"), "true"));
	rig_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p12_401_and_407_together_and_nonce_counts),
		cmocka_unit_test(p12_a_stale_nonce_is_replaced),
		cmocka_unit_test(p12_a_wrong_password_is_tried_once),
		cmocka_unit_test(p12_a_challenged_reinvite_and_bye),
		cmocka_unit_test(p12_a_call_given_up_is_not_tried_again),
		cmocka_unit_test(p12_incoming_calls_are_challenged),
		cmocka_unit_test(guessers_are_slowed),
		cmocka_unit_test(strangers_leave_no_trace),
		cmocka_unit_test(p12_a_late_answer_to_a_challenge_is_stale),
	};
	return unit_run(tests);
}
