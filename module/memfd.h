/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages that a guest has from a guest_memfd, not from its VMM's memory
 */
#ifndef KVMFAULT_MEMFD_H
#define KVMFAULT_MEMFD_H

#include <linux/types.h>

#include "host_walk.h"

struct address_space;
struct kvm;
struct kvmfault_memslot;
struct vm_area_struct;

/**
 * struct kvmfault_memfd - where a page of a guest comes from
 * @taken: from the guest_memfd of its slot, whether it is there yet or not; if
 *	not, from the VMM's memory
 * @private: because the page is private
 * @none: its slot has no guest_memfd, so the guest cannot have it
 * @frame: what is in the file, if it is taken from there
 */
struct kvmfault_memfd {
	bool taken;
	bool private;
	bool none;
	struct kvmfault_frame frame;
};

/* In process context, of a VM that is held. */
void kvmfault_memfd_look(struct kvmfault_memfd *memfd, struct kvm *kvm,
			 const struct kvmfault_memslot *memslot, u64 gpa);

/* In process context, of a file that stays. */
void kvmfault_memfd_frame(struct kvmfault_frame *frame,
			  struct address_space *mapping, u64 index);

/* Under the lock of the address space. */
bool kvmfault_memfd_is_mapped(const struct kvmfault_memslot *memslot, u64 hva,
			      const struct vm_area_struct *vma);

#endif /* KVMFAULT_MEMFD_H */
