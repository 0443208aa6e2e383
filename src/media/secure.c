/* Secure legs. A handshake may end before the answer tells the party's fingerprint (browsers are active and
 * quick), so its keys wait until the fingerprint is known and right. A new handshake, after an ICE restart or
 * on a party's new connection, runs beside the old keys; those go on receiving for a second after the new
 * ones are in use. */
#include "media/secure.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define OLD_KEYS_US CLOCK_S_US

struct secure {
	struct dtls_context *context;
	struct port *port;
	struct ice ice;
	struct dtls *dtls; /* the association in use, or the first on its way */
	struct dtls *next; /* one that is to replace it */
	struct seal *seal, *old_seal;
	int64_t old_until_us;
	char fingerprint[DTLS_FINGERPRINT_SIZE]; /* the party's; "" until known */
	bool active, remote_known, failed, consent_lost;
	struct ticker ticker;  /* while a handshake is on its way */
	struct addr answer_to; /* of the datagram being taken */
};

static void emit(struct thread *t, const struct port *p, enum media_event_kind kind, int err)
{
	thread_emit(t, &(struct media_event){ .kind = kind, .id = p->id, .tag = p->tag, .err = err });
}

static void send_to(const struct port *p, const struct addr *to, const uint8_t *bytes, size_t n)
{
	if (addr_is_set(to))
		sendto(p->rtp.fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL, &to->sa, addr_len(to));
}

static void on_send(void *arg, const uint8_t *bytes, size_t n)
{
	struct secure *s = arg;

	send_to(s->port, addr_is_set(&s->ice.selected) ? &s->ice.selected : &s->answer_to, bytes, n);
}

static void fail(struct thread *t, struct secure *s, int err)
{
	if (!s->failed)
		emit(t, s->port, MEDIA_SECURE_FAILED, err);
	s->failed = true;
}

static void set_ticker(struct thread *t, struct secure *s)
{
	if ((s->dtls && !dtls_is_done(s->dtls)) || (s->next && !dtls_is_done(s->next)))
		thread_tick_fast(t, &s->ticker);
	else
		thread_untick(t, &s->ticker);
}

/* The association's keys come into use; it becomes the one. */
static int install(struct thread *t, struct secure *s, struct dtls *d)
{
	struct seal_keys keys;
	struct seal *seal;
	int err = dtls_keys(d, &keys);

	if (!err)
		err = seal_new(&keys, &seal);
	memset(&keys, 0, sizeof(keys));
	if (err)
		return err;
	seal_free(s->old_seal);
	s->old_seal = s->seal;
	s->old_until_us = t->now_us + OLD_KEYS_US;
	s->seal = seal;
	if (d == s->next) {
		dtls_abandon(s->dtls);
		s->dtls = TAKE(s->next);
	}
	s->failed = false;
	emit(t, s->port, MEDIA_SECURED, 0);
	return 0;
}

/* Once handshake and fingerprint are both there. A replacement whose fingerprint is not (yet) the right one
 * waits: the description that tells it may still be under way. */
static void settle(struct thread *t, struct secure *s)
{
	struct dtls *d = s->next ? s->next : s->dtls;
	int err;

	set_ticker(t, s);
	if (!d || !dtls_is_done(d) || !s->fingerprint[0] || (d == s->dtls && s->seal))
		return;
	if (dtls_fingerprint_is(d, s->fingerprint)) {
		err = install(t, s, d);
		if (err)
			fail(t, s, err);
	} else if (d == s->dtls) {
		fail(t, s, -E_AUTH);
	}
}

static void drop_association(struct secure *s, struct dtls *d)
{
	if (d == s->next)
		s->next = NULL;
	else
		s->dtls = NULL;
	dtls_abandon(d);
}

/* After any step of an association. */
static void judge(struct thread *t, struct secure *s, struct dtls *d, int err)
{
	bool was_up = d == s->dtls && s->seal;

	if (!err) {
		settle(t, s);
		return;
	}
	drop_association(s, d);
	set_ticker(t, s);
	if (!was_up && !s->next)
		fail(t, s, err);
}

/* A new association, in place of none or beside the one in use. */
static struct dtls *begin(struct secure *s, bool active)
{
	struct dtls *d;

	if (dtls_new(s->context, active, on_send, s, &d))
		return NULL;
	if (s->dtls) {
		dtls_abandon(s->next);
		s->next = d;
	} else {
		s->dtls = d;
	}
	return d;
}

static void start_active(struct thread *t, struct secure *s)
{
	struct dtls *d;

	if (!s->active || !s->remote_known || s->dtls || !addr_is_set(&s->ice.selected))
		return;
	d = begin(s, true);
	if (d)
		judge(t, s, d, dtls_start(d));
}

static void on_tick(struct thread *t, struct ticker *ticker)
{
	struct secure *s = CONTAINER_OF(ticker, struct secure, ticker);
	struct dtls *d = s->next ? s->next : s->dtls;

	judge(t, s, d, dtls_tick(d));
}

struct secure *secure_new(struct dtls_context *context, const struct ice_secret *secret)
{
	struct secure *s = mem_alloc(sizeof(*s));

