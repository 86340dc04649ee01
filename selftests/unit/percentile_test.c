// SPDX-License-Identifier: GPL-2.0
/*
 * Percentiles read out of a histogram, against a sorted array of what went in
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "histogram.h"

#include "fuzz.h"
#include "ktap.h"
#include "reference.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define SAMPLES		1500

static_assert(KVMFAULT_HIST_BUCKETS == REFERENCE_BUCKETS,
	      "the reference describes another histogram");

static const unsigned int shown[] = { 500, 900, 990, 999, 1000 };

/* What went in, and the histogram of it. */
static __u64 sample[SAMPLES];
static unsigned int samples;
static __u64 bucket[KVMFAULT_HIST_BUCKETS];
static __u64 max_ns;

static void clear(void)
{
	memset(bucket, 0, sizeof(bucket));
	samples = 0;
	max_ns = 0;
}

static void add(__u64 ns)
{
	sample[samples++] = ns;
	bucket[reference_find(ns).index]++;
	if (ns > max_ns)
		max_ns = ns;
}

static __u64 percentile(unsigned int permille)
{
	return kvmfault_hist_percentile(bucket, max_ns, permille);
}

static int compare(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return x < y ? -1 : x > y;
}

/* The shortest sample that so many of a thousand were not longer than. */
static __u64 sorted_percentile(unsigned int permille)
{
	unsigned int i = 0;

	while ((i + 1) * 1000 < samples * permille)
		i++;
	return sample[i];
}

static __u64 smaller(__u64 a, __u64 b)
{
	return a < b ? a : b;
}

static void test_rank(void)
{
	static const struct {
		__u64 count;
		unsigned int permille;
		__u64 rank;
	} known[] = {
		{ 0, 500, 0 },
		{ 1, 1, 1 },
		{ 1, 500, 1 },
		{ 1, 999, 1 },
		{ 1, 1000, 1 },
		{ 2, 500, 1 },
		{ 2, 501, 2 },
		{ 3, 500, 2 },
		{ 10, 900, 9 },
		{ 11, 900, 10 },
		{ 100, 990, 99 },
		{ 101, 990, 100 },
		{ 999, 999, 999 },
		{ 1000, 1, 1 },
		{ 1000, 999, 999 },
		{ 1000, 1000, 1000 },
		{ 1001, 1, 2 },
		{ 1001, 999, 1000 },
		{ 2000, 999, 1998 },
		{ 2001, 999, 1999 },
		{ 1ULL << 63, 1000, 1ULL << 63 },
		{ ~0ULL, 1, 18446744073709552ULL },
		{ ~0ULL, 500, 9223372036854775808ULL },
		{ ~0ULL, 999, 18428297329635842064ULL },
		{ ~0ULL, 1000, ~0ULL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		ktap_eq(kvmfault_hist_rank(known[i].count, known[i].permille),
			known[i].rank, "%u of a thousand of %llu",
			known[i].permille, known[i].count);
}

static void test_empty(void)
{
	unsigned int permille;

	clear();
	for (permille = 0; permille <= 1000; permille++)
		ktap_eq(kvmfault_hist_percentile(bucket, 1234, permille), 0,
			"%u of a thousand of nothing", permille);
}

/* The only one is also the longest, and known to the nanosecond. */
static void test_single(void)
{
	static const __u64 known[] = {
		0, 1, 7, 8, 9, 15, 16, 17, 1000, 1023, 1024, 1025,
		(1ULL << 36) - 1, 1ULL << 36, (1ULL << 36) + 1, ~0ULL,
	};
	unsigned int i, permille;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		clear();
		add(known[i]);
		for (permille = 1; permille <= 1000; permille++)
			ktap_eq(percentile(permille), known[i],
				"%u of a thousand of one", permille);
	}
}

static void test_every_bucket(void)
{
	struct reference at = reference_first();
	unsigned int i;

	for (i = 0; i < REFERENCE_BUCKETS; i++) {
		clear();
		bucket[i] = 3;
		max_ns = ~0ULL;
		ktap_eq(percentile(500), at.to, "median, all in bucket %u", i);
		max_ns = at.from;
		ktap_eq(percentile(500), at.from,
			"median, all at the begin of bucket %u", i);
		at = reference_next(at);
	}
}

static void test_last_bucket(void)
{
	unsigned int i;

	clear();
	for (i = 0; i < 1000; i++)
		add((1ULL << 36) + i);
	for (i = 1; i <= 1000; i++)
		ktap_eq(percentile(i), max_ns, "%u of a thousand", i);
}

/* One of a thousand is slow: 999 do not see it, 1000 does. */
static void test_outlier(void)
{
	unsigned int i;

	clear();
	for (i = 0; i < 999; i++)
		add(1000);
	add(5000000);
	ktap_eq(percentile(500), 1024, "median");
	ktap_eq(percentile(999), 1024, "999 of 1000");
	ktap_eq(percentile(1000), 5000000, "all");

	add(5000000);
	ktap_eq(percentile(999), 5000000, "999 of a thousand of 1001");
}

/* Half of them in each of two buckets: the median is the lower. */
static void test_between(void)
{
	clear();
	add(8);
	add(100);
	ktap_eq(percentile(500), 9, "median of two");
	ktap_eq(percentile(501), 100, "just over the median of two");
	add(100);
	ktap_eq(percentile(500), 100, "median of three");
}

/* A reader may ask for nonsense, but must not be led out of the histogram. */
static void test_more_than_all(void)
{
	unsigned int i;

	clear();
	for (i = 0; i < 100; i++)
		add(i);
	ktap_eq(percentile(1001), 99, "1001 of a thousand");
	ktap_eq(percentile(1000000), 99, "a million of a thousand");
}

static void check_monotonic(void)
{
	__u64 last = 0, now;
	unsigned int permille;

	for (permille = 0; permille <= 1000; permille++) {
		now = percentile(permille);
		ktap_ge(now, last, "%u of a thousand", permille);
		ktap_le(now, max_ns, "%u of a thousand, and max", permille);
		last = now;
	}
	ktap_eq(last, max_ns, "all of a thousand, and max");
}

static void check_sorted(unsigned int permille)
{
	__u64 want = sorted_percentile(permille);
	__u64 got = percentile(permille);

	ktap_eq(got, smaller(reference_find(want).to, max_ns),
		"%u of a thousand of %u, truly %llu", permille, samples, want);
	ktap_ge(got, want, "%u of a thousand of %u", permille, samples);
	if (want >= 8 && want < REFERENCE_TOP)
		ktap_le(got - want, want / 8, "distance from %llu", want);
}

/* A different kind each time: all the same, a narrow range, anything at all. */
static void add_random(void)
{
	unsigned int count = 1 + fuzz_below(SAMPLES);
	unsigned int bits = fuzz_below(65);
	__u64 base = fuzz_magnitude(64 - bits);

	clear();
	while (samples < count)
		add(base + fuzz_magnitude(bits));
	qsort(sample, samples, sizeof(sample[0]), compare);
}

static void test_sorted(void)
{
	unsigned long round, rounds = fuzz_rounds(300);
	unsigned int i;

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		add_random();
		for (i = 0; i < ARRAY_SIZE(shown); i++)
			check_sorted(shown[i]);
		for (i = 0; i < 20; i++)
			check_sorted(1 + fuzz_below(1000));
		if (round % 8 == 0)
			check_monotonic();
	}
}

