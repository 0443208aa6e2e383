#ifndef LX_TEXT_ALIKE_H
#define LX_TEXT_ALIKE_H

#include "base/buf.h"

#include <stdbool.h>

/* How a name is read, in one word of small letters: 张三 and Zhang San both give "zhangsan". */
void name_sound(struct buf *out, struct str name);

/* Whether two names may be one person's: they sound the same (李丽, 李莉), or nearly so when they are long
 * (Jon Smith, John Smith). */
bool names_are_alike(struct str a, struct str b);

#endif
