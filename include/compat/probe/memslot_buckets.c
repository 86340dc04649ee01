// SPDX-License-Identifier: GPL-2.0
/* 5.17: memory slots are in a hash table, not in an array. */
#include <linux/kvm_host.h>

int probe(struct kvm_memslots *slots);
int probe(struct kvm_memslots *slots)
{
	struct kvm_memory_slot *slot;
	int bucket, nr = 0;

	kvm_for_each_memslot(slot, bucket, slots)
		nr++;
	return nr;
}
