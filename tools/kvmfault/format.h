/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the kernel says that things are: tracefs' format files
 *
 * Pure. A text that is not what a kernel writes has no fields, and a field that
 * reaches beyond the bytes at hand has no value.
 */
#ifndef KVMFAULT_FORMAT_H
#define KVMFAULT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct field - a field of a record
 * @offset: where it begins
 * @size: in bytes; 0 if there is no such field
 * @is_signed: a number that may be below 0
 * @is_array: several of something, as a text is
 */
struct field {
	unsigned int offset;
	unsigned int size;
	bool is_signed;
	bool is_array;
};

bool format_field(struct field *field, const char *text, const char *name);
bool format_id(uint64_t *id, const char *text);

uint64_t field_number(const struct field *field, const void *bytes, size_t length);
void field_text(char *to, size_t room, const struct field *field,
		const void *bytes, size_t length);

#endif /* KVMFAULT_FORMAT_H */
