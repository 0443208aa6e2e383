/* SRTP on OpenSSL's ciphers. A packet's index is 48 bits of which it carries 16; the rest is guessed from the
 * newest index of its SSRC, and that is moved only by packets that proved authentic, so a forged one shifts
 * nothing. All SSRCs of a session share its keys, so the line of an SSRC is no more than an index and a
 * window. */
#include "media/seal.h"

#include "base/mem.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define KEY 16
#define SALT_CM 14
#define SALT_GCM 12
#define TAG_GCM 16
#define TAG_SHA1 10
#define SHA1_SIZE 20
#define RTP_HEAD 12
#define RTCP_HEAD 8
#define LINES 16
#define WINDOW 64
#define ENCRYPTED 0x80000000u
#define INDEX_MAX ((UINT64_C(1) << 47) - 1)

/* Newest index of one SSRC, and which of the last 64 were seen. */
struct seal_line {
	uint32_t ssrc;
	bool used;
	uint64_t newest, seen;
	uint64_t touched;
};

/* RTP or RTCP in one direction. */
struct session {
	EVP_CIPHER_CTX *cipher;
	EVP_MAC_CTX *mac; /* NULL with GCM */
	uint8_t salt[SALT_CM];
	bool encrypts;
	uint64_t clock;
	struct seal_line lines[LINES];
};

struct seal {
	enum seal_profile profile;
	struct session sessions[2][2]; /* [out][rtcp] */
};

/* One packet on its way through: where its parts are. */
struct job {
	uint8_t *bytes;
	size_t head, body; /* not encrypted; encrypted, without tag and index word */
	uint32_t ssrc;
	uint64_t index;
	uint8_t word[4]; /* E bit and index of SRTCP */
	bool rtcp;
};

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

size_t seal_key_size(enum seal_profile profile)
{
	(void)profile;
	return KEY;
}

size_t seal_salt_size(enum seal_profile profile)
{
	return profile == SEAL_GCM_128 ? SALT_GCM : SALT_CM;
}

/* RFC 3711 4.3: key stream of the master key under the master salt with the label in it. */
static int derive(const uint8_t *master, size_t salt_size, uint8_t label, uint8_t *dst, size_t n)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	uint8_t iv[16] = { 0 }, zeros[32] = { 0 };
	int size;
	bool ok;

	memcpy(iv, master + KEY, salt_size);
	iv[7] ^= label;
	ok = c && EVP_EncryptInit_ex(c, EVP_aes_128_ctr(), NULL, master, iv) &&
		EVP_EncryptUpdate(c, dst, &size, zeros, (int)n);
	EVP_CIPHER_CTX_free(c);
	return ok ? 0 : -E_SYSTEM;
}

static EVP_MAC_CTX *mac_new(const uint8_t key[SHA1_SIZE])
{
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA1", 0),
		OSSL_PARAM_construct_end() };
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *c = EVP_MAC_CTX_new(hmac);

	EVP_MAC_free(hmac);
	if (c && EVP_MAC_init(c, key, SHA1_SIZE, params))
		return c;
	EVP_MAC_CTX_free(c);
	return NULL;
}

static int session_init(struct session *s, enum seal_profile profile, const uint8_t *master, bool rtcp)
{
	size_t salt_size = seal_salt_size(profile);
	uint8_t label = rtcp ? 3 : 0, key[KEY], mac_key[SHA1_SIZE];
	const EVP_CIPHER *kind = profile == SEAL_GCM_128 ? EVP_aes_128_gcm() : EVP_aes_128_ctr();
	bool encrypts = s->encrypts || profile == SEAL_SHA1_80;

	if (derive(master, salt_size, label, key, sizeof(key)) ||
		derive(master, salt_size, (uint8_t)(label + 1), mac_key, sizeof(mac_key)) ||
		derive(master, salt_size, (uint8_t)(label + 2), s->salt, salt_size))
		return -E_SYSTEM;
	s->cipher = EVP_CIPHER_CTX_new();
	if (profile == SEAL_SHA1_80)
		s->mac = mac_new(mac_key);
	if (!s->cipher || !EVP_CipherInit_ex(s->cipher, kind, NULL, key, NULL, encrypts) ||
		(profile == SEAL_SHA1_80 && !s->mac))
		return -E_SYSTEM;
	OPENSSL_cleanse(key, sizeof(key));
	OPENSSL_cleanse(mac_key, sizeof(mac_key));
	return 0;
}

int seal_new(const struct seal_keys *keys, struct seal **ret_seal)
{
	struct seal *s = mem_alloc(sizeof(*s));
	int err = 0;

	s->profile = keys->profile;
	for (int i = 0; i < 4 && !err; i++) {
		struct session *session = &s->sessions[i & 1][i >> 1];

		session->encrypts = i & 1;
		err = session_init(session, keys->profile, i & 1 ? keys->ours : keys->theirs, i >> 1);
	}
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
	for (int i = 0; i < 4; i++) {
		EVP_CIPHER_CTX_free(s->sessions[i & 1][i >> 1].cipher);
		EVP_MAC_CTX_free(s->sessions[i & 1][i >> 1].mac);
	}
	OPENSSL_cleanse(s, sizeof(*s));
	free(s);
}

