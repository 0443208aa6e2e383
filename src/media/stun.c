/* STUN. Both checks cover the bytes before them with a length field as if they were the last, so the length
 * is patched in a copy before it is hashed. */
#include "media/stun.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <zlib.h>

#define COOKIE 0x2112a442u
#define CRC_XOR 0x5354554eu
#define INTEGRITY_SIZE 20
#define MUST_UNDERSTAND 0x8000

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

/* First byte and cookie. */
static bool stun_is(const uint8_t *p, size_t n)
{
	return n >= STUN_HEADER_SIZE && p[0] < 4 && get32(p + 4) == COOKIE;
}

static uint32_t fingerprint(const uint8_t *p, size_t n)
{
	return (uint32_t)crc32(0, p, (uInt)n) ^ CRC_XOR;
}

/* Address of XOR-MAPPED-ADDRESS; the transaction id takes part for IPv6. */
static struct addr unxor(const struct stun_msg *msg, const uint8_t *v, size_t n)
{
	struct addr a = { 0 };
	const uint8_t *key = msg->bytes + 4;
	uint8_t host[16];
	size_t size = n == 8 ? 4 : 16;

	if ((n != 8 || v[1] != 1) && (n != 20 || v[1] != 2))
		return a;
	for (size_t i = 0; i < size; i++)
		host[i] = v[4 + i] ^ key[i];
	a.sa.sa_family = size == 4 ? AF_INET : AF_INET6;
	if (size == 4)
		memcpy(&a.v4.sin_addr, host, size);
	else
		memcpy(&a.v6.sin6_addr, host, size);
	addr_set_port(&a, (uint16_t)(get16(v + 2) ^ (COOKIE >> 16)));
	return a;
}

static void note_unknown(struct stun_msg *msg, uint16_t type)
{
	if (!(type & MUST_UNDERSTAND) && msg->n_unknown < STUN_UNKNOWN_MAX)
		msg->unknown[msg->n_unknown++] = type;
}

static int take_attr(struct stun_msg *msg, uint16_t type, const uint8_t *v, size_t n)
{
	size_t at = (size_t)(v - msg->bytes) - 4;

	switch (type) {
	case STUN_USERNAME:
		msg->username = (struct str){ (const char *)v, n };
		return 0;
	case STUN_INTEGRITY:
		msg->integrity_at = at;
		return n == INTEGRITY_SIZE ? 0 : -E_SYNTAX;
	case STUN_ERROR_CODE:
		if (n >= 4)
			msg->error = (v[2] & 7) * 100 + v[3];
		return 0;
	case STUN_XOR_MAPPED:
		msg->mapped = unxor(msg, v, n);
		return 0;
	case STUN_PRIORITY:
		if (n == 4)
			msg->priority = get32(v);
		return 0;
	case STUN_USE_CANDIDATE:
		msg->use_candidate = true;
		return 0;
	case STUN_CONTROLLED:
		msg->controlled = true;
		return 0;
	case STUN_CONTROLLING:
		msg->controlling = true;
		return 0;
	case STUN_UNKNOWN:
		return 0;
	default:
		note_unknown(msg, type);
		return 0;
	}
}

int stun_parse(const uint8_t *p, size_t n, struct stun_msg *ret_msg)
{
	struct stun_msg msg = { .bytes = p, .n = n, .id = p + 8 };
	size_t at = STUN_HEADER_SIZE;

	if (!stun_is(p, n) || n > STUN_SIZE_MAX || get16(p + 2) + (size_t)STUN_HEADER_SIZE != n || n % 4)
		return -E_SYNTAX;
	msg.class = (enum stun_class)((p[0] & 1) << 1 | (p[1] >> 4 & 1));
	msg.method = (uint16_t)((p[0] & 0x3e) << 6 | (p[1] & 0xe0) >> 1 | (p[1] & 0x0f));
	while (at < n) {
		uint16_t type = get16(p + at);
		size_t size = get16(p + at + 2);
		int err;

		if (size > n - at - 4)
			return -E_SYNTAX;
		if (type == STUN_FINGERPRINT) {
			if (size != 4 || at + 8 != n || get32(p + at + 4) != fingerprint(p, at))
				return -E_SYNTAX;
			break;
		}
		err = msg.integrity_at ? 0 : take_attr(&msg, type, p + at + 4, size);
		if (err)
			return err;
		at += 4 + (size + 3) / 4 * 4;
	}
	*ret_msg = msg;
	return 0;
}

