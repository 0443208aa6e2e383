/* What the texts of a call cost: an INVITE of a carrier parsed, answered, its offer read and answered. Prints
 * CPU time per message. */
#include "base/clock.h"
#include "sip/build.h"
#include "sip/negotiate.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 100000
#define OFFER                                                                                                \
	"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"                          \
	"m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"                   \
	"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"

static const char invite[] =
	"INVITE sip:4008001234@192.0.2.10:5060;user=phone SIP/2.0\r\n"
	"Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK-524287-1---8c1d2b7c3a\r\n"
	"Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bKnashds8;received=198.51.100.7\r\n"
	"Record-Route: <sip:192.0.2.1;lr>\r\n"
	"Max-Forwards: 69\r\n"
	"From: \"Zhang San\" <sip:13800138000@192.0.2.1>;tag=1928301774\r\n"
	"To: <sip:4008001234@192.0.2.10>\r\n"
	"Call-ID: a84b4c76e66710@pc33.example.com\r\n"
	"CSeq: 314159 INVITE\r\n"
	"Contact: <sip:13800138000@192.0.2.1:5060;transport=udp>\r\n"
	"Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, UPDATE\r\n"
	"Supported: timer, replaces, 100rel\r\n"
	"Session-Expires: 1800\r\n"
	"User-Agent: SBC 7.2.1\r\n"
	"P-Asserted-Identity: <sip:13800138000@192.0.2.1>\r\n"
	"Content-Type: application/sdp\r\n"
	"\r\n" OFFER;

struct scene {
	struct sip_msg *msg;
	struct arena *arena;
	struct sdp *offer;
	struct buf out;
};

static int parse(struct scene *s)
{
	struct sip_msg *msg;
	(void)s;
	int err = sip_msg_parse(STR(invite), SIP_DATAGRAM, &msg);
	obj_unref(msg);
	return err;
}

static int respond(struct scene *s)
{
	buf_reset(&s->out);
	sip_build_response(&s->out,
		&(struct sip_build_response){ .request = s->msg,
			.status = 200,
			.to_tag = STR("a1b2c3d4"),
			.received = STR("192.0.2.1"),
			.rport = 5060,
			.record_route = true,
			.contact = STR("<sip:lingxi@192.0.2.10>") });
	sip_build_end(&s->out, STR("application/sdp"), STR(OFFER));
	return buf_err(&s->out);
}

static int read_offer(struct scene *s)
{
	arena_reset(s->arena);
	return sdp_parse(s->arena, STR(OFFER), &s->offer, NULL);
}

static int answer(struct scene *s)
{
	static const struct negotiate_caps caps = {
		.codecs = { NEGOTIATE_PCMA, NEGOTIATE_PCMU },
		.n_codecs = 2,
		.dtmf = true,
		.address = { "192.0.2.10", 10 },
		.rtp_port = 20000,
		.session_id = 7,
	};
	struct negotiate_state state = { 0 };
	buf_reset(&s->out);
	return negotiate_answer(&caps, &state, s->offer, &s->out);
}

static const struct {
	const char *name;
	int (*run)(struct scene *s);
} benches[] = {
	{ "sip_parse_invite", parse },
	{ "sip_build_200", respond },
	{ "sdp_parse", read_offer },
	{ "sdp_answer", answer },
};

int main(void)
{
	struct scene s = { .arena = arena_new(1 << 18) };
	int err = sip_msg_parse(STR(invite), SIP_DATAGRAM, &s.msg);
	buf_init(&s.out, SIP_MSG_MAX);
	for (size_t i = 0; !err && i < sizeof(benches) / sizeof(benches[0]); i++) {
		int64_t from_us = clock_cpu_us();
		for (int round = 0; !err && round < ROUNDS; round++)
			err = benches[i].run(&s);
		printf("{\"bench\": \"%s\", \"unit\": \"us\", \"value\": %.3f}\n", benches[i].name,
			(double)(clock_cpu_us() - from_us) / ROUNDS);
	}
	buf_done(&s.out);
	obj_unref(s.msg);
	arena_free(s.arena);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
