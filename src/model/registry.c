/* Finding a resource or a field. */
#include "model/areas.h"
#include "model/record.h"

#include <string.h>

const struct unit unit_seconds = { { "秒", "seconds" }, 1000 };
const struct unit unit_minutes = { { "分钟", "minutes" }, 60000 };
const struct unit unit_days = { { "天", "days" }, 1 };
const struct unit unit_contacts = { { "通", "contacts" }, 1 };
const struct unit unit_characters = { { "个字符", "characters" }, 1 };
const struct unit unit_people = { { "人", "people" }, 1 };

const struct resource *resource_of_name(const char *name)
{
	for (size_t i = 0; i < resources_n; i++)
		if (strcmp(resources[i]->name, name) == 0)
			return resources[i];
	return NULL;
}

const struct resource *resource_of_plural(struct str plural)
{
	for (size_t i = 0; i < resources_n; i++)
		if (str_eqz(plural, resources[i]->plural))
			return resources[i];
	return NULL;
}

const struct field *resource_field(const struct resource *res, struct str name)
{
	for (size_t i = 0; i < res->n_fields; i++)
		if (str_eqz(name, res->fields[i].name))
			return &res->fields[i];
	for (size_t i = 0; i < BASE_FIELDS; i++)
		if (str_eqz(name, base_fields[i].name))
			return &base_fields[i];
	if (res_keeps(res) && str_eqz(name, deleted_field.name))
		return &deleted_field;
	return NULL;
}
