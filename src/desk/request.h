#ifndef LX_DESK_REQUEST_H
#define LX_DESK_REQUEST_H

#include "base/arena.h"
#include "base/js.h"
#include "desk/desk_int.h"
#include "model/model.h"

/* One API request on a worker thread: who asks, what for, and the answer. Everything in it dies with the
 * request. */
#define REQUEST_PARTS_MAX 8
#define REQUEST_PARAMS_MAX 40

struct session {
	int64_t id;
	int64_t expires_ms, seen_ms, generation; /* of rights */
	int64_t shapes;                          /* generation of the catalogue */
	const char *user_name, *full_name, *language;
	const char *agent_number, *agent_name; /* NULL when the user is no agent */
	const char *phone_user, *phone_secret;
	bool by_cookie;
	bool password_due; /* nothing else is served before it is another */
	bool second_factor,
		factor_due; /* whether there is one; whether one of his roles wants it and there is none */
};

struct request {
	struct desk *desk;
	struct http_req *http;
	struct arena *arena;
	struct db *db;   /* a reader, for this request */
	const char *net; /* his address, of IPv6 the /64: whoever has one of those has them all */
	struct actor actor;
	struct rights *rights;       /* of the actor */
	struct catalogue *catalogue; /* his too */
	struct session session;
	const struct route *route;
	const char *parts[REQUEST_PARTS_MAX]; /* of the path after /api/v1 */
	size_t n_parts;
	struct param params[REQUEST_PARAMS_MAX];
	size_t n_params;
	json_t *body; /* NULL when there was none */
	struct faults faults;
	json_t *extra; /* of a refusal: members that go with the problem */
	/* How it was refused, when request_refuse() said more than the error does. */
	int status;
	char code[32];
	char detail[256];
};

/* Replies and returns 0, or returns an error (with request_refuse() or faults): then the caller replies. */
typedef int (*route_fn)(struct request *r);

enum route_flag {
	ROUTE_PUBLIC = 1,  /* without sign-in */
	ROUTE_DUE = 16,    /* also with a password that must be changed, or a second factor that is wanting */
	ROUTE_GUARDED = 2, /* counts against the address */
	ROUTE_BYTES = 4    /* the body is a file and no JSON */
};

struct route {
	enum http_method method;
	const char *path;  /* after /api/v1; {name} matches one part */
	const char *right; /* that it needs; NULL: none but signing in. Collections look at the verb's */
	unsigned flags;
	route_fn fn;
	const char *summary;
	const char *answers; /* as desk/answers.h says; beside them the problem of errors */
	const char *body;    /* the same; NULL: it needs none, or that of its resource */
};

/* Runs a request from the pool; replies exactly once. */
void request_serve(struct desk *desk, struct http_req *http, int err);
/* For http_opts: a request that was refused before it came here. */
void request_refused(void *arg, const struct addr *peer, int status);
/* Before a WebSocket is accepted: finds the session; 0, or -E_UNAUTHORIZED. */
int request_sign_in(struct request *r) MUST_CHECK;

/* Prepare and drop a request by hand (request_serve() does both). */
int request_init(struct request *r, struct desk *desk, struct http_req *http) MUST_CHECK;
void request_done(struct request *r);

int reply_json(struct request *r, int status, json_t *value); /* takes the value; returns 0 */
int reply_none(struct request *r);                            /* 204; returns 0 */
/* The answer is to be saved under that name, which may have characters of any language. */
void request_attachment(struct request *r, const char *file_name);
void reply_problem(struct request *r, int err);
/* Returns an error whose answer has this status, code and text. */
int request_refuse(struct request *r, int status, const char *code, const char *fmt, ...) PRINTF(4, 5);

/* Part of the path as an id, 0 when it is none. */
int64_t request_id(const struct request *r, size_t part);
/* The version that If-Match asks for: 0 for any, one that no record has when it is not understood. */
int64_t request_version(const struct request *r);
/* A parameter of the query, NULL without. */
const char *request_param(const struct request *r, const char *name);
/* Work on the writer thread, before people's. */
int request_write(struct request *r, store_work_fn work, void *arg) MUST_CHECK;
/* A change by this actor, for use inside such work. */
struct change request_change(struct request *r, struct db *db);

#endif