/* Counts whose sum just fits: nothing may overflow on the way. */
static void add_huge(void)
{
	__u64 left = ~0ULL;
	unsigned int i, count = 1 + fuzz_below(20);

	clear();
	while (count--) {
		__u64 some = count ? fuzz_magnitude(64) % left : left;

		bucket[fuzz_below(REFERENCE_BUCKETS)] += some;
		left -= some;
	}

	for (i = REFERENCE_BUCKETS - 1; !bucket[i]; i--)
		;
	max_ns = kvmfault_hist_from(i);
	max_ns += fuzz_below(kvmfault_hist_to(i) - max_ns);
}

static __u64 huge_percentile(unsigned int permille)
{
	struct reference at = reference_first();
	__uint128_t count = 0, below = 0;
	unsigned int i;

	for (i = 0; i < REFERENCE_BUCKETS; i++)
		count += bucket[i];
	while ((below += bucket[at.index]) * 1000 < count * permille)
		at = reference_next(at);
	return smaller(at.to, max_ns);
}

static void test_huge(void)
{
	unsigned long round, rounds = fuzz_rounds(1000);
	unsigned int i, permille;

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		add_huge();
		for (i = 0; i < 25; i++) {
			permille = 1 + fuzz_below(1000);
			ktap_eq(percentile(permille),
				huge_percentile(permille),
				"%u of a thousand", permille);
		}
		if (round % 8 == 0)
			check_monotonic();
	}
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "known ranks", test_rank },
		{ "nothing", test_empty },
		{ "a single one", test_single },
		{ "all in one bucket, each in turn", test_every_bucket },
		{ "all in the last bucket", test_last_bucket },
		{ "one in a thousand", test_outlier },
		{ "between two buckets", test_between },
		{ "more than all", test_more_than_all },
		{ "random durations against a sorted array", test_sorted },
		{ "counts up to 2^64 - 1", test_huge },
	};

	return KTAP_RUN(tests);
}
