/* Point (15): bindings by CSeq order, `*`, 423, instance and reg-id, expiry, the death of a flow. */
#include "rig.h"
#include "sip/digest.h"
#include "sip/registrar.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define INSTANCE(x) ";+sip.instance=\"<urn:uuid:" x ">\";reg-id=1"

struct desk {
	struct rig r;
	struct registrar *registrar;
	struct digest_client digest;
	char log[1000];
	unsigned cseq, branch;
	unsigned kept; /* how often; the last one, with strings that live as long as its binding */
	struct binding_info last;
};

static bool find_account(void *arg, struct str user, struct sip_account *ret_account)
{
	char hex[DIGEST_HEX_SIZE];
	(void)arg;
	if (!str_eqz(user, "agent1"))
		return false;
	digest_ha1(DIGEST_MD5, STR("agent1"), STR("lingxi"), STR("secret"), hex);
	memcpy(ret_account->ha1_md5, hex, sizeof(ret_account->ha1_md5));
	digest_ha1(DIGEST_SHA256, STR("agent1"), STR("lingxi"), STR("secret"), ret_account->ha1_sha256);
	snprintf(ret_account->aor, sizeof(ret_account->aor), "8001");
	return true;
}

static void note(void *arg, char sign, const struct binding_info *b)
{
	struct desk *d = arg;
	size_t n = strlen(d->log);
	snprintf(d->log + n, sizeof(d->log) - n, "%c" STR_FMT " " STR_FMT "|", sign, STR_ARG(b->aor),
		STR_ARG(b->contact));
}

static void on_registered(void *arg, const struct binding_info *b)
{
	note(arg, '+', b);
}

static void on_unregistered(void *arg, const struct binding_info *b)
{
	note(arg, '-', b);
}

static void on_keep(void *arg, const struct binding_info *b)
{
	struct desk *d = arg;
	d->kept++;
	d->last = *b;
}

static void desk_init(struct desk *d, const char *transport)
{
	static const struct registrar_handlers handlers = {
		.on_registered = on_registered, .on_unregistered = on_unregistered, .on_keep = on_keep
	};
	const struct stack_handlers accounts = { .find_account = find_account };
	struct stack_opts opts = { .handlers = &accounts };
	memset(d, 0, sizeof(*d));
	rig_init_with(&d->r, transport, &opts);
	struct registrar_opts registrar = { .handlers = &handlers, .arg = d };
	d->registrar = registrar_new(d->r.stack, &registrar);
}

static void desk_done(struct desk *d)
{
	registrar_free(d->registrar);
	rig_done(&d->r);
}

/* REGISTER with credentials; contacts: lines. Returns the answer. */
static struct sip_msg *reg_as(struct desk *d, struct sip_flow *flow, const char *to, const char *lines)
{
	char text[3000], branch[32];
	struct digest_credentials credentials = { STR("agent1"), STR("secret") };
	struct buf auth;
	for (int i = 0; i < 2; i++) {
		buf_init(&auth, 2000);
		digest_client_add(&d->digest, &credentials, STR("REGISTER"), STR("sip:lingxi.test"), &auth);
		if (auth.n)
			auth.p[auth.n - 2] = '\0';
		snprintf(text, sizeof(text), "%s%s%s", lines, auth.n ? auth.p : "", auth.n ? "\n" : "");
		buf_done(&auth);
		snprintf(branch, sizeof(branch), "r%u", ++d->branch);
		d->cseq++;
		rig_send(&d->r,
			&(struct rig_req){ .method = "REGISTER",
				.uri = "sip:lingxi.test",
				.to = to,
				.call_id = "reg",
				.branch = branch,
				.cseq = d->cseq,
				.headers = text,
				.flow = flow });
		struct sip_msg *answer = rig_next(&d->r);
		assert_non_null(answer);
		if (answer->status != 401)
			return answer;
		assert_int_equal(digest_client_learn(&d->digest, answer), 0);
	}
	fail_msg("challenged twice");
	return NULL;
}

