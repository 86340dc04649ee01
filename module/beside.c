// SPDX-License-Identifier: GPL-2.0
/*
 * What slots keep beside their counts, while somebody wants it
 *
 * One for each slot of each CPU that is possible, so that none that comes up has
 * to do without.
 */
#include <linux/build_bug.h>
#include <linux/cpu.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/topology.h>

#include "account.h"
#include "beside.h"
#include "hot.h"
#include "settle.h"
#include "slot.h"
#include "stages.h"

static const size_t sizes[KVMFAULT_BESIDES] = {
	[KVMFAULT_BESIDE_HOT] = sizeof(struct kvmfault_hot),
	[KVMFAULT_BESIDE_STAGES] = sizeof(struct kvmfault_stages),
};

/* Each begins so. */
static_assert(!offsetof(struct kvmfault_hot, seq));
static_assert(!offsetof(struct kvmfault_stages, seq));

/* For the slots of each CPU, while it is wanted. */
struct areas {
	void *of[KVMFAULT_BESIDES];
};

static DEFINE_PER_CPU(struct areas, areas);
/* Slots have them; changed under kvmfault_settle_lock and cpus_read_lock(). */
static bool attached[KVMFAULT_BESIDES];

/**
 * kvmfault_beside_here() - what the slot that was counted in last has
 * @beside: of what
 *
 * Return: NULL if it has none.
 */
void *kvmfault_beside_here(enum kvmfault_beside beside)
{
	struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);

	/* Pairs with slots_give(): what is found is initialised. */
	return smp_load_acquire(&buffer->slot->beside[beside]);
}

static void slots_give(struct kvmfault_buffer *buffer,
		       enum kvmfault_beside beside, u8 *area)
{
	unsigned int i;

	for (i = 0; i < kvmfault_account_slots(); i++)
		/* Pairs with kvmfault_beside_here(). */
		smp_store_release(&buffer->slots[i].beside[beside],
				  area ? area + i * sizes[beside] : NULL);
}

/**
 * kvmfault_beside_online() - give the slots of a CPU what is wanted
 * @cpu: the CPU
 * @buffer: its buffer
 *
 * Context: no CPU comes or goes meanwhile.
 */
void kvmfault_beside_online(unsigned int cpu, struct kvmfault_buffer *buffer)
{
	enum kvmfault_beside beside;

	for (beside = 0; beside < KVMFAULT_BESIDES; beside++)
		slots_give(buffer, beside,
			   attached[beside] ? per_cpu(areas, cpu).of[beside] : NULL);
}

/**
 * kvmfault_beside_attach() - give all slots theirs, or take it
 * @beside: of what
 * @attach: which of both
 */
void kvmfault_beside_attach(enum kvmfault_beside beside, bool attach)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	cpus_read_lock();
	WRITE_ONCE(attached[beside], attach);
	kvmfault_account_each_buffer(kvmfault_beside_online);
	cpus_read_unlock();
}

/**
 * kvmfault_beside_free() - give the memory back
 * @beside: of what; no slot has it
 */
void kvmfault_beside_free(enum kvmfault_beside beside)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		kvfree(per_cpu(areas, cpu).of[beside]);
		per_cpu(areas, cpu).of[beside] = NULL;
	}
}

static void *area_new(unsigned int cpu, size_t size)
{
	unsigned int i, nr = kvmfault_account_slots();
	u8 *area;

	area = kvzalloc_node(nr * size, GFP_KERNEL, cpu_to_node(cpu));
	for (i = 0; area && i < nr; i++)
		seqcount_init((seqcount_t *)(area + i * size));
	return area;
}

/**
 * kvmfault_beside_alloc() - have it ready for all slots
 * @beside: of what
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_beside_alloc(enum kvmfault_beside beside)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(areas, cpu).of[beside] = area_new(cpu, sizes[beside]);
		if (!per_cpu(areas, cpu).of[beside]) {
			kvmfault_beside_free(beside);
			return -ENOMEM;
		}
	}
	return 0;
}

/**
 * kvmfault_beside_bytes() - the memory that it takes
 * @beside: of what
 */
size_t kvmfault_beside_bytes(enum kvmfault_beside beside)
{
	if (!READ_ONCE(attached[beside]))
		return 0;
	return num_possible_cpus() * kvmfault_account_slots() * sizes[beside];
}
