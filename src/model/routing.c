/* What routes a call: numbers, flows, prompts, queues, trunks, and the settings of the whole centre. */
#include "base/js.h"
#include "base/mem.h"
#include "ivr/flow.h"
#include "model/areas.h"
#include "model/config.h"
#include "model/field.h"
#include "model/outbox.h"
#include "model/model.h"

#include "base/obj.h"

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)
#define OVERFLOW_HOPS_MAX 32

/* The IVR's own compiler decides what a flow may be; its place goes on as the end of the field's name. */
static int check_graph(const json_t *value, struct fault *reterr_)
{
	struct flow *flow = NULL;
	CLEANUP(mem_freep) char *text = json_dumps(value, JSON_COMPACT);
	if (text && strlen(text) > FLOW_BYTES_MAX)
		return fault_set(
			reterr_, "too_long", "", "a flow may have at most %d kB", FLOW_BYTES_MAX / 1024);
	int err = flow_compile(value, &flow, reterr_);
	if (err)
		return err;
	obj_unref(flow);
	return 0;
}

/* clang-format off */
static const struct choice strategies[] = {
	{ "longest_idle", { "最长空闲", "Longest idle" } },
	{ "level_first", { "等级优先", "Level first" } },
	{ 0 },
};

static const struct choice transports[] = {
	{ "udp", { "UDP", "UDP" } },
	{ "tcp", { "TCP", "TCP" } },
	{ 0 },
};

static const struct choice sip_digests[] = {
	{ "md5_first", { "MD5 在前，兼容旧话机", "MD5 first: suits old phones" } },
	{ "sha256_first", { "SHA-256 在前", "SHA-256 first" } },
	{ "md5", { "仅 MD5", "MD5 alone" } },
	{ 0 },
};

static const struct choice currencies[] = {
	{ "CNY", { "人民币", "Renminbi" } },
	{ "HKD", { "港元", "Hong Kong dollar" } },
	{ "MOP", { "澳门元", "Macanese pataca" } },
	{ "TWD", { "新台币", "New Taiwan dollar" } },
	{ "USD", { "美元", "US dollar" } },
	{ "EUR", { "欧元", "Euro" } },
	{ "GBP", { "英镑", "Pound sterling" } },
	{ "JPY", { "日元", "Japanese yen" } },
	{ "KRW", { "韩元", "South Korean won" } },
	{ "SGD", { "新加坡元", "Singapore dollar" } },
	{ "MYR", { "林吉特", "Malaysian ringgit" } },
	{ "THB", { "泰铢", "Thai baht" } },
	{ "VND", { "越南盾", "Vietnamese dong" } },
	{ "AUD", { "澳元", "Australian dollar" } },
	{ "CAD", { "加元", "Canadian dollar" } },
	{ 0 },
};

static const struct choice pop_hows[] = {
	{ "panel", { "在客户栏内", "Beside the customer" } },
	{ "window", { "在单独窗口", "In a window of its own" } },
	{ 0 },
};

static const struct choice when_empty[] = {
	{ "wait", { "继续等待", "Wait" } },
	{ "leave", { "走流程分支", "Leave by flow" } },
	{ 0 },
};

static const struct child queue_skills = { "queue_skill", skill_level_fields, 2 };

static const struct field member_fields[] = {
	{ "agent", .type = FT_REF, .flags = F_REQUIRED, .ref = "agent", .label = { "坐席", "Agent" } },
};

static const struct child queue_members = { "queue_member", member_fields, ARRAY_LEN(member_fields) };

static const struct label waiting = { "等待", "Waiting" }, overflowing = { "溢出", "Overflow" }, of_members = { "成员", "Members" },
	announcing = { "播报", "Announcements" };
static const struct label of_calls = { "通话", "Calls" }, of_pop = { "弹屏", "Pop" }, of_passwords = { "密码与登录", "Passwords and sign-in" },
	of_data = { "数据", "Data" };

