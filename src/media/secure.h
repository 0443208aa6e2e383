#ifndef LX_MEDIA_SECURE_H
#define LX_MEDIA_SECURE_H

#include "media/dtls.h"
#include "media/ice.h"
#include "media/port.h"

/* What makes a port secure: ICE-lite, DTLS and SRTP on its one socket. Made by the signalling thread, then
 * the media thread's with its port. */
struct secure *secure_new(struct dtls_context *context, const struct ice_secret *secret);
void secure_free(struct secure *s); /* NULL allowed */

void secure_attach(struct thread *t, struct port *p);
void secure_detach(struct thread *t, struct port *p);
void secure_set_remote(struct thread *t, struct port *p, const struct media_remote *remote);
void secure_restart(struct port *p, const struct ice_secret *secret);

/* Any datagram; tells STUN, DTLS and SRTP apart (RFC 7983) and hands what is authentic to the port. */
void secure_take(struct thread *t, struct port *p, uint8_t *bytes, size_t n, const struct addr *from);
/* Once a second. */
void secure_watch(struct thread *t, struct port *p);
/* Keys are there and the party consents. */
bool secure_may_send(const struct port *p, int64_t now_us);
/* In place, with SEAL_ROOM behind; false when the packet must not go out. */
bool secure_protect(struct port *p, uint8_t *bytes, size_t *n, bool rtcp);

#endif
