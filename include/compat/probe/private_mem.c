// SPDX-License-Identifier: GPL-2.0
/* 6.8: a VM can have memory that its VMM cannot read. */
#include <linux/kvm_host.h>

bool probe(struct kvm *kvm);
bool probe(struct kvm *kvm)
{
	return kvm_arch_has_private_mem(kvm);
}