static struct seal_line *find_line(struct session *s, uint32_t ssrc)
{
	for (size_t i = 0; i < LINES; i++)
		if (s->lines[i].used && s->lines[i].ssrc == ssrc)
			return &s->lines[i];
	return NULL;
}

/* The SSRC's line, in place of the longest untouched one when it is new. */
static struct seal_line *take_line(struct session *s, uint32_t ssrc, uint64_t index)
{
	struct seal_line *line = find_line(s, ssrc), *oldest = &s->lines[0];

	for (size_t i = 1; !line && i < LINES; i++)
		if (s->lines[i].touched < oldest->touched)
			oldest = &s->lines[i];
	if (!line) {
		*oldest = (struct seal_line){ .ssrc = ssrc, .used = true, .newest = index };
		line = oldest;
	}
	line->touched = ++s->clock;
	return line;
}

/* RFC 3711 3.3.1: the index with these lower 16 bits that is nearest to the newest. */
static uint64_t guess_index(const struct seal_line *line, uint16_t seq)
{
	uint64_t index;

	if (!line)
		return seq;
	index = (line->newest & ~UINT64_C(0xffff)) | seq;
	if (index > line->newest + 0x8000 && index >= 0x10000)
		return index - 0x10000;
	if (index + 0x8000 < line->newest)
		return index + 0x10000;
	return index;
}

static bool was_seen(const struct seal_line *line, uint64_t index)
{
	uint64_t behind;

	if (!line || index > line->newest)
		return false;
	behind = line->newest - index;
	return behind >= WINDOW || line->seen >> behind & 1;
}

static void mark_seen(struct session *s, const struct job *j)
{
	struct seal_line *line = take_line(s, j->ssrc, j->index);

	if (j->index > line->newest) {
		uint64_t ahead = j->index - line->newest;

		line->seen = ahead < WINDOW ? line->seen << ahead : 0;
		line->newest = j->index;
	}
	line->seen |= UINT64_C(1) << (line->newest - j->index);
}

/* Bytes of an RTP header with contributors and extension; 0 when it does not fit. */
static size_t rtp_head(const uint8_t *p, size_t n)
{
	size_t head = RTP_HEAD + 4 * (size_t)(p[0] & 15);

	if (p[0] & 0x10) {
		if (n < head + 4)
			return 0;
		head += 4 + 4 * ((size_t)p[head + 2] << 8 | p[head + 3]);
	}
	return head <= n ? head : 0;
}

/* Splits a packet of n bytes without tag and index word. */
static bool split(struct job *j, size_t n)
{
	if (n < (j->rtcp ? RTCP_HEAD : RTP_HEAD) || j->bytes[0] >> 6 != 2)
		return false;
	j->head = j->rtcp ? RTCP_HEAD : rtp_head(j->bytes, n);
	j->body = n - j->head;
	j->ssrc = get32(j->bytes + (j->rtcp ? 4 : 8));
	return j->head;
}

static void iv_gcm(const struct session *s, const struct job *j, uint8_t iv[12])
{
	memcpy(iv, s->salt, 12);
	for (int i = 0; i < 4; i++)
		iv[2 + i] ^= (uint8_t)(j->ssrc >> (24 - 8 * i));
	for (int i = 0; i < 6; i++)
		iv[6 + i] ^= (uint8_t)(j->index >> (40 - 8 * i));
}

static void iv_cm(const struct session *s, const struct job *j, uint8_t iv[16])
{
	memset(iv, 0, 16);
	memcpy(iv, s->salt, SALT_CM);
	for (int i = 0; i < 4; i++)
		iv[4 + i] ^= (uint8_t)(j->ssrc >> (24 - 8 * i));
	for (int i = 0; i < 6; i++)
		iv[8 + i] ^= (uint8_t)(j->index >> (40 - 8 * i));
}

/* Either way; the tag stands or will stand behind the body. */
static int run_gcm(struct session *s, const struct job *j)
{
	uint8_t iv[12], *body = j->bytes + j->head, *tag = body + j->body;
	EVP_CIPHER_CTX *c = s->cipher;
	int n;

	iv_gcm(s, j, iv);
	if (!EVP_CipherInit_ex(c, NULL, NULL, NULL, iv, -1) ||
		(!s->encrypts && !EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG_GCM, tag)) ||
		!EVP_CipherUpdate(c, NULL, &n, j->bytes, (int)j->head) ||
		(j->rtcp && !EVP_CipherUpdate(c, NULL, &n, j->word, 4)) ||
		(j->body && !EVP_CipherUpdate(c, body, &n, body, (int)j->body)) ||
		!EVP_CipherFinal_ex(c, tag, &n))
		return -E_AUTH;
	return !s->encrypts || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG_GCM, tag) ? 0 : -E_SYSTEM;
}

