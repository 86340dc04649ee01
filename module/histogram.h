/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Latency histogram: log-linear buckets, and what is read out of them
 *
 * Pure arithmetic, shared by the module, the client and the unit tests.
 *
 * Below 8 ns every nanosecond has its own bucket. From there each power of two
 * is cut into 8 equal buckets, so that a bucket is never wider than an eighth
 * (12.5 %) of where it begins. The last bucket begins at 2^36 ns (68.7 s) and
 * has no upper edge.
 */
#ifndef KVMFAULT_HISTOGRAM_H
#define KVMFAULT_HISTOGRAM_H

#include <linux/types.h>

#define KVMFAULT_HIST_SUB_BITS	3
#define KVMFAULT_HIST_SUB	8U
#define KVMFAULT_HIST_TOP_BITS	36
#define KVMFAULT_HIST_BUCKETS	\
	((KVMFAULT_HIST_TOP_BITS - KVMFAULT_HIST_SUB_BITS + 1) * \
	 KVMFAULT_HIST_SUB + 1)
#define KVMFAULT_HIST_LAST	(KVMFAULT_HIST_BUCKETS - 1)

/* The upper edge of the last bucket. */
#define KVMFAULT_HIST_OPEN	(~(__u64)0)

/**
 * kvmfault_hist_index() - the bucket a duration falls into
 * @ns: the duration
 *
 * Return: from 0 to KVMFAULT_HIST_LAST.
 */
static inline unsigned int kvmfault_hist_index(__u64 ns)
{
	unsigned int shift;

	/* Both ends in one test, for this is done at each fault. */
	if (ns - KVMFAULT_HIST_SUB >=
	    (1ULL << KVMFAULT_HIST_TOP_BITS) - KVMFAULT_HIST_SUB)
		return ns < KVMFAULT_HIST_SUB ? ns : KVMFAULT_HIST_LAST;

	/* How far to the right until only the leading one and 3 bits stay. */
	shift = 63 - __builtin_clzll(ns) - KVMFAULT_HIST_SUB_BITS;
	return shift * KVMFAULT_HIST_SUB + (unsigned int)(ns >> shift);
}

/**
 * kvmfault_hist_from() - the shortest duration in a bucket
 * @index: the bucket, at most KVMFAULT_HIST_LAST
 *
 * Return: that duration.
 */
static inline __u64 kvmfault_hist_from(unsigned int index)
{
	unsigned int shift;

	if (index < 2 * KVMFAULT_HIST_SUB)
		return index;

	shift = index / KVMFAULT_HIST_SUB - 1;
	return (__u64)(KVMFAULT_HIST_SUB + index % KVMFAULT_HIST_SUB) << shift;
}

/**
 * kvmfault_hist_to() - the upper edge of a bucket
 * @index: the bucket
 *
 * Return: the shortest duration that is too long for the bucket, or
 * KVMFAULT_HIST_OPEN for the last.
 */
static inline __u64 kvmfault_hist_to(unsigned int index)
{
	if (index >= KVMFAULT_HIST_LAST)
		return KVMFAULT_HIST_OPEN;
	return kvmfault_hist_from(index + 1);
}

/**
 * kvmfault_hist_count() - how many durations a histogram holds
 * @bucket: its KVMFAULT_HIST_BUCKETS counts
 *
 * Return: their sum.
 */
static inline __u64 kvmfault_hist_count(const __u64 *bucket)
{
	__u64 count = 0;
	unsigned int i;

	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		count += bucket[i];
	return count;
}

/* ceil(count * permille / 1000) for every count, if permille is at most 1000 */
static inline __u64 kvmfault_hist_rank(__u64 count, unsigned int permille)
{
	return count / 1000 * permille +
	       (count % 1000 * permille + 999) / 1000;
}

/**
 * kvmfault_hist_percentile() - a duration that so many were not longer than
 * @bucket: the histogram
 * @max_ns: the longest duration it holds
 * @permille: 500 for the median, 999 for the slowest of a thousand, at most
 *	1000
 *
 * Return: the upper edge of the bucket that holds the duration of that rank,
 * but never more than @max_ns; 0 if the histogram or @permille is 0.
 */
static inline __u64 kvmfault_hist_percentile(const __u64 *bucket, __u64 max_ns,
					     unsigned int permille)
{
	__u64 left = kvmfault_hist_rank(kvmfault_hist_count(bucket), permille);
	unsigned int i;
	__u64 edge;

	if (!left)
		return 0;

	for (i = 0; i < KVMFAULT_HIST_LAST && bucket[i] < left; i++)
		left -= bucket[i];

	edge = kvmfault_hist_to(i);
	return edge < max_ns ? edge : max_ns;
}

#endif /* KVMFAULT_HISTOGRAM_H */
