/* The linker puts this in the place of libsodium's password hash: the same function at its least cost,
 * because a test that makes many users would do little else. */
#include <sodium.h>

int __real_crypto_pwhash_str_alg(char dst[crypto_pwhash_STRBYTES], const char *plain, unsigned long long n,
	unsigned long long ops, size_t bytes, int alg);
int __wrap_crypto_pwhash_str_alg(char dst[crypto_pwhash_STRBYTES], const char *plain, unsigned long long n,
	unsigned long long ops, size_t bytes, int alg);

int __wrap_crypto_pwhash_str_alg(char dst[crypto_pwhash_STRBYTES], const char *plain, unsigned long long n,
	unsigned long long ops, size_t bytes, int alg)
{
	(void)ops;
	(void)bytes;
	return __real_crypto_pwhash_str_alg(
		dst, plain, n, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN, alg);
}
