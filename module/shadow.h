/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shadow paging: the MMU's part where KVM shadows page tables that a guest writes
 *
 * With ept=0 or npt=0 the CPU runs guests on tables that KVM makes from the guest's
 * own; with two-dimensional paging it runs a guest's guest on tables that KVM makes
 * from the EPT or NPT of the guest. The functions are called like
 * kvm_tdp_page_fault() and return the same, but what they get is an address that
 * the guest's tables have yet to translate, and they may find that these forbid
 * the access: then the fault is not KVM's, and the guest gets it.
 *
 * On a host with neither they are never called.
 */
#ifndef KVMFAULT_SHADOW_H
#define KVMFAULT_SHADOW_H

#include <linux/types.h>

#include "fault.h"
#include "vm.h"

struct kvm_vcpu;

/**
 * kvmfault_shadow_class() - what a call of the MMU counts as
 * @vcpu: the vCPU that it was made for
 * @since: when it began, as its record says
 */
static inline enum kvmfault_class
kvmfault_shadow_class(const struct kvmfault_vcpu *vcpu, u64 since)
{
	return READ_ONCE(vcpu->shadow.since) == since ? KVMFAULT_SHADOW :
							KVMFAULT_TDP;
}

/* In handlers. */
enum kvmfault_guest kvmfault_shadow_guest(const struct kvm_vcpu *vcpu);
bool kvmfault_shadow_enter(struct kvmfault_call *call,
			   const struct kvmfault_args *args);
bool kvmfault_shadow_mmio(struct kvmfault_call *call, u64 error_code);
void kvmfault_shadow_start(const struct kvmfault_call *call,
			   enum kvmfault_point_id point);
u64 kvmfault_shadow_raw(const struct kvmfault_call *call, int ret);
u64 kvmfault_shadow_gpa(const struct kvmfault_call *call, u64 raw);

/* With preemption off. */
void kvmfault_shadow_finish(const struct kvmfault_call *call,
			    enum kvmfault_point_id point, int ret, u64 ns);
struct kvmfault_vcpu *kvmfault_shadow_count(struct kvm_vcpu *kvm_vcpu,
					    enum kvmfault_point_id point,
					    u64 raw, u64 ns);

/* In process context. */
int kvmfault_shadow_init(void);
void kvmfault_shadow_exit(void);

#endif /* KVMFAULT_SHADOW_H */
