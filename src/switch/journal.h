#ifndef LX_SWITCH_JOURNAL_H
#define LX_SWITCH_JOURNAL_H

#include "base/js.h"
#include "net/loop.h"
#include "wire/event.h"

/* The switch's memory of what happened: one SQLite file that only the switch opens, written by a thread of
 * its own with group commit. A kill loses at most one commit (a few milliseconds), loss of power at most a
 * second. All functions belong to the loop's thread; the handlers run there. */
struct journal;

struct journal_opts {
	const char *path;
	struct loop *loop;
	void (*on_durable)(void *arg, int64_t n); /* everything up to n is on disk */
	void *arg;
	size_t memory_max; /* bytes kept in memory while the disk refuses; 0 means 64 MB */
	int64_t max_pages; /* SQLite's cap on the file, 0 for none */
};

/* What the file told at opening. */
struct journal_past {
	int64_t last_n;
	int64_t boot;         /* number of this start, counted from 1 */
	int64_t heartbeat_ms; /* wall time until which the former switch is known to have lived, 0 at the
				 first start */
	json_t *open;         /* ids (decimal strings) of the interactions that never ended */
	json_t *events;       /* the events of these, in order */
	json_t *agents;       /* last agent.state event of each agent that is not offline */
	json_t *phones;       /* what journal_phone() keeps, oldest id first */
};

/* The caller releases the JSON values with journal_past_done(). -E_UNSUPPORTED for a file of a newer version
 * or of another layout; the fault tells the person what to do. */
int journal_open(const struct journal_opts *opts, struct journal_past *ret_past, struct journal **ret_journal,
	struct fault *reterr_) MUST_CHECK;
void journal_past_done(struct journal_past *past);
/* Writes what is queued, then closes; no handler runs afterwards. NULL allowed. */
void *journal_close(struct journal *j);

/* One event as it goes to the file. `text` (JSON) is copied. interaction and agent are 0 where the event has
 * none. */
struct journal_row {
	int64_t n;
	int64_t at_ms;
	enum event_kind kind;
	int64_t interaction;
	int64_t agent;
	bool offline; /* an agent.state that says offline */
	struct str text;
};

/* -E_FULL when the disk refuses and memory is used up: the event is lost for the file. */
int journal_append(struct journal *j, const struct journal_row *row) MUST_CHECK;

/* How it stands with the disk. */
struct journal_state {
	int err;              /* -E_X while it refuses, 0 when all is well */
	size_t waiting_bytes; /* of events not on disk */
};
void journal_state(const struct journal *j, struct journal_state *ret_state);

/* Whether new calls should be refused because what they leave behind may be lost. */
bool journal_is_full(const struct journal *j);

/* The signalling thread lives at this moment; at most one write a second. */
void journal_heartbeat(struct journal *j, int64_t wall_ms);

/* Keeps a phone's registration under its id, in the place of what was there, until it expires (wall time);
 * empty text takes it away. -E_FULL as above. */
int journal_phone(struct journal *j, int64_t id, int64_t expires_ms, struct str text) MUST_CHECK;

/* The desk holds everything up to n: rows may go once they are seven days old. */
void journal_stored(struct journal *j, int64_t n);

/* Events from n on, at most `limit`, as texts in order; fn runs once, with last = 0 when there were none. */
typedef void (*journal_read_fn)(void *arg, const struct str *texts, size_t count, int64_t last_n);
void journal_read(struct journal *j, int64_t from_n, size_t limit, journal_read_fn fn, void *arg);

#endif
