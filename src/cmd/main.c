/* The program's front door: which of its processes to be. */
#include "base/log.h"
#include "base/mem.h"
#include "cmd/ask.h"
#include "cmd/options.h"
#include "cmd/run.h"
#include "desk/desk.h"
#include "life/life.h"
#include "net/authority.h"
#include "switch/switch.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATUS_USAGE 2
#define STATUS_START_FAILED 3

static int be_switch(const struct options *o, const char *socket, struct fault *fault)
{
	const struct switch_options options = {
		.data_dir = o->data_dir,
		.socket = socket,
		.sip = o->sip,
		.edge = o->edge,
		.rtp = o->rtp,
		.http = o->http,
		.tls = o->tls,
		.cert_path = o->cert_path,
		.key_path = o->key_path,
		.version = OPTIONS_VERSION,
		.host_max = (unsigned)o->host_max,
		.visitor_max = (unsigned)o->visitor_max,
		.node = (unsigned)o->node,
		.journal_kb = (unsigned)o->journal_kb,
		.heartbeat_fd = o->heartbeat_fd,
	};
	return switch_run(&options, fault);
}

static int be_desk(const struct options *o, const char *socket, struct fault *fault)
{
	const struct desk_options options = {
		.data_dir = o->data_dir,
		.db = o->db,
		.http = o->http,
		.switch_socket = socket,
		.edge = o->edge,
		.tls = o->tls,
		.cert_path = o->cert_path,
		.key_path = o->key_path,
		.version = OPTIONS_VERSION,
		.host_max = (unsigned)o->host_max,
		.demo = o->demo,
	};
	return desk_run(&options, fault);
}

static int be_life(const struct options *o, const char *socket, struct fault *fault)
{
	CLEANUP(mem_freep) char *ca = mem_printf("%s/tls/" AUTHORITY_CERT, o->data_dir);
	const struct life_options options = {
		.http = o->http,
		.sip = o->sip,
		.tls = o->tls,
		.ca_path = o->cert_path ? NULL : ca,
		.data_dir = o->data_dir,
		.version = OPTIONS_VERSION,
	};
	(void)socket;
	return life_run(&options, fault);
}

/* A recorded call holds five descriptors, a browser one more; the soft limit of a login shell is 1,024 for
 * all. */
static void raise_descriptors(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Makes the data folder if it is not there and looks whether it serves, in words for a person. */
static int check_folder(const char *dir)
{
	struct stat st;
	const char *what = NULL;
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		what = "cannot be made";
	else if (stat(dir, &st) != 0)
		what = "cannot be read";
	else if (!S_ISDIR(st.st_mode))
		what = "cannot be used", errno = ENOTDIR;
	else if (access(dir, R_OK | W_OK | X_OK) != 0)
		what = "cannot be written";
	if (what)
		fprintf(stderr, "lingxi: the data folder %s %s: %m (--data)\n", dir, what);
	return what ? -E_FORBIDDEN : 0;
}

/* One process of a kind in a data folder; the lock goes with the process, however that ends. */
static int lock_folder(const char *dir, const char *name, struct fault *reterr_)
{
	char *path = mem_printf("%s/%s.lock", dir, name);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), err = 0;
	if (fd < 0)
		err = fault_set(reterr_, "data", "data", "cannot make %s: %m", path);
	else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		err = fault_set(reterr_, "in_use", "data",
			"the data folder %s is in use by another centre that runs (--data)", dir);
	free(path);
	return err;
}

/* One of the processes, in its data folder. */
/* For top and ps, who would say "exe" of a child of the watcher. */
static void name_process(const char *name)
{
	char text[16];
	snprintf(text, sizeof(text), "lingxi-%s", name);
	pthread_setname_np(pthread_self(), text);
}

static int be(int (*process)(const struct options *, const char *, struct fault *), const char *name,
	const struct options *o)
{
	struct fault fault = { .text = "" };
	char *socket = mem_printf("%s/switch.sock", o->data_dir);
	log_set_process(name);
	name_process(name);
	raise_descriptors();
	int err = lock_folder(o->data_dir, name, &fault);
	if (!err)
		err = process(o, socket, &fault);
	if (err)
		fprintf(stderr, "lingxi %s: %s\n", name, fault.text[0] ? fault.text : err_text(err));
	free(socket);
	return err ? STATUS_START_FAILED : 0;
}

