#ifndef LX_DESK_ATTEMPTS_H
#define LX_DESK_ATTEMPTS_H

#include "desk/request.h"

/* The history of who tried to sign in, from where, and how it went (resource `sign_in`). */
struct attempt {
	int64_t user;        /* 0: not known; then it is looked up by name */
	const char *name;    /* as typed */
	const char *result;  /* word of the resource's field */
	const char *program; /* of attempt_program() */
};

/* What the request says of the program that sends it, cut; NULL for nothing. */
const char *attempt_program(struct request *r);
int attempt_write(const struct change *change, const struct attempt *attempt) MUST_CHECK;
/* One that failed, written soon. */
void attempt_note(struct request *r, const char *name, const char *result);

#endif
