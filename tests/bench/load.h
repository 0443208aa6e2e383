#ifndef LX_TESTS_BENCH_LOAD_H
#define LX_TESTS_BENCH_LOAD_H

#include "base/str.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* A load of whole calls for the benchmarks: callers and agents as SIP phones over UDP on loopback, with one
 * socket for all callers' sound and one for all agents'. It is small and quick rather than correct: it knows
 * the one program it talks to. One thread. */

enum { LOAD_SDP_MAX = 400, LOAD_TEXT_MAX = 4096, LOAD_FIELD_MAX = 300, LOAD_HEAD_MAX = 1500 };

struct load_options {
	int sip_port;
	int agents, first_agent; /* extensions first_agent … first_agent + agents - 1, already known to the
				    centre */
	const char *password;    /* printf format of an agent's index from 1, "agent%d-demo" */
	const char *number, *key;
	double rate;         /* calls a second */
	int calls;           /* how many in all */
	int key_ms, hold_ms; /* after the caller's answer, after the agent's */
	bool sound;          /* both ends send 50 packets a second */
};

/* One direction pair of sound: where to send, and how what comes in kept its time. */
struct stream {
	bool on;
	in_port_t to; /* network order, 0 until known */
	uint16_t seq, next_in;
	uint32_t ts, ssrc;
	int64_t base_us; /* when packet 0 of what comes in was due */
	uint32_t heard;
};

struct sound_sums {
	uint64_t sent, received, lost, late;
};

struct sound;

struct sound *sound_new(bool steady);
void sound_free(struct sound *s);
in_port_t sound_port(const struct sound *s); /* host order */
int sound_fd(const struct sound *s);
/* Starts sending to 127.0.0.1:port (host order); NULL when there are too many streams. */
struct stream *sound_start(struct sound *s, in_port_t port);
void sound_stop(struct sound *s, struct stream *stream);
void sound_key(struct sound *s, struct stream *stream, char key);
void sound_read(struct sound *s, int64_t now_us);
void sound_tick(struct sound *s, int64_t now_us); /* every 5 ms */
struct sound_sums sound_sums(const struct sound *s);

/* First value of a header of a SIP message, by its long name; empty when absent. */
struct str text_header(struct str message, const char *name);
/* All lines of one header, each with its line end, as they stand. */
struct str text_lines(struct str message, const char *name, char *dst, size_t size);
/* Port of the audio of an SDP, 0 without. */
in_port_t text_audio_port(struct str message);
/* What stands between two markers, STR_NONE without. */
struct str text_between(struct str s, const char *from, char to);
void text_sdp(in_port_t port, char dst[LOAD_SDP_MAX]);
/* Digest response to a challenge (MD5), as an Authorization header line. */
int text_authorization(struct str challenge, const char *user, const char *password, const char *uri,
	char *dst, size_t size);

#endif