static struct sip_msg *reg(struct desk *d, const char *lines, int status)
{
	struct sip_msg *answer = reg_as(d, NULL, "sip:8001@lingxi.test", lines);
	assert_int_equal(answer->status, status);
	return answer;
}

static void assert_log(struct desk *d, const char *log)
{
	assert_string_equal(d->log, log);
	d->log[0] = 0;
}

static size_t lookup(struct desk *d, struct binding_info *ret_bindings)
{
	return registrar_lookup(d->registrar, STR("8001"), ret_bindings, 8);
}

static void p15_register_refresh_expire(void **state)
{
	(void)state;
	struct desk d;
	struct binding_info b[8];
	desk_init(&d, "UDP");
	struct sip_msg *ok =
		reg(&d, "Contact: <sip:8001@10.0.0.5:5060>\nExpires: 60\nUser-Agent: Phone 1\n", 200);
	rig_assert_header(ok, "Contact", "<sip:8001@10.0.0.5:5060>;expires=60");
	assert_int_equal(lookup(&d, b), 1);
	assert_true(str_eqz(b[0].contact, "sip:8001@10.0.0.5:5060"));
	assert_true(str_eqz(b[0].user_agent, "Phone 1"));
	assert_ptr_equal(b[0].flow, d.r.flow);
	rig_run(&d.r, 40 * SEC);
	reg(&d, "Contact: <sip:8001@10.0.0.5:5060>;expires=60\n", 200);
	rig_run(&d.r, 40 * SEC);
	/* A question without Contact changes nothing. */
	rig_assert_header(reg(&d, "", 200), "Contact", "<sip:8001@10.0.0.5:5060>;expires=20");
	assert_log(&d, "+8001 sip:8001@10.0.0.5:5060|");
	rig_run(&d.r, 21 * SEC);
	assert_log(&d, "-8001 sip:8001@10.0.0.5:5060|");
	assert_int_equal(lookup(&d, b), 0);
	assert_int_equal(registrar_count(d.registrar), 0);
	desk_done(&d);
}

static void p15_cseq_must_rise(void **state)
{
	(void)state;
	struct desk d;
	desk_init(&d, "UDP");
	reg(&d, "Contact: <sip:8001@10.0.0.5>\n", 200);
	unsigned last = d.cseq;
	rig_run(&d.r, 33 * SEC);
	d.cseq = 0;
	reg(&d, "Contact: <sip:8001@10.0.0.5>;expires=0\n", 500);
	assert_int_equal(registrar_count(d.registrar), 1);
	d.cseq = last;
	reg(&d, "Contact: <sip:8001@10.0.0.5>;expires=0\n", 200);
	assert_log(&d, "+8001 sip:8001@10.0.0.5|-8001 sip:8001@10.0.0.5|");
	desk_done(&d);
}

static void p15_star_needs_expires_0(void **state)
{
	(void)state;
	struct desk d;
	desk_init(&d, "UDP");
	reg(&d, "Contact: <sip:8001@10.0.0.5>, <sip:8001@10.0.0.6>\n", 200);
	assert_int_equal(registrar_count(d.registrar), 2);
	reg(&d, "Contact: *\n", 400);
	reg(&d, "Contact: *\nExpires: 60\n", 400);
	unsigned last = d.cseq;
	rig_run(&d.r, 33 * SEC);
	d.cseq = 0;
	reg(&d, "Contact: *\nExpires: 0\n", 500);
	d.cseq = last;
	assert_int_equal(registrar_count(d.registrar), 2);
	struct sip_msg *ok = reg(&d, "Contact: *\nExpires: 0\n", 200);
	assert_null(ok->contact);
	assert_int_equal(registrar_count(d.registrar), 0);
	desk_done(&d);
}

