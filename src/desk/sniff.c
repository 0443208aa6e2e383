/* Types of files by what they begin with. */
#include "desk/sniff.h"

#include "base/mem.h"

#include <string.h>

#define M(text)                                                                                              \
	{                                                                                                    \
		text, sizeof(text) - 1                                                                       \
	}

static const struct {
	size_t at;
	struct str bytes;
	const char *type;
} magic[] = {
	{ 0, M("\x89PNG\r\n\x1a\n"), "image/png" },
	{ 0, M("\xff\xd8\xff"), "image/jpeg" },
	{ 0, M("GIF8"), "image/gif" },
	{ 8, M("WEBP"), "image/webp" },
	{ 8, M("WAVE"), "audio/wav" },
	{ 0, M("ID3"), "audio/mpeg" },
	{ 0, M("OggS"), "audio/ogg" },
	{ 0, M("%PDF-"), "application/pdf" },
	{ 30, M("[Content_Types].xml"), "application/vnd.openxmlformats-officedocument" },
	{ 0, M("PK\x03\x04"), "application/zip" },
	{ 0, M("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "application/x-ole-storage" },
};

static bool is_text(struct str head)
{
	size_t n = head.n;
	for (size_t i = 0; i < head.n; i++) {
		unsigned char c = (unsigned char)head.p[i];
		if (c < 0x20 && c != '\n' && c != '\r' && c != '\t')
			return false;
	}
	while (n && head.n - n < 4 && !str_is_utf8(str_sub(head, 0, n)))
		n--; /* a character cut in two at the end */
	return n && str_is_utf8(str_sub(head, 0, n));
}

const char *sniff_type(struct str head)
{
	for (size_t i = 0; i < ARRAY_LEN(magic); i++) {
		struct str part = str_sub(head, magic[i].at, magic[i].at + magic[i].bytes.n);
		if (str_eq(part, magic[i].bytes))
			return magic[i].type;
	}
	return is_text(head) ? "text/plain" : "application/octet-stream";
}
