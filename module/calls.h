/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls under way, counted by the engine they are seen by
 *
 * A call may leave on another CPU than it entered on, so that only the sum over
 * all CPUs says how many are under way; each CPU writes its own counters alone.
 */
#ifndef KVMFAULT_CALLS_H
#define KVMFAULT_CALLS_H

#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/string.h>

/**
 * struct kvmfault_calls - the calls of one function on one CPU
 * @entered: those that came in here
 * @left: those that went out here
 */
struct kvmfault_calls {
	unsigned long entered;
	unsigned long left;
};

/**
 * kvmfault_calls_under_way() - has somebody not come out again?
 * @calls: of a function that nobody enters any more
 *
 * What entered stands still, what left only grows: the sum is 0 when all are
 * out, whatever happens while it is added up.
 */
static inline bool
kvmfault_calls_under_way(const struct kvmfault_calls __percpu *calls)
{
	const struct kvmfault_calls *here;
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		here = per_cpu_ptr(calls, cpu);
		sum += READ_ONCE(here->entered) - READ_ONCE(here->left);
	}
	return sum;
}

/**
 * kvmfault_calls_forget() - begin anew
 * @calls: of a function whose calls nobody sees come out
 */
static inline void kvmfault_calls_forget(struct kvmfault_calls __percpu *calls)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(calls, cpu), 0, sizeof(*calls));
}

#endif /* KVMFAULT_CALLS_H */
