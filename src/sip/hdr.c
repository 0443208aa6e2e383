/* Names of methods, header fields and option tags. Exact names only: a hash of a name is not a name
 * ("DC-Info" must never pass for Call-ID). */
#include "sip/hdr.h"

#include "base/mem.h"

#include <string.h>
#include <strings.h>

static const struct str methods[] = { [SIP_OTHER_METHOD] = { "", 0 },
#define X(code) [SIP_##code] = { #code, sizeof(#code) - 1 },
	SIP_METHOD_MAP(X)
#undef X
};

static const struct {
	struct str name;
	char compact;
	bool single;
} headers[] = { [SIP_HDR_OTHER] = { { "", 0 }, 0, false },
#define X(code, text, letter, one)                                                                           \
	[SIP_HDR_##code] = { .name = { (text), sizeof(text) - 1 }, .compact = (letter), .single = (one) },
	SIP_HDR_MAP(X)
#undef X
};

static const char *const options[] = {
#define X(code, name) name,
	SIP_OPTION_MAP(X)
#undef X
};

enum sip_method sip_method_of(struct str name)
{
	for (size_t i = 1; i < ARRAY_LEN(methods); i++)
		if (str_eq(name, methods[i]))
			return (enum sip_method)i;
	return SIP_OTHER_METHOD;
}

const char *sip_method_name(enum sip_method method)
{
	return methods[method].p;
}

static enum sip_hdr compact_of(char c)
{
	for (size_t i = 1; i < ARRAY_LEN(headers); i++)
		if (headers[i].compact == (c | 0x20))
			return (enum sip_hdr)i;
	return SIP_HDR_OTHER;
}

enum sip_hdr sip_hdr_of(struct str name)
{
	size_t low = 1, high = ARRAY_LEN(headers);
	if (name.n == 1)
		return compact_of(name.p[0]);
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = (name.n > headers[mid].name.n) - (name.n < headers[mid].name.n);
		if (!order)
			order = strncasecmp(name.p, headers[mid].name.p, name.n);
		if (!order)
			return (enum sip_hdr)mid;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return SIP_HDR_OTHER;
}

const char *sip_hdr_name(enum sip_hdr hdr)
{
	return headers[hdr].name.p;
}

bool sip_hdr_is_single(enum sip_hdr hdr)
{
	return headers[hdr].single;
}

unsigned sip_option_of(struct str tag)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (str_caseeqz(tag, options[i]))
			return 1u << i;
	return 0;
}
