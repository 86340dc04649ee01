// SPDX-License-Identifier: GPL-2.0
/*
 * Per-CPU buffers: where faults are counted
 *
 * Each CPU has a buffer with a few slots, each for a VM that runs there. A
 * fault is counted by the CPU it returns on, in that CPU's slot of its VM: a
 * handler takes no lock and writes no cache line that another CPU writes.
 *
 * A slot goes round:
 *
 *   FREE     -> BOUND    by a handler on its CPU, when a VM faults there
 *   BOUND    -> RETIRED  by a handler on its CPU, to make room for another VM
 *   RETIRED  -> FREE     by settling, on any CPU, which folds the counts into
 *                        the VM's totals
 *   BOUND    -> RETIRED  by settling, if the VM is dead: no fault of it is
 *                        counted any more, so the counts stand still
 *
 * A few slots are kept FREE, so that a handler need not wait for settling. If
 * there is none all the same, the fault is lost, and the loss is counted.
 *
 * Memory: CPUs x slots, whatever the number of VMs.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/percpu.h>

#include "account.h"
#include "chain.h"
#include "settle.h"

/* A bucket of a slot is folded away long before its 32 bits are full. */
#define BUCKET_FULL	BIT(31)

enum slot_state {
	SLOT_FREE,
	SLOT_BOUND,
	SLOT_RETIRED
};

/* One class of one VM on one CPU. */
struct cell {
	u64 sum_ns;
	u64 min_ns;
	u64 max_ns;
	u64 userspace;
	u64 failed;
	u32 bucket[KVMFAULT_HIST_BUCKETS];
};

/**
 * struct slot - the counts of one VM on one CPU
 * @of_vm: in the chain of the VM's slots, while not FREE
 * @retired: among those that wait for settling
 * @vm: whose they are, while not FREE
 * @state: see above
 * @used: when the VM last came to run here, by the buffer's clock
 * @nr_combos: how many of @combo are in use
 * @cell: the counts, by class
 * @combo: tdp by access, cause, outcome and level
 */
struct slot {
	struct llist_node of_vm;
	struct llist_node retired;
	struct kvmfault_vm *vm;
	unsigned int state;
	u32 used;
	unsigned int nr_combos;
	struct cell cell[KVMFAULT_CLASSES];
	struct kvmfault_combo combo[KVMFAULT_COMBOS_SLOT];
} ____cacheline_aligned;

/**
 * struct buffer - what one CPU counts in
 * @vcpu: the record of the vCPU that faulted last
 * @kvm_vcpu: its address, to know it again
 * @slot: the slot of its VM
 * @deaths: kvmfault_vm_deaths() when these three were looked up
 * @clock: counts look-ups, to tell which slot was not used for longest
 * @slots: the slots
 */
struct buffer {
	struct kvmfault_vcpu *vcpu;
	struct kvm_vcpu *kvm_vcpu;
	struct slot *slot;
	unsigned int deaths;
	u32 clock;
	struct slot slots[];
};

/* Written by the CPU it belongs to alone. */
struct tally {
	u64 hits[KVMFAULT_POINTS];
	u64 lost[KVMFAULT_LOSSES][KVMFAULT_POINTS];
};

static DEFINE_PER_CPU(struct buffer *, buffers);
static DEFINE_PER_CPU(struct tally, tallies);

/* Slots that handlers have retired. */
static LLIST_HEAD(retired);

static unsigned int nr_slots;
static atomic_t nr_buffers = ATOMIC_INIT(0);
static int cpuhp_state;

static size_t buffer_bytes(void)
{
	return sizeof(struct buffer) + nr_slots * sizeof(struct slot);
}

static void slot_clear(struct slot *slot)
{
	unsigned int class;

	memset(slot->combo, 0, sizeof(slot->combo));
	slot->nr_combos = 0;
	memset(slot->cell, 0, sizeof(slot->cell));
	for (class = 0; class < KVMFAULT_CLASSES; class++)
		slot->cell[class].min_ns = U64_MAX;
}

