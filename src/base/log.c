/* Log lines. One write(2) per line, so lines of several threads and of both processes never mix. */
#include "base/log.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static const char *const sub_names[] = {
#define X(code, name) [LOG_##code] = name,
	LOG_SUB_MAP(X)
#undef X
};

static const char *const level_names[] = { "error", "warn", "info", "debug", "trace" };

static atomic_int levels[LOG_SUB__MAX] = {
#define X(code, name) [LOG_##code] = LOG_INFO,
	LOG_SUB_MAP(X)
#undef X
};
static char process_name[16] = "lingxi";

bool log_enabled(enum log_sub sub, enum log_level level)
{
	return (int)level <= atomic_load_explicit(&levels[sub], memory_order_relaxed);
}

void log_set_level(enum log_sub sub, enum log_level level)
{
	atomic_store_explicit(&levels[sub], (int)level, memory_order_relaxed);
}

void log_set_process(const char *name)
{
	snprintf(process_name, sizeof(process_name), "%s", name);
}

static int index_of(struct str word, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqz(word, names[i]))
			return (int)i;
	return -E_NOT_FOUND;
}

/* `level` for every subsystem or `subsystem=level`. */
static int set_one(struct str item, int *wanted)
{
	struct str level = item;
	struct str sub = str_find(item, '=') < item.n ? str_cut(&level, '=') : STR_NONE;
	int l = index_of(level, level_names, ARRAY_LEN(level_names));
	int s = sub.p ? index_of(sub, sub_names, ARRAY_LEN(sub_names)) : 0;
	if (l < 0 || s < 0)
		return -E_SYNTAX;
	for (int i = s; i < (sub.p ? s + 1 : LOG_SUB__MAX); i++)
		wanted[i] = l;
	return 0;
}

int log_set_levels(const char *text)
{
	int wanted[LOG_SUB__MAX];
	struct str rest = str_from(text);
	for (int i = 0; i < LOG_SUB__MAX; i++)
		wanted[i] = atomic_load(&levels[i]);
	while (rest.n)
		if (set_one(str_cut(&rest, ','), wanted))
			return -E_SYNTAX;
	for (int i = 0; i < LOG_SUB__MAX; i++)
		atomic_store(&levels[i], wanted[i]);
	return 0;
}

void log_write(enum log_sub sub, enum log_level level, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	char when[40];
	va_list args;
	clock_format_utc(clock_wall_ms(), when, sizeof(when));
	int n = snprintf(
		line, sizeof(line), "%s %-5s %s/%s ", when, level_names[level], process_name, sub_names[sub]);
	size_t used = (size_t)n;
	va_start(args, fmt);
	n = vsnprintf(line + used, sizeof(line) - used - 1, fmt, args);
	va_end(args);
	used += n < 0 ? 0 : (size_t)n;
	if (used > sizeof(line) - 2)
		used = sizeof(line) - 2;
	line[used++] = '\n';
	if (write(STDERR_FILENO, line, used) < 0)
		return; /* nowhere left to complain to */
}

const char *log_quote(const char *p, size_t n)
{
	static _Thread_local char scratch[8][256];
	static _Thread_local unsigned turn;
	char *out = scratch[turn++ % 8];
	size_t at = 0;
	out[at++] = '"';
	for (size_t i = 0; i < n && at < sizeof(scratch[0]) - 6; i++) {
		unsigned char c = (unsigned char)p[i];
		if (c == '"' || c == '\\') {
			out[at++] = '\\';
			out[at++] = (char)c;
		} else if (c < 0x20 || c == 0x7f) {
			at += (size_t)snprintf(out + at, 5, "\\x%02x", c);
		} else {
			out[at++] = (char)c;
		}
	}
	out[at++] = '"';
	out[at] = '\0';
	return out;
}
