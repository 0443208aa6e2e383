/* The terminal's echo is off while a person types, and on again whatever came of it. */
#include "cmd/ask.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

static int read_line(char *dst, size_t size, struct fault *reterr_)
{
	if (!fgets(dst, (int)size, stdin))
		return fault_set(reterr_, "required", "password", "no password came");
	size_t n = strcspn(dst, "\r\n");
	if (n + 1 == size)
		return fault_set(reterr_, "too_long", "password", "the password is too long");
	dst[n] = '\0';
	return 0;
}

static int ask_unseen(const char *what, const char *user, char *dst, size_t size, struct fault *reterr_)
{
	struct termios before;
	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return fault_set(reterr_, "system", "password", "the terminal cannot be set: %m");
	struct termios unseen = before;
	unseen.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
	fprintf(stderr, "%s %s: ", what, user); /* who types at once is not seen, and nothing of it is lost */
	int err = read_line(dst, size, reterr_);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	fputc('\n', stderr);
	return err;
}

int ask_password(const char *user, char *dst, size_t size, struct fault *reterr_)
{
	char again[LINE_MAX_BYTES];
	if (!isatty(STDIN_FILENO))
		return read_line(dst, size, reterr_);
	int err = ask_unseen("New password of", user, dst, size, reterr_);
	if (!err)
		err = ask_unseen("Once more, of", user, again, sizeof(again), reterr_);
	if (!err && strcmp(dst, again) != 0)
		err = fault_set(
			reterr_, "differs", "password", "the two are not the same, nothing was changed");
	sodium_memzero(again, sizeof(again));
	return err;
}
