/* Lines of JSON as events of one interaction. Whatever comes, and in whatever order, no time is negative,
 * nothing is open after the end but the wrap-up, and the state is one of three. */
#include "base/js.h"
#include "desk/project.h"

#include <assert.h>
#include <string.h>

#define LINE_MAX_BYTES 4096

static void check(const struct contact *c)
{
	assert(c->flow_ms >= 0 && c->wait_ms >= 0 && c->ring_ms >= 0);
	assert(c->talk_ms >= 0 && c->hold_ms >= 0 && c->wrap_up_ms >= 0);
	assert(strcmp(c->phase, "open") == 0 || strcmp(c->phase, "wrap_up") == 0 ||
		strcmp(c->phase, "ended") == 0);
	assert((strcmp(c->phase, "open") == 0) == (c->ended_ms == NOTHING));
	assert(c->ended_ms == NOTHING || c->ended_ms >= c->started_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size };
	struct contact c;
	bool begun = false;
	while (rest.n) {
		struct event ev;
		json_t *json = NULL;
		if (js_parse(str_cut(&rest, '\n'), LINE_MAX_BYTES, &json, NULL))
			continue;
		if (event_from_json(json, 0, &ev) == 0) {
			if (!begun)
				contact_begin(&c, &ev);
			else
				(void)contact_apply(&c, &ev);
			begun = true;
			check(&c);
		}
		json_decref(json);
	}
	return 0;
}