/* The handlers' side. */

static void slot_retire(struct buffer *buffer, struct slot *slot)
{
	/* Settling may have been quicker, if the VM is dead. */
	if (cmpxchg(&slot->state, SLOT_BOUND, SLOT_RETIRED) != SLOT_BOUND)
		return;

	if (buffer->slot == slot)
		buffer->kvm_vcpu = NULL;
	llist_add(&slot->retired, &retired);
	kvmfault_settle_kick();
}

static void slot_bind(struct slot *slot, struct kvmfault_vm *vm)
{
	slot->vm = vm;
	/* Before others can find it through the VM. */
	smp_store_release(&slot->state, SLOT_BOUND);
	llist_add(&slot->of_vm, &vm->slots);
}

/* Retire the slot whose VM did not run here for longest, unless it is @keep. */
static void buffer_make_room(struct buffer *buffer, const struct slot *keep)
{
	struct slot *slot, *oldest = NULL;

	for (slot = buffer->slots; slot < buffer->slots + nr_slots; slot++) {
		if (slot == keep || READ_ONCE(slot->state) != SLOT_BOUND)
			continue;
		if (!oldest || (s32)(slot->used - oldest->used) < 0)
			oldest = slot;
	}
	if (oldest)
		slot_retire(buffer, oldest);
}

static struct slot *buffer_slot(struct buffer *buffer, struct kvmfault_vm *vm)
{
	struct slot *slot, *vacant = NULL;
	unsigned int nr_free = 0;

	for (slot = buffer->slots; slot < buffer->slots + nr_slots; slot++) {
		/* Pairs with the release in slot_settle(). */
		switch (smp_load_acquire(&slot->state)) {
		case SLOT_BOUND:
			if (slot->vm == vm)
				return slot;
			break;
		case SLOT_FREE:
			vacant = slot;
			nr_free++;
			break;
		}
	}

	if (vacant)
		slot_bind(vacant, vm);
	if (nr_free <= nr_slots / 4)
		buffer_make_room(buffer, vacant);
	return vacant;
}

static void tally_loss(const struct kvmfault_fault *fault,
		       enum kvmfault_loss loss)
{
	__this_cpu_inc(tallies.lost[loss][fault->point]);
	kvmfault_settle_kick_lazily();
}

/* Look up where the faults of a vCPU are counted on this CPU. */
static bool buffer_seat(struct buffer *buffer,
			const struct kvmfault_fault *fault)
{
	struct kvmfault_vcpu *vcpu;
	struct slot *slot;

	/* First: a death while we look up shows at the next fault. */
	buffer->deaths = kvmfault_vm_deaths();
	buffer->kvm_vcpu = NULL;

	vcpu = kvmfault_vcpu_get(fault->vcpu);
	if (!vcpu) {
		tally_loss(fault, KVMFAULT_LOSS_VM);
		return false;
	}
	slot = buffer_slot(buffer, vcpu->vm);
	if (!slot) {
		tally_loss(fault, KVMFAULT_LOSS_SLOT);
		return false;
	}

	slot->used = ++buffer->clock;
	buffer->slot = slot;
	buffer->vcpu = vcpu;
	buffer->kvm_vcpu = fault->vcpu;
	return true;
}

/* Readers on other CPUs want whole words, hence WRITE_ONCE(). */
static u32 cell_add(struct cell *cell, const struct kvmfault_fault *fault)
{
	u32 *bucket = &cell->bucket[kvmfault_hist_index(fault->duration_ns)];

	WRITE_ONCE(cell->sum_ns, cell->sum_ns + fault->duration_ns);
	if (fault->duration_ns < cell->min_ns)
		WRITE_ONCE(cell->min_ns, fault->duration_ns);
	if (fault->duration_ns > cell->max_ns)
		WRITE_ONCE(cell->max_ns, fault->duration_ns);
	if (fault->class != KVMFAULT_TDP) {
		if (fault->end == KVMFAULT_USERSPACE)
			WRITE_ONCE(cell->userspace, cell->userspace + 1);
		else if (fault->end == KVMFAULT_FAILED)
			WRITE_ONCE(cell->failed, cell->failed + 1);
	}

	/*
	 * The bucket last: who sees a fault there sees it in the other fields,
	 * too. Pairs with total_add_cell().
	 */
	smp_wmb();
	WRITE_ONCE(*bucket, *bucket + 1);
	return *bucket;
}

