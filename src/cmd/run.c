/* The watcher. It does nothing but start, listen for heartbeats and start again, so that it has nothing to
 * die of. The switch goes down last: the desk then still stores how its calls ended. */
#include "cmd/run.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/addr.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define HANG_US (10 * CLOCK_S_US)
#define STOP_US (8 * CLOCK_S_US)
#define QUICK_US (2 * CLOCK_S_US) /* a child that dies younger than this waits before it is started again */
#define START_TRIES 3
#define STATUS_START_FAILED 3 /* a child's own word: it could not start and said why */
#define ARGS_MAX 64
#define HOST_SIZE 256

struct child {
	const char *name;
	bool beats; /* sends heartbeats */
	pid_t pid;  /* 0 when not running */
	int beat_fd;
	int64_t started_us, beaten_us, start_at_us;
	int quick_deaths;
};

static void exec_child(const struct child *c, char **argv, int argc, int beat_fd)
{
	char *args[ARGS_MAX] = { "lingxi", (char *)c->name };
	char fd_text[16];
	sigset_t none;
	int n = 2;
	for (int i = 0; i < argc && n < ARGS_MAX - 3; i++)
		args[n++] = argv[i];
	snprintf(fd_text, sizeof(fd_text), "%d", beat_fd);
	if (beat_fd >= 0) {
		args[n++] = "--heartbeat";
		args[n++] = fd_text;
	}
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execv("/proc/self/exe", args);
	_exit(127);
}

static void start_child(struct child *c, char **argv, int argc)
{
	int fds[2] = { -1, -1 };
	if (c->beats && pipe2(fds, O_NONBLOCK) != 0)
		return;
	c->started_us = c->beaten_us = clock_mono_us();
	c->pid = fork();
	if (c->pid == 0) {
		if (fds[0] >= 0)
			close(fds[0]);
		exec_child(c, argv, argc, fds[1]);
	}
	if (c->pid < 0)
		c->pid = 0;
	if (fds[1] >= 0)
		close(fds[1]);
	c->beat_fd = fds[0];
	if (c->beat_fd >= 0)
		fcntl(c->beat_fd, F_SETFD, FD_CLOEXEC);
}

static void take_beats(struct child *c)
{
	char bytes[64];
	while (read(c->beat_fd, bytes, sizeof(bytes)) > 0)
		c->beaten_us = clock_mono_us();
}

/* Notes the death of a child; true when the whole centre should end because it cannot start. */
static bool bury(struct child *c, int status)
{
	int64_t age = clock_mono_us() - c->started_us;
	bool refused = WIFEXITED(status) && WEXITSTATUS(status) == STATUS_START_FAILED;
	if (c->beat_fd >= 0)
		close(c->beat_fd);
	c->beat_fd = -1;
	c->pid = 0;
	c->quick_deaths = age < QUICK_US ? c->quick_deaths + 1 : 0;
	c->start_at_us = clock_mono_us() + (c->quick_deaths > 1 ? QUICK_US : 0);
	log_(LOG_CMD, LOG_WARN, "%s ended %s=%d age_ms=%" PRId64, c->name,
		WIFSIGNALED(status) ? "signal" : "status",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), age / 1000);
	return refused && c->quick_deaths >= (age < QUICK_US ? 1 : START_TRIES);
}

static bool reap(struct child *children, size_t n)
{
	bool hopeless = false;
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < n; i++)
			if (children[i].pid == pid)
				hopeless |= bury(&children[i], status);
	return hopeless;
}

static void watch_one(struct child *c, char **argv, int argc)
{
	int64_t now = clock_mono_us();
	if (!c->pid && now >= c->start_at_us)
		start_child(c, argv, argc);
	if (!c->pid || !c->beats)
		return;
	take_beats(c);
	if (now - c->beaten_us > HANG_US) {
		log_(LOG_CMD, LOG_ERROR, "%s hangs, killed pid=%d", c->name, (int)c->pid);
		c->beaten_us = now;
		kill(c->pid, SIGKILL);
	}
}

static void wait_gone(struct child *c)
{
	int64_t until = clock_mono_us() + STOP_US;
	int status;
	if (!c->pid)
		return;
	kill(c->pid, SIGTERM);
	while (waitpid(c->pid, &status, WNOHANG) == 0) {
		if (clock_mono_us() > until) {
			kill(c->pid, SIGKILL);
			until = INT64_MAX;
		}
		poll(NULL, 0, 10);
	}
	c->pid = 0;
	if (c->beat_fd >= 0)
		close(c->beat_fd);
	c->beat_fd = -1;
}

/* A wildcard is nowhere to go to: this machine's name stands for it. */
static void name_address(const char *text, char *dst, size_t size)
{
	struct addr addr;
	char host[HOST_SIZE] = "localhost";
	if (addr_from_string(str_from(text), &addr) == 0 && addr_is_any(&addr)) {
		(void)gethostname(host, sizeof(host) - 1);
		snprintf(dst, size, "%s:%u", host, (unsigned)addr_port(&addr));
	} else {
		snprintf(dst, size, "%s", text);
	}
}

/* Where to go first, for the person who has just started it. */
static void say_addresses(const struct options *o)
{
	const char *scheme = o->tls ? "https" : "http";
	char http[ADDR_STRLEN + HOST_SIZE];
	name_address(o->http, http, sizeof(http));
	printf("lingxi: pages %s://%s\n", scheme, http);
	if (o->tls && !o->cert_path)
		printf("lingxi: our certificate authority https://%s/ca.crt; browsers that are to call must "
		       "trust it\n",
			http);
	if (o->demo)
		printf("lingxi: sign in as admin, lead1, agent1 to agent50; each password is the name plus "
		       "-demo\n"
		       "lingxi: call 4008001234 from %s://%s/call or from a SIP phone at %s\n",
			scheme, o->http, o->sip);
	fflush(stdout);
}

int run_centre(const struct options *options, char **argv, int argc)
{
	struct child children[] = {
		{ .name = "switch", .beats = true, .beat_fd = -1 },
		{ .name = "desk", .beat_fd = -1 },
		{ .name = "life", .beat_fd = -1 },
	};
	sigset_t signals;
	bool hopeless = false, asked = false;
	size_t n = options->demo && !options->quiet ? 3 : 2;
	say_addresses(options);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	int fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	while (!hopeless && !asked) {
		struct signalfd_siginfo info;
		for (size_t i = 0; i < n; i++)
			watch_one(&children[i], argv, argc);
		poll(&wait, 1, 500);
		while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
			asked |= info.ssi_signo != SIGCHLD;
		hopeless = reap(children, n);
	}
	while (n)
		wait_gone(&children[--n]);
	close(fd);
	return hopeless ? STATUS_START_FAILED : 0;
}
