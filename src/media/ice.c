/* ICE-lite. A server that is reachable answers checks and takes the pair the party nominates; the newest
 * nomination wins, which covers regular and aggressive nomination and a party that changes its network. */
#include "media/ice.h"

#include "base/id.h"

#include <string.h>

void ice_secret_make(struct ice_secret *ret_secret)
{
	id_token(ret_secret->ufrag, sizeof(ret_secret->ufrag) - 1);
	id_token(ret_secret->pwd, sizeof(ret_secret->pwd) - 1);
}

void ice_init(struct ice *ice, const struct ice_secret *secret)
{
	memset(ice, 0, sizeof(*ice));
	ice->now = *secret;
}

void ice_restart(struct ice *ice, const struct ice_secret *secret)
{
	ice->before = ice->now;
	ice->now = *secret;
}

bool ice_knows(const struct ice *ice, const struct addr *from)
{
	for (size_t i = 0; i < ICE_KNOWN; i++)
		if (addr_is_set(&ice->known[i]) && addr_eq(&ice->known[i], from))
			return true;
	return false;
}

static void note_known(struct ice *ice, const struct addr *from)
{
	if (ice_knows(ice, from))
		return;
	memmove(ice->known + 1, ice->known, (ICE_KNOWN - 1) * sizeof(ice->known[0]));
	ice->known[0] = *from;
}

static bool names(struct str username, const struct ice_secret *secret)
{
	struct str first = str_cut(&username, ':');

	return secret->ufrag[0] && str_eqz(first, secret->ufrag);
}

/* The credentials a request was made for, NULL when none of ours. */
static const struct ice_secret *secret_of(const struct ice *ice, const struct stun_msg *msg)
{
	if (names(msg->username, &ice->now))
		return &ice->now;
	if (names(msg->username, &ice->before))
		return &ice->before;
	return NULL;
}

static size_t refuse(
	const struct stun_msg *msg, int code, const char *reason, const char *pwd, uint8_t *reply)
{
	struct stun_out o;
	uint8_t unknown[2 * STUN_UNKNOWN_MAX];

	stun_begin(&o, reply, STUN_ERROR, msg->id);
	stun_add_error(&o, code, reason);
	for (size_t i = 0; i < msg->n_unknown; i++) {
		unknown[2 * i] = (uint8_t)(msg->unknown[i] >> 8);
		unknown[2 * i + 1] = (uint8_t)msg->unknown[i];
	}
	if (code == 420)
		stun_add(&o, STUN_UNKNOWN, unknown, 2 * msg->n_unknown);
	return stun_end(&o, pwd);
}

/* The answer to a request that may not pass, 0 when it may. */
static size_t check(const struct stun_msg *msg, const struct ice_secret *secret, uint8_t *reply)
{
	if (!msg->integrity_at || !msg->username.p)
		return refuse(msg, 400, "Bad Request", NULL, reply);
	if (!secret || !stun_is_authentic(msg, secret->pwd))
		return refuse(msg, 401, "Unauthorized", NULL, reply);
	if (msg->n_unknown)
		return refuse(msg, 420, "Unknown Attribute", secret->pwd, reply);
	if (msg->controlled) /* we are controlled always: the party must control */
		return refuse(msg, 487, "Role Conflict", secret->pwd, reply);
	return 0;
}

static size_t accept_check(
	const struct stun_msg *msg, const struct ice_secret *secret, const struct addr *from, uint8_t *reply)
{
	struct stun_out o;

	stun_begin(&o, reply, STUN_SUCCESS, msg->id);
	stun_add_mapped(&o, from);
	return stun_end(&o, secret->pwd);
}

bool ice_take(struct ice *ice, struct str bytes, const struct addr *from, int64_t now_us,
	struct ice_reply *ret_reply)
{
	const struct ice_secret *secret;
	struct stun_msg msg;

	ret_reply->n = 0;
	if (stun_parse((const uint8_t *)bytes.p, bytes.n, &msg) || msg.class != STUN_REQUEST ||
		msg.method != STUN_BINDING)
		return false;
	secret = secret_of(ice, &msg);
	ret_reply->n = check(&msg, secret, ret_reply->bytes);
	if (ret_reply->n)
		return false;
	ret_reply->n = accept_check(&msg, secret, from, ret_reply->bytes);
	if (secret == &ice->now)
		ice->before.ufrag[0] = 0;
	note_known(ice, from);
	if (addr_is_set(&ice->selected) && addr_eq(&ice->selected, from)) {
		ice->consent_us = now_us;
		return false;
	}
	if (!msg.use_candidate)
		return false;
	ice->selected = *from;
	ice->consent_us = now_us;
	return true;
}

bool ice_has_consent(const struct ice *ice, int64_t now_us)
{
	return addr_is_set(&ice->selected) && now_us - ice->consent_us < ICE_CONSENT_US;
}
