// SPDX-License-Identifier: GPL-2.0
/*
 * Intel: handle_ept_violation(vcpu) and handle_ept_misconfig(vcpu)
 */
#include "fault.h"

/**
 * kvmfault_vmx_enter() - read the arguments of Intel's fault handlers
 * @fault: the record to fill in
 * @args: the vCPU, nothing else
 *
 * Return: true, every call is a fault.
 */
bool kvmfault_vmx_enter(struct kvmfault_fault *fault,
			const struct kvmfault_args *args)
{
	fault->vcpu = (struct kvm_vcpu *)args->arg[0];
	fault->class = fault->point == KVMFAULT_POINT_MISCONFIG ?
		       KVMFAULT_MISCONFIG : KVMFAULT_VIOLATION;
	return true;
}
