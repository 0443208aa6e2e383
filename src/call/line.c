/* Offers, answers and media of one session. Not obvious: a browser that restarts ICE expects fresh
 * credentials of ours in the answer, so that is looked for before answering. */
#include "call/line.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>

#define SDP_OUT_MAX 8192
#define SDP_ARENA_MAX ((size_t)256 << 10)

static struct negotiate_caps caps_of(const struct line *line)
{
	return (struct negotiate_caps){
		.codecs = { NEGOTIATE_PCMA, NEGOTIATE_PCMU },
		.n_codecs = 2,
		.dtmf = true,
		.address = str_from(line->local.rtp.ip),
		.rtp_port = line->local.rtp.port,
		.rtcp_port = line->local.rtcp_port,
		.direction = SDP_SENDRECV,
		.dtls = line->secure,
		.offer_dtls = line->secure,
		.ice_ufrag = str_from(line->local.ice_ufrag),
		.ice_pwd = str_from(line->local.ice_pwd),
		.fingerprint = str_from(line->local.fingerprint),
		.session_id = line->session_id,
		.ssrc = line->local.ssrc,
		.cname = str_from(line->local.cname),
	};
}

static void remote_of(const struct negotiate_media *m, struct media_remote *r)
{
	*r = (struct media_remote){
		.rtp.port = m->port,
		.rtcp.port = m->rtcp_port,
		.rtcp_mux = m->rtcp_mux,
		.codec = m->codec == NEGOTIATE_PCMU ? MEDIA_PCMU : MEDIA_PCMA,
		.pt = m->pt_send,
		.dtmf_pt = m->dtmf_pt_send == NEGOTIATE_NO_PT ? 0 : m->dtmf_pt_send,
		.pt_recv = m->pt_recv,
		.dtmf_pt_recv = m->dtmf_pt_recv == NEGOTIATE_NO_PT ? 0 : m->dtmf_pt_recv,
		.direction = (enum media_direction)((m->send ? MEDIA_SEND : 0) | (m->recv ? MEDIA_RECV : 0)),
		.setup = m->dtls_client ? MEDIA_SETUP_ACTIVE : MEDIA_SETUP_PASSIVE,
	};
	snprintf(r->rtp.ip, sizeof(r->rtp.ip), "%s", m->address);
	snprintf(r->rtcp.ip, sizeof(r->rtcp.ip), "%s", m->rtcp_address);
	if (m->dtls) {
		/* "sha-256" and 32 bytes in hexadecimal fill it; what is longer fails its check */
		snprintf(r->ice_ufrag, sizeof(r->ice_ufrag), "%s", m->ice_ufrag);
		snprintf(r->ice_pwd, sizeof(r->ice_pwd), "%s", m->ice_pwd);
		snprintf(r->fingerprint, sizeof(r->fingerprint), "%.7s %.95s", m->fingerprint_hash,
			m->fingerprint);
	}
}

static void apply(struct line *line)
{
	struct media_remote remote;
	remote_of(&line->agreed.media, &remote);
	int err = media_stream_set_remote(line->media, line->local.stream, &remote);
	if (err)
		log_(LOG_CALL, LOG_DEBUG, "media refused the remote err=%s", err_name(err));
}

bool line_offer_is_secure(struct str sdp)
{
	struct arena *arena = arena_new(SDP_ARENA_MAX);
	struct sdp *offer = NULL;
	bool secure = false;
	if (sdp_parse(arena, sdp, &offer, NULL) == 0)
		for (size_t i = 0; i < offer->n_media; i++)
			secure |= offer->media[i].proto == SDP_UDP_TLS_RTP_SAVPF ||
				offer->media[i].proto == SDP_UDP_TLS_RTP_SAVP;
	arena_free(arena);
	return secure;
}

int line_open(struct line *line, struct media *media, uint64_t group, uint64_t tag, bool secure)
{
	const struct media_stream_options options = { .group = group, .tag = tag, .secure = secure };
	line->media = media;
	line->secure = secure;
	line->session_id = tag & INT64_MAX;
	return media_stream_open(media, &options, &line->local);
}

void line_close(struct line *line)
{
	if (line->local.stream)
		media_stream_close(line->media, line->local.stream);
}

static void follow_ice_restart(struct line *line, const struct sdp *offer)
{
	if (negotiate_is_ice_restart(&line->agreed, offer) &&
		media_stream_restart_ice(line->media, line->local.stream, &line->local) != 0)
		log_(LOG_CALL, LOG_DEBUG, "ICE restart refused");
}

/* Takes the text out, or frees it. */
static int finish(struct buf *out, int err, char **ret_text)
{
	if (!err)
		err = buf_err(out);
	if (err)
		buf_done(out);
	else
		*ret_text = buf_take(out);
	return err;
}

int line_offer(struct line *line, char **ret_text)
{
	const struct negotiate_caps caps = caps_of(line);
	struct buf out;
	buf_init(&out, SDP_OUT_MAX);
	return finish(&out, negotiate_offer(&caps, &line->agreed, &out), ret_text);
}

int line_answer(struct line *line, struct str offer_text, char **ret_text)
{
	struct arena *arena = arena_new(SDP_ARENA_MAX);
	struct sdp *offer = NULL;
	struct buf out;
	buf_init(&out, SDP_OUT_MAX);
	int err = sdp_parse(arena, offer_text, &offer, NULL);
	if (!err) {
		follow_ice_restart(line, offer);
		const struct negotiate_caps caps = caps_of(line);
		err = negotiate_answer(&caps, &line->agreed, offer, &out);
	}
	arena_free(arena);
	err = finish(&out, err, ret_text);
	if (!err)
		apply(line);
	return err;
}

int line_accept(struct line *line, struct str answer)
{
	struct arena *arena = arena_new(SDP_ARENA_MAX);
	struct sdp *sdp = NULL;
	const struct negotiate_caps caps = caps_of(line);
	int err = sdp_parse(arena, answer, &sdp, NULL);
	if (!err)
		err = negotiate_accept(&caps, &line->agreed, sdp);
	arena_free(arena);
	if (!err)
		apply(line);
	return err;
}

bool line_is_agreed(const struct line *line)
{
	return line->agreed.has_media;
}

bool line_is_held(const struct line *line)
{
	return line->agreed.has_media && line->agreed.media.remote_hold;
}

const char *line_codec(const struct line *line)
{
	return line->agreed.has_media ? negotiate_codec_name(line->agreed.media.codec) : "";
}
