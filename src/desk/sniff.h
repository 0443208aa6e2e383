#ifndef LX_DESK_SNIFF_H
#define LX_DESK_SNIFF_H

#include "base/str.h"

/* The type of a file by its first bytes, whatever its name says. What a browser might run (HTML, SVG,
 * scripts) is text/plain. */
const char *sniff_type(struct str head);

#endif
