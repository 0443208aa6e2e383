#ifndef LX_SHEET_DECODE_H
#define LX_SHEET_DECODE_H

#include "sheet/reader.h"

/* The bytes of a text file as UTF-8, piece by piece. */
struct decode;

/* Finds the encoding when none is given: by the mark at the beginning, else UTF-8 when all of the file is,
 * else GB18030 (of which GBK and GB2312 are parts). */
int decode_open(int fd, enum sheet_encoding encoding, struct decode **ret_decode) MUST_CHECK;
enum sheet_encoding decode_encoding(const struct decode *d);
/* The next piece, empty at the end; valid until the next call. -E_SYNTAX for bytes that are none of the
 * encoding. */
int decode_next(struct decode *d, struct str *ret_piece) MUST_CHECK;
void *decode_close(struct decode *d); /* NULL allowed; returns NULL */

#endif
