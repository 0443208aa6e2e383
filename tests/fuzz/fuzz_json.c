/* Any bytes as JSON: what is accepted prints, and the print reads as the same value. */
#include "base/js.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BYTES ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	json_t *value = NULL, *again = NULL;
	struct fault fault = { .text = "" };
	int err = js_parse((struct str){ (const char *)bytes, n }, MAX_BYTES, &value, &fault);
	if (err) {
		assert(err == -E_SYNTAX || err == -E_LIMIT || err == -E_INVALID);
		return 0;
	}
	char *text = js_print(value);
	assert(js_parse(str_from(text), 2 * MAX_BYTES, &again, NULL) == 0);
	assert(json_equal(value, again));
	free(text);
	json_decref(value);
	json_decref(again);
	return 0;
}
