/* A URI that parses is printed, parsed again, and equal to itself. A line feed separates two that are
 * compared in both orders. */
#include "sip/uri.h"

#include <assert.h>

static int read_one(struct str s, struct sip_uri *uri)
{
	struct sip_uri again;
	struct buf out;
	char text[64];
	size_t at = 0;
	int err = sip_uri_parse(s, uri, &at);
	assert(at <= s.n);
	if (err)
		return err;
	buf_init(&out, s.n + 64);
	sip_uri_print(uri, &out);
	err = sip_uri_parse(buf_str(&out), &again, NULL);
	assert(!err);
	if (uri->scheme != SIP_SCHEME_TEL)
		assert(sip_uri_eq(uri, uri) && sip_uri_eq(uri, &again));
	if (!sip_uri_number(uri, text, sizeof(text)))
		assert(text[0]);
	if (!sip_uri_user(uri, text, sizeof(text))) {
		buf_reset(&out);
		sip_uri_add_user(&out, str_from(text));
	}
	buf_done(&out);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str rest = { (const char *)bytes, n }, first = str_cut(&rest, '\n');
	struct sip_uri a, b;
	int err = read_one(first, &a);
	if (!err && !read_one(rest, &b))
		assert(sip_uri_eq(&a, &b) == sip_uri_eq(&b, &a));
	return 0;
}
