/* Any bytes as a telephone number. What is taken has digits only, and its stored form is its own stored form.
 */
#include "text/phone.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct phone once, twice;
	char dialled[PHONE_NUMBER];
	if (phone_parse((struct str){ (const char *)data, size }, &once, NULL))
		return 0;
	assert(strlen(once.number) >= 2);
	assert(strspn(once.number + (once.number[0] == '+'), "0123456789*#") + (once.number[0] == '+') ==
		strlen(once.number));
	assert(strspn(once.extension, "0123456789") == strlen(once.extension));
	assert(phone_parse(str_from(once.number), &twice, NULL) == 0);
	assert(strcmp(once.number, twice.number) == 0);
	phone_dialled(once.number, dialled);
	assert(*dialled);
	return 0;
}
