/* Bytes of a stream, whole and in pieces: however they come apart, the same messages come out. The first byte
 * says how long the pieces are. */
#include "sip/framer.h"
#include "sip/msg.h"

#include <assert.h>

static void cut(struct str all, size_t step, struct buf *out)
{
	struct sip_framer f;
	sip_framer_init(&f);
	for (size_t at = 0; at < all.n; at += step) {
		struct str bytes;
		enum sip_frame kind;
		int err = sip_framer_feed(&f, str_sub(all, at, at + step));
		assert(!err);
		while ((kind = sip_framer_next(&f, &bytes)) != SIP_FRAME_NONE) {
			if (kind != SIP_FRAME_MESSAGE && kind != SIP_FRAME_BROKEN)
				continue;
			buf_addc(out, (char)('0' + kind));
			buf_adds(out, bytes);
			buf_addc(out, '\0');
			struct sip_msg *m;
			err = sip_msg_parse(bytes, SIP_STREAM, &m);
			assert(kind == SIP_FRAME_MESSAGE || err);
			if (kind == SIP_FRAME_MESSAGE && !err)
				assert(m->body.p + m->body.n == m->bytes.p + m->bytes.n);
			obj_unref(m);
		}
	}
	sip_framer_done(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct buf whole, pieces;
	if (n < 2 || n > SIP_MSG_MAX)
		return 0;
	struct str all = { (const char *)bytes + 1, n - 1 };
	buf_init(&whole, 1 << 20);
	buf_init(&pieces, 1 << 20);
	cut(all, all.n, &whole);
	cut(all, 1 + bytes[0] % 97u, &pieces);
	assert(str_eq(buf_str(&whole), buf_str(&pieces)));
	buf_done(&whole);
	buf_done(&pieces);
	return 0;
}
