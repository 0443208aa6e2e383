#ifndef LX_SIP_MSG_H
#define LX_SIP_MSG_H

#include "base/arena.h"
#include "base/obj.h"
#include "sip/addr.h"
#include "sip/hdr.h"

/* A SIP request or response (RFC 3261). The message owns a copy of the bytes and an arena; every view points
 * into them and lives as long as the message: obj_ref() and obj_unref() it. Nothing in it changes after
 * sip_msg_parse(), so any number of parties may keep it (on one thread). */

enum { SIP_MSG_MAX = 65536, SIP_HEADERS_MAX = 400 };

enum sip_framing {
	SIP_DATAGRAM, /* UDP and WebSocket: Content-Length optional, bytes after it dropped */
	SIP_STREAM,   /* TCP and TLS, cut by sip/framer.h: Content-Length required */
};

struct sip_header {
	enum sip_hdr id;  /* SIP_HDR_OTHER: by name only */
	struct str name;  /* as written */
	struct str value; /* without white space at both ends; folds have become spaces */
};

struct sip_cseq {
	uint32_t number;
	enum sip_method method;
	struct str method_name;
};

/* What is wrong with a message that did not parse. */
struct sip_fault {
	int status;      /* answer a request with it (400, 505, 513); 0: drop it silently */
	size_t at;       /* offset of the byte that is wrong */
	char reason[96]; /* reason phrase: "Missing Call-ID header field" */
};

struct sip_msg {
	struct obj obj;
	struct arena *arena; /* for what is derived from it and dies with it */
	struct str bytes;    /* all of it, folds replaced by spaces */
	bool is_request;

	enum sip_method method; /* of the request line, of a response the one in CSeq */
	struct str method_name;
	struct sip_uri uri; /* request URI */
	int status;         /* of a response */
	struct str reason;

	struct sip_header *headers; /* in order, compact names included */
	size_t n_headers;
	struct sip_via *via;        /* topmost first */
	struct sip_addr *from, *to; /* never NULL; raw.p == NULL when missing */
	struct sip_addr *contact;   /* NULL when absent or "*" */
	bool contact_star;          /* Contact: * */
	struct sip_addr *route, *record_route;
	struct str call_id;
	struct sip_cseq cseq;
	int max_forwards;                           /* 0…255, -1 when absent */
	int64_t expires;                            /* seconds, clamped to 2^32-1; -1 when absent */
	unsigned supported, require, proxy_require; /* enum sip_option */
	struct str content_type;                    /* "application/sdp" without parameters */
	struct str body;

	struct sip_fault fault;
};

/* Parses one message, copying the bytes. 0, or:
 * -E_SYNTAX/-E_LIMIT with a message whose `fault` says what to answer and which holds all that could be read
 * (sip_msg_is_answerable() tells whether a response can be built), or with NULL when the
 * first line is neither a request nor a status line. The caller unrefs. */
int sip_msg_parse(struct str bytes, enum sip_framing framing, struct sip_msg **ret_msg) MUST_CHECK;

/* A request other than ACK with a topmost Via: a response can be built, which leaves out what the request
 * lacks. */
bool sip_msg_is_answerable(const struct sip_msg *msg);

/* The n-th header field line of that name, NULL when there are fewer. One line may carry several values. */
const struct sip_header *sip_msg_header(const struct sip_msg *msg, enum sip_hdr id, size_t n);
/* Value of the first one; p == NULL when absent. */
struct str sip_msg_value(const struct sip_msg *msg, enum sip_hdr id);
/* The same for any name, known or not. */
struct str sip_msg_value_of(const struct sip_msg *msg, const char *name);

/* Walks the comma-separated values of all lines of that name: start with *pos = {0}. Commas inside quotes and
 * <> do not split. False at the end. */
struct sip_list_pos {
	size_t header;
	size_t offset;
};
bool sip_msg_list_next(
	const struct sip_msg *msg, enum sip_hdr id, struct sip_list_pos *pos, struct str *ret_value);

/* Option tags of that header which we do not know, as "a, b" for Unsupported (RFC 3261 8.2.2.3), in the
 * message's arena; empty when all are known. `known`: bits of enum sip_option. */
struct str sip_msg_unsupported(const struct sip_msg *msg, enum sip_hdr id, unsigned known);

#endif
