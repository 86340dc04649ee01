// SPDX-License-Identifier: GPL-2.0
/*
 * The last faults of each CPU, while somebody wants to know
 *
 * Each CPU has a ring, which its handlers alone write. Others read without a
 * lock: each entry has a sequence, and one that was written meanwhile is read
 * again. What is read is put in the order of time.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/seqlock.h>
#include <linux/sort.h>
#include <linux/topology.h>

#include "account.h"
#include "detail.h"
#include "fault.h"
#include "learn.h"
#include "look.h"
#include "recent.h"
#include "settle.h"
#include "slot.h"
#include "table.h"
#include "vm.h"

#define RING_SIZE	64U	/* a power of two */

struct entry {
	seqcount_t seq;
	struct kvmfault_recent_row row;
};

struct ring {
	unsigned int head;
	struct entry entry[RING_SIZE];
};

/* Of each CPU, while it is on; taken away under kvmfault_settle_lock. */
static DEFINE_PER_CPU(struct ring *, rings);

static void row_fill(struct kvmfault_recent_row *row,
		     const struct kvmfault_fault *fault,
		     const struct kvmfault_vcpu *vcpu,
		     const struct kvmfault_address *address)
{
	row->time_ns = ktime_get_mono_fast_ns() - fault->duration_ns;
	row->duration_ns = fault->duration_ns;
	row->vm = vcpu->vm->id;
	row->address = *address;
	row->ret = fault->ret_index;
	row->epoch = vcpu->epoch;
	row->vcpu = vcpu->id;
	row->pid = vcpu->vm->pid;
	row->cpu = smp_processor_id();
	row->class = fault->call.class;
	row->end = fault->end;
	row->access = fault->access;
	row->cause = fault->cause;
	row->level = fault->level;
	row->guest = fault->guest;
	memcpy(row->comm, current->comm, sizeof(row->comm));
}

/**
 * kvmfault_recent_add() - keep a fault in mind
 * @fault: accounted a moment ago on this CPU
 * @vcpu: the record of its vCPU
 * @address: where it was
 */
void kvmfault_recent_add(const struct kvmfault_fault *fault,
			 const struct kvmfault_vcpu *vcpu,
			 const struct kvmfault_address *address)
{
	/* Pairs with recent_begin(). */
	struct ring *ring = smp_load_acquire(this_cpu_ptr(&rings));
	struct entry *entry;

	if (!ring)
		return;

	entry = &ring->entry[ring->head++ % RING_SIZE];
	raw_write_seqcount_begin(&entry->seq);
	row_fill(&entry->row, fault, vcpu, address);
	raw_write_seqcount_end(&entry->seq);
}

/* Return: false if there is nothing in it, or something from before a reset. */
static bool entry_read(struct kvmfault_recent_row *row, const struct entry *entry)
{
	unsigned int seq;

	do {
		seq = raw_read_seqcount_begin(&entry->seq);
		*row = entry->row;
	} while (read_seqcount_retry(&entry->seq, seq));
	return row->time_ns && kvmfault_account_epoch(row->epoch);
}

/* What a return value means may have become known only since. */
static void row_decode(struct kvmfault_recent_row *row)
{
	row->comm[sizeof(row->comm) - 1] = 0;
	if (kvmfault_class_is_exit(row->class))
		return;
	row->outcome = kvmfault_outcome(kvmfault_recognised_codes(), row->ret);
	if (!kvmfault_outcome_has_level(row->outcome))
		row->level = KVMFAULT_LEVEL_UNKNOWN;
}

static unsigned int ring_read(struct kvmfault_recent_row *rows,
			      const struct ring *ring)
{
	unsigned int i, nr = 0;

	for (i = 0; ring && i < RING_SIZE; i++)
		nr += entry_read(&rows[nr], &ring->entry[i]);
	return nr;
}

/* A violation begins before the tdp in it, if the clock has a tick for it. */
static int row_cmp(const void *a, const void *b)
{
	const struct kvmfault_recent_row *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return (x->class > y->class) - (x->class < y->class);
}

/**
 * kvmfault_recent_read() - the last faults of all CPUs
 * @nr: how many they are
 *
 * Return: them in the order in which they began, for the caller to kvfree();
 * NULL if it is off, or ERR_PTR(-ENOMEM).
 */
struct kvmfault_recent_row *kvmfault_recent_read(unsigned int *nr)
{
	struct kvmfault_recent_row *rows;
	unsigned int cpu, i, found = 0;

	*nr = 0;
	if (!kvmfault_detail_is_on(&kvmfault_recent_detail))
		return NULL;

	rows = kvmalloc_array(num_possible_cpus() * RING_SIZE, sizeof(*rows),
			      GFP_KERNEL);
	if (!rows)
		return ERR_PTR(-ENOMEM);

	mutex_lock(&kvmfault_settle_lock);
	for_each_possible_cpu(cpu)
		found += ring_read(&rows[found], per_cpu(rings, cpu));
	mutex_unlock(&kvmfault_settle_lock);

	for (i = 0; i < found; i++)
		row_decode(&rows[i]);
	sort(rows, found, sizeof(*rows), row_cmp, NULL);
	*nr = found;
	return rows;
}

/**
 * kvmfault_recent_bytes() - the memory that it takes
 */
size_t kvmfault_recent_bytes(void)
{
	return kvmfault_detail_is_on(&kvmfault_recent_detail) ?
	       num_possible_cpus() * sizeof(struct ring) : 0;
}

static void recent_end(void)
{
	unsigned int cpu;

	mutex_lock(&kvmfault_settle_lock);
	for_each_possible_cpu(cpu) {
		kvfree(per_cpu(rings, cpu));
		per_cpu(rings, cpu) = NULL;
	}
	mutex_unlock(&kvmfault_settle_lock);
}

static struct ring *ring_new(unsigned int cpu)
{
	struct ring *ring;
	unsigned int i;

	ring = kvzalloc_node(sizeof(*ring), GFP_KERNEL, cpu_to_node(cpu));
	for (i = 0; ring && i < RING_SIZE; i++)
		seqcount_init(&ring->entry[i].seq);
	return ring;
}

static int recent_begin(void)
{
	struct ring *ring;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		ring = ring_new(cpu);
		if (!ring) {
			recent_end();
			return -ENOMEM;
		}
		/* Who finds it finds it initialised. */
		smp_store_release(per_cpu_ptr(&rings, cpu), ring);
	}
	return 0;
}

struct kvmfault_detail kvmfault_recent_detail = {
	.name = "recent",
	.look = KVMFAULT_LOOK_RECENT,
	.begin = recent_begin,
	.end = recent_end,
};
