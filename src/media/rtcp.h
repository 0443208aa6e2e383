#ifndef LX_MEDIA_RTCP_H
#define LX_MEDIA_RTCP_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RTCP (RFC 3550 section 6): compound packets with a sender or receiver report and a CNAME. */
#define RTCP_SIZE_MAX 160 /* of what we build */

struct rtcp_block {
	uint32_t ssrc; /* the stream it is about */
	uint8_t fraction;
	int32_t lost;                             /* 24 bits, signed */
	uint32_t max_seq, jitter, last_sr, delay; /* delay in 1/65536 s */
};

struct rtcp_report {
	uint32_t ssrc; /* who reports */
	bool sender;   /* the next four count */
	uint64_t ntp;
	uint32_t rtp_ts, packets, bytes;
	bool has_block; /* about the wanted stream */
	struct rtcp_block block;
	bool bye;
};

/* Reads a whole compound packet; of its report blocks only the one about `about` is kept. -E_SYNTAX unless
 * every part fits, the first is a report, and there are at most 32 parts. */
int rtcp_parse(const uint8_t *p, size_t n, uint32_t about, struct rtcp_report *ret_report) MUST_CHECK;

/* Builds report and CNAME (and BYE) into dst of RTCP_SIZE_MAX; returns the length. */
size_t rtcp_build(uint8_t *dst, const struct rtcp_report *report, const char *cname);

/* NTP time stamp of a Unix time. */
uint64_t rtcp_ntp(int64_t wall_ms);
/* Middle 32 bits, as in last_sr. */
uint32_t rtcp_ntp_middle(uint64_t ntp);

#endif
