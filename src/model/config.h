#ifndef LX_MODEL_CONFIG_H
#define LX_MODEL_CONFIG_H

#include "model/resource.h"

/* Rows of the switch's configuration (src/wire/README.md) for one record; null rows when it is gone. */
int config_setting(struct db *db, int64_t id, json_t *rows) MUST_CHECK;
int config_trunk(struct db *db, int64_t id, json_t *rows) MUST_CHECK;
int config_did(struct db *db, int64_t id, json_t *rows) MUST_CHECK;
int config_flow(struct db *db, int64_t id, json_t *rows) MUST_CHECK;
int config_skill(struct db *db, int64_t id, json_t *rows) MUST_CHECK;
int config_queue(struct db *db, int64_t id, json_t *rows) MUST_CHECK;
int config_agent(struct db *db, int64_t id, json_t *rows) MUST_CHECK;
int config_reason(struct db *db, int64_t id, json_t *rows) MUST_CHECK;
int config_prompt(struct db *db, int64_t id, json_t *rows) MUST_CHECK;

#endif
