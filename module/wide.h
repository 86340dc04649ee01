/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counts that the kernel has in an int, and we in more. Pure, shared with the unit
 * tests.
 */
#ifndef KVMFAULT_WIDE_H
#define KVMFAULT_WIDE_H

#include <linux/types.h>

/**
 * kvmfault_wide() - go on with a count that wraps around
 * @wide: what it was when it was read last, 0 when it began
 * @narrow: what it is, which is less than 2^31 further
 *
 * Of two readers one may come late with less than the other: that is no wrap.
 *
 * Return: what it is.
 */
static inline __u64 kvmfault_wide(__u64 wide, int narrow)
{
	int further = (int)((__u32)narrow - (__u32)wide);

	return further > 0 ? wide + further : wide;
}

#endif /* KVMFAULT_WIDE_H */
