#ifndef LX_DESK_ABOUT_H
#define LX_DESK_ABOUT_H

#include "desk/request.h"

/* URL of SIP over WebSocket for a browser that found this page under the Host of the request; the caller
 * frees. */
char *about_edge_url(const struct request *r);

#endif