static void p15_too_short_gets_423_too_long_is_cut(void **state)
{
	(void)state;
	struct desk d;
	desk_init(&d, "UDP");
	rig_assert_header(reg(&d, "Contact: <sip:8001@10.0.0.5>;expires=5\n", 423), "Min-Expires", "30");
	/* One too short contact refuses all. */
	reg(&d, "Contact: <sip:8001@10.0.0.4>;expires=300, <sip:8001@10.0.0.5>;expires=5\n", 423);
	assert_int_equal(registrar_count(d.registrar), 0);
	rig_assert_header(reg(&d, "Contact: <sip:8001@10.0.0.5>;expires=999999\n", 200), "Contact",
		"<sip:8001@10.0.0.5>;expires=3600");
	rig_assert_header(
		reg(&d, "Contact: <sip:8001@10.0.0.5>\n", 200), "Contact", "<sip:8001@10.0.0.5>;expires=600");
	desk_done(&d);
}

static void p15_instance_and_reg_id_replace(void **state)
{
	(void)state;
	struct desk d;
	struct binding_info b[8];
	desk_init(&d, "WS");
	struct sip_flow *again = rig_flow(&d.r, "WS", "192.0.2.60:40000");
	struct sip_msg *ok = reg(&d,
		"Contact: <sip:a@x1.invalid;transport=ws>" INSTANCE("one") "\nSupported: outbound\n", 200);
	rig_assert_header(ok, "Require", "outbound");
	rig_assert_header(ok, "Contact",
		"<sip:a@x1.invalid;transport=ws>;expires=600;+sip.instance=\"<urn:uuid:one>\";reg-id=1");
	/* The page was loaded again: other connection, other URI, same instance. */
	ok = reg_as(&d, again, "sip:8001@lingxi.test",
		"Contact: <sip:b@x2.invalid;transport=ws>" INSTANCE("one") "\nSupported: outbound\n");
	assert_int_equal(ok->status, 200);
	assert_log(&d,
		"+8001 sip:a@x1.invalid;transport=ws|+8001 sip:b@x2.invalid;transport=ws|"
		"-8001 sip:a@x1.invalid;transport=ws|");
	assert_int_equal(lookup(&d, b), 1);
	assert_true(str_eqz(b[0].instance, "urn:uuid:one"));
	assert_ptr_equal(b[0].flow, again);
	/* Another instance stands beside it, newest first. */
	reg(&d, "Contact: <sip:c@x3.invalid;transport=ws>" INSTANCE("two") "\n", 200);
	assert_int_equal(lookup(&d, b), 2);
	assert_true(str_eqz(b[0].instance, "urn:uuid:two"));
	obj_unref(again);
	desk_done(&d);
}

static void p15_a_binding_dies_with_its_flow(void **state)
{
	(void)state;
	struct desk d;
	desk_init(&d, "WS");
	reg(&d, "Contact: <sip:a@x1.invalid;transport=ws>" INSTANCE("one") "\n", 200);
	flow_down(d.r.flow);
	assert_log(&d, "+8001 sip:a@x1.invalid;transport=ws|-8001 sip:a@x1.invalid;transport=ws|");
	assert_int_equal(registrar_count(d.registrar), 0);
	desk_done(&d);
}

static void p15_only_the_own_address_can_be_registered(void **state)
{
	(void)state;
	struct desk d;
	desk_init(&d, "UDP");
	assert_int_equal(
		reg_as(&d, NULL, "sip:8002@lingxi.test", "Contact: <sip:8002@10.0.0.5>\n")->status, 403);
	reg(&d, "Contact: <tel:+8613800000000>\n", 400);
	assert_int_equal(registrar_count(d.registrar), 0);
	desk_done(&d);
}

static void registrations_are_refused_while_draining(void **state)
{
	(void)state;
	struct desk d;
	desk_init(&d, "UDP");
	stack_drain(d.r.stack, true);
	rig_assert_header(reg(&d, "Contact: <sip:8001@10.0.0.5>\n", 503), "Retry-After", "5");
	assert_int_equal(registrar_count(d.registrar), 0);
	desk_done(&d);
}

