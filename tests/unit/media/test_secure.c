/* Secure legs against a browser of our own: ICE checks, DTLS and SRTP on a loopback socket, talking to a
 * plain phone. */
#include "unit.h"

#include "phone.h"

#include "base/mem.h"
#include "media/dtls.h"
#include "media/ice.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define WINDOW 1600

struct browser {
	struct centre *centre; /* whose orders of this turn are out before the browser listens */
	struct phone *phone;
	struct dtls_context *context;
	struct dtls *dtls;
	unsigned checks_passed, checks_refused;
};

struct scene {
	struct centre *c;
	struct browser browser;
	struct phone *phone;
	uint64_t group, bridge, plain;
	struct media_local local; /* of the secure stream */
};

static void on_send(void *arg, const uint8_t *bytes, size_t n)
{
	phone_send_raw(((struct browser *)arg)->phone, bytes, n);
}

static void browser_dtls(struct browser *b, bool active)
{
	dtls_abandon(b->dtls);
	dtls_context_free(b->context);
	assert_int_equal(dtls_context_new(&b->context), 0);
	assert_int_equal(dtls_new(b->context, active, on_send, b, &b->dtls), 0);
}

static void browser_check(struct browser *b, const struct media_local *local)
{
	static const uint8_t id[12] = "transaction", tie[8];
	char username[32];
	uint8_t bytes[STUN_SIZE_MAX];
	struct stun_out o;

	snprintf(username, sizeof(username), "%s:browser", local->ice_ufrag);
	stun_begin(&o, bytes, STUN_REQUEST, id);
	stun_add(&o, STUN_USERNAME, username, strlen(username));
	stun_add_u32(&o, STUN_PRIORITY, 1);
	stun_add(&o, STUN_CONTROLLING, tie, sizeof(tie));
	stun_add(&o, STUN_USE_CANDIDATE, NULL, 0);
	phone_send_raw(b->phone, bytes, stun_end(&o, local->ice_pwd));
}

/* Takes in what comes within a moment; whether anything did. */
static bool browser_hear(struct browser *b)
{
	struct pollfd pfd = { .fd = b->phone->fd, .events = POLLIN };
	uint8_t bytes[2048];
	struct stun_msg msg;
	size_t n;

	centre_turn(b->centre);
	if (poll(&pfd, 1, 200) <= 0)
		return false;
	n = (size_t)recv(b->phone->fd, bytes, sizeof(bytes), 0);
	if (bytes[0] >= 20 && bytes[0] < 64) {
		assert_int_equal(dtls_take(b->dtls, bytes, n), 0);
	} else if (!stun_parse(bytes, n, &msg)) {
		b->checks_passed += msg.class == STUN_SUCCESS;
		b->checks_refused += msg.class == STUN_ERROR;
	}
	return true;
}

static void browser_seal(struct browser *b)
{
	struct seal_keys keys;

	assert_int_equal(dtls_keys(b->dtls, &keys), 0);
	assert_int_equal(seal_new(&keys, &b->phone->seal), 0);
}

static void browser_shake_hands(struct browser *b, bool active)
{
	if (active)
		assert_int_equal(dtls_start(b->dtls), 0);
	for (int silent = 0; !dtls_is_done(b->dtls) && silent < 100;)
		silent += !browser_hear(b);
	assert_true(dtls_is_done(b->dtls));
}

static struct media_remote remote_of(const struct scene *s, enum media_setup setup)
{
	struct media_remote remote = phone_remote(s->browser.phone);

	memset(&remote.rtp, 0, sizeof(remote.rtp)); /* a browser's candidates are mDNS names */
	memcpy(remote.fingerprint, dtls_context_fingerprint(s->browser.context), sizeof(remote.fingerprint));
	remote.setup = setup;
	return remote;
}

static struct scene *scene_new(bool browser_active)
{
	struct scene *s = mem_alloc(sizeof(*s));

