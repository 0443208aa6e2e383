/* Prompts made by machine are what the switch can play: right format, audible, no silence at the ends. */
#include "base/mem.h"
#include "desk/voice.h"
#include "media/sound.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[64];

static int set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/lx-voice-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(dir);
}

static struct sound *load_and_remove(const char *path)
{
	struct sound *sound = NULL;
	assert_int_equal(sound_load(path, &sound), 0);
	unlink(path);
	return sound;
}

static int64_t energy(const struct sound *s, size_t from, size_t to)
{
	int64_t sum = 0;
	for (size_t i = from; i < to && i < s->n; i++)
		sum += abs(s->samples[i]);
	return to > from ? sum / (int64_t)(to - from) : 0;
}

static void both_languages_are_spoken(void **state)
{
	static const char *const cases[][2] = { { "zh-CN", "您好，请稍候" },
		{ "en", "Please hold the line" } };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *path = mem_printf("%s/said.wav", dir);
		assert_int_equal(voice_speak(cases[i][1], cases[i][0], path), 0);
		struct sound *s = load_and_remove(path);
		assert_true(s->n > 8000 / 2 && s->n < 8000 * 5);
		assert_true(energy(s, 0, s->n) > 500);
		assert_true(energy(s, 0, 2000) > 50);
		sound_unref(s);
		free(path);
	}
}

static void nothing_to_say_is_refused(void **state)
{
	char *path = mem_printf("%s/said.wav", dir);
	(void)state;
	assert_int_equal(voice_speak("", "en", path), -E_INVALID);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_not_equal(voice_speak("hello", "en", "/nowhere/said.wav"), 0);
	free(path);
}

static void a_tune_lasts_as_long_as_its_notes(void **state)
{
	char *path = mem_printf("%s/tune.wav", dir);
	(void)state;
	assert_int_equal(voice_tune("A4:2 -:2 C#5:4", path), 0);
	struct sound *s = load_and_remove(path);
	assert_int_equal(s->n, 8 * 8000 * 312 / 1000);
	assert_true(energy(s, 0, 2000) > 300);
	sound_unref(s);
	assert_int_equal(voice_tune("H4:2", path), -E_SYNTAX);
	assert_int_equal(voice_tune("A4", path), -E_SYNTAX);
	assert_int_equal(voice_tune("", path), -E_SYNTAX);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_languages_are_spoken),
		cmocka_unit_test(nothing_to_say_is_refused),
		cmocka_unit_test(a_tune_lasts_as_long_as_its_notes),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down) || obj_live();
}
