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
 * Memory, while it is on: a sketch for each slot, see beside.c, and a digest for
 * each VM that has faulted.
 */
#include <linux/build_bug.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "account.h"
#include "address.h"
#include "beside.h"
#include "detail.h"
#include "fault.h"
#include "hot.h"
#include "look.h"
#include "settle.h"
#include "slot.h"
#include "vm.h"

static_assert(KVMFAULT_ACCESSES <= 1 << KVMFAULT_HEAT_LEVEL);
static_assert(KVMFAULT_LEVELS <= 4);

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
	    fault->home == KVMFAULT_NOWHERE)
		return;

	hot = kvmfault_beside_here(KVMFAULT_BESIDE_HOT);
	if (!hot)
		return;

	raw_write_seqcount_begin(&hot->seq);
	kvmfault_sketch_add(&hot->sketch,
			    kvmfault_heat_key(fault->home, fault->level,
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
	struct kvmfault_hot *hot = slot->beside[KVMFAULT_BESIDE_HOT];
	struct kvmfault_digest *digest;

	lockdep_assert_held(&kvmfault_settle_lock);

	if (!hot || !hot->sketch.nr)
		return;

	if (vm) {
		digest = digest_get(vm);
		if (digest)
			kvmfault_digest_add(digest, &hot->sketch);
		else
			digest_lack(vm, &hot->sketch);
	}
	memset(&hot->sketch, 0, sizeof(hot->sketch));
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
	const struct kvmfault_hot *hot = slot->beside[KVMFAULT_BESIDE_HOT];
	unsigned int seq;

	lockdep_assert_held(&kvmfault_settle_lock);

	if (!hot)
		return;

	do {
		seq = raw_read_seqcount_begin(&hot->seq);
		sketch = hot->sketch;
	} while (read_seqcount_retry(&hot->seq, seq));
	kvmfault_digest_add(digest, &sketch);
}

/**
 * kvmfault_hot_bytes() - the memory that it takes
 */
size_t kvmfault_hot_bytes(void)
{
	size_t slots = kvmfault_beside_bytes(KVMFAULT_BESIDE_HOT);

	return slots ? slots + READ_ONCE(nr_digests) *
			       sizeof(struct kvmfault_digest) : 0;
}

static int hot_begin(void)
{
	int ret = kvmfault_beside_alloc(KVMFAULT_BESIDE_HOT);

	if (ret)
		return ret;
	mutex_lock(&kvmfault_settle_lock);
	kvmfault_beside_attach(KVMFAULT_BESIDE_HOT, true);
	mutex_unlock(&kvmfault_settle_lock);
	return 0;
}

static void hot_end(void)
{
	struct kvmfault_vm *vm;

	/* Who has a digest is listed then. */
	kvmfault_settle_begin();
	kvmfault_beside_attach(KVMFAULT_BESIDE_HOT, false);
	list_for_each_entry(vm, &kvmfault_vms, list)
		kvmfault_hot_forget(vm);
	kvmfault_settle_end();
	kvmfault_beside_free(KVMFAULT_BESIDE_HOT);
}

struct kvmfault_detail kvmfault_hot_detail = {
	.name = "hot",
	.look = KVMFAULT_LOOK_HOT,
	.begin = hot_begin,
	.end = hot_end,
};
