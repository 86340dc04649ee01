/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The MMU's part, on both vendors: kvm_tdp_page_fault()
 *
 * Older kernels pass (vcpu, gpa, error_code, prefetch), newer ones (vcpu, fault)
 * with a struct in the caller's frame, which is still there on the way out and
 * complete only then. What it holds is read only where recognise.c vouches for
 * the layout; what is not read is unknown.
 */
#ifndef KVMFAULT_TDP_H
#define KVMFAULT_TDP_H

#include <linux/kvm_host.h>

#include "fault.h"
#include "learn.h"

/**
 * kvmfault_tdp_enter() - read the arguments of kvm_tdp_page_fault()
 * @fault: the record to fill in
 * @args: the vCPU; then a struct, or the guest-physical address, the error code
 *	and whether KVM asks by itself
 *
 * Return: true, every call is a fault.
 */
static __always_inline bool kvmfault_tdp_enter(struct kvmfault_fault *fault,
					       const struct kvmfault_args *args)
{
	fault->vcpu = (struct kvm_vcpu *)args->arg[0];
	fault->class = KVMFAULT_TDP;
	fault->call = args->arg[1];
	fault->error_code = args->arg[2];
	fault->prefetch = (u8)args->arg[3];
	return true;
}

static __always_inline const struct kvmfault_layout *
tdp_layout(unsigned long call)
{
	if (kvmfault_learns(KVMFAULT_LEARN_ABI))
		return kvmfault_recognise_call(call);
	return READ_ONCE(kvmfault_layout);
}

/*
 * Was no mapping made? Retry and emulate are 0 to 2 in every set of return
 * codes, and errors are sorted in behind the others.
 */
static __always_inline bool tdp_unfixed(unsigned int ret)
{
	return ret <= KVMFAULT_RET_UNFIXED || ret >= KVMFAULT_RET_OTHER;
}

/* KVM holds its SRCU lock for reading around every call. */
static inline bool tdp_is_in_memslot(const struct kvmfault_fault *fault)
{
	return __gfn_to_memslot(kvm_vcpu_memslots(fault->vcpu),
				fault->gpa >> PAGE_SHIFT);
}

static __always_inline enum kvmfault_cause
tdp_cause(const struct kvmfault_fault *fault)
{
	if (unlikely(fault->prefetch))
		return KVMFAULT_PREFETCH;
	return kvmfault_decode_cause(fault->error_code);
}

/* Only the few faults that fixed nothing are worth looking for a memslot. */
static noinline void tdp_leave_unfixed(struct kvmfault_fault *fault,
				       unsigned int ret)
{
	fault->level = KVMFAULT_LEVEL_UNKNOWN;
	if (fault->cause == KVMFAULT_ABSENT && ret <= KVMFAULT_RET_UNFIXED &&
	    !tdp_is_in_memslot(fault))
		fault->cause = KVMFAULT_MMIO;
}

/**
 * kvmfault_tdp_leave() - read what the call was about and what it has come to
 * @fault: the record, with what the function returned
 * @ret: the index of that
 */
static __always_inline void kvmfault_tdp_leave(struct kvmfault_fault *fault,
					       unsigned int ret)
{
	const struct kvmfault_layout *layout = tdp_layout(fault->call);
	const u8 *call = (const u8 *)fault->call;

	fault->level = KVMFAULT_LEVEL_UNKNOWN;
	if ((long)fault->call >= 0) {
		fault->gpa = fault->call;
	} else if (likely(layout)) {
		fault->gpa = *(const u64 *)call;
		fault->error_code = *(const u32 *)(call + 8);
		fault->prefetch = call[layout->flags];
		if (call[layout->goal_level] < KVMFAULT_LEVELS)
			fault->level = call[layout->goal_level];
	} else {
		fault->access = KVMFAULT_ACCESS_UNKNOWN;
		fault->cause = KVMFAULT_CAUSE_UNKNOWN;
		return;
	}

	fault->access = kvmfault_decode_access(fault->error_code);
	fault->cause = tdp_cause(fault);
	if (unlikely(tdp_unfixed(ret)))
		tdp_leave_unfixed(fault, ret);
}

#endif /* KVMFAULT_TDP_H */
