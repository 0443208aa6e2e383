#include "unit.h"

#include "base/mem.h"
#include "sip/sdp.h"

#include <string.h>

#define ORIGIN "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"

static const char full[] =
	"v=0\r\n"
	"o=jdoe 3724394400 18446744073709551615 IN IP4 198.51.100.1\r\n"
	"s=Call to 客服\r\n"
	"i=SDP Offer #1\r\n"
	"u=http://www.jdoe.example.com/home.html\r\n"
	"e=Jane Doe <jane@jdoe.example.com>\r\n"
	"p=+1 617 555-6011\r\n"
	"c=IN IP4 198.51.100.1\r\n"
	"b=AS:64\r\n"
	"t=2873397496 2873404696\r\n"
	"r=7d 1h 0 25h\r\n"
	"a=ice-lite\r\n"
	"a=group:LS x\r\n"
	"a=group:BUNDLE a1 v1\r\n"
	"a=x-unknown: kept as it is\r\n"
	"m=audio 49170/2 RTP/AVP 0 96\r\n"
	"i=mic\r\n"
	"c=IN IP6 2001:db8::2\r\n"
	"b=TIAS:64000\r\n"
	"a=mid:a1\r\n"
	"a=rtpmap:96 opus/48000/2\r\n"
	"a=fmtp:96 useinbandfec=1\r\n"
	"a=recvonly\r\n"
	"a=rtcp:49173 IN IP4 192.0.2.77\r\n"
	"a=ptime:20.0\r\n"
	"a=candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ host raddr 1.2.3.4 rport 5\r\n"
	"a=candidate:broken\r\n"
	"a=setup:ACTIVE\r\n"
	"a=ssrc:314159 cname:x\r\n"
	"a=msid:m t\r\n"
	"a=empty:\r\n"
	"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
	"a=sctp-port:5000\r\n";

static struct sdp *must_parse(struct arena *arena, const char *text)
{
	struct sdp *sdp;
	size_t at;
	if (sdp_parse(arena, str_from(text), &sdp, &at))
		fail_msg("at %zu: %s", at, text + at);
	return sdp;
}

static void reads(void **state)
{
	struct arena *arena = arena_new(256 * 1024);
	struct sdp *s = must_parse(arena, full);
	(void)state;
	assert_true(str_eqz(s->name, "Call to 客服"));
	assert_true(s->origin.version == UINT64_MAX);
	assert_true(s->ice_lite);
	assert_int_equal(s->n_bundle, 2);
	assert_true(str_eqz(s->bundle[1], "v1"));
	assert_true(str_eqz(sdp_attr(&s->common.attrs, "x-unknown")->value, " kept as it is"));
	assert_null(sdp_attr(&s->common.attrs, "X-UNKNOWN"));
	assert_int_equal(s->n_media, 2);

	const struct sdp_media *m = &s->media[0];
	assert_int_equal(m->port, 49170);
	assert_int_equal(m->proto, SDP_RTP_AVP);
	assert_int_equal(m->n_formats, 2);
	assert_true(str_eqz(m->formats[0].name, "PCMU"));
	assert_int_equal(m->formats[1].channels, 2);
	assert_true(str_eqz(m->formats[1].fmtp, "useinbandfec=1"));
	assert_int_equal(sdp_media_direction(s, m), SDP_RECVONLY);
	assert_true(str_eqz(sdp_media_connection(s, m)->address, "2001:db8::2"));
	assert_int_equal(m->rtcp_port, 49173);
	assert_true(str_eqz(m->rtcp_address, "192.0.2.77"));
	assert_int_equal(m->ptime_ms, 20);
	assert_int_equal(m->n_candidates, 1);
	assert_true(str_eqz(m->candidates[0].rest, "raddr 1.2.3.4 rport 5"));
	assert_int_equal(m->common.setup, SDP_SETUP_ACTIVE);
	assert_int_equal(m->ssrc, 314159);
	assert_int_equal(s->media[1].proto, SDP_PROTO_OTHER);
	assert_int_equal(sdp_media_direction(s, &s->media[1]), SDP_SENDRECV);
	assert_true(str_eqz(sdp_media_connection(s, &s->media[1])->address, "198.51.100.1"));
	arena_free(arena);
}

static void prints_what_it_read(void **state)
{
	struct arena *arena = arena_new(256 * 1024);
	struct buf out;
	(void)state;
	buf_init(&out, SDP_MAX);
	sdp_print(must_parse(arena, full), &out);
	assert_string_equal(out.p, full);
	buf_done(&out);
	arena_free(arena);
}

