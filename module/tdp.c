// SPDX-License-Identifier: GPL-2.0
/*
 * The MMU's part: calls that fixed nothing
 */
#include <linux/kvm_host.h>

#include <compat/kvm.h>

#include "tdp.h"

/* KVM holds its SRCU lock for reading around every call. */
static bool in_memslot(struct kvm_vcpu *vcpu, unsigned long what, u64 gpa)
{
	return gpa == KVMFAULT_NOWHERE ||
	       kvmfault_find_memslot(kvm_vcpu_memslots(vcpu),
				     kvmfault_tdp_home(what, gpa) >> PAGE_SHIFT);
}

/**
 * kvmfault_tdp_raw_unfixed() - look for the memslot of a call that fixed nothing
 * @kvm_vcpu: whose
 * @what: its second argument
 * @raw: what is known of it
 *
 * Return: the word, which says if there is none.
 */
u64 kvmfault_tdp_raw_unfixed(struct kvm_vcpu *kvm_vcpu, unsigned long what,
			     u64 raw)
{
	if (kvmfault_raw_cause(raw) == KVMFAULT_ABSENT &&
	    kvmfault_raw_ret(raw) <= KVMFAULT_RET_UNFIXED &&
	    !in_memslot(kvm_vcpu, what, kvmfault_tdp_gpa_of(what, raw)))
		raw |= KVMFAULT_RAW_NOWHERE;
	return raw;
}
