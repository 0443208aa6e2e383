/* Any text as the value of the authentication headers: to our server as credentials, to our client as a
 * challenge. What the client then sends must parse. */
#include "sip/digest.h"
#include "sip/field.h"

#include <assert.h>

static int lookup(void *arg, struct str user, enum digest_algorithm algorithm, char ret_hex[DIGEST_HEX_SIZE])
{
	(void)arg;
	digest_ha1(algorithm, user, STR("r"), STR("p"), ret_hex);
	return 0;
}

static struct sip_msg *message(const char *first_line, const char *header, struct str value)
{
	struct sip_msg *m;
	struct buf text;
	buf_init(&text, 2 * SIP_MSG_MAX);
	buf_addz(&text, first_line);
	buf_addz(&text,
		"\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\n"
		"CSeq: 1 BYE\r\n");
	buf_addz(&text, header);
	buf_addz(&text, ": ");
	buf_adds(&text, value);
	buf_addz(&text, "\r\n\r\n");
	if (sip_msg_parse(buf_str(&text), SIP_DATAGRAM, &m))
		m = obj_unref(m);
	buf_done(&text);
	return m;
}

static void to_server(struct digest_server *s, struct str value)
{
	struct sip_msg *m = message("BYE sip:b SIP/2.0", "Authorization", value);
	struct str user;
	bool stale;
	if (m) {
		int err = digest_server_check(
			s, &(struct digest_check){ .lookup = lookup, .now_us = 1 }, m, &user, &stale);
		assert(err);
	}
	obj_unref(m);
}

static void to_client(struct str value)
{
	static const struct digest_credentials bob = { { "b\"ob", 4 }, { "p", 1 } };
	struct sip_msg *m = message("SIP/2.0 401 x", "WWW-Authenticate", value);
	struct digest_client c = { 0 };
	struct buf out;
	buf_init(&out, 65536);
	if (m && !digest_client_learn(&c, m)) {
		struct sip_auth auth;
		digest_client_add(&c, &bob, STR("BYE"), STR("sip:b"), &out);
		struct str line = buf_str(&out);
		str_cut(&line, ':');
		int err = sip_auth_parse(str_trim(line), &auth);
		assert(!err && sip_auth_param(&auth, "response").n >= 32);
	}
	obj_unref(m);
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str value = { (const char *)bytes, n };
	struct digest_server *s = digest_server_new(STR("r"), 1);
	to_server(s, value);
	to_client(value);
	digest_server_free(s);
	return 0;
}