	s->c = centre_new(1);
	s->group = media_group_new(s->c->media);
	s->phone = phone_new(MEDIA_PCMA, 500);
	s->plain = phone_connect(s->phone, s->c, s->group);
	s->browser.centre = s->c;
	s->browser.phone = phone_new(MEDIA_PCMU, 800);
	assert_int_equal(
		media_stream_open(s->c->media,
			&(struct media_stream_options){ .group = s->group, .secure = true }, &s->local),
		0);
	assert_int_equal(s->local.rtcp_port, s->local.rtp.port);
	assert_int_equal(
		addr_from_host(str_from(s->local.rtp.ip), s->local.rtp.port, &s->browser.phone->to), 0);
	browser_dtls(&s->browser, browser_active);
	assert_int_equal(media_bridge_new(s->c->media, s->group, &s->bridge), 0);
	media_bridge_add(s->c->media, s->bridge, s->plain);
	media_bridge_add(s->c->media, s->bridge, s->local.stream);
	media_bridge_link(s->c->media, s->bridge, s->plain, s->local.stream, MEDIA_UNITY);
	return s;
}

static void scene_free(struct scene *s)
{
	centre_free(s->c);
	dtls_abandon(s->browser.dtls);
	dtls_context_free(s->browser.context);
	phone_free(s->browser.phone);
	phone_free(s->phone);
	free(s);
}

static void assert_talk(struct scene *s)
{
	struct phone *phones[] = { s->phone, s->browser.phone };

	phones_talk(phones, 2, s->c, 40);
	phones_expect(phones, 2, s->c, (struct expected){ 0, 800, 90, 100 });
	phones_expect(phones, 2, s->c, (struct expected){ 1, 500, 90, 100 });
}

static void connect_first(struct scene *s)
{
	browser_check(&s->browser, &s->local);
	browser_hear(&s->browser);
	assert_int_equal(s->browser.checks_passed, 1);
}

/* The browser is quicker than its answer: the keys wait for the fingerprint. */
static void test_handshake_before_answer(void **state)
{
	struct scene *s = scene_new(true);
	struct media_remote remote = remote_of(s, MEDIA_SETUP_PASSIVE);

	(void)state;
	connect_first(s);
	browser_shake_hands(&s->browser, true);
	assert_true(dtls_fingerprint_is(s->browser.dtls, s->local.fingerprint));
	centre_turn(s->c);
	assert_int_equal(centre_count(s->c, MEDIA_SECURED, 0), 0);
	assert_int_equal(media_stream_set_remote(s->c->media, s->local.stream, &remote), 0);
	centre_wait(s->c, MEDIA_SECURED, s->local.stream);
	browser_seal(&s->browser);
	assert_talk(s);
	assert_int_equal(s->browser.phone->disorder, 0);
	scene_free(s);
}

/* A greeting begun before the leg can hear is heard from its beginning. */
static void test_greeting_waits(void **state)
{
	struct scene *s = scene_new(true);
	struct media_remote remote = remote_of(s, MEDIA_SETUP_PASSIVE);
	struct media_item tone = { .kind = MEDIA_ITEM_TONE, .tone = MEDIA_TONE_DIAL, .ms = 300 };
	uint64_t play;

	(void)state;
	assert_int_equal(media_play(s->c->media, s->local.stream,
				 &(struct media_play){ .items = &tone, .n = 1 }, &play),
		0);
	assert_int_equal(phone_hear(s->browser.phone, 400), 0);
	assert_int_equal(media_stream_set_remote(s->c->media, s->local.stream, &remote), 0);
	connect_first(s);
	browser_shake_hands(&s->browser, true);
	centre_wait(s->c, MEDIA_SECURED, s->local.stream);
	browser_seal(&s->browser);
	assert_int_equal(centre_wait(s->c, MEDIA_PLAYED, play).play.played_ms, 300);
	phone_hear(s->browser.phone, 100);
	assert_in_range(s->browser.phone->n_heard, 15 * 160, 20 * 160);
	assert_true(phone_share(s->browser.phone, 450, WINDOW) > 0.9);
	scene_free(s);
}

static void test_we_are_active(void **state)
{
	struct scene *s = scene_new(false);
	struct media_remote remote = remote_of(s, MEDIA_SETUP_ACTIVE);

	(void)state;
	assert_int_equal(media_stream_set_remote(s->c->media, s->local.stream, &remote), 0);
	browser_check(&s->browser, &s->local);
	browser_shake_hands(&s->browser, false);
	centre_wait(s->c, MEDIA_SECURED, s->local.stream);
	browser_seal(&s->browser);
	assert_talk(s);
	scene_free(s);
}

