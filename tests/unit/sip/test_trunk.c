/* Trunks: whose call it is by its source, how a number goes out, OPTIONS, wrong settings. */
#include "rig.h"
#include "sip/trunk.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static void on_trunk_state(void *arg, int64_t id, bool up)
{
	char *log = arg;
	size_t n = strlen(log);
	snprintf(log + n, 200 - n, "%lld %s|", (long long)id, up ? "up" : "down");
}

static const struct trunks_handlers handlers = { .on_trunk_state = on_trunk_state };

static int64_t match(const struct trunks *ts, const char *from)
{
	struct addr a;
	assert_int_equal(addr_from_string(str_from(from), &a), 0);
	return trunks_match(ts, &a);
}

static void the_longest_prefix_wins(void **state)
{
	(void)state;
	struct rig r;
	struct fault fault;
	const char *wide[] = { "10.0.0.0/8", "127.0.0.0/8" };
	const char *narrow[] = { "10.1.0.0/16", "2001:db8::/32", "192.0.2.7" };
	rig_init(&r, "UDP");
	struct trunks *ts = trunks_new(r.stack, NULL, NULL);
	assert_int_equal(
		trunks_set(ts, &(struct trunk_opts){ .id = 1, .sources = wide, .n_sources = 2 }, &fault), 0);
	assert_int_equal(
		trunks_set(ts, &(struct trunk_opts){ .id = 2, .sources = narrow, .n_sources = 3 }, &fault),
		0);
	assert_int_equal(match(ts, "10.2.3.4:5060"), 1);
	assert_int_equal(match(ts, "10.1.3.4:9999"), 2);
	assert_int_equal(match(ts, "127.0.0.1:5062"), 1);
	assert_int_equal(match(ts, "192.0.2.7:5060"), 2);
	assert_int_equal(match(ts, "192.0.2.8:5060"), 0);
	assert_int_equal(match(ts, "[2001:db8::5]:5060"), 2);
	trunks_remove(ts, 2);
	assert_int_equal(match(ts, "10.1.3.4:9999"), 1);
	trunks_free(ts);
	rig_done(&r);
}

static void a_number_goes_to_the_proxy_with_its_credentials(void **state)
{
	(void)state;
	struct rig r;
	struct session *s = NULL;
	rig_init(&r, "UDP");
	struct trunks *ts = trunks_new(r.stack, NULL, NULL);
	struct trunk_opts opts = {
		.id = 7,
		.proxy = "192.0.2.1:5060",
		.transport = "udp",
		.auth_user = "line7",
		.password = "pw",
		.caller_id = "4008001234",
	};
	assert_int_equal(trunks_set(ts, &opts, NULL), 0);
	struct session_invite_opts invite = {
		.sdp = STR("offer"), .handlers = &r.session_handlers, .arg = &r
	};
	assert_int_equal(trunks_invite(ts, 7, STR("013800#0"), &invite, &s), 0);
	struct sip_msg *msg = rig_request(&r, SIP_INVITE);
	assert_true(str_eqz(msg->uri.raw, "sip:013800%230@192.0.2.1"));
	assert_true(str_eqz(msg->from->uri.raw, "sip:4008001234@192.0.2.1"));
	rig_respond(&r, msg,
		&(struct rig_resp){ .status = 407,
			.tag = "p",
			.headers = "Proxy-Authenticate: Digest realm=\"x\", nonce=\"y\", qop=\"auth\"\n" });
	rig_request(&r, SIP_ACK);
	assert_non_null(sip_msg_header(rig_request(&r, SIP_INVITE), SIP_HDR_PROXY_AUTHORIZATION, 0));
	obj_unref(s);
	assert_int_equal(trunks_invite(ts, 8, STR("1"), &invite, &s), -E_NOT_FOUND);
	opts = (struct trunk_opts){ .id = 9 };
	assert_int_equal(trunks_set(ts, &opts, NULL), 0);
	assert_int_equal(trunks_invite(ts, 9, STR("1"), &invite, &s), -E_UNREACHABLE);
	trunks_free(ts);
	rig_done(&r);
}

static void options_tell_whether_the_proxy_lives(void **state)
{
	(void)state;
	struct rig r;
	char log[200] = "";
	rig_init(&r, "UDP");
	struct trunks *ts = trunks_new(r.stack, &handlers, log);
	struct trunk_opts opts = { .id = 7, .proxy = "192.0.2.1", .ping_ms = 60000 };
	assert_int_equal(trunks_set(ts, &opts, NULL), 0);
	rig_run(&r, SEC / 4);
	struct sip_msg *ping = rig_request(&r, SIP_OPTIONS);
	assert_true(str_eqz(ping->uri.raw, "sip:192.0.2.1"));
	rig_status(&r, ping, 405, "x");
	assert_true(trunks_is_up(ts, 7));
	rig_run(&r, 100 * SEC);
	assert_false(trunks_is_up(ts, 7));
	assert_string_equal(log, "7 down|");
	rig_forget_sent(&r);
	rig_run(&r, 25 * SEC);
	rig_status(&r, rig_request(&r, SIP_OPTIONS), 200, "x");
	assert_string_equal(log, "7 down|7 up|");
	/* Changed in mid-ping: the old one's answer means nothing. */
	opts.ping_ms = 0;
	assert_int_equal(trunks_set(ts, &opts, NULL), 0);
	rig_forget_sent(&r);
	rig_run(&r, 200 * SEC);
	rig_nothing(&r);
	trunks_free(ts);
	rig_done(&r);
}

static void wrong_settings_are_named_and_change_nothing(void **state)
{
	(void)state;
	static const char *const bad_source[] = { "10.0.0.0/8", "ten" };
	static const char *const good_source[] = { "10.0.0.0/8" };
	const struct {
		struct trunk_opts opts;
		const char *field;
	} cases[] = {
		{ { .id = 1, .sources = bad_source, .n_sources = 2 }, "sources" },
		{ { .id = 1, .proxy = "x y" }, "proxy" },
		{ { .id = 1, .proxy = "user@192.0.2.1" }, "proxy" },
		{ { .id = 1, .proxy = "192.0.2.1:99999" }, "proxy" },
		{ { .id = 1, .proxy = "192.0.2.1", .transport = "pigeon" }, "transport" },
	};
	struct rig r;
	struct fault fault;
	rig_init(&r, "UDP");
	struct trunks *ts = trunks_new(r.stack, NULL, NULL);
	assert_int_equal(
		trunks_set(ts, &(struct trunk_opts){ .id = 1, .sources = good_source, .n_sources = 1 }, NULL),
		0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(trunks_set(ts, &cases[i].opts, &fault), -E_INVALID);
		assert_string_equal(fault.field, cases[i].field);
		assert_int_equal(match(ts, "10.1.1.1:1"), 1);
	}
	trunks_free(ts);
	rig_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_prefix_wins),
		cmocka_unit_test(a_number_goes_to_the_proxy_with_its_credentials),
		cmocka_unit_test(options_tell_whether_the_proxy_lives),
		cmocka_unit_test(wrong_settings_are_named_and_change_nothing),
	};
	return unit_run(tests);
}
