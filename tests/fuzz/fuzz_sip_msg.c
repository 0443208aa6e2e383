/* Any bytes as a datagram. What parses is walked over, and a response made from it must parse again and say
 * the same. */
#include "sip/build.h"
#include "sip/field.h"

#include <assert.h>
#include <stdlib.h>

static void read_fields(const struct sip_msg *m)
{
	for (size_t i = 0; i < m->n_headers; i++) {
		struct str value = m->headers[i].value, type, params;
		union {
			struct sip_auth auth;
			struct sip_rack rack;
			struct sip_replaces replaces;
			struct sip_session_expires expires;
			struct sip_event event;
			struct sip_reason reason;
			uint32_t seconds;
		} u;
		int ok = !sip_auth_parse(value, &u.auth) + !sip_rack_parse(value, &u.rack) +
			!sip_replaces_parse(value, &u.replaces) +
			!sip_session_expires_parse(value, &u.expires) + !sip_event_parse(value, &u.event) +
			!sip_reason_parse(value, &u.reason) + !sip_seconds_parse(value, &u.seconds) +
			!sip_rseq_parse(value, &u.seconds) + !sip_content_type_parse(value, &type, &params);
		assert(ok <= 9);
	}
}

static void read_lists(const struct sip_msg *m)
{
	for (int id = 1; id < SIP_HDR__MAX; id++) {
		struct sip_list_pos pos = { 0 };
		struct str value;
		while (sip_msg_list_next(m, (enum sip_hdr)id, &pos, &value))
			assert(value.n);
	}
	for (const struct sip_addr *c = m->contact; c; c = c->next)
		assert(sip_addr_q(c) <= 1000 && sip_addr_expires(c, 0) >= 0);
	assert(sip_msg_unsupported(m, SIP_HDR_REQUIRE, 0).n <= 2 * m->bytes.n);
}

static void answer(const struct sip_msg *m, int fine)
{
	struct sip_msg *again;
	struct buf out;
	buf_init(&out, 2 * SIP_MSG_MAX);
	sip_build_response(&out,
		&(struct sip_build_response){
			.request = m,
			.status = fine ? 200 : m->fault.status,
			.to_tag = STR("t"),
			.received = STR("192.0.2.1"),
			.rport = 5,
			.record_route = true,
		});
	sip_build_end(&out, STR_NONE, STR_NONE);
	assert(!buf_err(&out));
	if (fine && out.n <= SIP_MSG_MAX) {
		int err = sip_msg_parse(buf_str(&out), SIP_STREAM, &again);
		assert(!err || err == -E_LIMIT);
		if (!err)
			assert(str_eq(again->call_id, m->call_id) && again->cseq.number == m->cseq.number &&
				again->to->tag.p);
		obj_unref(again);
	}
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct sip_msg *m;
	int err = sip_msg_parse((struct str){ (const char *)bytes, n }, SIP_DATAGRAM, &m);
	if (m) {
		assert(!err == !m->fault.reason[0]);
		assert(m->fault.at <= n);
		read_fields(m);
		read_lists(m);
		if (sip_msg_is_answerable(m))
			answer(m, !err);
	}
	obj_unref(m);
	return 0;
}
