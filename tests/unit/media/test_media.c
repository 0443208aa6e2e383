/* Whole media: telephones on loopback sockets, bridged, played to, recorded. */
#include "unit.h"

#include "phone.h"

#include "base/clock.h"
#include "base/mem.h"
#include "media/law.h"
#include "media/recfile.h"
#include "media/rtp.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAIR 2
#define WINDOW 1600 /* samples: 200 ms, whole periods of all tones */

struct call {
	struct centre *c;
	struct phone *phones[3];
	uint64_t group, bridge, streams[3];
};

static struct call *call_new(enum media_codec a, enum media_codec b)
{
	struct call *call = mem_alloc(sizeof(*call));

	call->c = centre_new(1);
	call->group = media_group_new(call->c->media);
	call->phones[0] = phone_new(a, 500);
	call->phones[1] = phone_new(b, 800);
	call->phones[2] = phone_new(MEDIA_PCMA, 1100);
	for (int i = 0; i < 3; i++)
		call->streams[i] = phone_connect(call->phones[i], call->c, call->group);
	assert_int_equal(media_bridge_new(call->c->media, call->group, &call->bridge), 0);
	for (int i = 0; i < 3; i++)
		media_bridge_add(call->c->media, call->bridge, call->streams[i]);
	media_bridge_link(call->c->media, call->bridge, call->streams[0], call->streams[1], MEDIA_UNITY);
	return call;
}

static void call_free(struct call *call)
{
	centre_free(call->c);
	for (int i = 0; i < 3; i++)
		phone_free(call->phones[i]);
	free(call);
}

/* All three talk on if need be. */
static void expect(struct call *call, size_t phone, double hz, int low, int high)
{
	phones_expect(call->phones, 3, call->c, (struct expected){ phone, hz, low, high });
}

static void expect_hears(struct call *call, size_t phone, double hz)
{
	phones_expect(call->phones, PAIR, call->c, (struct expected){ phone, hz, 90, 100 });
}

static void test_relay(void **state)
{
	struct call *call = call_new(MEDIA_PCMA, MEDIA_PCMA);

	(void)state;
	phones_talk(call->phones, PAIR, call->c, 40);
	expect_hears(call, 0, 800);
	expect_hears(call, 1, 500);
	assert_int_equal(call->phones[0]->disorder, 0);
	centre_wait(call->c, MEDIA_FIRST_PACKET, call->streams[0]);
	assert_int_equal(centre_count(call->c, MEDIA_FIRST_PACKET, 0), 2);
	media_stream_close(call->c->media, call->streams[0]);
	struct media_event e = centre_wait(call->c, MEDIA_CLOSED, call->streams[0]);

	assert_int_equal(e.tag, 7);
	assert_in_range(e.stats.packets_in, 38, 600); /* the last ones may still be in the socket */
	assert_in_range(e.stats.packets_out, 38, 600);
	assert_int_equal(e.stats.lost, 0);
	assert_int_equal(media_stream_dtmf(call->c->media, call->streams[0], "1", 0, 0), -E_NOT_FOUND);
	call_free(call);
}

static void test_transcode(void **state)
{
	struct call *call = call_new(MEDIA_PCMA, MEDIA_PCMU);

	(void)state;
	phones_talk(call->phones, PAIR, call->c, 40);
	expect_hears(call, 0, 800);
	expect_hears(call, 1, 500);
	call_free(call);
}

/* Listen, then three-way, then the third whispers to one of them, then he is gone. */
static void test_matrix(void **state)
{
	struct call *call = call_new(MEDIA_PCMA, MEDIA_PCMU);
	struct media *m = call->c->media;
	uint64_t *s = call->streams;

	(void)state;
	media_bridge_hear(m, call->bridge, s[2], s[0], MEDIA_UNITY);
	media_bridge_hear(m, call->bridge, s[2], s[1], MEDIA_UNITY);
	phones_talk(call->phones, 3, call->c, 50);
	expect_hears(call, 0, 800);
	expect(call, 2, 500, 40, 60);
	expect(call, 2, 800, 40, 60);
	media_bridge_hear(m, call->bridge, s[1], s[2], MEDIA_UNITY / 2);
	phones_talk(call->phones, 3, call->c, 50);
	expect_hears(call, 0, 800);
	expect(call, 1, 500, 70, 90);
	expect(call, 1, 1100, 10, 30);
	media_bridge_remove(m, call->bridge, s[2]);
	phones_talk(call->phones, PAIR, call->c, 40);
	expect_hears(call, 0, 800);
	expect_hears(call, 1, 500);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(call->phones[i]->ssrc_changes, 0);
		assert_int_equal(call->phones[i]->disorder, 0);
	}
	call_free(call);
}

