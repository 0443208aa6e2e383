#ifndef LX_NET_HTTP_INT_H
#define LX_NET_HTTP_INT_H

#include "base/obj.h"
#include "net/http_parse.h"

#include <pthread.h>
#include <sys/queue.h>

/* What http.c (server and connections), http_body.c (bodies received), http_req.c (what handlers ask) and
 * http_reply.c (answers) share. */
struct http_conn;

/* How much of a streamed answer is on the way; its writer waits for less. */
struct http_flow {
	pthread_mutex_t lock;
	pthread_cond_t less;
	size_t pending;
};

struct request {
	struct http_req pub;
	struct http_conn *conn; /* NULL when it has gone; loop only */
	struct loop *loop;
	atomic_bool gone; /* the client has left, or says no more */
	atomic_bool dead; /* no connection */
	bool handed;      /* a handler has it */
	char *head;       /* the header's bytes, which all views point into */
	struct http_header *headers;
	struct buf body;
	bool chunked, is_1_0, keep_alive, expects;
	bool in_head; /* within the `head` handler: the body is unread */
	struct http_chunks chunks;
	uint64_t length; /* announced */

	int status;
	struct buf lines; /* headers of the answer */
	struct str keep;  /* body that lives for ever, instead of `out` */
	int file;         /* or a file from file_at on, file_left bytes; -1 without */
	uint64_t file_at, file_left;
	bool sized; /* streamed, and `left` bytes of the announced length are still to come */
	uint64_t left;
	struct http_flow
		flow; /* of a streamed answer; made early, as the connection may end before it begins */
};

enum http_phase { HTTP_HEADER, HTTP_BODY, HTTP_BUSY, HTTP_LAST /* nothing more is read */ };

struct http_conn {
	LIST_ENTRY(http_conn) next;
	struct http_server *server;
	struct stream *stream;
	struct request *req; /* being read or answered */
	enum http_phase phase;
	size_t scanned; /* of the header */
	struct timer timer;
	uint64_t body_mark; /* body bytes at the last look */
	bool reading;       /* within `data` */
	bool detached;      /* its stream was taken: freed as soon as `data` is left */
	int file;           /* rest of an answer, read as the queue empties; -1 without */
	uint64_t file_at, file_left;
	size_t owed;  /* bytes of a streamed answer in the queue */
	bool sending; /* the answer is not yet with the kernel, or nearly */
	bool close_after;
};

struct http_server {
	struct loop *loop;
	struct http_opts opts;
	struct listener *listener;
	LIST_HEAD(, http_conn) conns;
	struct http_stats stats;
	char *server_names, *temp_dir;
	int64_t date_s; /* second of `date` */
	char date[40];
};

struct request *http_request_new(struct loop *loop);
void http_request_free(struct request *r);

/* Takes body bytes: 0, or the status to refuse it with. */
int http_body_add(struct request *r, struct str part, const char *temp_dir);
int http_body_end(struct request *r);

/* Answers outside any handler, then closes. */
void http_refuse(struct http_conn *conn, int status);
/* What waits has gone to the kernel. */
void http_conn_drained(struct http_conn *conn);
/* Fewer bytes of a streamed answer are on the way; wakes its writer. */
void http_flow_release(struct request *r, size_t n);
/* An answer has gone out whole: on to the next request, or the end. */
void http_conn_next(struct http_conn *conn);

/* For ws_accept(): the stream of the request with its reference; NULL when the client has gone. The request
 * lives until http_request_free(). */
struct stream *http_take_stream(struct http_req *req);

#endif
