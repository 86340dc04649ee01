// SPDX-License-Identifier: GPL-2.0
/*
 * How a VM is set up: memory slots, vCPUs and page tables, as KVM has them now
 *
 * Read when somebody asks, out of KVM's own structs, of a VM that is held (see
 * hold.c). Memory slots are read as KVM's own readers do, under its SRCU, for
 * which nobody waits but who changes them. The rest are plain figures.
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/sort.h>
#include <linux/string.h>

#include <compat/kvm.h>

#include "hold.h"
#include "order.h"
#include "roots.h"
#include "setup.h"
#include "table.h"

/* Slots that may come between counting and reading them. */
#define MEMSLOTS_SPARE	16

static u32 slot_flags(struct kvm *kvm, const struct kvm_memory_slot *slot)
{
	u32 flags = 0;

	if (slot->flags & KVM_MEM_LOG_DIRTY_PAGES)
		flags |= KVMFAULT_SLOT_DIRTY_LOG;
	if (slot->flags & KVM_MEM_READONLY)
		flags |= KVMFAULT_SLOT_READONLY;
	/* A VM of another type does not look into it, unless for all pages. */
	if (slot->flags & KVM_MEM_GUEST_MEMFD && kvmfault_kvm_is_private(kvm))
		flags |= KVMFAULT_SLOT_PRIVATE;
	if (slot->flags & KVM_MEMSLOT_GMEM_ONLY)
		flags |= KVMFAULT_SLOT_MEMFD;
	if (slot->id >= KVM_USER_MEM_SLOTS)
		flags |= KVMFAULT_SLOT_INTERNAL;
	return flags;
}

/**
 * kvmfault_memslot_flag_name() - a flag as the files name it
 * @flag: which, counted from 0
 */
const char *kvmfault_memslot_flag_name(unsigned int flag)
{
	static const char *const names[KVMFAULT_SLOT_FLAGS] = {
		"dirty-log", "readonly", "private", "internal", "guest-memfd"
	};

	return names[flag];
}

/**
 * kvmfault_memslot_read() - read a memory slot
 * @memslot: where to
 * @kvm: whose it is
 * @slot: KVM's own, that stays meanwhile
 */
void kvmfault_memslot_read(struct kvmfault_memslot *memslot, struct kvm *kvm,
			   const struct kvm_memory_slot *slot)
{
	memslot->gpa = gfn_to_gpa(slot->base_gfn);
	memslot->hva = slot->userspace_addr;
	memslot->pages = slot->npages;
	memslot->as = slot->as_id;
	memslot->id = slot->id;
	memslot->flags = slot_flags(kvm, slot);
	memslot->memfd = kvmfault_slot_inode(slot);
	memslot->memfd_index = kvmfault_slot_index(slot);
}

/**
 * struct memslots - what is read of all slots of a VM
 * @kvm: the VM
 * @rows: the slots, as far as there is room
 * @room: for how many
 * @nr: how many there are
 * @pages: how many pages are in them
 */
struct memslots {
	struct kvm *kvm;
	struct kvmfault_memslot *rows;
	unsigned int room;
	unsigned int nr;
	u64 pages;
};

static void memslots_visit(const struct kvm_memory_slot *slot, void *data)
{
	struct memslots *memslots = data;

	/* One that is being deleted stays until its pages are unmapped. */
	if (slot->flags & KVM_MEMSLOT_INVALID)
		return;
	if (memslots->nr < memslots->room)
		kvmfault_memslot_read(&memslots->rows[memslots->nr],
				      memslots->kvm, slot);
	memslots->nr++;
	memslots->pages += slot->npages;
}

/* All of one moment, but for the address spaces, which change one by one. */
static void memslots_read(struct memslots *memslots, struct kvm *kvm)
{
	unsigned int as;
	int srcu;

	memslots->kvm = kvm;
	memslots->nr = 0;
	memslots->pages = 0;
	srcu = srcu_read_lock(&kvm->srcu);
	for (as = 0; as < kvmfault_address_spaces(kvm); as++)
		kvmfault_each_memslot(__kvm_memslots(kvm, as), memslots_visit,
				      memslots);
	srcu_read_unlock(&kvm->srcu, srcu);
}

static int memslot_cmp(const void *a, const void *b)
{
	const struct kvmfault_memslot *x = a, *y = b;

	return kvmfault_order(x->as, y->as) ?:
	       (x->gpa > y->gpa) - (x->gpa < y->gpa);
}

/**
 * kvmfault_setup_memslots_of() - the memory slots of a VM that is held
 * @kvm: the VM
 * @nr: where to put how many there are
 *
 * Return: the slots by address, to be kvfree()d; or ERR_PTR(-ENOMEM).
 */
