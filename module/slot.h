/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-CPU buffers: how a fault is counted, once its slot is known
 *
 * The half of account.c that each fault runs through. How slots come and go is
 * told there. A counter has one writer, which adds in one instruction, and any
 * number of readers on other CPUs.
 */
#ifndef KVMFAULT_SLOT_H
#define KVMFAULT_SLOT_H

#include <asm/local64.h>
#include <linux/llist.h>
#include <linux/percpu.h>

#include "account.h"
#include "combo.h"
#include "fault.h"
#include "histogram.h"
#include "vm.h"

/* One class of one VM on one CPU. */
struct kvmfault_cell {
	local64_t sum_ns;
	u64 min_ns;
	u64 max_ns;
	local64_t userspace;
	local64_t failed;
	local64_t bucket[KVMFAULT_HIST_BUCKETS];
};

/* How often something happened in a slot, and how long it took. */
struct kvmfault_sort {
	u64 raw;
	local64_t count;
	local64_t sum_ns;
};

/**
 * struct kvmfault_slot - the counts of one VM on one CPU
 * @of_vm: in the chain of the VM's slots, while not FREE
 * @retired: among those that wait for settling
 * @vm: whose they are, while not FREE
 * @state: see account.c
 * @epoch: the epoch of the counts
 * @used: when the VM last came to run here, by the buffer's clock
 * @nr_sorts: how many of @sort are in use
 * @last: the sort that was counted last, where the next one often goes
 * @cell: the counts, by class; the sum of tdp is that of its sorts
 * @sort: tdp by all that tells its faults apart
 */
struct kvmfault_slot {
	struct llist_node of_vm;
	struct llist_node retired;
	struct kvmfault_vm *vm;
	unsigned int state;
	unsigned int epoch;
	u32 used;
	unsigned int nr_sorts;
	struct kvmfault_sort *last;
	struct kvmfault_cell cell[KVMFAULT_CLASSES];
	struct kvmfault_sort sort[KVMFAULT_COMBOS_SLOT];
} ____cacheline_aligned;

/**
 * struct kvmfault_buffer - what one CPU counts in
 * @kvm_vcpu: the vCPU that faulted last, to know it again; NULL for none
 * @deaths: kvmfault_vm_deaths() when these were looked up
 * @clock: counts look-ups, to tell which slot was not used for longest
 * @vcpu: its record
 * @slot: the slot of its VM
 * @slots: the slots
 */
struct kvmfault_buffer {
	struct kvm_vcpu *kvm_vcpu;
	unsigned int deaths;
	u32 clock;
	struct kvmfault_vcpu *vcpu;
	struct kvmfault_slot *slot;
	struct kvmfault_slot slots[];
};

/* Written by the CPU it belongs to alone. */
struct kvmfault_tally {
	u64 hits[KVMFAULT_POINTS];
	u64 lost[KVMFAULT_LOSSES][KVMFAULT_POINTS];
};

/* Never NULL: a CPU without memory has one that knows no vCPU. */
DECLARE_PER_CPU(struct kvmfault_buffer *, kvmfault_buffers);
DECLARE_PER_CPU(struct kvmfault_tally, kvmfault_tallies);

/* For the few faults that need more than counting; in account.c. */
struct kvmfault_buffer *kvmfault_buffer_seat(struct kvmfault_buffer *buffer,
					     struct kvm_vcpu *kvm_vcpu,
					     enum kvmfault_point_id point,
					     u64 raw);
bool kvmfault_buffer_turn(struct kvmfault_buffer *buffer,
			  struct kvm_vcpu *kvm_vcpu, u64 raw);

/* This CPU's buffer, set to the fault's vCPU; NULL if the fault is lost. */
static __always_inline struct kvmfault_buffer *
kvmfault_buffer_of(struct kvm_vcpu *kvm_vcpu, enum kvmfault_point_id point,
		   u64 raw)
{
	struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);

	if (likely(buffer->kvm_vcpu == kvm_vcpu &&
		   buffer->deaths == kvmfault_vm_deaths()))
		return buffer;
	return kvmfault_buffer_seat(buffer, kvm_vcpu, point, raw);
}

