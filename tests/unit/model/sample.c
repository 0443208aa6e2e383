/* A resource that no product has, with a field of every type: the generic tests run over it as over any
 * other. This is all that it takes. */
#include "model_fix.h"

#include "base/mem.h"

/* clang-format off */
static const struct choice colours[] = {
	{ "red", { "红", "Red" } },
	{ "sea_green", { "海绿", "Sea green" } },
	{ "blue", { "蓝", "Blue" } },
	{ 0 },
};

static const struct field part_fields[] = {
	{ "skill", .type = FT_REF, .flags = F_REQUIRED, .ref = "skill", .label = { "技能", "Skill" } },
	{ "code", .type = FT_STR, .flags = F_MASKED | F_SEARCH, .min = 1, .max = 40, .check = check_digits, .label = { "代码", "Code" } },
	{ "weight", .type = FT_NUM, .digits = 3, .min = 0, .max = 5000, .label = { "重量", "Weight" } },
};

static const struct child parts = { "sample_part", part_fields, ARRAY_LEN(part_fields) };

static const struct choice stages[] = {
	{ "draft", { "草稿", "Draft" } },
	{ "live", { "生效", "Live" } },
	{ "ended", { "结束", "Ended" } },
	{ 0 },
};

static int has_note(const json_t *record, struct fault *reterr_)
{
	if (json_is_string(json_object_get(record, "note")))
		return 0;
	return fault_set(reterr_, "required", "note", "say why first");
}

static const struct transition moves[] = {
	{ "start", "draft", "live", .label = { "启用", "Start" } },
	{ "end", "draft live", "ended", .label = { "结束", "End" }, .guard = has_note },
	{ "start", "ended", "live", .label = { "重新启用", "Start again" } },
	{ 0 },
};

static const struct field sample_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 40, .label = { "名称", "Name" } },
	{ "note", .type = FT_TEXT, .max = 100, .label = { "备注", "Note" } },
	{ "count", .type = FT_INT, .min = -5, .max = 1000, .column = "n", .label = { "数量", "Count" } },
	{ "rate", .type = FT_NUM, .flags = F_REQUIRED | F_COLUMN, .digits = 2, .min = -1000, .max = 1000000, .label = { "费率", "Rate" } },
	{ "price", .type = FT_MONEY, .flags = F_COLUMN, .max = 100000000, .label = { "价格", "Price" } },
	{ "open", .type = FT_BOOL, .flags = F_REQUIRED, .def = "true", .label = { "开放", "Open" } },
	{ "colour", .type = FT_ENUM, .choices = colours, .label = { "颜色", "Colour" } },
	{ "colours", .type = FT_CHOICES, .flags = F_REQUIRED | F_COLUMN, .choices = colours, .label = { "各色", "Colours" } },
	{ "skill", .type = FT_REF, .ref = "skill", .label = { "技能", "Skill" } },
	{ "at", .type = FT_TIME, .label = { "时间", "Time" } },
	{ "day", .type = FT_DATE, .flags = F_COLUMN, .label = { "日期", "Day" } },
	{ "lasts_ms", .type = FT_MS, .max = 3600000, .label = { "时长", "Length" } },
	{ "secret", .type = FT_SECRET, .min = 4, .max = 20, .label = { "密码", "Secret" } },
	{ "phone", .type = FT_PHONE, .flags = F_SEARCH, .beside = "phone_extension", .label = { "电话", "Phone" } },
	{ "phone_extension", .type = FT_STR, .max = 11, .label = { "分机", "Extension" } },
	{ "title", .type = FT_I18N, .flags = F_REQUIRED | F_SEARCH, .min = 1, .max = 20, .label = { "标题", "Title" } },
	{ "extra", .type = FT_JSON, .label = { "其他", "Extra" } },
	{ "stage", .type = FT_ENUM, .flags = F_REQUIRED | F_READONLY, .choices = stages, .def = "\"draft\"", .label = { "阶段", "Stage" } },
	{ "age", .type = FT_INT, .flags = F_COMPUTED | F_READONLY, .sql = "t.version * 10", .label = { "年龄", "Age" } },
	{ "weigh", .type = FT_INT, .flags = F_COMPUTED | F_UNSORTED | F_READONLY, .label = { "总重", "Weight" },
		.sql = "SELECT sum(c.weight) FROM sample_part c WHERE c.parent = t.id" },
	{ "identity", .type = FT_STR, .flags = F_MASKED | F_SEARCH, .max = 40, .check = check_digits, .label = { "证件号", "Identity" } },
	{ "paper", .type = FT_FILE, .accept = "application/pdf image/", .max = 1000, .label = { "文件", "Paper" } },
	{ "parts", .type = FT_LIST, .child = &parts, .max = 5, .label = { "部分", "Parts" } },
};
/* clang-format on */

const struct resource sample_resource = {
	.name = "sample",
	.plural = "samples",
	.table = "sample",
	.area = "service",
	.label = { "样本", "Sample" },
	.labels = { "样本", "Samples" },
	.title = "name",
	.sort = "name",
	.fields = sample_fields,
	.n_fields = ARRAY_LEN(sample_fields),
	.can = RES_RECORD | RES_MASKED,
	.state = "stage",
	.moves = moves,
};

static const char *const tables[] = {
	"CREATE TABLE sample (id BIGINT PRIMARY KEY, version BIGINT NOT NULL, created BIGINT NOT NULL,"
	" updated BIGINT NOT NULL, name TEXT NOT NULL, note TEXT, n BIGINT, rate BIGINT NOT NULL,"
	" price BIGINT, open BIGINT NOT NULL, colour TEXT, colours TEXT NOT NULL,"
	" skill BIGINT REFERENCES skill (id), at BIGINT, day TEXT, lasts_ms BIGINT, secret TEXT,"
	" phone TEXT, phone_extension TEXT, title TEXT NOT NULL, extra TEXT, paper BIGINT,"
	" search TEXT NOT NULL DEFAULT ' ', name_key TEXT NOT NULL DEFAULT '', deleted BIGINT,"
	" stage TEXT NOT NULL, identity TEXT)",
	"CREATE TABLE parcel (id BIGINT PRIMARY KEY, version BIGINT NOT NULL, created BIGINT NOT NULL,"
	" updated BIGINT NOT NULL, code TEXT NOT NULL, weight BIGINT, stage TEXT NOT NULL,"
	" search TEXT NOT NULL DEFAULT ' ', deleted BIGINT)",
	"CREATE UNIQUE INDEX parcel_code ON parcel (code) WHERE deleted IS NULL",
	"CREATE UNIQUE INDEX sample_name ON sample (name) WHERE deleted IS NULL",
	"CREATE TABLE sample_part (id BIGINT PRIMARY KEY, parent BIGINT NOT NULL REFERENCES sample (id)"
	" ON DELETE CASCADE, position BIGINT NOT NULL, skill BIGINT NOT NULL REFERENCES skill (id),"
	" weight BIGINT, code TEXT, UNIQUE (parent, skill))",
};

void sample_make_tables(struct model_fix *fix)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		assert_int_equal(fix_sql(fix, tables[i]), 0);
}
