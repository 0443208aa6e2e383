#ifndef LX_DESK_ABOUT_H
#define LX_DESK_ABOUT_H

#include "desk/request.h"

/* Where the local authority's certificate can be had by anybody: he cannot sign in before he trusts it. */
#define ABOUT_AUTHORITY "/ca.crt"
void authority_serve(struct desk *desk, struct http_req *req); /* on the loop; answers the request */

/* URL of SIP over WebSocket for a browser that found this page under the Host of the request; the caller
 * frees. */
char *about_edge_url(const struct request *r);

#endif