static void p15_more_phones_than_allowed_push_out_the_oldest(void **state)
{
	(void)state;
	struct desk d;
	struct binding_info b[8];
	char line[100];
	desk_init(&d, "UDP");
	for (int i = 0; i < 7; i++) {
		snprintf(line, sizeof(line), "Contact: <sip:8001@10.0.0.%d>\n", i);
		reg(&d, line, 200);
	}
	assert_int_equal(lookup(&d, b), 5);
	assert_true(str_eqz(b[0].contact, "sip:8001@10.0.0.6"));
	assert_true(str_eqz(b[4].contact, "sip:8001@10.0.0.2"));
	registrar_forget(d.registrar, STR("8001"));
	assert_int_equal(registrar_count(d.registrar), 0);
	desk_done(&d);
}

static void only_what_outlives_the_process_is_kept(void **state)
{
	(void)state;
	struct desk d;
	desk_init(&d, "UDP");
	reg(&d, "Contact: <sip:8001@10.0.0.5>\n", 200);
	int64_t id = d.last.id;
	assert_int_equal(d.kept, 1);
	reg(&d, "Contact: <sip:8001@10.0.0.5>\n", 200);
	assert_int_equal(d.kept, 2);
	assert_int_equal(d.last.id, id);
	assert_int_equal(d.last.cseq, d.cseq);
	reg(&d, "Contact: <sip:8001@10.0.0.6>\n", 200);
	assert_int_equal(d.kept, 3);
	assert_int_not_equal(d.last.id, id);
	desk_done(&d);
	desk_init(&d, "WS");
	reg(&d, "Contact: <sip:a@x1.invalid;transport=ws>" INSTANCE("one") "\n", 200);
	assert_int_equal(d.kept, 0);
	desk_done(&d);
}

static struct binding_info kept_binding(struct desk *d, int64_t left_us)
{
	struct binding_info b = {
		.aor = STR("8001"),
		.contact = STR("sip:8001@10.0.0.5"),
		.user_agent = STR("Phone 1"),
		.id = 41,
		.call_id = STR("reg"),
		.cseq = 7,
		.expires_us = d->r.timers.now_us + left_us,
	};
	assert_int_equal(addr_from_string(STR("192.0.2.9:5060"), &b.local), 0);
	assert_int_equal(addr_from_string(STR("192.0.2.7:5062"), &b.peer), 0);
	return b;
}

static void a_kept_binding_comes_back_for_the_rest_of_its_time(void **state)
{
	(void)state;
	struct desk d;
	struct binding_info b[8];
	desk_init(&d, "UDP");
	struct binding_info kept = kept_binding(&d, 50 * SEC);
	assert_int_equal(registrar_restore(d.registrar, &kept), 0);
	assert_log(&d, "+8001 sip:8001@10.0.0.5|");
	assert_int_equal(lookup(&d, b), 1);
	assert_true(str_eqz(b[0].user_agent, "Phone 1"));
	assert_true(addr_eq(&b[0].flow->peer, &kept.peer));
	/* Its order of REGISTERs goes on: an old one changes nothing. */
	d.cseq = 4;
	reg(&d, "Contact: <sip:8001@10.0.0.5>;expires=0\n", 500);
	rig_run(&d.r, 20 * SEC);
	d.cseq = 20;
	rig_assert_header(reg(&d, "", 200), "Contact", "<sip:8001@10.0.0.5>;expires=30");
	rig_run(&d.r, 31 * SEC);
	assert_log(&d, "-8001 sip:8001@10.0.0.5|");
	/* No new one gets an id that may stand in the file. */
	reg(&d, "Contact: <sip:8001@10.0.0.6>\n", 200);
	assert_int_equal(d.last.id, 42);
	desk_done(&d);
}

