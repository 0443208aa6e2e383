/* What crosses between the two processes: frames are cut from a stream, their JSON read. A frame written
 * again is the same bytes, JSON printed and read again prints the same. */
#include "base/js.h"
#include "base/mem.h"
#include "wire/event.h"
#include "wire/frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void check_json(struct str text)
{
	struct fault fault;
	json_t *value, *again;
	if (js_parse(text, FRAME_MAX_BYTES, &value, &fault))
		return;
	if (json_is_object(value))
		(void)event_from_name(js_str(value, "kind", ""));
	CLEANUP(mem_freep) char *printed = js_print(value);
	int err = js_parse(str_from(printed), 2 * FRAME_MAX_BYTES, &again, &fault);
	assert(!err);
	CLEANUP(mem_freep) char *twice = js_print(again);
	assert(strcmp(printed, twice) == 0);
	json_decref(value);
	json_decref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str rest = { (const char *)bytes, n }, json;
	enum frame_kind kind;
	size_t size;
	while (frame_peek(rest, &kind, &json, &size) == 0) {
		struct buf out;
		buf_init(&out, n + 8);
		frame_add(&out, kind, json);
		assert(buf_err(&out) == 0 && str_eq(buf_str(&out), str_sub(rest, 0, size)));
		assert(frame_name(kind)[0]);
		buf_done(&out);
		check_json(json);
		rest = str_sub(rest, size, rest.n);
	}
	return 0;
}
