/* The clocks of the machine. Code that must be testable takes the time as an argument instead of calling
 * these. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_us(clockid_t id)
{
	struct timespec ts;
	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * CLOCK_S_US + ts.tv_nsec / 1000;
}

int64_t clock_mono_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t clock_wall_ms(void)
{
	return read_us(CLOCK_REALTIME) / 1000;
}

int64_t clock_cpu_us(void)
{
	return read_us(CLOCK_THREAD_CPUTIME_ID);
}

void clock_format_utc(int64_t wall_ms, char *dst, size_t size)
{
	int64_t ms = wall_ms % 1000;
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;
	if (ms < 0) {
		ms += 1000;
		seconds--;
	}
	if (!gmtime_r(&seconds, &tm)) {
		snprintf(dst, size, "?");
		return;
	}
	size_t n = strftime(dst, size, "%Y-%m-%dT%H:%M:%S", &tm);
	if (n)
		snprintf(dst + n, size - n, ".%03dZ", (int)ms);
}