static int run_cm(struct session *s, const struct job *j)
{
	uint8_t iv[16], *body = j->bytes + j->head;
	int n;

	iv_cm(s, j, iv);
	return EVP_CipherInit_ex(s->cipher, NULL, NULL, NULL, iv, -1) &&
			(!j->body || EVP_CipherUpdate(s->cipher, body, &n, body, (int)j->body))
		? 0
		: -E_SYSTEM;
}

/* HMAC over the packet and then the index word, or the upper part of the index that RTP does not carry. */
static int hmac(struct session *s, const struct job *j, uint8_t tag[SHA1_SIZE])
{
	uint8_t upper[4];
	size_t n;

	put32(upper, (uint32_t)(j->index >> 16));
	return EVP_MAC_init(s->mac, NULL, 0, NULL) && EVP_MAC_update(s->mac, j->bytes, j->head + j->body) &&
			EVP_MAC_update(s->mac, j->rtcp ? j->word : upper, 4) &&
			EVP_MAC_final(s->mac, tag, &n, SHA1_SIZE)
		? 0
		: -E_SYSTEM;
}

/* Behind the body: tag, then word with GCM; word, then tag otherwise. */
static int protect_gcm(struct session *s, const struct job *j, size_t *n)
{
	int err = run_gcm(s, j);

	*n = j->head + j->body + TAG_GCM;
	if (j->rtcp) {
		memcpy(j->bytes + *n, j->word, 4);
		*n += 4;
	}
	return err;
}

static int protect_cm(struct session *s, const struct job *j, size_t *n)
{
	uint8_t tag[SHA1_SIZE];
	int err = run_cm(s, j);

	if (!err)
		err = hmac(s, j, tag);
	if (err)
		return err;
	*n = j->head + j->body;
	if (j->rtcp) {
		memcpy(j->bytes + *n, j->word, 4);
		*n += 4;
	}
	memcpy(j->bytes + *n, tag, TAG_SHA1);
	*n += TAG_SHA1;
	return 0;
}

static int unprotect_cm(struct session *s, const struct job *j)
{
	const uint8_t *theirs = j->bytes + j->head + j->body + (j->rtcp ? 4 : 0);
	uint8_t ours[SHA1_SIZE];
	int err = hmac(s, j, ours);

	if (err)
		return err;
	return CRYPTO_memcmp(ours, theirs, TAG_SHA1) ? -E_AUTH : run_cm(s, j);
}

int seal_protect(struct seal *seal, uint8_t *bytes, size_t *n, bool rtcp)
{
	struct session *s = &seal->sessions[1][rtcp];
	struct job j = { .bytes = bytes, .rtcp = rtcp };
	const struct seal_line *line;
	int err;

	if (!split(&j, *n))
		return -E_SYNTAX;
	line = find_line(s, j.ssrc);
	if (rtcp)
		j.index = line ? line->newest + 1 : 1;
	else
		j.index = guess_index(line, (uint16_t)(bytes[2] << 8 | bytes[3]));
	if (was_seen(line, j.index) || j.index > (rtcp ? ENCRYPTED - 1 : INDEX_MAX))
		return -E_EXISTS;
	put32(j.word, ENCRYPTED | (uint32_t)j.index);
	mark_seen(s, &j);
	err = seal->profile == SEAL_GCM_128 ? protect_gcm(s, &j, n) : protect_cm(s, &j, n);
	return err;
}

/* Where index word and body end; false when the packet is too short or not encrypted. */
static bool read_trailer(const struct seal *seal, struct job *j, size_t n)
{
	bool gcm = seal->profile == SEAL_GCM_128;
	size_t tag = gcm ? TAG_GCM : TAG_SHA1, trailer = tag + (j->rtcp ? 4 : 0);

	if (n < trailer || !split(j, n - trailer))
		return false;
	if (!j->rtcp)
		return true;
	memcpy(j->word, j->bytes + n - 4 - (gcm ? 0 : tag), 4);
	j->index = get32(j->word) & (ENCRYPTED - 1);
	return get32(j->word) & ENCRYPTED;
}

int seal_unprotect(struct seal *seal, uint8_t *bytes, size_t *n, bool rtcp)
{
	struct session *s = &seal->sessions[0][rtcp];
	struct job j = { .bytes = bytes, .rtcp = rtcp };
	const struct seal_line *line;
	int err;

	if (!read_trailer(seal, &j, *n))
		return -E_SYNTAX;
	line = find_line(s, j.ssrc);
	if (!rtcp)
		j.index = guess_index(line, (uint16_t)(bytes[2] << 8 | bytes[3]));
	if (was_seen(line, j.index))
		return -E_EXISTS;
	err = seal->profile == SEAL_GCM_128 ? run_gcm(s, &j) : unprotect_cm(s, &j);
	if (err)
		return err;
	mark_seen(s, &j);
	*n = j.head + j.body;
	return 0;
}
