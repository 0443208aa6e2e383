/* Offer and answer. One function reads what the other side said into a negotiate_media, one writes our
 * description from the state; the three public functions differ in who begins. Work is done on a copy of the
 * state that replaces the caller's only when all went well. An answer takes one codec only, so both
 * directions have it and nobody has to transcode. */
#include "sip/negotiate.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <string.h>

#define ARENA_MAX (64 * 1024)

enum { SEND = 1, RECV = 2 };

static const struct {
	const char *name;
	uint32_t rate, channels;
	uint8_t pt;
	const char *fmtp;
} codecs[NEGOTIATE_CODEC__MAX] = {
	[NEGOTIATE_PCMA] = { "PCMA", 8000, 1, 8, NULL },
	[NEGOTIATE_PCMU] = { "PCMU", 8000, 1, 0, NULL },
	[NEGOTIATE_OPUS] = { "opus", 48000, 2, 111, "useinbandfec=1" },
};

/* A description in the making; the first error sticks. */
struct maker {
	const struct negotiate_caps *caps;
	struct negotiate_state next;
	struct arena *arena;
	struct sdp sdp;
	struct sdp_media media[NEGOTIATE_MEDIA_MAX];
	unsigned direction;
	enum sdp_setup setup;
	int err;
};

const char *negotiate_codec_name(enum negotiate_codec codec)
{
	return codecs[codec].name;
}

static unsigned direction_bits(enum sdp_direction d)
{
	static const unsigned bits[] = {
		[SDP_SENDRECV] = SEND | RECV,
		[SDP_SENDONLY] = SEND,
		[SDP_RECVONLY] = RECV,
		[SDP_INACTIVE] = 0,
		[SDP_DIRECTION_NONE] = SEND | RECV,
	};
	return bits[d];
}

static const char *direction_word(unsigned bits)
{
	static const enum sdp_direction words[] = { SDP_INACTIVE, SDP_SENDONLY, SDP_RECVONLY, SDP_SENDRECV };
	return sdp_direction_name(words[bits]);
}

/* What the other side sends is what we receive. */
static unsigned mirror(unsigned bits)
{
	return (bits & SEND ? RECV : 0u) | (bits & RECV ? SEND : 0u);
}

/* AF_INET, AF_INET6, or 0 when the text is no address. */
static int family_of(const char *address)
{
	unsigned char ignored[16];
	if (inet_pton(AF_INET, address, ignored) == 1)
		return AF_INET;
	return inet_pton(AF_INET6, address, ignored) == 1 ? AF_INET6 : 0;
}

static bool is_dtls(enum sdp_proto proto)
{
	return proto == SDP_UDP_TLS_RTP_SAVP || proto == SDP_UDP_TLS_RTP_SAVPF;
}

static bool is_avp(enum sdp_proto proto)
{
	return proto == SDP_RTP_AVP || proto == SDP_RTP_AVPF;
}

static const struct sdp_format *find_codec(const struct sdp_media *m, enum negotiate_codec codec)
{
	for (size_t i = 0; i < m->n_formats; i++) {
		const struct sdp_format *f = &m->formats[i];
		if (str_caseeqz(f->name, codecs[codec].name) && f->rate == codecs[codec].rate &&
			f->channels == codecs[codec].channels)
			return f;
	}
	return NULL;
}

static const struct sdp_format *find_dtmf(const struct sdp_media *m)
{
	for (size_t i = 0; i < m->n_formats; i++)
		if (str_caseeqz(m->formats[i].name, "telephone-event") && m->formats[i].rate == 8000)
			return &m->formats[i];
	return NULL;
}

static const struct sdp_format *first_common(
	const struct negotiate_caps *caps, const struct sdp_media *m, enum negotiate_codec *ret_codec)
{
	for (size_t i = 0; i < caps->n_codecs; i++) {
		const struct sdp_format *f = find_codec(m, caps->codecs[i]);
		if (f) {
			*ret_codec = caps->codecs[i];
			return f;
		}
	}
	return NULL;
}

static struct str either(struct str media, struct str session)
{
	return media.p ? media : session;
}

