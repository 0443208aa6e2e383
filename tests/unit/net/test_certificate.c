/* The local authority: made once, what it signs is renewed by time and by address and by nothing else,
 * damaged files are made again, and a listener shows the new certificate without a restart. */
#include "base/clock.h"
#include "base/mem.h"
#include "net/authority.h"
#include "net/certificate.h"
#include "net_fix.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)

struct place {
	char dir[64], tls[80];
	const char *addrs[2];
	int64_t now_ms;
};

static void place_init(struct place *p)
{
	fix_dir(p->dir, sizeof(p->dir));
	snprintf(p->tls, sizeof(p->tls), "%s/tls", p->dir);
	p->addrs[0] = "127.0.0.1:8443";
	p->addrs[1] = "192.0.2.10:8444";
	p->now_ms = clock_wall_ms();
}

static char *path_of(const struct place *p, const char *name)
{
	return mem_printf("%s/%s", p->tls, name);
}

static void place_done(struct place *p)
{
	static const char *const names[] = { "ca.crt", "ca.key", "server.pem", "lock" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		CLEANUP(mem_freep) char *path = path_of(p, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(p->tls), 0); /* nothing else was left there */
	assert_int_equal(rmdir(p->dir), 0);
}

static bool ensure(const struct place *p)
{
	bool renewed = false;
	struct fault fault;
	const struct authority_opts opts = {
		.dir = p->tls, .addrs = p->addrs, .n_addrs = 2, .now_ms = p->now_ms
	};
	assert_int_equal(authority_ensure(&opts, &renewed, &fault), 0);
	return renewed;
}

static X509 *read_cert(const struct place *p, const char *name)
{
	CLEANUP(mem_freep) char *path = path_of(p, name);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	X509 *cert = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	assert_non_null(cert);
	return cert;
}

static mode_t mode_of(const struct place *p, const char *name)
{
	struct stat st;
	CLEANUP(mem_freep) char *path = path_of(p, name);
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 0777;
}

/* As a browser would, with the authority as the only one trusted. */
static void assert_trusted(const struct place *p, const char *host, const char *ip)
{
	X509 *ca = read_cert(p, AUTHORITY_CERT), *cert = read_cert(p, AUTHORITY_SERVER);
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *check = X509_STORE_CTX_new();
	X509_STORE_add_cert(store, ca);
	X509_STORE_CTX_init(check, store, cert, NULL);
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(check);
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
	X509_VERIFY_PARAM_set_time(param, (time_t)(p->now_ms / 1000));
	assert_int_equal(X509_VERIFY_PARAM_set1_host(param, host, 0), 1);
	if (ip)
		assert_int_equal(X509_VERIFY_PARAM_set1_ip_asc(param, ip), 1);
	int good = X509_verify_cert(check);
	assert_string_equal(X509_verify_cert_error_string(X509_STORE_CTX_get_error(check)), "ok");
	assert_int_equal(good, 1);
	X509_STORE_CTX_free(check);
	X509_STORE_free(store);
	X509_free(ca);
	X509_free(cert);
}

static void made_once_and_trusted_by_strict_verifiers(void **state)
{
	(void)state;
	struct place p;
	int days, seconds;
	place_init(&p);
	assert_true(ensure(&p));
	assert_trusted(&p, "localhost", "192.0.2.10");
	assert_trusted(&p, "localhost", "127.0.0.1");
	assert_trusted(&p, "localhost", "::1");
	assert_int_equal(mode_of(&p, "ca.key"), 0600);
	assert_int_equal(mode_of(&p, "server.pem"), 0600);
	assert_int_equal(mode_of(&p, "."), 0700);
	X509 *cert = read_cert(&p, AUTHORITY_SERVER);
	assert_int_equal(
		ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(cert), X509_get0_notAfter(cert)), 1);
	assert_true(days <= 825);
	X509_free(cert);
	assert_false(ensure(&p));
	place_done(&p);
}

static void renewed_when_its_end_is_near(void **state)
{
	(void)state;
	struct place p;
	place_init(&p);
	assert_true(ensure(&p));
	X509 *ca = read_cert(&p, AUTHORITY_CERT);
	p.now_ms += 360 * DAY_MS;
	assert_false(ensure(&p));
	p.now_ms += 10 * DAY_MS;
	assert_true(ensure(&p));
	assert_trusted(&p, "localhost", NULL);
	X509 *same = read_cert(&p, AUTHORITY_CERT);
	assert_int_equal(X509_cmp(ca, same), 0); /* nobody has to trust anew */
	X509_free(same);
	p.now_ms += 3650 * DAY_MS;
	assert_true(ensure(&p));
	assert_trusted(&p, "localhost", NULL);
	X509 *other = read_cert(&p, AUTHORITY_CERT);
	assert_int_not_equal(X509_cmp(ca, other), 0);
	X509_free(other);
	X509_free(ca);
	place_done(&p);
}

