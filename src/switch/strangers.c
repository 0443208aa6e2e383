/* A table as small as a log can bear: 64 lines a minute. Who has been silent for a minute gives his place up.
 */
#include "switch/strangers.h"

#include "base/clock.h"
#include "base/mem.h"

#define TELL_EVERY_US (60 * CLOCK_S_US)

int64_t strangers_note(struct strangers *s, const struct addr *from, int64_t now_us)
{
	size_t place = STRANGERS_KEPT;
	s->total++;
	for (size_t i = 0; i < STRANGERS_KEPT; i++) {
		bool told = addr_is_set(&s->rows[i].addr) && now_us - s->rows[i].told_us < TELL_EVERY_US;
		if (addr_is_set(&s->rows[i].addr) && addr_eq_host(&s->rows[i].addr, from)) {
			place = i;
			s->rows[i].calls++;
			if (told)
				return 0;
			break;
		}
		if (!told && place == STRANGERS_KEPT)
			place = i;
	}
	if (place == STRANGERS_KEPT)
		return 0;
	bool known = addr_is_set(&s->rows[place].addr) && addr_eq_host(&s->rows[place].addr, from);
	int64_t calls = known ? s->rows[place].calls : 1;
	s->rows[place].addr = *from;
	s->rows[place].told_us = now_us;
	s->rows[place].calls = 0;
	return calls;
}