static __always_inline void kvmfault_vcpu_count(struct kvmfault_vcpu *vcpu,
						enum kvmfault_class class,
						u64 ns)
{
	local64_inc(&vcpu->count[class]);
	if (unlikely(ns > vcpu->max_ns))
		WRITE_ONCE(vcpu->max_ns, ns);
}

static __always_inline void kvmfault_cell_count(struct kvmfault_cell *cell,
						u64 ns)
{
	if (unlikely(ns < cell->min_ns))
		WRITE_ONCE(cell->min_ns, ns);
	if (unlikely(ns > cell->max_ns))
		WRITE_ONCE(cell->max_ns, ns);
	/*
	 * Last: who sees a fault in its bucket sees it in the other fields, too.
	 * Pairs with total_add_cell().
	 */
	smp_wmb();
	local64_inc(&cell->bucket[kvmfault_hist_index(ns)]);
}

static __always_inline void kvmfault_end_count(struct kvmfault_cell *cell,
					       enum kvmfault_end end)
{
	local64_inc(end == KVMFAULT_USERSPACE ? &cell->userspace : &cell->failed);
}

static __always_inline void kvmfault_hit_count(enum kvmfault_point_id point)
{
	__this_cpu_inc(kvmfault_tallies.hits[point]);
}

/**
 * kvmfault_slot_count_exit() - count an exit
 * @kvm_vcpu: whose
 * @point: where it was seen
 * @class: what it counts as
 * @end: how it ended
 * @ns: how long it took
 *
 * Return: the record of its vCPU, or NULL if the fault was lost.
 */
static __always_inline struct kvmfault_vcpu *
kvmfault_slot_count_exit(struct kvm_vcpu *kvm_vcpu,
			 enum kvmfault_point_id point,
			 enum kvmfault_class class, enum kvmfault_end end,
			 u64 ns)
{
	struct kvmfault_buffer *buffer = kvmfault_buffer_of(kvm_vcpu, point, 0);
	struct kvmfault_vcpu *vcpu;
	struct kvmfault_cell *cell;

	if (unlikely(!buffer))
		return NULL;

	vcpu = buffer->vcpu;
	cell = &buffer->slot->cell[class];
	kvmfault_vcpu_count(vcpu, class, ns);
	kvmfault_hit_count(point);
	local64_add(ns, &cell->sum_ns);
	if (end != KVMFAULT_RESUMED)
		kvmfault_end_count(cell, end);
	kvmfault_cell_count(cell, ns);
	return vcpu;
}

/**
 * kvmfault_slot_count_tdp() - count a call of the MMU's part
 * @kvm_vcpu: whose
 * @raw: all that tells it apart, from kvmfault_raw()
 * @ns: how long it took
 *
 * Return: the record of its vCPU, or NULL if the fault was lost.
 */
static __always_inline struct kvmfault_vcpu *
kvmfault_slot_count_tdp(struct kvm_vcpu *kvm_vcpu, u64 raw, u64 ns)
{
	struct kvmfault_buffer *buffer =
		kvmfault_buffer_of(kvm_vcpu, KVMFAULT_POINT_TDP, raw);
	struct kvmfault_sort *sort;
	struct kvmfault_vcpu *vcpu;

	if (unlikely(!buffer))
		return NULL;
	if (unlikely(buffer->slot->last->raw != raw) &&
	    !kvmfault_buffer_turn(buffer, kvm_vcpu, raw))
		return NULL;

	vcpu = buffer->vcpu;
	sort = buffer->slot->last;
	WRITE_ONCE(vcpu->since, 0);
	local64_inc(&sort->count);
	local64_add(ns, &sort->sum_ns);
	kvmfault_vcpu_count(vcpu, KVMFAULT_TDP, ns);
	kvmfault_hit_count(KVMFAULT_POINT_TDP);
	kvmfault_cell_count(&buffer->slot->cell[KVMFAULT_TDP], ns);
	return vcpu;
}

#endif /* KVMFAULT_SLOT_H */
