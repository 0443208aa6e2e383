/* Session descriptions. Attributes are kept as they came, in order, and what we understand of them is read
 * into the structs beside: printing uses the former, negotiating the latter. An attribute that only helps
 * (ptime, a candidate) is passed over when malformed; one that the meaning hangs on (rtpmap, fingerprint) is
 * a fault. */
#include "sip/sdp.h"

#include "base/mem.h"
#include "sip/lex.h"

#include <string.h>

struct reader {
	struct arena *arena;
	struct sdp *sdp;
	struct sdp_media *media; /* NULL at session level */
	struct sdp_common *common;
	unsigned seen; /* of v, o, s */
};

static const char *const directions[] = {
	[SDP_SENDRECV] = "sendrecv",
	[SDP_SENDONLY] = "sendonly",
	[SDP_RECVONLY] = "recvonly",
	[SDP_INACTIVE] = "inactive",
};

static const char *const setups[] = {
	[SDP_SETUP_ACTIVE] = "active",
	[SDP_SETUP_PASSIVE] = "passive",
	[SDP_SETUP_ACTPASS] = "actpass",
	[SDP_SETUP_HOLDCONN] = "holdconn",
};

static const char *const protos[] = {
	[SDP_RTP_AVP] = "RTP/AVP",
	[SDP_RTP_AVPF] = "RTP/AVPF",
	[SDP_RTP_SAVP] = "RTP/SAVP",
	[SDP_RTP_SAVPF] = "RTP/SAVPF",
	[SDP_UDP_TLS_RTP_SAVP] = "UDP/TLS/RTP/SAVP",
	[SDP_UDP_TLS_RTP_SAVPF] = "UDP/TLS/RTP/SAVPF",
};

/* Payload types of RFC 3551 that audio still uses. */
static const struct {
	uint8_t pt;
	const char *name;
	uint32_t rate;
} static_formats[] = {
	{ 0, "PCMU", 8000 },
	{ 3, "GSM", 8000 },
	{ 4, "G723", 8000 },
	{ 8, "PCMA", 8000 },
	{ 9, "G722", 8000 },
	{ 13, "CN", 8000 },
	{ 15, "G728", 8000 },
	{ 18, "G729", 8000 },
};

/* Room for one more of `size` bytes in an array of the arena; NULL when there may be no more. */
static void *grow(struct arena *arena, void **v, size_t n, size_t *room, size_t size)
{
	if (n >= SDP_ATTRS_MAX)
		return NULL;
	if (n == *room) {
		size_t more = n ? n * 2 : 16;
		char *bigger = arena_try(arena, more * size);
		if (!bigger)
			return NULL;
		if (n)
			memcpy(bigger, *v, n * size);
		*v = bigger;
		*room = more;
	}
	return (char *)*v + n * size;
}

int sdp_add_attr(struct arena *arena, struct sdp_attrs *attrs, struct str name, struct str value)
{
	struct sdp_attr *a = grow(arena, (void **)&attrs->v, attrs->n, &attrs->room, sizeof(*a));
	if (!a)
		return -E_LIMIT;
	*a = (struct sdp_attr){ name, value };
	attrs->n++;
	return 0;
}

int sdp_add_line(struct arena *arena, struct sdp_lines *lines, char type, struct str value)
{
	struct sdp_line *l = grow(arena, (void **)&lines->v, lines->n, &lines->room, sizeof(*l));
	if (!l)
		return -E_LIMIT;
	*l = (struct sdp_line){ type, value };
	lines->n++;
	return 0;
}

/* Next word between single spaces. */
static struct str word(struct str *rest)
{
	return str_cut(rest, ' ');
}

static int find_name(const char *const *names, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (names[i] && str_caseeqz(s, names[i]))
			return (int)i;
	return -E_NOT_FOUND;
}

static int read_rtpmap(struct reader *r, struct str value)
{
	uint32_t pt, rate, channels = 1;
	struct str number = word(&value), name = str_cut(&value, '/'), clock = str_cut(&value, '/');
	if (!r->media || str_to_u32(number, 127, &pt) || str_is_empty(name) ||
		str_to_u32(str_trim(clock), UINT32_MAX, &rate))
		return -E_SYNTAX;
	if (value.n && str_to_u32(str_trim(value), 255, &channels))
		return -E_SYNTAX;
	for (size_t i = 0; i < r->media->n_formats; i++) {
		struct sdp_format *f = &r->media->formats[i];
		if (f->pt != pt)
			continue;
		f->name = name;
		f->rate = rate;
		f->channels = channels;
	}
	return 0;
}

