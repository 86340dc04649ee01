// SPDX-License-Identifier: GPL-2.0
/* Everything the other probes lean on; it compiles on every kernel. */
#include <linux/kprobes.h>
#include <linux/kvm_host.h>
#include <linux/module.h>

int probe(struct kvm_vcpu *vcpu);
int probe(struct kvm_vcpu *vcpu)
{
	return vcpu->vcpu_id;
}
