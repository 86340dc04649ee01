// SPDX-License-Identifier: GPL-2.0
/*
 * The buckets of the histogram: where they begin and end, and what falls where
 */
#include <string.h>

#include "histogram.h"

#include "fuzz.h"
#include "ktap.h"
#include "reference.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Written down by hand: what users and other programs may build upon. */
static const struct {
	__u64 ns;
	unsigned int index;
	__u64 from;
	__u64 to;
} known[] = {
	{ 0, 0, 0, 1 },
	{ 1, 1, 1, 2 },
	{ 7, 7, 7, 8 },
	{ 8, 8, 8, 9 },
	{ 9, 9, 9, 10 },
	{ 15, 15, 15, 16 },
	{ 16, 16, 16, 18 },
	{ 17, 16, 16, 18 },
	{ 18, 17, 18, 20 },
	{ 31, 23, 30, 32 },
	{ 32, 24, 32, 36 },
	{ 35, 24, 32, 36 },
	{ 36, 25, 36, 40 },
	{ 1000, 63, 960, 1024 },
	{ 1023, 63, 960, 1024 },
	{ 1024, 64, 1024, 1152 },
	{ 1000000, 143, 983040, 1048576 },
	{ 1000000000, 222, 939524096, 1006632960 },
	{ 60000000000ULL, 269, 55834574848ULL, 60129542144ULL },
	{ 68719476735ULL, 271, 64424509440ULL, 68719476736ULL },
	{ 68719476736ULL, 272, 68719476736ULL, ~0ULL },
	{ 68719476737ULL, 272, 68719476736ULL, ~0ULL },
	{ ~0ULL - 1, 272, 68719476736ULL, ~0ULL },
	{ ~0ULL, 272, 68719476736ULL, ~0ULL },
};

static void test_size(void)
{
	ktap_eq(KVMFAULT_HIST_BUCKETS, REFERENCE_BUCKETS, "buckets");
	ktap_eq(KVMFAULT_HIST_LAST, REFERENCE_BUCKETS - 1, "last bucket");
	ktap_eq(KVMFAULT_HIST_OPEN, ~0ULL, "edge of the last bucket");
}

static void test_known(void)
{
	unsigned int i, index;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		index = kvmfault_hist_index(known[i].ns);
		ktap_eq(index, known[i].index, "bucket of %llu ns",
			known[i].ns);
		ktap_eq(kvmfault_hist_from(known[i].index), known[i].from,
			"from of bucket %u", known[i].index);
		ktap_eq(kvmfault_hist_to(known[i].index), known[i].to,
			"to of bucket %u", known[i].index);
	}
}

static void test_edges(void)
{
	struct reference want = reference_first();
	unsigned int i;

	for (i = 0; i < REFERENCE_BUCKETS; i++) {
		ktap_eq(kvmfault_hist_from(i), want.from, "from of %u", i);
		ktap_eq(kvmfault_hist_to(i), want.to, "to of %u", i);
		want = reference_next(want);
	}
}

static void test_contiguous(void)
{
	unsigned int i;

	ktap_eq(kvmfault_hist_from(0), 0, "from of the first");
	for (i = 0; i < KVMFAULT_HIST_LAST; i++) {
		ktap_eq(kvmfault_hist_to(i), kvmfault_hist_from(i + 1),
			"to of %u and from of the next", i);
		ktap_ge(kvmfault_hist_to(i), kvmfault_hist_from(i) + 1,
			"to of %u, empty or not", i);
	}
	ktap_eq(kvmfault_hist_to(i), ~0ULL, "to of the last");
}

/* The first and the last duration of each bucket come back to it. */
static void test_reachable(void)
{
	unsigned int i;

	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++) {
		__u64 from = kvmfault_hist_from(i);
		__u64 last = kvmfault_hist_to(i) - 1;

		ktap_eq(kvmfault_hist_index(from), i, "bucket of %llu", from);
		ktap_eq(kvmfault_hist_index(last), i, "bucket of %llu", last);
	}
}

static void test_width(void)
{
	unsigned int i;

	for (i = 0; i < KVMFAULT_HIST_LAST; i++) {
		__u64 from = kvmfault_hist_from(i);
		__u64 width = kvmfault_hist_to(i) - from;

		if (from < 8)
			ktap_eq(width, 1, "width of %u", i);
		else
			ktap_le(width * 1000, from * 125, "width of %u", i);
	}
}

static void test_powers(void)
{
	unsigned int power;
	int beside;

	for (power = 0; power < 64; power++) {
		for (beside = -1; beside <= 1; beside++) {
			__u64 ns = (1ULL << power) + beside;

			ktap_eq(kvmfault_hist_index(ns),
				reference_find(ns).index,
				"bucket of 2^%u%+d", power, beside);
		}
	}
}

/* Every duration of the first millisecond: the same bucket or the next. */
static void test_monotonic(void)
{
	unsigned int last = 0, index;
	__u64 ns;

	for (ns = 0; ns < 1 << 20; ns++) {
		index = kvmfault_hist_index(ns);
		ktap_ge(index, last, "bucket of %llu", ns);
		ktap_le(index, last + 1, "bucket of %llu", ns);
		last = index;
	}
}

static void test_fuzz(void)
{
	unsigned long round, rounds = fuzz_rounds(100000);

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		__u64 a = fuzz_magnitude(64), b = fuzz_magnitude(64);
		struct reference want = reference_find(a);

		ktap_eq(kvmfault_hist_index(a), want.index,
			"bucket of %llu", a);
		if (a <= b)
			ktap_le(kvmfault_hist_index(a), kvmfault_hist_index(b),
				"bucket of %llu, shorter than %llu", a, b);
	}
}

static void test_count(void)
{
	__u64 bucket[KVMFAULT_HIST_BUCKETS] = {};
	__u64 want = 0;
	unsigned int i;

	ktap_eq(kvmfault_hist_count(bucket), 0, "count of nothing");
	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++) {
		bucket[i] = i + 1;
		want += i + 1;
		ktap_eq(kvmfault_hist_count(bucket), want,
			"count up to bucket %u", i);
	}

	memset(bucket, 0, sizeof(bucket));
	bucket[0] = 1ULL << 63;
	bucket[KVMFAULT_HIST_LAST] = (1ULL << 63) - 1;
	ktap_eq(kvmfault_hist_count(bucket), ~0ULL, "the largest count");
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "number of buckets", test_size },
		{ "known durations and edges", test_known },
		{ "every edge against the reference", test_edges },
		{ "buckets are contiguous", test_contiguous },
		{ "every bucket is reachable", test_reachable },
		{ "no bucket is wider than 12.5 percent", test_width },
		{ "powers of two and beside them", test_powers },
		{ "longer never falls lower", test_monotonic },
		{ "any duration against the reference", test_fuzz },
		{ "count is the sum of all buckets", test_count },
	};

	return KTAP_RUN(tests);
}
