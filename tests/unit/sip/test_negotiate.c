/* Plays the scripts of tests/unit/sip/sdp: what the other side says goes in, our text and the agreed media
 * come out. A script stands in a file of its own; lines up to the first "==" tell what it shows. */
#include "unit.h"

#include "base/mem.h"
#include "sip/negotiate.h"

#include <stdio.h>
#include <string.h>

struct play {
	const char *file;
	struct negotiate_caps caps;
	struct negotiate_state state;
	struct buf ours; /* our last text */
	int err;         /* of the last step */
};

static void set_caps(struct play *p, const char *words)
{
	p->caps = (struct negotiate_caps){
		.codecs = { NEGOTIATE_PCMA, NEGOTIATE_PCMU, NEGOTIATE_OPUS },
		.n_codecs = strstr(words, "opus") ? 3 : 2,
		.dtmf = true,
		.address = STR("198.51.100.5"),
		.rtp_port = 20000,
		.direction = strstr(words, "sendonly") ? SDP_SENDONLY
			: strstr(words, "inactive")    ? SDP_INACTIVE
						       : SDP_SENDRECV,
		.dtls = strstr(words, "dtls"),
		.offer_dtls = strstr(words, "offer_dtls"),
		.ice_ufrag = STR("oursfrag"),
		.ice_pwd = STR("ourpasswordourpassword12"),
		.fingerprint = STR("sha-256 01:02:03"),
		.session_id = 7,
		.ssrc = 5,
		.cname = STR("lx"),
	};
}

static void same(struct play *p, const char *what, struct str is, struct str want)
{
	if (!str_eq(str_trim(is), str_trim(want)))
		fail_msg(
			"%s: %s\n" STR_FMT "instead of\n" STR_FMT, p->file, what, STR_ARG(is), STR_ARG(want));
}

static void same_text(struct play *p, const char *what, struct str want)
{
	struct buf text;
	buf_init(&text, SDP_MAX);
	for (size_t i = 0; i < p->ours.n; i++)
		if (p->ours.p[i] != '\r')
			buf_addc(&text, p->ours.p[i]);
	if (p->err)
		fail_msg("%s: %s: %s", p->file, what, err_name(p->err));
	same(p, what, buf_str(&text), want);
	buf_done(&text);
}

static void add_pt(struct buf *out, uint8_t pt)
{
	if (pt == NEGOTIATE_NO_PT)
		buf_addc(out, '-');
	else
		buf_add_u64(out, pt);
}

static void describe(const struct negotiate_media *m, struct buf *out)
{
	static const char *const words[] = { "inactive", "sendonly", "recvonly", "sendrecv" };
	buf_printf(out, "%s send %u recv %u dtmf ", negotiate_codec_name(m->codec), m->pt_send, m->pt_recv);
	add_pt(out, m->dtmf_pt_send);
	buf_addc(out, '/');
	add_pt(out, m->dtmf_pt_recv);
	buf_printf(out, " ptime %u %s to %s:%u rtcp %s:%u", m->ptime_ms, words[m->send | m->recv << 1],
		m->address, m->port, m->rtcp_address, m->rtcp_port);
	buf_printf(out, "%s%s", m->rtcp_mux ? " mux" : "", m->remote_hold ? " hold" : "");
	if (!m->dtls)
		return;
	buf_printf(out, " dtls %s %s %s ice %s %s", m->dtls_client ? "client" : "server", m->fingerprint_hash,
		m->fingerprint, m->ice_ufrag, m->ice_pwd);
	for (size_t i = 0; i < m->n_candidates; i++)
		buf_printf(out, " %s:%u", m->candidates[i].address, m->candidates[i].port);
	buf_addz(out, m->ice_restart ? " restart" : "");
}

static void remote(struct play *p, struct str text, bool is_answer)
{
	struct arena *arena = arena_new(256 * 1024);
	struct negotiate_state before = p->state;
	struct sdp *sdp;
	assert_int_equal(sdp_parse(arena, text, &sdp, NULL), 0);
	bool restart = negotiate_is_ice_restart(&p->state, sdp);
	buf_reset(&p->ours);
	p->err = is_answer ? negotiate_accept(&p->caps, &p->state, sdp)
			   : negotiate_answer(&p->caps, &p->state, sdp, &p->ours);
	if (p->err)
		assert_memory_equal(&p->state, &before, sizeof(before));
	else
		assert_int_equal(p->state.media.ice_restart, restart);
	arena_free(arena);
}

static void caps(struct play *p, const char *words, struct str text)
{
	(void)text;
	set_caps(p, words);
}

static void remote_offer(struct play *p, const char *words, struct str text)
{
	(void)words;
	remote(p, text, false);
}

static void remote_answer(struct play *p, const char *words, struct str text)
{
	(void)words;
	remote(p, text, true);
}

static void our_offer(struct play *p, const char *words, struct str text)
{
	buf_reset(&p->ours);
	p->err = negotiate_offer(&p->caps, &p->state, &p->ours);
	same_text(p, words, text);
}

static void error(struct play *p, const char *words, struct str text)
{
	(void)text;
	assert_string_equal(err_name(p->err), words + strlen("error "));
}

static void media(struct play *p, const char *words, struct str text)
{
	struct buf out;
	buf_init(&out, 4096);
	assert_int_equal(p->err, 0);
	describe(&p->state.media, &out);
	same(p, words, buf_str(&out), text);
	buf_done(&out);
}

static const struct {
	const char *word;
	void (*play)(struct play *p, const char *words, struct str text);
} steps[] = {
	{ "caps", caps },
	{ "remote offer", remote_offer },
	{ "remote answer", remote_answer },
	{ "our offer", our_offer },
	{ "our answer", same_text },
	{ "error ", error },
	{ "media", media },
};

static void step(struct play *p, const char *head, struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (!strncmp(head, steps[i].word, strlen(steps[i].word))) {
			steps[i].play(p, head, text);
			return;
		}
	}
	fail_msg("%s: unknown step %s", p->file, head);
}

static void read_file(const char *name, struct buf *out)
{
	char path[512], piece[4096];
	snprintf(path, sizeof(path), "%s/tests/unit/sip/sdp/%s.txt", LX_SOURCE_DIR, name);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	for (size_t n; (n = fread(piece, 1, sizeof(piece), f)) > 0;)
		buf_add(out, piece, n);
	fclose(f);
}

static void play(const char *name)
{
	struct play p = { .file = name };
	struct buf script;
	buf_init(&p.ours, SDP_MAX);
	buf_init(&script, 1 << 20);
	read_file(name, &script);
	set_caps(&p, "");
	char *at = strstr(script.p, "\n== ");
	assert_non_null(at);
	while (at) {
		char *head = at + 4, *text = strchr(head, '\n') + 1;
		at = strstr(text - 1, "\n== ");
		text[-1] = '\0';
		step(&p, head,
			at ? (struct str){ text, at > text ? (size_t)(at + 1 - text) : 0 } : str_from(text));
	}
	buf_done(&script);
	buf_done(&p.ours);
}

static void plain(void **state)
{
	(void)state;
	play("plain");
}

static void offer(void **state)
{
	(void)state;
	play("offer");
}

static void refused(void **state)
{
	(void)state;
	play("refused");
}

static void browser(void **state)
{
	(void)state;
	play("browser");
}

static void browser_called(void **state)
{
	(void)state;
	play("browser-called");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(offer),
		cmocka_unit_test(refused),
		cmocka_unit_test(browser),
		cmocka_unit_test(browser_called),
	};
	return unit_run(tests);
}
