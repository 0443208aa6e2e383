/* Long work that the desk does for somebody: read here, changed by actions alone. */
#include "base/mem.h"
#include "model/areas.h"
#include "model/field.h"

#define RO F_READONLY

/* clang-format off */
static const struct choice job_kinds_shown[] = {
	{ "export", { "导出", "Export" } },
	{ "import", { "导入", "Import" } },
	{ "import_check", { "导入检查", "Check of an import" } },
	{ "bulk", { "批量修改", "Bulk change" } },
	{ 0 },
};

static const struct choice job_states[] = {
	{ "queued", { "排队中", "Waiting" } },
	{ "running", { "进行中", "Running" } },
	{ "done", { "完成", "Done" } },
	{ "failed", { "失败", "Failed" } },
	{ "cancelled", { "已取消", "Cancelled" } },
	{ 0 },
};

static const struct choice import_states[] = {
	{ "uploaded", { "已上传", "Uploaded" } },
	{ "mapped", { "已对应", "Mapped" } },
	{ "checking", { "检查中", "Being checked" } },
	{ "checked", { "已检查", "Checked" } },
	{ "running", { "导入中", "Running" } },
	{ "done", { "完成", "Done" } },
	{ "failed", { "失败", "Failed" } },
	{ "cancelled", { "已取消", "Cancelled" } },
	{ 0 },
};

static const struct field import_fields[] = {
	{ "resource", .type = FT_STR, .flags = F_REQUIRED | RO | F_COLUMN, .label = { "对象", "Of what" } },
	{ "file_name", .type = FT_STR, .flags = F_REQUIRED | RO | F_COLUMN, .label = { "文件", "File" } },
	{ "file_size", .type = FT_INT, .flags = F_REQUIRED | RO, .label = { "文件大小", "Size" } },
	{ "state", .type = FT_ENUM, .flags = F_REQUIRED | RO | F_COLUMN, .column = "phase", .choices = import_states, .label = { "状态", "State" } },
	{ "plan", .type = FT_JSON, .flags = RO, .label = { "对应关系", "Mapping" } },
	{ "counts", .type = FT_JSON, .flags = RO, .label = { "计数", "Counts" } },
	{ "total", .type = FT_INT, .flags = RO | F_COLUMN, .label = { "行数", "Rows" } },
	{ "message", .type = FT_STR, .flags = RO, .label = { "失败原因", "Why it failed" } },
	{ "job", .type = FT_REF, .flags = RO, .ref = "job", .label = { "任务", "Job" } },
	{ "owner", .type = FT_REF, .flags = F_REQUIRED | RO | F_COLUMN | F_OPEN_NAME, .ref = "user", .label = { "发起人", "Started by" } },
};

static const struct field job_fields[] = {
	{ "kind", .type = FT_ENUM, .flags = F_REQUIRED | RO | F_COLUMN, .choices = job_kinds_shown, .label = { "类型", "Kind" } },
	{ "resource", .type = FT_STR, .flags = RO, .label = { "对象", "Of what" } },
	{ "label", .type = FT_STR, .flags = RO | F_COLUMN, .label = { "内容", "Content" } },
	{ "state", .type = FT_ENUM, .flags = F_REQUIRED | RO | F_COLUMN, .column = "phase", .choices = job_states, .def = "\"queued\"", .label = { "状态", "State" } },
	{ "done", .type = FT_INT, .flags = F_REQUIRED | RO | F_COLUMN, .label = { "已处理", "Done" } },
	{ "total", .type = FT_INT, .flags = RO | F_COLUMN, .label = { "总数", "Of" } },
	{ "counts", .type = FT_JSON, .flags = RO, .label = { "计数", "Counts" } },
	{ "message", .type = FT_STR, .flags = RO, .label = { "失败原因", "Why it failed" } },
	{ "file_name", .type = FT_STR, .flags = RO, .label = { "文件名", "File" } },
	{ "file_size", .type = FT_INT, .flags = RO, .label = { "文件大小", "Size of the file" },
		.help = { "空：没有文件，或已清除", "Empty: no file, or removed by now" } },
	{ "owner", .type = FT_REF, .flags = F_REQUIRED | RO | F_COLUMN | F_OPEN_NAME, .ref = "user", .label = { "发起人", "Started by" } },
	{ "started", .type = FT_TIME, .flags = RO | F_COLUMN, .label = { "开始时间", "Started" } },
	{ "ended", .type = FT_TIME, .flags = RO | F_COLUMN, .label = { "结束时间", "Ended" } },
};
static const struct transition job_moves[] = {
	{ "cancel", "queued running", "cancelled", .label = { "取消", "Cancel" }, .elsewhere = true },
	{ 0 },
};
/* clang-format on */

static const struct scope job_scope = { "u.id", "u.team", "u.site", "app_user u WHERE u.id = @.owner" };

const struct resource job_resource = {
	.name = "job",
	.plural = "jobs",
	.table = "job",
	.area = "system",
	.label = { "任务", "Job" },
	.labels = { "任务", "Jobs" },
	.title = "label",
	.sort = "-created",
	.fields = job_fields,
	.n_fields = ARRAY_LEN(job_fields),
	.state = "state",
	.moves = job_moves,
	.can = RES_EXPORT,
	.scope = &job_scope,
};

const struct resource import_resource = {
	.name = "import",
	.plural = "imports",
	.table = "import",
	.area = "system",
	.label = { "导入", "Import" },
	.labels = { "导入", "Imports" },
	.title = "file_name",
	.sort = "-created",
	.fields = import_fields,
	.n_fields = ARRAY_LEN(import_fields),
	.can = RES_EXPORT,
	.scope = &job_scope,
};
