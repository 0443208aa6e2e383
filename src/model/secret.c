/* Passwords: Argon2id for people, HA1 of RFC 7616 for phones. */
#include "base/js.h"
#include "base/mem.h"
#include "model/model.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* 19 MB and two passes: the smallest setting that OWASP's sheet gives for Argon2id. */
#define HASH_OPS 2
#define HASH_BYTES (19 * 1024 * 1024)

static char *hash_with(const char *plain, unsigned long long ops, size_t bytes)
{
	char hash[crypto_pwhash_STRBYTES];
	if (crypto_pwhash_str_alg(hash, plain, strlen(plain), ops, bytes, crypto_pwhash_ALG_ARGON2ID13))
		return NULL;
	return mem_strdup(hash);
}

char *secret_hash(const char *plain)
{
	return hash_with(plain, HASH_OPS, HASH_BYTES);
}

char *secret_hash_known(const char *plain)
{
	return hash_with(plain, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN);
}

bool secret_verify(const char *hash, const char *plain)
{
	return crypto_pwhash_str_verify(hash, plain, strlen(plain)) == 0;
}

static void digest(const EVP_MD *md, struct str text, char *dst)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	if (!EVP_Digest(text.p, text.n, bytes, &n, md, NULL))
		abort();
	str_hex(bytes, n, dst);
}

void secret_ha1(const char *user, const char *realm, const char *password, char *ret_md5, char *ret_sha256)
{
	CLEANUP(mem_freep) char *text = mem_printf("%s:%s:%s", user, realm, password);
	digest(EVP_md5(), str_from(text), ret_md5);
	digest(EVP_sha256(), str_from(text), ret_sha256);
	sodium_memzero(text, strlen(text));
}

int model_account_row(struct db *db, const char *id, const char *auth_user, const char *aor,
	const char *secret, json_t **ret_row)
{
	char realm[128] = "", md5[33], sha256[65];
	struct rows *rows;
	int err = db_query(db, "SELECT realm FROM setting", NO_ARGS, &rows);
	if (err)
		return err;
	if (rows_next(rows) && str_copy(rows_str(rows, 0), realm, sizeof(realm)))
		realm[0] = '\0';
	err = rows_end(rows);
	if (err)
		return err;
	secret_ha1(auth_user, realm, secret, md5, sha256);
	*ret_row = json_pack("{s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "kind", "account", "id", id, "row",
		"auth_user", auth_user, "aor", aor, "ha1_md5", md5, "ha1_sha256", sha256);
	return 0;
}