struct kvmfault_memslot *kvmfault_setup_memslots_of(struct kvm *kvm,
						    unsigned int *nr)
{
	struct memslots memslots = { };

	do {
		kvfree(memslots.rows);
		memslots.room = 0;
		memslots_read(&memslots, kvm);
		memslots.room = memslots.nr + MEMSLOTS_SPARE;
		memslots.rows = kvmalloc_array(memslots.room,
					       sizeof(*memslots.rows),
					       GFP_KERNEL);
		if (!memslots.rows)
			return ERR_PTR(-ENOMEM);
		memslots_read(&memslots, kvm);
	} while (memslots.nr > memslots.room);

	*nr = memslots.nr;
	sort(memslots.rows, *nr, sizeof(*memslots.rows), memslot_cmp, NULL);
	return memslots.rows;
}

/**
 * kvmfault_setup_memslots() - the memory slots of a VM
 * @id: the number of the VM
 * @nr: where to put how many there are
 *
 * Return: the slots by address, to be kvfree()d; or ERR_PTR(-ENOMEM), or what
 * kvmfault_hold() says.
 */
struct kvmfault_memslot *kvmfault_setup_memslots(u64 id, unsigned int *nr)
{
	struct kvmfault_memslot *rows;
	struct kvmfault_hold hold;
	int ret;

	ret = kvmfault_hold(&hold, id);
	if (ret)
		return ERR_PTR(ret);

	rows = kvmfault_setup_memslots_of(hold.kvm, nr);
	kvmfault_release(&hold);
	return rows;
}

static int thread_cmp(const void *a, const void *b)
{
	const struct kvmfault_thread *x = a, *y = b;

	return kvmfault_order(x->vcpu, y->vcpu);
}

static struct kvmfault_thread *threads_new(struct kvm *kvm, unsigned int *nr)
{
	unsigned int room = atomic_read(&kvm->online_vcpus);
	struct kvmfault_thread *rows;
	struct kvm_vcpu *vcpu;
	unsigned long i;

	rows = kvmalloc_array(room + 1, sizeof(*rows), GFP_KERNEL);
	if (!rows)
		return ERR_PTR(-ENOMEM);

	*nr = 0;
	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (*nr == room)
			break;
		rows[*nr].vcpu = vcpu->vcpu_id;
		rows[*nr].tid = kvmfault_vcpu_tid(vcpu);
		rows[*nr].cpu = READ_ONCE(vcpu->cpu);
		++*nr;
	}
	return rows;
}

/**
 * kvmfault_setup_threads() - the vCPUs of a VM, with their threads
 * @id: the number of the VM
 * @nr: where to put how many there are
 *
 * Return: the vCPUs by number, to be kvfree()d; or ERR_PTR(-ENOMEM), or what
 * kvmfault_hold() says.
 */
struct kvmfault_thread *kvmfault_setup_threads(u64 id, unsigned int *nr)
{
	struct kvmfault_thread *rows;
	struct kvmfault_hold hold;
	int ret;

	ret = kvmfault_hold(&hold, id);
	if (ret)
		return ERR_PTR(ret);

	rows = threads_new(hold.kvm, nr);
	kvmfault_release(&hold);
	if (!IS_ERR(rows))
		sort(rows, *nr, sizeof(*rows), thread_cmp, NULL);
	return rows;
}

static u64 root_loads(u64 id)
{
	const struct kvmfault_vm *vm;
	u64 loads;

	kvmfault_table_again();
	vm = kvmfault_table_find(id);
	loads = vm ? kvmfault_roots_loads(vm) : KVMFAULT_UNCOUNTED;
	kvmfault_table_end();
	return loads;
}

/**
 * kvmfault_setup_read() - figures of a VM
 * @setup: where to
 * @id: the number of the VM
 *
 * Return: 0, or what kvmfault_hold() says; then no figure is known.
 */
int kvmfault_setup_read(struct kvmfault_setup *setup, u64 id)
{
	struct memslots memslots = { };
	struct kvmfault_hold hold;
	int ret;

	memset(setup, 0xff, sizeof(*setup));
	ret = kvmfault_hold(&hold, id);
	if (ret)
		return ret;

	memslots_read(&memslots, hold.kvm);
	setup->memslots = memslots.nr;
	setup->memory_pages = memslots.pages;
	setup->vcpus = atomic_read(&hold.kvm->online_vcpus);
	setup->tdp_tables = kvmfault_tdp_tables(hold.kvm);
	setup->shadow_tables = kvmfault_shadow_tables(hold.kvm);
	setup->maps_4k = kvmfault_maps_4k(hold.kvm);
	setup->maps_2m = kvmfault_maps_2m(hold.kvm);
	setup->maps_1g = kvmfault_maps_1g(hold.kvm);
	setup->maps_large = kvmfault_maps_large(hold.kvm);
	setup->private = kvmfault_kvm_is_private(hold.kvm);
	kvmfault_release(&hold);
	setup->root_loads = root_loads(id);
	return 0;
}
