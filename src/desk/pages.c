/* The browser side, from memory. Names under /assets/ carry a hash and may be kept for ever; every other is
 * asked for again. The policy lets scripts come from here only, and sockets go to here and to the edge. */
#include "desk/pages.h"

#include "desk/assets.h"

#include <stdlib.h>
#include <string.h>

static int by_path(const void *key, const void *row)
{
	struct str path = *(const struct str *)key;
	return str_cmp(path, str_from(((const struct asset *)row)->path));
}

static const struct asset *find(struct str path)
{
	return bsearch(&path, assets, assets_n, sizeof(assets[0]), by_path);
}

static void set_security(struct desk *desk, struct http_req *req)
{
	const char *scheme = req->is_tls ? "wss" : "ws";
	http_set(req, "Content-Security-Policy",
		"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
		"img-src 'self' data:"
		" blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self' %s://" STR_FMT
		" %s://%s %s://*:%u;"
		" frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'",
		scheme, STR_ARG(req->host), scheme, desk->options->edge, scheme, desk->edge_port);
	http_set(req, "Referrer-Policy", "same-origin");
	http_set(req, "Permissions-Policy", "microphone=(self), camera=(), geolocation=()");
	http_set(req, "Cross-Origin-Opener-Policy", "same-origin-allow-popups"); /* the pop's window */
}

static bool takes_gzip(const struct http_req *req)
{
	struct str accepted = http_header(req, "Accept-Encoding");
	while (accepted.n) {
		struct str coding = str_cut(&accepted, ',');
		if (str_caseeqz(str_trim(str_cut(&coding, ';')), "gzip"))
			return true;
	}
	return false;
}

static void send_asset(struct http_req *req, const struct asset *asset)
{
	bool gzip = asset->gz && takes_gzip(req);
	const struct http_content content = {
		.type = asset->mime,
		.etag = asset->etag,
		.cache = strncmp(asset->path, "/assets/", 8) == 0 ? "public, max-age=31536000, immutable"
								  : "no-cache",
		.bytes = { gzip ? (const char *)asset->gz : (const char *)asset->bytes,
			gzip ? asset->gz_size : asset->size },
		.keep = true,
	};
	http_set(req, "Vary", "Accept-Encoding");
	if (gzip)
		http_set(req, "Content-Encoding", "gzip");
	http_reply_content(req, &content);
}

void pages_serve(struct desk *desk, struct http_req *req)
{
	if (req->method != HTTP_GET && req->method != HTTP_HEAD) {
		http_set(req, "Allow", "GET, HEAD");
		http_reply_text(req, 405, "text/plain", STR("only GET and HEAD\n"));
		return;
	}
	const struct asset *asset = find(req->path);
	if (!asset && str_find(req->path, '.') == req->path.n)
		asset = find(STR("/index.html"));
	set_security(desk, req);
	if (asset)
		send_asset(req, asset);
	else if (!assets_n)
		http_reply_text(req, 404, "text/plain", STR("the pages were not built into this program\n"));
	else
		http_reply_fault(req, -E_NOT_FOUND, NULL);
}
