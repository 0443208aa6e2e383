#ifndef LX_WIRE_FRAME_H
#define LX_WIRE_FRAME_H

#include "base/buf.h"

/* Framing of the socket between switch and desk: 4 bytes length of what follows (big endian), 1 byte kind,
 * then one JSON object in UTF-8. */
#define FRAME_MAX_BYTES (8 * 1024 * 1024)
#define WIRE_VERSION 1

/* Columns: code, name, sender. */
#define FRAME_MAP(X)                                                                                         \
	X(HELLO, "hello", "both")             /* version, process, node, boot, cursor */                     \
	X(CONFIG, "config", "desk")           /* revision, full, rows */                                     \
	X(CONFIG_ACK, "config_ack", "switch") /* revision, ok, fault */                                      \
	X(COMMAND, "command", "desk")         /* id, deadline_ms, name, … */                               \
	X(REPLY, "reply", "both")             /* id, ok, n, error, field, text, … */                       \
	X(ASK, "ask", "switch")               /* id, deadline_ms, name, … */                               \
	X(EVENT, "event", "switch")           /* n, boot, at, mono, kind, … */                             \
	X(DURABLE, "durable", "switch")       /* n: all up to it are on disk */                              \
	X(STORED, "stored", "desk") /* n: all up to it are in its database; 100,000 more may be sent */      \
	X(LIVE, "live", "switch")   /* topic, id, value or null */

enum frame_kind {
#define X(code, name, sender) FRAME_##code,
	FRAME_MAP(X)
#undef X
		FRAME__MAX
};

const char *frame_name(enum frame_kind kind);

/* Appends one frame. */
void frame_add(struct buf *out, enum frame_kind kind, struct str json);

/* Looks at the front of `in`: 0 with the kind and a view of the JSON when a whole frame is there (then drop
 * *ret_size bytes), -E_AGAIN when more must come, -E_SYNTAX for an unknown kind, -E_LIMIT for one too long.
 */
int frame_peek(struct str in, enum frame_kind *ret_kind, struct str *ret_json, size_t *ret_size) MUST_CHECK;

#endif
