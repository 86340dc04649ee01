/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clock that faults are timed with
 *
 * Two stamps per fault, so a stamp has to be cheap: the bare TSC where the
 * kernel trusts it to run evenly and alike on all CPUs, the kernel's fast clock
 * elsewhere. A stamp means nothing by itself; stamps are compared, and only a
 * difference is turned into nanoseconds.
 *
 * The TSC is read without a fence: what the CPU reorders around it is a few
 * tens of cycles, which is less than a fence costs.
 */
#ifndef KVMFAULT_CLOCK_H
#define KVMFAULT_CLOCK_H

#include <asm/tsc.h>
#include <linux/bits.h>
#include <linux/jump_label.h>
#include <linux/ktime.h>

/* Marks a stamp of the fast clock; the TSC takes centuries to get there. */
#define KVMFAULT_CLOCK_FAST	BIT_ULL(63)
/* For whoever takes a stamp to mark it by; of no meaning here. */
#define KVMFAULT_CLOCK_MARK	BIT_ULL(62)

DECLARE_STATIC_KEY_FALSE(kvmfault_clock_tsc);

/*
 * Nanoseconds per tick, shifted to the left; less than 2^32. That is exact to
 * 10^-7 for a TSC of gigahertz, and leaves room for one of 16 MHz.
 */
extern u64 kvmfault_clock_mult;
#define KVMFAULT_CLOCK_SHIFT	26

u64 kvmfault_clock_ns_long(u64 from, u64 to);

/**
 * kvmfault_clock() - a stamp
 */
static __always_inline u64 kvmfault_clock(void)
{
	if (static_branch_likely(&kvmfault_clock_tsc))
		return rdtsc();
	return ktime_get_mono_fast_ns() | KVMFAULT_CLOCK_FAST;
}

/**
 * kvmfault_clock_unmarked() - a stamp to compare with others
 * @stamp: the stamp, marked or not
 */
static inline u64 kvmfault_clock_unmarked(u64 stamp)
{
	return stamp & ~KVMFAULT_CLOCK_MARK;
}

/**
 * kvmfault_clock_ns() - the time between two stamps
 * @from: the earlier one
 * @to: the later one
 *
 * Stamps that are marked take the long way.
 *
 * Return: nanoseconds; 0 if the clock has stepped back a little between CPUs.
 */
static __always_inline u64 kvmfault_clock_ns(u64 from, u64 to)
{
	u64 ticks = to - from;

	/* The product has at most 64 bits, for either clock. */
	if (likely(!(ticks >> 32)))
		return ticks * READ_ONCE(kvmfault_clock_mult) >>
		       KVMFAULT_CLOCK_SHIFT;
	return kvmfault_clock_ns_long(from, to);
}

void kvmfault_clock_init(void);
void kvmfault_clock_exit(void);
void kvmfault_clock_review(void);
bool kvmfault_clock_differs(u64 from, u64 to);
const char *kvmfault_clock_name(void);

#endif /* KVMFAULT_CLOCK_H */
