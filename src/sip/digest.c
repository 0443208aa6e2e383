/* The hashing that both sides share, and the client. A realm of ours is never asked for twice in a row: the
 * second refusal in a row is the end, unless the server said the nonce was stale. */
#include "sip/digest.h"

#include "base/id.h"
#include "base/mem.h"
#include "sip/build.h"
#include "sip/field.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STALE_MAX 3

static const struct {
	const char *name;
	const EVP_MD *(*md)(void);
	size_t bytes;
} algorithms[] = {
	[DIGEST_MD5] = { "MD5", EVP_md5, 16 },
	[DIGEST_SHA256] = { "SHA-256", EVP_sha256, 32 },
};

const char *digest_algorithm_name(enum digest_algorithm algorithm)
{
	return algorithms[algorithm].name;
}

int digest_algorithm_of(struct str name, enum digest_algorithm *ret_algorithm)
{
	*ret_algorithm = DIGEST_MD5;
	if (!name.p)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++) {
		if (str_caseeqz(name, algorithms[i].name)) {
			*ret_algorithm = (enum digest_algorithm)i;
			return 0;
		}
	}
	return -E_UNSUPPORTED;
}

/* H(part:part:…) as hexadecimal. */
static void hash(
	enum digest_algorithm algorithm, const struct str *parts, size_t n, char ret_hex[DIGEST_HEX_SIZE])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ok = ctx && EVP_DigestInit_ex(ctx, algorithms[algorithm].md(), NULL);
	for (size_t i = 0; ok && i < n; i++)
		ok = (!i || EVP_DigestUpdate(ctx, ":", 1)) && EVP_DigestUpdate(ctx, parts[i].p, parts[i].n);
	ok = ok && EVP_DigestFinal_ex(ctx, sum, NULL);
	EVP_MD_CTX_free(ctx);
	if (!ok)
		abort(); /* no hash: no password may pass for right */
	str_hex(sum, algorithms[algorithm].bytes, ret_hex);
}

void digest_ha1(enum digest_algorithm algorithm, struct str user, struct str realm, struct str password,
	char ret_hex[DIGEST_HEX_SIZE])
{
	const struct str parts[] = { user, realm, password };
	hash(algorithm, parts, ARRAY_LEN(parts), ret_hex);
}

void digest_response(const struct digest_input *in, char ret_hex[DIGEST_HEX_SIZE])
{
	char ha2[DIGEST_HEX_SIZE];
	const struct str action[] = { in->method, in->uri };
	hash(in->algorithm, action, ARRAY_LEN(action), ha2);
	const struct str with_qop[] = { in->ha1, in->nonce, in->nc, in->cnonce, in->qop, str_from(ha2) };
	const struct str without[] = { in->ha1, in->nonce, str_from(ha2) };
	if (in->qop.n)
		hash(in->algorithm, with_qop, ARRAY_LEN(with_qop), ret_hex);
	else
		hash(in->algorithm, without, ARRAY_LEN(without), ret_hex);
}

/* Whether a comma-separated list has the word. */
static bool has_word(struct str list, const char *word)
{
	while (list.n)
		if (str_caseeqz(str_trim(str_cut(&list, ',')), word))
			return true;
	return false;
}

static int read_challenge(struct str value, struct digest_realm *ret_realm, bool *ret_stale)
{
	struct sip_auth auth;
	struct digest_realm r = { 0 };
	if (sip_auth_parse(value, &auth) || !str_caseeqz(auth.scheme, "Digest"))
		return -E_UNSUPPORTED;
	struct str qop = sip_auth_param(&auth, "qop"), opaque = sip_auth_param(&auth, "opaque");
	struct str nonce = sip_auth_param(&auth, "nonce");
	r.has_qop = qop.p && has_word(qop, "auth");
	r.has_opaque = opaque.p != NULL;
	if (digest_algorithm_of(sip_auth_param(&auth, "algorithm"), &r.algorithm) || (qop.p && !r.has_qop) ||
		!nonce.p || str_copy(sip_auth_param(&auth, "realm"), r.realm, sizeof(r.realm)) ||
		str_copy(nonce, r.nonce, sizeof(r.nonce)) || str_copy(opaque, r.opaque, sizeof(r.opaque)))
		return -E_UNSUPPORTED;
	*ret_stale = str_caseeqz(sip_auth_param(&auth, "stale"), "true");
	*ret_realm = r;
	return 0;
}

