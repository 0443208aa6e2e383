/* P-256 keys; the authority lives ten years, its server certificate 397 days and is replaced thirty days
 * before its end, or as soon as the machine has an address it does not name. Browsers ask for the names in
 * subjectAltName, strict verifiers for both key identifiers. Each file is replaced by renaming, the server's
 * key and certificate are one file, so no reader ever sees halves that do not fit. */
#include "net/authority.h"

#include "base/buf.h"
#include "base/id.h"
#include "base/mem.h"
#include "net/addr.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_S INT64_C(86400)
#define CA_DAYS 3650
#define SERVER_DAYS 397
#define RENEW_DAYS 30
#define CA_KEY "ca.key"
#define NAMES_MAX 48
#define SERIAL_BYTES 16
#define PEM_MAX_BYTES 65536

/* A key with its certificate. */
struct pair {
	EVP_PKEY *key;
	X509 *cert;
};

/* Whom the certificate is made out to: host names first, then addresses as text. */
struct names {
	char host[65];
	char texts[NAMES_MAX][ADDR_STRLEN];
	size_t n;
};

struct work {
	const struct authority_opts *opts;
	struct names names;
	struct fault *fault;
};

static void pair_done(struct pair *p)
{
	EVP_PKEY_free(p->key);
	X509_free(p->cert);
}

static void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void bio_freep(BIO **bio)
{
	BIO_free(*bio);
}

static int failed(const struct work *w, const char *name)
{
	int err = errno ? err_from_errno(errno) : -E_IO;
	fault_set(w->fault, "tls", "data", "cannot make %s/%s: %s", w->opts->dir, name, err_text(err));
	return err;
}

/* Names. */

static void add_name(struct names *names, const char *text)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->texts[i], text) == 0)
			return;
	if (names->n < NAMES_MAX)
		snprintf(names->texts[names->n++], ADDR_STRLEN, "%s", text);
}

static void add_machine(struct names *names)
{
	struct ifaddrs *all = NULL;
	struct addr addr;
	char text[ADDR_STRLEN];
	if (getifaddrs(&all) != 0)
		return;
	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		if (!i->ifa_addr || !(i->ifa_flags & IFF_UP))
			continue;
		addr_from_sockaddr(i->ifa_addr, &addr);
		bool local_link = addr_is_v6(&addr) && IN6_IS_ADDR_LINKLOCAL(&addr.v6.sin6_addr);
		if (addr_is_set(&addr) && !local_link)
			add_name(names, addr_to_host(&addr, text));
	}
	freeifaddrs(all);
}

/* A host name that is none in DNS's sense stays out: it would have to be quoted. */
static bool is_host_name(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");
	return n && !text[n] && text[0] != '.' && text[0] != '-';
}

static void find_names(const struct authority_opts *opts, struct names *ret_names)
{
	struct addr addr;
	char text[ADDR_STRLEN];
	*ret_names = (struct names){ .n = 0 };
	if (gethostname(ret_names->host, sizeof(ret_names->host) - 1) || !is_host_name(ret_names->host))
		snprintf(ret_names->host, sizeof(ret_names->host), "localhost");
	add_name(ret_names, "127.0.0.1");
	add_name(ret_names, "::1");
	for (size_t i = 0; i < opts->n_addrs; i++) {
		if (addr_from_string(str_from(opts->addrs[i]), &addr))
			continue;
		if (addr_is_any(&addr))
			add_machine(ret_names);
		else
			add_name(ret_names, addr_to_host(&addr, text));
	}
}

static bool is_for(const X509 *cert, const struct names *names)
{
	X509 *c = (X509 *)cert; /* OpenSSL fills its cache */
	if (X509_check_host(c, names->host, 0, 0, NULL) != 1 ||
		X509_check_host(c, "localhost", 0, 0, NULL) != 1)
		return false;
	for (size_t i = 0; i < names->n; i++)
		if (X509_check_ip_asc(c, names->texts[i], 0) != 1)
			return false;
	return true;
}

