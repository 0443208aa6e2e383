/* Brings a database to the layout of this version. The steps are the numbered files in migrations/, written
 * in SQL for every database: what differs is spelt with a word in @…@, or stands in a section of its own. A
 * step runs whole or not at all. */
#include "store/db_int.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

#define STEP_MAX_BYTES (256 * 1024)

extern const struct embed_file store_migrations[];

/* The length of the line, its end included. */
static size_t line_length(const char *sql)
{
	const char *end = strchr(sql, '\n');
	return end ? (size_t)(end - sql) + 1 : strlen(sql);
}

/* `-- @name` alone on a line. */
static bool is_mark(const char *line, const char *name)
{
	struct str s = str_trim((struct str){ line, line_length(line) });
	struct str head = str_sub(s, 0, 4);
	return str_eqz(head, "-- @") && str_eqz(str_sub(s, 4, s.n), name);
}

static bool has_mark(const char *sql, const char *name)
{
	for (; *sql; sql += line_length(sql))
		if (is_mark(sql, name))
			return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The word of the dialect that stands at `p`, after what is written in `out`. A whole word; a cast keeps its
 * type, for there no collation may follow. */
static const struct db_word *word_at(const struct db_kind *kind, const char *p, const struct buf *out)
{
	for (const struct db_word *w = kind->words; w->word; w++) {
		size_t n = strlen(w->word);
		if (strncmp(p, w->word, n) != 0)
			continue;
		if (*p == '@')
			return w;
		bool whole = out->n && !is_letter(out->p[out->n - 1]) && !is_letter(p[n]);
		bool cast = out->n > 3 && strncmp(out->p + out->n - 3, "AS ", 3) == 0;
		if (whole && !cast)
			return w;
	}
	return NULL;
}

static void translate_line(const struct db_kind *kind, const char *line, size_t n, struct buf *out)
{
	bool quoted = false;
	for (size_t i = 0; i < n;) {
		const struct db_word *w = quoted ? NULL : word_at(kind, line + i, out);
		if (line[i] == '\'')
			quoted = !quoted;
		if (w)
			buf_addz(out, w->text);
		else
			buf_addc(out, line[i]);
		i += w ? strlen(w->word) : 1;
	}
}

/* The step in this database's words, without what is for another alone. */
static void translate(const struct db_kind *kind, const char *sql, struct buf *out)
{
	static const char *const sections[] = { "sqlite", "postgres" };
	bool ours = true;
	for (; *sql; sql += line_length(sql)) {
		if (is_mark(sql, "all"))
			ours = true;
		for (size_t i = 0; i < ARRAY_LEN(sections); i++)
			if (is_mark(sql, sections[i]))
				ours = strcmp(sections[i], kind->section) == 0;
		if (ours && strncmp(sql, "--", 2) != 0)
			translate_line(kind, sql, line_length(sql), out);
	}
}

/* "0001_ground.sql" is step 1. */
static int64_t number_of(const struct embed_file *file)
{
	struct str name = str_from(file->name);
	uint64_t n = 0;
	return str_to_u64(str_cut(&name, '_'), 9999, &n) ? 0 : (int64_t)n;
}

/* What refers to nothing after tables were made anew is a fault of the step. */
static int check_references(struct db *db)
{
	int64_t n = 0;
	int err = db->kind->dangling ? db_one_int(db, db->kind->dangling, NO_ARGS, &n) : 0;
	return err ? err : n ? -E_STATE : 0;
}

static int run_step(struct db *db, const struct embed_file *file, bool rebuild)
{
	struct buf sql;
	buf_init(&sql, STEP_MAX_BYTES);
	buf_addc(&sql, '\n');
	translate(db->kind, file->bytes, &sql);
	int err = buf_err(&sql);
	if (!err)
		err = db_begin(db);
	if (!err && str_trim(buf_str(&sql)).n) /* not only for the other database */
		err = db_script(db, sql.p);
	buf_done(&sql);
	if (!err)
		err = db_run(db, "INSERT INTO migration (number, name, applied) VALUES ($1, $2, $3)",
			ARGS(V_INT(number_of(file)), V_Z(file->name), V_INT(clock_wall_ms())));
	if (!err && rebuild)
		err = check_references(db);
	if (!err)
		err = db_commit(db);
	return err;
}

static int step(struct db *db, const struct embed_file *file, struct fault *reterr_)
{
	const struct db_kind *kind = db->kind;
	bool rebuild = kind->rebuild && has_mark(file->bytes, "rebuild");
	int err = rebuild ? db_script(db, kind->rebuild) : 0;
	if (!err)
		err = run_step(db, file, rebuild);
	if (err)
		(void)fault_set(reterr_, "migration", "data",
			"the database cannot be brought up to date: step %s: %s", file->name,
			err == -E_STATE ? err_text(err) : db_error(db));
	if (err && db_script(db, "ROLLBACK"))
		return -E_CORRUPT;
	if (rebuild && db_script(db, kind->rebuilt) && !err)
		err = -E_SYSTEM;
	return err;
}

static int refuse_newer(int64_t have, int64_t known, struct fault *reterr_)
{
	(void)fault_set(reterr_, "newer", "data",
		"the data were written by a newer version (layout %" PRId64 ", this one knows %" PRId64 ")",
		have, known);
	return -E_UNSUPPORTED;
}

static int migrate_alone(struct db *db, const struct embed_file *steps, int64_t last, struct fault *reterr_)
{
	struct buf sql;
	int64_t have = 0, known = 0;
	buf_init(&sql, STEP_MAX_BYTES);
	translate(db->kind,
		"CREATE TABLE IF NOT EXISTS migration (number @INT@ PRIMARY KEY,"
		" name TEXT NOT NULL, applied @INT@ NOT NULL) @STRICT@",
		&sql);
	int err = db_script(db, sql.p);
	buf_done(&sql);
	if (!err)
		err = db_one_int(db, "SELECT coalesce(max(number), 0) FROM migration", NO_ARGS, &have);
	if (err)
		return fault_set(reterr_, "migration", "data",
			       "the database cannot be brought up to date: %s", db_error(db)),
		       err;
	for (const struct embed_file *file = steps; file->name; file++)
		known = number_of(file);
	if (have > known)
		return refuse_newer(have, known, reterr_);
	for (const struct embed_file *file = steps; file->name && !err; file++)
		if (number_of(file) > have && (!last || number_of(file) <= last))
			err = step(db, file, reterr_);
	return err;
}

int migrate_by(struct db *db, const struct embed_file *steps, int64_t last, struct fault *reterr_)
{
	const struct db_kind *kind = db->kind;
	if (kind->lock && db_script(db, kind->lock))
		return fault_set(reterr_, "busy", "db", "another desk is changing the database's layout"),
		       -E_BUSY;
	int err = migrate_alone(db, steps, last, reterr_);
	if (kind->unlock && db_script(db, kind->unlock) && !err)
		err = -E_SYSTEM;
	return err;
}

int migrate(struct db *db, int64_t last, struct fault *reterr_)
{
	return migrate_by(db, store_migrations, last, reterr_);
}