static const struct field queue_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 50, .label = { "名称", "Name" } },
	{ "strategy", .type = FT_ENUM, .flags = F_REQUIRED | F_COLUMN, .choices = strategies, .def = "\"longest_idle\"", .label = { "分配策略", "Strategy" },
		.help = { "空闲坐席中先分给谁；等级优先按所需技能的等级之和，相同则最长空闲者先",
			"Who of the free agents goes first; level first goes by the sum of levels in the skills asked for, then by idle time" } },
	{ "priority", .type = FT_INT, .flags = F_REQUIRED | F_COLUMN, .min = 0, .max = 100, .def = "50", .label = { "优先级", "Priority" },
		.help = { "数字越大越优先", "Larger goes first" } },
	{ "skills", .type = FT_LIST, .child = &queue_skills, .max = 10, .label = { "所需技能", "Skills asked for" },
		.help = { "坐席须达到每项的等级", "An agent needs each of them at this level" } },
	{ "members", .type = FT_LIST, .child = &queue_members, .max = 500, .section = &of_members, .label = { "成员", "Members" },
		.help = { "留空则所有具备技能的坐席", "Empty: whoever has the skills" } },
	{ "ring_timeout_ms", .type = FT_MS, .flags = F_REQUIRED | F_COLUMN, .min = 5 * SECOND, .max = 120 * SECOND, .def = "20000", .label = { "振铃超时", "Ring time-out" } },
	{ "wrap_up_ms", .type = FT_MS, .flags = F_REQUIRED | F_COLUMN, .min = 0, .max = HOUR, .def = "30000", .label = { "话后处理时长", "Wrap-up" } },
	{ "when_empty", .type = FT_ENUM, .flags = F_REQUIRED, .choices = when_empty, .def = "\"wait\"", .section = &waiting, .label = { "无人签入时", "Nobody signed in" } },
	{ "overflow_after_ms", .type = FT_MS, .flags = F_REQUIRED, .min = 0, .max = 4 * HOUR, .def = "0", .section = &overflowing, .label = { "等待多久后溢出", "Overflow after" },
		.help = { "须短于最长等待；0 为不溢出", "Below the longest wait; 0: never" } },
	{ "overflow_expected_ms", .type = FT_MS, .flags = F_REQUIRED, .min = 0, .max = 4 * HOUR, .def = "0", .section = &overflowing, .label = { "预计等待过长即溢出", "Overflow if expected above" },
		.help = { "进入时判断；0 为不判断", "The wait, asked on arrival; 0: never" } },
	{ "overflow_queue", .type = FT_REF, .ref = "queue", .section = &overflowing, .label = { "溢出到队列", "Overflow to queue" },
		.help = { "留空则走流程的“溢出”分支", "Empty: leave by the flow's branch" } },
	{ "max_wait_ms", .type = FT_MS, .flags = F_REQUIRED, .min = 0, .max = 4 * HOUR, .def = "600000", .section = &waiting, .unit = &unit_minutes, .label = { "最长等待", "Longest wait" },
		.help = { "0 为不限", "0: no limit" } },
	{ "max_length", .type = FT_INT, .flags = F_REQUIRED, .min = 0, .max = 100000, .def = "0", .section = &waiting, .unit = &unit_contacts, .label = { "最大长度", "Largest length" },
		.help = { "0 为不限", "0: no limit" } },
	{ "handle_ms", .type = FT_MS, .flags = F_REQUIRED, .min = SECOND, .max = HOUR, .def = "180000", .section = &waiting, .label = { "预计处理时长", "Handling time at first" },
		.help = { "含话后处理；之后按实际通话修正", "With wrap-up; real calls correct it" } },
	{ "announce_position", .type = FT_BOOL, .flags = F_REQUIRED, .def = "true", .section = &announcing, .label = { "播报排队位置", "Tell the position" } },
	{ "announce_wait", .type = FT_BOOL, .flags = F_REQUIRED, .def = "true", .section = &announcing, .label = { "播报预计等待", "Tell the expected wait" } },
	{ "announce_every_ms", .type = FT_MS, .flags = F_REQUIRED, .min = 0, .max = HOUR, .def = "30000", .section = &announcing, .label = { "播报间隔", "Announce every" },
		.help = { "0 为不播报", "0: never" } },
	{ "announce_number", .type = FT_BOOL, .flags = F_REQUIRED, .def = "true", .section = &announcing, .label = { "自动报工号", "Tell the agent's number" } },
	{ "music", .type = FT_STR, .flags = F_REQUIRED, .min = 1, .max = 64, .def = "\"music\"", .check = check_word, .section = &announcing, .label = { "等待音乐", "Music" },
		.help = { "语音名称", "Name of a prompt" } },
	{ "pop_url", .type = FT_STR, .max = 500, .check = check_pop_url, .section = &of_pop, .label = { "弹屏网址", "Pop address" },
		.help = { "优先于系统设置中的弹屏网址，写法相同", "Before the one of the settings, written alike" } },
	{ "service_level_ms", .type = FT_MS, .flags = F_REQUIRED, .min = SECOND, .max = HOUR, .def = "20000", .label = { "服务水平时限", "Service level within" } },
};

