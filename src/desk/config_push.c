/* One push at a time. The revision rises in the database, so that it never goes back over a restart. */
#include "desk/config_push.h"

#include "base/js.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/peer.h"
#include "desk/signin.h"
#include "model/areas.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

struct config_push {
	pthread_mutex_t turn; /* held for the whole of a push */
	pthread_mutex_t lock; /* of what follows */
	bool full_wanted;
	bool stuck; /* the switch did not answer: requests do not wait for it, the upkeep tries again */
	struct config_state about;
	int64_t *seeing; /* agents who see numbers whole, as the switch has last been told; by `turn` */
	size_t n_seeing;
};

struct config_push *config_push_new(void)
{
	struct config_push *push = mem_alloc(sizeof(*push));
	pthread_mutex_init(&push->turn, NULL);
	pthread_mutex_init(&push->lock, NULL);
	push->full_wanted = true;
	return push;
}

void *config_push_free(struct config_push *push)
{
	if (!push)
		return NULL;
	pthread_mutex_destroy(&push->turn);
	pthread_mutex_destroy(&push->lock);
	free(push->seeing);
	free(push);
	return NULL;
}

void config_push_lost(struct config_push *push)
{
	pthread_mutex_lock(&push->lock);
	push->full_wanted = true;
	push->stuck = false;
	pthread_mutex_unlock(&push->lock);
}

void config_push_state(struct config_push *push, struct config_state *ret_state)
{
	pthread_mutex_lock(&push->lock);
	*ret_state = push->about;
	pthread_mutex_unlock(&push->lock);
}

static int raise_revision(struct db *db, void *arg)
{
	int64_t *revision = arg;
	int err = db_run(db,
		"INSERT INTO counter (name, value) VALUES ('config', 1) ON CONFLICT (name) DO UPDATE SET"
		" value = counter.value + 1",
		NO_ARGS);
	return err ? err
		   : db_one_int(db, "SELECT value FROM counter WHERE name = 'config'", NO_ARGS, revision);
}

/* Takes note of how a push ended; whatever went wrong, the next one is whole. */
static void note(struct config_push *push, int64_t revision, bool full, int err, const struct fault *fault)
{
	pthread_mutex_lock(&push->lock);
	if (revision > push->about.revision)
		push->about.revision = revision;
	if (!err)
		push->about.acked = revision;
	push->about.refused = err == -E_INVALID;
	push->about.fault = err == -E_INVALID ? *fault : (struct fault){ 0 };
	push->full_wanted = err ? true : full ? false : push->full_wanted;
	push->stuck = err == -E_TIMEOUT;
	pthread_mutex_unlock(&push->lock);
}

static int send_rows(struct desk *desk, json_t *rows, bool full, struct fault *fault)
{
	int64_t revision = 0;
	int err = store_write(desk->store, STORE_PEOPLE, raise_revision, &revision);
	if (err)
		return err;
	json_t *frame =
		json_pack("{s:I, s:b, s:O}", "revision", (json_int_t)revision, "full", full, "rows", rows);
	pthread_mutex_lock(&desk->config->lock);
	desk->config->about.revision = revision;
	pthread_mutex_unlock(&desk->config->lock);
	err = peer_config(desk->peer, revision, frame, fault);
	json_decref(frame);
	note(desk->config, revision, full, err, fault);
	if (err)
		log_(LOG_DESK, LOG_WARN,
			"configuration not taken revision=%" PRId64 " err=%s field=%s text=\"%s\"", revision,
			err_name(err), fault->field, fault->text);
	return err;
}

static void keep_seeing(struct config_push *push, int64_t *seeing, size_t n)
{
	free(push->seeing);
	push->seeing = seeing;
	push->n_seeing = n;
}

static int read_all(struct desk *desk, json_t *rows)
{
	int64_t *seeing = NULL;
	size_t n = 0;
	struct db *db = store_reader(desk->store);
	int err = model_config_seeing(db, &seeing, &n); /* first: what changes meanwhile is told again */
	if (!err)
		keep_seeing(desk->config, seeing, n);
	if (!err)
		err = model_config_all(db, rows);
	if (!err)
		err = signin_account_rows(db, rows);
	store_reader_return(desk->store, db);
	return err;
}

