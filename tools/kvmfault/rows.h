/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An array that grows: what a dump brought, row by row
 */
#ifndef KVMFAULT_ROWS_H
#define KVMFAULT_ROWS_H

#include <stddef.h>

/**
 * struct rows - rows of one type, in the order in which they came
 * @row: the first of them
 * @nr: how many there are
 * @room: for how many there is memory
 * @size: of one
 */
struct rows {
	void *row;
	size_t nr;
	size_t room;
	size_t size;
};

#define ROWS(type)	((struct rows){ .size = sizeof(type) })

#define rows_for_each(entry, rows)					\
	for ((entry) = (rows)->row;					\
	     (rows)->nr && (entry) < (typeof(entry))(rows)->row + (rows)->nr; \
	     (entry)++)

void *rows_add(struct rows *rows);
void *rows_last(const struct rows *rows);
void rows_keep(struct rows *rows, int (*wanted)(const void *row, const void *arg),
	       const void *arg);
void rows_free(struct rows *rows);

#endif /* KVMFAULT_ROWS_H */
