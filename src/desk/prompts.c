/* Sound files of prompts, made once and kept in the data folder. One that cannot be made is logged; the call
 * then goes on without it. */
#include "desk/prompts.h"

#include "base/js.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/voice.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TUNE "♪"

/* Makes the folders that lead to a file. */
static void make_folders(char *path)
{
	for (char *p = path + 1; *p; p++)
		if (*p == '/') {
			*p = '\0';
			if (mkdir(path, 0700) && errno != EEXIST)
				log_(LOG_DESK, LOG_DEBUG, "folder not made path=\"%s\"", path);
			*p = '/';
		}
}

static void make(struct desk *desk, const json_t *prompt)
{
	const char *text = js_str(prompt, "text", "");
	CLEANUP(mem_freep)
	char *path = mem_printf("%s/%s", desk->options->data_dir, js_str(prompt, "path", ""));
	if (access(path, R_OK) == 0)
		return;
	make_folders(path);
	bool tune = strncmp(text, TUNE, strlen(TUNE)) == 0;
	int err = tune ? voice_tune(text + strlen(TUNE), path)
		       : voice_speak(text, js_str(prompt, "language", ""), path);
	if (err)
		log_(LOG_DESK, LOG_WARN, "prompt not made name=%s language=%s err=%s",
			js_str(prompt, "name", ""), js_str(prompt, "language", ""), err_name(err));
}

static int read_prompts(struct desk *desk, json_t *prompts)
{
	struct rows *rows;
	struct db *db = store_reader(desk->store);
	int err = db_query(db,
		"SELECT name, language, text, path FROM prompt WHERE text IS NOT NULL AND deleted IS NULL "
		"ORDER BY name, "
		"language",
		NO_ARGS, &rows);
	if (!err) {
		while (rows_next(rows)) {
			json_t *prompt = json_object();
			static const char *const names[] = { "name", "language", "text", "path" };
			for (int i = 0; i < 4; i++)
				json_object_set_new(prompt, names[i],
					json_stringn(rows_str(rows, i).p, rows_str(rows, i).n));
			json_array_append_new(prompts, prompt);
		}
		err = rows_end(rows);
	}
	store_reader_return(desk->store, db);
	return err;
}

static void run(void *context, void *arg, int err)
{
	struct desk *desk = arg;
	json_t *prompts = json_array(), *prompt;
	size_t i;
	(void)context;
	if (!err)
		err = read_prompts(desk, prompts);
	json_array_foreach (prompts, i, prompt)
		if (!err && !atomic_load(&desk->stopping))
			make(desk, prompt);
	json_decref(prompts);
}

void prompts_make(struct desk *desk)
{
	const struct pool_job job = { .fn = run, .arg = desk };
	if (pool_submit(desk->long_pool, &job))
		log_(LOG_DESK, LOG_WARN, "prompts not made: too much to do");
}

int prompts_remake(struct desk *desk, int64_t id)
{
	struct rows *rows;
	CLEANUP(mem_freep) char *path = NULL;
	struct db *db = store_reader(desk->store);
	int err = db_query(
		db, "SELECT path FROM prompt WHERE id = $1 AND text IS NOT NULL", ARGS(V_INT(id)), &rows);
	if (!err) {
		if (rows_next(rows))
			path = mem_printf("%s/" STR_FMT, desk->options->data_dir, STR_ARG(rows_str(rows, 0)));
		err = rows_end(rows);
	}
	store_reader_return(desk->store, db);
	if (err || !path)
		return err;
	unlink(path);
	prompts_make(desk);
	return 0;
}
