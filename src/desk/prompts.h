#ifndef LX_DESK_PROMPTS_H
#define LX_DESK_PROMPTS_H

#include "desk/desk_int.h"

/* Makes the missing sound files of all prompts that have a text, on long_pool. A text that begins with "♪" is
 * a tune (voice.h), any other is spoken. */
void prompts_make(struct desk *desk);
/* The text of a prompt has changed: its file is made anew. */
int prompts_remake(struct desk *desk, int64_t id) MUST_CHECK;

#endif
