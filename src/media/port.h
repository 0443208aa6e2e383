#ifndef LX_MEDIA_PORT_H
#define LX_MEDIA_PORT_H

#include "media/jitter.h"
#include "media/keys.h"
#include "media/latch.h"
#include "media/pairs.h"
#include "media/player.h"
#include "media/recorder.h"
#include "media/thread.h"

/* A port is the media thread's side of a stream: sockets, the party's packets in, our one stream out. Made by
 * the signalling thread, from port_attach() on the media thread's alone, freed by port_end(). */
struct mixer;
struct tap;
struct secure;

/* Where the party's sound goes without mixing. */
struct relay {
	struct port *to;
	int gain;
};

enum port_mode {
	PORT_IDLE,    /* in no mixer: hears what is played */
	PORT_RELAY,   /* hears one speaker, packet by packet */
	PORT_MIX,     /* hears a mix each 20 ms */
	PORT_SILENCE, /* in a mixer, hears nobody: silence keeps the way open */
};

struct port {
	LIST_ENTRY(port) link;
	uint64_t id, tag;
	struct thread *thread;
	struct poller rtp, rtcp;
	struct ticker fast, slow;
	struct secure *secure; /* NULL: plain */
	char cname[20];

	/* negotiated */
	bool negotiated, started, muted, mux, no_latch;
	enum media_codec codec;
	uint8_t pt, dtmf_pt, pt_recv, dtmf_pt_recv;
	unsigned direction;
	struct addr rtcp_said;

	/* in */
	struct latch latch;
	uint32_t stale_ssrc; /* of the port's call before */
	bool connected;      /* the socket hears and knows only the party */
	struct rtp_source in;
	unsigned epoch; /* rises when the party's stream becomes another */
	struct keys_in keys_in;
	int64_t last_in_us;
	bool first_seen, silent;
	uint64_t packets_in, bytes_in, dropped;
	uint32_t last_sr;
	int64_t last_sr_us;
	uint32_t peer_lost, round_trip_us;
	struct relay *relays;
	size_t n_relays, relays_size;
	bool mixed; /* somebody hears us in a mix */
	struct jitter *jitter;

	/* the record */
	struct tap *tap;
	struct recorder_feed feed;
	LIST_ENTRY(port) fed;

	/* out */
	enum port_mode mode;
	struct mixer *mixer;
	size_t seat;
	struct rtp_out out;
	uint64_t relayed; /* id of the speaker whose run this is */
	unsigned relayed_epoch;
	struct keys_out keys_out;
	struct player *player;
	uint64_t play_id, play_tag;
	bool play_mix;
	unsigned play_waited; /* ticks, for a leg that cannot hear yet */
	int64_t next_report_us;
};

/* On the signalling thread; takes the sockets. */
struct port *port_new(uint64_t id, uint64_t tag, const struct pair_open *pair);

/* From here on the media thread. Attach also takes in a moved port; detach leaves mixer, record and play. */
void port_attach(struct thread *t, struct port *p);
void port_detach(struct thread *t, struct port *p);
void port_end(struct thread *t, struct port *p); /* emits MEDIA_CLOSED, frees */

void port_set_remote(struct thread *t, struct port *p, const struct media_remote *remote);
void port_start(struct thread *t, struct port *p);
void port_mute(struct thread *t, struct port *p, bool on);
void port_keys(struct thread *t, struct port *p, const char *keys, int on_ms, int off_ms);
void port_play(
	struct thread *t, struct port *p, struct player *player, const struct media_play *play, uint64_t id);
void port_play_stop(struct thread *t, struct port *p, int err); /* ends what plays, if anything */
/* After the mode, player or keys changed: whether the port needs ticks of its own. */
void port_retick(struct thread *t, struct port *p);

/* port_in.c: from the sockets, and what is in them after decryption. */
void port_on_rtp(struct thread *t, struct poller *poller);
void port_on_rtcp(struct thread *t, struct poller *poller);
void port_take_rtp(struct thread *t, struct port *p, const uint8_t *bytes, size_t n, const struct addr *from);
void port_take_rtcp(struct thread *t, struct port *p, const uint8_t *bytes, size_t n);

/* port_out.c */
void port_relay(struct thread *t, const struct port *from, const struct relay *relay,
	const struct rtp_packet *packet, enum media_codec codec);
void port_relay_key(struct thread *t, const struct port *from, const struct relay *relay,
	const struct rtp_packet *packet);
/* 20 ms of own sound: mix (NULL is silence), what is played, or a key. */
void port_frame(struct thread *t, struct port *p, const int16_t *mix);
void port_report(struct thread *t, struct port *p, bool bye);

#endif
