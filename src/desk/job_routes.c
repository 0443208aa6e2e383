/* What can be done with a job beside reading it: end it early, and fetch the file that it has made. */
#include "base/mem.h"
#include "desk/jobs.h"
#include "desk/routes.h"
#include "desk/signin.h"
#include "model/areas.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_job(struct request *r, json_t **ret_job)
{
	return model_get(r->db, &job_resource, &r->actor, request_id(r, 1), ret_job);
}

int reply_job(struct request *r, int64_t id, int status)
{
	json_t *job = NULL;
	int err = model_get(r->db, &job_resource, &r->actor, id, &job);
	if (err)
		return err;
	http_set(r->http, "Location", "/api/v1/jobs/%" PRId64, id);
	return reply_json(r, status, job);
}

int job_cancel(struct request *r)
{
	json_t *job = NULL;
	bool has = false;
	int err = read_job(r, &job);
	json_decref(job);
	if (!err)
		err = scope_has(
			r->db, &r->actor, &job_resource, right_named("job.cancel"), request_id(r, 1), &has);
	if (err || !has)
		return err ? err : -E_FORBIDDEN;
	err = jobs_cancel(r->desk, request_id(r, 1));
	if (err == -E_STATE)
		return request_refuse(r, 409, "ended", "the job has ended already");
	if (!err)
		err = read_job(r, &job);
	return err ? err : reply_json(r, 200, job);
}

static const char *type_of(const char *file)
{
	const char *dot = strrchr(file, '.');
	if (dot && strcmp(dot, ".xlsx") == 0)
		return SHEET_XLSX_MIME;
	return dot && strcmp(dot, ".csv") == 0 ? "text/csv; charset=utf-8" : "application/octet-stream";
}

int reply_file(struct request *r, const char *path, const char *file_name)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -E_NOT_FOUND;
	if (fstat(fd, &st)) {
		close(fd);
		return -E_IO;
	}
	request_attachment(r, file_name);
	http_reply_content(r->http,
		&(struct http_content){ .type = type_of(file_name),
			.cache = "private, no-store",
			.fd = fd,
			.size = (uint64_t)st.st_size });
	return 0;
}

/* What a job has made is its owner's alone, who may read more than somebody else who reads the job; a program
 * gets what its own key has made; and what he may not take away any more stays here. */
static int need_own(const struct request *r, const json_t *job, int64_t key)
{
	const struct resource *res = catalogue_of_name(r->actor.catalogue, js_str(job, "resource", ""));
	bool is_export = strcmp(js_str(job, "kind", ""), "export") == 0;
	if (js_id(job, "owner") != r->actor.user || (signin_key(r) && signin_key(r) != key))
		return -E_FORBIDDEN;
	return is_export && res && !export_may(&r->actor, res) ? -E_FORBIDDEN : 0;
}

static int read_job_key(struct request *r, int64_t id, int64_t *ret_key)
{
	struct rows *rows;
	json_t *params = NULL;
	int err = db_query(r->db, "SELECT params FROM job WHERE id = $1", ARGS(V_INT(id)), &rows);
	*ret_key = 0;
	if (err)
		return err;
	if (rows_next(rows) && js_parse(rows_str(rows, 0), rows_str(rows, 0).n, &params, NULL) == 0)
		*ret_key = js_id(params, JOB_KEY);
	json_decref(params);
	return rows_end(rows);
}

int job_result(struct request *r)
{
	json_t *job = NULL;
	struct rows *rows;
	int64_t key = 0;
	CLEANUP(mem_freep) char *path = NULL;
	CLEANUP(mem_freep) char *name = NULL;
	int err = read_job(r, &job);
	if (!err)
		err = read_job_key(r, request_id(r, 1), &key);
	if (!err)
		err = need_own(r, job, key);
	json_decref(job);
	if (err)
		return err;
	err = db_query(r->db, "SELECT file, file_name FROM job WHERE id = $1 AND file IS NOT NULL",
		ARGS(V_INT(request_id(r, 1))), &rows);
	if (err)
		return err;
	if (rows_next(rows)) {
		path = mem_printf("%s/" STR_FMT, r->desk->options->data_dir, STR_ARG(rows_str(rows, 0)));
		name = str_dup(rows_str(rows, 1));
	}
	err = rows_end(rows);
	if (err)
		return err;
	return path ? reply_file(r, path, name) : -E_NOT_FOUND;
}
