#ifndef LX_SIP_HDR_H
#define LX_SIP_HDR_H

#include "base/str.h"

/* The methods and header fields we know by name. Columns of the headers: code, name, compact form or 0, 1
 * when a message may carry only one of it (a second one is refused). In order of length, then of the letters:
 * sip_hdr_of() searches it by halves. */
#define SIP_METHOD_MAP(X)                                                                                    \
	X(ACK)                                                                                               \
	X(BYE)                                                                                               \
	X(INFO)                                                                                              \
	X(PRACK)                                                                                             \
	X(REFER)                                                                                             \
	X(CANCEL)                                                                                            \
	X(INVITE)                                                                                            \
	X(NOTIFY)                                                                                            \
	X(UPDATE)                                                                                            \
	X(MESSAGE)                                                                                           \
	X(OPTIONS)                                                                                           \
	X(PUBLISH)                                                                                           \
	X(REGISTER)                                                                                          \
	X(SUBSCRIBE)

enum sip_method {
	SIP_OTHER_METHOD,
#define X(code) SIP_##code,
	SIP_METHOD_MAP(X)
#undef X
		SIP_METHOD__MAX
};

/* clang-format off */
#define SIP_HDR_MAP(X) \
	X(TO, "To", 't', 1) \
	X(VIA, "Via", 'v', 0) \
	X(CSEQ, "CSeq", 0, 1) \
	X(DATE, "Date", 0, 0) \
	X(FROM, "From", 'f', 1) \
	X(PATH, "Path", 0, 0) \
	X(RACK, "RAck", 0, 1) \
	X(RSEQ, "RSeq", 0, 1) \
	X(ALLOW, "Allow", 0, 0) \
	X(EVENT, "Event", 'o', 1) \
	X(ROUTE, "Route", 0, 0) \
	X(ACCEPT, "Accept", 0, 0) \
	X(MIN_SE, "Min-SE", 0, 1) \
	X(REASON, "Reason", 0, 0) \
	X(SERVER, "Server", 0, 0) \
	X(CALL_ID, "Call-ID", 'i', 1) \
	X(CONTACT, "Contact", 'm', 0) \
	X(EXPIRES, "Expires", 0, 1) \
	X(PRIVACY, "Privacy", 0, 0) \
	X(REQUIRE, "Require", 0, 0) \
	X(SUBJECT, "Subject", 's', 0) \
	X(WARNING, "Warning", 0, 0) \
	X(PRIORITY, "Priority", 0, 0) \
	X(REFER_TO, "Refer-To", 'r', 1) \
	X(REPLACES, "Replaces", 0, 1) \
	X(CALL_INFO, "Call-Info", 0, 0) \
	X(DIVERSION, "Diversion", 0, 0) \
	X(SUPPORTED, "Supported", 'k', 0) \
	X(ALERT_INFO, "Alert-Info", 0, 0) \
	X(USER_AGENT, "User-Agent", 0, 0) \
	X(IN_REPLY_TO, "In-Reply-To", 0, 0) \
	X(MIN_EXPIRES, "Min-Expires", 0, 0) \
	X(REFERRED_BY, "Referred-By", 'b', 0) \
	X(RETRY_AFTER, "Retry-After", 0, 0) \
	X(UNSUPPORTED, "Unsupported", 0, 0) \
	X(ALLOW_EVENTS, "Allow-Events", 'u', 0) \
	X(CONTENT_TYPE, "Content-Type", 'c', 1) \
	X(HISTORY_INFO, "History-Info", 0, 0) \
	X(MAX_FORWARDS, "Max-Forwards", 0, 1) \
	X(RECORD_ROUTE, "Record-Route", 0, 0) \
	X(AUTHORIZATION, "Authorization", 0, 0) \
	X(PROXY_REQUIRE, "Proxy-Require", 0, 0) \
	X(SERVICE_ROUTE, "Service-Route", 0, 0) \
	X(CONTENT_LENGTH, "Content-Length", 'l', 1) \
	X(REMOTE_PARTY_ID, "Remote-Party-ID", 0, 0) \
	X(SESSION_EXPIRES, "Session-Expires", 'x', 1) \
	X(CONTENT_ENCODING, "Content-Encoding", 'e', 0) \
	X(WWW_AUTHENTICATE, "WWW-Authenticate", 0, 0) \
	X(PROXY_AUTHENTICATE, "Proxy-Authenticate", 0, 0) \
	X(SUBSCRIPTION_STATE, "Subscription-State", 0, 0) \
	X(AUTHENTICATION_INFO, "Authentication-Info", 0, 0) \
	X(CONTENT_DISPOSITION, "Content-Disposition", 0, 0) \
	X(P_ASSERTED_IDENTITY, "P-Asserted-Identity", 0, 0) \
	X(PROXY_AUTHORIZATION, "Proxy-Authorization", 0, 0)
/* clang-format on */

enum sip_hdr {
	SIP_HDR_OTHER,
#define X(code, name, compact, single) SIP_HDR_##code,
	SIP_HDR_MAP(X)
#undef X
		SIP_HDR__MAX
};

/* Option tags (RFC 3261 section 27.1) as bits, for Require and Supported. */
#define SIP_OPTION_MAP(X)                                                                                    \
	X(100REL, "100rel")                                                                                  \
	X(FROM_CHANGE, "from-change")                                                                        \
	X(GRUU, "gruu")                                                                                      \
	X(ICE, "ice")                                                                                        \
	X(JOIN, "join")                                                                                      \
	X(NOREFERSUB, "norefersub")                                                                          \
	X(OUTBOUND, "outbound")                                                                              \
	X(PATH, "path")                                                                                      \
	X(PRECONDITION, "precondition")                                                                      \
	X(REPLACES, "replaces")                                                                              \
	X(TDIALOG, "tdialog")                                                                                \
	X(TIMER, "timer")

enum sip_option_bit {
#define X(code, name) SIP_OPTION_BIT_##code,
	SIP_OPTION_MAP(X)
#undef X
		SIP_OPTION_BIT__MAX
};
enum sip_option {
#define X(code, name) SIP_OPTION_##code = 1 << SIP_OPTION_BIT_##code,
	SIP_OPTION_MAP(X)
#undef X
};

/* Methods are case-sensitive, header names are not and may be in compact form. */
enum sip_method sip_method_of(struct str name);
const char *sip_method_name(enum sip_method method); /* "" for SIP_OTHER_METHOD */
enum sip_hdr sip_hdr_of(struct str name);
const char *sip_hdr_name(enum sip_hdr hdr);
bool sip_hdr_is_single(enum sip_hdr hdr);
/* Bit of an option tag, 0 when we do not know it. */
unsigned sip_option_of(struct str tag);

#endif