/* Everybody may see the command line (ps): the database's password is taken out of it and kept in a copy. */
static void hide_password(struct options *o, char **argv, int argc)
{
	for (int i = 0; i < argc && o->db; i++) {
		if (argv[i] != o->db)
			continue;
		char *copy = mem_strdup(o->db);
		char *name = strstr(argv[i], "://");
		char *end = name ? strchr(name, '@') : NULL, *colon = name ? strchr(name + 3, ':') : NULL;
		if (end && colon && colon < end)
			memset(colon + 1, '*', (size_t)(end - colon - 1));
		o->db = argv[i] = copy;
	}
}

/* lingxi password [--data DIR] [--db URL] USER: for who lost it. The desk's lock says whether the centre
 * runs. */
static int set_password(int argc, char **argv)
{
	struct options o;
	struct fault fault = { .text = "" };
	char password[1024] = "";
	const char *user = argc > 2 ? argv[argc - 1] : "-";
	if (*user == '-') {
		fputs("lingxi password [--data DIR] [--db URL] USER\n", stderr);
		return STATUS_USAGE;
	}
	int err = options_read(argc - 1, argv, 2, &o, &fault);
	hide_password(&o, argv, argc);
	if (!err)
		err = lock_folder(o.data_dir, "desk", &fault);
	if (!err)
		err = ask_password(user, password, sizeof(password), &fault);
	if (!err)
		err = desk_set_password(o.data_dir, o.db, user, password, &fault);
	sodium_memzero(password, sizeof(password));
	if (err)
		fprintf(stderr, "lingxi password: %s\n", fault.text[0] ? fault.text : err_text(err));
	else
		printf("lingxi: %s has a new password, and the old sign-ins are over\n", user);
	return err ? STATUS_START_FAILED : 0;
}

static int print(int argc, char **argv)
{
	struct buf out;
	buf_init(&out, (size_t)16 << 20);
	int err = argc == 3 ? desk_print(argv[2], &out) : -E_NOT_FOUND;
	if (err)
		fputs("lingxi print: openapi, ts, answers or md\n", stderr);
	else
		fwrite(out.p, 1, out.n, stdout);
	buf_done(&out);
	return err ? STATUS_USAGE : 0;
}

static int serve(const char *command, const struct options *o, char **argv, int argc)
{
	if (check_folder(o->data_dir) != 0)
		return STATUS_START_FAILED;
	if (strcmp(command, "switch") == 0)
		return be(be_switch, "switch", o);
	if (strcmp(command, "desk") == 0)
		return be(be_desk, "desk", o);
	if (strcmp(command, "life") == 0)
		return be(be_life, "life", o);
	return run_centre(o, argv, argc);
}

static bool is_process(const char *command)
{
	static const char *const names[] = { "run", "switch", "desk", "life" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], command) == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "help";
	struct options options;
	struct fault fault;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread yet */
	setlocale(LC_CTYPE, "C.UTF-8");
	if (sodium_init() < 0)
		return 1;
	if (strcmp(command, "version") == 0)
		return puts("lingxi " OPTIONS_VERSION) < 0;
	if (strcmp(command, "print") == 0)
		return print(argc, argv);
	if (strcmp(command, "password") == 0)
		return set_password(argc, argv);
	if (!is_process(command)) {
		options_usage();
		return strcmp(command, "help") == 0 || strcmp(command, "--help") == 0 ? 0 : STATUS_USAGE;
	}
	int err = options_read(argc, argv, 2, &options, &fault);
	hide_password(&options, argv, argc);
	if (!err && log_set_levels(options.log) != 0)
		err = fault_set(&fault, "format", "--log", "--log: unknown level or subsystem in \"%s\"",
			options.log);
	if (err) {
		fprintf(stderr, "lingxi: %s\n", fault.text);
		return STATUS_USAGE;
	}
	return serve(command, &options, argv + 2, argc - 2);
}
