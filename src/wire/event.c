/* Names of the journal's events. */
#include "wire/event.h"

#include <string.h>

static const char *const names[] = {
#define X(code, name, fields) [EV_##code] = name,
	EVENT_MAP(X)
#undef X
};

const char *event_name(enum event_kind kind)
{
	return names[kind];
}

enum event_kind event_from_name(const char *name)
{
	for (int i = 0; i < EV__MAX; i++)
		if (strcmp(names[i], name) == 0)
			return (enum event_kind)i;
	return EV__MAX;
}
