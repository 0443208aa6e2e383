/* Custom fields as records: what an administrator says of them, and what makes no sense. What is not said of
 * a type is refused rather than passed over, so that nobody believes a number to be masked. */
#include "model/custom.h"

#include "base/js.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/custom_index.h"
#include "model/field.h"
#include "model/model.h"

#include <math.h>
#include <string.h>

#define UNITS_MAX INT64_C(999999999999999)
#define LIMIT_DIGITS 4
#define DIGITS_MAX 6
#define DIGITS_USUAL 2
#define CHOICES_MAX 200

/* clang-format off */
static const struct choice types[] = {
	{ "string", { "单行文本", "Text, one line" } },
	{ "text", { "多行文本", "Text, several lines" } },
	{ "integer", { "整数", "Whole number" } },
	{ "number", { "小数", "Decimal number" } },
	{ "money", { "金额", "Amount of money" } },
	{ "phone", { "电话号码", "Telephone number" } },
	{ "boolean", { "是/否", "Yes or no" } },
	{ "enum", { "单选", "One of several choices" } },
	{ "choices", { "多选", "Any of several choices" } },
	{ "date", { "日期", "Date" } },
	{ "time", { "日期和时间", "Date and time" } },
	{ "duration", { "时长", "Duration" } },
	{ 0 },
};

static const struct {
	enum field_type type;
	unsigned traits;
} traits[] = {
	{ FT_STR, CUSTOM_SEARCHED | CUSTOM_MASKED | CUSTOM_INDEXED | CUSTOM_LENGTH | CUSTOM_LISTED },
	{ FT_TEXT, CUSTOM_SEARCHED | CUSTOM_MASKED | CUSTOM_LENGTH },
	{ FT_INT, CUSTOM_INDEXED | CUSTOM_RANGE | CUSTOM_LISTED },
	{ FT_NUM, CUSTOM_INDEXED | CUSTOM_RANGE | CUSTOM_DIGITS | CUSTOM_LISTED },
	{ FT_MONEY, CUSTOM_INDEXED | CUSTOM_RANGE | CUSTOM_LISTED },
	{ FT_PHONE, CUSTOM_SEARCHED | CUSTOM_MASKED | CUSTOM_INDEXED | CUSTOM_LISTED },
	{ FT_BOOL, CUSTOM_INDEXED | CUSTOM_LISTED },
	{ FT_ENUM, CUSTOM_INDEXED | CUSTOM_CHOICES | CUSTOM_LISTED },
	{ FT_CHOICES, CUSTOM_CHOICES | CUSTOM_LISTED },
	{ FT_DATE, CUSTOM_INDEXED | CUSTOM_LISTED },
	{ FT_TIME, CUSTOM_INDEXED | CUSTOM_LISTED },
	{ FT_MS, CUSTOM_INDEXED | CUSTOM_RANGE | CUSTOM_LISTED },
};
/* clang-format on */

bool custom_type(const char *name, enum field_type *ret_type, unsigned *ret_traits)
{
	for (size_t i = 0; i < ARRAY_LEN(traits); i++)
		if (strcmp(field_kinds[traits[i].type].name, name) == 0) {
			*ret_type = traits[i].type;
			*ret_traits = traits[i].traits;
			return true;
		}
	return false;
}

int64_t custom_length_max(enum field_type type)
{
	return type == FT_TEXT ? 4000 : 200;
}

#define SHAPED_MAX 32
static struct choice shaped[SHAPED_MAX];

/* Before main(): every resource that takes custom fields. */
__attribute__((constructor)) static void gather_resources(void)
{
	size_t n = 0;
	for (size_t i = 0; i < resources_n && n + 1 < SHAPED_MAX; i++)
		if (resources[i]->can & RES_CUSTOM)
			shaped[n++] = (struct choice){ resources[i]->name, resources[i]->label };
}

/* clang-format off */
static const struct field choice_fields[] = {
	{ "value", .type = FT_STR, .flags = F_REQUIRED, .min = 1, .max = 32, .check = check_word, .label = { "值", "Value" },
		.help = { "存储和接口使用，之后不要改", "Stored and told to programs; stays as it is" } },
	{ "label", .type = FT_I18N, .flags = F_REQUIRED, .min = 1, .max = 64, .label = { "显示名称", "Shown as" } },
};

static const struct child choices = { "custom_field_choice", choice_fields, ARRAY_LEN(choice_fields) };

