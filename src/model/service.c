/* The work of a call: customers, not-ready reasons, results. */
#include "base/js.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/config.h"
#include "model/field.h"
#include "model/model.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)

/* clang-format off */
const struct choice tiers[] = {
	{ "normal", { "普通", "Standard" } },
	{ "silver", { "银卡", "Silver" } },
	{ "gold", { "金卡", "Gold" } },
	{ "platinum", { "白金卡", "Platinum" } },
	{ 0 },
};

static const struct choice customer_kinds[] = {
	{ "customer", { "客户", "Customer" } },
	{ "prospect", { "潜在客户", "Prospect" } },
	{ 0 },
};

/* No way back: whoever has bought something is no prospect again. */
static const struct transition customer_moves[] = {
	{ "convert", "prospect", "customer", .label = { "转为客户", "Make a customer" } },
	{ 0 },
};

static const struct choice number_kinds[] = {
	{ "mobile", { "手机", "Mobile" } },
	{ "work", { "办公", "Work" } },
	{ "home", { "住宅", "Home" } },
	{ "fax", { "传真", "Fax" } },
	{ "other", { "其他", "Other" } },
	{ 0 },
};

static const struct choice address_kinds[] = {
	{ "home", { "住址", "Home" } },
	{ "work", { "单位", "Work" } },
	{ "delivery", { "收货", "Delivery" } },
	{ "billing", { "账单", "Billing" } },
	{ 0 },
};

static const struct choice identity_kinds[] = {
	{ "id_card", { "居民身份证", "Identity card" } },
	{ "passport", { "护照", "Passport" } },
	{ "other", { "其他", "Other" } },
	{ 0 },
};

static const struct choice sources[] = {
	{ "call", { "来电", "Call" } },
	{ "web", { "网站", "Web site" } },
	{ "shop", { "门店", "Shop" } },
	{ "campaign", { "活动", "Campaign" } },
	{ "referral", { "推荐", "Referral" } },
	{ "import", { "导入", "Import" } },
	{ "other", { "其他", "Other" } },
	{ 0 },
};

static const struct choice consent_kinds[] = {
	{ "call", { "电话营销", "Marketing calls" } },
	{ "message", { "短信营销", "Marketing messages" } },
	{ "mail", { "邮件营销", "Marketing mails" } },
	{ "profiling", { "画像分析", "Profiling" } },
	{ "sharing", { "信息共享", "Sharing with partners" } },
	{ 0 },
};

static const struct field number_fields[] = {
	{ "number", .type = FT_PHONE, .flags = F_REQUIRED | F_SEARCH | F_MASKED | F_KEY, .min = 2, .beside = "extension", .label = { "号码", "Number" },
		.help = { "可带国家代码、区号和分机", "With country code, area code, extension as you like" } },
	{ "extension", .type = FT_STR, .max = 11, .check = check_digits, .label = { "分机", "Extension" } },
	{ "kind", .type = FT_ENUM, .flags = F_REQUIRED, .choices = number_kinds, .def = "\"mobile\"", .label = { "类型", "Kind" } },
	{ "do_not_call", .type = FT_BOOL, .flags = F_REQUIRED, .def = "false", .label = { "免打扰", "Do not call" } },
	{ "note", .type = FT_STR, .max = 100, .label = { "备注", "Note" } },
};

static const struct field mail_fields[] = {
	{ "mail", .type = FT_STR, .flags = F_REQUIRED | F_SEARCH, .min = 3, .max = 200, .check = check_mail, .label = { "邮箱", "Mail address" } },
	{ "note", .type = FT_STR, .max = 100, .label = { "备注", "Note" } },
};

static const struct field address_fields[] = {
	{ "kind", .type = FT_ENUM, .flags = F_REQUIRED, .choices = address_kinds, .def = "\"home\"", .label = { "类型", "Kind" } },
	{ "province", .type = FT_STR, .max = 40, .label = { "省份", "Province" } },
	{ "city", .type = FT_STR, .max = 40, .label = { "城市", "City" } },
	{ "street", .type = FT_STR, .flags = F_REQUIRED, .min = 1, .max = 200, .label = { "详细地址", "Street" } },
	{ "postcode", .type = FT_STR, .max = 12, .label = { "邮编", "Postcode" } },
};

static const struct field tag_fields[] = {
	{ "tag", .type = FT_STR, .flags = F_REQUIRED | F_SEARCH, .min = 1, .max = 30, .label = { "标签", "Tag" } },
};

static const struct field consent_fields[] = {
	{ "kind", .type = FT_ENUM, .flags = F_REQUIRED, .choices = consent_kinds, .label = { "事项", "For" } },
	{ "given", .type = FT_BOOL, .flags = F_REQUIRED, .def = "true", .label = { "同意", "Given" } },
	{ "at", .type = FT_TIME, .label = { "时间", "When" } },
	{ "source", .type = FT_STR, .max = 100, .label = { "来源", "How" } },
};

static const struct child customer_numbers = { "customer_number", number_fields, ARRAY_LEN(number_fields) };
static const struct child customer_mails = { "customer_mail", mail_fields, ARRAY_LEN(mail_fields) };
static const struct child customer_addresses = { "customer_address", address_fields, ARRAY_LEN(address_fields) };
static const struct child customer_tags = { "customer_tag", tag_fields, ARRAY_LEN(tag_fields) };
static const struct child customer_consents = { "customer_consent", consent_fields, ARRAY_LEN(consent_fields) };

