/* Lists and searches over a million customers, on SQLite or, when $LX_DB names one, on PostgreSQL. Fills the
 * database by plain statements with the columns that the program writes, then prints the median of each kind
 * of list as the API asks for it (without HTTP), in milliseconds, and how many of them one client gets in a
 * second. $ROWS takes fewer. */
#include "base/clock.h"
#include "base/js.h"
#include "base/mem.h"
#include "model/areas.h"
#include "model/search.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROWS 1000000
#define PIECE 2000
#define ROUNDS 25
#define FIRST_ID 1000000

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

struct filling {
	int64_t next, rows;
	uint64_t seed;
};

static uint64_t roll(struct filling *f, uint64_t below)
{
	f->seed = f->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (f->seed >> 33) % below;
}

static void must(int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "bench_customers: %s: %s\n", what, err_name(err));
	exit(1);
}

static json_t *somebody(struct filling *f)
{
	const char *second = roll(f, 4) ? given[roll(f, ARRAY_LEN(given))] : "";
	size_t surname = roll(f, ARRAY_LEN(surnames)) * roll(f, ARRAY_LEN(surnames)) / ARRAY_LEN(surnames);
	return json_pack("{s:s++, s:s, s:[{s:o}]}", "name", surnames[surname],
		given[roll(f, ARRAY_LEN(given))], second, "tier", ranks[roll(f, ARRAY_LEN(ranks))], "numbers",
		"number", json_sprintf("+861%d%08d", 30 + (int)roll(f, 69), (int)roll(f, 100000000)));
}

static int add(struct db *db, struct arena *arena, int64_t id, const json_t *record)
{
	struct derived derived;
	const json_t *number =
		json_object_get(json_array_get(json_object_get(record, "numbers"), 0), "number");
	derived_make(arena, &customer_resource, record, &derived);
	int err = db_run(db,
		"INSERT INTO customer (id, version, created, updated, name, tier, language, search, name_key)"
		" VALUES ($1, 1, $2, $2, $3, $4, 'zh-CN', $5, $6)",
		ARGS(V_INT(id), V_INT(INT64_C(1790000000000) + id),
			V_Z(json_string_value(json_object_get(record, "name"))),
			V_Z(json_string_value(json_object_get(record, "tier"))), V_STR(derived.list[0].text),
			V_STR(derived.list[1].text)));
	return err
		? err
		: db_run(db,
			  "INSERT INTO customer_number (id, parent, position, number) VALUES ($1, $1, 0, $2)",
			  ARGS(V_INT(id), V_Z(json_string_value(number))));
}

static int fill_piece(struct db *db, void *arg)
{
	struct filling *f = arg;
	struct arena *arena = arena_new(16 << 20);
	int err = 0;
	for (int i = 0; i < PIECE && f->next < f->rows && !err; i++, f->next++) {
		json_t *record = somebody(f);
		err = add(db, arena, FIRST_ID + f->next, record);
		json_decref(record);
	}
	arena_free(arena);
	return err;
}

/* The index is made at the end, in one go, as an operator would who moves in with a million customers. */
static int before(struct db *db, void *arg)
{
	(void)arg;
	if (strcmp(db_kind_name(db), "sqlite") != 0)
		return db_run(db, "DROP INDEX customer_search", NO_ARGS);
	return db_run(db, "DROP TRIGGER customer_search_insert", NO_ARGS);
}

