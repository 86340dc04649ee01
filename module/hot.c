// SPDX-License-Identifier: GPL-2.0
/*
 * The addresses of each VM that fault most, while somebody wants to know
 *
 * Exits are counted, violations and misconfigurations: for them the CPU says
 * where they were and which instruction it was, and the tdp call within says
 * the rest.
 *
 * Each slot has a sketch, see sketch.h, which the slot's CPU alone writes. When
 * the slot is settled, its sketch goes into the VM's digest; a reader folds what
 * slots hold into a copy of that. With a VM its digest goes: a GPA says nothing
 * about the VMs that are gone, so vm 0 has none.
 *
 * Memory, while it is on: a sketch for each slot of each CPU that is possible,
 * so that none that comes up has to do without; and a digest for each VM that
 * has faulted.
 */
#include <linux/build_bug.h>
#include <linux/cpu.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <linux/topology.h>

#include "account.h"
#include "address.h"
#include "detail.h"
#include "fault.h"
#include "hot.h"
#include "look.h"
#include "settle.h"
#include "slot.h"
#include "vm.h"

static_assert(KVMFAULT_ACCESSES <= 1 << KVMFAULT_HEAT_LEVEL);
static_assert(KVMFAULT_LEVELS <= 4);

/* For the slots of each CPU, while it is on. */
static DEFINE_PER_CPU(struct kvmfault_hot *, hots);
/* Slots have them; changed under kvmfault_settle_lock and cpus_read_lock(). */
static bool attached;

/* Digests that VMs have; kvmfault_settle_lock. */
static unsigned int nr_digests;

/**
 * kvmfault_hot_count() - count an address
 * @fault: accounted a moment ago on this CPU, which alone retires the slot of a
 *	VM that lives, so it is still BOUND; its address is known, or
 *	KVMFAULT_NOWHERE
 */
void kvmfault_hot_count(const struct kvmfault_fault *fault)
{
	struct kvmfault_hot *hot;

	if (!kvmfault_class_is_exit(fault->call.class) ||
	    fault->gpa == KVMFAULT_NOWHERE)
		return;

	/* Pairs with kvmfault_hot_online(). */
	hot = smp_load_acquire(&__this_cpu_read(kvmfault_buffers)->slot->hot);
	if (!hot)
		return;

	raw_write_seqcount_begin(&hot->seq);
	kvmfault_sketch_add(&hot->sketch,
			    kvmfault_heat_key(fault->gpa, fault->level,
					      fault->access),
			    fault->rip);
	raw_write_seqcount_end(&hot->seq);
}

/* What could not be kept may have been any address. */
static void digest_lack(struct kvmfault_vm *vm, const struct kvmfault_sketch *sketch)
{
	u64 most = sketch->floor;
	unsigned int i;

	for (i = 0; i < sketch->nr; i++)
		most = max(most, sketch->count[i]);
	vm->hot_floor += most;
}

static struct kvmfault_digest *digest_get(struct kvmfault_vm *vm)
{
	if (vm->hot)
		return vm->hot;

	vm->hot = kvzalloc(sizeof(*vm->hot), GFP_KERNEL);
	if (vm->hot) {
		vm->hot->floor = vm->hot_floor;
		WRITE_ONCE(nr_digests, nr_digests + 1);
	}
	return vm->hot;
}

/**
 * kvmfault_hot_settle() - empty the sketch of a slot that is settled
 * @slot: the slot
 * @vm: where its addresses go, NULL if they are of an old epoch
 */
void kvmfault_hot_settle(struct kvmfault_slot *slot, struct kvmfault_vm *vm)
{
	struct kvmfault_digest *digest;

	lockdep_assert_held(&kvmfault_settle_lock);

	if (!slot->hot || !slot->hot->sketch.nr)
		return;

	if (vm) {
		digest = digest_get(vm);
		if (digest)
			kvmfault_digest_add(digest, &slot->hot->sketch);
		else
			digest_lack(vm, &slot->hot->sketch);
	}
	memset(&slot->hot->sketch, 0, sizeof(slot->hot->sketch));
}

/**
 * kvmfault_hot_forget() - drop the digest of a VM
 * @vm: the VM
 */