static void test_mute(void **state)
{
	struct call *call = call_new(MEDIA_PCMA, MEDIA_PCMA);

	(void)state;
	media_stream_mute(call->c->media, call->streams[0], true);
	phones_talk(call->phones, PAIR, call->c, 40);
	assert_in_range(call->phones[1]->packets, 10, 46); /* silence, not nothing */
	expect_hears(call, 0, 800);
	assert_true(phone_share(call->phones[1], 500, WINDOW) < 0.1);
	media_stream_mute(call->c->media, call->streams[0], false);
	phones_talk(call->phones, PAIR, call->c, 40);
	expect_hears(call, 1, 500);
	assert_int_equal(call->phones[1]->disorder, 0);
	call_free(call);
}

/* The second packet of each three is swapped, one in ten repeated, and strangers shout in between. */
static void test_bad_network(void **state)
{
	struct call *call = call_new(MEDIA_PCMA, MEDIA_PCMA);
	struct phone *p = call->phones[0], *thief = phone_new(MEDIA_PCMA, 1700);

	(void)state;
	phones_talk(call->phones, PAIR, call->c, 10);
	thief->to = p->to;
	for (int i = 0; i < 60; i++) {
		uint8_t noise[160];

		memset(noise, i, sizeof(noise));
		for (int k = 0; k < 20; k++) { /* from elsewhere, and in the party's own name */
			thief->ssrc = (uint32_t)rand();
			phone_send(thief);
			p->ssrc ^= thief->ssrc;
			phone_send_packet(p, 8, noise, sizeof(noise));
			p->ssrc ^= thief->ssrc;
		}
		phone_send_raw(p, noise, 11);
		if (i % 3 == 1) {
			p->seq++;
			p->ts += 160;
			phone_send(p);
			p->seq = (uint16_t)(p->seq - 2);
			p->ts -= 320;
			phone_send(p);
			p->seq++;
			p->ts += 160;
		} else {
			phone_send(p);
		}
		phone_hear(call->phones[1], 300);
	}
	phone_hear(call->phones[1], 300);
	assert_true(phone_share(call->phones[1], 1700, WINDOW) < 0.01);
	assert_in_range(call->phones[1]->packets, 88, 92);
	assert_int_equal(call->phones[1]->ssrc_changes, 0);
	media_stream_close(call->c->media, call->streams[0]);
	assert_true(centre_wait(call->c, MEDIA_CLOSED, call->streams[0]).stats.dropped >= 60 * 21);
	phone_free(thief);
	call_free(call);
}

static void test_keys_and_silence(void **state)
{
	struct call *call = call_new(MEDIA_PCMA, MEDIA_PCMA);
	static const uint8_t begin[] = { 5, 10, 0, 160 }, end[] = { 5, 0x8a, 3, 32 };
	struct phone *p = call->phones[0];

	(void)state;
	media_stream_start(call->c->media, call->streams[0]);
	phones_talk(call->phones, PAIR, call->c, 5);
	for (int i = 0; i < 6; i++) {
		phone_send_packet(p, 101, i < 3 ? begin : end, 4);
		p->seq++;
	}
	struct media_event e = centre_wait(call->c, MEDIA_DTMF, call->streams[0]);

	assert_int_equal(e.dtmf.key, '5');
	assert_int_equal(e.dtmf.duration_ms, 100);
	phone_hear(call->phones[1], 100);
	assert_int_equal(call->phones[1]->key, '5');
	centre_wait(call->c, MEDIA_SILENT, call->streams[0]);
	phone_send(p);
	centre_wait(call->c, MEDIA_SOUND, call->streams[0]);
	assert_int_equal(centre_count(call->c, MEDIA_DTMF, 0), 1);
	assert_int_equal(centre_count(call->c, MEDIA_SILENT, 0), 1);
	assert_int_equal(media_stream_dtmf(call->c->media, call->streams[1], "42", 100, 60), 0);
	assert_int_equal(media_stream_dtmf(call->c->media, call->streams[1], "4y", 100, 60), -E_INVALID);
	call->phones[1]->keys = 0;
	phones_talk(call->phones, PAIR, call->c, 30);
	assert_int_equal(call->phones[1]->keys, 2);
	assert_int_equal(call->phones[1]->key, '2');
	expect_hears(call, 0, 800);
	assert_int_equal(call->phones[1]->disorder, 0);
	call_free(call);
}

