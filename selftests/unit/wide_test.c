// SPDX-License-Identifier: GPL-2.0
/*
 * Counts that wrap around in an int
 */
#include <limits.h>

#include "wide.h"

#include "ktap.h"

/* It is read whenever so many have come. */
static void goes_on(__u64 step, unsigned int times)
{
	__u64 count = 0, wide = 0;

	while (times--) {
		count += step;
		wide = kvmfault_wide(wide, (int)(__u32)count);
		ktap_eq(wide, count, "%llu at a time", step);
	}
}

static void test_wraps(void)
{
	goes_on(1, 100);
	goes_on(0x10000, 0x30000);
	goes_on(0x7fffffff, 100);
}

static void test_late(void)
{
	ktap_eq(kvmfault_wide(5, 3), 5, "a late reader has less");
	ktap_eq(kvmfault_wide(0x100000005ULL, 3), 0x100000005ULL,
		"later than a wrap");
	ktap_eq(kvmfault_wide(0x100000000ULL, -1), 0x100000000ULL,
		"from before it");
	ktap_eq(kvmfault_wide(INT_MAX, INT_MIN), INT_MAX + 1ULL,
		"the int turns negative");
	ktap_eq(kvmfault_wide(0xffffffffULL, 0), 0x100000000ULL,
		"and 0 again");
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "it goes on where the int begins again", test_wraps },
		{ "readers that come late", test_late },
	};

	return KTAP_RUN(tests);
}
