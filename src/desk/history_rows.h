#ifndef LX_DESK_HISTORY_ROWS_H
#define LX_DESK_HISTORY_ROWS_H

#include "base/js.h"
#include "store/db.h"

/* Writes a list of events of one node into the history, on the writer thread: the raw events, the
 * interactions, legs, recordings and agents' times that follow from them, and the cursor, all in the caller's
 * transaction. Events up to the cursor are passed over, so the same list may come twice. *ret_cursor is the
 * new one. */
int history_store(struct db *db, int64_t node, const json_t *events, int64_t *ret_cursor) MUST_CHECK;

/* The node whose events came last, and its cursor: where a desk that starts goes on. */
int history_latest(struct db *db, int64_t *ret_node, int64_t *ret_cursor) MUST_CHECK;

/* The conservation check: every interaction ends exactly once, every second of an agent belongs to exactly
 * one state, sums agree. Appends {"check", "id", "text"} for what does not hold. */
int history_check(struct db *db, json_t *findings) MUST_CHECK;

#endif
