// SPDX-License-Identifier: GPL-2.0
/*
 * Where the kernel says that things are: tracefs' format files
 *
 * A field is a line of its own:
 *	field:u64 gpa;	offset:48;	size:8;	signed:0;
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "model.h"

/* No record of the ring buffer is larger. */
#define BEYOND	65536

/* The number after @key in the line at @line, which ends at @end. */
static bool read_key(unsigned int *number, const char *line, const char *end,
		     const char *key)
{
	const char *at = memmem(line, end - line, key, strlen(key));
	unsigned long value;

	if (!at)
		return false;
	at += strlen(key);
	if (!isdigit((unsigned char)*at))
		return false;
	value = strtoul(at, NULL, 10);
	if (value > BEYOND)
		return false;
	*number = value;
	return true;
}

/* Does the declaration that ends before @end declare @name? */
static bool declares(const char *from, const char *end, const char *name)
{
	size_t length = strlen(name);

	if ((size_t)(end - from) <= length || memcmp(end - length, name, length))
		return false;
	return !isalnum((unsigned char)end[-length - 1]) && end[-length - 1] != '_';
}

static bool read_field(struct field *field, const char *line, const char *end,
		       const char *name)
{
	const char *from = memmem(line, end - line, "field:", 6), *to, *bracket;
	unsigned int is_signed = 0;

	if (!from)
		return false;
	from += 6;
	to = memchr(from, ';', end - from);
	if (!to)
		return false;
	bracket = to[-1] == ']' ? memrchr(from, '[', to - from) : NULL;
	if (!declares(from, bracket ? bracket : to, name))
		return false;
	if (!read_key(&field->offset, to, end, "offset:") ||
	    !read_key(&field->size, to, end, "size:"))
		return false;
	read_key(&is_signed, to, end, "signed:");
	field->is_signed = is_signed;
	field->is_array = bracket;
	return true;
}

/**
 * format_field() - find a field
 * @field: where to; of size 0 if there is none
 * @text: the format file
 * @name: of the field
 *
 * Return: whether there is one.
 */
bool format_field(struct field *field, const char *text, const char *name)
{
	const char *line, *end;

	for (line = text; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		if (read_field(field, line, end, name))
			return true;
	}
	*field = (struct field){ 0 };
	return false;
}

/* The number that records of the event begin with. */
bool format_id(uint64_t *id, const char *text)
{
	const char *line = strstr(text, "\nID: ");
	unsigned int number;

	if (!line || !read_key(&number, line, strchrnul(line + 1, '\n'), "ID: "))
		return false;
	*id = number;
	return true;
}

static bool is_within(const struct field *field, size_t length)
{
	return field->size && field->offset <= length &&
	       field->size <= length - field->offset;
}

/* UNKNOWN if there is none. What is below 0 is so as an int64_t. */
uint64_t field_number(const struct field *field, const void *bytes, size_t length)
{
	const char *at = (const char *)bytes + field->offset;
	uint64_t number = 0;
	unsigned int spare;

	if (!is_within(field, length) || field->is_array ||
	    field->size > sizeof(number))
		return UNKNOWN;
	memcpy(&number, at, field->size);
	spare = 8 * (sizeof(number) - field->size);
	return field->is_signed ? (uint64_t)((int64_t)(number << spare) >> spare) :
				  number;
}

/* Empty if there is none. */
void field_text(char *to, size_t room, const struct field *field,
		const void *bytes, size_t length)
{
	size_t size = 0;

	if (is_within(field, length) && field->is_array)
		size = field->size < room ? field->size : room - 1;
	memcpy(to, (const char *)bytes + (size ? field->offset : 0), size);
	to[size] = 0;
}