/* HMAC over the first n bytes with the length as if MESSAGE-INTEGRITY were the last attribute. */
static void integrity(const uint8_t *p, size_t n, const char *password, uint8_t mac[INTEGRITY_SIZE])
{
	uint8_t copy[STUN_SIZE_MAX];
	unsigned size = INTEGRITY_SIZE;

	memcpy(copy, p, n);
	put16(copy + 2, n + 4 + INTEGRITY_SIZE - STUN_HEADER_SIZE);
	HMAC(EVP_sha1(), password, (int)strlen(password), copy, n, mac, &size);
}

bool stun_is_authentic(const struct stun_msg *msg, const char *password)
{
	uint8_t mac[INTEGRITY_SIZE];

	if (!msg->integrity_at)
		return false;
	integrity(msg->bytes, msg->integrity_at, password, mac);
	return !CRYPTO_memcmp(mac, msg->bytes + msg->integrity_at + 4, INTEGRITY_SIZE);
}

void stun_begin(struct stun_out *o, uint8_t *dst, enum stun_class class, const uint8_t id[12])
{
	*o = (struct stun_out){ .p = dst, .n = STUN_HEADER_SIZE };
	put16(dst, STUN_BINDING | (unsigned)(class & 2) << 7 | (unsigned)(class & 1) << 4);
	put32(dst + 4, COOKIE);
	memcpy(dst + 8, id, 12);
}

void stun_add(struct stun_out *o, enum stun_attr attr, const void *value, size_t n)
{
	size_t padded = (n + 3) / 4 * 4;

	if (padded + 4 + 32 > STUN_SIZE_MAX - o->n) { /* both checks must still fit */
		o->full = true;
		return;
	}
	put16(o->p + o->n, (size_t)attr);
	put16(o->p + o->n + 2, n);
	memset(o->p + o->n + 4, 0, padded);
	if (n)
		memcpy(o->p + o->n + 4, value, n);
	o->n += 4 + padded;
}

void stun_add_u32(struct stun_out *o, enum stun_attr attr, uint32_t value)
{
	uint8_t bytes[4];

	put32(bytes, value);
	stun_add(o, attr, bytes, sizeof(bytes));
}

void stun_add_mapped(struct stun_out *o, const struct addr *addr)
{
	uint8_t v[20] = { 0, addr_is_v6(addr) ? 2 : 1 };
	size_t size = addr_is_v6(addr) ? 16 : 4;

	put16(v + 2, addr_port(addr) ^ (COOKIE >> 16));
	memcpy(v + 4, size == 4 ? (const void *)&addr->v4.sin_addr : (const void *)&addr->v6.sin6_addr, size);
	for (size_t i = 0; i < size; i++)
		v[4 + i] ^= o->p[4 + i];
	stun_add(o, STUN_XOR_MAPPED, v, 4 + size);
}

void stun_add_error(struct stun_out *o, int code, const char *reason)
{
	uint8_t v[64] = { 0, 0, (uint8_t)(code / 100), (uint8_t)(code % 100) };
	size_t n = strnlen(reason, sizeof(v) - 4);

	memcpy(v + 4, reason, n);
	stun_add(o, STUN_ERROR_CODE, v, 4 + n);
}

size_t stun_end(struct stun_out *o, const char *password)
{
	uint8_t mac[INTEGRITY_SIZE];

	if (o->full)
		return 0;
	if (password) {
		integrity(o->p, o->n, password, mac);
		stun_add(o, STUN_INTEGRITY, mac, sizeof(mac));
	}
	put16(o->p + 2, o->n + 8 - STUN_HEADER_SIZE);
	stun_add_u32(o, STUN_FINGERPRINT, fingerprint(o->p, o->n));
	return o->n;
}
