/* The rules for passwords, which are settings. Former passwords are kept as hashes. */
#include "desk/rules.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define KEPT 10

int rules_read(struct db *db, struct rules *ret)
{
	struct rows *rows;
	int err = db_query(db,
		"SELECT password_min, password_classes, password_history, password_days, lock_after, lock_ms"
		" FROM setting",
		NO_ARGS, &rows);
	if (err)
		return err;
	*ret = (struct rules){ 0 };
	if (rows_next(rows))
		*ret = (struct rules){ rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2),
			rows_int(rows, 3), rows_int(rows, 4), rows_int(rows, 5) };
	return rows_end(rows);
}

static int64_t characters(const char *text)
{
	int64_t n = 0;
	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

/* Small letters, capitals, digits, and everything else. */
static int64_t classes_of(const char *text)
{
	bool small = false, capital = false, digit = false, other = false;
	for (; *text; text++) {
		small |= *text >= 'a' && *text <= 'z';
		capital |= *text >= 'A' && *text <= 'Z';
		digit |= *text >= '0' && *text <= '9';
		other |= !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *text);
	}
	return small + capital + digit + other;
}

/* Whether it is one of the last ones, that of now included. */
static int was_used(struct db *db, int64_t user, int64_t history, const char *password, bool *ret_used)
{
	struct rows *rows;
	*ret_used = false;
	if (!history || !user)
		return 0;
	int err = db_query(db,
		"SELECT hash FROM user_password WHERE app_user = $1 ORDER BY created DESC, id DESC LIMIT $2",
		ARGS(V_INT(user), V_INT(history)), &rows);
	if (err)
		return err;
	while (rows_next(rows) && !*ret_used) {
		CLEANUP(mem_freep) char *hash = str_dup(rows_str(rows, 0));
		*ret_used = secret_verify(hash, password);
	}
	return rows_end(rows);
}

int rules_check(struct db *db, int64_t user, const char *password, struct faults *faults)
{
	struct rules rules;
	bool used = false;
	int err = rules_read(db, &rules);
	if (!err && characters(password) < rules.least)
		return faults_add(
			faults, "too_short", "password", "needs at least %d characters", (int)rules.least);
	if (!err && classes_of(password) < rules.classes)
		return faults_add(faults, "classes", "password",
			"needs %d of small letters, capitals, digits and other signs", (int)rules.classes);
	if (!err)
		err = was_used(db, user, rules.history, password, &used);
	if (!err && used)
		return faults_add(faults, "used", "password", "is one of the last %d", (int)rules.history);
	return err;
}

int rules_keep(struct db *db, struct id_source *ids, int64_t user, int64_t now_ms)
{
	int err = db_run(db,
		"INSERT INTO user_password (id, app_user, hash, created) SELECT $1, u.id, u.password, $2 FROM"
		" app_user u WHERE u.id = $3",
		ARGS(V_INT(id_next(ids, now_ms)), V_INT(now_ms), V_INT(user)));
	if (!err)
		err = db_run(db, "UPDATE app_user SET password_changed = $1 WHERE id = $2",
			ARGS(V_INT(now_ms), V_INT(user)));
	if (!err)
		err = db_run(db,
			"DELETE FROM user_password WHERE app_user = $1 AND id NOT IN (SELECT p.id FROM"
			" user_password p WHERE p.app_user = $1 ORDER BY p.created DESC, p.id DESC LIMIT $2)",
			ARGS(V_INT(user), V_INT(KEPT)));
	return err;
}
