/* A name is kept when it looks like one: people type passwords into the wrong field. */
#include "desk/attempts.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "model/field.h"
#include "model/search.h"

#include <stdlib.h>
#include <string.h>

#define PROGRAM_MAX_BYTES 200
#define NAME_MAX_BYTES 32

const char *attempt_program(struct request *r)
{
	struct str text = http_header(r->http, "User-Agent");
	return text.n ? arena_strndup(r->arena, str_sub(text, 0, PROGRAM_MAX_BYTES)) : NULL;
}

static bool looks_like_a_name(const char *name)
{
	struct fault fault;
	json_t *value = name && strlen(name) <= NAME_MAX_BYTES ? json_string(name) : NULL;
	bool looks = value && check_word(value, &fault) == 0;
	json_decref(value);
	return looks;
}

static int name_of(struct db *db, int64_t user, char *ret, size_t size)
{
	struct rows *rows;
	int err = db_query(db, "SELECT name FROM app_user WHERE id = $1", ARGS(V_INT(user)), &rows);
	if (err)
		return err;
	if (!rows_next(rows) || str_copy(rows_str(rows, 0), ret, size))
		*ret = 0;
	return rows_end(rows);
}

int attempt_write(const struct change *c, const struct attempt *a)
{
	char known[NAME_MAX_BYTES + 1] = "";
	const char *name = looks_like_a_name(a->name) ? a->name : NULL;
	struct buf words;
	int err = name ? 0 : name_of(c->db, a->user, known, sizeof(known));
	if (err)
		return err;
	if (*known)
		name = known;
	search_words(&words, name, c->actor->address);
	err = db_run(c->db,
		"INSERT INTO sign_in (id, version, created, updated, app_user, name, result, address, "
		"user_agent, search)"
		" SELECT $1, 1, $2, $2, (SELECT u.id FROM app_user u WHERE u.id = $3 OR u.name = $4),"
		" $4, $5, $6, $7, $8",
		ARGS(V_INT(id_next(c->ids, c->now_ms)), V_INT(c->now_ms), V_INT(a->user), V_Z(name),
			V_Z(a->result), V_Z(c->actor->address), V_Z(a->program), V_STR(buf_str(&words))));
	buf_done(&words);
	return err;
}

/* Strings lie behind it in one piece of memory. */
struct note {
	struct desk *desk;
	struct attempt attempt;
	char *name, *program, *address;
};

static int write_note(struct db *db, void *arg)
{
	struct note *note = arg;
	const struct actor nobody = { .address = note->address };
	const struct change change = {
		.db = db, .ids = &note->desk->ids, .now_ms = clock_wall_ms(), .actor = &nobody
	};
	return attempt_write(&change, &note->attempt);
}

static void note_done(int err, void *arg)
{
	struct note *note = arg;
	if (err)
		log_(LOG_DESK, LOG_WARN, "attempt to sign in not noted err=%s", err_name(err));
	free(note->name);
	free(note->program);
	free(note->address);
	free(note);
}

void attempt_note(struct request *r, const char *name, const char *result)
{
	struct note *note = mem_alloc(sizeof(*note));
	*note = (struct note){ .desk = r->desk,
		.name = mem_strdup(name),
		.program = mem_strdup(attempt_program(r)),
		.address = mem_strdup(r->actor.address) };
	note->attempt = (struct attempt){ 0, note->name, result, note->program };
	if (store_post(r->desk->store, STORE_PEOPLE, write_note, note_done, note))
		note_done(-E_BUSY, note);
}