static int read_dtls(const struct sdp *sdp, const struct sdp_media *m, struct negotiate_media *out)
{
	struct sdp_fingerprint f =
		m->common.fingerprint.hash.p ? m->common.fingerprint : sdp->common.fingerprint;
	struct str ufrag = either(m->common.ice_ufrag, sdp->common.ice_ufrag);
	struct str pwd = either(m->common.ice_pwd, sdp->common.ice_pwd);
	out->dtls = true;
	out->remote_ice_lite = sdp->ice_lite;
	if (!f.hash.p || !m->rtcp_mux || !ufrag.p != !pwd.p)
		return -E_INVALID;
	if (str_copy(f.hash, out->fingerprint_hash, sizeof(out->fingerprint_hash)) ||
		str_copy(f.value, out->fingerprint, sizeof(out->fingerprint)) ||
		str_copy(ufrag, out->ice_ufrag, sizeof(out->ice_ufrag)) ||
		str_copy(pwd, out->ice_pwd, sizeof(out->ice_pwd)))
		return -E_INVALID;
	for (size_t i = 0; i < m->n_candidates && out->n_candidates < NEGOTIATE_CANDIDATES_MAX; i++) {
		const struct sdp_candidate *c = &m->candidates[i];
		struct negotiate_candidate *to = &out->candidates[out->n_candidates];
		if (c->component != 1 || !str_caseeqz(c->transport, "udp") ||
			str_copy(c->address, to->address, sizeof(to->address)) || !family_of(to->address))
			continue;
		to->port = c->port;
		to->priority = c->priority;
		out->n_candidates++;
	}
	return 0;
}

static int read_rtcp(const struct sdp_media *m, struct negotiate_media *out)
{
	const char *address = out->address;
	char own[NEGOTIATE_ADDR_SIZE];
	out->rtcp_mux = m->rtcp_mux;
	out->rtcp_port = m->rtcp_port ? m->rtcp_port : (uint16_t)(out->port + 1);
	if (out->rtcp_mux)
		out->rtcp_port = out->port;
	else if (m->rtcp_address.p && !str_copy(m->rtcp_address, own, sizeof(own)) && family_of(own))
		address = own;
	return str_copy(str_from(address), out->rtcp_address, sizeof(out->rtcp_address));
}

/* Where to send, unless ICE finds that out. 0.0.0.0 is the hold of RFC 2543: nowhere. */
static int read_address(const struct negotiate_caps *caps, const struct sdp *sdp, const struct sdp_media *m,
	struct negotiate_media *out)
{
	char local[NEGOTIATE_ADDR_SIZE];
	if (str_copy(sdp_media_connection(sdp, m)->address, out->address, sizeof(out->address)) ||
		str_copy(caps->address, local, sizeof(local)))
		return -E_INVALID;
	int family = family_of(out->address);
	bool ice = out->ice_ufrag[0] != '\0';
	out->port = m->port;
	if (!strcmp(out->address, "0.0.0.0") || !strcmp(out->address, "::") || (ice && !family))
		out->address[0] = '\0';
	else if (!family)
		return -E_INVALID;
	else if (!ice && family != family_of(local))
		return -E_UNSUPPORTED;
	return read_rtcp(m, out);
}

static uint32_t ptime_of(const struct negotiate_caps *caps, const struct sdp_media *m)
{
	uint32_t ms = m->ptime_ms;
	if (ms < 10 || ms > 60 || ms % 10)
		ms = caps->ptime_ms ? caps->ptime_ms : 20;
	if (m->maxptime_ms >= 10 && ms > m->maxptime_ms)
		ms = m->maxptime_ms / 10 * 10;
	return ms;
}

/* Everything about their stream but codec and roles. `want` is what we would do; *ret_remote what they let
 * us. */
static int read_remote(struct maker *mk, const struct sdp *sdp, const struct sdp_media *m, unsigned want,
	struct negotiate_media *out)
{
	const struct negotiate_media *old = mk->next.has_media ? &mk->next.media : NULL;
	*out = (struct negotiate_media){ .dtmf_pt_send = NEGOTIATE_NO_PT, .dtmf_pt_recv = NEGOTIATE_NO_PT };
	int err = is_dtls(m->proto) ? read_dtls(sdp, m, out) : 0;
	if (!err)
		err = read_address(mk->caps, sdp, m, out);
	if (err)
		return err;
	unsigned allowed = mirror(direction_bits(sdp_media_direction(sdp, m)));
	if (!out->ice_ufrag[0] && !out->address[0])
		allowed &= ~(unsigned)SEND;
	out->remote_hold = (want & SEND) && !(allowed & SEND);
	mk->direction = want & allowed;
	out->send = mk->direction & SEND;
	out->recv = mk->direction & RECV;
	out->ptime_ms = ptime_of(mk->caps, m);
	out->ice_restart = old && old->ice_ufrag[0] &&
		(strcmp(old->ice_ufrag, out->ice_ufrag) || strcmp(old->ice_pwd, out->ice_pwd));
	return 0;
}

