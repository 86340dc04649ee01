// SPDX-License-Identifier: GPL-2.0
/*
 * The MMU's part, on both vendors: kvm_tdp_page_fault(vcpu, ...)
 */
#include "fault.h"
#include "learn.h"

/**
 * kvmfault_tdp_enter() - read the arguments of kvm_tdp_page_fault()
 * @fault: the record to fill in
 * @a0: the vCPU
 * @a1: the guest-physical address, or a struct
 * @a2: unused: its meaning depends on the kernel
 *
 * Return: true, every call is a fault.
 */
bool kvmfault_tdp_enter(struct kvmfault_fault *fault, unsigned long a0,
			unsigned long a1, unsigned long a2)
{
	fault->vcpu = (struct kvm_vcpu *)a0;
	fault->class = KVMFAULT_TDP;
	if (kvmfault_learns(KVMFAULT_LEARN_ABI))
		kvmfault_recognise_call(a1);
	return true;
}
