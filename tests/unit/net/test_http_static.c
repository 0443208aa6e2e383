/* Files served from memory: types, caching, the gzip form, what is left out. */
#include "net_fix.h"
#include "net/http_static.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct site {
	struct loop *loop;
	struct http_server *server;
	struct http_static *files;
	struct fix_peer client;
	char dir[64];
};

static void handle(void *arg, struct http_req *req)
{
	struct site *site = arg;
	if (http_static_reply(site->files, req, req->path))
		http_reply_fault(req, -E_NOT_FOUND, NULL);
}

static void put(struct site *site, const char *name, const char *text)
{
	char path[200];
	snprintf(path, sizeof(path), "%s/%s", site->dir, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void site_init(struct site *site)
{
	char path[200];
	struct addr any = fix_addr("127.0.0.1:0");
	*site = (struct site){ .loop = loop_new() };
	fix_dir(site->dir, sizeof(site->dir));
	snprintf(path, sizeof(path), "%s/assets", site->dir);
	mkdir(path, 0700);
	put(site, "index.html", "<html>");
	put(site, "assets/app-Ab12Cd34.js", "let a = 1;");
	put(site, "assets/app-Ab12Cd34.js.gz", "GZIPPED");
	put(site, "assets/my-document.css", "a{}");
	put(site, "alone.gz", "x");
	put(site, ".secret", "no");
	put(site, "\xe4\xbd\xa0.txt", "ni");
	snprintf(path, sizeof(path), "%s/link.txt", site->dir);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(http_static_new(site->dir, &site->files), 0);
	struct http_opts opts = { .handler = handle, .arg = site };
	assert_int_equal(http_listen(site->loop, &any, &opts, &site->server), 0);
}

static void site_done(struct site *site)
{
	fix_peer_done(&site->client);
	http_close(site->server);
	loop_free(site->loop);
	http_static_free(site->files);
	fix_dir_remove(site->dir);
}

static const char *ask(struct site *site, const char *what)
{
	char request[400];
	fix_peer_done(&site->client);
	site->client = (struct fix_peer){ 0 };
	buf_init(&site->client.got, 1000000);
	snprintf(request, sizeof(request), "GET %s\r\n\r\n", what);
	assert_int_equal(stream_connect(site->loop, http_local(site->server), NULL, &fix_peer_handlers,
				 &site->client, &site->client.s),
		0);
	assert_int_equal(stream_send(site->client.s, str_from(request)), 0);
	RUN_UNTIL(site->loop, site->client.n_closed);
	return site->client.got.p;
}

#define END " HTTP/1.1\r\nHost: a\r\nConnection: close"

static void files_are_served(void **state)
{
	static const struct {
		const char *what, *first, *contains;
	} cases[] = {
		{ "/index.html" END, "HTTP/1.1 200 ", "Content-Type: text/html; charset=utf-8\r\n" },
		{ "/index.html" END, "HTTP/1.1 200 ", "Cache-Control: no-cache\r\n" },
		{ "/assets/app-Ab12Cd34.js" END, "HTTP/1.1 200 ", "max-age=31536000, immutable\r\n" },
		{ "/assets/app-Ab12Cd34.js" END, "HTTP/1.1 200 ", "\r\n\r\nlet a = 1;" },
		{ "/assets/app-Ab12Cd34.js" END "\r\nAccept-Encoding: br, gzip;q=0.8", "HTTP/1.1 200 ",
			"\r\n\r\nGZIPPED" },
		{ "/assets/app-Ab12Cd34.js" END "\r\nAccept-Encoding: gzip", "HTTP/1.1 200 ",
			"Vary: Accept-Encoding\r\nContent-Encoding: gzip\r\n" },
		{ "/assets/app-Ab12Cd34.js" END "\r\nAccept-Encoding: gzip;q=0", "HTTP/1.1 200 ",
			"\r\n\r\nlet a = 1;" },
		{ "/assets/app-Ab12Cd34.js" END "\r\nAccept-Encoding: gzip\r\nRange: bytes=0-2",
			"HTTP/1.1 206 ", "\r\n\r\nlet" },
		{ "/assets/my-document.css" END, "HTTP/1.1 200 ", "Cache-Control: no-cache\r\n" },
		{ "/alone.gz" END, "HTTP/1.1 200 ", "application/octet-stream\r\n" },
		{ "/%E4%BD%A0.txt?v=1" END, "HTTP/1.1 200 ", "\r\n\r\nni" },
		{ "/assets/app-Ab12Cd34.js.gz" END, "HTTP/1.1 404 ", "" },
		{ "/assets" END, "HTTP/1.1 404 ", "" },
		{ "/.secret" END, "HTTP/1.1 404 ", "" },
		{ "/link.txt" END, "HTTP/1.1 404 ", "" },
		{ "/../etc/passwd" END, "HTTP/1.1 404 ", "" },
		{ "/%2e%2e/etc/passwd" END, "HTTP/1.1 404 ", "" },
		{ "/index.html%00.js" END, "HTTP/1.1 404 ", "" },
	};
	struct site site;
	(void)state;
	site_init(&site);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *answer = ask(&site, cases[i].what);
		if (strncmp(answer, cases[i].first, strlen(cases[i].first)) ||
			!strstr(answer, cases[i].contains))
			fail_msg("%s\n%s", cases[i].what, answer);
	}
	site_done(&site);
}

static void tags_are_known_again(void **state)
{
	struct site site;
	char tag[64], what[200];
	(void)state;
	site_init(&site);
	const char *answer = ask(&site, "/index.html" END);
	const char *at = strstr(answer, "ETag: ");
	assert_non_null(at);
	assert_int_equal(str_copy((struct str){ at + 6, strcspn(at + 6, "\r") }, tag, sizeof(tag)), 0);
	snprintf(what, sizeof(what), "/index.html" END "\r\nIf-None-Match: %s", tag);
	answer = ask(&site, what);
	assert_memory_equal(answer, "HTTP/1.1 304 ", 13);
	site_done(&site);
}

static void a_missing_folder_is_told(void **state)
{
	struct http_static *files;
	(void)state;
	assert_int_equal(http_static_new("/no/such/folder", &files), -E_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_served),
		cmocka_unit_test(tags_are_known_again),
		cmocka_unit_test(a_missing_folder_is_told),
	};
	return unit_run(tests);
}