static const struct field trunk_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 50, .label = { "名称", "Name" } },
	{ "sources", .type = FT_STR, .flags = F_COLUMN, .max = 500, .check = check_cidrs, .label = { "来源地址", "Source addresses" },
		.help = { "地址或网段，以逗号分隔", "Addresses or networks, separated by commas" } },
	{ "proxy", .type = FT_STR, .flags = F_COLUMN, .max = 200, .check = check_host_port, .label = { "代理", "Proxy" }, .help = { "主机:端口，用于呼出", "HOST:PORT, for outbound calls" } },
	{ "transport", .type = FT_ENUM, .flags = F_REQUIRED, .choices = transports, .def = "\"udp\"", .label = { "传输", "Transport" } },
	{ "auth_user", .type = FT_STR, .max = 64, .check = check_ascii, .label = { "认证用户", "Auth user" } },
	{ "password", .type = FT_SECRET, .max = 128, .check = check_ascii, .label = { "密码", "Password" } },
	{ "caller_id", .type = FT_STR, .max = 32, .check = check_digits, .label = { "主叫号码", "Caller id" } },
};

static const struct field did_fields[] = {
	{ "number", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH, .min = 1, .max = 32, .check = check_digits, .label = { "被叫号码", "Number" } },
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 64, .label = { "名称", "Name" } },
	{ "flow", .type = FT_REF, .flags = F_REQUIRED | F_COLUMN, .ref = "flow", .label = { "流程", "Flow" } },
};

/* Where a new flow starts from: it greets and hangs up. */
static const char first_graph[] =
	"{\"start\":\"welcome\",\"language\":\"zh-CN\",\"nodes\":{\"welcome\":{\"type\":\"play\",\"prompts\":[\"welcome\","
	"\"goodbye\"],\"next\":\"end\"},\"end\":{\"type\":\"hangup\"}}}";

static const struct field flow_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH | F_SORT_KEY, .min = 1, .max = 50, .label = { "名称", "Name" } },
	{ "note", .type = FT_TEXT, .flags = F_COLUMN, .max = 1000, .label = { "备注", "Note" } },
	{ "graph", .type = FT_JSON, .flags = F_REQUIRED, .def = first_graph, .check = check_graph, .label = { "流程图", "Graph" },
		.help = { "节点：play, menu, collect, condition, set, queue, transfer, wait, hangup；通话沿用开始时的版本",
			"Nodes: play, menu, collect, condition, set, queue, transfer, wait, hangup; a running call keeps its version" } },
};

static const struct field prompt_fields[] = {
	{ "name", .type = FT_STR, .flags = F_REQUIRED | F_COLUMN | F_SEARCH, .min = 1, .max = 64, .check = check_word, .label = { "名称", "Name" } },
	{ "language", .type = FT_ENUM, .flags = F_REQUIRED | F_COLUMN, .choices = languages, .def = "\"zh-CN\"", .label = { "语言", "Language" } },
	{ "text", .type = FT_TEXT, .flags = F_COLUMN | F_SEARCH, .max = 2000, .label = { "文本", "Text" },
		.help = { "由机器读出；空则播放文件", "Spoken by machine; empty: the file is played" } },
	{ "path", .type = FT_STR, .flags = F_COLUMN, .min = 1, .max = 200, .check = check_path, .label = { "文件", "File" },
		.help = { "WAV，相对于数据目录；有文本时可不填", "WAV, below the data folder; may be left out where there is a text" } },
};