static int after(struct db *db, void *arg)
{
	(void)arg;
	int err = strcmp(db_kind_name(db), "sqlite") == 0
		? db_run(db, "INSERT INTO customer_search (customer_search) VALUES ('rebuild')", NO_ARGS)
		: db_run(db, "CREATE INDEX customer_search ON customer USING gin (words)", NO_ARGS);
	return err ? err : db_run(db, "ANALYZE", NO_ARGS);
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static const struct actor admin = { .user = 1, .name = "admin", .address = "", .rights = rights_all };

static const struct {
	const char *name;
	struct param params[3];
	size_t n;
} lists[] = {
	{ "list_by_name", { { "sort", "name" } }, 1 },
	{ "list_filtered_and_sorted", { { "tier", "gold" }, { "sort", "name" } }, 2 },
	{ "list_newest", { { "sort", "-created" } }, 1 },
	{ "search_han_name", { { "q", "张三" } }, 1 },
	{ "search_pinyin", { { "q", "zhangsan" } }, 1 },
	{ "search_pinyin_by_name", { { "q", "zhangsan" }, { "sort", "name" } }, 2 },
	{ "search_initials", { { "q", "zs" } }, 1 },
	{ "search_surname", { { "q", "zhang" } }, 1 },
	{ "search_surname_by_name", { { "q", "zhang" }, { "sort", "name" } }, 2 },
	{ "search_part_of_number", { { "q", "8001" } }, 1 },
	{ "search_long_part_of_number", { { "q", "1380013" } }, 1 },
	{ "search_one_digit", { { "q", "8" } }, 1 },
	{ "search_two_words", { { "q", "zhang 138" } }, 1 },
	{ "search_filtered", { { "q", "wang" }, { "tier", "gold" } }, 2 },
	{ "search_nothing", { { "q", "qqqq" } }, 1 },
	{ "by_number", { { "numbers.number", "138 0013 8000" } }, 1 },
};

static void measure(struct db *db, const char *kind, size_t which)
{
	struct list_query query = { .params = lists[which].params, .n_params = lists[which].n };
	int64_t took[ROUNDS], total = -1, all = 0;
	for (int i = 0; i < ROUNDS; i++) {
		struct faults faults = { .n = 0 };
		json_t *page = NULL;
		int64_t began = clock_mono_us();
		must(model_list(db, &customer_resource, &admin, &query, &page, &faults), lists[which].name);
		took[i] = clock_mono_us() - began;
		all += took[i];
		total = js_int(page, "total", -1);
		json_decref(page);
	}
	qsort(took, ROUNDS, sizeof(took[0]), compare);
	printf("{\"bench\": \"customers_%s\", \"unit\": \"ms\", \"value\": %.2f, \"worst\": %.2f, "
	       "\"per_second\": %.0f,"
	       " \"found\": %" PRId64 ", \"database\": \"%s\"}\n",
		lists[which].name, (double)took[ROUNDS / 2] / 1000, (double)took[ROUNDS - 1] / 1000,
		ROUNDS * 1e6 / (double)all, total, kind);
	fflush(stdout);
}

int main(void)
{
	const char *url = getenv("LX_DB"), *rows = getenv("ROWS"), *folder = getenv("TMPDIR");
	struct filling f = { .rows = rows ? strtoll(rows, NULL, 10) : ROWS, .seed = 7 };
	CLEANUP(mem_freep)
	char *path = mem_printf("%s/bench_customers.%d.db", folder ? folder : "/tmp", (int)getpid());
	struct store_options options = { .path = url ? url : path, .readers = 1 };
	struct store *store = NULL;
	struct fault fault;
	must(store_open(&options, &store, &fault), "open");
	must(store_write(store, STORE_BATCH, before, NULL), "drop");
	int64_t began = clock_mono_us();
	while (f.next < f.rows)
		must(store_write(store, STORE_BATCH, fill_piece, &f), "fill");
	struct db *db = store_reader(store);
	const char *kind = db_kind_name(db);
	printf("{\"bench\": \"customers_fill\", \"unit\": \"rows per second\", \"value\": %.0f, \"rows\": "
	       "%" PRId64 ", \"database\": \"%s\"}\n",
		(double)f.rows * 1e6 / (double)(clock_mono_us() - began), f.rows, kind);
	fflush(stdout);
	must(store_write(store, STORE_BATCH, after, NULL), "index");
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		measure(db, kind, i);
	store_reader_return(store, db);
	store_close(store);
	if (!url) {
		CLEANUP(mem_freep) char *wal = mem_printf("%s-wal", path);
		CLEANUP(mem_freep) char *shm = mem_printf("%s-shm", path);
		unlink(path);
		unlink(wal);
		unlink(shm);
	}
	return 0;
}
