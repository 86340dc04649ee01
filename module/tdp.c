// SPDX-License-Identifier: GPL-2.0
/*
 * The MMU's part, on both vendors: kvm_tdp_page_fault()
 *
 * Older kernels pass (vcpu, gpa, error_code, prefetch), newer ones (vcpu, fault)
 * with a struct in the caller's frame, which is still there on the way out and
 * complete only then. What it holds is read only where recognise.c vouches for
 * the layout; what is not read is unknown.
 */
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
bool kvmfault_tdp_enter(struct kvmfault_fault *fault,
			const struct kvmfault_args *args)
{
	fault->vcpu = (struct kvm_vcpu *)args->arg[0];
	fault->class = KVMFAULT_TDP;
	fault->call = args->arg[1];
	fault->error_code = args->arg[2];
	fault->prefetch = (u8)args->arg[3];
	return true;
}

static const struct kvmfault_layout *tdp_layout(unsigned long call)
{
	if (kvmfault_learns(KVMFAULT_LEARN_ABI))
		return kvmfault_recognise_call(call);
	return kvmfault_recognised_layout();
}

/*
 * The mapping that was made, if one was: retry and emulate are 0 to 2 in every
 * set of return codes.
 */
static enum kvmfault_level tdp_level(const struct kvmfault_fault *fault,
				     u8 goal_level)
{
	unsigned int ret = kvmfault_ret_index(fault->ret);

	if (ret <= KVMFAULT_RET_UNFIXED || ret >= KVMFAULT_RET_OTHER)
		return KVMFAULT_LEVEL_UNKNOWN;
	return goal_level < KVMFAULT_LEVELS ? goal_level :
					      KVMFAULT_LEVEL_UNKNOWN;
}

/* KVM holds its SRCU lock for reading around every call. */
static bool is_in_memslot(const struct kvmfault_fault *fault)
{
	return __gfn_to_memslot(kvm_vcpu_memslots(fault->vcpu),
				fault->gpa >> PAGE_SHIFT);
}

/* Only the few faults that fixed nothing are worth looking for a memslot. */
static enum kvmfault_cause tdp_cause(const struct kvmfault_fault *fault)
{
	enum kvmfault_cause cause = kvmfault_decode_cause(fault->error_code);

	if (fault->prefetch)
		return KVMFAULT_PREFETCH;
	if (cause == KVMFAULT_ABSENT &&
	    kvmfault_ret_index(fault->ret) <= KVMFAULT_RET_UNFIXED &&
	    !is_in_memslot(fault))
		return KVMFAULT_MMIO;
	return cause;
}

/**
 * kvmfault_tdp_leave() - read what the call was about and what it has come to
 * @fault: the record, with what the function returned
 */
void kvmfault_tdp_leave(struct kvmfault_fault *fault)
{
	const struct kvmfault_layout *layout = tdp_layout(fault->call);
	const u8 *call = (const u8 *)fault->call;

	fault->level = KVMFAULT_LEVEL_UNKNOWN;
	if ((long)fault->call >= 0) {
		fault->gpa = fault->call;
	} else if (layout) {
		fault->gpa = *(const u64 *)call;
		fault->error_code = *(const u32 *)(call + 8);
		fault->prefetch = call[layout->flags];
		fault->level = tdp_level(fault, call[layout->goal_level]);
	} else {
		fault->access = KVMFAULT_ACCESS_UNKNOWN;
		fault->cause = KVMFAULT_CAUSE_UNKNOWN;
		return;
	}

	fault->access = kvmfault_decode_access(fault->error_code);
	fault->cause = tdp_cause(fault);
}