	s->context = context;
	s->ticker.fn = on_tick;
	ice_init(&s->ice, secret);
	return s;
}

void secure_free(struct secure *s)
{
	if (!s)
		return;
	dtls_abandon(s->next);
	dtls_free(s->dtls);
	seal_free(s->seal);
	seal_free(s->old_seal);
	free(s);
}

void secure_attach(struct thread *t, struct port *p)
{
	p->secure->port = p;
	set_ticker(t, p->secure);
}

void secure_detach(struct thread *t, struct port *p)
{
	thread_untick(t, &p->secure->ticker);
}

void secure_set_remote(struct thread *t, struct port *p, const struct media_remote *remote)
{
	struct secure *s = p->secure;
	bool changed = remote->fingerprint[0] && strcmp(remote->fingerprint, s->fingerprint) != 0;

	s->active = remote->setup == MEDIA_SETUP_ACTIVE;
	s->remote_known = s->remote_known || remote->fingerprint[0];
	if (changed && s->fingerprint[0] && s->active && s->dtls) {
		struct dtls *d = begin(s, true);

		memcpy(s->fingerprint, remote->fingerprint, sizeof(s->fingerprint));
		if (d)
			judge(t, s, d, dtls_start(d));
		return;
	}
	if (changed)
		memcpy(s->fingerprint, remote->fingerprint, sizeof(s->fingerprint));
	start_active(t, s);
	settle(t, s);
}

void secure_restart(struct port *p, const struct ice_secret *secret)
{
	ice_restart(&p->secure->ice, secret);
}

static void take_stun(
	struct thread *t, struct port *p, const uint8_t *bytes, size_t n, const struct addr *from)
{
	struct secure *s = p->secure;
	struct ice_reply reply;
	bool selected = ice_take(&s->ice, (struct str){ (const char *)bytes, n }, from, t->now_us, &reply);

	if (reply.n)
		send_to(p, from, reply.bytes, reply.n);
	if (selected) {
		p->latch.peer = *from;
		start_active(t, s);
	}
}

static void take_dtls(
	struct thread *t, struct port *p, const uint8_t *bytes, size_t n, const struct addr *from)
{
	struct secure *s = p->secure;
	struct dtls *d;

	if (!ice_knows(&s->ice, from))
		return;
	s->answer_to = *from;
	if (dtls_is_hello(bytes, n) && (!s->dtls || (dtls_is_done(s->dtls) && !s->next)))
		d = begin(s, false);
	else
		d = s->next ? s->next : s->dtls;
	if (d)
		judge(t, s, d, dtls_take(d, bytes, n));
}

/* With the keys in use, else with the ones before for a second. */
static bool open_seal(struct thread *t, struct secure *s, uint8_t *bytes, size_t *n, bool rtcp)
{
	size_t length = *n;

	if (!s->seal)
		return false;
	if (!s->old_seal)
		return !seal_unprotect(s->seal, bytes, n, rtcp);
	memcpy(t->copy, bytes, length);
	if (!seal_unprotect(s->seal, bytes, n, rtcp))
		return true;
	memcpy(bytes, t->copy, length);
	*n = length;
	return t->now_us < s->old_until_us && !seal_unprotect(s->old_seal, bytes, n, rtcp);
}

static void take_srtp(struct thread *t, struct port *p, uint8_t *bytes, size_t n, const struct addr *from)
{
	bool rtcp = rtp_is_rtcp(bytes, n);

	if (!open_seal(t, p->secure, bytes, &n, rtcp)) {
		p->dropped++;
		thread_count(&t->counts.dropped, 1);
	} else if (rtcp) {
		port_take_rtcp(t, p, bytes, n);
	} else {
		port_take_rtp(t, p, bytes, n, from);
	}
}

void secure_take(struct thread *t, struct port *p, uint8_t *bytes, size_t n, const struct addr *from)
{
	if (bytes[0] < 4)
		take_stun(t, p, bytes, n, from);
	else if (bytes[0] >= 20 && bytes[0] < 64)
		take_dtls(t, p, bytes, n, from);
	else if (bytes[0] >= 128 && bytes[0] < 192)
		take_srtp(t, p, bytes, n, from);
}

void secure_watch(struct thread *t, struct port *p)
{
	struct secure *s = p->secure;
	bool lost = addr_is_set(&s->ice.selected) && !ice_has_consent(&s->ice, t->now_us);

	if (lost && !s->consent_lost)
		emit(t, p, MEDIA_SECURE_FAILED, -E_TIMEOUT);
	s->consent_lost = lost;
	if (s->old_seal && t->now_us >= s->old_until_us)
		seal_free(TAKE(s->old_seal));
}

bool secure_may_send(const struct port *p, int64_t now_us)
{
	return p->secure->seal && ice_has_consent(&p->secure->ice, now_us);
}

bool secure_protect(struct port *p, uint8_t *bytes, size_t *n, bool rtcp)
{
	return p->secure->seal && !seal_protect(p->secure->seal, bytes, n, rtcp);
}
