#ifndef LX_MEDIA_DTLS_H
#define LX_MEDIA_DTLS_H

#include "media/seal.h"

/* DTLS 1.2 for keys only (RFC 5764): datagrams in and out by calls, no sockets. */
#define DTLS_FINGERPRINT_SIZE 104

/* Our certificate (P-256, made at the start, nobody signs it) and settings; shared by all threads, read-only.
 */
struct dtls_context;
int dtls_context_new(struct dtls_context **ret_context) MUST_CHECK;
void dtls_context_free(struct dtls_context *c); /* after all of its dtls; NULL allowed */
/* "sha-256 AB:CD:…" */
const char *dtls_context_fingerprint(const struct dtls_context *c);

struct dtls;
typedef void (*dtls_send_fn)(void *arg, const uint8_t *bytes, size_t n);

/* active: we send the ClientHello, at dtls_start(). The handler is called from within start, take and tick.
 */
int dtls_new(
	struct dtls_context *c, bool active, dtls_send_fn send, void *arg, struct dtls **ret_dtls) MUST_CHECK;
void dtls_free(struct dtls *d);    /* says good-bye if it was up; NULL allowed */
void dtls_abandon(struct dtls *d); /* the same without a word */

/* All three: 0 while it goes on or is done, -E_AUTH when the handshake failed, -E_CLOSED when the party
 * closed. */
int dtls_start(struct dtls *d) MUST_CHECK;
int dtls_take(struct dtls *d, const uint8_t *bytes, size_t n) MUST_CHECK;
int dtls_tick(struct dtls *d) MUST_CHECK; /* repeats what got lost; every 20 ms or so until done */

bool dtls_is_done(const struct dtls *d);
/* Once done: whether the party's certificate has this fingerprint (any hash OpenSSL knows but MD5 and older).
 */
bool dtls_fingerprint_is(const struct dtls *d, const char *fingerprint);
/* Once done: -E_UNSUPPORTED when no SRTP profile was agreed. */
int dtls_keys(const struct dtls *d, struct seal_keys *ret_keys) MUST_CHECK;
/* Whether a datagram begins a new handshake (ClientHello in the clear). */
bool dtls_is_hello(const uint8_t *bytes, size_t n);

#endif
