/* A whole stack driven by a script: records that begin with '%' at the start of a line and a letter of
 * `steps`. Messages have LF line ends; $T $F $C $B stand for To tag, From tag, Call-ID and branch of what the
 * stack sent last, $A for credentials that answer its last challenge. Whatever happens, nothing is left in
 * the end. */
#include "base/mem.h"
#include "sip/build.h"
#include "sip/digest.h"
#include "sip/flow.h"
#include "sip/registrar.h"
#include "sip/session.h"
#include "sip/stack.h"

#include <assert.h>
#include <string.h>

enum { FLOWS = 3, OPENED_MAX = 32 };

struct far {
	struct sip_flow flow;
	struct scene *scene;
};

struct scene {
	struct timers timers;
	struct sip_stack *stack;
	struct registrar *registrar;
	struct sip_flow *flows[FLOWS], *opened[OPENED_MAX];
	size_t flow, n_opened;
	struct session *session;
	struct sip_msg *sent;
	struct digest_client digest;
	enum stack_verdict verdict;
};

static const struct digest_credentials bob = { { "8001", 4 }, { "pw", 2 } };

static int far_send(struct sip_flow *flow, struct str bytes)
{
	struct scene *sc = CONTAINER_OF(flow, struct far, flow)->scene;
	struct sip_msg *msg = NULL;
	if (bytes.n <= 4)
		return 0;
	/* what answers a wrong request may be wrong itself, but it is a message */
	if (sip_msg_parse(bytes, SIP_STREAM, &msg))
		assert(msg);
	if (!msg->is_request && (msg->status == 401 || msg->status == 407))
		(void)!digest_client_learn(&sc->digest, msg);
	digest_client_accepted(&sc->digest);
	obj_unref(sc->sent);
	sc->sent = msg;
	return 0;
}

static void far_close(struct sip_flow *flow)
{
	flow_down(flow);
}

static struct sip_flow *far_sibling(struct sip_flow *flow, const struct addr *peer);

static const struct flow_ops far_ops[FLOWS] = {
	{ .transport = "UDP", .send = far_send, .close = far_close, .sibling = far_sibling },
	{ .transport = "WS", .reliable = true, .send = far_send, .close = far_close },
	{ .transport = "TCP", .reliable = true, .send = far_send, .close = far_close },
};
static const struct obj_type far_type = { "far", sizeof(struct far), flow_destroy };

static struct sip_flow *far_new(struct scene *sc, size_t kind, const struct addr *peer)
{
	struct addr local;
	struct far *far = obj_new(&far_type);
	far->scene = sc;
	int err = addr_from_string(STR("192.0.2.9:5060"), &local);
	assert(!err);
	if (flow_init(&far->flow, &far_ops[kind], sc->stack, &local, peer))
		return obj_unref(far);
	return &far->flow;
}

static struct sip_flow *far_sibling(struct sip_flow *flow, const struct addr *peer)
{
	return far_new(CONTAINER_OF(flow, struct far, flow)->scene, 0, peer);
}

static int open_flow(void *arg, const char *transport, const struct addr *peer, struct sip_flow **ret_flow)
{
	struct scene *sc = arg;
	if (sc->n_opened == OPENED_MAX)
		return -E_UNREACHABLE;
	struct sip_flow *flow = far_new(sc, strcmp(transport, "TCP") ? 0 : 2, peer);
	if (!flow)
		return -E_FULL;
	sc->opened[sc->n_opened++] = flow;
	*ret_flow = obj_ref(flow);
	return 0;
}

static struct sip_flow *current(struct scene *sc)
{
	struct addr peer;
	struct sip_flow **flow = &sc->flows[sc->flow], *last = *flow;
	if (last && last->alive)
		return last;
	obj_unref(last);
	int err = addr_from_string(STR("192.0.2.1:5060"), &peer);
	assert(!err);
	*flow = far_new(sc, sc->flow, &peer);
	return *flow;
}

static const struct session_handlers quiet;

static void keep(struct scene *sc, struct session *s)
{
	if (sc->session)
		session_hangup(sc->session, NULL);
	obj_unref(sc->session);
	sc->session = obj_ref(s);
}

static void on_invite(void *arg, struct session *s, const struct sip_msg *invite)
{
	assert(invite->contact);
	session_attach(s, &quiet, arg);
	keep(arg, s);
}

static enum stack_verdict on_admit(void *arg, const struct sip_msg *invite, const struct sip_flow *flow)
{
	assert(invite && flow);
	return ((struct scene *)arg)->verdict;
}

static bool find_account(void *arg, struct str user, struct sip_account *ret_account)
{
	struct scene *sc = arg;
	char hex[DIGEST_HEX_SIZE];
	assert(sc->stack);
	if (!str_eq(user, bob.user))
		return false;
	digest_ha1(DIGEST_MD5, bob.user, STR("lingxi"), bob.password, hex);
	memcpy(ret_account->ha1_md5, hex, sizeof(ret_account->ha1_md5));
	digest_ha1(DIGEST_SHA256, bob.user, STR("lingxi"), bob.password, ret_account->ha1_sha256);
	memcpy(ret_account->aor, "8001", 5);
	return true;
}