static void attr_str(struct maker *mk, struct sdp_attrs *attrs, const char *name, struct str value)
{
	if (!mk->err)
		mk->err = sdp_add_attr(mk->arena, attrs, str_from(name), value);
}

/* `value` may come from an arena that is full. */
static void attr(struct maker *mk, struct sdp_attrs *attrs, const char *name, const char *value)
{
	if (!value)
		mk->err = -E_LIMIT;
	attr_str(mk, attrs, name, str_from(value));
}

static void flag(struct maker *mk, struct sdp_attrs *attrs, const char *name)
{
	attr_str(mk, attrs, name, STR_NONE);
}

static void make_session(struct maker *mk)
{
	struct sdp *sdp = &mk->sdp;
	struct str type = str_find(mk->caps->address, ':') < mk->caps->address.n ? STR("IP6") : STR("IP4");
	sdp->origin = (struct sdp_origin){ .username = STR("-"),
		.session_id = mk->next.session_id,
		.net_type = STR("IN"),
		.addr_type = type,
		.address = mk->caps->address };
	sdp->name = STR("-");
	sdp->common.connection = (struct sdp_connection){ type, mk->caps->address };
	mk->err = sdp_add_line(mk->arena, &sdp->lines, 't', STR("0 0"));
	if (mk->next.dtls)
		flag(mk, &sdp->common.attrs, "ice-lite");
	if (mk->next.bundle)
		attr(mk, &sdp->common.attrs, "group",
			arena_printf(mk->arena, "BUNDLE %s", mk->next.lines[mk->next.audio].mid));
	sdp->media = mk->media;
	sdp->n_media = mk->next.n_lines;
}

static void make_dtls(struct maker *mk, struct sdp_attrs *attrs)
{
	const struct negotiate_caps *caps = mk->caps;
	attr_str(mk, attrs, "ice-ufrag", caps->ice_ufrag);
	attr_str(mk, attrs, "ice-pwd", caps->ice_pwd);
	attr(mk, attrs, "candidate",
		arena_printf(mk->arena, "1 1 udp 2130706431 " STR_FMT " %u typ host", STR_ARG(caps->address),
			caps->rtp_port));
	flag(mk, attrs, "end-of-candidates");
	attr_str(mk, attrs, "fingerprint", caps->fingerprint);
	attr(mk, attrs, "setup", sdp_setup_name(mk->setup));
	if (caps->ssrc)
		attr(mk, attrs, "ssrc",
			arena_printf(mk->arena, "%u cname:" STR_FMT, caps->ssrc, STR_ARG(caps->cname)));
}

static void make_format(struct maker *mk, struct sdp_media *m, uint8_t pt, enum negotiate_codec codec)
{
	struct sdp_attrs *attrs = &m->common.attrs;
	const char *channels = codecs[codec].channels == 2 ? "/2" : "";
	m->formats_text = str_from(arena_printf(
		mk->arena, STR_FMT "%s%u", STR_ARG(m->formats_text), m->formats_text.n ? " " : "", pt));
	attr(mk, attrs, "rtpmap",
		arena_printf(mk->arena, "%u %s/%u%s", pt, codecs[codec].name, codecs[codec].rate, channels));
	if (codecs[codec].fmtp)
		attr(mk, attrs, "fmtp", arena_printf(mk->arena, "%u %s", pt, codecs[codec].fmtp));
}

static void make_dtmf(struct maker *mk, struct sdp_media *m, uint8_t pt)
{
	m->formats_text =
		str_from(arena_printf(mk->arena, STR_FMT " %u", STR_ARG(m->formats_text), (unsigned)pt));
	attr(mk, &m->common.attrs, "rtpmap", arena_printf(mk->arena, "%u telephone-event/8000", pt));
	attr(mk, &m->common.attrs, "fmtp", arena_printf(mk->arena, "%u 0-16", pt));
}

static struct sdp_media *make_line(struct maker *mk, size_t i)
{
	const struct negotiate_line *line = &mk->next.lines[i];
	struct sdp_media *m = &mk->media[i];
	m->type = str_from(line->type);
	m->proto_name = str_from(line->proto);
	if (line->has_mid)
		attr(mk, &m->common.attrs, "mid", line->mid);
	return m;
}

