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
#include "beside.h"
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

/*
 * Classes that each slot has room for. Shadow paging has no cell of its own: what
 * would be one more for every VM on every CPU is for a few. A VM that has faults of
 * both kinds has two slots on a CPU, and in the second one that of tdp is shadow's.
 */
#define KVMFAULT_CELLS	KVMFAULT_SHADOW

/**
 * struct kvmfault_slot - the counts of one VM on one CPU
 * @of_vm: in the chain of the VM's slots, while not FREE
 * @retired: among those that wait for settling
 * @vm: whose they are, while not FREE
 * @shadow: its counts of shadow paging, and no others
 * @state: see account.c
 * @epoch: the epoch of the counts
 * @used: when the VM last came to run here, by the buffer's clock
 * @nr_sorts: how many of @sort are in use
 * @last: the sort that was counted last, where the next one often goes; none that
 *	fixed nothing
 * @cell: the counts, by class; the sum of tdp is that of its sorts
 * @sort: tdp by all that tells its faults apart
 * @beside: what else is kept, while somebody wants it; see beside.c
 * @event: what happened to the VM's shadow page tables; where @shadow is set
 */
struct kvmfault_slot {
	struct llist_node of_vm;
	struct llist_node retired;
	struct kvmfault_vm *vm;
	unsigned int state;
	unsigned int epoch;
	u32 used;
	unsigned int nr_sorts;
	bool shadow;
	struct kvmfault_sort *last;
	struct kvmfault_cell cell[KVMFAULT_CELLS];
	struct kvmfault_sort sort[KVMFAULT_COMBOS_SLOT];
	void *beside[KVMFAULT_BESIDES];
	local64_t event[KVMFAULT_SHADOW_EVENTS];
} ____cacheline_aligned;

/**
 * struct kvmfault_buffer - what one CPU counts in
 * @kvm_vcpu: the vCPU that is seated: it faulted last, and is known by its
 *	address; NULL for none. Others may unseat it, see kvmfault_account_unseat()
 * @vcpu: its record
 * @slot: the slot of its VM
 * @vm: its VM, only ever compared
 * @clock: counts look-ups, to tell which slot was not used for longest
 * @slots: the slots
 */
struct kvmfault_buffer {
	struct kvm_vcpu *kvm_vcpu;
	struct kvmfault_vcpu *vcpu;
	struct kvmfault_slot *slot;
	const struct kvmfault_vm *vm;
	u32 clock;
	struct kvmfault_slot slots[];
};

/* Written by the CPU it belongs to alone. */
struct kvmfault_tally {
	u64 hits[KVMFAULT_POINTS];
	u64 lost[KVMFAULT_POINTS][KVMFAULT_LOSSES];
};

/* Never NULL: a CPU without memory has one that knows no vCPU. */
DECLARE_PER_CPU(struct kvmfault_buffer *, kvmfault_buffers);
DECLARE_PER_CPU(struct kvmfault_tally, kvmfault_tallies);

/*
 * A plain read, which is one instruction with the comparison: who is unseated in
 * between is counted where it was seated.
 */
static __always_inline bool
kvmfault_buffer_seats(const struct kvmfault_buffer *buffer,
		      const struct kvm_vcpu *kvm_vcpu)
{
	return data_race(buffer->kvm_vcpu == kvm_vcpu);
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

/* Of a vCPU that is seated. */
static __always_inline struct kvmfault_vcpu *
kvmfault_buffer_count_exit(struct kvmfault_buffer *buffer,
			   enum kvmfault_point_id point,
			   enum kvmfault_class class, int ret, u64 ns)
{
	struct kvmfault_cell *cell = &buffer->slot->cell[class];
	struct kvmfault_vcpu *vcpu = buffer->vcpu;

	local64_inc(&vcpu->count[class]);
	if (unlikely(ns > vcpu->max_ns))
		WRITE_ONCE(vcpu->max_ns, ns);
	kvmfault_hit_count(point);
	local64_add(ns, &cell->sum_ns);
	if (kvmfault_decode_end(ret) != KVMFAULT_RESUMED)
		kvmfault_end_count(cell, kvmfault_decode_end(ret));
	kvmfault_cell_count(cell, ns);
	return vcpu;
}

/* Of a vCPU that is seated. */
static __always_inline struct kvmfault_vcpu *
kvmfault_buffer_count_tdp(struct kvmfault_buffer *buffer,
			  struct kvmfault_sort *sort, u64 ns)
{
	struct kvmfault_slot *slot = buffer->slot;
	struct kvmfault_vcpu *vcpu = buffer->vcpu;

	WRITE_ONCE(vcpu->since, 0);
	local64_inc(&sort->count);
	local64_add(ns, &sort->sum_ns);
	/* Its time is in the longest exit's already. */
	local64_inc(&vcpu->count[KVMFAULT_TDP]);
	kvmfault_hit_count(KVMFAULT_POINT_TDP);
	kvmfault_cell_count(&slot->cell[KVMFAULT_TDP], ns);
	return vcpu;
}

/* For the few faults that need more than counting; in account.c. */
struct kvmfault_vcpu *kvmfault_slot_seat_exit(struct kvm_vcpu *kvm_vcpu,
					      enum kvmfault_point_id point,
					      enum kvmfault_class class,
					      int ret, u64 ns);
struct kvmfault_vcpu *kvmfault_slot_seat_tdp(struct kvm_vcpu *kvm_vcpu,
					     unsigned long what, u64 raw,
					     u64 ns);
struct kvmfault_vcpu *
kvmfault_slot_count_shadow(struct kvm_vcpu *kvm_vcpu,
			   enum kvmfault_point_id point, u64 raw, u64 ns);
struct kvmfault_vcpu *
kvmfault_slot_count_event(struct kvm_vcpu *kvm_vcpu,
			  enum kvmfault_shadow_event event,
			  u64 __percpu *lost);

/**
 * kvmfault_slot_count_exit() - count an exit
 * @kvm_vcpu: whose
 * @point: where it was seen
 * @class: what it counts as
 * @ret: what its handler returned
 * @ns: how long it took
 *
 * Return: the record of its vCPU, or NULL if the fault was lost.
 */
static __always_inline struct kvmfault_vcpu *
kvmfault_slot_count_exit(struct kvm_vcpu *kvm_vcpu,
			 enum kvmfault_point_id point,
			 enum kvmfault_class class, int ret, u64 ns)
{
	struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);

	if (likely(kvmfault_buffer_seats(buffer, kvm_vcpu)))
		return kvmfault_buffer_count_exit(buffer, point, class, ret, ns);
	return kvmfault_slot_seat_exit(kvm_vcpu, point, class, ret, ns);
}

/**
 * kvmfault_slot_count_tdp() - count a call of the MMU's part
 * @kvm_vcpu: whose
 * @what: its second argument
 * @raw: all that tells it apart, from kvmfault_raw()
 * @ns: how long it took
 *
 * Return: the record of its vCPU, or NULL if the fault was lost.
 */
static __always_inline struct kvmfault_vcpu *
kvmfault_slot_count_tdp(struct kvm_vcpu *kvm_vcpu, unsigned long what, u64 raw,
			u64 ns)
{
	struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);
	struct kvmfault_sort *sort;

	if (likely(kvmfault_buffer_seats(buffer, kvm_vcpu))) {
		sort = buffer->slot->last;
		if (likely(sort->raw == raw))
			return kvmfault_buffer_count_tdp(buffer, sort, ns);
	}
	return kvmfault_slot_seat_tdp(kvm_vcpu, what, raw, ns);
}

#endif /* KVMFAULT_SLOT_H */
