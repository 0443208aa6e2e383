#ifndef LX_CALL_SITE_H
#define LX_CALL_SITE_H

#include "base/arena.h"
#include "base/js.h"
#include "base/obj.h"

#include <uthash.h>

/* The set-up of the centre as the switch needs it: one immutable, counted snapshot per configuration
 * revision, built from rows (wire/README.md, Config) on any thread and handed over whole. Strings live in its
 * arena; absent text is
 * "". */
struct flow;

struct site_skill_level {
	int64_t skill;
	int64_t level; /* 1…9 */
};

struct site_list { /* of ids, or of texts */
	int64_t *ids;
	const char **texts;
	size_t n;
};

struct site_setting {
	const char *realm;
	const char *language;   /* zh-CN, en */
	const char *sip_digest; /* md5_first, sha256_first, md5 */
	bool record;
	int64_t ring_timeout_ms;
	int64_t wrap_up_ms;
};

struct site_trunk {
	int64_t id;
	const char *name, *proxy, *transport, *auth_user, *password, *caller_id;
	struct site_list sources;
	UT_hash_handle hh;
};

struct site_did {
	int64_t id;
	const char *number;
	int64_t flow;
	UT_hash_handle hh; /* by number */
};

struct site_flow {
	int64_t id;
	int64_t version;
	const char *name;
	struct flow *flow;
	UT_hash_handle hh;
};

struct site_skill {
	int64_t id;
	const char *name;
	UT_hash_handle hh;
};

struct site_queue {
	int64_t id;
	const char *name, *strategy, *music, *when_empty;
	struct site_skill_level *skills;
	size_t n_skills;
	struct site_list agents;
	int64_t priority, ring_timeout_ms, wrap_up_ms, max_wait_ms, max_length, overflow_after_ms,
		overflow_expected_ms, handle_ms, announce_every_ms, service_level_ms;
	int64_t overflow_queue; /* 0: overflow leaves by the flow */
	bool announce_number, announce_position, announce_wait;
	UT_hash_handle hh;
};

struct site_agent {
	int64_t id;
	const char *name, *number, *extension, *device;
	struct site_skill_level *skills;
	size_t n_skills;
	bool auto_answer, numbers_masked; /* her phone shows strangers' numbers in part */
	UT_hash_handle hh;                /* by id */
	UT_hash_handle by_extension;      /* by extension */
};

struct site_account {
	int64_t id;
	const char *auth_user, *aor, *ha1_md5, *ha1_sha256;
	UT_hash_handle hh; /* by auth_user */
};

struct site_reason {
	int64_t id;
	const char *code;
	int64_t limit_ms;
	UT_hash_handle hh; /* by code */
};

struct site_prompt {
	int64_t id;
	const char *name, *language, *path;
	const char *key;   /* language/name */
	UT_hash_handle hh; /* by key */
};

struct site {
	struct obj obj;
	struct arena *arena;
	int64_t revision;
	struct site_setting setting;
	struct site_trunk *trunks;
	struct site_did *dids;
	struct site_flow *flows;
	struct site_skill *skills;
	struct site_queue *queues;
	struct site_agent *agents, *agents_by_extension;
	struct site_account *accounts;
	struct site_reason *reasons;
	struct site_prompt *prompts;
};

/* Builds from `kinds`, an object {kind: {id: row}}. A refused row names itself in the fault:
 * "queue.5.priority". The caller owns one reference. */
int site_build(
	int64_t revision, const json_t *kinds, struct site **ret_site, struct fault *reterr_) MUST_CHECK;

/* NULL when there is none. */
const struct site_did *site_did(const struct site *site, const char *number);
const struct site_flow *site_flow(const struct site *site, int64_t id);
const struct site_queue *site_queue(const struct site *site, int64_t id);
const struct site_queue *site_queue_by_name(const struct site *site, const char *name);
const struct site_agent *site_agent(const struct site *site, int64_t id);
const struct site_agent *site_agent_by_extension(const struct site *site, const char *extension);
const struct site_account *site_account(const struct site *site, struct str auth_user);
const struct site_reason *site_reason(const struct site *site, const char *code);
/* Path of the WAV, in the site's own language when the wanted one lacks it; NULL when no language has it. */
const char *site_prompt(const struct site *site, const char *language, const char *name);

#endif
