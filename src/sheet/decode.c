/* A file is looked through once before it is read: what is UTF-8 down to its last byte is hardly ever
 * anything else, while a sample at the beginning often has only digits and Latin letters. */
#include "sheet/decode.h"

#include "base/mem.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IN_BYTES ((size_t)64 * 1024)
#define OUT_BYTES (IN_BYTES * 4)
#define NO_ICONV ((iconv_t)-1)

struct decode {
	int fd;
	enum sheet_encoding encoding;
	iconv_t iconv; /* NO_ICONV for UTF-8 */
	int64_t at;
	char in[IN_BYTES];
	size_t n_in; /* of them left over from the piece before */
	char out[OUT_BYTES];
	bool ended;
};

static const struct mark {
	enum sheet_encoding encoding;
	const char *bytes;
	size_t n;
} marks[] = { { SHEET_UTF8, "\xef\xbb\xbf", 3 }, { SHEET_UTF16LE, "\xff\xfe", 2 },
	{ SHEET_UTF16BE, "\xfe\xff", 2 } };

static const struct mark *mark_of(int fd)
{
	char head[4] = { 0 };
	ssize_t n = pread(fd, head, sizeof(head), 0);
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (n >= (ssize_t)marks[i].n && memcmp(head, marks[i].bytes, marks[i].n) == 0)
			return &marks[i];
	return NULL;
}

/* Of a character of UTF-8 that begins so. */
static size_t length_of(unsigned char first)
{
	if (first < 0xc0)
		return 1;
	return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

/* Bytes at the end that may be the beginning of a character: at most three. */
static size_t unfinished(struct str s)
{
	for (size_t back = 1; back <= 3 && back <= s.n; back++) {
		unsigned char c = (unsigned char)s.p[s.n - back];
		if (c < 0x80)
			return 0;
		if (c >= 0xc0)
			return length_of(c) > back ? back : 0;
	}
	return 0;
}

/* Reads behind what is left over; the number of bytes that are there now. */
static int fill(struct decode *d)
{
	while (d->n_in < IN_BYTES && !d->ended) {
		ssize_t n = pread(d->fd, d->in + d->n_in, IN_BYTES - d->n_in, d->at);
		if (n < 0 && errno != EINTR)
			return err_from_errno(errno);
		d->ended = n == 0;
		if (n > 0) {
			d->n_in += (size_t)n;
			d->at += n;
		}
	}
	return 0;
}

static void leave(struct decode *d, size_t used)
{
	memmove(d->in, d->in + used, d->n_in - used);
	d->n_in -= used;
}

static int next_utf8(struct decode *d, struct str *ret_piece)
{
	size_t rest = d->ended ? 0 : unfinished((struct str){ d->in, d->n_in });
	size_t n = d->n_in - rest;
	memcpy(d->out, d->in, n);
	*ret_piece = (struct str){ d->out, n };
	leave(d, n);
	return str_is_utf8(*ret_piece) ? 0 : -E_SYNTAX;
}

static int next_converted(struct decode *d, struct str *ret_piece)
{
	char *in = d->in, *out = d->out;
	size_t in_left = d->n_in, out_left = OUT_BYTES;
	size_t rc = iconv(d->iconv, &in, &in_left, &out, &out_left);
	if (rc == (size_t)-1 && (errno == EILSEQ || (errno == EINVAL && d->ended)))
		return -E_SYNTAX;
	*ret_piece = (struct str){ d->out, OUT_BYTES - out_left };
	leave(d, d->n_in - in_left);
	return 0;
}

int decode_next(struct decode *d, struct str *ret_piece)
{
	int err = fill(d);
	*ret_piece = STR("");
	if (err || d->n_in == 0)
		return err;
	return d->iconv == NO_ICONV ? next_utf8(d, ret_piece) : next_converted(d, ret_piece);
}

static int begin(struct decode *d, enum sheet_encoding encoding, size_t skip)
{
	static const char *const names[SHEET_ENCODING__MAX] = {
		[SHEET_UTF16LE] = "UTF-16LE", [SHEET_UTF16BE] = "UTF-16BE", [SHEET_GB18030] = "GB18030"
	};
	d->encoding = encoding;
	d->at = (int64_t)skip;
	d->n_in = 0;
	d->ended = false;
	d->iconv = names[encoding] ? iconv_open("UTF-8", names[encoding]) : NO_ICONV;
	return names[encoding] && d->iconv == NO_ICONV ? -E_SYSTEM : 0;
}

static int is_utf8_throughout(struct decode *d, bool *ret_is)
{
	struct str piece;
	int err = begin(d, SHEET_UTF8, 0);
	do {
		if (!err)
			err = decode_next(d, &piece);
	} while (!err && piece.n);
	*ret_is = !err;
	return err == -E_SYNTAX ? 0 : err;
}

int decode_open(int fd, enum sheet_encoding encoding, struct decode **ret_decode)
{
	struct decode *d = mem_alloc(sizeof(*d));
	const struct mark *mark = mark_of(fd);
	bool utf8 = false;
	int err = 0;
	d->fd = fd;
	d->iconv = NO_ICONV;
	if (encoding == SHEET_ENCODING_FOUND && mark)
		encoding = mark->encoding;
	if (encoding == SHEET_ENCODING_FOUND) {
		err = is_utf8_throughout(d, &utf8);
		encoding = utf8 ? SHEET_UTF8 : SHEET_GB18030;
	}
	if (!err)
		err = begin(d, encoding, mark && mark->encoding == encoding ? mark->n : 0);
	if (err)
		return decode_close(d), err;
	*ret_decode = d;
	return 0;
}

enum sheet_encoding decode_encoding(const struct decode *d)
{
	return d->encoding;
}

void *decode_close(struct decode *d)
{
	if (d && d->iconv != NO_ICONV)
		iconv_close(d->iconv);
	free(d);
	return NULL;
}
