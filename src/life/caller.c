/* A caller: dials the centre's number, listens to the menu for a moment, presses a key, talks when somebody
 * is there, and leaves when he has had enough. He cannot know whether he waits or is served, so his patience
 * is one span. */
#include "base/clock.h"
#include "base/mem.h"
#include "life/life_int.h"

#include <stdio.h>
#include <stdlib.h>

#define NUMBER "4008001234"

struct caller {
	struct life *life;
	UT_hash_handle hh;
	uint64_t tag;
	struct phone *phone;
	bool english;
	struct timer key, speak, leave;
};

static void gone(void *arg)
{
	caller_free(arg);
}

static void on_leave(void *arg)
{
	struct caller *c = arg;
	caller_free(c);
}

static void on_speak(void *arg)
{
	struct caller *c = arg;
	const char *line = life_line(c->life, false);
	if (line)
		phone_say(c->phone, line);
	timer_start_in(c->life->timers, &c->speak, life_between_us(c->life, 5, 12));
}

static void on_key(void *arg)
{
	struct caller *c = arg;
	double x = life_chance(c->life);
	if (c->english) {
		phone_key(c->phone, '9');
		c->english = false;
		timer_start_in(c->life->timers, &c->key, life_between_us(c->life, 3, 7));
		return;
	}
	phone_key(c->phone, x < 0.6 ? '1' : x < 0.9 ? '2' : '0');
	timer_start_in(c->life->timers, &c->speak, life_between_us(c->life, 8, 14));
}

static void on_up(void *arg)
{
	struct caller *c = arg;
	timer_start_in(c->life->timers, &c->key, life_between_us(c->life, 3, 9));
	timer_start_in(c->life->timers, &c->leave, 25 * CLOCK_S_US + life_exponential_us(c->life, 70));
}

static const struct phone_handlers phone_handlers = { on_up, gone };

void caller_new(struct life *life)
{
	struct caller *c = mem_alloc(sizeof(*c));
	char target[96], from[96];
	c->life = life;
	c->tag = ++life->last_tag;
	c->english = life_chance(life) < 0.1;
	timer_init(&c->key, on_key, c);
	timer_init(&c->speak, on_speak, c);
	timer_init(&c->leave, on_leave, c);
	c->phone = phone_new(life->stack, life->media, c->tag, &phone_handlers, c);
	HASH_ADD(hh, life->callers, tag, sizeof(c->tag), c);
	snprintf(target, sizeof(target), "sip:%s@%s", NUMBER, life->options->sip);
	snprintf(from, sizeof(from), "sip:138%08u@%s", (unsigned)(life_chance(life) * 200), life->host);
	phone_call(c->phone, target, from);
}

void caller_free(struct caller *c)
{
	struct timers *timers = c->life->timers;
	timer_stop(timers, &c->key);
	timer_stop(timers, &c->speak);
	timer_stop(timers, &c->leave);
	HASH_DEL(c->life->callers, c);
	phone_hangup(c->phone);
	obj_unref(c->phone);
	free(c);
}

struct caller *caller_next(struct caller *c)
{
	return c->hh.next;
}