/* "^" marks where the line begins that is wrong, and is not sent. */
static void refuses(void **state)
{
	static const struct {
		const char *text;
		int err;
	} rows[] = {
		{ "^", -E_SYNTAX },
		{ "^o=- 1 1 IN IP4 a\r\n", -E_SYNTAX },
		{ "^v=1\r\n", -E_SYNTAX },
		{ "v=0\r\n^o=- x 1 IN IP4 a\r\n", -E_SYNTAX },
		{ "v=0\r\n^o=- 18446744073709551616 1 IN IP4 a\r\n", -E_LIMIT },
		{ "v=0\r\n^o=- 1 1 IN IP4\r\n", -E_SYNTAX },
		{ "v=0\r\no=- 1 1 IN IP4 a\r\n^", -E_SYNTAX },
		{ ORIGIN "^nonsense\r\n", -E_SYNTAX },
		{ ORIGIN "^X=1\r\n", -E_SYNTAX },
		{ ORIGIN "^a=:x\r\n", -E_SYNTAX },
		{ ORIGIN "^c=IN IP5 x\r\n", -E_SYNTAX },
		{ ORIGIN "^m=audio 65536 RTP/AVP 0\r\n", -E_SYNTAX },
		{ ORIGIN "^m=audio 4000 RTP/AVP\r\n", -E_SYNTAX },
		{ ORIGIN "^m=audio 4000 RTP/AVP 128\r\n", -E_SYNTAX },
		{ ORIGIN "m=audio 4000 RTP/AVP 96\r\n^a=rtpmap:96 x\r\n", -E_SYNTAX },
		{ ORIGIN "m=audio 4000 RTP/AVP 96\r\n^a=fingerprint:sha-256 AB:C\r\n", -E_SYNTAX },
		{ ORIGIN "m=audio 4000 RTP/AVP 96\r\n^a=ice-pwd:short\r\n", -E_SYNTAX },
		{ ORIGIN "m=audio 4000 RTP/AVP 96\r\n^a=setup:maybe\r\n", -E_SYNTAX },
		{ ORIGIN "m=audio 4000 RTP/AVP 96\r\n^a=a\rb\r\n", -E_SYNTAX },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_new(256 * 1024);
		char text[512];
		struct sdp *sdp;
		size_t want = strcspn(rows[i].text, "^"), at = 999;
		memcpy(text, rows[i].text, want);
		memcpy(text + want, rows[i].text + want + 1, strlen(rows[i].text + want));
		int err = sdp_parse(arena, str_from(text), &sdp, &at);
		if (err != rows[i].err || at != want)
			fail_msg("row %zu: %d at %zu instead of %zu", i, err, at, want);
		arena_free(arena);
	}
}

static void what_repeats_has_a_cap(void **state)
{
	static const char *const units[] = { "m=audio 1 RTP/AVP 0\r\n", "a=x\r\n", "b=AS:1\r\n",
		"a=group:BUNDLE 1 2 3 4 5 6 7 8 9 a b c d e f g h\r\n",
		"m=audio 1 RTP/AVP 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 "
		"28 29 30 "
		"31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 "
		"61 62 63 "
		"64\r\n" };
	struct buf text;
	(void)state;
	buf_init(&text, SDP_MAX + 1000);
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct arena *arena = arena_new(256 * 1024);
		struct sdp *sdp;
		buf_reset(&text);
		buf_addz(&text, ORIGIN);
		for (int k = 0; k < 300 && text.n < SDP_MAX - 500; k++)
			buf_addz(&text, units[i]);
		if (sdp_parse(arena, buf_str(&text), &sdp, NULL) != -E_LIMIT)
			fail_msg("row %zu", i);
		arena_free(arena);
	}
	struct arena *arena = arena_new(256 * 1024);
	struct sdp *sdp;
	while (text.n <= SDP_MAX)
		buf_addc(&text, 'x');
	assert_int_equal(sdp_parse(arena, buf_str(&text), &sdp, NULL), -E_LIMIT);
	arena_free(arena);
	buf_done(&text);
}

static void line_feeds_alone_will_do(void **state)
{
	struct arena *arena = arena_new(256 * 1024);
	(void)state;
	struct sdp *s = must_parse(arena, "v=0\no=- 1 1 IN IP4 a\ns=-\n\nm=audio 4 RTP/AVP 8\na=sendonly");
	assert_int_equal(s->media[0].common.direction, SDP_SENDONLY);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(prints_what_it_read),
		cmocka_unit_test(refuses),
		cmocka_unit_test(what_repeats_has_a_cap),
		cmocka_unit_test(line_feeds_alone_will_do),
	};
	return unit_run(tests);
}