static int read_fmtp(struct reader *r, struct str value)
{
	uint32_t pt;
	struct str number = word(&value);
	if (!r->media || str_to_u32(number, 127, &pt))
		return 0;
	for (size_t i = 0; i < r->media->n_formats; i++)
		if (r->media->formats[i].pt == pt)
			r->media->formats[i].fmtp = value;
	return 0;
}

static int read_ptime(struct reader *r, struct str value)
{
	uint32_t ms;
	if (r->media && !str_to_u32(str_trim(str_cut(&value, '.')), 1000, &ms))
		r->media->ptime_ms = ms;
	return 0;
}

static int read_maxptime(struct reader *r, struct str value)
{
	uint32_t ms;
	if (r->media && !str_to_u32(str_trim(value), 1000, &ms))
		r->media->maxptime_ms = ms;
	return 0;
}

static int read_rtcp_mux(struct reader *r, struct str value)
{
	(void)value;
	if (r->media)
		r->media->rtcp_mux = true;
	return 0;
}

static int read_rtcp(struct reader *r, struct str value)
{
	uint32_t port;
	if (!r->media || str_to_u32(word(&value), UINT16_MAX, &port))
		return r->media ? -E_SYNTAX : 0;
	r->media->rtcp_port = (uint16_t)port;
	word(&value);
	word(&value);
	r->media->rtcp_address = value.n ? word(&value) : STR_NONE;
	return 0;
}

static int read_ice_ufrag(struct reader *r, struct str value)
{
	r->common->ice_ufrag = value;
	return value.n >= 4 && value.n <= 256 ? 0 : -E_SYNTAX;
}

static int read_ice_pwd(struct reader *r, struct str value)
{
	r->common->ice_pwd = value;
	return value.n >= 22 && value.n <= 256 ? 0 : -E_SYNTAX;
}

static int read_ice_options(struct reader *r, struct str value)
{
	r->common->ice_options = value;
	return 0;
}

static int read_ice_lite(struct reader *r, struct str value)
{
	(void)value;
	r->sdp->ice_lite = true;
	return 0;
}

static int read_candidate(struct reader *r, struct str value)
{
	struct sdp_candidate c;
	uint32_t port;
	if (!r->media || r->media->n_candidates == SDP_CANDIDATES_MAX)
		return 0;
	c.foundation = word(&value);
	if (str_to_u32(word(&value), 256, &c.component))
		return 0;
	c.transport = word(&value);
	if (str_to_u32(word(&value), UINT32_MAX, &c.priority))
		return 0;
	c.address = word(&value);
	if (str_to_u32(word(&value), UINT16_MAX, &port) || !str_eqz(word(&value), "typ"))
		return 0;
	c.port = (uint16_t)port;
	c.type = word(&value);
	c.rest = value;
	if (!r->media->candidates)
		r->media->candidates = arena_try(r->arena, SDP_CANDIDATES_MAX * sizeof(c));
	if (!r->media->candidates)
		return -E_LIMIT;
	r->media->candidates[r->media->n_candidates++] = c;
	return 0;
}

/* SHA-256 is the one everybody must have; of others the longer is better. */
static int hash_rank(struct str hash)
{
	static const char *const best_last[] = { "sha-1", "sha-224", "sha-512", "sha-384", "sha-256" };
	return find_name(best_last, ARRAY_LEN(best_last), hash);
}

static bool is_fingerprint(struct str s)
{
	if (s.n < 2 || s.n % 3 != 2)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (i % 3 == 2 ? s.p[i] != ':' : !lex_is(s.p[i], LEX_HEX))
			return false;
	return true;
}

static int read_fingerprint(struct reader *r, struct str value)
{
	struct sdp_fingerprint f = { .hash = word(&value), .value = str_trim(value) };
	if (!is_fingerprint(f.value))
		return -E_SYNTAX;
	if (!r->common->fingerprint.hash.p || hash_rank(f.hash) > hash_rank(r->common->fingerprint.hash))
		r->common->fingerprint = f;
	return 0;
}

