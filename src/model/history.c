/* What happened: read-only but for the note and the result of an interaction. The rows are written by the
 * desk's projection of the switch's events. */
#include "base/js.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/field.h"
#include "text/phone.h"

#include <string.h>

/* clang-format off */
static const struct choice directions[] = {
	{ "inbound", { "呼入", "Inbound" } },
	{ "outbound", { "呼出", "Outbound" } },
	{ "internal", { "内部", "Internal" } },
	{ 0 },
};

static const struct choice phases[] = {
	{ "open", { "进行中", "In progress" } },
	{ "wrap_up", { "话后处理", "Wrap-up" } },
	{ "ended", { "已结束", "Ended" } },
	{ 0 },
};

static const struct choice outcomes[] = {
	{ "answered", { "已接听", "Answered" } },
	{ "abandoned", { "放弃", "Abandoned" } },
	{ "flow", { "自助完成", "Self-service" } },
	{ "failed", { "失败", "Failed" } },
	{ 0 },
};

static const struct choice causes[] = {
	{ "caller_hangup", { "客户挂机", "Caller hung up" } },
	{ "agent_hangup", { "坐席挂机", "Agent hung up" } },
	{ "flow_hangup", { "流程挂机", "Flow hung up" } },
	{ "transferred", { "已转出", "Transferred" } },
	{ "rejected", { "被拒绝", "Rejected" } },
	{ "not_found", { "号码不存在", "Unknown number" } },
	{ "no_media", { "无媒体", "No media" } },
	{ "failed", { "失败", "Failed" } },
	{ "switch_lost", { "系统中断", "Switch lost" } },
	{ 0 },
};

static const struct choice recording_phases[] = {
	{ "running", { "录音中", "Running" } },
	{ "done", { "完成", "Done" } },
	{ 0 },
};

/* What is in the trail beside the resources and the actions of their transition tables. */
static const struct choice other_actions[] = {
	{ "create", { "新建", "Create" } },
	{ "update", { "修改", "Change" } },
	{ "delete", { "删除", "Delete" } },
	{ "restore", { "恢复", "Restore" } },
	{ "purge", { "彻底清除", "Purge" } },
	{ "merge", { "合并", "Merge" } },
	{ "sign_in", { "签入", "Sign in" } },
	{ "unlock", { "解除锁定", "Unlock" } },
	{ "factor_codes", { "重新生成备用码", "Make new codes to keep" } },
	{ "take_over", { "接管签入", "Take over" } },
	{ "set_state", { "改坐席状态", "Set an agent's state" } },
	{ "reveal", { "揭示", "Reveal" } },
	{ "listen", { "听录音", "Listen" } },
	{ "download", { "下载录音", "Download" } },
	{ "export", { "导出", "Export" } },
	{ "import", { "导入", "Import" } },
};

static const struct choice other_resources[] = {
	{ "session", { "签入", "Sign-in" } },
};

#define AUDIT_WORDS_MAX 128
static struct choice audit_actions[AUDIT_WORDS_MAX], audit_resources[AUDIT_WORDS_MAX];

static void add_word(struct choice *words, const char *value, const struct label *label)
{
	size_t n = 0;
	while (words[n].value && strcmp(words[n].value, value) != 0)
		n++;
	if (!words[n].value && n + 1 < AUDIT_WORDS_MAX)
		words[n] = (struct choice){ value, *label };
}

/* Before main(): the words come from the descriptors, so that a new one needs nothing here. */
__attribute__((constructor)) static void gather_words(void)
{
	for (size_t i = 0; i < ARRAY_LEN(other_actions); i++)
		add_word(audit_actions, other_actions[i].value, &other_actions[i].label);
	for (size_t i = 0; i < resources_n; i++) {
		add_word(audit_resources, resources[i]->name, &resources[i]->label);
		for (const struct transition *m = resources[i]->moves; m && m->action; m++)
			add_word(audit_actions, m->action, &m->label);
	}
	for (size_t i = 0; i < ARRAY_LEN(other_resources); i++)
		add_word(audit_resources, other_resources[i].value, &other_resources[i].label);
}

