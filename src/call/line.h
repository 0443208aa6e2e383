#ifndef LX_CALL_LINE_H
#define LX_CALL_LINE_H

#include "media/media.h"
#include "sip/negotiate.h"

/* The sound of one SIP session: a media stream and what both sides agreed on. It makes offers and answers and
 * tells the media threads what came of them. Signalling thread; a plain value inside its owner. */
struct line {
	struct media *media;
	struct media_local local; /* stream 0: not open */
	struct negotiate_state agreed;
	uint64_t session_id;
	bool secure; /* ICE and DTLS-SRTP */
};

/* Whether an offer asks for ICE and DTLS-SRTP, as browsers do. */
bool line_offer_is_secure(struct str sdp);

/* Opens the stream. tag comes back in its events. -E_BUSY without a free port. */
int line_open(struct line *line, struct media *media, uint64_t group, uint64_t tag, bool secure) MUST_CHECK;
void line_close(struct line *line); /* twice is once */

/* Each gives fresh text that the caller frees. -E_UNSUPPORTED (488) without a codec or protocol in common.
 * The media follow at once when an offer is answered; the third takes their answer to our offer. */
int line_offer(struct line *line, char **ret_text) MUST_CHECK;
int line_answer(struct line *line, struct str offer, char **ret_text) MUST_CHECK;
int line_accept(struct line *line, struct str answer) MUST_CHECK;

bool line_is_agreed(const struct line *line);
bool line_is_held(const struct line *line); /* the other side holds */
const char *line_codec(const struct line *line);

#endif
