/* Names of the journal's events. */
#include "wire/event.h"

#include <string.h>

static const struct {
	const char *name;
	const char *fields;
} rows[] = {
#define X(code, name, fields) [EV_##code] = { name, fields },
	EVENT_MAP(X)
#undef X
};

const char *event_name(enum event_kind kind)
{
	return rows[kind].name;
}

const char *event_fields(enum event_kind kind)
{
	return rows[kind].fields;
}

enum event_kind event_from_name(const char *name)
{
	for (int i = 0; i < EV__MAX; i++)
		if (strcmp(rows[i].name, name) == 0)
			return (enum event_kind)i;
	return EV__MAX;
}