static bool lives_on(const X509 *cert, int64_t now_ms)
{
	time_t soon = (time_t)(now_ms / 1000 + RENEW_DAYS * DAY_S), now = (time_t)(now_ms / 1000);
	return X509_cmp_time(X509_get0_notAfter(cert), &soon) > 0 &&
		X509_cmp_time(X509_get0_notBefore(cert), &now) < 0;
}

/* Files. */

static char *path_of(const struct work *w, const char *name)
{
	return mem_printf("%s/%s", w->opts->dir, name);
}

static int write_file(const struct work *w, const char *name, mode_t mode, BIO *pem)
{
	CLEANUP(mem_freep) char *path = path_of(w, name);
	CLEANUP(mem_freep) char *temp = mem_printf("%s.new", path);
	CLEANUP(closep) int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	char *bytes;
	long n = BIO_get_mem_data(pem, &bytes);
	if (fd < 0 || fchmod(fd, mode) || write(fd, bytes, (size_t)n) != n || fsync(fd) || rename(temp, path))
		return failed(w, name);
	return 0;
}

static int save(const struct work *w, const char *name, mode_t mode, const struct pair *p)
{
	CLEANUP(bio_freep) BIO *pem = BIO_new(BIO_s_secmem());
	bool good = pem && (!p->key || PEM_write_bio_PrivateKey(pem, p->key, NULL, NULL, 0, NULL, NULL)) &&
		(!p->cert || PEM_write_bio_X509(pem, p->cert));
	errno = 0;
	return good ? write_file(w, name, mode, pem) : failed(w, name);
}

static BIO *open_pem(const struct work *w, const char *name)
{
	CLEANUP(mem_freep) char *path = path_of(w, name);
	return BIO_new_file(path, "r");
}

/* What is there; false unless key and certificate fit each other. */
static bool load(const struct work *w, const char *key_name, const char *cert_name, struct pair *ret_pair)
{
	CLEANUP(bio_freep) BIO *key = open_pem(w, key_name);
	CLEANUP(bio_freep) BIO *cert = open_pem(w, cert_name);
	*ret_pair = (struct pair){ .key = NULL };
	if (!key || !cert)
		return false;
	ret_pair->key = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
	ret_pair->cert = PEM_read_bio_X509(cert, NULL, NULL, NULL);
	return ret_pair->key && ret_pair->cert && X509_check_private_key(ret_pair->cert, ret_pair->key) == 1;
}

/* Certificates. */

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	bool good = ext && X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	return good;
}

