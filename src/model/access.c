/* Who belongs where, and what roles let people do: teams, sites, roles, named sets of data. */
#include "base/js.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/field.h"
#include "model/model.h"

#include <stdio.h>
#include <string.h>

#define TREE_DEPTH_MAX 32

/* clang-format off */
static const struct field team_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 50, .label = { "名称", "Name" } },
	{ "parent", .type = FT_REF, .flags = F_COLUMN, .ref = "team", .column = "above", .label = { "上级班组", "Above it" } },
	{ "leader", .type = FT_REF, .flags = F_COLUMN, .ref = "user", .label = { "组长", "Leader" },
		.help = { "视其为本组成员", "Counts as one of the team" } },
	{ "note", .type = FT_TEXT, .flags = F_COLUMN, .max = 500, .label = { "备注", "Note" } },
};

static const struct field site_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 50, .label = { "名称", "Name" } },
	{ "note", .type = FT_TEXT, .flags = F_COLUMN, .max = 500, .label = { "备注", "Note" } },
};

static const struct field grant_fields[] = {
	{ "right", .type = FT_STR, .flags = F_REQUIRED, .min = 1, .max = 80, .column = "right_name", .check = check_right, .label = { "权限", "Right" },
		.help = { "见 /api/v1/meta 的 rights", "One of rights in /api/v1/meta" } },
	{ "scope", .type = FT_ENUM, .flags = F_REQUIRED, .choices = scope_choices, .def = "\"all\"", .label = { "范围", "Scope" } },
	{ "set", .type = FT_REF, .ref = "data_set", .column = "data_set", .label = { "数据范围", "Named set" },
		.help = { "范围为“指定范围”时必填", "Needed for the scope set" } },
};

static const struct child role_grants = { "role_grant", grant_fields, ARRAY_LEN(grant_fields) };

static const struct field role_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 50, .label = { "名称", "Name" } },
	{ "note", .type = FT_TEXT, .flags = F_COLUMN, .max = 500, .label = { "备注", "Note" } },
	{ "all_rights", .type = FT_BOOL, .flags = F_REQUIRED | F_COLUMN, .def = "false", .label = { "全部权限", "All rights" },
		.help = { "包括以后增加的", "Also those that come later" } },
	{ "second_factor", .type = FT_BOOL, .flags = F_REQUIRED, .def = "false", .label = { "须双因素认证", "Needs a second factor" },
		.help = { "此角色的人登录时须再输入验证器的动态码", "Who has this role signs in with a code of an authenticator as well" } },
	{ "grants", .type = FT_LIST, .child = &role_grants, .max = 1000, .label = { "权限", "Rights" } },
};

static const struct field set_member_fields[] = {
	{ "team", .type = FT_REF, .ref = "team", .label = { "班组", "Team" } },
	{ "below", .type = FT_BOOL, .flags = F_REQUIRED, .def = "true", .label = { "含下级", "And below" } },
	{ "site", .type = FT_REF, .ref = "site", .label = { "职场", "Site" } },
	{ "user", .type = FT_REF, .ref = "user", .column = "app_user", .label = { "用户", "User" } },
};

static const struct child set_members = { "data_set_member", set_member_fields, ARRAY_LEN(set_member_fields) };

static const struct field data_set_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 50, .label = { "名称", "Name" } },
	{ "note", .type = FT_TEXT, .flags = F_COLUMN, .max = 500, .label = { "备注", "Note" } },
	{ "members", .type = FT_LIST, .child = &set_members, .max = 500, .label = { "成员", "Members" },
		.help = { "每行一个班组、职场或用户", "A team, a site or a user each" } },
};
/* clang-format on */

/* A team that stands below itself would have no top. */
static int team_check(struct db *db, const json_t *old, const json_t *record, struct faults *faults)
{
	int64_t id = js_id(old, "id"), up = js_id(record, "parent");
	int err = 0;
	for (int depth = 0; record && !err && up; depth++) {
		if (up == id || depth == TREE_DEPTH_MAX)
			return faults_add(faults, "circle", "parent", "leads back to this team");
		err = db_one_int(
			db, "SELECT coalesce(above, 0) FROM team WHERE id = $1", ARGS(V_INT(up)), &up);
	}
	return err;
}

