#ifndef LX_TESTS_ACD_SCRIPT_H
#define LX_TESTS_ACD_SCRIPT_H

#include "base/buf.h"

/* A centre in a few lines: each line of the script is "MS command arguments", each decision and each refusal
 * a line of the answer. Commands are rows of a table in script.c. */
void script_run(const char *script, struct buf *answer);
/* Fails the test unless that is the answer. */
void script_check(const char *name, const char *script, const char *answer);

#endif
