// SPDX-License-Identifier: GPL-2.0
/* 6.12: a lock protects whose vCPU it is, not RCU. */
#include <linux/kvm_host.h>

void probe(struct kvm_vcpu *vcpu);
void probe(struct kvm_vcpu *vcpu)
{
	read_lock(&vcpu->pid_lock);
	read_unlock(&vcpu->pid_lock);
}
