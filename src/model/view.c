/* Views of lists: what a list was asked and how it stood, under a name. A view belongs to its maker and is
 * read by those he shares it with; he alone, and whoever has the right to all, changes it. It may name fields
 * that are gone by now (custom fields come and go): the page leaves them out and says so, so nothing here
 * looks at them. */
#include "base/js.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/field.h"
#include "model/model.h"

#include <string.h>

#define PARAMS_MAX 40
#define VALUES_MAX 100
#define TEXT_MAX 200

/* clang-format off */
static const struct choice sharing[] = {
	{ "nobody", { "仅本人", "Nobody" } },
	{ "team", { "班组及下级", "A team and below" } },
	{ "all", { "所有人", "Everybody" } },
	{ 0 },
};

static const struct field column_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED, .min = 1, .max = 80, .label = { "字段", "Field" } },
	{ "width", .type = FT_INT, .min = 40, .max = 1000, .label = { "宽度", "Width" } },
};

static const struct child columns = { "list_view_column", column_fields, ARRAY_LEN(column_fields) };

static const struct field view_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH, .min = 1, .max = 50, .label = { "名称", "Name" } },
	{ "resource", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_CREATE_ONLY, .min = 1, .max = 40, .check = check_word, .label = { "列表", "List" } },
	{ "query", .type = FT_JSON, .flags = F_REQUIRED, .def = "{}", .label = { "条件", "Conditions" },
		.help = { "筛选、排序与搜索", "Filters, order and search" } },
	{ "columns", .type = FT_LIST, .child = &columns, .max = 100, .label = { "列", "Columns" }, .help = { "空为各人自己的列", "None: each one's own" } },
	{ "shared", .type = FT_ENUM, .flags = F_REQUIRED | F_COLUMN, .choices = sharing, .def = "\"nobody\"", .right = "view.share",
		.label = { "共享给", "Shared with" } },
	{ "team", .type = FT_REF, .flags = F_COLUMN | F_WEAK | F_OPEN_NAME, .ref = "team", .label = { "班组", "Team" } },
	{ "standard", .type = FT_BOOL, .flags = F_REQUIRED, .def = "false", .right = "view.share", .label = { "默认打开", "Opens with the list" },
		.help = { "对看得到它而自己没有另选的人", "For whoever sees it and has chosen no other" } },
	{ "position", .type = FT_INT, .flags = F_REQUIRED, .min = 0, .max = 9999, .def = "0", .label = { "次序", "Place" } },
	{ "owner", .type = FT_REF, .flags = F_REQUIRED | F_READONLY | F_COLUMN | F_OPEN_NAME | F_MAKER, .ref = "user", .label = { "创建人", "Made by" } },
};
/* clang-format on */

static bool is_text(const json_t *value)
{
	return json_is_string(value) && json_string_length(value) <= TEXT_MAX;
}

static bool is_texts(const json_t *value)
{
	size_t i;
	json_t *item;
	if (!json_is_array(value) || json_array_size(value) > VALUES_MAX)
		return false;
	json_array_foreach ((json_t *)value, i, item)
		if (!is_text(item))
			return false;
	return true;
}

static int view_check(struct db *db, const json_t *old, const json_t *record, struct faults *faults)
{
	const char *name, *shared = json_string_value(json_object_get(record, "shared"));
	json_t *query = json_object_get(record, "query"), *value;
	(void)db;
	if (!record) /* it goes */
		return 0;
	if (!old && !resource_of_plural(str_from(json_string_value(json_object_get(record, "resource")))))
		(void)faults_add(faults, "choice", "resource", "is no list");
	if (json_object_size(query) > PARAMS_MAX)
		(void)faults_add(faults, "too_long", "query", "names at most %d things", PARAMS_MAX);
	json_object_foreach (query, name, value)
		if (!is_text(value) && !is_texts(value))
			(void)faults_add(faults, "type", "query", "must hold texts and lists of texts");
	if (strcmp(shared, "team") == 0 && !js_id(record, "team"))
		(void)faults_add(faults, "required", "team", "is required when a team shares it");
	return 0;
}

#define TEAMS_OF(view)                                                                                       \
	"WITH RECURSIVE b (id) AS (SELECT " view ".team UNION SELECT x.id FROM team x JOIN b ON x.above = "  \
	"b.id) SELECT id FROM b"
/* Every reader is one whose row it is. */
static const struct scope readers = { "u.id", "u.team", "u.site",
	"app_user u WHERE (u.id = @.owner OR @.shared = 'all' OR (@.shared = 'team' AND (u.team IN"
	" (" TEAMS_OF("@") ") OR u.id IN (SELECT l.leader FROM team l WHERE l.id IN (" TEAMS_OF(
		"@") ")))))" };
static const struct scope writers = { "u.id", "u.team", "u.site", "app_user u WHERE u.id = @.owner" };

const struct resource view_resource = {
	.name = "view",
	.plural = "views",
	.table = "list_view",
	.area = "system",
	.label = { "视图", "View" },
	.labels = { "视图", "Views" },
	.title = "name",
	.sort = "position",
	.fields = view_fields,
	.n_fields = ARRAY_LEN(view_fields),
	.can = RES_RECORD | RES_OWN,
	.scope = &readers,
	.writers = &writers,
	.check = view_check,
};