/* Before the bucket, like all the rest. Returns whether there is room left. */
static bool combo_add(struct slot *slot, const struct kvmfault_fault *fault,
		      unsigned int ret)
{
	u64 key = kvmfault_combo_key(fault->access, fault->cause, ret,
				     fault->level);
	struct kvmfault_combo *combo;

	combo = kvmfault_combo_find(slot->combo, KVMFAULT_COMBOS_SLOT, key);
	if (unlikely(!combo->key)) {
		WRITE_ONCE(combo->key, key);
		slot->nr_combos++;
	}
	WRITE_ONCE(combo->count, combo->count + 1);
	WRITE_ONCE(combo->sum_ns, combo->sum_ns + fault->duration_ns);
	return slot->nr_combos < KVMFAULT_COMBOS_FULL(KVMFAULT_COMBOS_SLOT);
}

static bool tdp_add(struct slot *slot, struct kvmfault_vcpu *vcpu,
		    const struct kvmfault_fault *fault)
{
	unsigned int ret = kvmfault_ret_index(fault->ret);

	if (ret < KVMFAULT_RETRY_RETS)
		WRITE_ONCE(vcpu->rets[ret], vcpu->rets[ret] + 1);
	return combo_add(slot, fault, ret);
}

static void vcpu_add(struct kvmfault_vcpu *vcpu,
		     const struct kvmfault_fault *fault)
{
	u64 *count = &vcpu->count[fault->class];

	WRITE_ONCE(*count, *count + 1);
	if (fault->duration_ns > vcpu->max_ns)
		WRITE_ONCE(vcpu->max_ns, fault->duration_ns);
}

/**
 * kvmfault_account() - count a fault
 * @fault: complete
 *
 * Return: the record of its vCPU, or NULL if the fault was lost.
 */
struct kvmfault_vcpu *kvmfault_account(const struct kvmfault_fault *fault)
{
	struct buffer *buffer = __this_cpu_read(buffers);
	bool room = true;
	u32 filled;

	lockdep_assert_preemption_disabled();

	if (unlikely(!buffer)) {
		tally_loss(fault, KVMFAULT_LOSS_BUFFER);
		return NULL;
	}
	if (unlikely(buffer->kvm_vcpu != fault->vcpu ||
		     buffer->deaths != kvmfault_vm_deaths()) &&
	    !buffer_seat(buffer, fault))
		return NULL;

	vcpu_add(buffer->vcpu, fault);
	if (fault->class == KVMFAULT_TDP)
		room = tdp_add(buffer->slot, buffer->vcpu, fault);
	filled = cell_add(&buffer->slot->cell[fault->class], fault);
	if (unlikely(filled == BUCKET_FULL || !room))
		slot_retire(buffer, buffer->slot);
	kvmfault_account_hit(fault->point);
	return buffer->vcpu;
}

/**
 * kvmfault_account_hit() - count a call that a probe has dealt with
 * @point: where
 */
void kvmfault_account_hit(enum kvmfault_point_id point)
{
	__this_cpu_inc(tallies.hits[point]);
}

/* The side of those who fold, under kvmfault_settle_lock. */

