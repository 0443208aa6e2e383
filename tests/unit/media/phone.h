#ifndef LX_TESTS_MEDIA_PHONE_H
#define LX_TESTS_MEDIA_PHONE_H

#include "media/media.h"
#include "media/seal.h"
#include "net/addr.h"
#include "net/loop.h"

/* A telephone for tests: a UDP socket that speaks a tone and keeps what it hears; and a centre with media to
 * speak to. */
#define PHONE_HEARD 160000

struct phone {
	int fd;
	struct addr local, to;
	enum media_codec codec;
	struct seal *seal; /* secure: owned */
	double hz;
	int amplitude;
	uint32_t ssrc, ts, sample;
	uint16_t seq;
	int16_t heard[PHONE_HEARD];
	size_t n_heard;
	/* of what came */
	unsigned packets, markers, disorder;
	bool any;
	uint32_t in_ssrc;
	uint16_t in_seq;
	uint32_t in_ts;
	unsigned ssrc_changes, keys;
	char key;
};

struct centre {
	struct loop *loop;
	struct media *media;
	struct media_event events[256];
	size_t n_events;
};

struct centre *centre_new(unsigned threads);
/* With few ports that rest only so long. */
struct centre *centre_new_small(uint16_t ports, int64_t rest_ms);
void centre_free(struct centre *c);
/* Turns the loop until the event has come; fails the test after ten seconds. id 0 is any. */
struct media_event centre_wait(struct centre *c, enum media_event_kind kind, uint64_t id);
size_t centre_count(const struct centre *c, enum media_event_kind kind, uint64_t id);
void centre_turn(struct centre *c);

struct phone *phone_new(enum media_codec codec, double hz);
void phone_free(struct phone *p);
/* Where the phone is, as SDP would say it. */
struct media_remote phone_remote(const struct phone *p);
/* A stream whose remote end is the phone, and the phone's is the stream. */
uint64_t phone_connect(struct phone *p, struct centre *c, uint64_t group);
void phone_send(struct phone *p); /* the next packet of the tone */
void phone_send_raw(struct phone *p, const void *bytes, size_t n);
void phone_send_packet(
	struct phone *p, uint8_t pt, const void *payload, size_t n); /* keeps seq and ts as they are */
/* Takes in what has come; waits for the first packet up to so long. Returns how many. */
unsigned phone_hear(struct phone *p, int wait_ms);
void phone_forget(struct phone *p);
/* Highest share of the energy in any n heard samples that is this tone, 0 to 1: short enough a piece shows
 * the tone even where a busy machine made the sound stumble. */
double phone_share(const struct phone *p, double hz, size_t n);
double tone_share(const int16_t *samples, size_t n, double hz);
/* Forgets what was heard, then speaks and hears in real time, 50 packets a second. */
void phones_talk(struct phone **phones, size_t n, struct centre *c, unsigned packets);
/* Talks on until one of them hears a tone with a share between these (percent), as long as it may take a busy
 * machine; fails after ten seconds. */
struct expected {
	size_t phone;
	double hz;
	int low, high;
};
void phones_expect(struct phone **phones, size_t n, struct centre *c, struct expected e);

#endif
