/* DTLS with our own two BIOs: reading takes the one datagram at hand, writing hands each datagram on at once.
 * A memory BIO for writing would glue datagrams together. */
#include "media/dtls.h"

#include "base/mem.h"
#include "base/str.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#define MTU 1200
#define SERIAL_BITS 63
#define LIFE_S (400L * 24 * 3600)
#define EXPORT_LABEL "EXTRACTOR-dtls_srtp"
#define PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES"

struct dtls_context {
	SSL_CTX *ssl;
	BIO_METHOD *bio;
	char fingerprint[DTLS_FINGERPRINT_SIZE];
};

struct dtls {
	SSL *ssl;
	bool active, done, failed;
	dtls_send_fn send;
	void *arg;
	const uint8_t *in; /* the datagram being taken */
	size_t n_in;
};

static int bio_read(BIO *bio, char *dst, int size)
{
	struct dtls *d = BIO_get_data(bio);
	size_t n = d->n_in < (size_t)size ? d->n_in : (size_t)size;

	BIO_clear_retry_flags(bio);
	if (!n) {
		BIO_set_retry_read(bio);
		return -1; /* of a BIO method */
	}
	memcpy(dst, d->in, n);
	d->n_in = 0;
	return (int)n;
}

static int bio_write(BIO *bio, const char *bytes, int n)
{
	struct dtls *d = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	d->send(d->arg, (const uint8_t *)bytes, (size_t)n);
	return n;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
	(void)bio;
	(void)number;
	(void)pointer;
	switch (command) {
	case BIO_CTRL_FLUSH:
		return 1;
	case BIO_CTRL_DGRAM_QUERY_MTU:
	case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
		return MTU;
	default:
		return 0;
	}
}

static int bio_create(BIO *bio)
{
	BIO_set_init(bio, 1);
	return 1;
}

/* The fingerprint is checked later, when the answer is known; here any certificate will do. */
static int verify_later(int ok, X509_STORE_CTX *store)
{
	(void)ok;
	(void)store;
	return 1;
}

/* "sha-256 AB:CD:…" of a certificate. */
static int print_fingerprint(const X509 *cert, const EVP_MD *hash, const char *name, char *dst, size_t size)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n;
	int at = snprintf(dst, size, "%s ", name);

	if (!X509_digest(cert, hash, digest, &n))
		return -E_SYSTEM;
	for (unsigned i = 0; i < n && (size_t)at < size; i++)
		at += snprintf(dst + at, size - (size_t)at, "%s%02X", i ? ":" : "", digest[i]);
	return (size_t)at < size ? 0 : -E_LIMIT;
}

static X509 *make_certificate(EVP_PKEY *key)
{
	X509 *cert = X509_new();
	BIGNUM *serial = BN_new();
	X509_NAME *name = X509_get_subject_name(cert);
	bool ok = BN_rand(serial, SERIAL_BITS, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) &&
		BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(cert)) &&
		X509_set_version(cert, X509_VERSION_3) &&
		X509_gmtime_adj(X509_getm_notBefore(cert), -24 * 3600) &&
		X509_gmtime_adj(X509_getm_notAfter(cert), LIFE_S) && X509_set_pubkey(cert, key) &&
		X509_NAME_add_entry_by_txt(
			name, "CN", MBSTRING_ASC, (const unsigned char *)"lingxi", -1, -1, 0) &&
		X509_set_issuer_name(cert, name) && X509_sign(cert, key, EVP_sha256());

	BN_free(serial);
	if (ok)
		return cert;
	X509_free(cert);
	return NULL;
}

static int use_certificate(struct dtls_context *c)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = key ? make_certificate(key) : NULL;
	int err = -E_SYSTEM;

	if (cert && SSL_CTX_use_certificate(c->ssl, cert) == 1 && SSL_CTX_use_PrivateKey(c->ssl, key) == 1)
		err = print_fingerprint(
			cert, EVP_sha256(), "sha-256", c->fingerprint, sizeof(c->fingerprint));
	X509_free(cert);
	EVP_PKEY_free(key);
	return err;
}