static const struct label of_contact = { "联系方式", "Contact" }, of_person = { "个人资料", "Person" }, of_keeping = { "归属与授权", "Owner and consent" };

static const struct field customer_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 64, .label = { "姓名", "Name" } },
	{ "kind", .type = FT_ENUM, .flags = F_REQUIRED | F_CREATE_ONLY | F_COLUMN, .choices = customer_kinds, .def = "\"customer\"", .label = { "类别", "Kind" },
		.help = { "潜在客户以“转为客户”改变", "A prospect becomes a customer by an action of its own" } },
	{ "tier", .type = FT_ENUM, .flags = F_REQUIRED | F_COLUMN, .choices = tiers, .def = "\"normal\"", .label = { "等级", "Tier" } },
	{ "numbers", .type = FT_LIST, .flags = F_COLUMN, .child = &customer_numbers, .max = 20, .section = &of_contact, .label = { "号码", "Numbers" } },
	{ "mails", .type = FT_LIST, .child = &customer_mails, .max = 10, .section = &of_contact, .label = { "邮箱", "Mail addresses" } },
	{ "addresses", .type = FT_LIST, .child = &customer_addresses, .max = 10, .section = &of_contact, .label = { "地址", "Addresses" } },
	{ "tags", .type = FT_LIST, .flags = F_COLUMN, .child = &customer_tags, .max = 30, .label = { "标签", "Tags" } },
	{ "language", .type = FT_ENUM, .flags = F_REQUIRED | F_COLUMN, .choices = languages, .def = "\"zh-CN\"", .label = { "语言", "Language" } },
	{ "company", .type = FT_STR, .flags = F_SEARCH, .max = 100, .section = &of_person, .label = { "公司", "Company" } },
	{ "birthday", .type = FT_DATE, .section = &of_person, .label = { "生日", "Birthday" } },
	{ "identity_kind", .type = FT_ENUM, .choices = identity_kinds, .section = &of_person, .label = { "证件类型", "Kind of identity" } },
	{ "identity", .type = FT_STR, .flags = F_MASKED, .max = 30, .section = &of_person, .label = { "证件号码", "Identity number" } },
	{ "source", .type = FT_ENUM, .choices = sources, .section = &of_keeping, .label = { "来源", "Source" } },
	{ "owner", .type = FT_REF, .ref = "user", .section = &of_keeping, .label = { "归属人", "Owner" } },
	{ "team", .type = FT_REF, .ref = "team", .section = &of_keeping, .label = { "归属班组", "Team" } },
	{ "consents", .type = FT_LIST, .child = &customer_consents, .max = 10, .section = &of_keeping, .label = { "授权", "Consents" } },
	{ "note", .type = FT_TEXT, .max = 2000, .label = { "备注", "Note" } },
};

static const struct field reason_fields[] = {
	{ "code", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_CREATE_ONLY | F_COLUMN | F_SEARCH, .min = 1, .max = 32, .check = check_word, .label = { "代码", "Code" } },
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 32, .label = { "名称", "Name (Chinese)" } },
	{ "name_en", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH, .min = 1, .max = 32, .label = { "英文名称", "Name (English)" } },
	{ "position", .type = FT_INT, .flags = F_REQUIRED, .min = 0, .max = 1000, .def = "100", .label = { "顺序", "Order" } },
	{ "limit_ms", .type = FT_MS, .flags = F_COLUMN, .min = 0, .max = DAY_MS, .unit = &unit_minutes, .label = { "时限", "Time limit" },
		.help = { "空为不限", "Empty: no limit" } },
};

static const struct field disposition_fields[] = {
	{ "number", .type = FT_INT, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN, .min = 1, .max = 999, .label = { "编号", "Number" },
		.help = { "1–9 可用按键选择", "1 to 9 can be chosen by key" } },
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 64, .label = { "名称", "Name (Chinese)" } },
	{ "name_en", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH, .min = 1, .max = 64, .label = { "英文名称", "Name (English)" } },
};
/* clang-format on */

static const struct scope customer_scope = {
	.user = "@.owner", .team = "@.team", .site = "(SELECT o.site FROM app_user o WHERE o.id = @.owner)"
};

/* GB 11643: the last of eighteen is a check digit over the others. */
static bool is_id_card(const char *number)
{
	static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;
	if (strlen(number) != 18 || strspn(number, "0123456789") < 17)
		return false;
	for (int i = 0; i < 17; i++)
		sum += (number[i] - '0') * weights[i];
	return number[17] == "10X98765432"[sum % 11];
}

static int customer_check(struct db *db, const json_t *old, const json_t *record, struct faults *faults)
{
	(void)db;
	(void)old;
	const char *kind = js_str(record, "identity_kind", ""), *number = js_str(record, "identity", "");
	if (record && *number && !*kind)
		return faults_add(faults, "required", "identity_kind", "is needed with a number");
	if (record && strcmp(kind, "id_card") == 0 && *number && !is_id_card(number))
		return faults_add(faults, "format_identity", "identity", "is no number of an identity card");
	return 0;
}

static const struct search_index customer_index = { "customer_search", "id" };
static const char *const customer_indexes[] = { "name", "created", "tier name", "kind name", "owner name",
	"team name", NULL };

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
	.indexes = customer_indexes,
	.fields = customer_fields,
	.n_fields = ARRAY_LEN(customer_fields),
	.can = RES_RECORD | RES_IMPORT | RES_MASKED | RES_CUSTOM,
	.state = "kind",
	.moves = customer_moves,
	.scope = &customer_scope,
	.check = customer_check,
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
