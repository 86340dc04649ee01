/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-CPU buffers: how a fault is counted, once its slot is known
 *
 * The half of account.c that each fault runs through. How slots come and go is
 * told there. Readers on other CPUs want whole words, hence WRITE_ONCE().
 */
#ifndef KVMFAULT_SLOT_H
#define KVMFAULT_SLOT_H

#include <linux/llist.h>
#include <linux/percpu.h>

#include "account.h"
#include "combo.h"
#include "fault.h"
#include "histogram.h"
#include "vm.h"

/* A bucket of a slot is folded away long before its 32 bits are full. */
#define KVMFAULT_BUCKET_FULL	BIT(31)

/* One class of one VM on one CPU. */
struct kvmfault_cell {
	u64 sum_ns;
	u64 min_ns;
	u64 max_ns;
	u64 userspace;
	u64 failed;
	u32 bucket[KVMFAULT_HIST_BUCKETS];
};

/**
 * struct kvmfault_slot - the counts of one VM on one CPU
 * @of_vm: in the chain of the VM's slots, while not FREE
 * @retired: among those that wait for settling
 * @vm: whose they are, while not FREE
 * @state: see account.c
 * @epoch: the epoch of the counts
 * @used: when the VM last came to run here, by the buffer's clock
 * @nr_combos: how many of @combo are in use
 * @last: the combination that was counted last, where the next one often goes
 * @cell: the counts, by class
 * @combo: tdp by access, cause, outcome and level
 */
struct kvmfault_slot {
	struct llist_node of_vm;
	struct llist_node retired;
	struct kvmfault_vm *vm;
	unsigned int state;
	unsigned int epoch;
	u32 used;
	unsigned int nr_combos;
	struct kvmfault_combo *last;
	struct kvmfault_cell cell[KVMFAULT_CLASSES];
	struct kvmfault_combo combo[KVMFAULT_COMBOS_SLOT];
} ____cacheline_aligned;

/**
 * struct kvmfault_buffer - what one CPU counts in
 * @vcpu: the record of the vCPU that faulted last
 * @kvm_vcpu: its address, to know it again
 * @slot: the slot of its VM
 * @deaths: kvmfault_vm_deaths() when these three were looked up
 * @clock: counts look-ups, to tell which slot was not used for longest
 * @slots: the slots
 */
struct kvmfault_buffer {
	struct kvmfault_vcpu *vcpu;
	struct kvm_vcpu *kvm_vcpu;
	struct kvmfault_slot *slot;
	unsigned int deaths;
	u32 clock;
	struct kvmfault_slot slots[];
};

/* Written by the CPU it belongs to alone. */
struct kvmfault_tally {
	u64 hits[KVMFAULT_POINTS];
	u64 lost[KVMFAULT_LOSSES][KVMFAULT_POINTS];
};

DECLARE_PER_CPU(struct kvmfault_buffer *, kvmfault_buffers);
DECLARE_PER_CPU(struct kvmfault_tally, kvmfault_tallies);

/* For the few faults that need more than counting; in account.c. */
struct kvmfault_buffer *
kvmfault_buffer_seat(struct kvmfault_buffer *buffer,
		     const struct kvmfault_fault *fault);
void kvmfault_slot_retire(struct kvmfault_buffer *buffer,
			  struct kvmfault_slot *slot);
bool kvmfault_buffer_turn(struct kvmfault_buffer *buffer,
			  const struct kvmfault_fault *fault, u64 key);

/* This CPU's buffer, set to the fault's vCPU; NULL if the fault is lost. */
static __always_inline struct kvmfault_buffer *
kvmfault_buffer_of(const struct kvmfault_fault *fault)
{
	struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);

	if (likely(buffer && buffer->kvm_vcpu == fault->vcpu &&
		   buffer->deaths == kvmfault_vm_deaths()))
		return buffer;
	return kvmfault_buffer_seat(buffer, fault);
}

static __always_inline void kvmfault_vcpu_count(struct kvmfault_vcpu *vcpu,
						enum kvmfault_class class,
						u64 ns)
{
	WRITE_ONCE(vcpu->count[class], vcpu->count[class] + 1);
	if (unlikely(ns > vcpu->max_ns))
		WRITE_ONCE(vcpu->max_ns, ns);
}

