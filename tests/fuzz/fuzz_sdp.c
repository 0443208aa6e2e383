/* A description that parses prints and parses to the same text. As an offer it gets an answer with as many
 * m-lines, or none; as an answer to ours it is taken or refused. */
#include "sip/negotiate.h"

#include <assert.h>

static const struct negotiate_caps caps = {
	.codecs = { NEGOTIATE_PCMA, NEGOTIATE_PCMU, NEGOTIATE_OPUS },
	.n_codecs = 3,
	.dtmf = true,
	.address = { "198.51.100.5", 12 },
	.rtp_port = 20000,
	.direction = SDP_SENDRECV,
	.dtls = true,
	.ice_ufrag = { "ufrag", 5 },
	.ice_pwd = { "passwordpasswordpassword", 24 },
	.fingerprint = { "sha-256 01:02", 13 },
	.session_id = 7,
};

static struct sdp *parse(struct arena *arena, struct str text)
{
	struct sdp *sdp;
	size_t at = 0;
	int err = sdp_parse(arena, text, &sdp, &at);
	assert(at <= text.n);
	return err ? NULL : sdp;
}

static void as_offer(struct arena *arena, const struct sdp *sdp)
{
	struct negotiate_state state = { 0 };
	struct buf out;
	buf_init(&out, SDP_MAX);
	if (!negotiate_answer(&caps, &state, sdp, &out)) {
		struct sdp *answer = parse(arena, buf_str(&out));
		assert(answer && answer->n_media == sdp->n_media);
		uint64_t version = state.version;
		buf_reset(&out);
		int err = negotiate_answer(&caps, &state, sdp, &out);
		assert(!err && state.version == version);
		buf_reset(&out);
		err = negotiate_offer(&caps, &state, &out);
		assert(!err && parse(arena, buf_str(&out)));
	}
	buf_done(&out);
}

static void as_answer(const struct sdp *sdp, bool dtls)
{
	struct negotiate_caps ours = caps;
	struct negotiate_state state = { 0 };
	struct buf out;
	ours.offer_dtls = dtls;
	buf_init(&out, SDP_MAX);
	int err = negotiate_offer(&ours, &state, &out);
	assert(!err);
	if (!negotiate_accept(&ours, &state, sdp))
		assert(state.media.dtls == dtls);
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *arena = arena_new(4 << 20);
	struct sdp *sdp = parse(arena, (struct str){ (const char *)bytes, n });
	struct buf text, again;
	buf_init(&text, 4 * SDP_MAX);
	buf_init(&again, 4 * SDP_MAX);
	if (sdp) {
		as_offer(arena, sdp);
		as_answer(sdp, false);
		as_answer(sdp, true);
		sdp_print(sdp, &text);
		sdp = text.n <= SDP_MAX ? parse(arena, buf_str(&text)) : NULL;
		assert(sdp || text.n > SDP_MAX);
	}
	if (sdp) {
		sdp_print(sdp, &again);
		assert(str_eq(buf_str(&text), buf_str(&again)));
	}
	buf_done(&text);
	buf_done(&again);
	arena_free(arena);
	return 0;
}
