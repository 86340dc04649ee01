// SPDX-License-Identifier: GPL-2.0
/*
 * The MMU's part: calls that fixed nothing
 */
#include <linux/kvm_host.h>

#include "slot.h"
#include "tdp.h"

/* KVM holds its SRCU lock for reading around every call. */
static bool in_memslot(struct kvm_vcpu *vcpu, u64 gpa)
{
	return gpa == KVMFAULT_NOWHERE ||
	       __gfn_to_memslot(kvm_vcpu_memslots(vcpu), gpa >> PAGE_SHIFT);
}

static u64 raw_with_memslot(struct kvm_vcpu *kvm_vcpu, unsigned long what,
			    u64 raw)
{
	if (kvmfault_raw_cause(raw) == KVMFAULT_ABSENT &&
	    kvmfault_raw_ret(raw) <= KVMFAULT_RET_UNFIXED &&
	    !in_memslot(kvm_vcpu, kvmfault_tdp_gpa_of(what, raw)))
		raw |= KVMFAULT_RAW_NOWHERE;
	return raw;
}

/**
 * kvmfault_tdp_count_unfixed() - count a call that has made no mapping
 * @kvm_vcpu: whose
 * @what: its second argument
 * @raw: what is known of it
 * @ns: how long it took
 *
 * Return: the record of its vCPU, or NULL if the fault was lost.
 */
notrace struct kvmfault_vcpu *
kvmfault_tdp_count_unfixed(struct kvm_vcpu *kvm_vcpu, unsigned long what,
			   u64 raw, u64 ns)
{
	unsigned int index = kvmfault_raw_ret(raw);
	struct kvmfault_vcpu *vcpu;

	raw = raw_with_memslot(kvm_vcpu, what, raw);
	vcpu = kvmfault_slot_count_tdp(kvm_vcpu, raw, ns);
	if (vcpu && index < KVMFAULT_RETRY_RETS)
		local64_inc(&vcpu->rets[index]);
	return vcpu;
}