static struct digest_realm *find_realm(struct digest_client *c, const struct digest_realm *like)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->realms[i].proxy == like->proxy && !strcmp(c->realms[i].realm, like->realm))
			return &c->realms[i];
	return c->n < DIGEST_REALMS_MAX ? &c->realms[c->n++] : NULL;
}

/* Takes over the best challenge of each realm in the header lines of one kind; counts what it took. */
static size_t learn(struct digest_client *c, const struct sip_msg *response, enum sip_hdr hdr, bool *stale)
{
	const struct sip_header *h;
	size_t taken = 0;
	bool fresh[DIGEST_REALMS_MAX] = { false };
	for (size_t i = 0; (h = sip_msg_header(response, hdr, i)); i++) {
		struct digest_realm r;
		bool is_stale;
		if (read_challenge(h->value, &r, &is_stale))
			continue;
		r.proxy = hdr == SIP_HDR_PROXY_AUTHENTICATE;
		struct digest_realm *known = find_realm(c, &r);
		if (!known || (fresh[known - c->realms] && known->algorithm >= r.algorithm))
			continue;
		if (!strcmp(known->nonce, r.nonce))
			r.nc = known->nc;
		fresh[known - c->realms] = true;
		*known = r;
		*stale |= is_stale;
		taken++;
	}
	return taken;
}

int digest_client_learn(struct digest_client *c, const struct sip_msg *response)
{
	bool stale = false;
	size_t taken = learn(c, response, SIP_HDR_WWW_AUTHENTICATE, &stale);
	taken += learn(c, response, SIP_HDR_PROXY_AUTHENTICATE, &stale);
	if (!taken)
		return -E_UNSUPPORTED;
	if (stale)
		return ++c->stale > STALE_MAX ? -E_AUTH : 0;
	/* a proxy and the server behind it each have their turn */
	return ++c->refused > c->n ? -E_AUTH : 0;
}

void digest_client_accepted(struct digest_client *c)
{
	c->refused = c->stale = 0;
}

static void add_param(struct buf *out, const char *name, struct str value)
{
	buf_addz(out, name);
	buf_addz(out, "=\"");
	buf_adds(out, value);
	buf_addc(out, '"');
}

static void add_one(struct digest_realm *r, const struct digest_credentials *credentials,
	const struct digest_input *what, struct buf *out)
{
	char ha1[DIGEST_HEX_SIZE], response[DIGEST_HEX_SIZE], cnonce[21], nc[9];
	struct digest_input in = *what;
	digest_ha1(r->algorithm, credentials->user, str_from(r->realm), credentials->password, ha1);
	id_token(cnonce, sizeof(cnonce) - 1);
	snprintf(nc, sizeof(nc), "%08x", ++r->nc);
	in.algorithm = r->algorithm;
	in.ha1 = str_from(ha1);
	in.nonce = str_from(r->nonce);
	in.nc = str_from(nc);
	in.cnonce = str_from(cnonce);
	in.qop = r->has_qop ? STR("auth") : STR_NONE;
	digest_response(&in, response);

	buf_addz(out, sip_hdr_name(r->proxy ? SIP_HDR_PROXY_AUTHORIZATION : SIP_HDR_AUTHORIZATION));
	buf_addz(out, ": Digest username=");
	sip_build_quoted(out, credentials->user);
	add_param(out, ", realm", str_from(r->realm));
	add_param(out, ", nonce", in.nonce);
	add_param(out, ", uri", in.uri);
	add_param(out, ", response", str_from(response));
	buf_addz(out, ", algorithm=");
	buf_addz(out, algorithms[r->algorithm].name);
	if (r->has_qop) {
		add_param(out, ", cnonce", in.cnonce);
		buf_addz(out, ", qop=auth, nc=");
		buf_addz(out, nc);
	}
	if (r->has_opaque)
		add_param(out, ", opaque", str_from(r->opaque));
	buf_add(out, "\r\n", 2);
}

void digest_client_add(struct digest_client *c, const struct digest_credentials *credentials,
	struct str method, struct str uri, struct buf *out)
{
	const struct digest_input what = { .method = method, .uri = uri };
	for (size_t i = 0; i < c->n; i++)
		add_one(&c->realms[i], credentials, &what, out);
}