static const struct field setting_fields[] = {
	{ "realm", .type = FT_STR, .flags = F_REQUIRED | F_READONLY | F_COLUMN, .label = { "SIP 域", "SIP realm" } },
	{ "language", .type = FT_ENUM, .flags = F_REQUIRED | F_COLUMN, .choices = languages, .label = { "默认语言", "Language" } },
	{ "region", .type = FT_STR, .flags = F_REQUIRED, .min = 2, .max = 2, .def = "\"CN\"", .check = check_region, .label = { "国家或地区", "Country" },
		.help = { "没有国家代码的电话号码属于哪里：ISO 3166 两个字母，如 CN", "Where telephone numbers without a country code belong: two letters of ISO 3166, as CN" } },
	{ "currency", .type = FT_ENUM, .flags = F_REQUIRED, .choices = currencies, .def = "\"CNY\"", .label = { "币种", "Currency" },
		.help = { "所有金额以此计；改动不换算已有的金额", "Of all amounts; a change does not convert what is there" } },
	{ "record", .type = FT_BOOL, .flags = F_REQUIRED | F_COLUMN, .section = &of_calls, .label = { "通话录音", "Record calls" } },
	{ "ring_timeout_ms", .type = FT_MS, .flags = F_REQUIRED | F_COLUMN, .min = 5 * SECOND, .max = 120 * SECOND, .section = &of_calls, .label = { "振铃超时", "Ring time-out" } },
	{ "wrap_up_ms", .type = FT_MS, .flags = F_REQUIRED | F_COLUMN, .min = 0, .max = HOUR, .section = &of_calls, .label = { "话后处理时长", "Wrap-up" } },
	{ "sip_digest", .type = FT_ENUM, .flags = F_REQUIRED, .choices = sip_digests, .def = "\"md5_first\"", .section = &of_calls, .label = { "话机认证顺序", "Challenges to phones" },
		.help = { "RFC 8760 之前的话机只看第一个，多数只认识 MD5；话机都支持时选 SHA-256 在前",
			"Phones older than RFC 8760 look at the first alone, and most know MD5 only; SHA-256 first where all know it" } },
	{ "pop_url", .type = FT_STR, .max = 500, .check = check_pop_url, .section = &of_pop, .label = { "弹屏网址", "Pop address" },
		.help = { "来电时打开的其他系统页面；可用 {number} {called} {name} {tier} {customer} {queue} {interaction} {agent_number}",
			"Another system's page opened when it rings; may name {number} {called} {name} {tier} {customer} {queue} {interaction} {agent_number}" } },
	{ "pop_how", .type = FT_ENUM, .flags = F_REQUIRED, .choices = pop_hows, .def = "\"panel\"", .section = &of_pop, .label = { "弹屏方式", "Pop opens" } },
	{ "password_min", .type = FT_INT, .flags = F_REQUIRED, .min = 8, .max = 64, .def = "8", .section = &of_passwords, .unit = &unit_characters, .label = { "密码最短长度", "Shortest password" } },
	{ "password_classes", .type = FT_INT, .flags = F_REQUIRED, .min = 1, .max = 4, .def = "1", .section = &of_passwords, .label = { "密码字符种类", "Kinds of characters in passwords" },
		.help = { "小写、大写、数字、其他中至少几种", "How many of small letters, capitals, digits, others" } },
	{ "password_history", .type = FT_INT, .flags = F_REQUIRED, .min = 0, .max = 10, .def = "0", .section = &of_passwords, .label = { "不可重复的旧密码数", "Former passwords not to be used again" } },
	{ "password_days", .type = FT_INT, .flags = F_REQUIRED, .min = 0, .max = 3650, .def = "0", .section = &of_passwords, .unit = &unit_days, .label = { "密码有效天数", "Days that a password holds" },
		.help = { "0 为不过期", "0: it does not age" } },
	{ "lock_after", .type = FT_INT, .flags = F_REQUIRED, .min = 3, .max = 20, .def = "5", .section = &of_passwords, .label = { "输错几次后锁定", "Wrong passwords that lock" } },
	{ "lock_ms", .type = FT_MS, .flags = F_REQUIRED, .min = SECOND, .max = HOUR, .def = "30000", .section = &of_passwords, .label = { "首次锁定时长", "First lock" },
		.help = { "每再错一次加倍，至多 32 倍", "Doubled by each further one, up to 32 times" } },
	{ "bin_days", .type = FT_INT, .flags = F_REQUIRED, .min = 0, .max = 3650, .def = "0", .section = &of_data, .unit = &unit_days, .label = { "回收站保留天数", "Days in the bin" },
		.help = { "到期后夜间彻底清除；0 为一直保留", "Then purged at night; 0: kept" } },
	{ "agent_prefix", .type = FT_STR, .max = 16, .check = check_word, .section = &of_calls, .label = { "报工号语音", "Prompt before the number" } },
};
/* clang-format on */

int model_currency(struct db *db, char ret_code[4], int *ret_digits)
{
	struct rows *rows;
	int err = db_query(db, "SELECT currency FROM setting ORDER BY id LIMIT 1", NO_ARGS, &rows);
	if (err)
		return err;
	if (!rows_next(rows) || str_copy(rows_str(rows, 0), ret_code, 4))
		memcpy(ret_code, "CNY", 4);
	*ret_digits = strstr("JPY KRW VND", ret_code) ? 0 : 2;
	return rows_end(rows);
}