static const struct field custom_field_fields[] = {
	{ "resource", .type = FT_ENUM, .flags = F_REQUIRED | F_CREATE_ONLY | F_COLUMN, .choices = shaped, .def = "\"customer\"", .label = { "对象", "Of what" } },
	{ "label", .type = FT_I18N, .flags = F_REQUIRED | F_COLUMN | F_SEARCH, .min = 1, .max = 64, .label = { "显示名称", "Shown as" } },
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_CREATE_ONLY | F_COLUMN | F_SEARCH, .min = 1, .max = 40, .check = check_name, .label = { "名称", "Name" },
		.help = { "小写字母、数字、下划线；接口中为 x_名称，不可再改", "Small letters, digits, _; x_name for programs; stays for ever" } },
	{ "type", .type = FT_ENUM, .flags = F_REQUIRED | F_CREATE_ONLY | F_COLUMN, .choices = types, .def = "\"string\"", .label = { "类型", "Type" },
		.help = { "保存后不可改", "Cannot be changed later" } },
	{ "choices", .when = "type enum choices", .type = FT_LIST, .child = &choices, .max = CHOICES_MAX, .label = { "选项", "Choices" },
		.help = { "去掉的选项：原有的值保留，不能再选", "One that is taken away stays where it was chosen, and cannot be chosen again" } },
	{ "digits", .when = "type number", .type = FT_INT, .flags = F_CREATE_ONLY, .min = 0, .max = DIGITS_MAX, .label = { "小数位数", "Digits behind the point" } },
	{ "min", .when = "type string text integer number money duration", .type = FT_NUM, .column = "min_value", .digits = LIMIT_DIGITS, .min = -UNITS_MAX, .max = UNITS_MAX, .label = { "最小", "At least" },
		.help = { "文本为字数，时长为秒，金额为元", "Characters of a text, seconds of a duration, whole units of money" } },
	{ "max", .when = "type string text integer number money duration", .type = FT_NUM, .column = "max_value", .digits = LIMIT_DIGITS, .min = -UNITS_MAX, .max = UNITS_MAX, .label = { "最大", "At most" } },
	{ "required", .type = FT_BOOL, .flags = F_REQUIRED | F_COLUMN, .def = "false", .label = { "必填", "Required" },
		.help = { "新建时必须填写；已有的记录不受影响", "Of new records; those that are there stay as they are" } },
	{ "listed", .when = "type string integer number money phone boolean enum choices date time duration", .type = FT_BOOL, .flags = F_REQUIRED | F_COLUMN, .def = "false", .label = { "在列表中显示", "Stands in the list" } },
	{ "searched", .when = "type string text phone", .type = FT_BOOL, .flags = F_REQUIRED | F_COLUMN, .def = "false", .label = { "可搜索", "Found by search" },
		.help = { "已有记录在后台补齐", "Records that are there follow in the background" } },
	{ "indexed", .when = "type string integer number money phone boolean enum date time duration", .type = FT_BOOL, .flags = F_REQUIRED, .def = "false", .label = { "加快筛选和排序", "Quick to filter and sort" },
		.help = { "建索引，每种对象至多 10 个", "Has an index; 10 at most of one kind of record" } },
	{ "masked", .when = "type string text phone", .type = FT_BOOL, .flags = F_REQUIRED, .def = "false", .label = { "脱敏显示", "Masked" },
		.help = { "没有“查看完整”权限的人只看到一部分", "Shown in part to who has no right to see it in clear" } },
	{ "help", .type = FT_I18N, .max = 200, .label = { "填写说明", "Help" } },
	{ "position", .type = FT_INT, .flags = F_REQUIRED, .min = 0, .max = 1000, .def = "100", .label = { "顺序", "Order" } },
};
/* clang-format on */

/* What the type knows nothing of. */
static void check_traits(const json_t *record, unsigned can, struct faults *faults)
{
	static const struct {
		const char *field;
		unsigned trait;
	} needs[] = { { "searched", CUSTOM_SEARCHED }, { "masked", CUSTOM_MASKED },
		{ "indexed", CUSTOM_INDEXED }, { "listed", CUSTOM_LISTED }, { "digits", CUSTOM_DIGITS },
		{ "choices", CUSTOM_CHOICES }, { "min", CUSTOM_LENGTH | CUSTOM_RANGE },
		{ "max", CUSTOM_LENGTH | CUSTOM_RANGE } };
	for (size_t i = 0; i < ARRAY_LEN(needs); i++) {
		const json_t *value = json_object_get(record, needs[i].field);
		bool said = json_is_true(value) || json_is_number(value) || json_array_size(value);
		if (said && !(can & needs[i].trait))
			(void)faults_add(faults, "unfit", needs[i].field, "does not go with this type");
	}
	if (can & CUSTOM_CHOICES && json_array_size(json_object_get(record, "choices")) == 0)
		(void)faults_add(faults, "required", "choices", "needs one at least");
}