static int read_setup(struct reader *r, struct str value)
{
	int setup = find_name(setups, ARRAY_LEN(setups), value);
	if (setup < 0)
		return -E_SYNTAX;
	r->common->setup = (enum sdp_setup)setup;
	return 0;
}

static int read_mid(struct reader *r, struct str value)
{
	if (!r->media || str_is_empty(value))
		return -E_SYNTAX;
	r->media->mid = value;
	return 0;
}

static int read_group(struct reader *r, struct str value)
{
	if (r->media || !str_eqz(word(&value), "BUNDLE") || r->sdp->n_bundle)
		return 0;
	while (value.n) {
		struct str mid = word(&value);
		if (str_is_empty(mid))
			continue;
		if (r->sdp->n_bundle == SDP_GROUP_MAX)
			return -E_LIMIT;
		r->sdp->bundle[r->sdp->n_bundle++] = mid;
	}
	return 0;
}

static int read_msid(struct reader *r, struct str value)
{
	if (r->media)
		r->media->msid = value;
	return 0;
}

static int read_ssrc(struct reader *r, struct str value)
{
	uint32_t ssrc;
	if (!r->media || r->media->has_ssrc || str_to_u32(word(&value), UINT32_MAX, &ssrc))
		return 0;
	r->media->ssrc = ssrc;
	r->media->has_ssrc = true;
	return 0;
}

static const struct {
	const char *name;
	int (*read)(struct reader *r, struct str value);
} attributes[] = {
	{ "rtpmap", read_rtpmap },
	{ "fmtp", read_fmtp },
	{ "ptime", read_ptime },
	{ "maxptime", read_maxptime },
	{ "rtcp-mux", read_rtcp_mux },
	{ "rtcp", read_rtcp },
	{ "ice-ufrag", read_ice_ufrag },
	{ "ice-pwd", read_ice_pwd },
	{ "ice-options", read_ice_options },
	{ "ice-lite", read_ice_lite },
	{ "candidate", read_candidate },
	{ "fingerprint", read_fingerprint },
	{ "setup", read_setup },
	{ "mid", read_mid },
	{ "group", read_group },
	{ "msid", read_msid },
	{ "ssrc", read_ssrc },
};

static int read_attribute(struct reader *r, struct str line)
{
	struct str name = str_cut(&line, ':');
	struct str value = line.p && line.p == name.p + name.n + 1 ? line : STR_NONE;
	if (str_is_empty(name))
		return -E_SYNTAX;
	int err = sdp_add_attr(r->arena, &r->common->attrs, name, value);
	if (err)
		return err;
	int direction = find_name(directions, ARRAY_LEN(directions), name);
	if (direction >= 0 && !value.p)
		r->common->direction = (enum sdp_direction)direction;
	for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
		if (str_eqz(name, attributes[i].name))
			return attributes[i].read(r, value);
	return 0;
}

static int read_origin(struct reader *r, struct str line)
{
	struct sdp_origin *o = &r->sdp->origin;
	o->username = word(&line);
	int err = str_to_u64(word(&line), UINT64_MAX, &o->session_id);
	if (!err)
		err = str_to_u64(word(&line), UINT64_MAX, &o->version);
	o->net_type = word(&line);
	o->addr_type = word(&line);
	o->address = str_trim(line);
	if (!err && (str_is_empty(o->address) || str_is_empty(o->username)))
		err = -E_SYNTAX;
	return err;
}

static int read_connection(struct reader *r, struct str line)
{
	struct sdp_connection *c = &r->common->connection;
	struct str net = word(&line);
	c->addr_type = word(&line);
	c->address = str_trim(line);
	if (!str_eqz(net, "IN") || str_is_empty(c->address) ||
		(!str_eqz(c->addr_type, "IP4") && !str_eqz(c->addr_type, "IP6")))
		return -E_SYNTAX;
	return 0;
}

static void static_format(struct sdp_format *f)
{
	f->channels = 1;
	for (size_t i = 0; i < ARRAY_LEN(static_formats); i++) {
		if (static_formats[i].pt != f->pt)
			continue;
		f->name = str_from(static_formats[i].name);
		f->rate = static_formats[i].rate;
	}
}