/* Whom the queue hands over to must not hand back: nobody would ever come out. */
static int check_overflow_circle(struct db *db, int64_t queue, int64_t to, struct faults *faults)
{
	int64_t hops = 0;
	int err = 0;
	while (!err && to) {
		if (to == queue || hops++ == OVERFLOW_HOPS_MAX)
			return faults_add(faults, "circle", "overflow_queue", "leads back to this queue");
		err = db_one_int(db, "SELECT coalesce(overflow_queue, 0) FROM queue WHERE id = $1",
			ARGS(V_INT(to)), &to);
	}
	return err;
}

static int queue_check(struct db *db, const json_t *old, const json_t *record, struct faults *faults)
{
	if (!record)
		return 0;
	int64_t after_ms = js_int(record, "overflow_after_ms", 0);
	int64_t max_ms = js_int(record, "max_wait_ms", 0);
	int64_t to = js_id(record, "overflow_queue");
	if (after_ms && max_ms && after_ms >= max_ms)
		return faults_add(
			faults, "range", "overflow_after_ms", "must be shorter than the longest wait");
	if (to && !after_ms && !js_int(record, "overflow_expected_ms", 0))
		return faults_add(faults, "needless", "overflow_queue",
			"needs overflow_after_ms or overflow_expected_ms");
	return old ? check_overflow_circle(db, js_id(old, "id"), to, faults) : 0;
}

/* A text is spoken into a file whose name nobody has to invent. */
static void prompt_complete(json_t *draft)
{
	const char *language = js_str(draft, "language", ""), *name = js_str(draft, "name", "");
	if (js_str(draft, "path", NULL) || !js_str(draft, "text", NULL))
		return;
	CLEANUP(mem_freep) char *path = mem_printf("prompts/%s/%s.wav", language, name);
	js_set_str(draft, "path", path);
}

static int prompt_check(struct db *db, const json_t *old, const json_t *record, struct faults *faults)
{
	(void)db;
	(void)old;
	if (record && !js_str(record, "path", NULL))
		return faults_add(faults, "required", "path", "is required where there is no text");
	return 0;
}

const struct resource queue_resource = {
	.name = "queue",
	.plural = "queues",
	.table = "queue",
	.area = "routing",
	.label = { "队列", "Queue" },
	.labels = { "队列", "Queues" },
	.title = "name",
	.sort = "name",
	.fields = queue_fields,
	.n_fields = ARRAY_LEN(queue_fields),
	.can = RES_RECORD | RES_OPEN,
	.check = queue_check,
	.config = config_queue,
};

const struct resource trunk_resource = {
	.name = "trunk",
	.plural = "trunks",
	.table = "trunk",
	.area = "routing",
	.label = { "中继", "Trunk" },
	.labels = { "中继", "Trunks" },
	.title = "name",
	.sort = "name",
	.fields = trunk_fields,
	.n_fields = ARRAY_LEN(trunk_fields),
	.can = RES_RECORD,
	.config = config_trunk,
};

const struct resource did_resource = {
	.name = "did",
	.plural = "dids",
	.table = "did",
	.area = "routing",
	.label = { "被叫号码", "Called number" },
	.labels = { "被叫号码", "Called numbers" },
	.title = "number",
	.sort = "number",
	.fields = did_fields,
	.n_fields = ARRAY_LEN(did_fields),
	.can = RES_RECORD,
	.config = config_did,
};

const struct resource flow_resource = {
	.name = "flow",
	.plural = "flows",
	.table = "flow",
	.area = "routing",
	.label = { "流程", "Flow" },
	.labels = { "流程", "Flows" },
	.title = "name",
	.sort = "name",
	.fields = flow_fields,
	.n_fields = ARRAY_LEN(flow_fields),
	.can = RES_RECORD,
	.config = config_flow,
};

const struct resource prompt_resource = {
	.name = "prompt",
	.plural = "prompts",
	.table = "prompt",
	.area = "routing",
	.label = { "语音", "Prompt" },
	.labels = { "语音", "Prompts" },
	.title = "name",
	.sort = "name",
	.fields = prompt_fields,
	.n_fields = ARRAY_LEN(prompt_fields),
	.can = RES_RECORD,
	.config = config_prompt,
	.check = prompt_check,
	.complete = prompt_complete,
	.effect = OUTBOX_SPEAK,
};

const struct resource setting_resource = {
	.name = "setting",
	.plural = "settings",
	.table = "setting",
	.area = "system",
	.label = { "系统设置", "Settings" },
	.labels = { "系统设置", "Settings" },
	.title = "realm",
	.sort = "id",
	.fields = setting_fields,
	.n_fields = ARRAY_LEN(setting_fields),
	.can = RES_UPDATE | RES_EXPORT | RES_SINGLE | RES_SHAPES, /* the currency */
	.config = config_setting,
};
