/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trampolines and wrappers of the direct engine: what assembly and C call of
 * each other
 */
#ifndef KVMFAULT_DIRECT_H
#define KVMFAULT_DIRECT_H

#include "handover.h"

struct kvm_vcpu;

void kvmfault_enter_violation(void);
void kvmfault_enter_misconfig(void);
void kvmfault_enter_npf(void);
void kvmfault_enter_tdp(void);

struct kvmfault_return kvmfault_direct_violation(struct kvm_vcpu *vcpu);
struct kvmfault_return kvmfault_direct_misconfig(struct kvm_vcpu *vcpu);
struct kvmfault_return
kvmfault_direct_npf(unsigned long vcpu, unsigned long gpa,
		    unsigned long error_code, unsigned long insn,
		    unsigned long len);
struct kvmfault_return
kvmfault_direct_tdp(unsigned long vcpu, unsigned long a1, unsigned long a2,
		    unsigned long a3);

#endif /* KVMFAULT_DIRECT_H */
