/* Three media threads, and legs that change between them while everybody speaks. */
#include "unit.h"

#include "phone.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CALLS 3
#define LEGS (2 * CALLS)

struct office {
	struct centre *c;
	struct phone *phones[LEGS];
	uint64_t streams[LEGS], groups[CALLS], bridges[CALLS];
};

static void office_open(struct office *o)
{
	o->c = centre_new(3);
	for (size_t i = 0; i < CALLS; i++) {
		o->groups[i] = media_group_new(o->c->media);
		assert_int_equal(media_bridge_new(o->c->media, o->groups[i], &o->bridges[i]), 0);
	}
	for (size_t i = 0; i < LEGS; i++) {
		o->phones[i] = phone_new(i % 2 ? MEDIA_PCMA : MEDIA_PCMU, 500 + 200 * (double)i);
		o->streams[i] = phone_connect(o->phones[i], o->c, o->groups[i / 2]);
	}
}

static void office_close(struct office *o)
{
	centre_free(o->c);
	for (size_t i = 0; i < LEGS; i++)
		phone_free(o->phones[i]);
}

/* Leg `agent` joins call `call` and talks with its caller. */
static void join(struct office *o, size_t call, size_t agent)
{
	media_bridge_add(o->c->media, o->bridges[call], o->streams[2 * call]);
	media_bridge_add(o->c->media, o->bridges[call], o->streams[agent]);
	media_bridge_link(
		o->c->media, o->bridges[call], o->streams[2 * call], o->streams[agent], MEDIA_UNITY);
}

static void expect_pair(struct office *o, size_t a, size_t b)
{
	phones_expect(o->phones, LEGS, o->c, (struct expected){ a, o->phones[b]->hz, 90, 100 });
	phones_expect(o->phones, LEGS, o->c, (struct expected){ b, o->phones[a]->hz, 90, 100 });
}

/* Each agent is handed on to the next call, round after round; every call keeps its own sound. */
static void test_legs_move(void **state)
{
	struct office o;

	(void)state;
	office_open(&o);
	for (size_t round = 0; round < 4; round++) {
		for (size_t call = 0; call < CALLS; call++)
			join(&o, call, 2 * ((call + round) % CALLS) + 1);
		phones_talk(o.phones, LEGS, o.c, 30);
		for (size_t call = 0; call < CALLS; call++)
			expect_pair(&o, 2 * call, 2 * ((call + round) % CALLS) + 1);
	}
	for (size_t i = 0; i < LEGS; i++) {
		struct media_event e;

		assert_int_equal(o.phones[i]->ssrc_changes, 0);
		assert_int_equal(o.phones[i]->disorder, 0);
		media_stream_close(o.c->media, o.streams[i]);
		e = centre_wait(o.c, MEDIA_CLOSED, o.streams[i]);
		assert_in_range(e.stats.packets_in, 118, 5000);
		assert_int_equal(e.stats.lost, 0);
	}
	office_close(&o);
}

/* Everything at once in no sensible order: nothing may break, and what is left is ended by media_free. */
static void test_storm(void **state)
{
	struct office o;
	unsigned seed = 7;
	char path[64];

	(void)state;
	office_open(&o);
	for (unsigned i = 0; i < 400; i++) {
		struct media *m = o.c->media;
		size_t call = (unsigned)rand_r(&seed) % CALLS, leg = (unsigned)rand_r(&seed) % LEGS;
		struct media_item tone = { .kind = MEDIA_ITEM_TONE, .tone = MEDIA_TONE_BUSY, .ms = 40 };
		uint64_t record, play;

		snprintf(path, sizeof(path), "/tmp/storm-%d-%u", (int)getpid(), i);
		media_stream_move(m, o.streams[leg], o.groups[call]);
		switch (i % 5) {
		case 0:
			join(&o, call, leg);
			break;
		case 1:
			assert_int_equal(
				media_play(m, o.streams[leg],
					&(struct media_play){ .items = &tone, .n = 1, .mix = i % 2 }, &play),
				0);
			break;
		case 2:
			media_stream_mute(m, o.streams[leg], i % 2);
			media_bridge_remove(m, o.bridges[call], o.streams[leg]);
			break;
		case 3:
			assert_int_equal(media_record_start(m,
						 &(struct media_record_options){
							 .group = o.groups[call], .path = path },
						 &record),
				0);
			media_record_feed(m, record, o.streams[leg], i % 2);
			media_record_stop(m, record);
			centre_wait(o.c, MEDIA_RECORDED, record);
			unlink(path);
			break;
		default:
			media_stream_close(m, o.streams[leg]);
			o.streams[leg] = phone_connect(o.phones[leg], o.c, o.groups[call]);
		}
		phone_send(o.phones[leg]);
		o.c->n_events = 0;
		centre_turn(o.c);
	}
	for (size_t i = 0; i < CALLS; i++)
		media_bridge_close(o.c->media, o.bridges[i]);
	office_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_legs_move),
		cmocka_unit_test(test_storm),
	};

	return unit_run(tests);
}
