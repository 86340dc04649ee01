// SPDX-License-Identifier: GPL-2.0
/*
 * Intel: handle_ept_violation(vcpu) and handle_ept_misconfig(vcpu)
 */
#include "fault.h"

/**
 * kvmfault_vmx_enter() - read the arguments of Intel's fault handlers
 * @fault: the record to fill in
 * @a0: the vCPU
 * @a1: unused, the handlers take nothing else
 * @a2: unused
 *
 * Return: true, every call is a fault.
 */
bool kvmfault_vmx_enter(struct kvmfault_fault *fault, unsigned long a0,
			unsigned long a1, unsigned long a2)
{
	fault->vcpu = (struct kvm_vcpu *)a0;
	fault->class = fault->point == KVMFAULT_POINT_MISCONFIG ?
		       KVMFAULT_MISCONFIG : KVMFAULT_VIOLATION;
	return true;
}
