/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KVM's structs, as kernels differ in them
 */
#ifndef KVMFAULT_COMPAT_KVM_H
#define KVMFAULT_COMPAT_KVM_H

#include <linux/kvm_host.h>

#include <compat/config.h>

/* What KVM has cached of the guest's instruction pointer. */
static inline u64 kvmfault_vcpu_rip(const struct kvm_vcpu *vcpu)
{
#ifdef HAVE_VCPU_ARCH_RIP
	return vcpu->arch.rip;
#else
	return vcpu->arch.regs[VCPU_REGS_RIP];
#endif
}

#endif /* KVMFAULT_COMPAT_KVM_H */
