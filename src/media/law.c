/* G.711. Encoding looks the upper 14 bits of a sample up in a table of 16,384 bytes per law, which is exact
 * for both: A-law has 13 bits, µ-law 14. The tables are filled once from the definition's segments. */
#include "media/law.h"

#include <pthread.h>

#define TABLE_BITS 14
#define TABLE_SIZE (1 << TABLE_BITS)

int16_t law_linear[2][256];
uint8_t law_convert[2][256];
static uint8_t encoded[2][TABLE_SIZE];

static int alaw_to_linear(unsigned byte)
{
	unsigned bits = byte ^ 0x55;
	int segment = (int)(bits >> 4 & 7);
	int value = (int)(bits & 15) << 4;

	value += segment ? 0x108 : 8;
	if (segment > 1)
		value <<= segment - 1;
	return bits & 0x80 ? value : -value;
}

static int ulaw_to_linear(unsigned byte)
{
	unsigned bits = ~byte & 0xff;
	int value = (((int)(bits & 15) << 3) + 0x84) << (bits >> 4 & 7);

	return bits & 0x80 ? 0x84 - value : value - 0x84;
}

/* Segment: place of the highest set bit above bit `low`, 0…7. */
static int segment_of(int magnitude, int low)
{
	int segment = 0;

	while (segment < 7 && magnitude >> (low + segment))
		segment++;
	return segment;
}

static uint8_t linear_to_alaw(int sample)
{
	unsigned mask = sample >= 0 ? 0xd5 : 0x55;
	int magnitude = (sample >= 0 ? sample : -sample - 1) >> 3;
	int segment;

	if (magnitude > 0xfff)
		magnitude = 0xfff;
	segment = segment_of(magnitude, 5);
	return (uint8_t)(((unsigned)segment << 4 | (unsigned)(magnitude >> (segment ? segment : 1) & 15)) ^
		mask);
}

static uint8_t linear_to_ulaw(int sample)
{
	unsigned mask = sample >= 0 ? 0xff : 0x7f;
	int magnitude = (sample >= 0 ? sample : -sample) + 0x84;
	int segment;

	if (magnitude > 0x7fff)
		magnitude = 0x7fff;
	segment = segment_of(magnitude, 8);
	return (uint8_t)(((unsigned)segment << 4 | (unsigned)(magnitude >> (segment + 3) & 15)) ^ mask);
}

static void fill(void)
{
	for (int i = 0; i < TABLE_SIZE; i++) {
		int sample = (int16_t)(i << (16 - TABLE_BITS));

		encoded[MEDIA_PCMA][i] = linear_to_alaw(sample);
		encoded[MEDIA_PCMU][i] = linear_to_ulaw(sample);
	}
	for (unsigned i = 0; i < 256; i++) {
		law_linear[MEDIA_PCMA][i] = (int16_t)alaw_to_linear(i);
		law_linear[MEDIA_PCMU][i] = (int16_t)ulaw_to_linear(i);
		law_convert[MEDIA_PCMA][i] = linear_to_ulaw(alaw_to_linear(i));
		law_convert[MEDIA_PCMU][i] = linear_to_alaw(ulaw_to_linear(i));
	}
}

void law_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, fill);
}

static uint8_t encode_one(const uint8_t *table, int sample)
{
	return table[(uint16_t)sample >> (16 - TABLE_BITS)];
}

uint8_t law_encode(enum media_codec codec, int sample)
{
	if (sample > INT16_MAX)
		sample = INT16_MAX;
	if (sample < INT16_MIN)
		sample = INT16_MIN;
	return encode_one(encoded[codec], sample);
}

void law_encode_block(enum media_codec codec, const int16_t *src, size_t n, uint8_t *dst)
{
	const uint8_t *table = encoded[codec];

	for (size_t i = 0; i < n; i++)
		dst[i] = encode_one(table, src[i]);
}

void law_decode_block(enum media_codec codec, const uint8_t *src, size_t n, int16_t *dst)
{
	const int16_t *table = law_linear[codec];

	for (size_t i = 0; i < n; i++)
		dst[i] = table[src[i]];
}

uint8_t law_silence(enum media_codec codec)
{
	return codec == MEDIA_PCMA ? 0xd5 : 0xff;
}
