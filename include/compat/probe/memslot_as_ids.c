// SPDX-License-Identifier: GPL-2.0
/* 6.8: how many address spaces there are is the VM's business. */
#include <linux/kvm_host.h>

int probe(struct kvm *kvm);
int probe(struct kvm *kvm)
{
	return kvm_arch_nr_memslot_as_ids(kvm);
}
