#ifndef LX_DESK_HUB_H
#define LX_DESK_HUB_H

#include "base/js.h"
#include "desk/desk_int.h"
#include "model/model.h"
#include "net/ws.h"

/* How things stand now, and who watches: the WebSocket /api/v1/events. The switch's live values are kept as
 * text, each change is encoded once and sent to all who may see it. */
struct hub;

struct hub *hub_new(struct loop *loop);
void hub_close(struct hub *hub); /* drops the watchers; on the loop */
void *hub_free(struct hub *hub); /* NULL allowed; returns NULL */

/* On the loop. `text` is the frame that `live` was parsed from. */
void hub_switch(struct hub *hub, bool up);
void hub_live(struct hub *hub, const json_t *live, struct str text);
void hub_event(struct hub *hub, const json_t *event, struct str text);

/* Any thread. */
/* To all who may read the record: `owners` are those that it has or had. */
void hub_changed(struct hub *hub, const struct resource *res, int64_t id, const struct owners *owners);
void hub_tell_user(
	struct hub *hub, int64_t user, json_t *message); /* to his pages alone; takes the message */
void hub_tell_all(struct hub *hub, json_t *message);     /* to every page; takes the message */
/* Who sits where, as of that generation of rights: who connects with an earlier one must come again. */
int hub_read_people(struct hub *hub, struct db *db, int64_t generation) MUST_CHECK;
size_t hub_users(struct hub *hub, int64_t **ret_users); /* that watch; the caller frees the list */
/* What the user holds now, NULL for nothing; takes the reference. His connections are closed when it is not
 * what they were cut by, or when they see a part that may be another now. */
void hub_cut(struct hub *hub, int64_t user, struct rights *rights);
void hub_cut_all(struct hub *hub);
enum hub_end { HUB_SIGNED_OUT, HUB_TAKEN_OVER };
void hub_end_session(struct hub *hub, int64_t session, enum hub_end why);
bool hub_user_watches(struct hub *hub, int64_t user); /* from a page that is open somewhere */
/* The snapshot cut to what the watcher may see, as text that the caller frees. */
struct watcher {
	int64_t session, user, agent, generation;
	struct rights *rights;
	const int64_t *queues; /* that an agent serves, or those whom he watches */
	size_t n_queues;
};
char *hub_snapshot(struct hub *hub, const struct watcher *watcher);
/* An agent's live value and his calls, as he may see them, as text, for agents/me; NULL when nothing is
 * known. The caller frees. */
char *hub_agent(struct hub *hub, int64_t agent);
char *hub_calls(struct hub *hub, const struct actor *actor);

/* On the loop: accepts the request and sends the snapshot first. The queues are copied, the rights are kept.
 */
void hub_watch(struct hub *hub, struct http_req *req, const struct watcher *watcher);

size_t hub_watchers(struct hub *hub); /* any thread */
/* The switch's own figures, each second: a fresh object, NULL before the first. Any thread. */
json_t *hub_figures(struct hub *hub);

#endif
