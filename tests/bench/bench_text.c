/* What a customer costs in words: tokens and sort key of a name, and reading a telephone number. Prints
 * values a second of one core, the time of the first number (libphonenumber loads its tables) and the memory
 * it keeps. */
#include "base/clock.h"
#include "base/mem.h"
#include "text/phone.h"
#include "text/pinyin.h"
#include "text/tokens.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 200000

static const char *const names[] = { "张三", "欧阳娜娜", "单田芳", "José García",
	"北京首都国际机场股份有限公司" };

static void say(const char *bench, const char *unit, int64_t value)
{
	printf("{\"bench\": \"%s\", \"unit\": \"%s\", \"value\": %" PRId64 "}\n", bench, unit, value);
}

static int64_t per_second(int64_t began_us)
{
	return ROUNDS * INT64_C(1000000) / (clock_mono_us() - began_us + 1);
}

static int64_t private_kb(void)
{
	FILE *f = fopen("/proc/self/smaps_rollup", "r");
	char line[256];
	int64_t kb = 0;
	while (f && fgets(line, sizeof(line), f)) {
		uint64_t n = 0;
		struct str rest = str_from(line), head = str_cut(&rest, ':');
		rest = str_trim(rest);
		if (str_starts(head, STR("Private_")) && str_to_u64(str_cut(&rest, ' '), INT64_MAX, &n) == 0)
			kb += (int64_t)n;
	}
	if (f)
		fclose(f);
	return kb;
}

static void numbers(void)
{
	char text[32];
	struct phone phone;
	int64_t kb = private_kb(), began = clock_mono_us();
	if (phone_parse(STR("(010) 8888-6666 转 801"), &phone, NULL))
		exit(1);
	say("phone_first", "us", clock_mono_us() - began);
	say("phone_memory", "kB", private_kb() - kb);
	began = clock_mono_us();
	for (int i = 0; i < ROUNDS; i++) {
		snprintf(text, sizeof(text), "138 %04d %04d", i % 10000, i / 10000);
		if (phone_parse(str_from(text), &phone, NULL))
			exit(1);
	}
	say("phone_parse", "per second", per_second(began));
}

int main(void)
{
	struct buf b;
	buf_init(&b, 1 << 16);
	int64_t began = clock_mono_us();
	for (int i = 0; i < ROUNDS; i++) {
		buf_reset(&b);
		tokens_add(&b, str_from(names[i % 5]));
		tokens_add(&b, STR("+8613800138000"));
	}
	say("tokens", "per second", per_second(began));
	began = clock_mono_us();
	for (int i = 0; i < ROUNDS; i++) {
		buf_reset(&b);
		pinyin_sort_key(&b, str_from(names[i % 5]));
	}
	say("sort_key", "per second", per_second(began));
	buf_done(&b);
	numbers();
	return 0;
}
