/* The work of a call: customers, not-ready reasons, results. */
#include "base/mem.h"
#include "model/areas.h"
#include "model/config.h"
#include "model/field.h"

#define DAY_MS INT64_C(86400000)

/* clang-format off */
const struct choice tiers[] = {
	{ "normal", { "普通", "Standard" } },
	{ "silver", { "银卡", "Silver" } },
	{ "gold", { "金卡", "Gold" } },
	{ "platinum", { "白金卡", "Platinum" } },
	{ 0 },
};

static const struct field number_fields[] = {
	{ "number", .type = FT_PHONE, .flags = F_REQUIRED | F_SEARCH | F_MASKED | F_KEY, .min = 2, .beside = "extension", .label = { "号码", "Number" },
		.help = { "可带国家代码、区号和分机", "With country code, area code, extension as you like" } },
	{ "extension", .type = FT_STR, .max = 11, .check = check_digits, .label = { "分机", "Extension" } },
};

static const struct child customer_numbers = { "customer_number", number_fields, ARRAY_LEN(number_fields) };

static const struct field customer_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 64, .label = { "姓名", "Name" } },
	{ "tier", .type = FT_ENUM, .flags = F_REQUIRED | F_COLUMN, .choices = tiers, .def = "\"normal\"", .label = { "等级", "Tier" } },
	{ "numbers", .type = FT_LIST, .flags = F_COLUMN, .child = &customer_numbers, .max = 20, .label = { "号码", "Numbers" } },
	{ "language", .type = FT_ENUM, .flags = F_REQUIRED | F_COLUMN, .choices = languages, .def = "\"zh-CN\"", .label = { "语言", "Language" } },
	{ "note", .type = FT_TEXT, .max = 2000, .label = { "备注", "Note" } },
};

static const struct field reason_fields[] = {
	{ "code", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_CREATE_ONLY | F_COLUMN | F_SEARCH, .min = 1, .max = 32, .check = check_word, .label = { "代码", "Code" } },
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 32, .label = { "名称", "Name (Chinese)" } },
	{ "name_en", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH, .min = 1, .max = 32, .label = { "英文名称", "Name (English)" } },
	{ "position", .type = FT_INT, .flags = F_REQUIRED, .min = 0, .max = 1000, .def = "100", .label = { "顺序", "Order" } },
	{ "limit_ms", .type = FT_MS, .flags = F_COLUMN, .min = 0, .max = DAY_MS, .label = { "时限", "Time limit" },
		.help = { "空为不限", "Empty: no limit" } },
};

static const struct field disposition_fields[] = {
	{ "number", .type = FT_INT, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN, .min = 1, .max = 999, .label = { "编号", "Number" },
		.help = { "1–9 可用按键选择", "1 to 9 can be chosen by key" } },
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 64, .label = { "名称", "Name (Chinese)" } },
	{ "name_en", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH, .min = 1, .max = 64, .label = { "英文名称", "Name (English)" } },
};
/* clang-format on */

static const struct search_index customer_index = { "customer_search", "id" };

const struct resource customer_resource = {
	.name = "customer",
	.plural = "customers",
	.table = "customer",
	.area = "service",
	.label = { "客户", "Customer" },
	.labels = { "客户", "Customers" },
	.title = "name",
	.sort = "name",
	.search = &customer_index,
	.fields = customer_fields,
	.n_fields = ARRAY_LEN(customer_fields),
	.can = RES_RECORD | RES_IMPORT | RES_MASKED,
};

const struct resource reason_resource = {
	.name = "reason",
	.plural = "reasons",
	.table = "reason",
	.area = "service",
	.label = { "示忙原因", "Not-ready reason" },
	.labels = { "示忙原因", "Not-ready reasons" },
	.title = "name",
	.sort = "position",
	.fields = reason_fields,
	.n_fields = ARRAY_LEN(reason_fields),
	.can = RES_RECORD | RES_IMPORT | RES_OPEN,
	.config = config_reason,
};

const struct resource disposition_resource = {
	.name = "disposition",
	.plural = "dispositions",
	.table = "disposition",
	.area = "service",
	.label = { "业务小结", "Result" },
	.labels = { "业务小结", "Results" },
	.title = "name",
	.sort = "number",
	.fields = disposition_fields,
	.n_fields = ARRAY_LEN(disposition_fields),
	.can = RES_RECORD | RES_IMPORT | RES_OPEN,
};
