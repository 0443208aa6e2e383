/* TLS contexts. The context is swapped as a whole on reload; sessions hold their own reference, so streams
 * that are open keep the old certificate. */
#include "net/tls.h"

#include "base/mem.h"

#include <openssl/err.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct tls {
	pthread_mutex_t lock; /* of ctx */
	SSL_CTX *ctx;
	char *cert_path, *key_path; /* servers */
};

static int refuse(struct fault *reterr_, const char *field, const char *what)
{
	char reason[160] = "unknown reason";
	unsigned long code = ERR_get_error();
	if (code)
		ERR_error_string_n(code, reason, sizeof(reason));
	ERR_clear_error();
	return fault_set(reterr_, "tls", field, "%s: %s", what, reason);
}

static int choose_http(SSL *ssl, const unsigned char **ret_out, unsigned char *ret_n, const unsigned char *in,
	unsigned n, void *arg)
{
	static const unsigned char ours[] = "\x08http/1.1";
	(void)ssl;
	(void)arg;
	unsigned char *chosen;
	if (SSL_select_next_proto(&chosen, ret_n, ours, sizeof(ours) - 1, in, n) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*ret_out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *ctx_new(const SSL_METHOD *method)
{
	SSL_CTX *ctx = SSL_CTX_new(method);
	if (!ctx)
		return NULL;
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(
		ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	return ctx;
}

static void ctx_freep(SSL_CTX **ctx)
{
	SSL_CTX_free(*ctx);
}

static int load(const char *cert_path, const char *key_path, SSL_CTX **ret_ctx, struct fault *reterr_)
{
	CLEANUP(ctx_freep) SSL_CTX *ctx = ctx_new(TLS_server_method());
	if (!ctx)
		return -E_NOMEM;
	if (access(cert_path, R_OK) || access(key_path, R_OK)) {
		fault_set(reterr_, "not_found", "certificate", "cannot read %s or %s", cert_path, key_path);
		return -E_NOT_FOUND;
	}
	if (SSL_CTX_use_certificate_chain_file(ctx, cert_path) != 1)
		return refuse(reterr_, "certificate", cert_path);
	if (SSL_CTX_use_PrivateKey_file(ctx, key_path, SSL_FILETYPE_PEM) != 1)
		return refuse(reterr_, "key", key_path);
	SSL_CTX_set_alpn_select_cb(ctx, choose_http, NULL);
	SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"lingxi", 6);
	*ret_ctx = TAKE(ctx);
	return 0;
}

int tls_server_new(const char *cert_path, const char *key_path, struct tls **ret_tls, struct fault *reterr_)
{
	SSL_CTX *ctx;
	int e = load(cert_path, key_path, &ctx, reterr_);
	if (e)
		return e;
	struct tls *tls = mem_alloc(sizeof(*tls));
	pthread_mutex_init(&tls->lock, NULL);
	tls->ctx = ctx;
	tls->cert_path = mem_strdup(cert_path);
	tls->key_path = mem_strdup(key_path);
	*ret_tls = tls;
	return 0;
}

int tls_reload(struct tls *tls, struct fault *reterr_)
{
	SSL_CTX *ctx;
	int e = load(tls->cert_path, tls->key_path, &ctx, reterr_);
	if (e)
		return e;
	pthread_mutex_lock(&tls->lock);
	SSL_CTX *old = tls->ctx;
	tls->ctx = ctx;
	pthread_mutex_unlock(&tls->lock);
	SSL_CTX_free(old);
	return 0;
}

int tls_client_new(const char *ca_path, struct tls **ret_tls, struct fault *reterr_)
{
	static const unsigned char http[] = "\x08http/1.1";
	CLEANUP(ctx_freep) SSL_CTX *ctx = ctx_new(TLS_client_method());
	if (!ctx)
		return -E_NOMEM;
	if (ca_path) {
		if (SSL_CTX_load_verify_locations(ctx, ca_path, NULL) != 1)
			return refuse(reterr_, "ca", ca_path);
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	}
	SSL_CTX_set_alpn_protos(ctx, http, sizeof(http) - 1);
	struct tls *tls = mem_alloc(sizeof(*tls));
	pthread_mutex_init(&tls->lock, NULL);
	tls->ctx = TAKE(ctx);
	*ret_tls = tls;
	return 0;
}

void *tls_free(struct tls *tls)
{
	if (!tls)
		return NULL;
	SSL_CTX_free(tls->ctx);
	pthread_mutex_destroy(&tls->lock);
	free(tls->cert_path);
	free(tls->key_path);
	free(tls);
	return NULL;
}

SSL *tls_session(struct tls *tls)
{
	pthread_mutex_lock(&tls->lock);
	SSL *ssl = SSL_new(tls->ctx);
	pthread_mutex_unlock(&tls->lock);
	if (!ssl)
		return NULL;
	if (tls->cert_path)
		SSL_set_accept_state(ssl);
	else
		SSL_set_connect_state(ssl);
	return ssl;
}