/* `seen` has what came before. */
static void check_grant(const json_t *grant, size_t i, json_t *seen, struct faults *faults)
{
	char field[64], key[160];
	const char *scope = js_str(grant, "scope", "");
	int right = right_named(js_str(grant, "right", ""));
	bool is_set = strcmp(scope, "set") == 0;
	if (right >= 0 && !(right_scopes(right) & scope_of_name(scope))) {
		snprintf(field, sizeof(field), "grants[%zu].scope", i);
		(void)faults_add(faults, "choice", field, "this right has no such scope");
	}
	snprintf(field, sizeof(field), "grants[%zu].set", i);
	if (is_set && !js_id(grant, "set"))
		(void)faults_add(faults, "required", field, "is required with the scope set");
	if (!is_set && js_id(grant, "set"))
		(void)faults_add(faults, "needless", field, "goes with the scope set alone");
	snprintf(key, sizeof(key), "%s %s %s", js_str(grant, "right", ""), scope, js_str(grant, "set", ""));
	snprintf(field, sizeof(field), "grants[%zu].right", i);
	if (json_object_get(seen, key))
		(void)faults_add(faults, "taken", field, "is given twice");
	json_object_set_new(seen, key, json_true());
}

static int role_check(struct db *db, const json_t *old, const json_t *record, struct faults *faults)
{
	size_t i;
	json_t *grant, *seen = json_object();
	(void)db;
	(void)old;
	json_array_foreach (json_object_get(record, "grants"), i, grant)
		check_grant(grant, i, seen, faults);
	json_decref(seen);
	return 0;
}

static int data_set_check(struct db *db, const json_t *old, const json_t *record, struct faults *faults)
{
	size_t i;
	json_t *member;
	char field[64];
	(void)db;
	(void)old;
	json_array_foreach (json_object_get(record, "members"), i, member) {
		int named = !!js_id(member, "team") + !!js_id(member, "site") + !!js_id(member, "user");
		snprintf(field, sizeof(field), "members[%zu].%s", i, named ? "user" : "team");
		if (named != 1)
			(void)faults_add(faults, named ? "needless" : "required", field,
				"a member is one team, one site or one user");
	}
	return 0;
}

static const struct scope team_scope = { "@.leader", "@.id", NULL, NULL };
static const struct scope site_scope = { NULL, NULL, "@.id", NULL };

const struct resource team_resource = {
	.name = "team",
	.plural = "teams",
	.table = "team",
	.area = "people",
	.label = { "班组", "Team" },
	.labels = { "班组", "Teams" },
	.title = "name",
	.sort = "name",
	.fields = team_fields,
	.n_fields = ARRAY_LEN(team_fields),
	.can = RES_RECORD | RES_IMPORT | RES_RIGHTS,
	.scope = &team_scope,
	.check = team_check,
};

const struct resource site_resource = {
	.name = "site",
	.plural = "sites",
	.table = "site",
	.area = "people",
	.label = { "职场", "Site" },
	.labels = { "职场", "Sites" },
	.title = "name",
	.sort = "name",
	.fields = site_fields,
	.n_fields = ARRAY_LEN(site_fields),
	.can = RES_RECORD | RES_IMPORT | RES_RIGHTS,
	.scope = &site_scope,
};

const struct resource role_resource = {
	.name = "role",
	.plural = "roles",
	.table = "role",
	.area = "people",
	.label = { "角色", "Role" },
	.labels = { "角色", "Roles" },
	.title = "name",
	.sort = "name",
	.fields = role_fields,
	.n_fields = ARRAY_LEN(role_fields),
	.can = RES_RECORD | RES_RIGHTS,
	.check = role_check,
};

const struct resource data_set_resource = {
	.name = "data_set",
	.plural = "data_sets",
	.table = "data_set",
	.area = "people",
	.label = { "数据范围", "Data set" },
	.labels = { "数据范围", "Data sets" },
	.title = "name",
	.sort = "name",
	.fields = data_set_fields,
	.n_fields = ARRAY_LEN(data_set_fields),
	.can = RES_RECORD | RES_RIGHTS,
	.check = data_set_check,
};
