// SPDX-License-Identifier: GPL-2.0
/*
 * Where the time of each VM's tdp calls goes, while somebody wants to know
 *
 * What steps.c has seen of a call is counted when it returns, once that is
 * counted itself: in the slot of its VM on this CPU, which that CPU alone
 * writes. When the slot is settled, what it has goes to the VM, and with the VM
 * to vm 0; a reader adds what slots hold.
 *
 * Memory, while it is on: for each slot, see beside.c, and for each VM that has
 * faulted. To halve the first, slots count to 2^32; one that comes near is folded
 * away.
 */
#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "account.h"
#include "beside.h"
#include "detail.h"
#include "fault.h"
#include "look.h"
#include "settle.h"
#include "slot.h"
#include "stages.h"
#include "steps.h"
#include "vm.h"

/* Long before a count runs over, since settling takes its time. */
#define FULL	BIT(31)

/* Totals that VMs have; kvmfault_settle_lock. */
static unsigned int nr_totals;

/* Return: true if it has to be folded away. */
static bool cell_count(struct kvmfault_stage_cell *cell, u64 ns)
{
	u32 *bucket = &cell->bucket[kvmfault_hist_index(ns)];

	cell->sum_ns += ns;
	cell->max_ns = max(cell->max_ns, ns);
	(*bucket)++;
	return *bucket >= FULL;
}

static bool slot_count(struct kvmfault_stage_counts *to,
		       const struct kvmfault_split *split,
		       enum kvmfault_host cause)
{
	enum kvmfault_stage stage;
	bool full = false;

	to->used = true;
	for (stage = 0; stage < KVMFAULT_STAGES; stage++)
		if (kvmfault_split_seen(split, stage))
			full |= cell_count(&to->cell[stage], split->ns[stage]);
	if (kvmfault_split_seen(split, KVMFAULT_STAGE_GUP_SLOW))
		full |= cell_count(&to->host[cause],
				   split->ns[KVMFAULT_STAGE_GUP_SLOW]);
	return full;
}

/**
 * kvmfault_stages_count() - count the stages of a tdp call
 * @fault: accounted a moment ago on this CPU, which alone retires the slot of a
 *	VM that lives, so it is still BOUND
 * @vcpu: the record of its vCPU
 * @end: the stamp that its duration ends with
 *
 * On return the slot may be settled: nobody may write there any more.
 */
void kvmfault_stages_count(const struct kvmfault_fault *fault,
			   struct kvmfault_vcpu *vcpu, u64 end)
{
	enum kvmfault_host cause;
	struct kvmfault_split split;
	struct kvmfault_stages *to;
	bool full;

	if (!kvmfault_steps_end(&split, &cause, fault, vcpu, end))
		return;
	to = kvmfault_beside_here(KVMFAULT_BESIDE_STAGES);
	if (!to)
		return;

	raw_write_seqcount_begin(&to->seq);
	full = slot_count(&to->counts, &split, cause);
	raw_write_seqcount_end(&to->seq);
	if (full)
		kvmfault_account_retire();
}

static void total_add(struct kvmfault_stage_total *total,
		      const struct kvmfault_stage_cell *from)
{
	unsigned int i;

	total->sum_ns += from->sum_ns;
	total->max_ns = max(total->max_ns, from->max_ns);
	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		total->bucket[i] += from->bucket[i];
}

static void totals_add(struct kvmfault_stage_totals *totals,
		       const struct kvmfault_stage_counts *from)
{
	unsigned int i;

	for (i = 0; i < KVMFAULT_STAGES; i++)
		total_add(&totals->total[i], &from->cell[i]);
	for (i = 0; i < KVMFAULT_HOST_CAUSES; i++)
		total_add(&totals->host[i], &from->host[i]);
}

static void total_merge(struct kvmfault_stage_total *total,
			const struct kvmfault_stage_total *from)
{
	unsigned int i;

	total->sum_ns += from->sum_ns;
	total->max_ns = max(total->max_ns, from->max_ns);
	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		total->bucket[i] += from->bucket[i];
}

