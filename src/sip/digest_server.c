/* The server side of digest. A nonce is "time, salt, keyed hash of both", so nothing is kept for a challenge
 * that nobody answers; only nonces in use have a slot in the table, with the highest count seen and a window
 * of the 64 below it. When a slot must make room, every nonce as old as the one that left counts as stale: a
 * count once taken can never be taken again, whatever floods in.
 *
 * The password is checked before the nonce: who knows it but comes with an old nonce, be it from before a
 * restart, gets stale=true and is not asked for the password again. */
#include "sip/digest.h"

#include "base/id.h"
#include "base/mem.h"
#include "sip/build.h"
#include "sip/field.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 8192
#define PROBES 8
#define MAC_BYTES 16

struct nonce {
	int64_t issued_us;
	uint64_t salt;
	unsigned char mac[MAC_BYTES];
};
#define NONCE_HEX (2 * sizeof(struct nonce))

struct slot {
	int64_t issued_us; /* 0: free */
	uint64_t salt;
	uint32_t top;    /* highest count taken */
	uint64_t window; /* bit i: count top - i was taken */
};

struct digest_server {
	char *realm;
	int64_t life_us;
	int64_t floor_us; /* nonces issued up to then are stale unless they have a slot */
	unsigned char key[32];
	struct slot slots[SLOTS];
};

struct digest_server *digest_server_new(struct str realm, int64_t nonce_life_us)
{
	struct digest_server *s = mem_alloc(sizeof(*s));
	s->realm = str_dup(realm);
	s->life_us = nonce_life_us;
	s->floor_us = INT64_MIN;
	id_random(s->key, sizeof(s->key));
	return s;
}

void *digest_server_free(struct digest_server *s)
{
	if (s) {
		OPENSSL_cleanse(s->key, sizeof(s->key));
		free(s->realm);
		free(s);
	}
	return NULL;
}

static void sign(const struct digest_server *s, struct nonce *nonce)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	if (!HMAC(EVP_sha256(), s->key, sizeof(s->key), (const unsigned char *)nonce,
		    offsetof(struct nonce, mac), mac, NULL))
		abort(); /* an unsigned nonce would let everybody make his own */
	memcpy(nonce->mac, mac, sizeof(nonce->mac));
}

static bool is_ours(const struct digest_server *s, struct str text, struct nonce *ret_nonce)
{
	struct nonce ours;
	if (str_unhex(text, ret_nonce, sizeof(*ret_nonce)))
		return false;
	ours = *ret_nonce;
	sign(s, &ours);
	return CRYPTO_memcmp(ours.mac, ret_nonce->mac, MAC_BYTES) == 0;
}

/* The nonce's slot, or the one it may have: a free one, else that of the oldest. */
static struct slot *find_slot(struct digest_server *s, const struct nonce *nonce)
{
	struct slot *best = NULL;
	for (size_t i = 0; i < PROBES; i++) {
		struct slot *slot = &s->slots[(nonce->salt + i) % SLOTS];
		if (slot->issued_us == nonce->issued_us && slot->salt == nonce->salt)
			return slot;
		if (!best || slot->issued_us < best->issued_us)
			best = slot;
	}
	return best;
}

/* Takes a count of a nonce once. False when it was taken, is too far below the highest, or the nonce is too
 * old to know. */
static bool take_count(struct digest_server *s, const struct nonce *nonce, uint32_t count)
{
	struct slot *slot = find_slot(s, nonce);
	if (slot->issued_us != nonce->issued_us || slot->salt != nonce->salt) {
		if (nonce->issued_us <= s->floor_us)
			return false;
		if (slot->issued_us > s->floor_us && slot->issued_us)
			s->floor_us = slot->issued_us;
		*slot = (struct slot){ .issued_us = nonce->issued_us, .salt = nonce->salt };
	}
	if (count > slot->top) {
		uint32_t by = count - slot->top;
		slot->window = by < 64 ? slot->window << by | 1 : 1;
		slot->top = count;
		return true;
	}
	uint32_t below = slot->top - count;
	if (below >= 64 || slot->window >> below & 1)
		return false;
	slot->window |= UINT64_C(1) << below;
	return true;
}

/* Parameters of one Authorization header that answers a challenge of ours. */
struct answer {
	struct str user, response;
	struct digest_input in;
	uint32_t count;
};

