// SPDX-License-Identifier: GPL-2.0
/* 5.19: KVM counts what became of a page fault; RET_PF_CONTINUE came with it. */
#include <linux/kvm_host.h>

u64 probe(struct kvm_vcpu *vcpu);
u64 probe(struct kvm_vcpu *vcpu)
{
	return vcpu->stat.pf_taken;
}