static void totals_merge(struct kvmfault_stage_totals *totals,
			 const struct kvmfault_stage_totals *from)
{
	unsigned int i;

	for (i = 0; i < KVMFAULT_STAGES; i++)
		total_merge(&totals->total[i], &from->total[i]);
	for (i = 0; i < KVMFAULT_HOST_CAUSES; i++)
		total_merge(&totals->host[i], &from->host[i]);
}

/* Without memory for its own a VM counts among those that are gone. */
static struct kvmfault_stage_totals *totals_get(struct kvmfault_vm *vm)
{
	if (!vm->stages) {
		vm->stages = kvzalloc(sizeof(*vm->stages), GFP_KERNEL);
		WRITE_ONCE(nr_totals, nr_totals + !!vm->stages);
	}
	return vm->stages ?: kvmfault_vm_gone.stages;
}

/**
 * kvmfault_stages_settle() - take what a slot that is settled has seen
 * @slot: the slot
 * @vm: whose it is, NULL if it is of an old epoch
 */
void kvmfault_stages_settle(struct kvmfault_slot *slot, struct kvmfault_vm *vm)
{
	struct kvmfault_stages *from = slot->beside[KVMFAULT_BESIDE_STAGES];

	lockdep_assert_held(&kvmfault_settle_lock);

	if (!from || !from->counts.used)
		return;

	if (vm)
		totals_add(totals_get(vm), &from->counts);
	memset(&from->counts, 0, sizeof(from->counts));
}

/**
 * kvmfault_stages_forget() - drop the totals of a VM
 * @vm: the VM; vm 0 keeps its own, with nothing in them
 */
void kvmfault_stages_forget(struct kvmfault_vm *vm)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	if (!vm->stages)
		return;
	if (vm == &kvmfault_vm_gone) {
		memset(vm->stages, 0, sizeof(*vm->stages));
		return;
	}
	WRITE_ONCE(nr_totals, nr_totals - 1);
	kvfree(vm->stages);
	vm->stages = NULL;
}

/**
 * kvmfault_stages_inherit() - have vm 0 take over the totals of a VM that is gone
 * @vm: the VM, of which no CPU holds anything
 */
void kvmfault_stages_inherit(struct kvmfault_vm *vm)
{
	/* A VM that was not listed yet has kept its own through switching off. */
	if (vm->stages && kvmfault_vm_gone.stages)
		totals_merge(kvmfault_vm_gone.stages, vm->stages);
	kvmfault_stages_forget(vm);
}

/**
 * kvmfault_stages_begin() - begin with what was settled of a VM
 * @totals: where to
 * @vm: the VM
 */
void kvmfault_stages_begin(struct kvmfault_stage_totals *totals,
			   const struct kvmfault_vm *vm)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	if (vm->stages)
		*totals = *vm->stages;
	else
		memset(totals, 0, sizeof(*totals));
}

/**
 * kvmfault_stages_fold() - add what a slot holds
 * @totals: to what
 * @slot: the slot, of which handlers may be writing
 *
 * See kvmfault_hot_fold(): looking again ends soon.
 */
void kvmfault_stages_fold(struct kvmfault_stage_totals *totals,
			  const struct kvmfault_slot *slot)
{
	/* Too large for the stack, and there is only one who holds the lock. */
	static struct kvmfault_stage_counts counts;
	const struct kvmfault_stages *from = slot->beside[KVMFAULT_BESIDE_STAGES];
	unsigned int seq;

	lockdep_assert_held(&kvmfault_settle_lock);

	if (!from)
		return;

	do {
		seq = raw_read_seqcount_begin(&from->seq);
		counts = from->counts;
	} while (read_seqcount_retry(&from->seq, seq));
	totals_add(totals, &counts);
}

/**
 * kvmfault_stage_name() - a stage as all readers name it
 * @stage: the stage
 */