static int read_formats(struct reader *r, struct sdp_media *m)
{
	struct str rest = m->formats_text;
	m->formats = arena_try(r->arena, SDP_FORMATS_MAX * sizeof(*m->formats));
	if (!m->formats)
		return -E_LIMIT;
	while (rest.n) {
		uint32_t pt;
		struct str number = word(&rest);
		if (str_is_empty(number))
			continue;
		if (m->n_formats == SDP_FORMATS_MAX)
			return -E_LIMIT;
		if (str_to_u32(number, 127, &pt))
			return -E_SYNTAX;
		struct sdp_format *f = &m->formats[m->n_formats++];
		f->pt = (uint8_t)pt;
		static_format(f);
	}
	return 0;
}

static int read_media(struct reader *r, struct str line)
{
	if (r->sdp->n_media == SDP_MEDIA_MAX)
		return -E_LIMIT;
	struct sdp_media *m = &r->sdp->media[r->sdp->n_media++];
	uint32_t port;
	m->type = word(&line);
	struct str ports = word(&line), first = str_cut(&ports, '/');
	m->proto_name = word(&line);
	m->formats_text = str_trim(line);
	m->common.direction = SDP_DIRECTION_NONE;
	m->n_ports = 1;
	r->media = m;
	r->common = &m->common;
	if (str_is_empty(m->type) || str_is_empty(m->proto_name) || str_is_empty(m->formats_text) ||
		str_to_u32(first, UINT16_MAX, &port) ||
		(ports.n && str_to_u32(ports, UINT16_MAX, &m->n_ports)))
		return -E_SYNTAX;
	m->port = (uint16_t)port;
	int proto = find_name(protos, ARRAY_LEN(protos), m->proto_name);
	m->proto = proto < 0 ? SDP_PROTO_OTHER : (enum sdp_proto)proto;
	return proto < 0 ? 0 : read_formats(r, m);
}

enum { SEEN_V = 1, SEEN_O = 2, SEEN_S = 4, SEEN_ALL = 7 };

static int read_line(struct reader *r, char type, struct str value)
{
	if (!(r->seen & SEEN_V) && type != 'v')
		return -E_SYNTAX;
	switch (type) {
	case 'v':
		r->seen |= SEEN_V;
		return str_eqz(value, "0") ? 0 : -E_SYNTAX;
	case 'o':
		r->seen |= SEEN_O;
		return read_origin(r, value);
	case 's':
		r->seen |= SEEN_S;
		r->sdp->name = value;
		return 0;
	case 'c':
		return read_connection(r, value);
	case 'm':
		return read_media(r, value);
	case 'a':
		return read_attribute(r, value);
	default:
		if (!strchr(r->media ? "ibk" : "iuepbtrzk", type))
			return -E_SYNTAX;
		return sdp_add_line(r->arena, r->media ? &r->media->lines : &r->sdp->lines, type, value);
	}
}

static int read_all(struct reader *r, struct str text, size_t *at)
{
	struct str rest = text;
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		*at = (size_t)(line.p - text.p);
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!line.n)
			continue;
		if (line.n < 2 || line.p[1] != '=' || !line.p[0] || memchr(line.p, '\r', line.n) ||
			memchr(line.p, '\0', line.n))
			return -E_SYNTAX;
		int err = read_line(r, line.p[0], str_sub(line, 2, line.n));
		if (err)
			return err;
	}
	*at = text.n;
	return r->seen == SEEN_ALL ? 0 : -E_SYNTAX;
}

int sdp_parse(struct arena *arena, struct str text, struct sdp **ret_sdp, size_t *ret_at)
{
	size_t at = 0;
	if (text.n > SDP_MAX)
		return -E_LIMIT;
	struct sdp *sdp = arena_try(arena, sizeof(*sdp));
	struct str copy = arena_str(arena, text);
	if (sdp)
		sdp->media = arena_try(arena, SDP_MEDIA_MAX * sizeof(*sdp->media));
	if (!sdp || !copy.p || !sdp->media)
		return -E_LIMIT;
	sdp->common.direction = SDP_DIRECTION_NONE;
	struct reader r = { .arena = arena, .sdp = sdp, .common = &sdp->common };
	int err = read_all(&r, copy, &at);
	if (ret_at)
		*ret_at = at;
	if (!err)
		*ret_sdp = sdp;
	return err;
}

