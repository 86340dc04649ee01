/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Handing over: who counts a call that two engines see
 *
 * While one engine takes over from the other both are in place, so that no call
 * is seen by none. A call that both see runs through them like this:
 *
 *	caller -> kretprobe's entry -> wrapper -> body
 *	caller <- kretprobe's exit  <- wrapper <-
 *
 * The wrapper counts whatever comes its way. To the exit handler, which runs
 * next in the same task, it says so in the register that a function's second
 * word of return value has: the caller of a function that returns an int does
 * not look at it, and whoever hooks returns has to pass it on. What it says is
 * when it was there, scrambled: what the body has left in that register, where
 * no wrapper was, is not a moment of this call. Nor is it what another wrapper
 * has said, of a call inside this one: each point scrambles in its own way.
 *
 * The key is on from before the second engine is in place until no call is
 * under way in the first one: both ends of a call that both see find it on.
 */
#ifndef KVMFAULT_HANDOVER_H
#define KVMFAULT_HANDOVER_H

#include <linux/jump_label.h>
#include <linux/types.h>

#include "clock.h"
#include "fault.h"

DECLARE_STATIC_KEY_FALSE(kvmfault_handover_key);

/* Random, set before the key is on for the first time. */
extern u64 kvmfault_handover_secrets[KVMFAULT_POINTS];

/**
 * struct kvmfault_return - what a wrapper returns, in two registers
 * @ret: what the function returns
 * @mark: for the exit handler
 */
struct kvmfault_return {
	int ret;
	u64 mark;
};

/**
 * kvmfault_return() - return from a wrapper that has counted the call
 * @point: where; a constant
 * @ret: what the function returns
 */
static __always_inline struct kvmfault_return
kvmfault_return(enum kvmfault_point_id point, int ret)
{
	struct kvmfault_return both = { .ret = ret };

	/* Whatever is in the register: nobody looks. */
	asm("" : "=d" (both.mark));
	if (static_branch_unlikely(&kvmfault_handover_key))
		both.mark = kvmfault_clock() ^
			    kvmfault_handover_secrets[point];
	return both;
}

/**
 * kvmfault_handover_counted() - has a wrapper counted this call already?
 * @point: where; a constant
 * @start: when the entry handler was there
 * @mark: the second word of what the function returned
 */
static __always_inline bool
kvmfault_handover_counted(enum kvmfault_point_id point, u64 start, u64 mark)
{
	if (!static_branch_unlikely(&kvmfault_handover_key))
		return false;
	start = kvmfault_clock_unmarked(start);
	return (mark ^ kvmfault_handover_secrets[point]) - start <=
	       kvmfault_clock() - start;
}

#endif /* KVMFAULT_HANDOVER_H */
