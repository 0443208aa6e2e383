/* TLS of a stream. OpenSSL reads from the bytes just received and writes into the stream's output through a
 * BIO of ours: no copy in between and no buffer kept by an idle connection. */
#include "net/stream_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <limits.h>
#include <openssl/err.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_MAX_BYTES 16384
#define SHAKE_BUDGET_US 400
#define SHAKE_LATER_US CLOCK_MS_US
#define HELLO_MAX_BYTES ((size_t)64 * 1024)

static BIO_METHOD *method;
static pthread_once_t method_once = PTHREAD_ONCE_INIT;

static int bio_read(BIO *bio, char *dst, int size)
{
	struct stream *s = BIO_get_data(bio);
	size_t n = s->cipher.n < (size_t)size ? s->cipher.n : (size_t)size;
	BIO_clear_retry_flags(bio);
	if (!n) {
		BIO_set_retry_read(bio);
		return -1; /* of a BIO method */
	}
	memcpy(dst, s->cipher.p, n);
	s->cipher = str_sub(s->cipher, n, s->cipher.n);
	return (int)n;
}

static int bio_write(BIO *bio, const char *src, int n)
{
	struct stream *s = BIO_get_data(bio);
	BIO_clear_retry_flags(bio);
	buf_add(&s->out, src, (size_t)n);
	return n;
}

static long bio_ctrl(BIO *bio, int cmd, long num, void *ptr)
{
	(void)bio;
	(void)num;
	(void)ptr;
	return cmd == BIO_CTRL_FLUSH;
}

static void make_method(void)
{
	method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "lingxi stream");
	BIO_meth_set_read(method, bio_read);
	BIO_meth_set_write(method, bio_write);
	BIO_meth_set_ctrl(method, bio_ctrl);
}

static void shake_now(void *arg)
{
	stream_tls_input(arg, STR(""));
}

int stream_tls_start(struct stream *s)
{
	pthread_once(&method_once, make_method);
	BIO *bio = method ? BIO_new(method) : NULL;
	s->ssl = tls_session(s->opts.tls);
	timer_init(&s->shake, shake_now, s);
	if (!s->ssl || !bio) {
		BIO_free(bio);
		return -E_NOMEM;
	}
	BIO_set_data(bio, s);
	BIO_set_init(bio, 1);
	SSL_set_bio(s->ssl, bio, bio);
	if (s->opts.server_name) {
		SSL_set_tlsext_host_name(s->ssl, s->opts.server_name);
		SSL_set1_host(s->ssl, s->opts.server_name);
		s->opts.server_name = NULL; /* the caller's, for this call only */
	}
	return 0;
}

void stream_tls_done(struct stream *s)
{
	SSL_free(s->ssl);
}

static int tls_failed(struct stream *s, int result, int err)
{
	char reason[120];
	int what = SSL_get_error(s->ssl, result);
	if (what == SSL_ERROR_WANT_READ)
		return 0;
	if (what == SSL_ERROR_ZERO_RETURN) {
		s->cipher_end = true;
		return 0;
	}
	ERR_error_string_n(ERR_peek_error(), reason, sizeof(reason));
	log_(LOG_NET, LOG_DEBUG, "tls failed reason=%s", log_quote(reason, strlen(reason)));
	stream_flush(s); /* the alert */
	stream_abort(s, err);
	return err;
}

static void shake_hands(struct stream *s)
{
	ERR_clear_error();
	int done = SSL_do_handshake(s->ssl);
	if (done != 1)
		tls_failed(s, done, -E_AUTH);
	stream_flush(s);
	if (done == 1 && s->phase == STREAM_OPENING)
		stream_opened(s);
}

static void read_plain(struct stream *s)
{
	char plain[RECORD_MAX_BYTES];
	while (stream_wants_bytes(s)) {
		ERR_clear_error();
		int n = SSL_read(s->ssl, plain, sizeof(plain));
		if (n <= 0) {
			tls_failed(s, n, -E_CORRUPT);
			break;
		}
		stream_deliver(s, (struct str){ plain, (size_t)n });
	}
	stream_flush(s); /* answers to key updates */
}

/* A handshake takes a third of a millisecond. When a thousand phones come back at once the others wait,
 * so that the loop looks at its sockets and timers in between. */
static bool has_to_wait(struct stream *s, struct str bytes)
{
	bool is_work = s->phase == STREAM_OPENING && (bytes.n || s->cipher_kept.n);
	if (!is_work || loop_busy_us(s->loop) < SHAKE_BUDGET_US)
		return false;
	buf_adds(&s->cipher_kept, bytes);
	if (s->cipher_kept.n > HELLO_MAX_BYTES)
		stream_abort(s, -E_LIMIT);
	else if (!timer_is_pending(&s->shake))
		timer_start(loop_timers(s->loop), &s->shake, clock_mono_us() + SHAKE_LATER_US);
	return true;
}

void stream_tls_input(struct stream *s, struct str bytes)
{
	if (s->pumping || has_to_wait(s, bytes))
		return; /* pumping: the call further out goes on */
	obj_ref(s);
	s->pumping = true;
	if (s->cipher_kept.n)
		buf_adds(&s->cipher_kept, bytes);
	s->cipher = s->cipher_kept.n ? buf_str(&s->cipher_kept) : bytes;
	if (s->phase == STREAM_OPENING)
		shake_hands(s);
	if (s->phase == STREAM_OPEN)
		read_plain(s);
	if (s->cipher_kept.n)
		buf_consume(&s->cipher_kept, s->cipher_kept.n - s->cipher.n);
	else if (s->cipher.n)
		buf_adds(&s->cipher_kept, s->cipher);
	s->cipher = STR_NONE;
	s->pumping = false;
	if (!s->cipher_kept.n)
		buf_done(&s->cipher_kept);
	if (s->cipher_end)
		stream_peer_ended(s, 0);
	obj_unref(s);
}

int stream_tls_send(struct stream *s, struct str bytes)
{
	while (bytes.n) {
		int part = bytes.n > INT_MAX / 2 ? INT_MAX / 2 : (int)bytes.n;
		ERR_clear_error();
		int n = SSL_write(s->ssl, bytes.p, part);
		if (n <= 0) {
			stream_abort(s, -E_IO);
			return -E_CLOSED;
		}
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return 0;
}

void stream_tls_close(struct stream *s)
{
	ERR_clear_error();
	SSL_shutdown(s->ssl);
}
