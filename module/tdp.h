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

#include <linux/jump_label.h>
#include <linux/mm.h>

#include "address.h"
#include "fault.h"
#include "learn.h"
#include "raw.h"
#include "vm.h"

/**
 * kvmfault_tdp_enter() - read the arguments of kvm_tdp_page_fault()
 * @call: the record to fill in
 * @args: the vCPU; then a struct, or the guest-physical address, the error code
 *	and whether KVM asks by itself
 *
 * Return: true, every call is a fault.
 */
static __always_inline bool kvmfault_tdp_enter(struct kvmfault_call *call,
					       const struct kvmfault_args *args)
{
	call->vcpu = (struct kvm_vcpu *)args->arg[0];
	call->what = args->arg[1];
	call->error_code = args->arg[2];
	call->prefetch = (u8)args->arg[3];
	return true;
}

/**
 * kvmfault_tdp_gpa() - where a call is about
 * @what: its second argument
 *
 * Return: KVMFAULT_NOWHERE if it cannot be told yet.
 */
static __always_inline u64 kvmfault_tdp_gpa(unsigned long what)
{
	if (static_branch_likely(&kvmfault_layout_key))
		return *(const u64 *)what;
	/* A kernel address has the highest bit set, a guest-physical one not. */
	return (long)what >= 0 ? what : KVMFAULT_NOWHERE;
}

/**
 * kvmfault_tdp_gpa_of() - where a call was about, as far as its word knows
 * @what: its second argument
 * @raw: the word, which is known to be right before the layout is in general
 *
 * Return: KVMFAULT_NOWHERE if it cannot be told.
 */
static inline u64 kvmfault_tdp_gpa_of(unsigned long what, u64 raw)
{
	if ((long)what >= 0)
		return what;
	if (raw & KVMFAULT_RAW_UNKNOWN)
		return KVMFAULT_NOWHERE;
	return *(const u64 *)what;
}

/**
 * kvmfault_tdp_home() - where memslots and the VMM know an address of a call
 * @what: its second argument
 * @gpa: the address, or KVMFAULT_NOWHERE
 *
 * A TDX guest's shared bit is in the address, but not in the frame number.
 */
static inline u64 kvmfault_tdp_home(unsigned long what, u64 gpa)
{
	const struct kvmfault_layout *layout = READ_ONCE(kvmfault_layout);

	if (!layout || (long)what >= 0 || gpa == KVMFAULT_NOWHERE)
		return gpa;
	return kvmfault_layout_gfn(layout, what) << PAGE_SHIFT |
	       offset_in_page(gpa);
}

/**
 * kvmfault_tdp_raw() - read what a call was about and what it has come to
 * @call: the record
 * @ret: what the function returned
 *
 * Return: a word of raw.h.
 */
static __always_inline u64 kvmfault_tdp_raw(const struct kvmfault_call *call,
					    int ret)
{
	const u8 *what = (const u8 *)call->what;

	if (static_branch_likely(&kvmfault_layout_key))
		return kvmfault_raw(*(const u32 *)(what + 8),
				    what[kvmfault_layout_flags],
				    what[kvmfault_layout_goal_level], ret);
	if (likely((long)call->what >= 0))
		return kvmfault_raw(call->error_code, call->prefetch,
				    KVMFAULT_LEVEL_UNKNOWN, ret);
	return kvmfault_recognise_raw(call->what, ret);
}

u64 kvmfault_tdp_raw_unfixed(struct kvm_vcpu *kvm_vcpu, unsigned long what,
			     u64 raw);

#endif /* KVMFAULT_TDP_H */
