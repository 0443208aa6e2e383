#ifndef LX_BASE_BUF_H
#define LX_BASE_BUF_H

#include "base/err.h"
#include "base/str.h"

/* Growing bytes with a mandatory cap. An error sticks: later appends do nothing and buf_err() tells, so a
 * writer may build a whole message and check once. The bytes are always followed by a terminator. */
struct buf {
	char *p;
	size_t n;
	size_t size;
	size_t max;
	int err;
};

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b);  /* frees; the buffer may be used again */
void buf_reset(struct buf *b); /* forgets the bytes and the error, keeps the memory */

void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, struct str s);
void buf_addz(struct buf *b, const char *z);
void buf_addc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_add_u64(struct buf *b, uint64_t value);

/* Room for n more bytes, to be filled and then claimed with buf_claim(); NULL when over the cap. */
void *buf_room(struct buf *b, size_t n);
void buf_claim(struct buf *b, size_t n);

/* Drops the first n bytes. */
void buf_consume(struct buf *b, size_t n);

struct str buf_str(const struct buf *b);
int buf_err(const struct buf *b) MUST_CHECK;
/* Hands the bytes (terminated) to the caller, who frees them; the buffer is empty afterwards. */
char *buf_take(struct buf *b);

#endif
