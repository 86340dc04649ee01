/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a VM is set up: memory slots, vCPUs and page tables, as KVM has them now
 */
#ifndef KVMFAULT_SETUP_H
#define KVMFAULT_SETUP_H

#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/types.h>

struct inode;
struct kvm;
struct kvm_memory_slot;

/* A figure that this kernel's KVM does not have. */
#define KVMFAULT_UNCOUNTED	U64_MAX

/* What a memory slot is beside its place. */
#define KVMFAULT_SLOT_DIRTY_LOG	BIT(0)
#define KVMFAULT_SLOT_READONLY	BIT(1)
#define KVMFAULT_SLOT_PRIVATE	BIT(2)
#define KVMFAULT_SLOT_INTERNAL	BIT(3)
#define KVMFAULT_SLOT_MEMFD	BIT(4)
#define KVMFAULT_SLOT_FLAGS	5

/**
 * struct kvmfault_memslot - a memory slot at one moment
 * @gpa: where the guest sees it
 * @hva: where its VMM has it
 * @pages: of 4 KiB
 * @as: the address space, 1 for system management mode
 * @id: the number that the VMM gave it
 * @flags: what else it is
 * @memfd: its guest_memfd, only to be compared, or NULL
 * @memfd_index: where in that it begins, in pages
 */
struct kvmfault_memslot {
	u64 gpa;
	u64 hva;
	u64 pages;
	const struct inode *memfd;
	u64 memfd_index;
	u32 as;
	u32 id;
	u32 flags;
};

/**
 * struct kvmfault_thread - a vCPU's thread
 * @vcpu: the number that the VMM gave the vCPU
 * @tid: the thread that ran it last, 0 if none has
 * @cpu: where it ran last, or -1
 */
struct kvmfault_thread {
	int vcpu;
	pid_t tid;
	int cpu;
};

/**
 * struct kvmfault_setup - figures of a VM, KVMFAULT_UNCOUNTED if there are none
 * @memslots: memory slots
 * @memory_pages: pages of 4 KiB in them
 * @vcpus: vCPUs, whether they have faulted or not
 * @tdp_tables: pages of the page tables that the TDP MMU keeps
 * @shadow_tables: those of the older MMU
 * @maps_4k: mappings of this size
 * @maps_2m: likewise
 * @maps_1g: likewise
 * @maps_large: mappings of 2M and 1G together
 * @private: 1 if the VM may have memory that nobody but the guest can read, or 0
 * @root_loads: root loads since its vCPUs' first faults
 */
struct kvmfault_setup {
	u64 memslots;
	u64 memory_pages;
	u64 vcpus;
	u64 tdp_tables;
	u64 shadow_tables;
	u64 maps_4k;
	u64 maps_2m;
	u64 maps_1g;
	u64 maps_large;
	u64 private;
	u64 root_loads;
};

/* In process context, outside of kvmfault_settle_lock. */
struct kvmfault_memslot *kvmfault_setup_memslots(u64 id, unsigned int *nr);
struct kvmfault_thread *kvmfault_setup_threads(u64 id, unsigned int *nr);
int kvmfault_setup_read(struct kvmfault_setup *setup, u64 id);

/* In process context, of a VM that is held. */
struct kvmfault_memslot *kvmfault_setup_memslots_of(struct kvm *kvm,
						    unsigned int *nr);

/* Anywhere; of a slot that is sure to stay. */
const char *kvmfault_memslot_flag_name(unsigned int flag);
void kvmfault_memslot_read(struct kvmfault_memslot *memslot, struct kvm *kvm,
			   const struct kvm_memory_slot *slot);

#endif /* KVMFAULT_SETUP_H */