static int read_answer(const struct digest_server *s, struct str value, struct answer *ret_answer)
{
	struct sip_auth auth;
	struct answer a = { 0 };
	unsigned char count[4];
	if (sip_auth_parse(value, &auth))
		return -E_SYNTAX;
	if (!str_caseeqz(auth.scheme, "Digest") || !str_eqz(sip_auth_param(&auth, "realm"), s->realm))
		return -E_NOT_FOUND;
	a.user = sip_auth_param(&auth, "username");
	a.response = sip_auth_param(&auth, "response");
	a.in.uri = sip_auth_param(&auth, "uri");
	a.in.nonce = sip_auth_param(&auth, "nonce");
	a.in.nc = sip_auth_param(&auth, "nc");
	a.in.cnonce = sip_auth_param(&auth, "cnonce");
	a.in.qop = sip_auth_param(&auth, "qop");
	if (digest_algorithm_of(sip_auth_param(&auth, "algorithm"), &a.in.algorithm) ||
		!str_eqz(a.in.qop, "auth"))
		return -E_NOT_FOUND;
	if (!a.user.p || !a.response.p || !a.in.uri.p || !a.in.nonce.p || !a.in.cnonce.p ||
		str_unhex(a.in.nc, count, sizeof(count)))
		return -E_SYNTAX;
	a.count = (uint32_t)count[0] << 24 | (uint32_t)count[1] << 16 | (uint32_t)count[2] << 8 | count[3];
	*ret_answer = a;
	return 0;
}

/* The header that is for us; a request may carry others for other realms. */
static int find_answer(const struct digest_server *s, const struct sip_msg *request, enum sip_hdr hdr,
	struct answer *ret_answer)
{
	const struct sip_header *h;
	for (size_t i = 0; (h = sip_msg_header(request, hdr, i)); i++) {
		int err = read_answer(s, h->value, ret_answer);
		if (err != -E_NOT_FOUND)
			return err;
	}
	return -E_UNAUTHORIZED;
}

static bool is_right(const struct digest_check *check, const struct sip_msg *request, struct answer *a)
{
	char ha1[DIGEST_HEX_SIZE], want[DIGEST_HEX_SIZE];
	int err = check->lookup(check->arg, a->user, a->in.algorithm, ha1);
	if (err)
		memset(ha1, '0', sizeof(ha1)); /* an unknown user takes as long as a known one */
	ha1[DIGEST_HEX_SIZE - 1] = '\0';
	a->in.ha1 = str_from(ha1);
	a->in.method = request->method_name;
	digest_response(&a->in, want);
	bool equal = a->response.n == strlen(want) && !CRYPTO_memcmp(a->response.p, want, a->response.n);
	return !err && equal;
}

int digest_server_check(struct digest_server *s, const struct digest_check *check,
	const struct sip_msg *request, struct str *ret_user, bool *ret_stale)
{
	struct answer a;
	struct nonce nonce;
	*ret_stale = false;
	*ret_user = STR_NONE;
	int err = find_answer(
		s, request, check->proxy ? SIP_HDR_PROXY_AUTHORIZATION : SIP_HDR_AUTHORIZATION, &a);
	if (err)
		return err;
	*ret_user = a.user;
	if (!is_right(check, request, &a))
		return -E_AUTH;
	*ret_stale = true;
	if (!is_ours(s, a.in.nonce, &nonce) || check->now_us - nonce.issued_us > s->life_us || !a.count ||
		!take_count(s, &nonce, a.count))
		return -E_UNAUTHORIZED;
	*ret_stale = false;
	return 0;
}

static void add_challenge(const struct digest_server *s, const struct digest_challenge *challenge,
	const char *nonce, enum digest_algorithm algorithm, struct buf *out)
{
	buf_addz(out, sip_hdr_name(challenge->proxy ? SIP_HDR_PROXY_AUTHENTICATE : SIP_HDR_WWW_AUTHENTICATE));
	buf_addz(out, ": Digest realm=");
	sip_build_quoted(out, str_from(s->realm));
	buf_addz(out, ", nonce=\"");
	buf_addz(out, nonce);
	buf_addz(out, "\", qop=\"auth\", algorithm=");
	buf_addz(out, digest_algorithm_name(algorithm));
	buf_addz(out, challenge->stale ? ", stale=true\r\n" : "\r\n");
}

void digest_server_challenge(
	struct digest_server *s, const struct digest_challenge *challenge, struct buf *out)
{
	struct nonce nonce = { .issued_us = challenge->now_us };
	char text[NONCE_HEX + 1];
	id_random(&nonce.salt, sizeof(nonce.salt));
	sign(s, &nonce);
	str_hex(&nonce, sizeof(nonce), text);
	if (challenge->order == DIGEST_ORDER_SHA256_FIRST)
		add_challenge(s, challenge, text, DIGEST_SHA256, out);
	add_challenge(s, challenge, text, DIGEST_MD5, out);
	if (challenge->order == DIGEST_ORDER_MD5_FIRST)
		add_challenge(s, challenge, text, DIGEST_SHA256, out);
}