static void substitute(struct scene *sc, char what, struct buf *out)
{
	const struct sip_msg *m = sc->sent;
	if (what == 'A') {
		digest_client_add(&sc->digest, &bob, STR("REGISTER"), STR("sip:lingxi"), out);
		if (out->n >= 2)
			out->n -= 2; /* the line's own end follows */
		return;
	}
	const struct {
		char letter;
		struct str value;
	} values[] = { { 'T', m->to->tag }, { 'F', m->from->tag }, { 'C', m->call_id },
		{ 'B', m->via ? m->via->branch : STR_NONE } };
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		if (values[i].letter == what)
			buf_adds(out, values[i].value);
}

static void message(struct scene *sc, struct str text)
{
	struct buf out;
	struct sip_flow *flow = current(sc);
	buf_init(&out, SIP_MSG_MAX);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '$' && i + 1 < text.n && sc->sent)
			substitute(sc, text.p[++i], &out);
		else if (text.p[i] == '\n')
			buf_add(&out, "\r\n", 2);
		else
			buf_addc(&out, text.p[i]);
	}
	if (flow && !out.err)
		stack_receive(sc->stack, flow, buf_str(&out));
	buf_done(&out);
}

static void wait(struct scene *sc, struct str text)
{
	int64_t end = sc->timers.now_us + (int64_t)(text.n + 1) * 250000;
	while (sc->timers.now_us < end)
		timers_run(&sc->timers, sc->timers.now_us + 50000);
}

static void invite(struct scene *sc, struct str text)
{
	struct session *s = NULL;
	struct session_invite_opts opts = {
		.flow = sc->flow == 1 ? current(sc) : NULL,
		.target = STR("sip:9001@192.0.2.1"),
		.from = STR("sip:8001@lingxi"),
		.from_name = STR("灵犀"),
		.sdp = text,
		.auth_user = bob.user,
		.auth_password = bob.password,
		.handlers = &quiet,
		.arg = sc,
	};
	if (!session_invite(sc->stack, &opts, &s))
		keep(sc, s);
	obj_unref(s);
}

static int ring(struct session *s, struct str text)
{
	return session_ring(s, 180, text);
}

static int reject(struct session *s, struct str text)
{
	return session_reject(s, 480 + (int)(text.n % 9), NULL, 0);
}

static int hang_up(struct session *s, struct str text)
{
	session_hangup(s, text.n ? "SIP;cause=200" : NULL);
	return 0;
}

static int key(struct session *s, struct str text)
{
	return session_send_key(s, '5', (int)text.n);
}

static const struct {
	char letter;
	int (*act)(struct session *s, struct str text);
} actions[] = {
	{ 'A', session_answer },
	{ 'R', ring },
	{ 'X', reject },
	{ 'H', hang_up },
	{ 'N', session_reinvite },
	{ 'K', session_ack },
	{ 'I', key },
};

static void flow_pick(struct scene *sc, struct str text)
{
	sc->flow = text.n % FLOWS;
}

static void flow_lose(struct scene *sc, struct str text)
{
	(void)text;
	if (sc->flows[sc->flow] && sc->flow) /* datagrams have no connection to lose */
		flow_down(sc->flows[sc->flow]);
}

static void judge(struct scene *sc, struct str text)
{
	sc->verdict = text.n % 3 == 0 ? STACK_ADMIT : text.n % 3 == 1 ? STACK_CHALLENGE : STACK_REFUSE;
}

static const struct {
	char letter;
	void (*play)(struct scene *sc, struct str text);
} steps[] = {
	{ 'M', message },
	{ 'W', wait },
	{ 'C', invite },
	{ 'F', flow_pick },
	{ 'D', flow_lose },
	{ 'V', judge },
};

static void play(struct scene *sc, struct str record)
{
	struct str text = str_sub(record, 1, record.n);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (record.p[0] == steps[i].letter)
			steps[i].play(sc, text);
	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		if (record.p[0] == actions[i].letter && sc->session)
			(void)!actions[i].act(sc->session, text);
}

static void begin(struct scene *sc)
{
	static const struct stack_handlers handlers = {
		.on_admit = on_admit,
		.on_invite = on_invite,
		.find_account = find_account,
	};
	timers_init(&sc->timers, 1000000);
	sc->stack = stack_new(&(struct stack_opts){
		.timers = &sc->timers,
		.open_flow = open_flow,
		.handlers = &handlers,
		.arg = sc,
	});
	sc->registrar = registrar_new(sc->stack, &(struct registrar_opts){ 0 });
}

static void end(struct scene *sc)
{
	struct stack_counts counts;
	if (sc->session)
		session_hangup(sc->session, NULL);
	sc->session = obj_unref(sc->session);
	wait(sc, (struct str){ NULL, 400 });
	stack_counts(sc->stack, &counts);
	assert(!counts.sessions && !counts.txns);
	registrar_free(sc->registrar);
	stack_free(sc->stack);
	for (size_t i = 0; i < FLOWS; i++)
		obj_unref(sc->flows[i]);
	while (sc->n_opened)
		obj_unref(sc->opened[--sc->n_opened]);
	obj_unref(sc->sent);
	timers_done(&sc->timers);
	assert(!obj_live());
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct scene sc = { .verdict = STACK_ADMIT };
	struct str rest = { (const char *)bytes, n };
	begin(&sc);
	for (size_t records = 0; rest.n && records < 64; records++) {
		size_t at = 0;
		while (at < rest.n && !(rest.p[at] == '%' && (!at || rest.p[at - 1] == '\n')))
			at++;
		if (at)
			play(&sc, str_sub(rest, 0, at));
		rest = str_sub(rest, at + 1, rest.n);
	}
	end(&sc);
	return 0;
}
