/* The API as documents, printed from the tables that serve it. */
#include "desk/print.h"

#include "base/mem.h"
#include "desk/answers.h"
#include "desk/desk.h"
#include "desk/routes.h"

#include <stdlib.h>
#include <string.h>

#define API_VERSION "v1"

static json_t *problem_response(void)
{
	return json_pack("{s:s, s:{s:{s:{s:s}}}}", "description", "Refused, as RFC 9457", "content",
		"application/problem+json", "schema", "$ref", "#/components/schemas/problem");
}

/* Parts in braces become parameters. */
static json_t *path_parameters(const char *path)
{
	json_t *list = json_array();
	for (const char *p = strchr(path, '{'); p; p = strchr(p + 1, '{')) {
		size_t n = strcspn(p + 1, "}");
		json_array_append_new(list,
			json_pack("{s:s%, s:s, s:b, s:{s:s}}", "name", p + 1, n, "in", "path", "required", 1,
				"schema", "type", "string"));
	}
	return list;
}

static json_t *route_operation(const struct route *route)
{
	json_t *op = json_pack("{s:s, s:[s], s:{s:{s:s}}}", "summary", route->summary, "tags", "desk",
		"responses", "default", "$ref", "#/components/responses/problem");
	json_t *parameters = path_parameters(route->path);
	if (json_array_size(parameters))
		json_object_set(op, "parameters", parameters);
	json_decref(parameters);
	if (route->flags & ROUTE_PUBLIC)
		json_object_set_new(op, "security", json_array());
	return op;
}

static void lower(char *dst, size_t size, const char *text)
{
	size_t i = 0;
	for (; text[i] && i + 1 < size; i++)
		dst[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
	dst[i] = '\0';
}

static void add_route(json_t *paths, const struct route *route)
{
	char method[16];
	CLEANUP(mem_freep) char *path = mem_printf("/api/" API_VERSION "/%s", route->path);
	json_t *item = json_object_get(paths, path);
	if (!item) {
		item = json_object();
		json_object_set_new(paths, path, item);
	}
	lower(method, sizeof(method), http_method_name(route->method));
	if (!json_object_get(item, method))
		json_object_set_new(item, method, route_operation(route));
	if (route->body)
		json_object_set_new(
			json_object_get(item, method), "requestBody", answers_request_body(route->body));
	json_t *responses = json_object_get(json_object_get(item, method), "responses");
	answers_add_responses(responses, route->answers, route->summary);
}

json_t *print_openapi(const char *version)
{
	json_t *paths = model_openapi_paths(), *schemas = model_openapi_schemas();
	answers_add_schemas(schemas);
	for (size_t i = 0; i < routes_n; i++)
		if (routes[i].summary)
			add_route(paths, &routes[i]);
	return json_pack("{s:s, s:{s:s, s:s}, s:[{s:[]}, {s:[]}], s:o, s:{s:o, s:{s:o}, s:{s:{s:s, s:s}, "
			 "s:{s:s, s:s, s:s}}}}",
		"openapi", "3.1.0", "info", "title", "Lingxi", "version", version, "security", "bearer",
		"cookie", "paths", paths, "components", "schemas", schemas, "responses", "problem",
		problem_response(), "securitySchemes", "bearer", "type", "http", "scheme", "bearer", "cookie",
		"type", "apiKey", "in", "cookie", "name", "lingxi");
}

static void print_routes(struct buf *out)
{
	buf_addz(out,
		"# The API\n\nPrinted by `lingxi print md` from the tables of `src/desk/routes.c` and "
		"`src/model`; not edited"
		" by hand. Forms of requests, lists and errors: `src/desk/README.md`.\n\n## Routes\n\n| "
		"method, path under"
		" `/api/v1` | what | body | answer |\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < routes_n; i++)
		if (routes[i].summary)
			buf_printf(out, "| %s `/%s` | %s | %s | %s |\n", http_method_name(routes[i].method),
				routes[i].path, routes[i].summary, routes[i].body ? routes[i].body : "",
				routes[i].answers);
}

static void print_document(struct buf *out)
{
	json_t *openapi = print_openapi(API_VERSION);
	char *text = json_dumps(openapi, JSON_INDENT(1));
	buf_addz(out, text ? text : "");
	buf_addc(out, '\n');
	free(text);
	json_decref(openapi);
}

static void print_reference(struct buf *out)
{
	print_routes(out);
	answers_print_md(out);
	model_print_md(out);
}

int desk_print(const char *what, struct buf *out)
{
	static const struct {
		const char *word;
		void (*print)(struct buf *out);
	} documents[] = {
		{ "openapi", print_document },
		{ "ts", model_print_ts },
		{ "answers", answers_print_ts },
		{ "md", print_reference },
	};
	for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
		if (strcmp(what, documents[i].word) != 0)
			continue;
		documents[i].print(out);
		return buf_err(out);
	}
	return -E_NOT_FOUND;
}
