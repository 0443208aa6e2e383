#ifndef LX_IVR_SAY_H
#define LX_IVR_SAY_H

#include <stddef.h>
#include <stdint.h>

/* Sentences with numbers in them as lists of prompt names (standard/sentences.json), in zh-CN and en. The
 * names are static texts. A language that starts with "en" is English, every other one Chinese. */
#define SAY_MAX 32

struct say {
	const char *prompts[SAY_MAX];
	size_t n; /* what does not fit is dropped */
};

void say_number(struct say *say, const char *language, unsigned number); /* 0…9999; above digit by digit */
void say_digits(struct say *say, const char *language, const char *digits); /* other bytes are skipped */
void say_prompt(struct say *say, const char *name); /* name lives as long as the list */
/* "您前面还有 3 位", for position 1 "您是下一位", for 0 nothing; and the expected wait in minutes unless it
 * is below 0. */
void say_position(struct say *say, const char *language, size_t position, int64_t wait_ms);
/* "8001 号为您服务". */
void say_agent(struct say *say, const char *language, const char *number);

#endif