static void renewed_for_a_new_address(void **state)
{
	(void)state;
	struct place p;
	place_init(&p);
	assert_true(ensure(&p));
	p.addrs[1] = "[2001:db8::7]:8444";
	assert_true(ensure(&p));
	assert_trusted(&p, "localhost", "2001:db8::7");
	p.addrs[1] = "127.0.0.1:8444"; /* fewer are no reason */
	assert_false(ensure(&p));
	p.addrs[0] = "0.0.0.0:8443"; /* every address of this machine, of which loopback is one */
	ensure(&p);
	assert_trusted(&p, "localhost", "127.0.0.1");
	assert_false(ensure(&p));
	place_done(&p);
}

static void damaged_files_are_made_again(void **state)
{
	(void)state;
	static const char *const names[] = { "ca.key", "ca.crt", "server.pem" };
	struct place p;
	place_init(&p);
	assert_true(ensure(&p));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		CLEANUP(mem_freep) char *path = path_of(&p, names[i]);
		assert_int_equal(truncate(path, 40), 0);
		assert_true(ensure(&p));
		assert_trusted(&p, "localhost", NULL);
		assert_false(ensure(&p));
	}
	place_done(&p);
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
	(void)state;
	bool renewed;
	struct fault fault;
	const struct authority_opts opts = { .dir = "/nowhere/at/all" };
	assert_int_not_equal(authority_ensure(&opts, &renewed, &fault), 0);
	assert_non_null(strstr(fault.text, "/nowhere/at/all"));
}

struct keeper {
	struct loop *loop;
	struct certificate *certificate;
	unsigned looks;
	int err;
};

static void on_look(void *arg, int err, const struct fault *fault)
{
	struct keeper *k = arg;
	(void)fault;
	k->looks++;
	k->err = err;
}

/* What a fresh session of the context shows. */
static X509 *shown(const struct keeper *k)
{
	SSL *ssl = tls_session(certificate_tls(k->certificate));
	X509 *cert = X509_dup(SSL_get_certificate(ssl));
	SSL_free(ssl);
	return cert;
}

static void wait_looks(struct keeper *k, unsigned more)
{
	unsigned until = k->looks + more;
	while (k->looks < until)
		loop_run_once(k->loop);
}

static void what_has_changed_serves_without_a_restart(void **state)
{
	(void)state;
	struct place p;
	struct keeper k = { .loop = loop_new() };
	struct fault fault;
	place_init(&p);
	const struct certificate_opts opts = { .loop = k.loop,
		.dir = p.tls,
		.addrs = { p.addrs[0], p.addrs[1] },
		.every_us = 1000,
		.looked = on_look,
		.arg = &k };
	assert_int_equal(certificate_open(&opts, &k.certificate, &fault), 0);
	X509 *first = shown(&k);
	struct str ca = certificate_authority(k.certificate);
	assert_true(str_starts(ca, STR("-----BEGIN CERTIFICATE-----")));
	wait_looks(&k, 2);
	X509 *same = shown(&k);
	assert_int_equal(X509_cmp(first, same), 0);
	CLEANUP(mem_freep) char *path = path_of(&p, "server.pem");
	assert_int_equal(unlink(path), 0);
	wait_looks(&k, 2);
	assert_int_equal(k.err, 0);
	X509 *second = shown(&k);
	assert_int_not_equal(X509_cmp(first, second), 0);
	X509_free(first);
	X509_free(same);
	X509_free(second);
	certificate_close(k.certificate);
	loop_free(k.loop);
	place_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(made_once_and_trusted_by_strict_verifiers),
		cmocka_unit_test(renewed_when_its_end_is_near),
		cmocka_unit_test(renewed_for_a_new_address),
		cmocka_unit_test(damaged_files_are_made_again),
		cmocka_unit_test(a_folder_that_cannot_be_made_is_named),
		cmocka_unit_test(what_has_changed_serves_without_a_restart),
	};
	return unit_run(tests);
}
