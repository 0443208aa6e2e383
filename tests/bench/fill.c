/* Customers for the benchmarks, as many as wanted and always the same: `fill ROWS TABLE [OWNER/TEAM…]` prints
 * the rows of one table as PostgreSQL's COPY takes them, with the columns that the program would write.
 * Surnames, ranks and tags are as skewed as they are among people. */
#include "base/js.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/search.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ID 1000000
#define FIRST_MS INT64_C(1690000000000)
#define SPAN_MS INT64_C(94000000000) /* three years */
#define ARENA_MAX_BYTES ((size_t)1 << 20)
#define TAGS_MAX 2

static const char *const surnames[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐",
	"孙", "马", "朱", "胡", "郭", "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯",
	"邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "于", "蒋", "蔡", "余", "杜", "叶", "程", "苏",
	"魏", "吕", "丁", "任", "沈", "欧阳", "单" };
static const char *const given[] = { "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳",
	"杰", "娟", "涛", "明", "超", "秀", "霞", "平", "刚", "桂", "英", "华", "玉", "萍", "红", "梅", "建",
	"国", "文", "志", "海", "波", "宁", "晓", "春", "雪", "飞", "鹏", "林", "辉", "燕", "玲", "慧", "佳",
	"欣", "怡", "俊", "宇", "三", "四" };
static const char *const ranks[] = { "normal", "normal", "normal", "normal", "normal", "normal", "normal",
	"silver", "gold", "platinum" };
static const char *const tags[] = { "VIP", "回访", "投诉", "企业", "老客户", "里程", "升舱", "团队", "敏感",
	"退款", "英语", "轮椅" };

static uint64_t seed = 7;

static uint64_t roll(uint64_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % below;
}

/* The first of n are the most frequent. */
static size_t skewed(size_t n)
{
	return roll(n) * roll(n) / n;
}

static json_t *somebody(void)
{
	const char *second = roll(4) ? given[roll(ARRAY_LEN(given))] : "";
	json_t *one = json_pack("{s:s++, s:s, s:s, s:[{s:o}], s:[]}", "name",
		surnames[skewed(ARRAY_LEN(surnames))], given[roll(ARRAY_LEN(given))], second, "tier",
		ranks[roll(ARRAY_LEN(ranks))], "kind", roll(20) < 3 ? "prospect" : "customer", "numbers",
		"number", json_sprintf("+861%d%08d", 30 + (int)roll(69), (int)roll(100000000)), "tags");
	size_t n = roll(5) ? 0 : roll(6) ? 1 : TAGS_MAX, first = skewed(ARRAY_LEN(tags));
	for (size_t i = 0; i < n; i++)
		json_array_append_new(json_object_get(one, "tags"),
			json_pack("{s:s}", "tag", tags[(first + i) % ARRAY_LEN(tags)]));
	return one;
}

static const char *text_of(const json_t *record, const char *name)
{
	return json_string_value(json_object_get(record, name));
}

/* "12/3" of the arguments for two in three, so that there are customers of nobody too. */
static void print_owner(char *const *owners, size_t n)
{
	const char *owner = n && roll(3) ? owners[roll(n)] : NULL;
	const char *slash = owner ? strchr(owner, '/') : NULL;
	if (slash)
		printf("\t%.*s\t%s\n", (int)(slash - owner), owner, slash + 1);
	else
		puts("\t\\N\t\\N");
}

static void print_customer(struct arena *arena, int64_t id, const json_t *record)
{
	struct derived derived;
	int64_t created = FIRST_MS + (int64_t)roll(SPAN_MS);
	derived_make(arena, &customer_resource, record, &derived);
	printf("%" PRId64 "\t1\t%" PRId64 "\t%" PRId64 "\t%s\t%s\t%s\tzh-CN\t" STR_FMT "\t" STR_FMT, id,
		created, created, text_of(record, "name"), text_of(record, "kind"), text_of(record, "tier"),
		STR_ARG(derived.list[0].text), STR_ARG(derived.list[1].text));
	arena_reset(arena);
}

static void print_elements(int64_t id, const json_t *list, const char *name, const char *more)
{
	size_t i;
	json_t *item;
	json_array_foreach (list, i, item)
		printf("%" PRId64 "\t%" PRId64 "\t%zu\t%s%s\n", id * TAGS_MAX + (int64_t)i, id, i,
			text_of(item, name), more);
}

int main(int n_words, char **words)
{
	int64_t rows = n_words > 2 ? strtoll(words[1], NULL, 10) : 0;
	const char *table = rows ? words[2] : "";
	struct arena *arena = arena_new(ARENA_MAX_BYTES);
	for (int64_t id = FIRST_ID; id < FIRST_ID + rows; id++) {
		seed = (uint64_t)id * UINT64_C(2654435761); /* alike for every table */
		json_t *record = somebody();
		if (strcmp(table, "customer") == 0) {
			print_customer(arena, id, record);
			print_owner(words + 3, (size_t)n_words - 3);
		} else if (strcmp(table, "customer_number") == 0) {
			print_elements(id, json_object_get(record, "numbers"), "number", "\tmobile\t0");
		} else {
			print_elements(id, json_object_get(record, "tags"), "tag", "");
		}
		json_decref(record);
	}
	arena_free(arena);
	return rows ? 0 : 1;
}
