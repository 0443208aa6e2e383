#ifndef LX_MODEL_TOTP_H
#define LX_MODEL_TOTP_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* One-time passwords by time, RFC 6238 with what authenticators take for granted: SHA-1, six digits, steps of
 * 30 s. Any thread. */
#define TOTP_KEY_BYTES 20
#define TOTP_TEXT_CHARS 32 /* of such a key in base32 (RFC 4648, 6) */
#define TOTP_DIGITS 6

void totp_text(const uint8_t key[TOTP_KEY_BYTES], char ret_text[TOTP_TEXT_CHARS + 1]);
/* The code of that time step. */
void totp_code(const uint8_t key[TOTP_KEY_BYTES], int64_t step, char ret_code[TOTP_DIGITS + 1]);
/* The step whose code this is, of those around now_s that come after `used`; 0 when it is none's. One step
 * each way is allowed for clocks and slow typing (RFC 6238, 5.2). */
int64_t totp_step(const uint8_t key[TOTP_KEY_BYTES], struct str code, int64_t now_s, int64_t used);

#endif
