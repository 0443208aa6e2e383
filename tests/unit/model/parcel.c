/* A resource as somebody would add it: this file is all that it takes (test_parcel.c, which counts its
 * lines). */
#include "model_fix.h"

#include "base/mem.h"

/* clang-format off */
static const struct choice stages[] = { { "packed", { "已打包", "Packed" } }, { "sent", { "已发出", "Sent" } }, { 0 } };
static const struct transition moves[] = { { "send", "packed", "sent", .label = { "发出", "Send" } }, { 0 } };
static const struct field fields[] = {
	{ "code", .type = FT_STR, .flags = F_REQUIRED | F_UNIQUE | F_COLUMN | F_SEARCH, .min = 2, .max = 20, .label = { "单号", "Code" } },
	{ "weight", .type = FT_NUM, .flags = F_COLUMN, .digits = 1, .min = 1, .max = 300, .label = { "重量", "Weight" } },
	{ "stage", .type = FT_ENUM, .flags = F_REQUIRED | F_READONLY | F_COLUMN, .choices = stages, .def = "\"packed\"", .label = { "状态", "Stage" } },
};
/* clang-format on */

const struct resource parcel_resource = {
	.name = "parcel",
	.plural = "parcels",
	.table = "parcel",
	.area = "service",
	.label = { "包裹", "Parcel" },
	.labels = { "包裹", "Parcels" },
	.title = "code",
	.sort = "code",
	.fields = fields,
	.n_fields = ARRAY_LEN(fields),
	.can = RES_RECORD | RES_IMPORT,
	.state = "stage",
	.moves = moves,
};