#define RO F_READONLY
/* The number of a contact that is the centre's own, by its direction, is nobody's secret. */
#define OUR_SIDE(directions) .open_by = "direction", .open_with = directions
static const struct field interaction_fields[] = {
	{ "started", .type = FT_TIME, .flags = F_REQUIRED | RO | F_COLUMN, .label = { "开始时间", "Started" } },
	{ "direction", .type = FT_ENUM, .flags = F_REQUIRED | RO | F_COLUMN, .choices = directions, .label = { "方向", "Direction" } },
	{ "channel", .type = FT_STR, .flags = F_REQUIRED | RO, .label = { "渠道", "Channel" } },
	{ "from", .type = FT_STR, .flags = RO | F_COLUMN | F_SEARCH | F_MASKED | F_DIALLED, .column = "from_number", OUR_SIDE("outbound"), .label = { "主叫", "From" } },
	{ "to", .type = FT_STR, .flags = RO | F_COLUMN | F_SEARCH | F_MASKED | F_DIALLED, .column = "to_number", OUR_SIDE("inbound"), .label = { "被叫", "To" } },
	{ "party", .type = FT_PHONE, .flags = RO | F_SEARCH | F_MASKED, OUR_SIDE("internal"), .label = { "对方号码", "Other party" },
		.help = { "归一化的客户号码", "The customer's number in its stored form" } },
	{ "customer", .type = FT_REF, .flags = RO | F_COLUMN, .ref = "customer", .label = { "客户", "Customer" },
		.ref_name = "coalesce((SELECT r.name FROM customer r WHERE r.id = t.customer), t.customer_name)" },
	{ "tier", .type = FT_STR, .flags = RO, .label = { "等级", "Tier" } },
	{ "language", .type = FT_STR, .flags = RO, .label = { "语言", "Language" } },
	{ "queue", .type = FT_REF, .flags = RO | F_COLUMN, .ref = "queue", .label = { "队列", "Queue" } },
	{ "agent", .type = FT_REF, .flags = RO | F_COLUMN, .ref = "agent", .label = { "坐席", "Agent" } },
	{ "queued", .type = FT_TIME, .flags = RO, .label = { "进入队列", "Queued" } },
	{ "answered", .type = FT_TIME, .flags = RO, .label = { "应答时间", "Answered" } },
	{ "ended", .type = FT_TIME, .flags = RO, .label = { "结束时间", "Ended" } },
	{ "state", .type = FT_ENUM, .flags = F_REQUIRED | RO, .column = "phase", .choices = phases, .label = { "状态", "State" } },
	{ "flow_ms", .type = FT_MS, .flags = F_REQUIRED | RO, .label = { "流程时长", "In flows" } },
	{ "wait_ms", .type = FT_MS, .flags = F_REQUIRED | RO | F_COLUMN, .label = { "等待时长", "Waiting" } },
	{ "ring_ms", .type = FT_MS, .flags = F_REQUIRED | RO, .label = { "振铃时长", "Ringing" } },
	{ "talk_ms", .type = FT_MS, .flags = F_REQUIRED | RO | F_COLUMN, .label = { "通话时长", "Talking" } },
	{ "hold_ms", .type = FT_MS, .flags = F_REQUIRED | RO, .label = { "保持时长", "On hold" } },
	{ "wrap_up_ms", .type = FT_MS, .flags = F_REQUIRED | RO, .label = { "话后处理时长", "Wrap-up" } },
	{ "cause", .type = FT_ENUM, .flags = RO, .choices = causes, .label = { "结束原因", "Cause" } },
	{ "outcome", .type = FT_ENUM, .flags = RO | F_COLUMN, .choices = outcomes, .label = { "结局", "Outcome" } },
	{ "recording", .type = FT_ID, .flags = RO, .label = { "录音", "Recording" } },
	{ "result", .type = FT_REF, .flags = F_COLUMN | F_WEAK, .ref = "disposition", .label = { "业务小结", "Result" } },
	{ "note", .type = FT_TEXT, .flags = F_SEARCH, .max = 4000, .label = { "备注", "Note" } },
};

static const struct field recording_fields[] = {
	{ "started", .type = FT_TIME, .flags = F_REQUIRED | RO | F_COLUMN, .label = { "开始时间", "Started" } },
	{ "interaction", .type = FT_REF, .flags = F_REQUIRED | RO, .ref = "interaction", .label = { "联络", "Contact" }, .ref_name = "NULL" },
	{ "from", .type = FT_STR, .flags = RO | F_COLUMN | F_SEARCH | F_MASKED | F_DIALLED, .column = "from_number", OUR_SIDE("outbound"), .label = { "主叫", "From" } },
	{ "to", .type = FT_STR, .flags = RO | F_COLUMN | F_SEARCH | F_MASKED | F_DIALLED, .column = "to_number", OUR_SIDE("inbound"), .label = { "被叫", "To" } },
	{ "direction", .type = FT_ENUM, .flags = RO, .choices = directions, .label = { "方向", "Direction" } },
	{ "customer", .type = FT_REF, .flags = RO | F_COLUMN, .ref = "customer", .label = { "客户", "Customer" } },
	{ "queue", .type = FT_REF, .flags = RO | F_COLUMN, .ref = "queue", .label = { "队列", "Queue" } },
	{ "agent", .type = FT_REF, .flags = RO | F_COLUMN, .ref = "agent", .label = { "坐席", "Agent" } },
	{ "result", .type = FT_REF, .flags = RO | F_COLUMN, .ref = "disposition", .label = { "业务小结", "Result" } },
	{ "ended", .type = FT_TIME, .flags = RO, .label = { "结束时间", "Ended" } },
	{ "duration_ms", .type = FT_MS, .flags = RO | F_COLUMN, .label = { "时长", "Length" } },
	{ "missing_ms", .type = FT_MS, .flags = RO, .label = { "缺失时长", "Missing" } },
	{ "bytes", .type = FT_INT, .flags = RO, .label = { "字节", "Bytes" } },
	{ "channels", .type = FT_INT, .flags = F_REQUIRED | RO, .label = { "声道", "Channels" } },
	{ "state", .type = FT_ENUM, .flags = F_REQUIRED | RO, .column = "phase", .choices = recording_phases, .label = { "状态", "State" } },
};

