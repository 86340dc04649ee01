/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The histogram as its description reads, with no thought of speed
 *
 * Steps from 0 upwards, a bucket at a time, using nothing of histogram.h: one
 * nanosecond each below 8 ns, then eight equal buckets per power of two, up to
 * 2^36 ns, and one for all the rest.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#include <linux/types.h>

#define REFERENCE_BUCKETS	273
#define REFERENCE_TOP		68719476736ULL	/* 2^36 ns, 68.7 s */

struct reference {
	unsigned int index;
	__u64 from;
	__u64 to;	/* exclusive, but the last has no end */
};

static inline __u64 reference_width(__u64 from)
{
	__u64 power = 8;

	if (from < 8)
		return 1;
	while (from / power >= 2)
		power *= 2;
	return power / 8;
}

static inline struct reference reference_first(void)
{
	return (struct reference){ .index = 0, .from = 0, .to = 1 };
}

static inline struct reference reference_next(struct reference this)
{
	this.index++;
	this.from = this.to;
	if (this.from == REFERENCE_TOP)
		this.to = ~0ULL;
	else
		this.to += reference_width(this.from);
	return this;
}

static inline struct reference reference_find(__u64 ns)
{
	struct reference at = reference_first();

	while (at.from != REFERENCE_TOP && at.to <= ns)
		at = reference_next(at);
	return at;
}

#endif /* REFERENCE_H */
