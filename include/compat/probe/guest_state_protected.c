// SPDX-License-Identifier: GPL-2.0
/* 5.11: a vCPU's registers can be encrypted. */
#include <linux/kvm_host.h>

bool probe(struct kvm_vcpu *vcpu);
bool probe(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.guest_state_protected;
}