static void test_wrong_fingerprint(void **state)
{
	struct scene *s = scene_new(true);
	struct media_remote remote = remote_of(s, MEDIA_SETUP_PASSIVE);
	struct phone *phones[] = { s->phone };

	(void)state;
	memcpy(remote.fingerprint, s->local.fingerprint, sizeof(remote.fingerprint));
	assert_int_equal(media_stream_set_remote(s->c->media, s->local.stream, &remote), 0);
	connect_first(s);
	browser_shake_hands(&s->browser, true);
	assert_int_equal(centre_wait(s->c, MEDIA_SECURE_FAILED, s->local.stream).err, -E_AUTH);
	phones_talk(phones, 1, s->c, 10);
	assert_int_equal(phone_hear(s->browser.phone, 20), 0);
	scene_free(s);
}

/* Without a check there is no DTLS, without keys no sound, and forged packets go nowhere. */
static void test_strangers(void **state)
{
	struct scene *s = scene_new(true);
	struct media_remote remote = remote_of(s, MEDIA_SETUP_PASSIVE);
	struct phone *thief = phone_new(MEDIA_PCMA, 1700);
	struct media_local wrong = s->local;

	(void)state;
	assert_int_equal(media_stream_set_remote(s->c->media, s->local.stream, &remote), 0);
	assert_int_equal(dtls_start(s->browser.dtls), 0);
	wrong.ice_pwd[0] ^= 1;
	browser_check(&s->browser, &wrong);
	browser_hear(&s->browser);
	assert_int_equal(s->browser.checks_refused, 1);
	browser_dtls(&s->browser, true);
	remote = remote_of(s, MEDIA_SETUP_PASSIVE);
	assert_int_equal(media_stream_set_remote(s->c->media, s->local.stream, &remote), 0);
	connect_first(s);
	browser_shake_hands(&s->browser, true);
	centre_wait(s->c, MEDIA_SECURED, s->local.stream);
	browser_seal(&s->browser);
	thief->to = s->browser.phone->to;
	thief->ssrc = s->browser.phone->ssrc;
	for (int i = 0; i < 30; i++)
		phone_send(thief);
	assert_talk(s);
	assert_true(phone_share(s->phone, 1700, WINDOW) < 0.1);
	media_stream_close(s->c->media, s->local.stream);
	assert_in_range(centre_wait(s->c, MEDIA_CLOSED, s->local.stream).stats.dropped, 30, 32);
	phone_free(thief);
	scene_free(s);
}

/* A reload of the page: new credentials, new certificate, and packets under the old keys still on their way.
 */
static void test_rekeying(void **state)
{
	struct scene *s = scene_new(true);
	struct media_remote remote = remote_of(s, MEDIA_SETUP_PASSIVE);
	struct seal *old;

	(void)state;
	assert_int_equal(media_stream_set_remote(s->c->media, s->local.stream, &remote), 0);
	connect_first(s);
	browser_shake_hands(&s->browser, true);
	centre_wait(s->c, MEDIA_SECURED, s->local.stream);
	browser_seal(&s->browser);
	assert_talk(s);
	s->c->n_events = 0;
	assert_int_equal(media_stream_restart_ice(s->c->media, s->local.stream, &s->local), 0);
	assert_int_equal(media_stream_restart_ice(s->c->media, s->plain, &s->local), -E_UNSUPPORTED);
	browser_dtls(&s->browser, true);
	remote = remote_of(s, MEDIA_SETUP_PASSIVE);
	browser_check(&s->browser, &s->local);
	browser_shake_hands(&s->browser, true); /* again before the answer */
	assert_int_equal(media_stream_set_remote(s->c->media, s->local.stream, &remote), 0);
	centre_wait(s->c, MEDIA_SECURED, s->local.stream);
	phone_hear(s->phone, 0);
	s->phone->packets = 0;
	phone_send(s->browser.phone);
	assert_int_equal(phone_hear(s->phone, 200), 1);
	old = TAKE(s->browser.phone->seal);
	browser_seal(&s->browser);
	assert_talk(s);
	seal_free(old);
	scene_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake_before_answer),
		cmocka_unit_test(test_greeting_waits),
		cmocka_unit_test(test_we_are_active),
		cmocka_unit_test(test_wrong_fingerprint),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_rekeying),
	};

	return unit_run(tests);
}
