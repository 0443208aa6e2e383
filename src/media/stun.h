#ifndef LX_MEDIA_STUN_H
#define LX_MEDIA_STUN_H

#include "net/addr.h"

#include <stddef.h>

/* STUN messages (RFC 8489) as far as ICE uses them. Pure; views point into the bytes given. */
#define STUN_HEADER_SIZE 20
#define STUN_SIZE_MAX 1500
#define STUN_UNKNOWN_MAX 8

enum stun_class { STUN_REQUEST, STUN_INDICATION, STUN_SUCCESS, STUN_ERROR };
enum stun_method { STUN_BINDING = 1 };
enum stun_attr {
	STUN_USERNAME = 0x0006,
	STUN_INTEGRITY = 0x0008,
	STUN_ERROR_CODE = 0x0009,
	STUN_UNKNOWN = 0x000a,
	STUN_XOR_MAPPED = 0x0020,
	STUN_PRIORITY = 0x0024,
	STUN_USE_CANDIDATE = 0x0025,
	STUN_FINGERPRINT = 0x8028,
	STUN_CONTROLLED = 0x8029,
	STUN_CONTROLLING = 0x802a,
};

struct stun_msg {
	enum stun_class class;
	uint16_t method;
	const uint8_t *bytes;
	size_t n;
	const uint8_t *id; /* 12 bytes */
	struct str username;
	size_t integrity_at; /* 0: none */
	bool use_candidate, controlled, controlling;
	uint32_t priority;
	int error;                          /* code of an error answer */
	struct addr mapped;                 /* of a success */
	uint16_t unknown[STUN_UNKNOWN_MAX]; /* that must be understood */
	size_t n_unknown;
};

/* -E_SYNTAX unless all lengths fit and the FINGERPRINT, if there, is right. */
int stun_parse(const uint8_t *p, size_t n, struct stun_msg *ret_msg) MUST_CHECK;
/* Whether it has a MESSAGE-INTEGRITY made with this password. */
bool stun_is_authentic(const struct stun_msg *msg, const char *password);

/* Builder: begin, add, end; dst of STUN_SIZE_MAX. What would not fit is left out and end() returns 0. */
struct stun_out {
	uint8_t *p;
	size_t n;
	bool full;
};
void stun_begin(struct stun_out *o, uint8_t *dst, enum stun_class class, const uint8_t id[12]);
void stun_add(struct stun_out *o, enum stun_attr attr, const void *value, size_t n);
void stun_add_u32(struct stun_out *o, enum stun_attr attr, uint32_t value);
void stun_add_mapped(struct stun_out *o, const struct addr *addr);
void stun_add_error(struct stun_out *o, int code, const char *reason);
/* Adds MESSAGE-INTEGRITY (unless password is NULL) and FINGERPRINT; returns the length. */
size_t stun_end(struct stun_out *o, const char *password);

#endif
