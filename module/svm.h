/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AMD: nested page faults, at kvm_mmu_page_fault(vcpu, gpa, error_code, ...)
 *
 * npf_interception() would be the handler of its own name, but it takes a
 * struct that no header describes on older kernels, and up to 6.12 does nothing
 * except fetch the address and the error code for kvm_mmu_page_fault(). That one is
 * global, never inlined, and has both in its arguments on every kernel. With shadow
 * paging it is called for each page fault that KVM intercepts, on Intel as well.
 *
 * By 7.3 npf_interception() signals an ioeventfd itself, if that minds no value and
 * the CPU says where the next instruction is: that MMIO is not seen here.
 */
#ifndef KVMFAULT_SVM_H
#define KVMFAULT_SVM_H

#include <asm/cpufeature.h>

#include "fault.h"
#include "shadow.h"

/**
 * kvmfault_svm_enter() - read the arguments of kvm_mmu_page_fault()
 * @call: the record to fill in
 * @args: the vCPU, the guest-physical address, the error code
 *
 * Return: true for a nested page fault; of shadow paging, for MMIO alone.
 */
static __always_inline bool kvmfault_svm_enter(struct kvmfault_call *call,
					       const struct kvmfault_args *args)
{
	const u64 error_code = args->arg[2];

	call->vcpu = (struct kvm_vcpu *)args->arg[0];
	call->gpa = args->arg[1];
	/*
	 * Intel's two handlers come here as well, and are counted where they begin.
	 * A reserved bit is found in what is present, and they do not say so.
	 */
	if (cpu_feature_enabled(X86_FEATURE_VMX))
		return error_code & KVMFAULT_ERROR_PRESENT &&
		       !kvmfault_decode_nested(error_code) &&
		       kvmfault_shadow_mmio(call, error_code);
	if (!kvmfault_decode_nested(error_code))
		return kvmfault_shadow_mmio(call, error_code);

	call->class = kvmfault_decode_class(error_code);
	return true;
}

#endif /* KVMFAULT_SVM_H */
