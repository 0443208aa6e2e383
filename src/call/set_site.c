/* Puts a new set-up into the running exchange: the ACD's part is translated, trunks are set, and whoever is
 * there already (registered phones) is told to the ACD, because agents may be newer than their registrations.
 */
#include "base/log.h"
#include "base/mem.h"
#include "call/exchange_int.h"
#include "sip/trunk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct acd_tier tiers[] = { { "silver", 1 }, { "gold", 2 }, { "platinum", 4 } };

/* Site levels and the ACD's have the same meaning but other widths. */
static const struct acd_skill *skills_of(struct arena *arena, const struct site_skill_level *levels, size_t n)
{
	struct acd_skill *skills = arena_alloc(arena, n * sizeof(*skills) + 1);
	for (size_t i = 0; i < n; i++)
		skills[i] = (struct acd_skill){ levels[i].skill, (int)levels[i].level };
	return skills;
}

static const struct acd_queue *queues_of(struct arena *arena, const struct site *site, size_t *ret_n)
{
	struct acd_queue *queues = arena_alloc(arena, HASH_COUNT(site->queues) * sizeof(*queues) + 1);
	size_t n = 0;
	for (const struct site_queue *q = site->queues; q; q = q->hh.next)
		queues[n++] = (struct acd_queue){
			.id = q->id,
			.skills = skills_of(arena, q->skills, q->n_skills),
			.n_skills = q->n_skills,
			.agents = q->agents.ids,
			.n_agents = q->agents.n,
			.strategy =
				strcmp(q->strategy, "level_first") == 0 ? ACD_LEVEL_FIRST : ACD_LONGEST_IDLE,
			.when_empty = strcmp(q->when_empty, "leave") == 0 ? ACD_EMPTY_LEAVE : ACD_EMPTY_WAIT,
			.priority = (int)q->priority,
			.ring_timeout_ms =
				q->ring_timeout_ms ? q->ring_timeout_ms : site->setting.ring_timeout_ms,
			.wrap_up_ms = q->wrap_up_ms >= 0 ? q->wrap_up_ms : site->setting.wrap_up_ms,
			.max_wait_ms = q->max_wait_ms,
			.max_length = q->max_length,
			.overflow_after_ms = q->overflow_after_ms,
			.overflow_expected_ms = q->overflow_expected_ms,
			.announce_every_ms = q->announce_every_ms,
			.handle_ms = q->handle_ms,
		};
	*ret_n = n;
	return queues;
}

static const struct acd_agent *agents_of(struct arena *arena, const struct site *site, size_t *ret_n)
{
	struct acd_agent *agents = arena_alloc(arena, HASH_COUNT(site->agents) * sizeof(*agents) + 1);
	size_t n = 0;
	for (const struct site_agent *a = site->agents; a; a = a->hh.next)
		agents[n++] = (struct acd_agent){
			.id = a->id,
			.skills = skills_of(arena, a->skills, a->n_skills),
			.n_skills = a->n_skills,
		};
	*ret_n = n;
	return agents;
}

static int set_acd(struct exchange *x, const struct site *site, struct fault *reterr_)
{
	struct arena *arena = arena_new((size_t)256 << 20);
	int64_t *ids = arena_alloc(arena, HASH_COUNT(site->skills) * sizeof(*ids) + 1);
	struct acd_config config = { .skills = ids, .tiers = tiers, .n_tiers = ARRAY_LEN(tiers) };
	for (const struct site_skill *s = site->skills; s; s = s->hh.next)
		ids[config.n_skills++] = s->id;
	config.queues = queues_of(arena, site, &config.n_queues);
	config.agents = agents_of(arena, site, &config.n_agents);
	int err = acd_config(x->acd, &config, exchange_now(x), reterr_);
	arena_free(arena);
	return err;
}

static void set_trunks(struct exchange *x, const struct site *old, const struct site *site)
{
	for (const struct site_trunk *t = site->trunks; t; t = t->hh.next) {
		struct fault fault = { .text = "" };
		const struct trunk_opts opts = {
			.id = t->id,
			.sources = t->sources.texts,
			.n_sources = t->sources.n,
			.proxy = t->proxy,
			.transport = t->transport,
			.auth_user = t->auth_user,
			.password = t->password,
			.caller_id = t->caller_id,
		};
		if (trunks_set(x->trunks, &opts, &fault) != 0)
			log_(LOG_CALL, LOG_WARN, "trunk refused trunk=%" PRId64 " field=%s why=%s", t->id,
				fault.field, fault.text);
	}
	for (const struct site_trunk *t = old->trunks; t; t = t->hh.next) {
		struct site_trunk *kept = NULL;
		HASH_FIND(hh, site->trunks, &t->id, sizeof(t->id), kept);
		if (!kept)
			trunks_remove(x->trunks, t->id);
	}
}

static void set_digest(struct exchange *x, const struct site *site)
{
	enum digest_order order = DIGEST_ORDER_MD5_FIRST;
	if (strcmp(site->setting.sip_digest, "sha256_first") == 0)
		order = DIGEST_ORDER_SHA256_FIRST;
	else if (strcmp(site->setting.sip_digest, "md5") == 0)
		order = DIGEST_ORDER_MD5_ONLY;
	stack_set_digest_order(x->stack, order);
}

static void tell_phones(struct exchange *x)
{
	struct binding_info binding;
	for (const struct site_agent *a = x->site->agents; a; a = a->hh.next)
		if (exchange_phone(x, a, &binding) &&
			acd_set_phone(x->acd, a->id, true, exchange_now(x)) != 0)
			log_(LOG_CALL, LOG_DEBUG, "phone of nobody agent=%" PRId64, a->id);
}

int exchange_set_site(struct exchange *x, struct site *site, struct fault *reterr_)
{
	int err = set_acd(x, site, reterr_);
	if (err)
		return err;
	set_trunks(x, x->site, site);
	set_digest(x, site);
	for (const struct site_account *a = x->site->accounts; a; a = a->hh.next)
		if (!site_account(site, str_from(a->auth_user)) && !site_agent_by_extension(site, a->aor))
			registrar_forget(x->registrar, str_from(a->aor));
	obj_unref(x->site);
	x->site = obj_ref(site);
	tell_phones(x);
	exchange_live_all(x);
	exchange_settle(x);
	return 0;
}
