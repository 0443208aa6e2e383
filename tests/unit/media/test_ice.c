/* STUN against the samples of RFC 5769, and the answers of ICE-lite. */
#include "unit.h"

#include "base/mem.h"
#include "media/ice.h"

#include <string.h>

#define ID "\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
#define COOKIE "\x21\x12\xa4\x42"

static const uint8_t sample_request[] =
	"\x00\x01\x00\x58" COOKIE ID "\x80\x22\x00\x10STUN test client"
	"\x00\x24\x00\x04\x6e\x00\x01\xff"
	"\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36"
	"\x00\x06\x00\x09"
	"evtj:h6vY   "
	"\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3"
	"\xf2\x49\xc1\xb5\x71\xa2"
	"\x80\x28\x00\x04\xe5\x7a\x3b\xcf";
static const uint8_t sample_response[] =
	"\x01\x01\x00\x3c" COOKIE ID "\x80\x22\x00\x0btest vector "
	"\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43"
	"\x00\x08\x00\x14\x2b\x91\xf5\x99\xfd\x9e\x90\xc3\x8c\x74\x89\xf9\x2a\xf9"
	"\xba\x53\xf0\x6b\xe7\xd7"
	"\x80\x28\x00\x04\xc0\x7d\x4c\x96";
static const char sample_password[] = "VOkJxbRl1RmTxUk/WvJxBt";

static struct addr at(const char *ip, uint16_t port)
{
	struct addr a;

	assert_int_equal(addr_from_host(str_from(ip), port, &a), 0);
	return a;
}

static void test_samples(void **state)
{
	struct addr want = at("192.0.2.1", 32853);
	struct stun_msg msg;

	(void)state;
	assert_int_equal(stun_parse(sample_request, sizeof(sample_request) - 1, &msg), 0);
	assert_int_equal(msg.class, STUN_REQUEST);
	assert_int_equal(msg.method, STUN_BINDING);
	assert_true(str_eqz(msg.username, "evtj:h6vY"));
	assert_int_equal(msg.priority, 0x6e0001ff);
	assert_true(msg.controlled);
	assert_true(stun_is_authentic(&msg, sample_password));
	assert_false(stun_is_authentic(&msg, "VOkJxbRl1RmTxUk/WvJxBu"));
	assert_int_equal(stun_parse(sample_response, sizeof(sample_response) - 1, &msg), 0);
	assert_int_equal(msg.class, STUN_SUCCESS);
	assert_true(addr_eq(&msg.mapped, &want));
	assert_true(stun_is_authentic(&msg, sample_password));
}

static void test_malformed(void **state)
{
	uint8_t bytes[sizeof(sample_request)];
	struct stun_msg msg;

	(void)state;
	for (size_t n = 0; n < sizeof(sample_request) - 1; n++)
		assert_int_equal(stun_parse(sample_request, n, &msg), -E_SYNTAX);
	for (size_t i = 0; i < sizeof(sample_request) - 1; i++) {  /* one bit wrong: the check sum tells */
		if (i / 4 == (sizeof(sample_request) - 1) / 4 - 2) /* the check sum's own head */
			continue;
		memcpy(bytes, sample_request, sizeof(bytes));
		bytes[i] ^= 1;
		assert_int_equal(stun_parse(bytes, sizeof(bytes) - 1, &msg), -E_SYNTAX);
	}
}

static void test_ipv6_round_trip(void **state)
{
	struct addr want = at("2001:db8::17", 4711);
	uint8_t bytes[STUN_SIZE_MAX];
	struct stun_out o;
	struct stun_msg msg;
	size_t n;

	(void)state;
	stun_begin(&o, bytes, STUN_SUCCESS, (const uint8_t *)ID);
	stun_add_mapped(&o, &want);
	n = stun_end(&o, "secret");
	assert_int_equal(stun_parse(bytes, n, &msg), 0);
	assert_true(addr_eq(&msg.mapped, &want));
	assert_true(stun_is_authentic(&msg, "secret"));
	stun_begin(&o, bytes, STUN_REQUEST, (const uint8_t *)ID);
	for (int i = 0; i < 20; i++)
		stun_add(&o, STUN_USERNAME, sample_request, 100);
	assert_int_equal(stun_end(&o, "secret"), 0);
}

struct ask {
	const char *username, *password;
	bool nominate, controlled, unknown, no_integrity;
};

