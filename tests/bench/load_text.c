/* SIP as text: enough to copy headers back and to answer one challenge. */
#include "load.h"

#include "base/err.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool line_next(struct str *rest, struct str *line)
{
	if (!rest->n)
		return false;
	*line = str_cut(rest, '\n');
	*line = str_trim(*line);
	return line->n != 0;
}

static bool line_is(struct str line, const char *name)
{
	size_t colon = str_find(line, ':');
	return colon < line.n && str_caseeqz(str_trim(str_sub(line, 0, colon)), name);
}

struct str text_header(struct str message, const char *name)
{
	struct str line;
	while (line_next(&message, &line))
		if (line_is(line, name))
			return str_trim(str_sub(line, str_find(line, ':') + 1, line.n));
	return STR_NONE;
}

struct str text_lines(struct str message, const char *name, char *dst, size_t size)
{
	size_t n = 0;
	struct str line;
	dst[0] = '\0';
	while (line_next(&message, &line))
		if (line_is(line, name) && n + line.n + 3 < size)
			n += (size_t)snprintf(dst + n, size - n, STR_FMT "\r\n", STR_ARG(line));
	return (struct str){ dst, n };
}

struct str text_between(struct str s, const char *from, char to)
{
	const char *at = s.n ? memmem(s.p, s.n, from, strlen(from)) : NULL;
	if (!at)
		return STR_NONE;
	struct str rest = str_sub(s, (size_t)(at - s.p) + strlen(from), s.n);
	return str_sub(rest, 0, str_find(rest, to));
}

in_port_t text_audio_port(struct str message)
{
	uint32_t port;
	struct str digits = text_between(message, "m=audio ", ' ');
	return str_to_u32(digits, UINT16_MAX, &port) ? 0 : (in_port_t)port;
}

void text_sdp(in_port_t port, char dst[LOAD_SDP_MAX])
{
	snprintf(dst, LOAD_SDP_MAX,
		"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
		"m=audio %u RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n",
		(unsigned)port);
}

static void md5_hex(const char *text, char hex[33])
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned n;
	EVP_Digest(text, strlen(text), bytes, &n, EVP_md5(), NULL);
	str_hex(bytes, 16, hex);
}

int text_authorization(
	struct str challenge, const char *user, const char *password, const char *uri, char *dst, size_t size)
{
	struct str realm = text_between(challenge, "realm=\"", '"'),
		   nonce = text_between(challenge, "nonce=\"", '"');
	char text[1024], first[33], second[33], response[33];
	if (!realm.p || !nonce.p)
		return -E_SYNTAX;
	snprintf(text, sizeof(text), "%s:" STR_FMT ":%s", user, STR_ARG(realm), password);
	md5_hex(text, first);
	snprintf(text, sizeof(text), "REGISTER:%s", uri);
	md5_hex(text, second);
	snprintf(text, sizeof(text), "%s:" STR_FMT ":00000001:00:auth:%s", first, STR_ARG(nonce), second);
	md5_hex(text, response);
	snprintf(dst, size,
		"Authorization: Digest username=\"%s\", realm=\"" STR_FMT "\", nonce=\"" STR_FMT
		"\", uri=\"%s\", response=\"%s\", algorithm=MD5, cnonce=\"00\", qop=auth, nc=00000001\r\n",
		user, STR_ARG(realm), STR_ARG(nonce), uri, response);
	return 0;
}
