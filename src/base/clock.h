#ifndef LX_BASE_CLOCK_H
#define LX_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Wall time is for people, monotonic time for every duration. Names carry the unit. */
#define CLOCK_MS_US INT64_C(1000)
#define CLOCK_S_US INT64_C(1000000)

int64_t clock_mono_us(void); /* CLOCK_MONOTONIC */
int64_t clock_wall_ms(void); /* Unix time */
int64_t clock_cpu_us(void);  /* CPU time of the calling thread */

/* RFC 3339 in UTC with milliseconds, "2026-11-21T22:40:11.123Z"; dst of 25 bytes or more. */
void clock_format_utc(int64_t wall_ms, char *dst, size_t size);

#endif