static size_t build(uint8_t *bytes, const struct ask *ask)
{
	static const uint8_t tie[8] = { 1 };
	struct stun_out o;

	stun_begin(&o, bytes, STUN_REQUEST, (const uint8_t *)ID);
	if (ask->username)
		stun_add(&o, STUN_USERNAME, ask->username, strlen(ask->username));
	stun_add_u32(&o, STUN_PRIORITY, 1000);
	stun_add(&o, ask->controlled ? STUN_CONTROLLED : STUN_CONTROLLING, tie, sizeof(tie));
	if (ask->unknown)
		stun_add(&o, (enum stun_attr)0x0777, "x", 1);
	if (ask->nominate)
		stun_add(&o, STUN_USE_CANDIDATE, NULL, 0);
	return stun_end(&o, ask->no_integrity ? NULL : ask->password);
}

/* The code of the error answered, 0 for success, 1 for no answer. */
static int answer(
	struct ice *ice, const struct ask *ask, const struct addr *from, int64_t now_us, bool *ret_selected)
{
	uint8_t bytes[STUN_SIZE_MAX];
	size_t n = build(bytes, ask);
	struct ice_reply reply;
	struct stun_msg msg;

	*ret_selected = ice_take(ice, (struct str){ (const char *)bytes, n }, from, now_us, &reply);
	if (!reply.n)
		return 1;
	assert_int_equal(stun_parse(reply.bytes, reply.n, &msg), 0);
	assert_memory_equal(msg.id, ID, 12);
	if (msg.class == STUN_SUCCESS) {
		assert_true(addr_eq(&msg.mapped, from));
		assert_true(stun_is_authentic(&msg, ask->password));
	}
	return msg.class == STUN_SUCCESS ? 0 : msg.error;
}

static void test_checks(void **state)
{
	static const struct {
		struct ask ask;
		int answer;
		bool selects;
	} cases[] = {
		{ { "ours:theirs", "password", .no_integrity = true }, 400, false },
		{ { NULL, "password", .nominate = true }, 400, false },
		{ { "other:theirs", "password", .nominate = true }, 401, false },
		{ { "ours:theirs", "passwort", .nominate = true }, 401, false },
		{ { "ours:theirs", "password", .nominate = true, .unknown = true }, 420, false },
		{ { "ours:theirs", "password", .nominate = true, .controlled = true }, 487, false },
		{ { "ours:theirs", "password", .nominate = false }, 0, false },
		{ { "ours:whoever", "password", .nominate = true }, 0, true },
	};
	struct ice_secret secret = { "ours", "password" };
	struct addr from = at("192.0.2.77", 5000);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ice ice;
		bool selected;
		int got;

		ice_init(&ice, &secret);
		got = answer(&ice, &cases[i].ask, &from, 0, &selected);
		if (got != cases[i].answer || selected != cases[i].selects || ice_knows(&ice, &from) != !got)
			fail_msg("case %zu: %d", i, got);
	}
}

static void test_nomination_consent_restart(void **state)
{
	struct ice_secret secret = { "ours", "password" }, fresh = { "new", "newpass" };
	struct ask old_ask = { "ours:x", "password", .nominate = true };
	struct ask new_ask = { "new:x", "newpass", .nominate = true };
	struct addr home = at("192.0.2.77", 5000), mobile = at("198.51.100.2", 6000);
	struct ice ice;
	bool selected;

	(void)state;
	ice_init(&ice, &secret);
	assert_false(ice_has_consent(&ice, 0));
	answer(&ice, &old_ask, &home, 0, &selected);
	assert_true(selected);
	answer(&ice, &old_ask, &home, 10 * 1000000, &selected);
	assert_false(selected);
	assert_true(ice_has_consent(&ice, 39 * 1000000));
	assert_false(ice_has_consent(&ice, 41 * 1000000));
	answer(&ice, &old_ask, &mobile, 41 * 1000000, &selected); /* another network */
	assert_true(selected && addr_eq(&ice.selected, &mobile));
	ice_restart(&ice, &fresh);
	assert_int_equal(answer(&ice, &old_ask, &mobile, 42 * 1000000, &selected), 0);
	assert_int_equal(answer(&ice, &new_ask, &home, 43 * 1000000, &selected), 0);
	assert_true(selected);
	assert_int_equal(answer(&ice, &old_ask, &mobile, 44 * 1000000, &selected), 401);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_ipv6_round_trip),
		cmocka_unit_test(test_checks),
		cmocka_unit_test(test_nomination_consent_restart),
	};

	return unit_run(tests);
}
