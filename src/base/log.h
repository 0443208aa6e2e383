#ifndef LX_BASE_LOG_H
#define LX_BASE_LOG_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Subsystems, each with a level of its own that can be changed at run time. */
#define LOG_SUB_MAP(X)                                                                                       \
	X(BASE, "base")                                                                                      \
	X(NET, "net")                                                                                        \
	X(MEDIA, "media")                                                                                    \
	X(SIP, "sip")                                                                                        \
	X(ACD, "acd")                                                                                        \
	X(IVR, "ivr")                                                                                        \
	X(CALL, "call")                                                                                      \
	X(SWITCH, "switch")                                                                                  \
	X(STORE, "store")                                                                                    \
	X(MODEL, "model")                                                                                    \
	X(DESK, "desk")                                                                                      \
	X(CMD, "cmd")

enum log_sub {
#define X(code, name) LOG_##code,
	LOG_SUB_MAP(X)
#undef X
		LOG_SUB__MAX
};

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_TRACE };

/* One line to standard error: time, level, subsystem, text. `fmt` ends with key=value fields; put what came
 * from a peer in with LOG_Q() so that it is quoted and cannot forge a line. Any thread. Libraries (base …
 * store) log at debug and below; the caller that decides logs once. */
void log_write(enum log_sub sub, enum log_level level, const char *fmt, ...) PRINTF(3, 4);

#define log_(sub, level, ...)                                                                                \
	do {                                                                                                 \
		if (log_enabled((sub), (level)))                                                             \
			log_write((sub), (level), __VA_ARGS__);                                              \
	} while (0)

bool log_enabled(enum log_sub sub, enum log_level level);
void log_set_level(enum log_sub sub, enum log_level level);
/* "info", or "sip=debug,net=warn,info": -E_SYNTAX for an unknown word, nothing changed then. */
int log_set_levels(const char *text) MUST_CHECK;
/* Name of this process in every line ("switch", "desk"). */
void log_set_process(const char *name);

/* Escapes quotes, backslashes and control bytes of a peer's text; uses a rotating per-thread scratch of
 * eight. */
const char *log_quote(const char *p, size_t n);
#define LOG_Q(s) log_quote((s).p, (s).n)

#endif
