#ifndef LX_LIFE_LIFE_INT_H
#define LX_LIFE_LIFE_INT_H

#include "base/timer.h"
#include "life/api.h"
#include "life/life.h"
#include "life/phone.h"
#include "sip/msg.h"
#include "sip/registration.h"

#include <sys/queue.h>
#include <uthash.h>

/* What the files of life/ share. */

enum life_mode { LIFE_RUNNING, LIFE_PAUSED, LIFE_STOPPED };

#define LIFE_LINES_MAX 16

struct life {
	const struct life_options *options;
	struct loop *loop;
	struct timers *timers;
	struct media *media;
	struct sip_stack *stack;
	char host[64]; /* our own ADDR:PORT */
	uint64_t seed;
	enum life_mode mode;
	double speed;
	struct api_user *watch; /* who asks for the settings */
	struct timer ask_timer, arrival_timer;
	struct robot *robots;   /* hash by extension */
	struct caller *callers; /* hash by tag */
	uint64_t last_tag;
	char *caller_lines[LIFE_LINES_MAX], *agent_lines[LIFE_LINES_MAX]; /* paths of spoken lines */
	size_t n_caller_lines, n_agent_lines;
	char *results[LIFE_LINES_MAX]; /* ids of dispositions */
	size_t n_results;
};

/* Chance, from the seed alone. */
double life_chance(struct life *life); /* 0 ≤ x < 1 */
int64_t life_between_us(struct life *life, double from_s, double to_s);
int64_t life_exponential_us(struct life *life, double mean_s);
const char *life_line(struct life *life, bool agent); /* a spoken line, NULL without any */

/* A robot agent (robot.c): registers a phone, signs in, goes ready, answers, talks, chooses a result. */
struct robot;
void robot_new(struct life *life, unsigned number);
void robot_free(struct robot *r);
void robot_invited(struct life *life, struct session *s, const struct sip_msg *invite);
void robot_set_mode(struct robot *r);
struct robot *robot_next(struct robot *r);

/* A caller (caller.c): dials, chooses from the menu, talks, and leaves. */
struct caller;
void caller_new(struct life *life);
void caller_free(struct caller *c);
struct caller *caller_next(struct caller *c);

#endif