static void put(FILE *f, uint32_t v, size_t bytes)
{
	for (; bytes--; v >>= 8)
		fputc((int)(v & 0xff), f);
}

static void write_wav(const char *path, double hz, uint32_t n)
{
	FILE *f = fopen(path, "w");

	fwrite("RIFF\0\0\0\0WAVEfmt ", 1, 16, f);
	put(f, 16, 4);
	put(f, 1, 2);
	put(f, 1, 2);
	put(f, 8000, 4);
	put(f, 16000, 4);
	put(f, 2, 2);
	put(f, 16, 2);
	fwrite("data", 1, 4, f);
	put(f, n * 2, 4);
	for (uint32_t i = 0; i < n; i++)
		put(f, (uint32_t)(int)(9000 * sin(2 * M_PI * hz * i / 8000)), 2);
	fclose(f);
}

static void test_play(void **state)
{
	struct call *call = call_new(MEDIA_PCMA, MEDIA_PCMU);
	struct media *m = call->c->media;
	char path[64];
	struct media_item items[] = { { .kind = MEDIA_ITEM_FILE, .path = path },
		{ .kind = MEDIA_ITEM_SILENCE, .ms = 100 } };
	struct media_item missing = { .kind = MEDIA_ITEM_FILE, .path = "/nonexistent.wav" };
	struct media_item ringback = { .kind = MEDIA_ITEM_TONE, .tone = MEDIA_TONE_DIAL };
	struct media_event e;
	uint64_t play;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/prompt-%d.wav", (int)getpid());
	write_wav(path, 1500, 6000);
	phones_talk(call->phones, PAIR, call->c, 5);
	for (int round = 0; round < 2; round++) { /* from the disk, then from memory */
		phone_forget(call->phones[1]);
		assert_int_equal(
			media_play(m, call->streams[1],
				&(struct media_play){ .items = items, .n = 2, .start_ms = 50, .tag = 9 },
				&play),
			0);
		phones_talk(call->phones, PAIR, call->c, 36);
		expect_hears(call, 1, 1500);
		expect_hears(call, 0, 800); /* to one side only */
		e = centre_wait(call->c, MEDIA_PLAYED, play);
		assert_int_equal(e.err, 0);
		assert_int_equal(e.tag, 9);
		assert_int_equal(e.play.played_ms, 800);
		phones_talk(call->phones, PAIR, call->c, 30);
		expect_hears(call, 1, 500);
	}
	assert_int_equal(
		media_play(m, call->streams[1], &(struct media_play){ .items = &missing, .n = 1 }, &play), 0);
	assert_int_equal(centre_wait(call->c, MEDIA_PLAYED, play).err, -E_NOT_FOUND);
	assert_int_equal(media_play(m, call->streams[1],
				 &(struct media_play){ .items = &ringback, .n = 1, .mix = true }, &play),
		0);
	phones_talk(call->phones, PAIR, call->c, 40);
	expect(call, 1, 450, 20, 80);
	expect(call, 1, 500, 20, 80);
	media_play_stop(m, play);
	assert_int_equal(centre_wait(call->c, MEDIA_PLAYED, play).err, -E_CANCELLED);
	phones_talk(call->phones, PAIR, call->c, 30);
	expect_hears(call, 1, 500);
	assert_int_equal(call->phones[1]->disorder, 0);
	unlink(path);
	call_free(call);
}

