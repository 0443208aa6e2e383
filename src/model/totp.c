#include "model/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define STEP_S 30
#define DRIFT 1

void totp_text(const uint8_t key[TOTP_KEY_BYTES], char ret_text[TOTP_TEXT_CHARS + 1])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	for (size_t i = 0; i < TOTP_TEXT_CHARS; i++) {
		size_t bit = i * 5, byte = bit / 8;
		unsigned two = (unsigned)key[byte] << 8 | (byte + 1 < TOTP_KEY_BYTES ? key[byte + 1] : 0);
		ret_text[i] = alphabet[two >> (11 - bit % 8) & 31];
	}
	ret_text[TOTP_TEXT_CHARS] = '\0';
}

void totp_code(const uint8_t key[TOTP_KEY_BYTES], int64_t step, char ret_code[TOTP_DIGITS + 1])
{
	uint8_t counter[8], mac[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t)(step >> (56 - 8 * i));
	if (!HMAC(EVP_sha1(), key, TOTP_KEY_BYTES, counter, sizeof(counter), mac, &n))
		abort();
	const uint8_t *at = mac + (mac[n - 1] & 15); /* RFC 4226, 5.3 */
	uint32_t value = (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	snprintf(ret_code, TOTP_DIGITS + 1, "%06u", value % 1000000);
}

int64_t totp_step(const uint8_t key[TOTP_KEY_BYTES], struct str code, int64_t now_s, int64_t used)
{
	char right[TOTP_DIGITS + 1];
	int64_t now = now_s / STEP_S, found = 0;
	if (code.n != TOTP_DIGITS)
		return 0;
	for (int64_t step = now - DRIFT; step <= now + DRIFT; step++) {
		totp_code(key, step, right);
		if (sodium_memcmp(right, code.p, TOTP_DIGITS) == 0 && step > used)
			found = step;
	}
	return found;
}
