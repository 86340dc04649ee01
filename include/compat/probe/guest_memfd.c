// SPDX-License-Identifier: GPL-2.0
/* 6.8: a memory slot can have a guest_memfd. */
#include <linux/kvm_host.h>

pgoff_t probe(struct kvm_memory_slot *slot);
pgoff_t probe(struct kvm_memory_slot *slot)
{
	return slot->gmem.file ? slot->gmem.pgoff : 0;
}
