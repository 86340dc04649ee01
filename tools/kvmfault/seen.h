/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How often a page of a VM was seen, in bounded memory
 */
#ifndef KVMFAULT_SEEN_H
#define KVMFAULT_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 128 MiB at most. */
#define SEEN_LIMIT	(4 << 20)

struct seen_entry;

/**
 * struct seen - counts by page and VM
 * @entry: a table with linear probing
 * @size: of it, a power of two
 * @nr: how many are in use
 * @limit: how many may be
 * @full: some page had to be turned away
 */
struct seen {
	struct seen_entry *entry;
	size_t size;
	size_t nr;
	size_t limit;
	bool full;
};

void seen_init(struct seen *seen, size_t limit);
uint64_t seen_count(struct seen *seen, uint64_t vm, uint64_t gpa);
void seen_free(struct seen *seen);

#endif /* KVMFAULT_SEEN_H */
