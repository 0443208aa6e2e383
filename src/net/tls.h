#ifndef LX_NET_TLS_H
#define LX_NET_TLS_H

#include "base/err.h"

#include <openssl/ssl.h>

/* What TLS streams of one kind share: certificate and key, or whom a client trusts. TLS 1.2 and 1.3, ALPN
 * http/1.1. Any thread may use it; the owner frees it when he likes, streams keep what they need. */
struct tls;

/* PEM files, the certificate with its chain. -E_NOT_FOUND, -E_INVALID (with fault) when they do not fit. */
int tls_server_new(
	const char *cert_path, const char *key_path, struct tls **ret_tls, struct fault *reterr_) MUST_CHECK;
/* Reads the files again; new streams use them. On failure the old ones stay. */
int tls_reload(struct tls *tls, struct fault *reterr_) MUST_CHECK;

/* For clients. ca_path NULL accepts any certificate: for robots and tests on loopback. */
int tls_client_new(const char *ca_path, struct tls **ret_tls, struct fault *reterr_) MUST_CHECK;

void *tls_free(struct tls *tls); /* NULL allowed; returns NULL */

/* A fresh session of it that the caller frees; NULL when out of memory. */
SSL *tls_session(struct tls *tls);

#endif