/* The tail of the audio line, behind its formats. */
static void finish_audio(struct maker *mk, struct sdp_media *m, bool rtcp_mux)
{
	const struct negotiate_caps *caps = mk->caps;
	struct sdp_attrs *attrs = &m->common.attrs;
	m->port = caps->rtp_port;
	attr(mk, attrs, "ptime", arena_printf(mk->arena, "%u", caps->ptime_ms ? caps->ptime_ms : 20));
	flag(mk, attrs, direction_word(mk->direction));
	if (rtcp_mux)
		flag(mk, attrs, "rtcp-mux");
	else if (caps->rtcp_port && caps->rtcp_port != caps->rtp_port + 1)
		attr(mk, attrs, "rtcp", arena_printf(mk->arena, "%u", caps->rtcp_port));
	if (mk->next.dtls)
		make_dtls(mk, attrs);
}

static void make_rejected(struct maker *mk, size_t i)
{
	struct sdp_media *m = make_line(mk, i);
	m->formats_text = str_from(mk->next.lines[i].formats);
	flag(mk, &m->common.attrs, "inactive");
}

static uint64_t hash_text(struct str s)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < s.n; i++)
		hash = (hash ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return hash;
}

/* Writes the description; its version rises when anything else in it changed. */
static int publish(struct maker *mk, struct buf *out)
{
	struct buf text;
	if (mk->err)
		return mk->err;
	buf_init(&text, SDP_MAX);
	mk->sdp.origin.version = 0;
	sdp_print(&mk->sdp, &text);
	uint64_t hash = hash_text(buf_str(&text));
	int err = buf_err(&text);
	buf_done(&text);
	if (!mk->next.has_local || hash != mk->next.text_hash)
		mk->next.version++;
	mk->next.text_hash = hash;
	mk->next.has_local = true;
	mk->sdp.origin.version = mk->next.version;
	sdp_print(&mk->sdp, out);
	return err ? err : buf_err(out);
}

static void maker_begin(
	struct maker *mk, const struct negotiate_caps *caps, const struct negotiate_state *state)
{
	*mk = (struct maker){ .caps = caps, .next = *state, .arena = arena_new(ARENA_MAX) };
	if (!mk->next.has_local)
		mk->next.session_id = caps->session_id & (UINT64_MAX >> 2);
}

static int maker_end(struct maker *mk, struct negotiate_state *state, int err)
{
	arena_free(mk->arena);
	if (!err)
		*state = mk->next;
	return err;
}

/* Payload numbers of an offer: those once agreed, else the usual ones, never two alike. */
static uint8_t take_pt(bool used[128], uint8_t wish)
{
	uint8_t pt = wish;
	if (used[pt])
		for (pt = 96; pt < 127 && used[pt];)
			pt++;
	used[pt] = true;
	return pt;
}

static void offer_formats(struct maker *mk, struct sdp_media *m)
{
	bool used[128] = { false };
	for (size_t i = 0; i < mk->caps->n_codecs; i++) {
		enum negotiate_codec codec = mk->caps->codecs[i];
		uint8_t *pt = &mk->next.pts[codec];
		*pt = take_pt(used, *pt ? *pt : codecs[codec].pt);
		make_format(mk, m, *pt, codec);
	}
	if (mk->caps->dtmf) {
		mk->next.dtmf_pt = take_pt(used, mk->next.dtmf_pt ? mk->next.dtmf_pt : 101);
		make_dtmf(mk, m, mk->next.dtmf_pt);
	}
}

static void first_lines(struct maker *mk)
{
	struct negotiate_state *next = &mk->next;
	struct negotiate_line *line = &next->lines[0];
	next->n_lines = 1;
	next->audio = 0;
	next->dtls = mk->caps->dtls && mk->caps->offer_dtls;
	next->bundle = next->dtls;
	line->has_mid = next->dtls;
	const char *proto = sdp_proto_name(next->dtls ? SDP_UDP_TLS_RTP_SAVPF : SDP_RTP_AVP);
	mk->err = str_copy(STR("audio"), line->type, sizeof(line->type));
	if (!mk->err)
		mk->err = str_copy(str_from(proto), line->proto, sizeof(line->proto));
	if (!mk->err)
		mk->err = str_copy(STR("0"), line->mid, sizeof(line->mid));
}

