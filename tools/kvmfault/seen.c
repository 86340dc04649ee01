// SPDX-License-Identifier: GPL-2.0
/* How often a page of a VM was seen, in bounded memory */
#include <stdlib.h>

#include "model.h"
#include "seen.h"

#define PAGE_BITS	12
#define FIRST_SIZE	1024

/* Not in use if @count is 0. */
struct seen_entry {
	uint64_t page;
	uint32_t vm;
	uint32_t count;
};

void seen_init(struct seen *seen, size_t limit)
{
	*seen = (struct seen){ .limit = limit };
}

void seen_free(struct seen *seen)
{
	free(seen->entry);
	seen_init(seen, seen->limit);
}

/* Neighbouring pages of one VM are the rule: mix all bits. */
static size_t hash(uint64_t page, uint32_t vm)
{
	uint64_t mixed = (page ^ (uint64_t)vm << 40) * 0x9e3779b97f4a7c15ULL;

	mixed = (mixed ^ mixed >> 32) * 0xd6e8feb86659fd93ULL;
	return mixed ^ mixed >> 32;
}

/* Its entry, or the one it would have. */
static struct seen_entry *find(struct seen_entry *entry, size_t size,
			       uint64_t page, uint32_t vm)
{
	size_t at = hash(page, vm) & (size - 1);

	while (entry[at].count && (entry[at].page != page || entry[at].vm != vm))
		at = (at + 1) & (size - 1);
	return &entry[at];
}

static bool grow(struct seen *seen)
{
	size_t size = seen->size ? 2 * seen->size : FIRST_SIZE, i;
	struct seen_entry *entry = calloc(size, sizeof(*entry)), *old;

	if (!entry)
		return false;
	for (i = 0; i < seen->size; i++) {
		old = &seen->entry[i];
		if (old->count)
			*find(entry, size, old->page, old->vm) = *old;
	}
	free(seen->entry);
	seen->entry = entry;
	seen->size = size;
	return true;
}

/* At most half of the table is in use. */
static bool has_room(struct seen *seen)
{
	if (seen->nr >= seen->limit)
		return false;
	return 2 * seen->nr < seen->size || grow(seen);
}

/**
 * seen_count() - see a page
 * @seen: what was seen
 * @vm: the VM's number
 * @gpa: an address in the page
 *
 * Return: how often it was seen, this time included; UNKNOWN if it is one that
 * there is no room for, since it may have been seen before.
 */
uint64_t seen_count(struct seen *seen, uint64_t vm, uint64_t gpa)
{
	struct seen_entry *entry = NULL;

	if (gpa == UNKNOWN || vm > UINT32_MAX)
		return UNKNOWN;
	if (seen->size)
		entry = find(seen->entry, seen->size, gpa >> PAGE_BITS, vm);
	if (!entry || !entry->count) {
		if (!has_room(seen)) {
			seen->full = true;
			return UNKNOWN;
		}
		entry = find(seen->entry, seen->size, gpa >> PAGE_BITS, vm);
		entry->page = gpa >> PAGE_BITS;
		entry->vm = vm;
		seen->nr++;
	}
	if (entry->count < UINT32_MAX)
		entry->count++;
	return entry->count;
}
