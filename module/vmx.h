/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Intel: handle_ept_violation(vcpu) and handle_ept_misconfig(vcpu)
 */
#ifndef KVMFAULT_VMX_H
#define KVMFAULT_VMX_H

#include "fault.h"

/**
 * kvmfault_vmx_enter() - read the arguments of Intel's fault handlers
 * @call: the record to fill in
 * @args: the vCPU, nothing else
 *
 * Return: true, every call is a fault.
 */
static __always_inline bool kvmfault_vmx_enter(struct kvmfault_call *call,
					       const struct kvmfault_args *args)
{
	call->vcpu = (struct kvm_vcpu *)args->arg[0];
	return true;
}

#endif /* KVMFAULT_VMX_H */