static int read_record(struct desk *desk, const struct resource *res, int64_t id, json_t *rows)
{
	struct db *db = store_reader(desk->store);
	int err = res->config(db, id, rows);
	store_reader_return(desk->store, db);
	return err;
}

/* Everything when that is wanted, else the record's rows or those given. */
static int push_now(
	struct desk *desk, const struct resource *res, int64_t id, json_t *given, struct fault *fault)
{
	json_t *rows = given ? json_incref(given) : json_array();
	pthread_mutex_lock(&desk->config->lock);
	bool full = desk->config->full_wanted;
	pthread_mutex_unlock(&desk->config->lock);
	int err = 0;
	if (full) {
		json_decref(rows);
		rows = json_array();
		err = read_all(desk, rows);
	} else if (res) {
		err = read_record(desk, res, id, rows);
	}
	if (!err && json_array_size(rows))
		err = send_rows(desk, rows, full, fault);
	json_decref(rows);
	return err;
}

static bool can_push(struct desk *desk)
{
	struct peer_state state;
	peer_state(desk->peer, &state);
	pthread_mutex_lock(&desk->config->lock);
	bool stuck = desk->config->stuck;
	pthread_mutex_unlock(&desk->config->lock);
	return state.up && !stuck;
}

static int push(struct desk *desk, const struct resource *res, int64_t id, json_t *given, struct fault *fault)
{
	pthread_mutex_lock(&desk->config->turn);
	int err = can_push(desk) ? push_now(desk, res, id, given, fault) : 0;
	pthread_mutex_unlock(&desk->config->turn);
	return err == -E_CLOSED ? 0 : err;
}

int config_push_record(struct desk *desk, const struct resource *res, int64_t id, struct fault *reterr_)
{
	return res->config ? push(desk, res, id, NULL, reterr_) : 0;
}

void config_push_rows(struct desk *desk, json_t *rows)
{
	struct fault fault = { 0 };
	if (json_array_size(rows))
		(void)push(desk, NULL, 0, rows, &fault);
	json_decref(rows);
}

/* The rows of agents in one of two ordered lists alone. */
static int rows_that_differ(
	struct db *db, const struct config_push *push, const int64_t *seeing, size_t n, json_t *rows)
{
	int err = 0;
	for (size_t i = 0, k = 0; !err && (i < n || k < push->n_seeing);) {
		int64_t now = i < n ? seeing[i] : INT64_MAX;
		int64_t before = k < push->n_seeing ? push->seeing[k] : INT64_MAX;
		if (now != before)
			err = agent_resource.config(db, now < before ? now : before, rows);
		i += now <= before;
		k += before <= now;
	}
	return err;
}

static int read_rights(struct desk *desk, json_t *rows)
{
	int64_t *seeing = NULL;
	size_t n = 0;
	struct db *db = store_reader(desk->store);
	int err = model_config_seeing(db, &seeing, &n);
	if (!err)
		err = rows_that_differ(db, desk->config, seeing, n, rows);
	store_reader_return(desk->store, db);
	if (err)
		free(seeing);
	else
		keep_seeing(desk->config, seeing, n);
	return err;
}

void config_push_rights(struct desk *desk)
{
	json_t *rows = json_array();
	struct fault fault = { 0 };
	pthread_mutex_lock(&desk->config->turn);
	int err = can_push(desk) ? read_rights(desk, rows) : 0;
	if (!err && json_array_size(rows))
		err = push_now(desk, NULL, 0, rows, &fault);
	pthread_mutex_unlock(&desk->config->turn);
	json_decref(rows);
	if (err) { /* whatever was told, the upkeep tells everything */
		log_(LOG_DESK, LOG_WARN, "phones not told who sees numbers err=%s", err_name(err));
		config_push_lost(desk->config);
	}
}

int config_push_all(struct desk *desk, struct fault *reterr_)
{
	config_push_lost(desk->config);
	return push(desk, NULL, 0, NULL, reterr_);
}

void config_push_again(struct desk *desk)
{
	struct fault fault = { 0 };
	pthread_mutex_lock(&desk->config->lock);
	bool wanted = desk->config->full_wanted && !desk->config->about.refused;
	desk->config->stuck = false;
	pthread_mutex_unlock(&desk->config->lock);
	if (wanted)
		(void)push(desk, NULL, 0, NULL, &fault);
}