void kvmfault_hot_forget(struct kvmfault_vm *vm)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	WRITE_ONCE(nr_digests, nr_digests - !!vm->hot);
	kvfree(vm->hot);
	vm->hot = NULL;
	vm->hot_floor = 0;
}

/**
 * kvmfault_hot_begin() - begin with what was settled of a VM
 * @digest: where to
 * @vm: the VM
 */
void kvmfault_hot_begin(struct kvmfault_digest *digest,
			const struct kvmfault_vm *vm)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	if (vm->hot) {
		*digest = *vm->hot;
	} else {
		digest->nr = 0;
		digest->floor = vm->hot_floor;
	}
}

/**
 * kvmfault_hot_fold() - add what a slot holds
 * @digest: to what
 * @slot: the slot, of which handlers may be writing
 *
 * Between two faults a CPU does much else, and lines it has not written since
 * are at hand when we have to look again: that ends soon.
 */
void kvmfault_hot_fold(struct kvmfault_digest *digest,
		       const struct kvmfault_slot *slot)
{
	/* Too large for the stack, and there is only one who holds the lock. */
	static struct kvmfault_sketch sketch;
	unsigned int seq;

	lockdep_assert_held(&kvmfault_settle_lock);

	if (!slot->hot)
		return;

	do {
		seq = raw_read_seqcount_begin(&slot->hot->seq);
		sketch = slot->hot->sketch;
	} while (read_seqcount_retry(&slot->hot->seq, seq));
	kvmfault_digest_add(digest, &sketch);
}

/**
 * kvmfault_hot_bytes() - the memory that it takes
 */
size_t kvmfault_hot_bytes(void)
{
	if (!READ_ONCE(attached))
		return 0;
	return READ_ONCE(nr_digests) * sizeof(struct kvmfault_digest) +
	       num_possible_cpus() * kvmfault_account_slots() *
	       sizeof(struct kvmfault_hot);
}

/**
 * kvmfault_hot_online() - give the slots of a CPU their sketches, or take them
 * @cpu: the CPU
 * @buffer: its buffer
 *
 * Context: no CPU comes or goes meanwhile.
 */
void kvmfault_hot_online(unsigned int cpu, struct kvmfault_buffer *buffer)
{
	struct kvmfault_hot *hot = attached ? per_cpu(hots, cpu) : NULL;
	unsigned int i;

	for (i = 0; i < kvmfault_account_slots(); i++)
		/* Pairs with kvmfault_hot_count(): what it finds is initialised. */
		smp_store_release(&buffer->slots[i].hot, hot ? &hot[i] : NULL);
}

static void hots_attach(bool attach)
{
	cpus_read_lock();
	WRITE_ONCE(attached, attach);
	kvmfault_account_each_buffer(kvmfault_hot_online);
	cpus_read_unlock();
}

static void hots_free(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		kvfree(per_cpu(hots, cpu));
		per_cpu(hots, cpu) = NULL;
	}
}

static struct kvmfault_hot *hots_new(unsigned int cpu)
{
	unsigned int i, nr = kvmfault_account_slots();
	struct kvmfault_hot *hot;

	hot = kvzalloc_node(nr * sizeof(*hot), GFP_KERNEL, cpu_to_node(cpu));
	for (i = 0; hot && i < nr; i++)
		seqcount_init(&hot[i].seq);
	return hot;
}

static int hot_begin(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(hots, cpu) = hots_new(cpu);
		if (!per_cpu(hots, cpu)) {
			hots_free();
			return -ENOMEM;
		}
	}

	mutex_lock(&kvmfault_settle_lock);
	hots_attach(true);
	mutex_unlock(&kvmfault_settle_lock);
	return 0;
}

static void hot_end(void)
{
	struct kvmfault_vm *vm;

	mutex_lock(&kvmfault_settle_lock);
	hots_attach(false);
	list_for_each_entry(vm, &kvmfault_vms, list)
		kvmfault_hot_forget(vm);
	mutex_unlock(&kvmfault_settle_lock);
	hots_free();
}

struct kvmfault_detail kvmfault_hot_detail = {
	.name = "hot",
	.look = KVMFAULT_LOOK_HOT,
	.begin = hot_begin,
	.end = hot_end,
};