static void total_add_cell(struct kvmfault_total *total,
			   const struct cell *cell)
{
	unsigned int i;

	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		total->bucket[i] += READ_ONCE(cell->bucket[i]);

	/* Pairs with cell_add(). */
	smp_rmb();
	total->sum_ns += READ_ONCE(cell->sum_ns);
	total->min_ns = min(total->min_ns, READ_ONCE(cell->min_ns));
	total->max_ns = max(total->max_ns, READ_ONCE(cell->max_ns));
	total->userspace += READ_ONCE(cell->userspace);
	total->failed += READ_ONCE(cell->failed);
}

/*
 * More combinations than a VM has room for cannot be told apart; they count as
 * one of which nothing is known, so that the sum is right all the same.
 */
static struct kvmfault_combo *counts_combo(struct kvmfault_counts *counts,
					   u64 key)
{
	struct kvmfault_combo *combo;

	combo = kvmfault_combo_find(counts->combo, KVMFAULT_COMBOS_VM, key);
	if (combo->key)
		return combo;

	if (counts->nr_combos >= KVMFAULT_COMBOS_FULL(KVMFAULT_COMBOS_VM) &&
	    key != KVMFAULT_COMBO_REST)
		return counts_combo(counts, KVMFAULT_COMBO_REST);
	counts->nr_combos++;
	combo->key = key;
	return combo;
}

static void combos_add(struct kvmfault_counts *counts,
		       const struct kvmfault_combo *from, unsigned int size)
{
	struct kvmfault_combo *combo;
	unsigned int i;
	u64 key;

	for (i = 0; i < size; i++) {
		key = READ_ONCE(from[i].key);
		if (!key)
			continue;
		combo = counts_combo(counts, key);
		combo->count += READ_ONCE(from[i].count);
		combo->sum_ns += READ_ONCE(from[i].sum_ns);
	}
}

static void slot_fold(struct kvmfault_counts *counts, const struct slot *slot)
{
	unsigned int i;

	for (i = 0; i < KVMFAULT_CLASSES; i++)
		total_add_cell(&counts->total[i], &slot->cell[i]);
	combos_add(counts, slot->combo, KVMFAULT_COMBOS_SLOT);
}

static void slot_settle(struct slot *slot)
{
	struct kvmfault_vm *vm = slot->vm;

	slot_fold(&vm->counts, slot);
	kvmfault_chain_remove(&slot->of_vm, &vm->slots);
	slot->vm = NULL;
	slot_clear(slot);
	/* Who finds it free finds it empty. Pairs with buffer_slot(). */
	smp_store_release(&slot->state, SLOT_FREE);
}

/**
 * kvmfault_account_settle() - fold what handlers have retired
 */
void kvmfault_account_settle(void)
{
	struct slot *slot, *next;

	lockdep_assert_held(&kvmfault_settle_lock);

	llist_for_each_entry_safe(slot, next, llist_del_all(&retired), retired)
		slot_settle(slot);
}

/**
 * kvmfault_account_collect() - fold all that the CPUs hold of a dead VM
 * @vm: the VM
 *
 * Return: false if a handler is just retiring one of its slots, which settling
 * will find the next time.
 */
bool kvmfault_account_collect(struct kvmfault_vm *vm)
{
	struct llist_node *pos, *next;
	struct slot *slot;

	lockdep_assert_held(&kvmfault_settle_lock);

	for (pos = kvmfault_chain_first(&vm->slots); pos; pos = next) {
		next = pos->next;
		slot = container_of(pos, struct slot, of_vm);
		if (cmpxchg(&slot->state, SLOT_BOUND, SLOT_RETIRED) ==
		    SLOT_BOUND)
			slot_settle(slot);
	}
	return llist_empty(&vm->slots);
}

/**
 * kvmfault_account_fold() - the counts of a VM as they are now
 * @counts: where to put them
 * @vm: the VM
 *
 * Nothing moves while the caller holds the lock: a slot that a handler retires
 * keeps its counts, and a slot that is bound anew starts from none.
 */