static bool set_subject(X509 *cert, const char *format, const char *host)
{
	char name[65]; /* the longest that X.520 allows */
	snprintf(name, sizeof(name), format, host);
	X509_NAME *subject = X509_get_subject_name(cert);
	return X509_NAME_add_entry_by_txt(
		       subject, "O", MBSTRING_UTF8, (const unsigned char *)"Lingxi", -1, -1, 0) &&
		X509_NAME_add_entry_by_txt(
			subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
}

/* A fresh key and a certificate for it, from yesterday on because clocks differ; neither signed nor named. */
static bool begin(struct pair *p, int64_t now_ms, int days)
{
	unsigned char serial[SERIAL_BYTES];
	time_t now = (time_t)(now_ms / 1000);
	id_random(serial, sizeof(serial));
	serial[0] = (serial[0] & 0x3f) | 0x40; /* positive and of one length */
	BIGNUM *number = BN_bin2bn(serial, sizeof(serial), NULL);
	*p = (struct pair){ .key = EVP_EC_gen("P-256"), .cert = X509_new() };
	bool good = number && p->key && p->cert && X509_set_version(p->cert, X509_VERSION_3) &&
		BN_to_ASN1_INTEGER(number, X509_get_serialNumber(p->cert)) &&
		X509_time_adj_ex(X509_getm_notBefore(p->cert), -1, 0, &now) &&
		X509_time_adj_ex(X509_getm_notAfter(p->cert), days - 1, 0, &now) &&
		X509_set_pubkey(p->cert, p->key);
	BN_free(number);
	return good;
}

static bool make_ca(const struct work *w, struct pair *p)
{
	return begin(p, w->opts->now_ms, CA_DAYS) &&
		set_subject(p->cert, "Lingxi local authority %.40s", w->names.host) &&
		X509_set_issuer_name(p->cert, X509_get_subject_name(p->cert)) &&
		add_extension(p->cert, p->cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
		add_extension(p->cert, p->cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
		add_extension(p->cert, p->cert, NID_subject_key_identifier, "hash") &&
		X509_sign(p->cert, p->key, EVP_sha256()) > 0;
}

static bool add_names(X509 *cert, X509 *issuer, const struct names *names)
{
	struct buf text;
	buf_init(&text, PEM_MAX_BYTES);
	buf_printf(&text, "DNS:localhost");
	if (strcmp(names->host, "localhost") != 0)
		buf_printf(&text, ",DNS:%s", names->host);
	for (size_t i = 0; i < names->n; i++)
		buf_printf(&text, ",IP:%s", names->texts[i]);
	buf_addc(&text, '\0');
	bool good = !text.err && add_extension(cert, issuer, NID_subject_alt_name, text.p);
	buf_done(&text);
	return good;
}

static bool make_server(const struct work *w, const struct pair *ca, struct pair *p)
{
	return begin(p, w->opts->now_ms, SERVER_DAYS) && set_subject(p->cert, "%.64s", w->names.host) &&
		X509_set_issuer_name(p->cert, X509_get_subject_name(ca->cert)) &&
		add_extension(p->cert, ca->cert, NID_basic_constraints, "critical,CA:FALSE") &&
		add_extension(p->cert, ca->cert, NID_key_usage, "critical,digitalSignature") &&
		add_extension(p->cert, ca->cert, NID_ext_key_usage, "serverAuth") &&
		add_extension(p->cert, ca->cert, NID_subject_key_identifier, "hash") &&
		add_extension(p->cert, ca->cert, NID_authority_key_identifier, "keyid:always") &&
		add_names(p->cert, ca->cert, &w->names) && X509_sign(p->cert, ca->key, EVP_sha256()) > 0;
}

static int ensure_ca(const struct work *w, struct pair *ca)
{
	if (load(w, CA_KEY, AUTHORITY_CERT, ca) && lives_on(ca->cert, w->opts->now_ms))
		return 0;
	pair_done(ca);
	errno = 0;
	if (!make_ca(w, ca))
		return failed(w, AUTHORITY_CERT);
	int err = save(w, CA_KEY, 0600, &(struct pair){ .key = ca->key });
	return err ? err : save(w, AUTHORITY_CERT, 0644, &(struct pair){ .cert = ca->cert });
}

static int ensure_server(const struct work *w, const struct pair *ca, bool *ret_renewed)
{
	struct pair old, fresh;
	bool good = load(w, AUTHORITY_SERVER, AUTHORITY_SERVER, &old) &&
		lives_on(old.cert, w->opts->now_ms) && X509_verify(old.cert, ca->key) == 1 &&
		is_for(old.cert, &w->names);
	pair_done(&old);
	*ret_renewed = !good;
	if (good)
		return 0;
	errno = 0;
	int err = make_server(w, ca, &fresh) ? save(w, AUTHORITY_SERVER, 0600, &fresh)
					     : failed(w, AUTHORITY_SERVER);
	pair_done(&fresh);
	return err;
}

int authority_ensure(const struct authority_opts *opts, bool *ret_renewed, struct fault *reterr_)
{
	struct work w = { .opts = opts, .fault = reterr_ };
	struct pair ca = { .key = NULL };
	CLEANUP(mem_freep) char *path = path_of(&w, "lock");
	*ret_renewed = false;
	if (mkdir(opts->dir, 0700) && errno != EEXIST)
		return failed(&w, "");
	CLEANUP(closep) int lock = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0 || flock(lock, LOCK_EX))
		return failed(&w, "lock");
	find_names(opts, &w.names);
	int err = ensure_ca(&w, &ca);
	if (!err)
		err = ensure_server(&w, &ca, ret_renewed);
	pair_done(&ca);
	return err;
}