static int set_up(struct dtls_context *c)
{
	c->ssl = SSL_CTX_new(DTLS_method());
	c->bio = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagram");
	if (!c->ssl || !c->bio)
		return -E_SYSTEM;
	BIO_meth_set_read(c->bio, bio_read);
	BIO_meth_set_write(c->bio, bio_write);
	BIO_meth_set_ctrl(c->bio, bio_ctrl);
	BIO_meth_set_create(c->bio, bio_create);
	SSL_CTX_set_min_proto_version(c->ssl, DTLS1_2_VERSION);
	SSL_CTX_set_options(c->ssl, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(c->ssl, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(c->ssl, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_verify(c->ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, verify_later);
	if (SSL_CTX_set_cipher_list(c->ssl, CIPHERS) != 1 || SSL_CTX_set_tlsext_use_srtp(c->ssl, PROFILES))
		return -E_SYSTEM;
	return use_certificate(c);
}

int dtls_context_new(struct dtls_context **ret_context)
{
	struct dtls_context *c = mem_alloc(sizeof(*c));
	int err = set_up(c);

	if (err) {
		dtls_context_free(c);
		return err;
	}
	*ret_context = c;
	return 0;
}

void dtls_context_free(struct dtls_context *c)
{
	if (!c)
		return;
	SSL_CTX_free(c->ssl);
	BIO_meth_free(c->bio);
	free(c);
}

const char *dtls_context_fingerprint(const struct dtls_context *c)
{
	return c->fingerprint;
}

int dtls_new(struct dtls_context *c, bool active, dtls_send_fn send, void *arg, struct dtls **ret_dtls)
{
	struct dtls *d = mem_alloc(sizeof(*d));
	BIO *bio = BIO_new(c->bio);

	d->ssl = SSL_new(c->ssl);
	if (!d->ssl || !bio) {
		SSL_free(d->ssl);
		BIO_free(bio);
		free(d);
		return -E_NOMEM;
	}
	d->active = active;
	d->send = send;
	d->arg = arg;
	BIO_set_data(bio, d);
	SSL_set_bio(d->ssl, bio, bio);
	SSL_set_mtu(d->ssl, MTU);
	if (active)
		SSL_set_connect_state(d->ssl);
	else
		SSL_set_accept_state(d->ssl);
	*ret_dtls = d;
	return 0;
}

void dtls_free(struct dtls *d)
{
	if (!d)
		return;
	if (d->done && !d->failed)
		SSL_shutdown(d->ssl);
	SSL_free(d->ssl);
	free(d);
}

void dtls_abandon(struct dtls *d)
{
	if (d)
		d->failed = true;
	dtls_free(d);
}

static int fail(struct dtls *d, int err)
{
	d->failed = true;
	return err;
}

/* Goes on as far as the bytes at hand allow. */
static int go_on(struct dtls *d)
{
	char nothing[64];
	int result, why;

	if (d->failed)
		return -E_CLOSED;
	ERR_clear_error();
	result = d->done ? SSL_read(d->ssl, nothing, sizeof(nothing)) : SSL_do_handshake(d->ssl);
	why = SSL_get_error(d->ssl, result);
	d->n_in = 0;
	if (result > 0) {
		d->done = true;
		return 0;
	}
	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
		return 0;
	return fail(d, why == SSL_ERROR_ZERO_RETURN || d->done ? -E_CLOSED : -E_AUTH);
}

int dtls_start(struct dtls *d)
{
	return go_on(d);
}

int dtls_take(struct dtls *d, const uint8_t *bytes, size_t n)
{
	d->in = bytes;
	d->n_in = n;
	return go_on(d);
}

int dtls_tick(struct dtls *d)
{
	if (d->done || d->failed)
		return 0;
	return DTLSv1_handle_timeout(d->ssl) < 0 ? fail(d, -E_AUTH) : 0;
}

bool dtls_is_done(const struct dtls *d)
{
	return d->done;
}

/* OpenSSL says SHA256 where SDP says sha-256; the weak ones of RFC 8122 are refused. */
static const EVP_MD *hash_by_name(struct str name)
{
	static const struct {
		const char *sdp;
		const EVP_MD *(*hash)(void);
	} hashes[] = { { "sha-1", EVP_sha1 }, { "sha-224", EVP_sha224 }, { "sha-256", EVP_sha256 },
		{ "sha-384", EVP_sha384 }, { "sha-512", EVP_sha512 } };

	for (size_t i = 0; i < ARRAY_LEN(hashes); i++)
		if (str_caseeqz(name, hashes[i].sdp))
			return hashes[i].hash();
	return NULL;
}

bool dtls_fingerprint_is(const struct dtls *d, const char *fingerprint)
{
	struct str rest = str_from(fingerprint);
	struct str name = str_cut(&rest, ' ');
	const EVP_MD *hash = hash_by_name(name);
	const X509 *cert = SSL_get0_peer_certificate(d->ssl);
	char ours[256];

	if (!hash || !cert || print_fingerprint(cert, hash, "", ours, sizeof(ours)))
		return false;
	return str_caseeqz(str_trim(rest), ours + 1);
}

int dtls_keys(const struct dtls *d, struct seal_keys *ret_keys)
{
	const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(d->ssl);
	uint8_t bytes[2 * SEAL_KEY_MAX], *client = ret_keys->ours, *server = ret_keys->theirs;
	size_t key, salt;

	if (!profile)
		return -E_UNSUPPORTED;
	memset(ret_keys, 0, sizeof(*ret_keys));
	ret_keys->profile = profile->id == SRTP_AEAD_AES_128_GCM ? SEAL_GCM_128 : SEAL_SHA1_80;
	key = seal_key_size(ret_keys->profile);
	salt = seal_salt_size(ret_keys->profile);
	if (SSL_export_keying_material(
		    d->ssl, bytes, 2 * (key + salt), EXPORT_LABEL, strlen(EXPORT_LABEL), NULL, 0, 0) != 1)
		return -E_SYSTEM;
	if (!d->active) {
		client = ret_keys->theirs;
		server = ret_keys->ours;
	}
	memcpy(client, bytes, key);
	memcpy(server, bytes + key, key);
	memcpy(client + key, bytes + 2 * key, salt);
	memcpy(server + key, bytes + 2 * key + salt, salt);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return 0;
}

/* Record: type 22, version, epoch 0; its first message: type 1. */
bool dtls_is_hello(const uint8_t *bytes, size_t n)
{
	return n > 13 && bytes[0] == 22 && !bytes[3] && !bytes[4] && bytes[13] == 1;
}