const char *kvmfault_stage_name(enum kvmfault_stage stage)
{
	static const char *const names[KVMFAULT_STAGES] = {
		[KVMFAULT_STAGE_TDP] = "tdp",
		[KVMFAULT_STAGE_FAST] = "fast",
		[KVMFAULT_STAGE_TOPUP] = "topup",
		[KVMFAULT_STAGE_FAULTIN] = "faultin",
		[KVMFAULT_STAGE_GUP_FAST] = "gup-fast",
		[KVMFAULT_STAGE_GUP_SLOW] = "gup-slow",
		[KVMFAULT_STAGE_WAIT] = "wait",
		[KVMFAULT_STAGE_HELD] = "held",
		[KVMFAULT_STAGE_MAP] = "map",
		[KVMFAULT_STAGE_REST] = "rest",
		[KVMFAULT_STAGE_FAULTIN_REST] = "faultin-rest",
		[KVMFAULT_STAGE_HELD_REST] = "held-rest",
	};

	return names[stage];
}

/**
 * kvmfault_host_cause_name() - what the host had to do, as all readers name it
 * @cause: what
 */
const char *kvmfault_host_cause_name(enum kvmfault_host cause)
{
	static const char *const names[KVMFAULT_HOST_CAUSES] = {
		[KVMFAULT_HOST_PRESENT] = "present",
		[KVMFAULT_HOST_MINOR] = "minor",
		[KVMFAULT_HOST_HUGE] = "huge",
		[KVMFAULT_HOST_MAJOR] = "major",
		[KVMFAULT_HOST_SWAP] = "swap",
		[KVMFAULT_HOST_USERFAULT] = "userfault",
	};

	return names[cause];
}

/**
 * kvmfault_stages_bytes() - the memory that it takes
 */
size_t kvmfault_stages_bytes(void)
{
	size_t slots = kvmfault_beside_bytes(KVMFAULT_BESIDE_STAGES);

	return slots ? slots + READ_ONCE(nr_totals) *
			       sizeof(struct kvmfault_stage_totals) : 0;
}

static void stages_drop(void)
{
	struct kvmfault_vm *vm;

	/* Who has totals is listed then. */
	kvmfault_settle_begin();
	kvmfault_beside_attach(KVMFAULT_BESIDE_STAGES, false);
	list_for_each_entry(vm, &kvmfault_vms, list)
		kvmfault_stages_forget(vm);
	kvfree(kvmfault_vm_gone.stages);
	kvmfault_vm_gone.stages = NULL;
	nr_totals = 0;
	kvmfault_settle_end();
	kvmfault_beside_free(KVMFAULT_BESIDE_STAGES);
}

/* Who switches them on again asks for all VMs, unless he says which. */
static void stages_end(void)
{
	kvmfault_steps_disarm();
	kvmfault_steps_set_only(0);
	stages_drop();
}

static int stages_begin(void)
{
	struct kvmfault_stage_totals *gone;
	int ret;

	ret = kvmfault_beside_alloc(KVMFAULT_BESIDE_STAGES);
	if (ret)
		return ret;
	gone = kvzalloc(sizeof(*gone), GFP_KERNEL);
	if (!gone) {
		kvmfault_beside_free(KVMFAULT_BESIDE_STAGES);
		return -ENOMEM;
	}

	mutex_lock(&kvmfault_settle_lock);
	kvmfault_vm_gone.stages = gone;
	nr_totals = 1;
	kvmfault_beside_attach(KVMFAULT_BESIDE_STAGES, true);
	mutex_unlock(&kvmfault_settle_lock);

	ret = kvmfault_steps_arm();
	if (ret)
		stages_drop();
	return ret;
}

struct kvmfault_detail kvmfault_stages_detail = {
	.name = "stages",
	.look = KVMFAULT_LOOK_STAGES,
	.begin = stages_begin,
	.end = stages_end,
};
