/* SRTP by libsrtp2. The party's SSRC is not known beforehand and may change, so the receiving session takes
 * any; it makes a stream only for packets that are authentic. */
#include "media/seal.h"

#include "base/mem.h"

#include <pthread.h>
#include <srtp2/srtp.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW 512
#define SHA1_TAG 10

struct seal {
	enum seal_profile profile;
	srtp_t in, out;
};

static void init(void)
{
	srtp_init();
}

size_t seal_key_size(enum seal_profile profile)
{
	(void)profile;
	return 16;
}

size_t seal_salt_size(enum seal_profile profile)
{
	return profile == SEAL_GCM_128 ? 12 : 14;
}

static int session(
	enum seal_profile profile, const uint8_t *key, srtp_ssrc_type_t direction, srtp_t *ret_session)
{
	uint8_t copy[SEAL_KEY_MAX];
	srtp_policy_t policy = { .ssrc.type = direction, .key = copy, .window_size = WINDOW };

	memcpy(copy, key, sizeof(copy));
	if (profile == SEAL_GCM_128) {
		srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
		srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
	} else {
		srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
		srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
	}
	return srtp_create(ret_session, &policy) == srtp_err_status_ok ? 0 : -E_SYSTEM;
}

int seal_new(const struct seal_keys *keys, struct seal **ret_seal)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct seal *s = mem_alloc(sizeof(*s));
	int err;

	pthread_once(&once, init);
	s->profile = keys->profile;
	err = session(keys->profile, keys->theirs, ssrc_any_inbound, &s->in);
	if (!err)
		err = session(keys->profile, keys->ours, ssrc_any_outbound, &s->out);
	if (err) {
		seal_free(s);
		return err;
	}
	*ret_seal = s;
	return 0;
}

void seal_free(struct seal *s)
{
	if (!s)
		return;
	if (s->in)
		srtp_dealloc(s->in);
	if (s->out)
		srtp_dealloc(s->out);
	free(s);
}

typedef srtp_err_status_t (*transform_fn)(srtp_t session, void *bytes, int *length);

static int transform(transform_fn fn, srtp_t session, uint8_t *bytes, size_t *n)
{
	int length = (int)*n;

	if (fn(session, bytes, &length) != srtp_err_status_ok)
		return -E_AUTH;
	*n = (size_t)length;
	return 0;
}

int seal_protect(struct seal *s, uint8_t *bytes, size_t *n, bool rtcp)
{
	return transform(rtcp ? srtp_protect_rtcp : srtp_protect, s->out, bytes, n);
}

/* The E bit stands in the word before the tag, or at the very end with GCM. */
static bool is_encrypted_rtcp(const struct seal *s, const uint8_t *bytes, size_t n)
{
	size_t behind = 4 + (s->profile == SEAL_GCM_128 ? 0 : SHA1_TAG);

	return n > behind + 8 && bytes[n - behind] & 0x80;
}

int seal_unprotect(struct seal *s, uint8_t *bytes, size_t *n, bool rtcp)
{
	if (rtcp && !is_encrypted_rtcp(s, bytes, *n))
		return -E_AUTH;
	return transform(rtcp ? srtp_unprotect_rtcp : srtp_unprotect, s->in, bytes, n);
}
