/* Header fields that only some need, each read when asked for. */
#include "sip/field.h"

#include "sip/lex.h"

static int auth_param(struct lex *x, struct sip_param *ret_param)
{
	ret_param->name = lex_run(x, LEX_TOKEN);
	if (str_is_empty(ret_param->name) || !lex_take(x, '='))
		return -E_SYNTAX;
	ret_param->quoted = x->p < x->end && *x->p == '"';
	if (ret_param->quoted)
		return lex_quoted(x, &ret_param->value);
	/* a bare value may hold what a URI has: some write uri=sip:… without quotes */
	const char *from = x->p;
	while (x->p < x->end && (unsigned char)*x->p > ' ' && *x->p != ',' && *x->p != '"')
		x->p++;
	ret_param->value = (struct str){ from, (size_t)(x->p - from) };
	return x->p > from ? 0 : -E_SYNTAX;
}

int sip_auth_parse(struct str value, struct sip_auth *ret_auth)
{
	struct lex x = lex_of(value);
	struct sip_auth *auth = ret_auth;
	lex_space(&x);
	auth->n = 0;
	auth->scheme = lex_run(&x, LEX_TOKEN);
	if (str_is_empty(auth->scheme) || x.p == x.end || (*x.p != ' ' && *x.p != '\t'))
		return -E_SYNTAX;
	lex_space(&x);
	do {
		if (auth->n == SIP_AUTH_PARAMS_MAX)
			return -E_LIMIT;
		int err = auth_param(&x, &auth->params[auth->n]);
		if (err)
			return err;
		auth->n++;
	} while (lex_take(&x, ','));
	return lex_end(&x) ? 0 : -E_SYNTAX;
}

struct str sip_auth_param(const struct sip_auth *auth, const char *name)
{
	for (size_t i = 0; i < auth->n; i++)
		if (str_caseeqz(auth->params[i].name, name))
			return auth->params[i].value;
	return STR_NONE;
}

static int number32(struct lex *x, uint32_t *ret_value)
{
	uint64_t value;
	int err = lex_number(x, INT32_MAX, &value);
	if (!err)
		*ret_value = (uint32_t)value;
	lex_space(x);
	return err;
}

int sip_rack_parse(struct str value, struct sip_rack *ret_rack)
{
	struct lex x = lex_of(value);
	struct sip_rack rack;
	int err = number32(&x, &rack.rseq);
	if (!err)
		err = number32(&x, &rack.cseq);
	if (err)
		return err;
	struct str method = lex_run(&x, LEX_TOKEN);
	if (str_is_empty(method) || !lex_end(&x))
		return -E_SYNTAX;
	rack.method = sip_method_of(method);
	*ret_rack = rack;
	return 0;
}

int sip_rseq_parse(struct str value, uint32_t *ret_rseq)
{
	struct lex x = lex_of(value);
	int err = number32(&x, ret_rseq);
	if (!err && !lex_end(&x))
		err = -E_SYNTAX;
	return err;
}

/* value *(";" params) of one field, the parameters checked. */
static int split(struct str value, struct str *ret_head, struct str *ret_params)
{
	struct lex x = lex_of(value);
	lex_space(&x);
	const char *from = x.p;
	while (x.p < x.end && *x.p != ';')
		x.p++;
	*ret_head = str_trim((struct str){ from, (size_t)(x.p - from) });
	if (str_is_empty(*ret_head) || lex_params(&x, ret_params) || !lex_end(&x))
		return -E_SYNTAX;
	return 0;
}

int sip_replaces_parse(struct str value, struct sip_replaces *ret_replaces)
{
	struct sip_replaces r;
	struct str params, ignored;
	if (split(value, &r.call_id, &params) || !lex_param(params, "to-tag", &r.to_tag) ||
		!lex_param(params, "from-tag", &r.from_tag))
		return -E_SYNTAX;
	r.early_only = lex_param(params, "early-only", &ignored);
	*ret_replaces = r;
	return 0;
}

int sip_session_expires_parse(struct str value, struct sip_session_expires *ret_expires)
{
	struct sip_session_expires e = { .refresher = SIP_REFRESHER_NONE };
	struct str head, params, who;
	if (split(value, &head, &params))
		return -E_SYNTAX;
	int err = str_to_u32(head, UINT32_MAX, &e.seconds);
	if (err)
		return err;
	if (lex_param(params, "refresher", &who)) {
		if (str_caseeqz(who, "uac"))
			e.refresher = SIP_REFRESHER_UAC;
		else if (str_caseeqz(who, "uas"))
			e.refresher = SIP_REFRESHER_UAS;
		else
			return -E_SYNTAX;
	}
	*ret_expires = e;
	return 0;
}

int sip_event_parse(struct str value, struct sip_event *ret_event)
{
	struct str params;
	if (split(value, &ret_event->package, &params))
		return -E_SYNTAX;
	if (!lex_param(params, "id", &ret_event->id))
		ret_event->id = STR_NONE;
	return 0;
}

int sip_reason_parse(struct str value, struct sip_reason *ret_reason)
{
	struct str params, cause;
	uint32_t number;
	if (split(value, &ret_reason->protocol, &params))
		return -E_SYNTAX;
	ret_reason->cause = -1;
	if (lex_param(params, "cause", &cause)) {
		int err = str_to_u32(cause, 9999, &number);
		if (err)
			return err;
		ret_reason->cause = (int)number;
	}
	if (!lex_param(params, "text", &ret_reason->text))
		ret_reason->text = STR_NONE;
	return 0;
}

int sip_seconds_parse(struct str value, uint32_t *ret_seconds)
{
	struct lex x = lex_of(value);
	uint64_t seconds;
	lex_space(&x);
	int err = lex_number(&x, UINT32_MAX, &seconds);
	if (err)
		return err;
	lex_space(&x);
	if (x.p < x.end && *x.p != '(' && *x.p != ';')
		return -E_SYNTAX;
	*ret_seconds = (uint32_t)seconds;
	return 0;
}

int sip_content_type_parse(struct str value, struct str *ret_type, struct str *ret_params)
{
	struct lex x = lex_of(value);
	const char *from = x.p;
	if (str_is_empty(lex_run(&x, LEX_TOKEN)) || x.p == x.end || *x.p++ != '/' ||
		str_is_empty(lex_run(&x, LEX_TOKEN)))
		return -E_SYNTAX;
	*ret_type = (struct str){ from, (size_t)(x.p - from) };
	return lex_params(&x, ret_params) || !lex_end(&x) ? -E_SYNTAX : 0;
}
