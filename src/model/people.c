/* Who works here: accounts, agents, skills. */
#include "base/js.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/config.h"
#include "model/field.h"
#include "model/model.h"

#include <string.h>

/* clang-format off */
const struct choice languages[] = {
	{ "zh-CN", { "中文", "Chinese" } },
	{ "en", { "英语", "English" } },
	{ 0 },
};

static const struct choice devices[] = {
	{ "browser", { "浏览器", "Browser" } },
	{ "phone", { "话机", "SIP phone" } },
	{ 0 },
};

static const struct field user_role_fields[] = {
	{ "role", .type = FT_REF, .flags = F_REQUIRED, .ref = "role", .label = { "角色", "Role" } },
};

static const struct child user_roles = { "user_role", user_role_fields, ARRAY_LEN(user_role_fields) };

static const struct choice user_states[] = {
	{ "active", { "正常", "Active" } },
	{ "suspended", { "已停用", "Suspended" } },
	{ 0 },
};

static const struct transition user_moves[] = {
	{ "suspend", "active", "suspended", .label = { "停用", "Suspend" } },
	{ "activate", "suspended", "active", .label = { "启用", "Activate" } },
	{ 0 },
};

static const struct label of_account = { "登录", "Sign-in" }, of_phone = { "话机", "Phone" }, of_skills = { "技能", "Skills" };

static const struct field user_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH, .min = 1, .max = 32, .check = check_word,
		.label = { "用户名", "Sign-in name" }, .help = { "小写字母、数字、_ . -", "Small letters, digits, _ . -" } },
	{ "full_name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 64, .label = { "姓名", "Full name" } },
	{ "roles", .type = FT_LIST, .flags = F_COLUMN, .child = &user_roles, .max = 20, .label = { "角色", "Roles" },
		.help = { "权限为所有角色之和", "What he may do is the sum of them" } },
	{ "team", .type = FT_REF, .flags = F_COLUMN, .ref = "team", .label = { "班组", "Team" } },
	{ "site", .type = FT_REF, .flags = F_COLUMN, .ref = "site", .label = { "职场", "Site" } },
	{ "agent", .type = FT_REF, .flags = F_UNIQUE | F_COLUMN, .ref = "agent", .label = { "坐席", "Agent" },
		.help = { "接电话的人才有", "Of who takes calls" } },
	{ "language", .type = FT_ENUM, .flags = F_REQUIRED, .choices = languages, .def = "\"zh-CN\"", .label = { "界面语言", "Language" } },
	{ "photo", .type = FT_FILE, .accept = "image/png image/jpeg image/webp", .max = 2 << 20, .label = { "照片", "Photo" },
		.help = { "PNG、JPEG 或 WebP，至多 2 MB", "PNG, JPEG or WebP, 2 MB at most" } },
	{ "password", .type = FT_SECRET, .flags = F_REQUIRED, .min = 8, .max = 128, .seal = secret_hash,
		.label = { "密码", "Password" }, .help = { "至少 8 个字符", "At least 8 characters" } },
	{ "must_change", .type = FT_BOOL, .flags = F_REQUIRED, .def = "false", .section = &of_account, .label = { "下次登录须改密码", "Must change the password" } },
	{ "second_factor", .type = FT_BOOL, .flags = F_REQUIRED | F_READONLY, .def = "false", .section = &of_account, .label = { "双因素认证", "Two-factor authentication" } },
	{ "password_changed", .type = FT_TIME, .flags = F_READONLY, .section = &of_account, .label = { "密码修改时间", "Password set" } },
	{ "state", .type = FT_ENUM, .flags = F_REQUIRED | F_READONLY | F_COLUMN, .choices = user_states, .def = "\"active\"", .section = &of_account, .label = { "状态", "State" } },
	{ "seen", .type = FT_TIME, .flags = F_COMPUTED | F_READONLY, .section = &of_account, .label = { "最近活动", "Last seen" },
		.sql = "SELECT max(s.seen) FROM session s WHERE s.app_user = t.id" },
};

