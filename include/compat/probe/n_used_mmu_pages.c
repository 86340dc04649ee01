// SPDX-License-Identifier: GPL-2.0
/* Until 7.1: the older MMU's page tables are counted for its own use. */
#include <linux/kvm_host.h>

unsigned long probe(struct kvm *kvm);
unsigned long probe(struct kvm *kvm)
{
	return kvm->arch.n_used_mmu_pages;
}
