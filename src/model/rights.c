/* The words for what people may do, made from the descriptors. Each resource has a block of numbers, one for
 * each verb; behind the blocks come the few rights that are no verb on records. A right exists when the
 * descriptor says that the thing can be done at all. */
#include "model/rights.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/model.h"
#include "model/move.h"

#include <stdio.h>
#include <string.h>

#define BLOCK 16

static const struct {
	const char *name;
	unsigned can;       /* 0: always */
	struct label label; /* before the name of the resource */
} verbs[VERB__MAX] = {
	[VERB_READ] = { "read", 0, { "查看", "Read" } },
	[VERB_CREATE] = { "create", RES_CREATE, { "新建", "Create" } },
	[VERB_UPDATE] = { "update", RES_UPDATE, { "修改", "Change" } },
	[VERB_DELETE] = { "delete", RES_DELETE, { "删除", "Delete" } },
	[VERB_RESTORE] = { "restore", RES_RESTORE, { "恢复", "Restore" } },
	[VERB_PURGE] = { "purge", RES_RESTORE, { "彻底清除", "Purge" } },
	[VERB_EXPORT] = { "export", RES_EXPORT, { "导出", "Export" } },
	[VERB_CLEAR] = { "clear", RES_MASKED, { "查看完整", "See in clear" } },
	[VERB_REVEAL] = { "reveal", RES_MASKED, { "逐个揭示", "Reveal one at a time" } },
	[VERB_IMPORT] = { "import", RES_IMPORT, { "导入", "Import" } },
};

/* What is no verb on records; the scopes are those of the resource. */
static const struct {
	const char *name, *resource;
	struct label label;
	bool unscoped;
} extras[] = {
	{ "agent.set_state", "agent", { "改坐席状态", "Set an agent's state" }, false },
	{ "user.unlock", "user", { "解除登录锁定", "Unlock sign-ins" }, false },
	{ "live.watch", "agent", { "查看实时状态", "Watch the floor" }, false },
	{ "recording.listen", "recording", { "听录音", "Listen to recordings" }, false },
	{ "recording.download", "recording", { "下载录音", "Download recordings" }, false },
	{ "customer.timeline", "customer", { "查看客户的全部联络", "All contacts of a customer" }, false },
	{ "system.metrics", "setting", { "查看运行指标", "Read the counters" }, true },
	{ "api_token.create", "api_token", { "新建 API 密钥", "Make API tokens" }, true },
	{ "view.share", "view", { "共享视图", "Share views" }, true },
	{ "demo.control", "setting", { "控制演示", "Control the demo" }, true },
};

const struct choice scope_choices[] = {
	{ "own", { "本人", "Own" } },
	{ "team", { "本组", "Team" } },
	{ "teams", { "本组及下级", "Team and below" } },
	{ "site", { "本职场", "Site" } },
	{ "set", { "指定范围", "Named set" } },
	{ "all", { "全部", "All" } },
	{ 0 },
};

unsigned scope_of_name(const char *name)
{
	for (size_t i = 0; scope_choices[i].value; i++)
		if (strcmp(scope_choices[i].value, name) == 0)
			return 1u << i;
	return 0;
}

int rights_max(void)
{
	return (int)(resources_n * BLOCK + ARRAY_LEN(extras));
}

static bool is_of_another(const struct resource *res, enum verb verb)
{
	return res->masked_with && (verb == VERB_CLEAR || verb == VERB_REVEAL);
}

int right_of(const struct resource *res, enum verb verb)
{
	const char *name = is_of_another(res, verb) ? res->masked_with : res->name;
	for (size_t i = 0; i < resources_n; i++)
		if (strcmp(resources[i]->name, name) == 0)
			return (int)(i * BLOCK + verb);
	return RIGHT_NONE;
}

static const struct resource *resource_of_right(int right)
{
	size_t block = (size_t)right / BLOCK;
	return block < resources_n ? resources[block]
				   : resource_of_name(extras[(size_t)right - resources_n * BLOCK].resource);
}

static bool is_verb(int right)
{
	return (size_t)right < resources_n * BLOCK;
}

static const struct transition *move_of(int right)
{
	return move_at(resource_of_right(right), (size_t)(right % BLOCK - VERB__MAX));
}

static bool exists(int right)
{
	int verb = right % BLOCK;
	if (right < 0 || right >= rights_max())
		return false;
	if (!is_verb(right))
		return true;
	unsigned can = resource_of_right(right)->can;
	if (verb >= VERB__MAX)
		return move_of(right) != NULL;
	return !is_of_another(resource_of_right(right), (enum verb)verb) &&
		(!verbs[verb].can || can & verbs[verb].can) && !(verb == VERB_READ && can & RES_OPEN);
}

