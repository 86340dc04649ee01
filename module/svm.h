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
 * Newer kernels first see whether a write signals an eventfd that minds no value, if
 * the CPU says where the next instruction is. Then that is all there is to the exit,
 * and kvm_io_bus_write(vcpu, bus, gpa, ...) is where it can be seen.
 */
#ifndef KVMFAULT_SVM_H
#define KVMFAULT_SVM_H

#include <linux/kvm_host.h>

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

/**
 * kvmfault_svm_enter_kick() - read the arguments of kvm_io_bus_write()
 * @call: the record to fill in
 * @args: the vCPU, the bus, the guest-physical address
 *
 * Return: true if it is an exit that may need no more than this. With any other bus
 * it is part of one that is counted elsewhere, or of none.
 */
static __always_inline bool
kvmfault_svm_enter_kick(struct kvmfault_call *call,
			const struct kvmfault_args *args)
{
	call->vcpu = (struct kvm_vcpu *)args->arg[0];
	call->gpa = args->arg[2];
	call->class = KVMFAULT_MISCONFIG;
	return (u32)args->arg[1] == KVM_FAST_MMIO_BUS;
}

#endif /* KVMFAULT_SVM_H */
