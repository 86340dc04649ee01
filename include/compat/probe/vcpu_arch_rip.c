// SPDX-License-Identifier: GPL-2.0
/* 7.2: the instruction pointer is no longer one of the registers. */
#include <linux/kvm_host.h>

unsigned long probe(struct kvm_vcpu *vcpu);
unsigned long probe(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.rip;
}
