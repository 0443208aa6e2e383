#ifndef LX_DESK_FILES_H
#define LX_DESK_FILES_H

#include "desk/request.h"

/* Files that people upload for fields of records. */

/* Called with the header of a request: an upload may be longer than other bodies and goes to disk. */
void files_admit(struct http_req *http);

int file_create(struct request *r);
int file_read(struct request *r);

/* Removes what no record has had for a day. On a worker. */
void files_sweep(struct desk *desk);

#endif
