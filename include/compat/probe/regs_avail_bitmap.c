// SPDX-License-Identifier: GPL-2.0
/* 7.2: which registers KVM has copies of is a bitmap, not a word. */
#include <linux/kvm_host.h>

bool probe(struct kvm_vcpu *vcpu);
bool probe(struct kvm_vcpu *vcpu)
{
	return test_bit(VCPU_REG_CR3, vcpu->arch.regs_avail);
}
