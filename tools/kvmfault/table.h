/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables, for eyes or as JSON, from one description of their columns
 */
#ifndef KVMFAULT_TABLE_H
#define KVMFAULT_TABLE_H

#include <json-c/json.h>
#include <stdint.h>

#include "options.h"

enum column_kind {
	COLUMN_NUMBER,
	COLUMN_TIME,
	COLUMN_RATE,
	COLUMN_SHARE,
	COLUMN_ADDRESS,
	COLUMN_TEXT,
};

/**
 * struct column - one column; the last of a table has no name
 * @name: in JSON and in the head of raw tables, where the unit has to be told
 * @head: for eyes; NULL if the same
 * @kind: what is in it
 * @wide: too much for 80 columns: not for eyes
 */
struct column {
	const char *name;
	const char *head;
	enum column_kind kind;
	bool wide;
};

struct table;

/* Cells are added from left to right, row by row. */
struct table *table_new(const struct column *columns,
			const struct options *options);
void table_number(struct table *table, uint64_t number);
void table_real(struct table *table, double real);
void table_text(struct table *table, const char *text);
void table_word(struct table *table, const char *word);
void table_print(struct table *table);
struct json_object *table_json(struct table *table);

void json_number(struct json_object *object, const char *key, uint64_t number);
void json_text(struct json_object *object, const char *key, const char *text);
void json_word(struct json_object *object, const char *key, const char *word);
void json_line(struct json_object *json);
void json_print(struct json_object *json, const struct options *options);

#endif /* KVMFAULT_TABLE_H */