const struct field skill_level_fields[] = {
	{ "skill", .type = FT_REF, .flags = F_REQUIRED, .ref = "skill", .label = { "技能", "Skill" } },
	{ "level", .type = FT_INT, .flags = F_REQUIRED, .min = 1, .max = 9, .def = "5", .label = { "等级", "Level" },
		.help = { "1–9，9 为专家", "1 to 9, 9 is an expert" } },
};

static const struct child agent_skills = { "agent_skill", skill_level_fields, ARRAY_LEN(skill_level_fields) };

static const struct field agent_fields[] = {
	{ "number", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH, .min = 1, .max = 8, .check = check_digits,
		.label = { "工号", "Number" }, .help = { "接通时向客户播报", "Told to the caller on answer" } },
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 50, .label = { "姓名", "Name" } },
	{ "extension", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH, .min = 1, .max = 16, .check = check_digits,
		.label = { "分机", "Extension" } },
	{ "device", .type = FT_ENUM, .flags = F_REQUIRED | F_COLUMN, .choices = devices, .def = "\"browser\"", .section = &of_phone, .label = { "话机类型", "Device" } },
	{ "auto_answer", .type = FT_BOOL, .flags = F_REQUIRED, .def = "false", .section = &of_phone, .label = { "自动应答", "Auto-answer" } },
	{ "sip_password", .type = FT_SECRET, .min = 4, .max = 64, .check = check_ascii, .section = &of_phone, .label = { "话机密码", "Phone password" },
		.help = { "SIP 话机以分机号和此密码注册", "A SIP phone registers with the extension and this" } },
	{ "skills", .type = FT_LIST, .child = &agent_skills, .max = 50, .section = &of_skills, .label = { "技能", "Skills" } },
};

static const struct field skill_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 50, .label = { "名称", "Name" } },
	{ "agents", .type = FT_INT, .flags = F_COMPUTED | F_READONLY | F_COLUMN, .unit = &unit_people, .label = { "坐席数", "Agents" },
		.sql = "SELECT count(*) FROM agent_skill c JOIN agent a ON a.id = c.parent WHERE c.skill = t.id AND a.deleted IS NULL" },
	{ "note", .type = FT_TEXT, .flags = F_COLUMN, .max = 500, .label = { "备注", "Note" } },
};
/* clang-format on */

static const struct scope user_scope = { "@.id", "@.team", "@.site", NULL };
/* An agent's place belongs to the user who sits there. */
static const struct scope agent_scope = { "u.id", "u.team", "u.site", "app_user u WHERE u.agent = @.id" };

const struct resource user_resource = {
	.name = "user",
	.plural = "users",
	.table = "app_user",
	.area = "people",
	.label = { "用户", "User" },
	.labels = { "用户", "Users" },
	.title = "name",
	.sort = "name",
	.fields = user_fields,
	.n_fields = ARRAY_LEN(user_fields),
	.can = RES_RECORD | RES_IMPORT | RES_RIGHTS,
	.state = "state",
	.moves = user_moves,
	.scope = &user_scope,
};

const struct resource agent_resource = {
	.name = "agent",
	.plural = "agents",
	.table = "agent",
	.area = "people",
	.label = { "坐席", "Agent" },
	.labels = { "坐席", "Agents" },
	.title = "name",
	.sort = "number",
	.fields = agent_fields,
	.n_fields = ARRAY_LEN(agent_fields),
	.can = RES_RECORD | RES_IMPORT,
	.scope = &agent_scope,
	.config = config_agent,
};

const struct resource skill_resource = {
	.name = "skill",
	.plural = "skills",
	.table = "skill",
	.area = "people",
	.label = { "技能", "Skill" },
	.labels = { "技能", "Skills" },
	.title = "name",
	.sort = "name",
	.fields = skill_fields,
	.n_fields = ARRAY_LEN(skill_fields),
	.can = RES_RECORD | RES_IMPORT | RES_OPEN,
	.config = config_skill,
};
