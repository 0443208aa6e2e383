/* Writes the tables of src/text/pinyin.c out of ICU's transliterators, at build time: what a name begins with
 * (Han-Latin/Names), what a character is read like elsewhere (Han-Latin), and how letters with accents fold
 * (Latin-ASCII). Run as: pinyin_table OUT.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "text/pinyin_table.h"

#define SYLLABLES_MAX 4000
#define WORD 64

static char syllables[SYLLABLES_MAX][8];
static int n_syllables = 1;

static void check(UErrorCode code, const char *what)
{
	if (U_FAILURE(code)) {
		fprintf(stderr, "pinyin_table: %s: %s\n", what, u_errorName(code));
		exit(1);
	}
}

static UTransliterator *transliterator(const char *name)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar id[WORD];
	u_uastrcpy(id, name);
	UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
	check(code, name);
	return t;
}

static int transliterate(UTransliterator *t, UChar32 c, UChar *out)
{
	UErrorCode code = U_ZERO_ERROR;
	int32_t n = 0, limit;
	U16_APPEND_UNSAFE(out, n, c);
	limit = n;
	utrans_transUChars(t, out, &n, WORD, 0, &limit, &code);
	check(code, "transliterate");
	return n;
}

/* "zhāng" gives "zhang1", "lǚ" gives "lv3"; "" when it is no syllable of Chinese. */
static void plain_syllable(const UChar *text, int n, char *out)
{
	static const struct {
		UChar mark;
		char tone;
	} tones[] = { { 0x304, '1' }, { 0x301, '2' }, { 0x30c, '3' }, { 0x300, '4' } };
	UErrorCode code = U_ZERO_ERROR;
	UChar parts[WORD];
	int at = 0;
	char tone = '5';
	int32_t len = unorm2_normalize(unorm2_getNFDInstance(&code), text, n, parts, WORD, &code);
	check(code, "normalize");
	for (int32_t i = 0; i < len && at < 7; i++) {
		if (parts[i] == 0x308 && at && out[at - 1] == 'u')
			out[at - 1] = 'v';
		for (size_t k = 0; k < sizeof(tones) / sizeof(tones[0]); k++)
			if (parts[i] == tones[k].mark)
				tone = tones[k].tone;
		if (parts[i] >= 'a' && parts[i] <= 'z')
			out[at++] = (char)parts[i];
		else if (parts[i] < 0x300 || parts[i] > 0x36f)
			at = 8;
	}
	if (at == 0 || at > 6)
		at = 0;
	else
		out[at++] = tone;
	out[at] = '\0';
}

static int syllable_of(UTransliterator *t, UChar32 c)
{
	UChar text[WORD];
	char plain[10];
	int n = transliterate(t, c, text);
	plain_syllable(text, n, plain);
	if (!*plain)
		return 0;
	for (int i = 1; i < n_syllables; i++)
		if (strcmp(syllables[i], plain) == 0)
			return i;
	if (n_syllables == SYLLABLES_MAX)
		exit(1);
	memcpy(syllables[n_syllables], plain, sizeof(syllables[0]));
	return n_syllables++;
}

static void print_readings(FILE *out)
{
	UTransliterator *plain = transliterator("Han-Latin"), *names = transliterator("Han-Latin/Names");
	static int first[PINYIN_LAST - PINYIN_FIRST + 1], other[PINYIN_LAST - PINYIN_FIRST + 1];
	for (UChar32 c = PINYIN_FIRST; c <= PINYIN_LAST; c++) {
		other[c - PINYIN_FIRST] = syllable_of(plain, c);
		first[c - PINYIN_FIRST] = syllable_of(names, c);
	}
	fprintf(out, "const char pinyin_syllables[][8] = {\n");
	for (int i = 0; i < n_syllables; i++)
		fprintf(out, "\t\"%s\",\n", syllables[i]);
	fprintf(out, "};\n\nconst uint16_t pinyin_readings[] = {");
	for (int i = 0; i <= PINYIN_LAST - PINYIN_FIRST; i++)
		fprintf(out, "%s%d,", i % 16 ? " " : "\n\t", other[i]);
	fprintf(out, "\n};\n\nconst struct pinyin_surname pinyin_surnames[] = {\n");
	for (int i = 0; i <= PINYIN_LAST - PINYIN_FIRST; i++)
		if (first[i] && first[i] != other[i])
			fprintf(out, "\t{ 0x%04x, %d },\n", PINYIN_FIRST + i, first[i]);
	fprintf(out, "\t{ 0, 0 },\n};\n\n");
	utrans_close(plain);
	utrans_close(names);
}

/* Small letters without accents; what is no letter stays empty. */
static void print_folds(FILE *out)
{
	UTransliterator *ascii = transliterator("Latin-ASCII; Lower");
	fprintf(out, "const char fold_letters[][8] = {\n");
	for (UChar32 c = FOLD_FIRST; c <= FOLD_LAST; c++) {
		UErrorCode code = U_ZERO_ERROR;
		UChar text[WORD];
		char utf8[WORD] = "";
		int n = transliterate(ascii, c, text);
		if (u_isalnum(c))
			u_strToUTF8(utf8, WORD, NULL, text, n, &code);
		check(code, "fold");
		fprintf(out, "\t\"");
		for (const char *p = utf8; *p && strlen(utf8) < 8; p++)
			if (strchr("abcdefghijklmnopqrstuvwxyz0123456789", *p) || (*p & 0x80))
				fprintf(out, "\\%03o", (unsigned char)*p);
		fprintf(out, "\",\n");
	}
	fprintf(out, "};\n");
	utrans_close(ascii);
}

int main(int argc, char **argv)
{
	FILE *out = argc == 2 ? fopen(argv[1], "w") : NULL;
	if (!out)
		return 2;
	fprintf(out, "/* Made by cmake/pinyin_table.c from ICU %s. */\n#include \"text/pinyin_table.h\"\n\n",
		U_ICU_VERSION);
	print_readings(out);
	print_folds(out);
	return fclose(out) ? 1 : 0;
}
