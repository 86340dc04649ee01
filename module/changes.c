// SPDX-License-Identifier: GPL-2.0
/*
 * Changes of how VMs are set up, told when they happen
 *
 * A probe of KVM's function that commits a change of a memory slot, in place all
 * the time: VMMs change slots rarely, and faults do not come here. The handler
 * copies the slot into a ring, and settling tells of it. The ring is shared by
 * CPUs, unlike anything that a fault writes.
 *
 * Only VMs that have faulted are known: how one is set up before it runs is read
 * when it is born.
 */
#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/kvm_host.h>

#include <compat/kvm.h>
#include <uapi/linux/kvmfault.h>

#include "changes.h"
#include "extra.h"
#include "netlink.h"
#include "settle.h"
#include "setup.h"
#include "vm.h"

/* Changes that may come before the settling work has run; a power of two. */
#define RING_SIZE	256

static_assert((int)KVMFAULT_MEMSLOT_CHANGE_CREATED == (int)KVM_MR_CREATE);
static_assert((int)KVMFAULT_MEMSLOT_CHANGE_DELETED == (int)KVM_MR_DELETE);
static_assert((int)KVMFAULT_MEMSLOT_CHANGE_MOVED == (int)KVM_MR_MOVE);
static_assert((int)KVMFAULT_MEMSLOT_CHANGE_FLAGS == (int)KVM_MR_FLAGS_ONLY);

/**
 * struct change - a change of a memory slot
 * @ready: all of it is written
 * @vm: the number of the VM
 * @what: what has become of the slot
 * @slot: as it is now, or as it was if it is gone
 */
struct change {
	bool ready;
	u64 vm;
	enum kvm_mr_change what;
	struct kvmfault_memslot slot;
};

static struct change ring[RING_SIZE];

/* How many were begun to be written, told, and lost. */
static atomic_t begun = ATOMIC_INIT(0);
static unsigned int told;
static atomic_t lost = ATOMIC_INIT(0);

/* The place of one more, or NULL while the ring is full. */
static struct change *change_begin(void)
{
	unsigned int place;

	do {
		place = atomic_read(&begun);
		/*
		 * Pairs with the one in kvmfault_changes_settle(), which may
		 * have passed a place that was taken since.
		 */
		if ((int)(place - smp_load_acquire(&told)) >= RING_SIZE) {
			atomic_inc(&lost);
			return NULL;
		}
	} while (atomic_cmpxchg(&begun, place, place + 1) != place);
	return &ring[place % RING_SIZE];
}

static void change_add(u64 vm, struct kvm *kvm, enum kvm_mr_change what,
		       const struct kvm_memory_slot *slot)
{
	struct change *change = change_begin();

	if (change) {
		change->vm = vm;
		change->what = what;
		kvmfault_memslot_read(&change->slot, kvm, slot);
		/* Pairs with kvmfault_changes_settle(). */
		smp_store_release(&change->ready, true);
	}
	/* What all VMs change within that time has room, or is told at once. */
	if (!change ||
	    atomic_read(&begun) - READ_ONCE(told) >= RING_SIZE / 2)
		kvmfault_settle_kick();
	else
		kvmfault_settle_kick_later();
}

static struct kvmfault_extra probe;

/* KVM holds its lock on the slots of this VM: both of them stay. */
static int commit_at(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct kvm *kvm = (void *)regs_get_kernel_argument(regs, 0);
	enum kvm_mr_change what = kvmfault_commit_change(regs);
	const struct kvmfault_vm *vm = kvmfault_vm_find(kvm);

	kvmfault_extra_hit(&probe);
	if (vm && vm->id)
		change_add(vm->id, kvm, what,
			   what == KVM_MR_DELETE ? kvmfault_commit_old(regs) :
						   kvmfault_commit_new(regs));
	return 0;
}

static struct kvmfault_extra probe = {
	.name = "kvm_arch_commit_memory_region",
	KVMFAULT_EXTRA_IN_KVM,
	.symbols = { "kvm_arch_commit_memory_region" },
	.what = "changes of memory slots are not told",
	.at = commit_at,
};

static struct kvmfault_extras extras = {
	.probes = &probe,
	.nr = 1,
};

/**
 * kvmfault_changes_begun() - how many changes there are to tell
 *
 * Return: what kvmfault_changes_settle() takes.
 */
unsigned int kvmfault_changes_begun(void)
{
	return atomic_read(&begun);
}

/**
 * kvmfault_changes_settle() - tell what has changed
 * @until: when the births of the VMs were not yet told: later ones may be of others
 */
void kvmfault_changes_settle(unsigned int until)
{
	struct change *change = &ring[told % RING_SIZE];

	lockdep_assert_held(&kvmfault_settle_lock);

	/* Who has begun and is not ready has not kicked yet. */
	while (told != until && smp_load_acquire(&change->ready)) {
		kvmfault_netlink_memslot(change->vm, change->what, &change->slot);
		change->ready = false;
		/* From now on it is a handler's again. */
		smp_store_release(&told, told + 1);
		change = &ring[told % RING_SIZE];
	}
	if (atomic_read(&lost))
		kvmfault_netlink_lost(atomic_xchg(&lost, 0));
}

/**
 * kvmfault_changes_init() - see changes from now on
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_changes_init(void)
{
	return kvmfault_extra_arm(&extras);
}

/**
 * kvmfault_changes_exit() - see no more of them
 */
void kvmfault_changes_exit(void)
{
	kvmfault_extra_disarm(&extras);
}
