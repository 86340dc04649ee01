// SPDX-License-Identifier: GPL-2.0
/* An array that grows: what a dump brought, row by row */
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "rows.h"

static char *nth(const struct rows *rows, size_t n)
{
	return (char *)rows->row + n * rows->size;
}

/* A new last row, all zero. Rows move: pointers to others end here. */
void *rows_add(struct rows *rows)
{
	if (rows->nr == rows->room) {
		rows->room = rows->room ? 2 * rows->room : 16;
		rows->row = must_alloc(reallocarray(rows->row, rows->room,
						    rows->size));
	}
	return memset(nth(rows, rows->nr++), 0, rows->size);
}

void *rows_last(const struct rows *rows)
{
	return rows->nr ? nth(rows, rows->nr - 1) : NULL;
}

/* Drop the rows that are not wanted; the others stay in order. */
void rows_keep(struct rows *rows, int (*wanted)(const void *row, const void *arg),
	       const void *arg)
{
	size_t i, kept = 0;

	for (i = 0; i < rows->nr; i++)
		if (wanted(nth(rows, i), arg))
			memmove(nth(rows, kept++), nth(rows, i), rows->size);
	rows->nr = kept;
}

void rows_free(struct rows *rows)
{
	free(rows->row);
	*rows = (struct rows){ .size = rows->size };
}
