#ifndef LX_DESK_WATCH_H
#define LX_DESK_WATCH_H

#include "desk/desk_int.h"

/* The request for /api/v1/events: who asks is looked up on a worker, the WebSocket is accepted on the loop.
 * On the loop. */
void watch_serve(struct desk *desk, struct http_req *req);

#endif
