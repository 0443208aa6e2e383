/* Frames of the socket between the two processes. */
#include "wire/frame.h"

static const char *const names[] = {
#define X(code, name, sender) [FRAME_##code] = name,
	FRAME_MAP(X)
#undef X
};

const char *frame_name(enum frame_kind kind)
{
	return names[kind];
}

void frame_add(struct buf *out, enum frame_kind kind, struct str json)
{
	uint32_t n = (uint32_t)json.n + 1;
	const unsigned char head[5] = { (unsigned char)(n >> 24), (unsigned char)(n >> 16),
		(unsigned char)(n >> 8), (unsigned char)n, (unsigned char)kind };
	if (json.n >= FRAME_MAX_BYTES) {
		out->err = -E_LIMIT;
		return;
	}
	buf_add(out, head, sizeof(head));
	buf_adds(out, json);
}

int frame_peek(struct str in, enum frame_kind *ret_kind, struct str *ret_json, size_t *ret_size)
{
	const unsigned char *p = (const unsigned char *)in.p;
	if (in.n < 5)
		return -E_AGAIN;
	uint32_t n = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	if (n < 1 || p[4] >= FRAME__MAX)
		return -E_SYNTAX;
	if (n > FRAME_MAX_BYTES)
		return -E_LIMIT;
	if (in.n < 4 + (size_t)n)
		return -E_AGAIN;
	*ret_kind = (enum frame_kind)p[4];
	*ret_json = str_sub(in, 5, 4 + (size_t)n);
	*ret_size = 4 + (size_t)n;
	return 0;
}
