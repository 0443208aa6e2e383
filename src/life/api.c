/* One request of a user is under way at a time; the others wait in order. libcurl runs on a worker, with a
 * handle and a token that only the request under way touches. */
#include "life/api.h"

#include "base/buf.h"
#include "base/mem.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define ANSWER_MAX ((size_t)1 << 20)
#define TIMEOUT_S 10L

struct request {
	STAILQ_ENTRY(request) next;
	char *method, *path, *body;
	api_fn fn;
	void *arg;
};

struct api_user {
	struct loop *loop;
	char *base, *name, *password, *token;
	char *ca_path; /* NULL: the desk is on loopback, whatever certificate it was given */
	CURL *curl;
	uv_work_t work;
	bool busy, closing;
	STAILQ_HEAD(, request) queue;
	int status; /* of the request under way */
	struct buf answer;
};

struct api_user *api_user_new(
	struct loop *loop, const struct life_options *where, const char *name, const char *password)
{
	struct api_user *u = mem_alloc(sizeof(*u));
	u->loop = loop;
	u->base = mem_printf("%s://%s/api/v1", where->tls ? "https" : "http", where->http);
	u->ca_path = where->ca_path ? mem_strdup(where->ca_path) : NULL;
	u->name = mem_strdup(name);
	u->password = mem_strdup(password);
	u->curl = curl_easy_init();
	u->work.data = u;
	STAILQ_INIT(&u->queue);
	buf_init(&u->answer, ANSWER_MAX);
	return u;
}

static void drop_first(struct api_user *u)
{
	struct request *r = STAILQ_FIRST(&u->queue);
	STAILQ_REMOVE_HEAD(&u->queue, next);
	free(r->method);
	free(r->path);
	free(r->body);
	free(r);
}

void *api_user_free(struct api_user *u)
{
	if (!u)
		return NULL;
	u->closing = true;
	while (u->busy)
		loop_run_once(u->loop);
	while (!STAILQ_EMPTY(&u->queue))
		drop_first(u);
	curl_easy_cleanup(u->curl);
	buf_done(&u->answer);
	free(u->base);
	free(u->ca_path);
	free(u->name);
	free(u->password);
	free(u->token);
	free(u);
	return NULL;
}

static size_t take_bytes(char *bytes, size_t size, size_t n, void *arg)
{
	struct buf *out = arg;
	buf_add(out, bytes, size * n);
	return out->err ? 0 : size * n;
}

static int exchange(struct api_user *u, const char *method, const char *path, const char *body)
{
	char *url = mem_printf("%s%s", u->base, path);
	char *bearer = u->token ? mem_printf("Authorization: Bearer %s", u->token) : NULL;
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	long status = 0;
	if (bearer)
		headers = curl_slist_append(headers, bearer);
	buf_reset(&u->answer);
	curl_easy_reset(u->curl);
	curl_easy_setopt(u->curl, CURLOPT_URL, url);
	curl_easy_setopt(u->curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(u->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(u->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(u->curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(u->curl, CURLOPT_TIMEOUT, TIMEOUT_S);
	if (u->ca_path)
		curl_easy_setopt(u->curl, CURLOPT_CAINFO, u->ca_path);
	curl_easy_setopt(u->curl, CURLOPT_SSL_VERIFYPEER, u->ca_path ? 1L : 0L);
	curl_easy_setopt(u->curl, CURLOPT_SSL_VERIFYHOST, u->ca_path ? 2L : 0L);
	curl_easy_setopt(u->curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(u->curl, CURLOPT_WRITEDATA, &u->answer);
	if (body)
		curl_easy_setopt(u->curl, CURLOPT_POSTFIELDS, body);
	if (curl_easy_perform(u->curl) == CURLE_OK)
		curl_easy_getinfo(u->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	free(bearer);
	free(url);
	return (int)status;
}

static bool sign_in(struct api_user *u)
{
	json_t *json = json_pack("{s:s, s:s}", "username", u->name, "password", u->password);
	char *body = js_print(json);
	json_t *answer = NULL;
	free(u->token);
	u->token = NULL;
	u->status = exchange(u, "POST", "/session", body);
	free(body);
	json_decref(json);
	if (u->status != 200 || js_parse(buf_str(&u->answer), ANSWER_MAX, &answer, NULL) != 0)
		return false;
	u->token = mem_strdup(js_str(answer, "token", NULL));
	json_decref(answer);
	return u->token != NULL;
}

static void work(uv_work_t *handle)
{
	struct api_user *u = handle->data;
	const struct request *r = STAILQ_FIRST(&u->queue);
	if (!u->token && !sign_in(u))
		return;
	u->status = exchange(u, r->method, r->path, r->body);
	if (u->status == 401 && sign_in(u))
		u->status = exchange(u, r->method, r->path, r->body);
}

static void start_next(struct api_user *u);

static void done(uv_work_t *handle, int status)
{
	struct api_user *u = handle->data;
	const struct request *r = STAILQ_FIRST(&u->queue);
	api_fn fn = r->fn;
	void *arg = r->arg;
	CLEANUP(js_unrefp) json_t *answer = NULL;
	(void)status;
	if (js_parse(buf_str(&u->answer), ANSWER_MAX, &answer, NULL) != 0)
		answer = NULL;
	drop_first(u);
	u->busy = false;
	if (u->closing)
		return;
	if (fn)
		fn(arg, u->status, answer);
	start_next(u);
}

static void start_next(struct api_user *u)
{
	if (!u->busy && !STAILQ_EMPTY(&u->queue))
		u->busy = uv_queue_work(loop_uv(u->loop), &u->work, work, done) == 0;
}

void api_ask(struct api_user *u, const char *method, const char *path, json_t *body, api_fn fn, void *arg)
{
	struct request *r = mem_alloc(sizeof(*r));
	r->method = mem_strdup(method);
	r->path = mem_strdup(path);
	r->body = body ? js_print(body) : NULL;
	r->fn = fn;
	r->arg = arg;
	json_decref(body);
	STAILQ_INSERT_TAIL(&u->queue, r, next);
	start_next(u);
}

bool api_is_busy(const struct api_user *u)
{
	return u->busy;
}
