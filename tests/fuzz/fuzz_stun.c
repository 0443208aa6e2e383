/* STUN from anybody: the parser, and ICE-lite's answers, which must be STUN themselves. */
#include "media/ice.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ice_secret secret = { "evtj", "VOkJxbRl1RmTxUk/WvJxBt" };
	struct addr from = { .v4 = { .sin_family = AF_INET, .sin_port = 77 } };
	struct ice_reply reply;
	struct stun_msg msg;
	struct ice ice;

	ice_init(&ice, &secret);
	ice_take(&ice, (struct str){ (const char *)data, size }, &from, 1, &reply);
	assert(reply.n <= sizeof(reply.bytes));
	if (reply.n)
		assert(!stun_parse(reply.bytes, reply.n, &msg) && msg.class != STUN_REQUEST);
	if (!stun_parse(data, size, &msg))
		stun_is_authentic(&msg, secret.pwd);
	return 0;
}