static void print_line(struct buf *out, char type, struct str value)
{
	buf_addc(out, type);
	buf_addc(out, '=');
	buf_adds(out, value);
	buf_add(out, "\r\n", 2);
}

static void print_lines(struct buf *out, const struct sdp_lines *lines, const char *types)
{
	for (size_t i = 0; i < lines->n; i++)
		if (strchr(types, lines->v[i].type))
			print_line(out, lines->v[i].type, lines->v[i].value);
}

static void print_connection(struct buf *out, const struct sdp_connection *c)
{
	if (!c->addr_type.p)
		return;
	buf_addz(out, "c=IN ");
	buf_adds(out, c->addr_type);
	buf_addc(out, ' ');
	buf_adds(out, c->address);
	buf_add(out, "\r\n", 2);
}

static void print_attrs(struct buf *out, const struct sdp_attrs *attrs)
{
	for (size_t i = 0; i < attrs->n; i++) {
		buf_addz(out, "a=");
		buf_adds(out, attrs->v[i].name);
		if (attrs->v[i].value.p) {
			buf_addc(out, ':');
			buf_adds(out, attrs->v[i].value);
		}
		buf_add(out, "\r\n", 2);
	}
}

static void print_origin(struct buf *out, const struct sdp_origin *o)
{
	buf_addz(out, "o=");
	buf_adds(out, o->username);
	buf_addc(out, ' ');
	buf_add_u64(out, o->session_id);
	buf_addc(out, ' ');
	buf_add_u64(out, o->version);
	const struct str rest[] = { o->net_type, o->addr_type, o->address };
	for (size_t i = 0; i < ARRAY_LEN(rest); i++) {
		buf_addc(out, ' ');
		buf_adds(out, rest[i]);
	}
	buf_add(out, "\r\n", 2);
}

static void print_media(struct buf *out, const struct sdp_media *m)
{
	buf_addz(out, "m=");
	buf_adds(out, m->type);
	buf_addc(out, ' ');
	buf_add_u64(out, m->port);
	if (m->n_ports > 1) {
		buf_addc(out, '/');
		buf_add_u64(out, m->n_ports);
	}
	buf_addc(out, ' ');
	buf_adds(out, m->proto_name);
	buf_addc(out, ' ');
	buf_adds(out, m->formats_text);
	buf_add(out, "\r\n", 2);
	print_lines(out, &m->lines, "i");
	print_connection(out, &m->common.connection);
	print_lines(out, &m->lines, "bk");
	print_attrs(out, &m->common.attrs);
}

void sdp_print(const struct sdp *sdp, struct buf *out)
{
	print_line(out, 'v', STR("0"));
	print_origin(out, &sdp->origin);
	print_line(out, 's', sdp->name);
	print_lines(out, &sdp->lines, "iuep");
	print_connection(out, &sdp->common.connection);
	print_lines(out, &sdp->lines, "b");
	print_lines(out, &sdp->lines, "trz");
	print_lines(out, &sdp->lines, "k");
	print_attrs(out, &sdp->common.attrs);
	for (size_t i = 0; i < sdp->n_media; i++)
		print_media(out, &sdp->media[i]);
}

const struct sdp_attr *sdp_attr(const struct sdp_attrs *attrs, const char *name)
{
	for (size_t i = 0; i < attrs->n; i++)
		if (str_eqz(attrs->v[i].name, name))
			return &attrs->v[i];
	return NULL;
}

enum sdp_direction sdp_media_direction(const struct sdp *sdp, const struct sdp_media *m)
{
	if (m->common.direction != SDP_DIRECTION_NONE)
		return m->common.direction;
	return sdp->common.direction == SDP_DIRECTION_NONE ? SDP_SENDRECV : sdp->common.direction;
}

const struct sdp_connection *sdp_media_connection(const struct sdp *sdp, const struct sdp_media *m)
{
	return m->common.connection.addr_type.p ? &m->common.connection : &sdp->common.connection;
}

const char *sdp_direction_name(enum sdp_direction d)
{
	return d == SDP_DIRECTION_NONE ? "" : directions[d];
}

const char *sdp_setup_name(enum sdp_setup s)
{
	return s == SDP_SETUP_NONE ? "" : setups[s];
}

const char *sdp_proto_name(enum sdp_proto p)
{
	return p == SDP_PROTO_OTHER ? "" : protos[p];
}