bool right_name(int right, char *ret_name, size_t size)
{
	if (!exists(right))
		return false;
	if (is_verb(right))
		snprintf(ret_name, size, "%s.%s", resource_of_right(right)->name,
			right % BLOCK < VERB__MAX ? verbs[right % BLOCK].name : move_of(right)->action);
	else
		snprintf(ret_name, size, "%s", extras[(size_t)right - resources_n * BLOCK].name);
	return true;
}

int right_named(const char *name)
{
	char one[96];
	for (int right = 0; right < rights_max(); right++)
		if (right_name(right, one, sizeof(one)) && strcmp(one, name) == 0)
			return right;
	return RIGHT_NONE;
}

unsigned right_scopes(int right)
{
	const struct scope *scope = resource_of_right(right)->scope;
	bool unscoped = !is_verb(right) && extras[(size_t)right - resources_n * BLOCK].unscoped;
	unsigned scopes = SCOPE_ALL;
	if (!scope || unscoped)
		return scopes;
	scopes |= SCOPE_SET;
	if (scope->user)
		scopes |= SCOPE_OWN;
	if (scope->team)
		scopes |= SCOPE_TEAM | SCOPE_TEAMS;
	if (scope->site)
		scopes |= SCOPE_SITE;
	return scopes;
}

bool right_is_own(int right)
{
	unsigned can = is_verb(right) ? resource_of_right(right)->can : 0;
	int verb = right % BLOCK;
	bool his = verb == VERB_READ || verb == VERB_CREATE || verb == VERB_UPDATE || verb == VERB_DELETE ||
		verb == VERB_RESTORE || verb >= VERB__MAX;
	return can & RES_OWN && his && exists(right);
}

bool may(const struct actor *actor, const struct resource *res, enum verb verb)
{
	if (verb == VERB_READ && res->can & RES_OPEN)
		return true;
	int right = right_of(res, verb);
	bool move = (int)verb >= VERB__MAX;
	bool can = right != RIGHT_NONE ? exists(right)
		: move                 ? move_at(res, (size_t)(verb - VERB__MAX)) != NULL
				       : !verbs[verb].can || res->can & verbs[verb].can;
	return can && rights_reach(actor->rights, right) != 0;
}

bool may_do(const struct actor *actor, const char *right)
{
	return rights_reach(actor->rights, right_named(right)) != 0;
}

/* The verb stands before the name at once, but for a space before Latin letters. */
static json_t *chinese_label(const struct label *verb, const struct label *name)
{
	const char *space = (unsigned char)name->zh[0] < 0x80 ? " " : "";
	return json_sprintf("%s%s%s", verb->zh, space, name->zh);
}

static json_t *right_label(int right)
{
	if (!is_verb(right)) {
		const struct label *label = &extras[(size_t)right - resources_n * BLOCK].label;
		return json_pack("{s:s, s:s}", "zh", label->zh, "en", label->en);
	}
	const struct resource *res = resource_of_right(right);
	const struct label *verb =
		right % BLOCK < VERB__MAX ? &verbs[right % BLOCK].label : &move_of(right)->label;
	return json_pack("{s:o, s:o}", "zh", chinese_label(verb, &res->label), "en",
		json_sprintf("%s: %s", res->labels.en, verb->en));
}

json_t *rights_json(void)
{
	char name[96];
	json_t *list = json_array();
	for (int right = 0; right < rights_max(); right++) {
		if (!right_name(right, name, sizeof(name)))
			continue;
		json_t *scopes = json_array();
		for (size_t i = 0; scope_choices[i].value; i++)
			if (right_scopes(right) & 1u << i)
				json_array_append_new(scopes, json_string(scope_choices[i].value));
		const struct resource *res = resource_of_right(right);
		json_array_append_new(list,
			json_pack("{s:s, s:o, s:s, s:s, s:o}", "name", name, "label", right_label(right),
				"area", res->area, "resource", res->name, "scopes", scopes));
	}
	return list;
}

json_t *rights_held_json(const struct rights *rights)
{
	char name[96];
	json_t *list = json_array();
	for (int right = 0; right < rights_max(); right++) {
		if (is_verb(right) && right % BLOCK == VERB_READ && resource_of_right(right)->can & RES_OPEN)
			json_array_append_new(list, json_sprintf("%s.read", resource_of_right(right)->name));
		else if (right_name(right, name, sizeof(name)) && rights_reach(rights, right))
			json_array_append_new(list, json_string(name));
	}
	return list;
}
