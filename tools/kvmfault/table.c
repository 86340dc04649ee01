// SPDX-License-Identifier: GPL-2.0
/* Tables, for eyes or as JSON, from one description of their columns */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "figure.h"
#include "model.h"
#include "table.h"

#define CELL	(4 * TEXT + 4)

struct cell {
	uint64_t number;
	double real;
	char text[TEXT];
};

struct table {
	const struct column *columns;
	unsigned int nr_columns;
	const struct options *options;
	struct rows cells;
};

struct table *table_new(const struct column *columns,
			const struct options *options)
{
	struct table *table = must_alloc(calloc(1, sizeof(*table)));

	table->columns = columns;
	while (columns[table->nr_columns].name)
		table->nr_columns++;
	table->options = options;
	table->cells = ROWS(struct cell);
	return table;
}

static void table_free(struct table *table)
{
	rows_free(&table->cells);
	free(table);
}

void table_number(struct table *table, uint64_t number)
{
	((struct cell *)rows_add(&table->cells))->number = number;
}

/* Below 0: not known. */
void table_real(struct table *table, double real)
{
	((struct cell *)rows_add(&table->cells))->real = real;
}

void table_text(struct table *table, const char *text)
{
	struct cell *cell = rows_add(&table->cells);

	snprintf(cell->text, sizeof(cell->text), "%s", text);
}

/* In names.c a dash stands for what is not known; a VM may be called that. */
static const char *text_of_word(const char *word)
{
	return strcmp(word, "-") ? word : "";
}

/* A word of ours, and no name that somebody else chose. */
void table_word(struct table *table, const char *word)
{
	table_text(table, text_of_word(word));
}

static void raw_cell(char *text, const struct column *column,
		     const struct cell *cell)
{
	if (column->kind == COLUMN_RATE || column->kind == COLUMN_SHARE)
		snprintf(text, CELL, "%.3f", cell->real);
	else
		snprintf(text, CELL, "%llu", (unsigned long long)cell->number);
}

static void nice_cell(char *text, const struct column *column,
		      const struct cell *cell)
{
	char nice[FIGURE];

	switch (column->kind) {
	case COLUMN_NUMBER:
		figure_count(nice, cell->number);
		break;
	case COLUMN_TIME:
		figure_time(nice, cell->number);
		break;
	case COLUMN_RATE:
		figure_rate(nice, cell->real);
		break;
	default:
		figure_share(nice, cell->real);
		break;
	}
	strcpy(text, nice);
}

static bool is_known(const struct column *column, const struct cell *cell)
{
	switch (column->kind) {
	case COLUMN_TEXT:
		return cell->text[0];
	case COLUMN_RATE:
	case COLUMN_SHARE:
		return cell->real >= 0;
	default:
		return cell->number != UNKNOWN;
	}
}

static void put_cell(char *text, const struct table *table,
		     const struct column *column, const struct cell *cell)
{
	if (!is_known(column, cell))
		strcpy(text, "-");
	else if (column->kind == COLUMN_TEXT)
		text_printable(text, CELL, cell->text);
	else if (column->kind == COLUMN_ADDRESS)
		snprintf(text, CELL, "0x%llx", (unsigned long long)cell->number);
	else if (table->options->raw)
		raw_cell(text, column, cell);
	else
		nice_cell(text, column, cell);
}

static bool is_shown(const struct table *table, unsigned int i)
{
	return table->options->raw || !table->columns[i].wide;
}

static const char *head_of(const struct table *table, unsigned int i)
{
	const struct column *column = &table->columns[i];

	return column->head && !table->options->raw ? column->head : column->name;
}

static unsigned int width_of(const struct table *table, unsigned int i)
{
	unsigned int width = strlen(head_of(table, i));
	const struct cell *cells = table->cells.row;
	char text[CELL];
	size_t at;

	for (at = i; at < table->cells.nr; at += table->nr_columns) {
		put_cell(text, table, &table->columns[i], &cells[at]);
		if (strlen(text) > width)
			width = strlen(text);
	}
	return width;
}

/* Nothing is added after the last column: no blanks at the end of a line. */
static void print_text(const struct table *table, unsigned int i, int width,
		       const char *text)
{
	const char *blank = i ? " " : "";

	if (table->columns[i].kind != COLUMN_TEXT)
		printf("%s%*s", blank, width, text);
	else if (i + 1 < table->nr_columns)
		printf("%s%-*s", blank, width, text);
	else
		printf("%s%s", blank, text);
}

static void print_lines(const struct table *table, const unsigned int *width)
{
	const struct cell *cell = table->cells.row;
	unsigned int i;
	char text[CELL];
	size_t row;

	for (i = 0; i < table->nr_columns; i++)
		if (is_shown(table, i))
			print_text(table, i, width[i], head_of(table, i));
	putchar('\n');
	for (row = 0; row < table->cells.nr / table->nr_columns; row++) {
		for (i = 0; i < table->nr_columns; i++, cell++) {
			if (!is_shown(table, i))
				continue;
			put_cell(text, table, &table->columns[i], cell);
			print_text(table, i, width[i], text);
		}
		putchar('\n');
	}
}

/* JSON is UTF-8 and json-c escapes the rest; other bytes are shown as here. */
static struct json_object *json_string(const char *text)
{
	char printable[CELL];
	const char *c;

	for (c = text; *c; c++) {
		if (!(*c & 0x80))
			continue;
		text_printable(printable, sizeof(printable), text);
		return json_object_new_string(printable);
	}
	return json_object_new_string(text);
}

static struct json_object *json_cell(const struct column *column,
				     const struct cell *cell)
{
	char text[CELL];

	if (!is_known(column, cell))
		return NULL;
	if (column->kind == COLUMN_TEXT)
		return json_string(cell->text);
	if (column->kind == COLUMN_RATE || column->kind == COLUMN_SHARE) {
		snprintf(text, sizeof(text), "%.3f", cell->real);
		return json_object_new_double_s(cell->real, text);
	}
	return json_object_new_uint64(cell->number);
}

/* Ends the table. */
struct json_object *table_json(struct table *table)
{
	struct json_object *array = json_object_new_array(), *object;
	const struct cell *cell = table->cells.row;
	unsigned int i;
	size_t row;

	for (row = 0; row < table->cells.nr / table->nr_columns; row++) {
		object = json_object_new_object();
		for (i = 0; i < table->nr_columns; i++, cell++)
			json_object_object_add(object, table->columns[i].name,
					       json_cell(&table->columns[i], cell));
		json_object_array_add(array, object);
	}
	table_free(table);
	return array;
}

/* Ends the table. */
void table_print(struct table *table)
{
	unsigned int width[table->nr_columns], i;

	if (table->options->json) {
		json_print(table_json(table), table->options);
		return;
	}
	for (i = 0; i < table->nr_columns; i++)
		width[i] = width_of(table, i);
	print_lines(table, width);
	fflush(stdout);
	table_free(table);
}

void json_number(struct json_object *object, const char *key, uint64_t number)
{
	json_object_object_add(object, key, number == UNKNOWN ? NULL :
			       json_object_new_uint64(number));
}

void json_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, *text ? json_string(text) : NULL);
}

void json_word(struct json_object *object, const char *key, const char *word)
{
	json_text(object, key, text_of_word(word));
}

/* Ends @json; whoever prints many lines flushes them. */
void json_line(struct json_object *json)
{
	puts(json_object_to_json_string_ext(json, JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
}

/* Ends @json. */
void json_print(struct json_object *json, const struct options *options)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	if (options->pretty)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	puts(json_object_to_json_string_ext(json, flags));
	fflush(stdout);
	json_object_put(json);
}
