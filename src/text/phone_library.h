#ifndef LX_TEXT_PHONE_LIBRARY_H
#define LX_TEXT_PHONE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/* libphonenumber for C: phone_library.cc. Any thread. */
#ifdef __cplusplus
extern "C" {
#endif

bool phone_library_knows(const char *region);
/* "+8613800138000" of digits, perhaps with "+", dialled in that region; false when it is no full number. */
bool phone_library_e164(const char *digits, const char *region, char *ret_number, size_t size);
/* What is dialled in the region for "+…", with the marks people put between; false when it is no number. */
bool phone_library_dialled(const char *number, const char *region, char *ret_text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
