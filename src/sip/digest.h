#ifndef LX_SIP_DIGEST_H
#define LX_SIP_DIGEST_H

#include "base/buf.h"
#include "sip/msg.h"

/* Digest authentication (RFC 7616, RFC 8760 for SIP), with MD5 and SHA-256, both sides. */

enum digest_algorithm { DIGEST_MD5, DIGEST_SHA256, DIGEST__MAX };
enum { DIGEST_HEX_SIZE = 65 };

/* Which challenges a server sends. RFC 8760 wants the best first and clients that take the first they know;
 * clients older than it take the first whatever it is, or the last. Answers to either are always taken. */
enum digest_order { DIGEST_ORDER_SHA256_FIRST, DIGEST_ORDER_MD5_FIRST, DIGEST_ORDER_MD5_ONLY };

const char *digest_algorithm_name(enum digest_algorithm algorithm);
/* An absent name is MD5; -E_UNSUPPORTED for one we do not know. */
int digest_algorithm_of(struct str name, enum digest_algorithm *ret_algorithm) MUST_CHECK;

/* HA1 = H(user:realm:password) as lower-case hexadecimal: what is stored instead of a password. */
void digest_ha1(enum digest_algorithm algorithm, struct str user, struct str realm, struct str password,
	char ret_hex[DIGEST_HEX_SIZE]);

/* The response of RFC 7616 3.4.1 with qop=auth, or of RFC 2069 when qop is empty. */
struct digest_input {
	enum digest_algorithm algorithm;
	struct str ha1, method, uri, nonce, nc, cnonce, qop;
};
void digest_response(const struct digest_input *in, char ret_hex[DIGEST_HEX_SIZE]);

/* Client side: what we know of the peers that challenged us in one session; keep it beside the dialog so that
 * ACK, BYE and re-INVITE carry credentials without being challenged again. Zeroed it knows nobody. */
enum { DIGEST_REALMS_MAX = 4 };

struct digest_realm {
	bool proxy; /* challenged by 407 */
	enum digest_algorithm algorithm;
	bool has_qop, has_opaque;
	char realm[128], nonce[256], opaque[256]; /* as they came, escapes included */
	uint32_t nc;
};

struct digest_client {
	struct digest_realm realms[DIGEST_REALMS_MAX];
	size_t n;
	unsigned refused, stale; /* challenges in a row */
};

struct digest_credentials {
	struct str user, password;
};

/* Learns the challenges of a 401 or 407 (all headers of both kinds; of one realm the strongest algorithm we
 * know). 0: send the request again with digest_client_add(). -E_AUTH when what we sent was refused, so that
 * nobody loops; -E_UNSUPPORTED when there is no challenge that we can answer. */
int digest_client_learn(struct digest_client *c, const struct sip_msg *response) MUST_CHECK;
/* Tell it of any other final response: the credentials are good, a later challenge is a new one. */
void digest_client_accepted(struct digest_client *c);
/* Appends Authorization and Proxy-Authorization header lines for every realm known; each call counts nc up.
 */
void digest_client_add(struct digest_client *c, const struct digest_credentials *credentials,
	struct str method, struct str uri, struct buf *out);

/* Server side: nonces carry their time and a keyed hash; what is remembered is a table of the counts in use.
 * One thread owns it. */
struct digest_server;

/* The realm is copied. nonce_life_us: after it a right answer gets stale=true. */
struct digest_server *digest_server_new(struct str realm, int64_t nonce_life_us);
void *digest_server_free(struct digest_server *s); /* NULL allowed; returns NULL */

/* Finds the HA1 of a user: 0, or -E_NOT_FOUND. */
typedef int (*digest_lookup_fn)(
	void *arg, struct str user, enum digest_algorithm algorithm, char ret_hex[DIGEST_HEX_SIZE]);

struct digest_check {
	digest_lookup_fn lookup;
	void *arg;
	int64_t now_us;
	bool proxy; /* Proxy-Authorization instead of Authorization */
};

/* Checks a request other than ACK and CANCEL, which cannot be challenged. 0: it is *ret_user, a view, which
 * is set whenever credentials were looked at.
 * -E_UNAUTHORIZED: challenge, with *ret_stale; -E_AUTH: wrong password or unknown user: challenge and count.
 * The uri parameter is hashed but need not be the request's: proxies rewrite it, and a nonce count is taken
 * once only. */
int digest_server_check(struct digest_server *s, const struct digest_check *check,
	const struct sip_msg *request, struct str *ret_user, bool *ret_stale) MUST_CHECK;

struct digest_challenge {
	int64_t now_us;
	bool proxy;
	bool stale;
	enum digest_order order;
};
/* Appends one header line per algorithm with one fresh nonce. */
void digest_server_challenge(
	struct digest_server *s, const struct digest_challenge *challenge, struct buf *out);

#endif
