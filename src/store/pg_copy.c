/* Rows are kept by their table and columns. Those of one table stay together although some name other columns
 * than others: what refers to them comes behind all of them. */
#include "store/pg_copy.h"

#include <inttypes.h>
#include <string.h>

#define ARENA_MAX_BYTES ((size_t)32 << 20)

void copies_init(struct copies *c)
{
	*c = (struct copies){ .arena = arena_new(ARENA_MAX_BYTES) };
}

void copies_done(struct copies *c)
{
	c->arena = arena_free(c->arena);
}

void copies_reset(struct copies *c)
{
	if (c->n)
		arena_reset(c->arena);
	c->n = c->n_rows = 0;
}

/* Behind the last of the same name, else at the end. */
static struct copy_table *table_new(struct copies *c, const char *name, const char *columns, size_t n)
{
	struct copy_table *t = arena_try(c->arena, sizeof(*t));
	size_t at = c->n;
	if (!t || c->n == COPY_TABLES_MAX)
		return NULL;
	t->name = arena_strndup(c->arena, str_from(name));
	t->columns = arena_strndup(c->arena, str_from(columns));
	t->n_columns = n;
	TAILQ_INIT(&t->rows);
	if (!t->name || !t->columns)
		return NULL;
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->tables[i]->name, name) == 0)
			at = i + 1;
	for (size_t i = c->n; i > at; i--)
		c->tables[i] = c->tables[i - 1];
	c->tables[at] = t;
	c->n++;
	return t;
}

static struct copy_table *table_of(struct copies *c, const char *name, const char *columns, size_t n)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->tables[i]->name, name) == 0 && strcmp(c->tables[i]->columns, columns) == 0)
			return c->tables[i];
	return table_new(c, name, columns, n);
}

static int keep(struct copies *c, struct value *to, const struct value *from)
{
	*to = *from;
	if (from->type != VALUE_TEXT)
		return 0;
	if (memchr(from->s.p, '\0', from->s.n))
		return -E_INVALID;
	to->s = arena_str(c->arena, from->s);
	return to->s.p ? 0 : -E_LIMIT;
}

int copies_add(struct copies *c, const char *table, const char *columns, const struct value *values, size_t n,
	struct copy_table **ret_table)
{
	struct copy_table *t = c->n_rows < COPY_ROWS_MAX ? table_of(c, table, columns, n) : NULL;
	struct copy_row *row = t ? arena_try(c->arena, sizeof(*row) + n * sizeof(row->values[0])) : NULL;
	int err = row ? 0 : -E_LIMIT;
	for (size_t i = 0; i < n && !err; i++)
		err = keep(c, &row->values[i], &values[i]);
	if (err)
		return err;
	TAILQ_INSERT_TAIL(&t->rows, row, next);
	t->n_rows++;
	c->n_rows++;
	*ret_table = t;
	return 0;
}

static void print_text(struct buf *out, struct str s)
{
	static const char special[] = "\\\n\r\t", letters[] = "\\nrt";
	size_t plain = 0;
	for (size_t i = 0; i < s.n; i++) {
		const char *found = memchr(special, s.p[i], sizeof(special) - 1);
		if (!found)
			continue;
		buf_add(out, s.p + plain, i - plain);
		buf_addc(out, '\\');
		buf_addc(out, letters[found - special]);
		plain = i + 1;
	}
	buf_add(out, s.p + plain, s.n - plain);
}

void copy_print(struct buf *out, const struct copy_row *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct value *v = &row->values[i];
		if (i)
			buf_addc(out, '\t');
		if (v->type == VALUE_NULL)
			buf_addz(out, "\\N");
		else if (v->type == VALUE_INT)
			buf_printf(out, "%" PRId64, v->i);
		else
			print_text(out, v->s);
	}
	buf_addc(out, '\n');
}
