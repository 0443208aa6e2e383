/* Which column is which field: by the names that an export of ours gives, by labels in both languages, by
 * what people call such things. And the reasons of refusals for those who read Chinese. */
#include "base/mem.h"
#include "model/field.h"
#include "model/intake.h"

#include <stdio.h>
#include <string.h>

static const char *const languages_of_texts[] = { "zh-CN", "en" };

static bool is_taken(const struct field *f)
{
	return !(f->flags & F_READONLY) && f->type != FT_JSON && f->type != FT_ID;
}

int intake_column(const struct resource *res, const char *name, struct intake_column *ret_column)
{
	struct str language = str_from(name);
	struct str head = str_cut(&language, '.');
	*ret_column = (struct intake_column){ .field = NULL };
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		if (!str_eqz(head, f->name) || !is_taken(f))
			continue;
		ret_column->field = f;
		if (head.n == strlen(name))
			return 0;
		for (size_t k = 0; k < ARRAY_LEN(languages_of_texts) && f->type == FT_I18N; k++)
			if (str_eqz(language, languages_of_texts[k]))
				ret_column->language = languages_of_texts[k];
		return ret_column->language ? 0 : -E_NOT_FOUND;
	}
	return -E_NOT_FOUND;
}

void intake_names(const struct resource *res, intake_name_fn fn, void *arg)
{
	for (size_t i = 0; i < res->n_fields; i++) {
		const struct field *f = &res->fields[i];
		char name[96];
		if (!is_taken(f))
			continue;
		if (f->type != FT_I18N) {
			fn(arg, f->name, f, NULL);
			continue;
		}
		for (size_t k = 0; k < ARRAY_LEN(languages_of_texts); k++) {
			snprintf(name, sizeof(name), "%s.%s", f->name, languages_of_texts[k]);
			fn(arg, name, f, languages_of_texts[k]);
		}
	}
}

/* A label without what an export adds in brackets, and without a number at its end: "号码 2", "价格 (CNY)".
 */
static struct str bare(struct str label)
{
	static const char *const brackets[] = { "(", "（" };
	label = str_trim(label);
	for (size_t i = 0; i < ARRAY_LEN(brackets); i++) {
		struct str mark = str_from(brackets[i]);
		for (size_t at = 1; at + mark.n <= label.n; at++)
			if (str_starts(str_sub(label, at, label.n), mark)) {
				label = str_trim(str_sub(label, 0, at));
				break;
			}
	}
	while (label.n > 1 &&
		((label.p[label.n - 1] >= '0' && label.p[label.n - 1] <= '9') ||
			label.p[label.n - 1] == ' ' || label.p[label.n - 1] == '_'))
		label.n--;
	return label;
}

static bool is_label(struct str label, const struct field *f)
{
	return str_caseeqz(label, f->name) || str_eqz(label, f->label.zh) || str_caseeqz(label, f->label.en);
}

/* The field itself, or an element of the list: "Number" is one of "Numbers". */
static bool fits(struct str label, const struct field *f)
{
	if (is_label(label, f))
		return true;
	return f->type == FT_LIST && f->child->n_fields > 0 && is_label(label, &f->child->fields[0]);
}

/* What people call fields; each row: a name of a field, then the words. */
static const char *const synonyms[][10] = {
	{ "numbers", "电话", "手机", "手机号", "手机号码", "电话号码", "联系电话", "phone", "mobile", "tel" },
	{ "name", "客户姓名", "名字", "客户名称", "联系人", "customer", "full name", "customer name" },
	{ "full_name", "名字", "name" },
	{ "note", "说明", "备注信息", "remark", "remarks", "comment", "notes" },
	{ "tier", "级别", "客户等级", "会员等级", "level" },
	{ "mail", "邮箱", "电子邮件", "电子邮箱", "email", "e-mail" },
	{ "mails", "邮箱", "电子邮件", "电子邮箱", "email", "e-mail" },
	{ "identity", "身份证", "身份证号", "证件号", "证件号码", "id card" },
	{ "extension", "分机号", "ext" },
	{ "number", "工号", "编号", "no" },
};

static bool is_synonym(struct str label, const struct field *f)
{
	for (size_t i = 0; i < ARRAY_LEN(synonyms); i++)
		for (size_t k = 1; k < ARRAY_LEN(synonyms[i]) && synonyms[i][k]; k++)
			if (strcmp(synonyms[i][0], f->name) == 0 && str_caseeqz(label, synonyms[i][k]))
				return true;
	return false;
}

static const struct field *guess(const struct resource *res, struct str label)
{
	bool (*const ways[])(struct str, const struct field *) = { is_label, fits, is_synonym };
	for (size_t way = 0; way < ARRAY_LEN(ways); way++)
		for (size_t i = 0; i < res->n_fields; i++)
			if (is_taken(&res->fields[i]) && ways[way](label, &res->fields[i]))
				return &res->fields[i];
	return NULL;
}

void intake_guess(const struct resource *res, const char *label, char *dst, size_t size)
{
	struct intake_column column;
	struct str whole = str_trim(str_from(label));
	const struct field *f = NULL;
	dst[0] = '\0';
	if (str_copy(whole, dst, size) == 0 && intake_column(res, dst, &column) == 0)
		return;
	dst[0] = '\0';
	if (whole.n)
		f = guess(res, whole);
	if (!f && whole.n)
		f = guess(res, bare(whole));
	if (f)
		snprintf(dst, size, "%s", f->name);
}

static const struct {
	const char *code, *text;
} reasons[] = {
	{ "required", "必填" },
	{ "type", "格式不对" },
	{ "too_short", "太短" },
	{ "too_long", "太长" },
	{ "range", "超出允许范围" },
	{ "choice", "不是可选的值" },
	{ "not_found", "没有这条记录" },
	{ "ambiguous", "有多条同名记录" },
	{ "taken", "已被使用" },
	{ "read_only", "不可修改" },
	{ "unknown", "没有这个字段" },
	{ "rounded", "表格软件已四舍五入，丢失了数字，请把该列设为文本后重填" },
	{ "error", "表格公式出错" },
	{ "duplicate", "与已有记录重复" },
	{ "duplicate_in_file", "与文件中前面的行重复" },
	{ "forbidden", "没有权限" },
	{ "scope", "超出权限范围" },
	{ "beyond", "超出本人的权限" },
	{ "conflict", "已被他人修改" },
	{ "state", "当前状态下不可行" },
	{ "masked", "含有部分隐藏的内容" },
	{ "format_word", "只能用小写字母、数字、_ . -" },
	{ "format_digits", "只能用数字、* # +" },
	{ "format_ascii", "只能用英文字符" },
	{ "format_networks", "不是网络地址" },
	{ "format_host_port", "应为 主机:端口" },
	{ "format_path", "不是允许的路径" },
	{ "format_control", "含有控制字符" },
	{ "format_phone", "不是电话号码" },
};

const char *intake_reason_zh(const char *code)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (strcmp(reasons[i].code, code) == 0)
			return reasons[i].text;
	return NULL;
}
