// SPDX-License-Identifier: GPL-2.0
/* 6.3: the TDP MMU's page tables are counted. */
#include <linux/kvm_host.h>

s64 probe(struct kvm *kvm);
s64 probe(struct kvm *kvm)
{
	return atomic64_read(&kvm->arch.tdp_mmu_pages);
}