static void what_is_over_or_was_made_elsewhere_does_not_come_back(void **state)
{
	(void)state;
	struct desk d;
	struct binding_info b[8];
	desk_init(&d, "UDP");
	struct binding_info kept = kept_binding(&d, 0);
	assert_int_equal(registrar_restore(d.registrar, &kept), -E_TIMEOUT);
	kept = kept_binding(&d, 50 * SEC);
	addr_set_port(&kept.local, 5099);
	assert_int_equal(registrar_restore(d.registrar, &kept), -E_UNREACHABLE);
	assert_int_equal(registrar_count(d.registrar), 0);
	/* A clock that was set back makes nobody live for ever. */
	kept = kept_binding(&d, 90000 * SEC);
	assert_int_equal(registrar_restore(d.registrar, &kept), 0);
	assert_int_equal(lookup(&d, b), 1);
	assert_int_equal(b[0].expires_us, d.r.timers.now_us + 3600 * SEC);
	desk_done(&d);
}

static void a_call_goes_over_the_flow_of_the_binding(void **state)
{
	(void)state;
	struct desk d;
	struct binding_info b[8];
	struct session *s = NULL;
	desk_init(&d, "WS");
	reg(&d, "Contact: <sip:a@x1.invalid;transport=ws>" INSTANCE("one") "\n", 200);
	assert_int_equal(lookup(&d, b), 1);
	struct sip_flow *flow = obj_ref(b[0].flow);
	struct session_invite_opts opts = {
		.flow = flow,
		.target = STR("sip:a@x1.invalid;transport=ws"),
		.from = STR("sip:13800000000@lingxi.test"),
		.to = STR("sip:8001@lingxi.test"),
		.sdp = STR("offer"),
		.handlers = &d.r.session_handlers,
		.arg = &d.r,
	};
	assert_int_equal(session_invite(d.r.stack, &opts, &s), 0);
	struct sip_msg *invite = rig_request(&d.r, SIP_INVITE);
	assert_ptr_equal(rig_last(&d.r)->flow, d.r.flow);
	assert_true(str_eqz(invite->uri.raw, "sip:a@x1.invalid;transport=ws"));
	assert_true(str_eqz(invite->via->transport, "WS"));
	rig_respond(&d.r, invite,
		&(struct rig_resp){ .status = 200,
			.tag = "pt",
			.body = "answer",
			.contact = "sip:a@x1.invalid;transport=ws" });
	rig_request(&d.r, SIP_ACK);
	assert_ptr_equal(rig_last(&d.r)->flow, d.r.flow);
	/* The browser goes: nothing is sent into the dead flow, and to nobody else. */
	flow_down(d.r.flow);
	assert_string_equal(rig_log(&d.r), "answered answer|flow_lost|");
	session_hangup(s, NULL);
	assert_int_equal(session_invite(d.r.stack, &opts, &s), -E_UNREACHABLE);
	rig_nothing(&d.r);
	obj_unref(s);
	obj_unref(flow);
	desk_done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p15_register_refresh_expire),
		cmocka_unit_test(p15_cseq_must_rise),
		cmocka_unit_test(p15_star_needs_expires_0),
		cmocka_unit_test(p15_too_short_gets_423_too_long_is_cut),
		cmocka_unit_test(p15_instance_and_reg_id_replace),
		cmocka_unit_test(p15_a_binding_dies_with_its_flow),
		cmocka_unit_test(p15_only_the_own_address_can_be_registered),
		cmocka_unit_test(registrations_are_refused_while_draining),
		cmocka_unit_test(p15_more_phones_than_allowed_push_out_the_oldest),
		cmocka_unit_test(only_what_outlives_the_process_is_kept),
		cmocka_unit_test(a_kept_binding_comes_back_for_the_rest_of_its_time),
		cmocka_unit_test(what_is_over_or_was_made_elsewhere_does_not_come_back),
		cmocka_unit_test(a_call_goes_over_the_flow_of_the_binding),
	};
	return unit_run(tests);
}