int negotiate_offer(const struct negotiate_caps *caps, struct negotiate_state *state, struct buf *out)
{
	struct maker mk;
	maker_begin(&mk, caps, state);
	if (!mk.next.n_lines)
		first_lines(&mk);
	if (!mk.err)
		make_session(&mk);
	mk.direction = direction_bits(caps->direction);
	mk.setup = SDP_SETUP_ACTPASS;
	for (size_t i = 0; i < mk.next.n_lines; i++) {
		if (i != mk.next.audio) {
			make_rejected(&mk, i);
			continue;
		}
		struct sdp_media *m = make_line(&mk, i);
		offer_formats(&mk, m);
		finish_audio(&mk, m, mk.next.dtls || (mk.next.has_media && mk.next.media.rtcp_mux));
	}
	return maker_end(&mk, state, publish(&mk, out));
}

static bool is_usable(const struct negotiate_caps *caps, const struct sdp_media *m)
{
	enum negotiate_codec ignored;
	return str_eqz(m->type, "audio") && m->port &&
		(is_avp(m->proto) || (caps->dtls && is_dtls(m->proto))) && first_common(caps, m, &ignored);
}

/* The line in use before, else the first we can use. */
static int pick_line(struct maker *mk, const struct sdp *offer)
{
	if (mk->next.has_media && is_usable(mk->caps, &offer->media[mk->next.audio]))
		return 0;
	for (size_t i = 0; i < offer->n_media; i++) {
		if (is_usable(mk->caps, &offer->media[i])) {
			mk->next.audio = i;
			return 0;
		}
	}
	return -E_UNSUPPORTED;
}

static int note_lines(struct negotiate_state *next, const struct sdp *offer)
{
	if (offer->n_media < next->n_lines)
		return -E_INVALID;
	if (offer->n_media > NEGOTIATE_MEDIA_MAX)
		return -E_UNSUPPORTED;
	next->n_lines = offer->n_media;
	for (size_t i = 0; i < offer->n_media; i++) {
		const struct sdp_media *m = &offer->media[i];
		struct negotiate_line *line = &next->lines[i];
		struct str first = m->formats_text;
		line->has_mid = m->mid.p != NULL;
		if (str_copy(m->type, line->type, sizeof(line->type)) ||
			str_copy(m->proto_name, line->proto, sizeof(line->proto)) ||
			str_copy(str_cut(&first, ' '), line->formats, sizeof(line->formats)) ||
			str_copy(m->mid, line->mid, sizeof(line->mid)))
			return -E_INVALID;
	}
	return 0;
}

static bool is_bundled(const struct sdp *sdp, const struct sdp_media *m)
{
	for (size_t i = 0; m->mid.p && i < sdp->n_bundle; i++)
		if (str_eq(sdp->bundle[i], m->mid))
			return true;
	return false;
}

static enum sdp_setup setup_of(const struct sdp *sdp, const struct sdp_media *m)
{
	return m->common.setup == SDP_SETUP_NONE ? sdp->common.setup : m->common.setup;
}

/* Whether we start the DTLS handshake. Left to choose we wait, or stay what we were towards the same key. */
static int answer_role(
	struct maker *mk, const struct sdp *offer, const struct sdp_media *m, struct negotiate_media *media)
{
	const struct negotiate_media *old = &mk->next.media;
	enum sdp_setup theirs = setup_of(offer, m);
	if (theirs == SDP_SETUP_HOLDCONN)
		return -E_INVALID;
	bool same = mk->next.has_media && old->dtls && !strcmp(old->fingerprint, media->fingerprint);
	media->dtls_client =
		theirs == SDP_SETUP_PASSIVE || (theirs != SDP_SETUP_ACTIVE && same && old->dtls_client);
	mk->setup = media->dtls_client ? SDP_SETUP_ACTIVE : SDP_SETUP_PASSIVE;
	return 0;
}

static void answer_formats(struct maker *mk, const struct sdp_media *offered, struct negotiate_media *media)
{
	const struct sdp_format *f = first_common(mk->caps, offered, &media->codec);
	const struct sdp_format *dtmf = mk->caps->dtmf ? find_dtmf(offered) : NULL;
	struct sdp_media *m = make_line(mk, mk->next.audio);
	for (size_t i = 0; i < mk->caps->n_codecs; i++) {
		const struct sdp_format *known = find_codec(offered, mk->caps->codecs[i]);
		if (known)
			mk->next.pts[mk->caps->codecs[i]] = known->pt;
	}
	media->pt_send = media->pt_recv = f->pt;
	make_format(mk, m, f->pt, media->codec);
	if (dtmf) {
		media->dtmf_pt_send = media->dtmf_pt_recv = mk->next.dtmf_pt = dtmf->pt;
		make_dtmf(mk, m, dtmf->pt);
	}
	finish_audio(mk, m, media->rtcp_mux);
}