static void test_record(void **state)
{
	struct call *call = call_new(MEDIA_PCMA, MEDIA_PCMU);
	struct media *m = call->c->media;
	int16_t *pcm = mem_array(16000, 4), *channel[2] = { mem_array(16000, 2), mem_array(16000, 2) };
	struct recfile *f;
	char path[64];
	uint64_t record;
	size_t n;
	int64_t since_us = clock_mono_us();

	(void)state;
	snprintf(path, sizeof(path), "/tmp/record-%d", (int)getpid());
	unlink(path);
	assert_int_equal(
		media_record_start(
			m, &(struct media_record_options){ .group = call->group, .path = path }, &record),
		0);
	media_record_feed(m, record, call->streams[0], MEDIA_CHANNEL_CALLER);
	media_record_feed(m, record, call->streams[1], MEDIA_CHANNEL_AGENT);
	phones_talk(call->phones, PAIR, call->c, 75);
	assert_int_equal(recfile_open(path, &f), 0); /* as a kill would leave it */
	assert_true(recfile_info(f)->duration_ms >= 1000);
	recfile_close(f);
	phones_talk(call->phones, PAIR, call->c, 25);
	media_record_stop(m, record);
	struct media_event e = centre_wait(call->c, MEDIA_RECORDED, record);

	assert_int_equal(e.err, 0);
	int64_t lasted_ms = (clock_mono_us() - since_us) / 1000; /* a slow machine talks longer */
	assert_in_range(e.record.duration_ms, 1950, lasted_ms + 20);
	assert_int_equal(recfile_open(path, &f), 0);
	assert_int_equal(recfile_read_pcm(f, 2000, 12000, pcm, &n), 0);
	assert_int_equal(n, 12000);
	for (size_t i = 0; i < n; i++) {
		channel[0][i] = pcm[2 * i];
		channel[1][i] = pcm[2 * i + 1];
	}
	assert_true(tone_share(channel[0], n, 500) > 0.9);
	assert_true(tone_share(channel[1], n, 800) > 0.9);
	recfile_close(f);
	assert_int_equal(/* the file is there already: the call goes on */
		media_record_start(
			m, &(struct media_record_options){ .group = call->group, .path = path }, &record),
		0);
	assert_int_equal(centre_wait(call->c, MEDIA_RECORD_FAILED, record).err, -E_EXISTS);
	phones_talk(call->phones, PAIR, call->c, 30);
	expect_hears(call, 0, 800);
	media_record_stop(m, record);
	assert_int_equal(centre_wait(call->c, MEDIA_RECORDED, record).err, -E_EXISTS);
	unlink(path);
	free(pcm);
	free(channel[0]);
	free(channel[1]);
	call_free(call);
}

/* No room for the third chunk, then room again: what was refused is missing and no more. */
static void test_disk_full(void **state)
{
	struct call *call = call_new(MEDIA_PCMA, MEDIA_PCMA);
	struct recfile *f;
	int16_t pcm[3000 * RECFILE_CHANNELS];
	size_t n;
	struct rlimit limit, small = { .rlim_cur = RECFILE_HEADER_SIZE + 2 * RECFILE_CHUNK_SIZE + 100 };
	struct media_event e;
	char path[64];
	uint64_t record;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/full-%d", (int)getpid());
	unlink(path);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	small.rlim_max = limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(
		media_record_start(call->c->media,
			&(struct media_record_options){ .group = call->group, .path = path }, &record),
		0);
	media_record_feed(call->c->media, record, call->streams[0], MEDIA_CHANNEL_CALLER);
	phones_talk(call->phones, PAIR, call->c, 90);
	assert_int_not_equal(centre_wait(call->c, MEDIA_RECORD_FAILED, record).err, 0);
	phones_talk(call->phones, PAIR, call->c, 30);
	expect_hears(call, 0, 800);
	setrlimit(RLIMIT_FSIZE, &limit);
	phones_talk(call->phones, PAIR, call->c, 90);
	media_record_stop(call->c->media, record);
	e = centre_wait(call->c, MEDIA_RECORDED, record);
	assert_int_not_equal(e.err, 0);
	assert_in_range(e.record.missing_ms, RECFILE_CHUNK_MS, e.record.duration_ms - 3 * RECFILE_CHUNK_MS);
	assert_int_equal(centre_count(call->c, MEDIA_RECORD_FAILED, record), 1);
	assert_int_equal(recfile_open(path, &f), 0);
	assert_int_equal(recfile_info(f)->duration_ms, e.record.duration_ms);
	assert_int_equal(recfile_read_pcm(f, (int64_t)RECFILE_CHUNK_SAMPLES * 2, 100, pcm, &n), 0);
	assert_in_range(abs(pcm[0]), 0, 16); /* the first that was refused */
	assert_int_equal(recfile_read_pcm(f, e.record.duration_ms * 8 - 4000, 3000, pcm, &n), 0);
	for (size_t i = 0; i < n; i++)
		pcm[i] = pcm[2 * i];
	assert_true(tone_share(pcm, n, 500) > 0.9);
	recfile_close(f);
	unlink(path);
	call_free(call);
}

