#ifndef LX_IVR_FLOW_H
#define LX_IVR_FLOW_H

#include "base/err.h"
#include "base/obj.h"

#include <jansson.h>
#include <stddef.h>

/* A call flow, checked and compiled: immutable and reference-counted (obj_ref, obj_unref), so a running call
 * keeps its version. The format is told in README.md of this folder. */
struct flow;

#define FLOW_NODES_MAX 500
#define FLOW_BYTES_MAX (64 * 1024)

/* -E_INVALID with the place in reterr_->field ("nodes.main.keys.1"), -E_LIMIT when too large. The value is
 * only read; the caller owns *ret_flow. */
int flow_compile(const json_t *graph, struct flow **ret_flow, struct fault *reterr_) MUST_CHECK;

size_t flow_size(const struct flow *flow); /* nodes */

/* Nodes that no path from the start reaches: allowed, but the editor should warn. Fills at most max names
 * (owned by the flow) and returns how many there are. */
size_t flow_unreachable(const struct flow *flow, const char **ret_names, size_t max);

#endif
