// SPDX-License-Identifier: GPL-2.0
/*
 * The clock that faults are timed with: which one, and how fast it runs
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpufeature.h>
#include <linux/math64.h>
#include <linux/printk.h>

#include <compat/workqueue.h>

#include "clock.h"

/* A nanosecond of the fast clock is one. */
#define FAST_MULT	BIT_ULL(KVMFAULT_CLOCK_SHIFT)
/* A slower one has more nanoseconds to a tick than its factor has bits for. */
#define TSC_KHZ_MIN	16000U

DEFINE_STATIC_KEY_FALSE(kvmfault_clock_tsc);
u64 kvmfault_clock_mult = FAST_MULT;

/*
 * Under a hypervisor that may move us to another machine the TSC is not
 * announced as invariant, and the fast clock knows better.
 */
static bool tsc_is_good(void)
{
	return boot_cpu_has(X86_FEATURE_CONSTANT_TSC) &&
	       boot_cpu_has(X86_FEATURE_NONSTOP_TSC) &&
	       !check_tsc_unstable() && tsc_khz >= TSC_KHZ_MIN;
}

/* That of the TSC, which stamps of it need after it was given up. */
static u64 tsc_mult;

static void tsc_measure(void)
{
	WRITE_ONCE(tsc_mult, div_u64((u64)USEC_PER_SEC << KVMFAULT_CLOCK_SHIFT,
				     tsc_khz));
	WRITE_ONCE(kvmfault_clock_mult, tsc_mult);
}

/**
 * kvmfault_clock_init() - choose a clock
 */
void kvmfault_clock_init(void)
{
	if (!tsc_is_good())
		return;

	tsc_measure();
	static_branch_enable(&kvmfault_clock_tsc);
}

/* When the TSC was given up, by the clock that came after it. */
static u64 given_up;

/*
 * By a work of its own, on any CPU: while the kernel changes its code nobody may wait
 * for us, and many wait for kvmfault_settle_lock.
 */
static void give_up_tsc(struct work_struct *unused)
{
	if (!static_key_enabled(&kvmfault_clock_tsc))
		return;
	/* Before anybody has a stamp of that clock: kvmfault_clock_ns_long(). */
	WRITE_ONCE(given_up, ktime_get_mono_fast_ns() | KVMFAULT_CLOCK_FAST);
	static_branch_disable(&kvmfault_clock_tsc);
	WRITE_ONCE(kvmfault_clock_mult, FAST_MULT);
	pr_warn("the kernel has found the TSC unstable: faults are timed with its own clock from now on, and durations so far may be wrong\n");
}

static DECLARE_WORK(give_up_work, give_up_tsc);

/**
 * kvmfault_clock_exit() - nobody takes a stamp any more
 */
void kvmfault_clock_exit(void)
{
	cancel_work_sync(&give_up_work);
}

/**
 * kvmfault_clock_review() - does what was chosen still hold?
 *
 * The kernel refines the frequency once, seconds after boot, and may lose trust
 * in the TSC at any time. There is no way back from that. Under
 * kvmfault_settle_lock.
 */
void kvmfault_clock_review(void)
{
	if (!static_key_enabled(&kvmfault_clock_tsc))
		return;

	if (tsc_is_good())
		tsc_measure();
	else
		queue_work(system_dfl_wq, &give_up_work);
}

/**
 * kvmfault_clock_differs() - was the TSC given up between two stamps?
 * @from: the earlier one
 * @to: the later one
 */
bool kvmfault_clock_differs(u64 from, u64 to)
{
	return to & KVMFAULT_CLOCK_FAST && !(from & KVMFAULT_CLOCK_FAST);
}

/**
 * kvmfault_clock_ns_long() - the time between two stamps that are far apart
 * @from: the earlier one
 * @to: the later one
 *
 * Return: nanoseconds, or 0 if the later one is the earlier one. Of what began before
 * the TSC was given up, the time since: who sleeps in a fault then does so still.
 */
u64 kvmfault_clock_ns_long(u64 from, u64 to)
{
	u64 mult = to & KVMFAULT_CLOCK_FAST ? FAST_MULT : READ_ONCE(tsc_mult);

	from = kvmfault_clock_unmarked(from);
	to = kvmfault_clock_unmarked(to);
	if (kvmfault_clock_differs(from, to))
		from = READ_ONCE(given_up);
	if (from > to)
		return 0;
	return mul_u64_u64_shr(to - from, mult,
			       KVMFAULT_CLOCK_SHIFT);
}

/**
 * kvmfault_clock_name() - which clock it is, for a person
 */
const char *kvmfault_clock_name(void)
{
	return static_key_enabled(&kvmfault_clock_tsc) ? "tsc" : "monotonic";
}
