/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kretprobes count of calls that they have missed
 */
#ifndef KVMFAULT_KRETPROBE_H
#define KVMFAULT_KRETPROBE_H

#include <linux/atomic.h>
#include <linux/kprobes.h>

#include "wide.h"

/**
 * kvmfault_kretprobe_missed() - how many calls a kretprobe has missed
 * @kretprobe: the probe
 * @last: what was read last of those that found no instance, 0 when it was
 *        registered: the kernel counts them in an int
 */
static inline u64 kvmfault_kretprobe_missed(const struct kretprobe *kretprobe,
					    atomic64_t *last)
{
	s64 old = atomic64_read(last), now;

	do {
		now = kvmfault_wide(old, READ_ONCE(kretprobe->nmissed));
	} while (!atomic64_try_cmpxchg(last, &old, now));
	return now + READ_ONCE(kretprobe->kp.nmissed);
}

#endif /* KVMFAULT_KRETPROBE_H */
