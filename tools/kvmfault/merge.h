/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The faults of all CPUs, in the order in which they ended
 */
#ifndef KVMFAULT_MERGE_H
#define KVMFAULT_MERGE_H

#include "event.h"
#include "rows.h"

/**
 * struct merge - faults that were read and not shown
 * @events: these
 * @read: how many were read until now
 */
struct merge {
	struct rows events;
	uint64_t read;
};

#define MERGE	((struct merge){ .events = ROWS(struct event) })

struct event *merge_add(struct merge *merge);
void merge_undo(struct merge *merge);
size_t merge_until(struct merge *merge, uint64_t ns);
void merge_drop(struct merge *merge, size_t nr);
void merge_free(struct merge *merge);

#endif /* KVMFAULT_MERGE_H */