static __always_inline void kvmfault_cell_time(struct kvmfault_cell *cell,
					       u64 ns)
{
	WRITE_ONCE(cell->sum_ns, cell->sum_ns + ns);
	if (unlikely(ns < cell->min_ns))
		WRITE_ONCE(cell->min_ns, ns);
	if (unlikely(ns > cell->max_ns))
		WRITE_ONCE(cell->max_ns, ns);
}

static __always_inline void
kvmfault_bucket_count(struct kvmfault_buffer *buffer,
		      struct kvmfault_slot *slot, struct kvmfault_cell *cell,
		      u64 ns)
{
	u32 *bucket = &cell->bucket[kvmfault_hist_index(ns)];
	u32 filled = *bucket + 1;

	/*
	 * Last: who sees a fault in its bucket sees it in the other fields, too.
	 * Pairs with total_add_cell().
	 */
	smp_wmb();
	WRITE_ONCE(*bucket, filled);
	if (unlikely(filled == KVMFAULT_BUCKET_FULL))
		kvmfault_slot_retire(buffer, slot);
}

static __always_inline void kvmfault_end_count(struct kvmfault_cell *cell,
					       enum kvmfault_end end)
{
	if (end == KVMFAULT_USERSPACE)
		WRITE_ONCE(cell->userspace, cell->userspace + 1);
	else
		WRITE_ONCE(cell->failed, cell->failed + 1);
}

static __always_inline void kvmfault_hit_count(enum kvmfault_point_id point)
{
	__this_cpu_inc(kvmfault_tallies.hits[point]);
}

/**
 * kvmfault_slot_count_exit() - count an exit
 * @fault: complete
 * @end: how it ended
 *
 * Return: the record of its vCPU, or NULL if the fault was lost.
 */
static __always_inline struct kvmfault_vcpu *
kvmfault_slot_count_exit(const struct kvmfault_fault *fault,
			 enum kvmfault_end end)
{
	struct kvmfault_buffer *buffer = kvmfault_buffer_of(fault);
	enum kvmfault_class class = fault->class;
	u64 ns = fault->duration_ns;
	struct kvmfault_vcpu *vcpu;
	struct kvmfault_cell *cell;

	if (unlikely(!buffer))
		return NULL;

	cell = &buffer->slot->cell[class];
	/* Or the compiler multiplies anew for each field. */
	OPTIMIZER_HIDE_VAR(cell);

	vcpu = buffer->vcpu;
	kvmfault_vcpu_count(vcpu, class, ns);
	kvmfault_cell_time(cell, ns);
	if (end != KVMFAULT_RESUMED)
		kvmfault_end_count(cell, end);
	kvmfault_hit_count(fault->point);
	kvmfault_bucket_count(buffer, buffer->slot, cell, ns);
	return vcpu;
}

/**
 * kvmfault_slot_count_tdp() - count a call of the MMU's part
 * @fault: complete
 * @ret: the index of what it returned
 *
 * Return: the record of its vCPU, or NULL if the fault was lost.
 */
static __always_inline struct kvmfault_vcpu *
kvmfault_slot_count_tdp(const struct kvmfault_fault *fault, unsigned int ret)
{
	struct kvmfault_buffer *buffer = kvmfault_buffer_of(fault);
	u64 key = kvmfault_combo_key(fault->access, fault->cause, ret,
				     fault->level);
	u64 ns = fault->duration_ns;
	struct kvmfault_combo *combo;
	struct kvmfault_slot *slot;
	struct kvmfault_vcpu *vcpu;

	if (unlikely(!buffer))
		return NULL;
	if (unlikely(buffer->slot->last->key != key) &&
	    !kvmfault_buffer_turn(buffer, fault, key))
		return NULL;

	vcpu = buffer->vcpu;
	slot = buffer->slot;
	combo = slot->last;
	WRITE_ONCE(combo->count, combo->count + 1);
	WRITE_ONCE(combo->sum_ns, combo->sum_ns + ns);
	kvmfault_vcpu_count(vcpu, KVMFAULT_TDP, ns);
	if (unlikely(ret < KVMFAULT_RETRY_RETS))
		WRITE_ONCE(vcpu->rets[ret], vcpu->rets[ret] + 1);
	kvmfault_cell_time(&slot->cell[KVMFAULT_TDP], ns);
	kvmfault_hit_count(KVMFAULT_POINT_TDP);
	kvmfault_bucket_count(buffer, slot, &slot->cell[KVMFAULT_TDP], ns);
	return vcpu;
}

#endif /* KVMFAULT_SLOT_H */
