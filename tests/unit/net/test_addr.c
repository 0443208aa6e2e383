/* Addresses as text and back, their order, and networks. */
#include "unit.h"
#include "net/addr.h"

#include <string.h>

static void text_round_trips(void **state)
{
	static const char *const texts[] = { "1.2.3.4:5060", "[::1]:5060", "0.0.0.0:0", "[2001:db8::a]:65535",
		"255.255.255.255:1", "[::]:80" };
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct addr a;
		char text[ADDR_STRLEN];
		assert_int_equal(addr_from_string(str_from(texts[i]), &a), 0);
		assert_string_equal(addr_to_string(&a, text), texts[i]);
	}
}

static void wrong_text_is_refused(void **state)
{
	static const char *const texts[] = { "", ":", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3:5",
		"::1:5060", "[::1]", "[::1", "[::1]5060", "host:5060", "[1.2.3.4]:5", "1.2.3.4:+5",
		" 1.2.3.4:5", "[fe80::1%lo]:5" };
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct addr a;
		if (!addr_from_string(str_from(texts[i]), &a))
			fail_msg("accepted: %s", texts[i]);
	}
}

static struct addr addr_of(const char *text)
{
	struct addr a = { 0 };
	assert_int_equal(addr_from_string(str_from(text), &a), 0);
	return a;
}

static void addresses_compare(void **state)
{
	(void)state;
	struct addr a = addr_of("10.0.0.1:5060"), b = addr_of("10.0.0.1:5061"), c = addr_of("[::1]:5060");
	assert_true(addr_eq(&a, &a));
	assert_false(addr_eq(&a, &b));
	assert_true(addr_eq_host(&a, &b));
	assert_false(addr_eq_host(&a, &c));
	assert_true(addr_cmp(&a, &b) < 0 && addr_cmp(&b, &a) > 0);
	assert_int_not_equal(addr_hash(&a), addr_hash(&b));
	assert_true(addr_is_loopback(&c) && !addr_is_loopback(&a));
	struct addr local = addr_of("127.9.9.9:1"), any = addr_of("0.0.0.0:1"), any6 = addr_of("[::]:1");
	assert_true(addr_is_loopback(&local) && addr_is_any(&any) && addr_is_any(&any6) && !addr_is_any(&c));
}

static void mapped_addresses_become_v4(void **state)
{
	(void)state;
	struct addr mapped = addr_of("[::ffff:10.1.2.3]:7"), plain = addr_of("10.1.2.3:7"), a;
	addr_from_sockaddr(&mapped.sa, &a);
	assert_true(addr_eq(&a, &plain));
}

static void networks_contain(void **state)
{
	static const struct {
		const char *net, *host;
		bool in;
	} cases[] = {
		{ "10.0.0.0/8", "10.255.0.1", true },
		{ "10.0.0.0/8", "11.0.0.1", false },
		{ "192.168.1.128/25", "192.168.1.127", false },
		{ "192.168.1.128/25", "192.168.1.200", true },
		{ "0.0.0.0/0", "8.8.8.8", true },
		{ "0.0.0.0/0", "::1", false },
		{ "192.0.2.7", "192.0.2.7", true },
		{ "192.0.2.7", "192.0.2.6", false },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "::1", "::1", true },
	};
	struct cidr c;
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct addr a;
		assert_int_equal(cidr_from_string(str_from(cases[i].net), &c), 0);
		assert_int_equal(addr_from_host(str_from(cases[i].host), 9, &a), 0);
		assert_int_equal(cidr_has(&c, &a), cases[i].in);
	}
	assert_int_equal(cidr_from_string(STR("10.0.0.0/33"), &c), -E_SYNTAX);
	assert_int_equal(cidr_from_string(STR("10.0.0.0/"), &c), -E_SYNTAX);
	assert_int_equal(cidr_from_string(STR("net/8"), &c), -E_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_round_trips),
		cmocka_unit_test(wrong_text_is_refused),
		cmocka_unit_test(addresses_compare),
		cmocka_unit_test(mapped_addresses_become_v4),
		cmocka_unit_test(networks_contain),
	};
	return unit_run(tests);
}