/* A phone that does not know its call is over goes on speaking into a port that has another call now. */
static void test_port_used_again(void **state)
{
	struct centre *c = centre_new_small(2, 1);
	uint64_t group = media_group_new(c->media), first, second;
	struct phone *old = phone_new(MEDIA_PCMA, 1700), *next = phone_new(MEDIA_PCMA, 500);
	struct media_local local;
	struct media_event e;

	(void)state;
	first = phone_connect(old, c, group);
	assert_int_equal(
		media_stream_open(c->media, &(struct media_stream_options){ .group = group }, &local),
		-E_BUSY);
	for (int i = 0; i < 3; i++) /* the first may be there before the description */
		phone_send(old);
	centre_wait(c, MEDIA_FIRST_PACKET, first);
	media_stream_close(c->media, first);
	centre_wait(c, MEDIA_CLOSED, first);
	phone_hear(old, 5); /* the port rests a millisecond */
	second = phone_connect(next, c, group);
	assert_int_equal(addr_port(&next->to), addr_port(&old->to));
	for (int i = 0; i < 20; i++)
		phone_send(old);
	for (int i = 0; i < 3; i++)
		phone_send(next);
	e = centre_wait(c, MEDIA_FIRST_PACKET, second);
	assert_int_equal(e.peer.port, addr_port(&next->local));
	media_stream_close(c->media, second);
	e = centre_wait(c, MEDIA_CLOSED, second);
	assert_in_range(e.stats.packets_in, 1, 3);
	assert_in_range(e.stats.dropped, 20, 22);
	phone_free(old);
	phone_free(next);
	centre_free(c);
}

static void test_refused(void **state)
{
	struct centre *c = centre_new(1);
	struct media_local local;
	struct media *m;
	uint64_t id;

	(void)state;
	assert_int_equal(media_stream_open(c->media, &(struct media_stream_options){ .group = 99 }, &local),
		-E_NOT_FOUND);
	assert_int_equal(media_bridge_new(c->media, 0, &id), -E_NOT_FOUND);
	assert_int_equal(media_play(c->media, 1, &(struct media_play){ 0 }, &id), -E_NOT_FOUND);
	assert_int_equal(media_new(
				 &(struct media_options){
					 .ip = "nowhere", .port_low = 2, .port_high = 9, .loop = c->loop },
				 &m),
		-E_INVALID);
	assert_int_equal(media_new(
				 &(struct media_options){
					 .ip = "127.0.0.1", .port_low = 9, .port_high = 9, .loop = c->loop },
				 &m),
		-E_INVALID);
	centre_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relay),
		cmocka_unit_test(test_transcode),
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_mute),
		cmocka_unit_test(test_bad_network),
		cmocka_unit_test(test_keys_and_silence),
		cmocka_unit_test(test_play),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_disk_full),
		cmocka_unit_test(test_port_used_again),
		cmocka_unit_test(test_refused),
	};

	return unit_run(tests);
}