/* Digits behind the point that a limit may have. */
static int limit_digits(enum field_type type, const json_t *record)
{
	if (type == FT_NUM)
		return (int)js_int(record, "digits", DIGITS_USUAL);
	return type == FT_MONEY ? 2 : type == FT_MS ? 3 : 0;
}

static void check_limit(const json_t *record, const char *name, enum field_type type, struct faults *faults)
{
	const json_t *limit = json_object_get(record, name);
	double value = json_number_value(limit), units = value * pow(10, limit_digits(type, record));
	bool length = type == FT_STR || type == FT_TEXT;
	if (!json_is_number(limit))
		return;
	if (fabs(units - round(units)) > 1e-6)
		(void)faults_add(faults, "digits", name, "has more digits behind the point than the field");
	else if (length && (value < 0 || value > (double)custom_length_max(type)))
		(void)faults_add(faults, "length", name, "must be between 0 and %d characters",
			(int)custom_length_max(type));
	else if (type == FT_MS && value < 0)
		(void)faults_add(faults, "negative", name, "a duration is not negative");
}

static void check_limits(const json_t *record, enum field_type type, struct faults *faults)
{
	const json_t *min = json_object_get(record, "min"), *max = json_object_get(record, "max");
	check_limit(record, "min", type, faults);
	check_limit(record, "max", type, faults);
	if (json_is_number(min) && json_is_number(max) && json_number_value(min) > json_number_value(max))
		(void)faults_add(faults, "below_min", "max", "is below the least");
	else if (json_is_number(max) && json_number_value(max) <= 0 &&
		(type == FT_STR || type == FT_TEXT || type == FT_MS))
		(void)faults_add(faults, "below_min", "max", "leaves nothing to enter");
	else if (json_is_number(max) && json_number_value(max) == 0 && json_is_number(min) &&
		json_number_value(min) == 0)
		(void)faults_add(faults, "below_min", "max", "leaves nothing to choose");
}

/* Others of its resource that count. */
static int count_others(struct db *db, const json_t *record, const char *what, int64_t *ret_n)
{
	CLEANUP(mem_freep)
	char *sql = mem_printf(
		"SELECT count(*) FROM custom_field WHERE resource = $1 AND deleted IS NULL AND id <> $2%s",
		what);
	return db_one_int(
		db, sql, ARGS(V_Z(js_str(record, "resource", "")), V_INT(js_id(record, "id"))), ret_n);
}

static int check_number_of(struct db *db, const json_t *record, struct faults *faults)
{
	int64_t all = 0, indexes = 0;
	int err = count_others(db, record, "", &all);
	if (!err)
		err = count_others(db, record, " AND indexed = 1", &indexes);
	if (!err && all >= CUSTOM_FIELDS_MAX)
		(void)faults_add(faults, "too_many", "resource", "has %d custom fields, no more are taken",
			CUSTOM_FIELDS_MAX);
	if (!err && indexes >= CUSTOM_INDEXES_MAX && json_is_true(json_object_get(record, "indexed")))
		(void)faults_add(faults, "too_many", "indexed", "%d others have an index, no more are made",
			CUSTOM_INDEXES_MAX);
	return err;
}

static int custom_field_check(struct db *db, const json_t *old, const json_t *record, struct faults *faults)
{
	enum field_type type;
	unsigned can = 0;
	(void)old;
	if (!record)
		return 0;
	const struct resource *res = resource_of_name(js_str(record, "resource", ""));
	if (!custom_type(js_str(record, "type", ""), &type, &can) || !res)
		return -E_INVALID; /* both are choices */
	if (!(res->can & RES_MASKED))
		can &= ~(unsigned)CUSTOM_MASKED;
	check_traits(record, can, faults);
	check_limits(record, type, faults);
	if (type != FT_PHONE && json_is_true(json_object_get(record, "masked")) &&
		json_is_true(json_object_get(record, "searched")))
		(void)faults_add(faults, "unfit", "searched", "what is masked is not searched");
	return check_number_of(db, record, faults);
}

static void custom_field_complete(json_t *draft)
{
	bool given = json_is_integer(json_object_get(draft, "digits"));
	if (strcmp(js_str(draft, "type", ""), "number") == 0 && !given)
		js_set_int(draft, "digits", DIGITS_USUAL);
}

const struct resource custom_field_resource = {
	.name = "custom_field",
	.plural = "custom_fields",
	.table = "custom_field",
	.area = "service",
	.label = { "自定义字段", "Custom field" },
	.labels = { "自定义字段", "Custom fields" },
	.title = "label",
	.sort = "position",
	.fields = custom_field_fields,
	.n_fields = ARRAY_LEN(custom_field_fields),
	.can = RES_RECORD | RES_SHAPES,
	.check = custom_field_check,
	.complete = custom_field_complete,
	.purged = custom_values_note,
};
