// SPDX-License-Identifier: GPL-2.0
/* 5.16: handlers of page faults take a struct, before that an address and so on. */
#include <linux/kvm_host.h>

int probe(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault);
int probe(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	return vcpu->arch.mmu->page_fault(vcpu, fault);
}
