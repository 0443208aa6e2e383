/* Fixture of the net tests. */
#include "net_fix.h"

#include "base/clock.h"

#include <dirent.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GUARD_US (20 * CLOCK_S_US)

static void guard_rang(void *arg)
{
	struct fix_guard *guard = arg;
	guard->expired = true;
}

void fix_guard_start(struct fix_guard *guard, struct loop *loop)
{
	guard->expired = false;
	timer_init(&guard->timer, guard_rang, guard);
	timer_start(loop_timers(loop), &guard->timer, clock_mono_us() + GUARD_US);
}

void fix_run_for(struct loop *loop, int64_t ms)
{
	struct fix_guard guard = { .expired = false };
	timer_init(&guard.timer, guard_rang, &guard);
	timer_start(loop_timers(loop), &guard.timer, clock_mono_us() + ms * CLOCK_MS_US);
	while (!guard.expired)
		loop_run_once(loop);
}

struct addr fix_addr(const char *text)
{
	struct addr a = { 0 };
	assert_int_equal(addr_from_string(str_from(text), &a), 0);
	return a;
}

void fix_dir(char *dst, size_t size)
{
	snprintf(dst, size, "/tmp/lx-net-XXXXXX");
	assert_non_null(mkdtemp(dst));
}

void fix_dir_remove(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	assert_non_null(d);
	while ((entry = readdir(d))) {
		char path[512];
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (entry->d_type == DT_DIR)
			fix_dir_remove(path);
		else
			unlink(path);
	}
	closedir(d);
	rmdir(dir);
}

int fix_count_fds(void)
{
	int n = 0;
	DIR *d = opendir("/proc/self/fd");
	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static X509 *self_signed(EVP_PKEY *key, const char *name)
{
	X509 *cert = X509_new();
	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
	X509_set_pubkey(cert, key);
	X509_NAME *subject = X509_get_subject_name(cert);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(cert, subject);
	char alt[128];
	snprintf(alt, sizeof(alt), "DNS:%s", name);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, alt);
	X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

void fix_cert(const char *cert_path, const char *key_path, const char *name)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = self_signed(key, name);
	FILE *f = fopen(cert_path, "w");
	assert_non_null(f);
	PEM_write_X509(f, cert);
	fclose(f);
	f = fopen(key_path, "w");
	assert_non_null(f);
	PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static size_t peer_data(void *arg, struct str bytes)
{
	struct fix_peer *p = arg;
	size_t n = p->hold ? 0 : bytes.n;
	if (!p->got.max)
		buf_init(&p->got, 64 * 1024 * 1024);
	buf_add(&p->got, bytes.p, n);
	if (p->drop_on_data)
		p->s = stream_drop(p->s);
	return n;
}

static void peer_closed(void *arg, int err)
{
	struct fix_peer *p = arg;
	p->n_closed++;
	p->err = err;
}

static void peer_connected(void *arg)
{
	((struct fix_peer *)arg)->connected = true;
}

static void peer_drained(void *arg)
{
	((struct fix_peer *)arg)->drained = true;
}

static void peer_ended(void *arg)
{
	((struct fix_peer *)arg)->ended = true;
}

const struct stream_handlers fix_peer_handlers = {
	.data = peer_data,
	.closed = peer_closed,
	.connected = peer_connected,
	.drained = peer_drained,
};

const struct stream_handlers fix_peer_half_handlers = {
	.data = peer_data,
	.closed = peer_closed,
	.connected = peer_connected,
	.drained = peer_drained,
	.ended = peer_ended,
};

void fix_peer_done(struct fix_peer *p)
{
	p->s = stream_drop(p->s);
	buf_done(&p->got);
}

void fix_accept(void *arg, struct stream *s)
{
	struct fix_server *server = arg;
	server->n_accepted++;
	if (server->peer.s) {
		stream_drop(s);
		return;
	}
	server->peer.s = s;
	stream_set_handlers(s, server->handlers ? server->handlers : &fix_peer_handlers, &server->peer);
}