void kvmfault_account_fold(struct kvmfault_counts *counts,
			   const struct kvmfault_vm *vm)
{
	struct llist_node *pos;

	lockdep_assert_held(&kvmfault_settle_lock);

	*counts = vm->counts;
	for (pos = kvmfault_chain_first(&vm->slots); pos;
	     pos = kvmfault_chain_next(pos))
		slot_fold(counts, container_of(pos, struct slot, of_vm));
}

static void total_merge(struct kvmfault_total *to,
			const struct kvmfault_total *from)
{
	unsigned int i;

	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
	to->sum_ns += from->sum_ns;
	to->min_ns = min(to->min_ns, from->min_ns);
	to->max_ns = max(to->max_ns, from->max_ns);
	to->userspace += from->userspace;
	to->failed += from->failed;
}

/**
 * kvmfault_account_merge() - add counts to others
 * @to: of the VM that inherits
 * @from: of a VM of which no CPU holds anything
 */
void kvmfault_account_merge(struct kvmfault_counts *to,
			    const struct kvmfault_counts *from)
{
	unsigned int i;

	lockdep_assert_held(&kvmfault_settle_lock);

	for (i = 0; i < KVMFAULT_CLASSES; i++)
		total_merge(&to->total[i], &from->total[i]);
	combos_add(to, from->combo, KVMFAULT_COMBOS_VM);
}

/**
 * kvmfault_account_hits() - how many calls were counted
 * @point: where
 */
u64 kvmfault_account_hits(enum kvmfault_point_id point)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(tallies, cpu).hits[point]);
	return sum;
}

/**
 * kvmfault_account_lost() - how many calls were seen and not counted
 * @point: where
 * @loss: why
 */
u64 kvmfault_account_lost(enum kvmfault_point_id point,
			  enum kvmfault_loss loss)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(tallies, cpu).lost[loss][point]);
	return sum;
}

/**
 * kvmfault_account_bytes() - the memory that the buffers take
 */
size_t kvmfault_account_bytes(void)
{
	return atomic_read(&nr_buffers) * buffer_bytes() +
	       num_possible_cpus() * (sizeof(struct tally) + sizeof(void *));
}

/*
 * Runs for each CPU that is online and for each that comes. A buffer stays when
 * its CPU goes: what it holds still counts. Without memory the CPU comes up all
 * the same; its faults are lost, and counted as such.
 */
static int buffer_online(unsigned int cpu)
{
	struct buffer *buffer;
	unsigned int i;

	if (per_cpu(buffers, cpu))
		return 0;

	buffer = kvzalloc_node(buffer_bytes(), GFP_KERNEL, cpu_to_node(cpu));
	if (!buffer)
		return 0;

	for (i = 0; i < nr_slots; i++)
		slot_clear(&buffer->slots[i]);
	atomic_inc(&nr_buffers);
	/* Faults on that CPU may find it from here on. */
	smp_store_release(per_cpu_ptr(&buffers, cpu), buffer);
	return 0;
}

static bool buffers_complete(void)
{
	bool complete = true;
	int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		if (!per_cpu(buffers, cpu))
			complete = false;
	cpus_read_unlock();
	return complete;
}

/**
 * kvmfault_account_init() - allocate the buffers
 * @slots: how many VMs a CPU can have in its buffer
 *
 * Return: 0 or an errno.
 */
int kvmfault_account_init(unsigned int slots)
{
	nr_slots = slots;

	cpuhp_state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "kvmfault:online",
					buffer_online, NULL);
	if (cpuhp_state < 0)
		return cpuhp_state;

	if (!buffers_complete()) {
		kvmfault_account_exit();
		return -ENOMEM;
	}
	return 0;
}

/**
 * kvmfault_account_exit() - free the buffers
 *
 * No handler runs any more.
 */
void kvmfault_account_exit(void)
{
	int cpu;

	cpuhp_remove_state_nocalls(cpuhp_state);
	for_each_possible_cpu(cpu)
		kvfree(per_cpu(buffers, cpu));
}
