/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Intel: handle_ept_violation(vcpu) and handle_ept_misconfig(vcpu)
 */
#ifndef KVMFAULT_VMX_H
#define KVMFAULT_VMX_H

#include "fault.h"

/**
 * kvmfault_vmx_enter() - read the arguments of Intel's fault handlers
 * @fault: the record to fill in
 * @class: of which handler
 * @args: the vCPU, nothing else
 *
 * Return: true, every call is a fault.
 */
static __always_inline bool kvmfault_vmx_enter(struct kvmfault_fault *fault,
					       enum kvmfault_class class,
					       const struct kvmfault_args *args)
{
	fault->vcpu = (struct kvm_vcpu *)args->arg[0];
	fault->class = class;
	return true;
}

#endif /* KVMFAULT_VMX_H */
