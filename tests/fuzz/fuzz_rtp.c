/* RTP and RTCP as they come from the network: the first byte chooses, the rest is a row of packets with their
 * lengths, through all that a port does before sound is sound. */
#include "media/keys.h"
#include "media/latch.h"
#include "media/recorder.h"
#include "media/rtcp.h"
#include "media/law.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct party {
	struct latch latch;
	struct rtp_source in;
	struct rtp_out out;
	struct keys_in keys;
	struct recorder *recorder;
	struct recorder_feed feed;
};

static void on_chunk(void *arg, const struct recfile_chunk *chunk)
{
	(void)arg;
	assert(chunk->samples <= RECFILE_CHUNK_SAMPLES);
}

static void take(struct party *p, const uint8_t *bytes, size_t n, int64_t now_us)
{
	struct addr from = { .v4 = { .sin_family = AF_INET, .sin_port = (in_port_t)(n & 1) } };
	struct rtp_packet packet;
	struct key keys[2];

	if (rtp_parse(bytes, n, &packet))
		return;
	assert(packet.payload >= bytes && packet.payload + packet.n <= bytes + n);
	if (!latch_take(&p->latch, &from, &packet, now_us))
		return;
	if (rtp_source_take(&p->in, &packet, 2, now_us) == RTP_CHANGED)
		p->feed.anchored = false;
	assert(keys_take(&p->keys, &packet, now_us, keys) <= 2);
	recorder_take(p->recorder, &p->feed, &packet, MEDIA_PCMA, now_us);
	if (rtp_out_relay(&p->out, &packet, (uint32_t)packet.n, now_us))
		assert(packet.ssrc == 42);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct party p = { .recorder = malloc(sizeof(*p.recorder)) };
	struct rtcp_report report;
	int64_t now_us = 0;

	law_init();
	if (size && data[0] & 1)
		(void)!rtcp_parse(data + 1, size - 1, 1, &report);
	recorder_init(p.recorder, 0, on_chunk, NULL);
	recorder_feed_init(p.recorder, &p.feed, MEDIA_CHANNEL_CALLER);
	rtp_out_init(&p.out, 42, 1, 2);
	for (size_t at = 1; at + 2 < size;) {
		size_t n = data[at] * 4u < size - at - 2 ? data[at] * 4u : size - at - 2;

		now_us += data[at + 1] * 1000;
		take(&p, data + at + 2, n, now_us);
		at += 2 + n;
	}
	recorder_finish(p.recorder, now_us);
	free(p.recorder);
	return 0;
}
