// SPDX-License-Identifier: GPL-2.0
/* The faults of all CPUs, in the order in which they ended */
#include <stdlib.h>
#include <string.h>

#include "merge.h"

/* Room for one more. */
struct event *merge_add(struct merge *merge)
{
	struct event *event = rows_add(&merge->events);

	event->order = merge->read++;
	return event;
}

/* The last one was no fault. */
void merge_undo(struct merge *merge)
{
	merge->events.nr--;
}

static int by_end(const void *left, const void *right)
{
	const struct event *one = left, *other = right;
	uint64_t ends = event_end(one), end = event_end(other);

	if (ends != end)
		return ends < end ? -1 : 1;
	return one->order < other->order ? -1 : one->order > other->order;
}

/**
 * merge_until() - put in order what there is
 * @merge: the faults
 * @ns: all that ended until then were read
 *
 * Return: how many of the first ones ended until then: nothing will have to go
 * before them.
 */
size_t merge_until(struct merge *merge, uint64_t ns)
{
	const struct event *event = merge->events.row;
	size_t nr = 0;

	if (merge->events.nr)
		qsort(merge->events.row, merge->events.nr, merge->events.size, by_end);
	while (nr < merge->events.nr && event_end(&event[nr]) <= ns)
		nr++;
	return nr;
}

/* The first ones were shown. */
void merge_drop(struct merge *merge, size_t nr)
{
	struct event *event = merge->events.row;

	if (!nr)
		return;
	merge->events.nr -= nr;
	memmove(event, event + nr, merge->events.nr * sizeof(*event));
}

void merge_free(struct merge *merge)
{
	rows_free(&merge->events);
}
