/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the time of a tdp call goes: its stages
 *
 *	tdp			the call
 *	    fast		the fast path: no lock, an entry made writable
 *	    topup		the caches that page tables come from are filled up
 *	    faultin		the host's page is got, and in it
 *		gup-fast	one that is mapped, without a lock
 *		gup-slow	one that is not, or not as it has to be
 *		faultin-rest	all else
 *	    wait		for KVM's MMU lock
 *	    held		with it, and in it
 *		map		the entry is made
 *		held-rest	all else
 *	    rest		all else
 *
 * The parts of a stage add up to it.
 *
 * Pure, shared with the unit tests.
 */
#ifndef KVMFAULT_SPLIT_H
#define KVMFAULT_SPLIT_H

#include <linux/types.h>

/**
 * enum kvmfault_stage - a part of a tdp call, after what it is part of
 * @KVMFAULT_STAGE_TDP: all of it
 * @KVMFAULT_STAGE_FAST: the fast path
 * @KVMFAULT_STAGE_TOPUP: the caches are filled up
 * @KVMFAULT_STAGE_FAULTIN: the host's page is got
 * @KVMFAULT_STAGE_GUP_FAST: without a lock
 * @KVMFAULT_STAGE_GUP_SLOW: by a fault of the host's, if need be
 * @KVMFAULT_STAGE_WAIT: from there until the MMU lock is taken
 * @KVMFAULT_STAGE_HELD: from there to the end of the call
 * @KVMFAULT_STAGE_MAP: the entry is made
 * @KVMFAULT_STAGE_REST: what is in no other
 * @KVMFAULT_STAGE_FAULTIN_REST: what of fault-in is in no part of it
 * @KVMFAULT_STAGE_HELD_REST: the same of what is done with the lock
 * @KVMFAULT_STAGES: how many there are
 */
enum kvmfault_stage {
	KVMFAULT_STAGE_TDP,
	KVMFAULT_STAGE_FAST,
	KVMFAULT_STAGE_TOPUP,
	KVMFAULT_STAGE_FAULTIN,
	KVMFAULT_STAGE_GUP_FAST,
	KVMFAULT_STAGE_GUP_SLOW,
	KVMFAULT_STAGE_WAIT,
	KVMFAULT_STAGE_HELD,
	KVMFAULT_STAGE_MAP,
	KVMFAULT_STAGE_REST,
	KVMFAULT_STAGE_FAULTIN_REST,
	KVMFAULT_STAGE_HELD_REST,
	KVMFAULT_STAGES
};

/**
 * enum kvmfault_host - what the slow get_user_pages of a call had to do
 * @KVMFAULT_HOST_PRESENT: nothing: the page was there
 * @KVMFAULT_HOST_MINOR: the host faulted, and did not have to wait for a disk
 * @KVMFAULT_HOST_HUGE: a huge page was made
 * @KVMFAULT_HOST_MAJOR: the host waited
 * @KVMFAULT_HOST_SWAP: the page was in swap
 * @KVMFAULT_HOST_USERFAULT: user space was asked for it
 * @KVMFAULT_HOST_CAUSES: how many there are
 *
 * Of several that apply the last one.
 */
enum kvmfault_host {
	KVMFAULT_HOST_PRESENT,
	KVMFAULT_HOST_MINOR,
	KVMFAULT_HOST_HUGE,
	KVMFAULT_HOST_MAJOR,
	KVMFAULT_HOST_SWAP,
	KVMFAULT_HOST_USERFAULT,
	KVMFAULT_HOST_CAUSES
};

/**
 * struct kvmfault_split - a call
 * @seen: the stages it went through, a bit for each
 * @ns: how long each took
 */
struct kvmfault_split {
	__u32 seen;
	__u64 ns[KVMFAULT_STAGES];
};

/**
 * kvmfault_stage_of() - what a stage is part of
 * @stage: the stage; a tdp call is part of nothing but itself
 */
static inline enum kvmfault_stage kvmfault_stage_of(enum kvmfault_stage stage)
{
	switch (stage) {
	case KVMFAULT_STAGE_GUP_FAST:
	case KVMFAULT_STAGE_GUP_SLOW:
	case KVMFAULT_STAGE_FAULTIN_REST:
		return KVMFAULT_STAGE_FAULTIN;
	case KVMFAULT_STAGE_MAP:
	case KVMFAULT_STAGE_HELD_REST:
		return KVMFAULT_STAGE_HELD;
	default:
		return KVMFAULT_STAGE_TDP;
	}
}

/**
 * kvmfault_split_seen() - did a call go through a stage?
 * @split: the call
 * @stage: the stage
 */
static inline int kvmfault_split_seen(const struct kvmfault_split *split,
				      enum kvmfault_stage stage)
{
	return split->seen >> stage & 1;
}

/* How much of @left a stage may have; what was not seen has none. */
static inline __u64 kvmfault_split_take(struct kvmfault_split *split,
					enum kvmfault_stage stage, __u64 left)
{
	if (!kvmfault_split_seen(split, stage))
		split->ns[stage] = 0;
	if (split->ns[stage] > left)
		split->ns[stage] = left;
	return left - split->ns[stage];
}

/* What the parts have left, if it is of what was seen, and be it nothing. */
static inline void kvmfault_split_rest(struct kvmfault_split *split,
				       enum kvmfault_stage stage, __u64 left)
{
	if (kvmfault_split_seen(split, kvmfault_stage_of(stage)))
		split->seen |= 1U << stage;
	else
		split->seen &= ~(1U << stage);
	split->ns[stage] = left;
}

/**
 * kvmfault_split_fit() - have the stages of a call add up to it
 * @split: the stages as they were measured
 * @ns: how long the call took
 *
 * Clocks of CPUs may differ by a little, and each duration is rounded by itself.
 */
static inline void kvmfault_split_fit(struct kvmfault_split *split, __u64 ns)
{
	enum kvmfault_stage stage;
	__u64 left[KVMFAULT_STAGES];

	split->seen |= 1U << KVMFAULT_STAGE_TDP;
	split->ns[KVMFAULT_STAGE_TDP] = ns;
	left[KVMFAULT_STAGE_TDP] = ns;

	for (stage = KVMFAULT_STAGE_FAST; stage < KVMFAULT_STAGE_REST; stage++) {
		__u64 *from = &left[kvmfault_stage_of(stage)];

		/* A part whose whole was lost sight of has no time to be of. */
		if (!kvmfault_split_seen(split, kvmfault_stage_of(stage)))
			split->seen &= ~(1U << stage);
		*from = kvmfault_split_take(split, stage, *from);
		left[stage] = split->ns[stage];
	}
	for (stage = KVMFAULT_STAGE_REST; stage < KVMFAULT_STAGES; stage++)
		kvmfault_split_rest(split, stage, left[kvmfault_stage_of(stage)]);
}

#endif /* KVMFAULT_SPLIT_H */
