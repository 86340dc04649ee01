// SPDX-License-Identifier: GPL-2.0
/* Until 5.14: who commits a memory slot is told what user space has asked for. */
#include <linux/kvm_host.h>

void probe(struct kvm *kvm, const struct kvm_userspace_memory_region *mem,
	   struct kvm_memory_slot *slot);
void probe(struct kvm *kvm, const struct kvm_userspace_memory_region *mem,
	   struct kvm_memory_slot *slot)
{
	kvm_arch_commit_memory_region(kvm, mem, slot, slot, KVM_MR_MOVE);
}