static int answer(struct maker *mk, const struct sdp *offer, struct buf *out)
{
	struct negotiate_media media;
	int err = note_lines(&mk->next, offer);
	if (!err)
		err = pick_line(mk, offer);
	if (err)
		return err;
	const struct sdp_media *offered = &offer->media[mk->next.audio];
	err = read_remote(mk, offer, offered, direction_bits(mk->caps->direction), &media);
	if (!err && media.dtls)
		err = answer_role(mk, offer, offered, &media);
	if (err)
		return err;
	mk->next.dtls = media.dtls;
	mk->next.bundle = is_bundled(offer, offered);
	make_session(mk);
	for (size_t i = 0; i < mk->next.n_lines; i++) {
		if (i == mk->next.audio)
			answer_formats(mk, offered, &media);
		else
			make_rejected(mk, i);
	}
	mk->next.media = media;
	mk->next.has_media = true;
	return publish(mk, out);
}

int negotiate_answer(const struct negotiate_caps *caps, struct negotiate_state *state,
	const struct sdp *offer, struct buf *out)
{
	struct maker mk;
	maker_begin(&mk, caps, state);
	return maker_end(&mk, state, answer(&mk, offer, out));
}

/* The first format of their answer that we had offered. */
static int accept_formats(struct maker *mk, const struct sdp_media *m, struct negotiate_media *media)
{
	const struct sdp_format *best = NULL;
	const struct sdp_format *dtmf = mk->caps->dtmf ? find_dtmf(m) : NULL;
	for (size_t i = 0; i < mk->caps->n_codecs; i++) {
		const struct sdp_format *f = find_codec(m, mk->caps->codecs[i]);
		if (f && (!best || f < best)) {
			best = f;
			media->codec = mk->caps->codecs[i];
		}
	}
	if (!best)
		return -E_UNSUPPORTED;
	media->pt_send = best->pt;
	media->pt_recv = mk->next.pts[media->codec];
	if (dtmf) {
		media->dtmf_pt_send = dtmf->pt;
		media->dtmf_pt_recv = mk->next.dtmf_pt;
	}
	return 0;
}

static int accept_role(const struct sdp *sdp, const struct sdp_media *m, struct negotiate_media *media)
{
	enum sdp_setup theirs = setup_of(sdp, m);
	if (theirs == SDP_SETUP_ACTPASS || theirs == SDP_SETUP_HOLDCONN)
		return -E_INVALID;
	media->dtls_client = theirs == SDP_SETUP_PASSIVE;
	return 0;
}

static int accept_answer(struct maker *mk, const struct sdp *sdp)
{
	struct negotiate_media media;
	if (!mk->next.has_local || sdp->n_media != mk->next.n_lines)
		return -E_INVALID;
	const struct sdp_media *m = &sdp->media[mk->next.audio];
	const struct negotiate_line *line = &mk->next.lines[mk->next.audio];
	if (!str_eqz(m->type, line->type) || !str_caseeqz(m->proto_name, line->proto))
		return -E_INVALID;
	if (!m->port)
		return -E_UNSUPPORTED;
	int err = read_remote(mk, sdp, m, direction_bits(mk->caps->direction), &media);
	if (!err)
		err = accept_formats(mk, m, &media);
	if (!err && media.dtls)
		err = accept_role(sdp, m, &media);
	if (err)
		return err;
	mk->next.bundle = is_bundled(sdp, m);
	mk->next.media = media;
	mk->next.has_media = true;
	return 0;
}

int negotiate_accept(const struct negotiate_caps *caps, struct negotiate_state *state, const struct sdp *sdp)
{
	struct maker mk;
	maker_begin(&mk, caps, state);
	return maker_end(&mk, state, accept_answer(&mk, sdp));
}

bool negotiate_is_ice_restart(const struct negotiate_state *state, const struct sdp *offer)
{
	if (!state->has_media || !state->media.ice_ufrag[0] || state->audio >= offer->n_media)
		return false;
	const struct sdp_media *m = &offer->media[state->audio];
	return !str_eqz(either(m->common.ice_ufrag, offer->common.ice_ufrag), state->media.ice_ufrag) ||
		!str_eqz(either(m->common.ice_pwd, offer->common.ice_pwd), state->media.ice_pwd);
}
