#ifndef LX_MODEL_AREAS_H
#define LX_MODEL_AREAS_H

#include "model/resource.h"

/* Every resource, in the order of the administration's menu; each is defined in the file of its area. */
#define RESOURCES(X)                                                                                         \
	X(interaction)                                                                                       \
	X(recording)                                                                                         \
	X(customer)                                                                                          \
	X(agent)                                                                                             \
	X(user)                                                                                              \
	X(team)                                                                                              \
	X(site)                                                                                              \
	X(role)                                                                                              \
	X(data_set)                                                                                          \
	X(session)                                                                                           \
	X(api_token)                                                                                         \
	X(sign_in)                                                                                           \
	X(skill)                                                                                             \
	X(queue)                                                                                             \
	X(did)                                                                                               \
	X(flow)                                                                                              \
	X(prompt)                                                                                            \
	X(trunk)                                                                                             \
	X(reason)                                                                                            \
	X(disposition)                                                                                       \
	X(custom_field)                                                                                      \
	X(setting)                                                                                           \
	X(job)                                                                                               \
	X(import)                                                                                            \
	X(view)                                                                                              \
	X(audit)

#define X(name) extern const struct resource name##_resource;
RESOURCES(X)
#undef X

/* Used by more than one area. */
extern const struct choice languages[];
extern const struct choice tiers[];
extern const struct field skill_level_fields[2];

#endif
