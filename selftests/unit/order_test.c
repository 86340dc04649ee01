// SPDX-License-Identifier: GPL-2.0
/*
 * The order of rows: the busiest few, and numbers
 */
#include <limits.h>
#include <stdlib.h>

#include "order.h"

#include "fuzz.h"
#include "ktap.h"

#define ITEMS	100

static struct kvmfault_ranked all[ITEMS], ranked[ITEMS + 1];

/* Items are the places in all[], so that equals can be told apart. */
static int compare(const void *a, const void *b)
{
	const struct kvmfault_ranked *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (char *)x->what < (char *)y->what ? -1 : 1;
}

static void check(unsigned int items, unsigned int wanted)
{
	unsigned int i, found = 0;

	/* What lies behind the room must stay as it is. */
	ranked[wanted].weight = 42;
	ranked[wanted].what = ranked;

	for (i = 0; i < items; i++) {
		all[i].what = &all[i];
		found = kvmfault_rank(ranked, found, wanted, all[i].weight,
				      all[i].what);
	}

	qsort(all, items, sizeof(all[0]), compare);
	ktap_eq(found, items < wanted ? items : wanted, "found of %u", items);
	for (i = 0; i < found; i++) {
		ktap_eq(ranked[i].weight, all[i].weight, "key of rank %u", i);
		ktap_eq(ranked[i].what == all[i].what, true,
			"item of rank %u", i);
	}
	ktap_eq(ranked[wanted].weight, 42, "behind the last of %u", wanted);
}

static void test_known(void)
{
	static const __u64 keys[] = { 5, 0, ~0ULL, 5, 1ULL << 63, 5, 0 };
	unsigned int i, wanted;

	for (wanted = 0; wanted <= 8; wanted++) {
		for (i = 0; i < 7; i++)
			all[i].weight = keys[i];
		check(7, wanted);
	}
}

static void test_equal(void)
{
	unsigned int i;

	for (i = 0; i < ITEMS; i++)
		all[i].weight = 7;
	check(ITEMS, 5);
}

static void test_none(void)
{
	check(0, 0);
	check(0, 5);
}

static void test_fuzz(void)
{
	unsigned long round, rounds = fuzz_rounds(5000);
	unsigned int i, items, bits;

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		items = fuzz_below(ITEMS + 1);
		bits = fuzz_below(65);
		for (i = 0; i < items; i++)
			all[i].weight = fuzz_magnitude(bits);
		check(items, fuzz_below(ITEMS + 1));
	}
}

static void test_numbers(void)
{
	static const int sorted[] = { INT_MIN, -1, 0, 1, 255, INT_MAX };
	int i, k;

	for (i = 0; i < 6; i++) {
		for (k = 0; k < 6; k++) {
			int got = kvmfault_order(sorted[i], sorted[k]);

			ktap_eq(got < 0, i < k, "%d < %d", sorted[i],
				sorted[k]);
			ktap_eq(got > 0, i > k, "%d > %d", sorted[i],
				sorted[k]);
		}
	}
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "known keys, room for none to all", test_known },
		{ "of equals the first stays first", test_equal },
		{ "nothing to rank", test_none },
		{ "any keys against a sorted array", test_fuzz },
		{ "numbers", test_numbers },
	};

	return KTAP_RUN(tests);
}
