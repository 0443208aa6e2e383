/* The command line: one table for reading and for the usage text. */
#include "cmd/options.h"

#include "base/mem.h"
#include "base/str.h"
#include "net/addr.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_MAX 1000000

enum kind { KIND_TEXT, KIND_FLAG, KIND_NUMBER };

static const struct {
	const char *name;
	enum kind kind;
	size_t at;
	const char *value, *help; /* no help: not for people */
} known[] = {
	{ "--data", KIND_TEXT, offsetof(struct options, data_dir), "DIR",
		"everything that is kept (default: data)" },
	{ "--db", KIND_TEXT, offsetof(struct options, db), "URL",
		"postgres://USER@HOST/DATABASE (default: SQLite in the data folder)" },
	{ "--demo", KIND_FLAG, offsetof(struct options, demo), "",
		"a sample airline's centre; loopback addresses only" },
	{ "--quiet", KIND_FLAG, offsetof(struct options, quiet), "",
		"with --demo: no callers and robot agents of our own" },
	{ "--http", KIND_TEXT, offsetof(struct options, http), "ADDR:PORT",
		"web pages and API (127.0.0.1:8080)" },
	{ "--edge", KIND_TEXT, offsetof(struct options, edge), "ADDR:PORT",
		"SIP over WebSocket for browsers (127.0.0.1:8081)" },
	{ "--sip", KIND_TEXT, offsetof(struct options, sip), "ADDR:PORT",
		"SIP over UDP and TCP (127.0.0.1:5060)" },
	{ "--rtp", KIND_TEXT, offsetof(struct options, rtp), "ADDR:LOW-HIGH",
		"sound (127.0.0.1:20000-29999)" },
	{ "--tls", KIND_FLAG, offsetof(struct options, tls), "",
		"HTTPS and WSS on loopback too; on other addresses always" },
	{ "--cert", KIND_TEXT, offsetof(struct options, cert_path), "FILE",
		"certificate chain in PEM (default: a local authority's)" },
	{ "--key", KIND_TEXT, offsetof(struct options, key_path), "FILE", "its key in PEM" },
	{ "--log", KIND_TEXT, offsetof(struct options, log), "LEVELS", "info, or sip=debug,net=warn,info" },
	{ "--node", KIND_NUMBER, offsetof(struct options, node), "N", "number of this node, 0 to 63 (0)" },
	{ "--per-address", KIND_NUMBER, offsetof(struct options, host_max), "N",
		"connections of one address to each of the two (2000)" },
	{ "--visitor-calls", KIND_NUMBER, offsetof(struct options, visitor_max), "N",
		"calls of visitors from one address at once, 0: any number (20)" },
	{ "--journal-kb", KIND_NUMBER, offsetof(struct options, journal_kb), "KB", NULL },
	{ "--heartbeat", KIND_NUMBER, offsetof(struct options, heartbeat_fd), "FD", NULL },
};

void options_usage(void)
{
	puts("lingxi run [options]      a whole centre: starts and watches the two processes below\n"
	     "lingxi switch [options]   the call plane alone\n"
	     "lingxi desk [options]     the application plane alone\n"
	     "lingxi life [options]     callers and robot agents for a demo centre that runs\n"
	     "lingxi password USER      another password for a user of a centre that is stopped\n"
	     "lingxi print WHAT         openapi, ts, answers or md: the API printed from its descriptors\n"
	     "lingxi version\n\nOptions:");
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].help)
			printf("  %-15s %-14s %s\n", known[i].name, known[i].value, known[i].help);
}

static int read_one(int argc, char **argv, int *i, struct options *o, struct fault *reterr_)
{
	const char *name = argv[*i];
	for (size_t k = 0; k < ARRAY_LEN(known); k++) {
		char *slot = (char *)o + known[k].at;
		uint32_t number = 0;
		if (strcmp(known[k].name, name) != 0)
			continue;
		if (known[k].kind == KIND_FLAG) {
			*(bool *)slot = true;
			return 0;
		}
		if (++*i >= argc)
			return fault_set(reterr_, "required", name, "%s needs %s", name, known[k].value);
		if (known[k].kind == KIND_TEXT) {
			memcpy(slot, &argv[*i], sizeof(argv[*i]));
			return 0;
		}
		if (str_to_u32(str_from(argv[*i]), NUMBER_MAX, &number) != 0)
			return fault_set(
				reterr_, "format", name, "%s needs a number, not \"%s\"", name, argv[*i]);
		*(int *)(void *)slot = (int)number;
		return 0;
	}
	return fault_set(reterr_, "unknown", name, "unknown option %s; lingxi help tells all", name);
}

static int check_addr(const char *name, const char *text, const struct options *o, struct fault *reterr_)
{
	struct addr addr;
	if (addr_from_string(str_from(text), &addr) != 0)
		return fault_set(reterr_, "format", name, "%s needs ADDR:PORT, not \"%s\"", name, text);
	if (o->demo && !addr_is_loopback(&addr))
		return fault_set(reterr_, "loopback", name,
			"%s %s is not a loopback address, and --demo is for those alone", name, text);
	return 0;
}

/* The URL may hold a password: it is not quoted. */
static int check_db(const struct options *o, struct fault *reterr_)
{
	struct str db = str_from(o->db);
	if (!o->db || str_starts(db, STR("postgres://")) || str_starts(db, STR("postgresql://")))
		return 0;
	return fault_set(reterr_, "format", "--db", "--db needs postgres://USER@HOST/DATABASE");
}

static bool is_beyond(const char *text)
{
	struct addr addr;
	return addr_from_string(str_from(text), &addr) == 0 && !addr_is_loopback(&addr);
}

int options_read(int argc, char **argv, int from, struct options *ret_options, struct fault *reterr_)
{
	struct options o = {
		.data_dir = "data",
		.http = "127.0.0.1:8080",
		.edge = "127.0.0.1:8081",
		.sip = "127.0.0.1:5060",
		.rtp = "127.0.0.1:20000-29999",
		.log = "info",
		.host_max = 2000,
		.visitor_max = 20,
		.heartbeat_fd = -1,
	};
	int err = 0;
	for (int i = from; !err && i < argc; i++)
		err = read_one(argc, argv, &i, &o, reterr_);
	if (!err && !o.cert_path != !o.key_path)
		err = fault_set(reterr_, "required", "--cert", "--cert and --key belong together");
	if (!err && o.node > 63)
		err = fault_set(reterr_, "range", "--node", "--node is a number from 0 to 63");
	if (!err)
		err = check_db(&o, reterr_);
	if (!err)
		err = check_addr("--http", o.http, &o, reterr_);
	if (!err)
		err = check_addr("--edge", o.edge, &o, reterr_);
	if (!err)
		err = check_addr("--sip", o.sip, &o, reterr_);
	o.tls |= o.cert_path || is_beyond(o.http) || is_beyond(o.edge);
	*ret_options = o;
	return err;
}
