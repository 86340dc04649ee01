// SPDX-License-Identifier: GPL-2.0
/* 7.2: and then among the statistics. */
#include <linux/kvm_host.h>

u64 probe(struct kvm *kvm);
u64 probe(struct kvm *kvm)
{
	return kvm->stat.mmu_shadow_pages;
}
