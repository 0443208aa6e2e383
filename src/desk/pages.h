#ifndef LX_DESK_PAGES_H
#define LX_DESK_PAGES_H

#include "desk/desk_int.h"

/* Answers everything outside /api and /metrics with the browser's files: a name without a dot is a page of
 * the application, whose router takes it from there. On the loop. */
void pages_serve(struct desk *desk, struct http_req *req);

#endif
