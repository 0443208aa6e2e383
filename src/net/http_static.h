#ifndef LX_NET_HTTP_STATIC_H
#define LX_NET_HTTP_STATIC_H

#include "net/http.h"

/* A folder of files read into memory once: pages, scripts, fonts. `x.gz` beside `x` is sent to those who
 * accept gzip. Names that carry a hash (name-Ab12Cd34.js) are cached for ever, all others are asked for
 * again. */
struct http_static;

/* -E_NOT_FOUND, -E_LIMIT above 256 MB. Links and names that begin with a dot are left out. */
int http_static_new(const char *dir, struct http_static **ret_files) MUST_CHECK;
void *http_static_free(struct http_static *files); /* NULL allowed; returns NULL */

/* Replies to a GET or HEAD with the file `path` ("/index.html", escapes are decoded) and returns 0, or
 * -E_NOT_FOUND without having replied. Any thread; the files must outlive the server. */
int http_static_reply(struct http_static *files, struct http_req *req, struct str path) MUST_CHECK;

#endif