static const struct field audit_fields[] = {
	{ "actor", .type = FT_REF, .flags = RO | F_COLUMN | F_OPEN_NAME, .ref = "user", .ref_name = "t.actor_name", .label = { "操作人", "Who" } },
	{ "action", .type = FT_ENUM, .flags = F_REQUIRED | RO | F_COLUMN, .choices = audit_actions, .label = { "操作", "Action" } },
	{ "resource", .type = FT_ENUM, .flags = F_REQUIRED | RO | F_COLUMN, .choices = audit_resources, .label = { "对象", "Of what" } },
	{ "record", .type = FT_ID, .flags = RO | F_COLUMN, .label = { "记录", "Record" } },
	{ "record_name", .type = FT_STR, .flags = RO | F_COLUMN, .label = { "记录名称", "Record's name" } },
	{ "address", .type = FT_STR, .flags = RO | F_COLUMN | F_SEARCH, .label = { "地址", "Address" } },
	{ "names", .type = FT_JSON, .flags = RO, .label = { "名称", "Names" } },
	{ "changes", .type = FT_JSON, .flags = RO, .label = { "变更", "Changes" } },
};
/* clang-format on */

#define PARTIES(id)                                                                                          \
	"u.id", "u.team", "u.site",                                                                          \
		"interaction_party p JOIN app_user u ON u.agent = p.agent WHERE p.interaction = " id
static const struct scope interaction_scope = { PARTIES("@.id") };
static const struct scope recording_scope = { PARTIES("@.interaction") };
static const struct scope audit_scope = { "u.id", "u.team", "u.site", "app_user u WHERE u.id = @.actor" };

/* Older versions kept the numbers as they came, and only so. */
static bool interaction_renew(json_t *record)
{
	bool outbound = strcmp(js_str(record, "direction", ""), "outbound") == 0;
	const char *number = js_str(record, outbound ? "to" : "from", "");
	struct phone phone;
	if (!json_is_null(json_object_get(record, "party")) || phone_parse(str_from(number), &phone, NULL))
		return false;
	js_set_str(record, "party", phone.number);
	return true;
}

static const struct search_index interaction_index = { "interaction_search", "id" };
static const char *const recording_indexes[] = { "started", NULL };
static const char *const interaction_indexes[] = { "started", "agent started", "queue started",
	"customer started", NULL };
static const struct search_index recording_index = { "interaction_search", "interaction" };

const struct resource interaction_resource = {
	.name = "interaction",
	.plural = "interactions",
	.table = "interaction",
	.area = "history",
	.label = { "联络", "Contact" },
	.labels = { "联络", "Contacts" },
	.title = "started",
	.sort = "-started",
	.search = &interaction_index,
	.indexes = interaction_indexes,
	.renew = interaction_renew,
	.fields = interaction_fields,
	.n_fields = ARRAY_LEN(interaction_fields),
	.can = RES_UPDATE | RES_EXPORT | RES_MASKED,
	.scope = &interaction_scope,
};

const struct resource recording_resource = {
	.name = "recording",
	.plural = "recordings",
	.table = "recording_of_interaction",
	.area = "history",
	.label = { "录音", "Recording" },
	.labels = { "录音", "Recordings" },
	.title = "started",
	.sort = "-started",
	.search = &recording_index,
	.indexes = recording_indexes,
	.fields = recording_fields,
	.n_fields = ARRAY_LEN(recording_fields),
	.can = RES_EXPORT | RES_MASKED,
	.masked_with = "interaction",
	.scope = &recording_scope,
};

const struct resource audit_resource = {
	.name = "audit",
	.plural = "audit",
	.table = "audit",
	.area = "system",
	.label = { "操作日志", "Audit trail" },
	.labels = { "操作日志", "Audit trail" },
	.title = "action",
	.sort = "-created",
	.fields = audit_fields,
	.n_fields = ARRAY_LEN(audit_fields),
	.can = RES_EXPORT | RES_TRAIL,
	.scope = &audit_scope,
};
