/* Who comes in: sign-ins that stand, keys for programs, and every attempt there was. */
#include "base/mem.h"
#include "model/areas.h"
#include "model/field.h"

/* clang-format off */
static const struct choice results[] = {
	{ "ok", { "成功", "Signed in" } },
	{ "password", { "密码错误", "Wrong password" } },
	{ "unknown", { "用户不存在或已停用", "No such user, or shut out" } },
	{ "locked", { "已锁定", "Locked" } },
	{ "code", { "动态码错误", "Wrong code" } },
	{ "elsewhere", { "已在别处签入", "Signed in at another place" } },
	{ 0 },
};

#define RO F_READONLY
#define WHO(more) { "user", .type = FT_REF, .flags = RO | F_COLUMN | F_OPEN_NAME | (more), .ref = "user", .column = "app_user", .label = { "用户", "User" } }
#define ADDRESS(more) { "address", .type = FT_STR, .flags = RO | (more), .label = { "地址", "Address" } }
#define PROGRAM { "user_agent", .type = FT_STR, .flags = RO | F_COLUMN, .label = { "程序", "Program" } }
#define SEEN(more) { "seen", .type = FT_TIME, .flags = RO | F_COLUMN | (more), .label = { "最近使用", "Last used" } }

static const struct field session_fields[] = {
	WHO(F_REQUIRED),
	ADDRESS(F_COLUMN | F_REQUIRED | F_SEARCH),
	PROGRAM,
	SEEN(F_REQUIRED),
	{ "expires", .type = FT_TIME, .flags = F_REQUIRED | RO, .label = { "到期", "Ends" } },
};

static const struct choice token_states[] = {
	{ "active", { "有效", "Active" } },
	{ "revoked", { "已吊销", "Revoked" } },
	{ 0 },
};

/* It stays in the list, so that people see what there was. */
static const struct transition token_moves[] = {
	{ "revoke", "active", "revoked", .label = { "吊销", "Revoke" } },
	{ 0 },
};

static const struct field token_right_fields[] = {
	{ "right", .type = FT_STR, .flags = F_REQUIRED, .min = 1, .max = 80, .column = "right_name", .check = check_right, .label = { "权限", "Right" } },
};

static const struct child token_rights = { "api_token_right", token_right_fields, ARRAY_LEN(token_right_fields) };

static const struct field token_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH, .min = 1, .max = 64, .label = { "名称", "Name" } },
	WHO(F_REQUIRED),
	{ "rights", .type = FT_LIST, .flags = F_REQUIRED, .child = &token_rights, .min = 1, .max = 200, .label = { "权限", "Rights" },
		.help = { "范围与所有者相同", "With the scopes that their owner has" } },
	{ "expires", .type = FT_TIME, .flags = F_COLUMN, .label = { "到期", "Ends" }, .help = { "空为不到期", "Empty: never" } },
	{ "state", .type = FT_ENUM, .flags = F_REQUIRED | RO | F_COLUMN, .choices = token_states, .def = "\"active\"", .label = { "状态", "State" } },
	{ "hint", .type = FT_STR, .flags = RO | F_COLUMN, .label = { "开头", "Begins with" } },
	SEEN(0),
	ADDRESS(0),
	{ "token", .type = FT_SECRET, .flags = F_REQUIRED | RO, .label = { "密钥", "Key" } },
};

static const struct field sign_in_fields[] = {
	WHO(0),
	{ "name", .type = FT_STR, .flags = RO | F_COLUMN | F_SEARCH, .label = { "用户名", "Name given" } },
	{ "result", .type = FT_ENUM, .flags = F_REQUIRED | RO | F_COLUMN, .choices = results, .label = { "结果", "Result" } },
	ADDRESS(F_COLUMN | F_SEARCH),
	PROGRAM,
};
/* clang-format on */

static const struct scope users_scope = { "u.id", "u.team", "u.site", "app_user u WHERE u.id = @.app_user" };

const struct resource session_resource = {
	.name = "session",
	.plural = "sessions",
	.table = "session",
	.area = "people",
	.label = { "登录会话", "Session" },
	.labels = { "登录会话", "Sessions" },
	.title = "address",
	.sort = "-seen",
	.fields = session_fields,
	.n_fields = ARRAY_LEN(session_fields),
	.can = RES_DELETE | RES_EXPORT | RES_OWN,
	.scope = &users_scope,
};

const struct resource api_token_resource = {
	.name = "api_token",
	.plural = "api_tokens",
	.table = "api_token",
	.area = "people",
	.label = { "API 密钥", "API token" },
	.labels = { "API 密钥", "API tokens" },
	.title = "name",
	.sort = "name",
	.fields = token_fields,
	.n_fields = ARRAY_LEN(token_fields),
	.can = RES_DELETE | RES_EXPORT | RES_OWN,
	.state = "state",
	.moves = token_moves,
	.scope = &users_scope,
};

const struct resource sign_in_resource = {
	.name = "sign_in",
	.plural = "sign_ins",
	.table = "sign_in",
	.area = "people",
	.label = { "签入记录", "Sign-in" },
	.labels = { "签入记录", "Sign-in history" },
	.title = "name",
	.sort = "-created",
	.fields = sign_in_fields,
	.n_fields = ARRAY_LEN(sign_in_fields),
	.can = RES_EXPORT | RES_OWN,
	.scope = &users_scope,
};
