/* Text and parameters side by side, so that no value is ever written into a statement. */
#include "model/sql.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_MAX_BYTES (64 * 1024)
#define ARENA_MAX_BYTES (4 * 1024 * 1024)

void sql_init(struct sql *q)
{
	buf_init(&q->text, TEXT_MAX_BYTES);
	q->arena = arena_new(ARENA_MAX_BYTES);
	q->n = 0;
}

void sql_done(struct sql *q)
{
	buf_done(&q->text);
	q->arena = arena_free(q->arena);
}

void sql_add(struct sql *q, const char *fmt, ...)
{
	char part[1024];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(part, sizeof(part), fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(part))
		q->text.err = -E_LIMIT;
	else
		buf_add(&q->text, part, (size_t)n);
}

void sql_value(struct sql *q, struct value value)
{
	if (q->n >= SQL_ARGS_MAX) {
		q->text.err = -E_LIMIT;
		return;
	}
	if (value.type == VALUE_TEXT) {
		value.s = arena_str(q->arena, value.s);
		if (!value.s.p)
			q->text.err = -E_LIMIT;
	}
	q->args[q->n++] = value;
}

void sql_arg(struct sql *q, struct value value)
{
	sql_value(q, value);
	buf_printf(&q->text, "$%zu", q->n);
}

int sql_run(struct sql *q, struct db *db)
{
	int err = buf_err(&q->text);
	return err ? err : db_run(db, q->text.p, q->args, q->n);
}

int sql_post(struct sql *q, struct db *db)
{
	int err = buf_err(&q->text);
	return err ? err : db_post(db, q->text.p, q->args, q->n);
}

int sql_put(struct sql *q, struct db *db, const char *table)
{
	int err = buf_err(&q->text);
	return err ? err : db_put(db, table, q->text.p, q->args, q->n);
}

int sql_query(struct sql *q, struct db *db, struct rows **ret_rows)
{
	int err = buf_err(&q->text);
	return err ? err : db_query(db, q->text.p, q->args, q->n, ret_rows);
}
