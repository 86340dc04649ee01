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
 *
 * A reset begins a new epoch. Slots and vCPUs say which epoch their counts are
 * of; a handler that finds another one than the present binds a new slot and
 * starts the vCPU from 0, so that each fault is in one epoch, whole. Handlers
 * learn of it by being unseated. Once all that did not know are done,
 * slots of an old epoch stand still like those of a dead VM.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>

#include "account.h"
#include "chain.h"
#include "hot.h"
#include "raw.h"
#include "settle.h"
#include "slot.h"
#include "stages.h"
#include "tdp.h"
#include "watch.h"

enum slot_state {
	SLOT_FREE,
	SLOT_BOUND,
	SLOT_RETIRED
};

/* Of a CPU that has none: it never fits. */
static struct kvmfault_buffer no_buffer;

DEFINE_PER_CPU(struct kvmfault_buffer *, kvmfault_buffers);
DEFINE_PER_CPU(struct kvmfault_tally, kvmfault_tallies);

/* How often that was asked for: kvmfault_account_unseat(). */
static atomic_t unseated = ATOMIC_INIT(0);

/* Is an epoch beginning? Then nobody is seated: epoch_begin(). */
static bool turning;

/* Slots that handlers have retired. */
static LLIST_HEAD(retired);

/* Written under kvmfault_settle_lock. */
static unsigned int epoch;

/* Counts of old epochs that no reset has told yet; kvmfault_settle_lock. */
static struct kvmfault_counts past;

/* One reset at a time. */
static DEFINE_MUTEX(reset_lock);

static unsigned int nr_slots;
static atomic_t nr_buffers = ATOMIC_INIT(0);
static int cpuhp_state;

static size_t buffer_bytes(void)
{
	return sizeof(struct kvmfault_buffer) + nr_slots * sizeof(struct kvmfault_slot);
}

static void slot_clear(struct kvmfault_slot *slot)
{
	unsigned int class, i;

	memset(slot->sort, 0, sizeof(slot->sort));
	for (i = 0; i < KVMFAULT_COMBOS_SLOT; i++)
		slot->sort[i].raw = KVMFAULT_RAW_NONE;
	slot->nr_sorts = 0;
	slot->last = slot->sort;
	memset(slot->cell, 0, sizeof(slot->cell));
	for (class = 0; class < KVMFAULT_CELLS; class++)
		slot->cell[class].min_ns = U64_MAX;
	memset(slot->event, 0, sizeof(slot->event));
}

/* The handlers' side. */

/* Have a slot of this CPU folded away. */
static void slot_retire(struct kvmfault_buffer *buffer,
			struct kvmfault_slot *slot)
{
	/* Settling may have been quicker, if the VM is dead. */
	if (cmpxchg(&slot->state, SLOT_BOUND, SLOT_RETIRED) != SLOT_BOUND)
		return;

	if (buffer->slot == slot)
		WRITE_ONCE(buffer->kvm_vcpu, NULL);
	llist_add(&slot->retired, &retired);
	kvmfault_settle_kick();
}

static void slot_bind(struct kvmfault_slot *slot, struct kvmfault_vm *vm,
		      bool shadow, unsigned int now)
{
	slot->vm = vm;
	slot->shadow = shadow;
	slot->epoch = now;
	/* Before others can find it through the VM. */
	smp_store_release(&slot->state, SLOT_BOUND);
	llist_add(&slot->of_vm, &vm->slots);
}

/* Retire the slot whose VM did not run here for longest, unless it is @keep. */
static void buffer_make_room(struct kvmfault_buffer *buffer, const struct kvmfault_slot *keep)
{
	struct kvmfault_slot *slot, *oldest = NULL;

	for (slot = buffer->slots; slot < buffer->slots + nr_slots; slot++) {
		if (slot == keep || READ_ONCE(slot->state) != SLOT_BOUND)
			continue;
		if (!oldest || (s32)(slot->used - oldest->used) < 0)
			oldest = slot;
	}
	if (oldest)
		slot_retire(buffer, oldest);
}

static struct kvmfault_slot *buffer_slot(struct kvmfault_buffer *buffer,
					 struct kvmfault_vm *vm, bool shadow,
					 unsigned int now)
{
	struct kvmfault_slot *slot, *vacant = NULL;
	unsigned int nr_free = 0, nr_retired = 0;

	for (slot = buffer->slots; slot < buffer->slots + nr_slots; slot++) {
		/* Pairs with the release in slot_settle(). */
		switch (smp_load_acquire(&slot->state)) {
		case SLOT_BOUND:
			/* Of a dead VM it may be settled this moment. */
			if (READ_ONCE(slot->vm) == vm &&
			    slot->shadow == shadow && slot->epoch == now)
				return slot;
			break;
		case SLOT_FREE:
			vacant = slot;
			nr_free++;
			break;
		case SLOT_RETIRED:
			nr_retired++;
			break;
		}
	}

	if (vacant)
		slot_bind(vacant, vm, shadow, now);
	/* Where settling does not come each loss would cost another VM its slot. */
	if (vacant ? nr_free <= nr_slots / 4 : nr_retired < nr_slots / 2)
		buffer_make_room(buffer, vacant);
	return vacant;
}

static u64 __percpu *lost_at(enum kvmfault_point_id point)
{
	return kvmfault_tallies.lost[point];
}

/* @lost: by reason, of the probe that has seen the call. */
static void tally_loss(u64 __percpu *lost, enum kvmfault_loss loss)
{
	__this_cpu_inc(lost[loss]);
	kvmfault_settle_kick_lazily();
}

/* On a CPU without a buffer: a call that is in no count is over all the same. */
static void tally_no_buffer(struct kvm_vcpu *kvm_vcpu,
			    enum kvmfault_point_id point)
{
	struct kvmfault_vcpu *vcpu = kvmfault_vcpu_find(kvm_vcpu);

	if (vcpu && kvmfault_point_is_mmu(point))
		WRITE_ONCE(vcpu->since, 0);
	tally_loss(lost_at(point), KVMFAULT_LOSS_BUFFER);
}

/* The counts before the epoch: who sees the new one sees them at 0. */
static void vcpu_restart(struct kvmfault_vcpu *vcpu, unsigned int now)
{
	unsigned int i;

	for (i = 0; i < KVMFAULT_CLASSES; i++)
		local64_set(&vcpu->count[i], 0);
	for (i = 0; i < KVMFAULT_RETRY_RETS; i++)
		local64_set(&vcpu->rets[i], 0);
	WRITE_ONCE(vcpu->max_ns, 0);
	/* Pairs with vcpu_row_read(). */
	smp_store_release(&vcpu->epoch, now);
}

/*
 * The record of a vCPU, if there is one, and the slot of its VM on this CPU; NULL
 * if the fault is lost.
 */
static struct kvmfault_slot *
buffer_find(struct kvmfault_buffer *buffer, struct kvm_vcpu *kvm_vcpu,
	    u64 __percpu *lost, bool shadow, struct kvmfault_vcpu **found)
{
	struct kvmfault_vcpu *vcpu;
	struct kvmfault_slot *slot;
	unsigned int now;

	now = READ_ONCE(epoch);
	/* Whoever is seated does not say that he uses his slot. */
	if (buffer->slot)
		buffer->slot->used = ++buffer->clock;
	vcpu = kvmfault_vcpu_get(kvm_vcpu);
	*found = vcpu;
	if (!vcpu) {
		tally_loss(lost, KVMFAULT_LOSS_VM);
		return NULL;
	}
	slot = buffer_slot(buffer, vcpu->vm, shadow, now);
	if (!slot) {
		tally_loss(lost, KVMFAULT_LOSS_SLOT);
		return NULL;
	}

	if (vcpu->epoch != now) {
		/* Whoever is seated may be so in the epoch before. */
		WRITE_ONCE(buffer->kvm_vcpu, NULL);
		vcpu_restart(vcpu, now);
	}
	slot->used = ++buffer->clock;
	return slot;
}

static bool buffer_look_up(struct kvmfault_buffer *buffer,
			   struct kvm_vcpu *kvm_vcpu,
			   enum kvmfault_point_id point)
{
	struct kvmfault_vcpu *vcpu;
	struct kvmfault_slot *slot;

	slot = buffer_find(buffer, kvm_vcpu, lost_at(point), false, &vcpu);
	if (!vcpu)
		return false;
	if (point == KVMFAULT_POINT_TDP)
		WRITE_ONCE(vcpu->since, 0);
	if (!slot)
		return false;
	buffer->slot = slot;
	WRITE_ONCE(buffer->vcpu, vcpu);
	WRITE_ONCE(buffer->vm, vcpu->vm);
	return true;
}

/*
 * Seat a vCPU in this CPU's buffer: the way of a fault where another vCPU has
 * faulted before, and of each fault that is sampled.
 */
static bool buffer_seat(struct kvmfault_buffer *buffer,
			struct kvm_vcpu *kvm_vcpu, enum kvmfault_point_id point)
{
	unsigned int before = atomic_read(&unseated);

	lockdep_assert_preemption_disabled();

	if (buffer == &no_buffer) {
		tally_no_buffer(kvm_vcpu, point);
		return false;
	}
	/* Who reads that we are seated reads whose record it is. */
	WRITE_ONCE(buffer->kvm_vcpu, NULL);
	/* Pairs with kvmfault_account_unseat(): its reasons are seen as well. */
	smp_rmb();
	if (!buffer_look_up(buffer, kvm_vcpu, point))
		return false;

	/* Its next faults are to come this way, too. */
	if (READ_ONCE(turning) || kvmfault_watch_samples(buffer->vcpu))
		return true;
	/*
	 * Either we see that somebody has unseated all, or they see us seated.
	 * This fault may still be counted where it was looked up.
	 */
	smp_store_mb(buffer->kvm_vcpu, kvm_vcpu);
	if (atomic_read(&unseated) != before)
		WRITE_ONCE(buffer->kvm_vcpu, NULL);
	return true;
}

/**
 * kvmfault_account_unseat() - have faults look up anew where they are counted
 * @vm: whose faults, or NULL for all
 *
 * After what the look-up depends on has changed. Who is in a fault this moment
 * may be counted as before. In any context; a handler calls this for the death
 * of a VM, and writes to those CPUs only where that has run last.
 */
void kvmfault_account_unseat(const struct kvmfault_vm *vm)
{
	struct kvmfault_buffer *buffer;
	int cpu;

	/* A full barrier: pairs with those in buffer_seat(). */
	atomic_inc_return(&unseated);
	for_each_possible_cpu(cpu) {
		buffer = READ_ONCE(per_cpu(kvmfault_buffers, cpu));
		if (buffer != &no_buffer &&
		    (!vm || READ_ONCE(buffer->vm) == vm))
			WRITE_ONCE(buffer->kvm_vcpu, NULL);
	}
}

/**
 * kvmfault_slot_seat_exit() - count an exit of a vCPU that is not seated
 * @kvm_vcpu: whose
 * @point: where it was seen
 * @class: what it counts as
 * @ret: what its handler returned
 * @ns: how long it took
 *
 * Return: the record of its vCPU, or NULL if the fault is lost, which is
 * counted.
 */
notrace struct kvmfault_vcpu *
kvmfault_slot_seat_exit(struct kvm_vcpu *kvm_vcpu, enum kvmfault_point_id point,
			enum kvmfault_class class, int ret, u64 ns)
{
	struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);

	if (!buffer_seat(buffer, kvm_vcpu, point))
		return NULL;
	if (kvmfault_watch_samples(buffer->vcpu))
		kvmfault_watch_exit_sample(buffer->vcpu, kvm_vcpu, class);
	return kvmfault_buffer_count_exit(buffer, point, class, ret, ns);
}

static struct kvmfault_sort *slot_sort(struct kvmfault_slot *slot, u64 raw)
{
	unsigned int i = kvmfault_combo_hash(raw);

	do {
		i %= KVMFAULT_COMBOS_SLOT;
		if (slot->sort[i].raw == raw ||
		    slot->sort[i].raw == KVMFAULT_RAW_NONE)
			return &slot->sort[i];
		i++;
	} while (true);
}

static bool slot_sort_fits(const struct kvmfault_slot *slot,
			   const struct kvmfault_sort *sort)
{
	return sort->raw != KVMFAULT_RAW_NONE ||
	       slot->nr_sorts < KVMFAULT_COMBOS_FULL(KVMFAULT_COMBOS_SLOT);
}

static void slot_sort_begin(struct kvmfault_slot *slot,
			    struct kvmfault_sort *sort, u64 raw)
{
	if (sort->raw != KVMFAULT_RAW_NONE)
		return;
	WRITE_ONCE(sort->raw, raw);
	slot->nr_sorts++;
}

/*
 * The sort of a fault in the slot of the vCPU that is looked up; NULL if the
 * fault is lost. A slot with too many sorts is folded away, and another bound.
 */
static struct kvmfault_sort *buffer_sort(struct kvmfault_buffer *buffer,
					 struct kvm_vcpu *kvm_vcpu, u64 raw)
{
	struct kvmfault_sort *sort = slot_sort(buffer->slot, raw);

	if (!slot_sort_fits(buffer->slot, sort)) {
		slot_retire(buffer, buffer->slot);
		if (!buffer_seat(buffer, kvm_vcpu, KVMFAULT_POINT_TDP))
			return NULL;
		sort = slot_sort(buffer->slot, raw);
	}
	slot_sort_begin(buffer->slot, sort, raw);
	return sort;
}

/* What fixed nothing is rare, and worth a look for its memslot. */
static void count_unfixed(struct kvmfault_vcpu *vcpu, u64 raw)
{
	unsigned int ret = kvmfault_raw_ret(raw);

	if (ret < KVMFAULT_RETRY_RETS)
		local64_inc(&vcpu->rets[ret]);
}

/**
 * kvmfault_slot_seat_tdp() - count a tdp call of a sort that is not the last one,
 * or of a vCPU that is not seated
 * @kvm_vcpu: whose
 * @what: its second argument
 * @raw: all that tells it apart
 * @ns: how long it took
 *
 * Return: the record of its vCPU, or NULL if the fault is lost, which is
 * counted.
 */
notrace struct kvmfault_vcpu *
kvmfault_slot_seat_tdp(struct kvm_vcpu *kvm_vcpu, unsigned long what, u64 raw,
		       u64 ns)
{
	struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);
	bool unfixed = kvmfault_raw_unfixed(raw);
	struct kvmfault_sort *sort;

	if (unfixed)
		raw = kvmfault_tdp_raw_unfixed(kvm_vcpu, what, raw);
	if (!kvmfault_buffer_seats(buffer, kvm_vcpu) &&
	    !buffer_seat(buffer, kvm_vcpu, KVMFAULT_POINT_TDP))
		return NULL;
	sort = buffer_sort(buffer, kvm_vcpu, raw);
	if (!sort)
		return NULL;

	if (kvmfault_watch_samples(buffer->vcpu))
		kvmfault_watch_tdp_sample(buffer->vcpu, raw);
	if (unfixed)
		count_unfixed(buffer->vcpu, raw);
	else
		buffer->slot->last = sort;
	return kvmfault_buffer_count_tdp(buffer, sort, ns);
}

/* The same for shadow paging, whose slot nobody is seated in. */
static struct kvmfault_sort *
shadow_sort(struct kvmfault_buffer *buffer, struct kvm_vcpu *kvm_vcpu,
	    enum kvmfault_point_id point, u64 raw, struct kvmfault_slot **slot,
	    struct kvmfault_vcpu **vcpu)
{
	struct kvmfault_sort *sort;

	*slot = buffer_find(buffer, kvm_vcpu, lost_at(point), true, vcpu);
	if (!*slot)
		return NULL;
	sort = slot_sort(*slot, raw);
	if (!slot_sort_fits(*slot, sort)) {
		slot_retire(buffer, *slot);
		*slot = buffer_find(buffer, kvm_vcpu, lost_at(point), true,
				    vcpu);
		if (!*slot)
			return NULL;
		sort = slot_sort(*slot, raw);
	}
	slot_sort_begin(*slot, sort, raw);
	return sort;
}

/**
 * kvmfault_slot_count_shadow() - count a call of shadow paging
 * @kvm_vcpu: whose
 * @point: where it was seen
 * @raw: all that tells it apart, from kvmfault_shadow_raw()
 * @ns: how long it took
 *
 * It looks up the vCPU and the slot each time: what the call does costs a
 * multiple of that, and who is seated stays so.
 *
 * Return: the record of its vCPU, or NULL if the fault is lost, which is
 * counted.
 */
notrace struct kvmfault_vcpu *
kvmfault_slot_count_shadow(struct kvm_vcpu *kvm_vcpu,
			   enum kvmfault_point_id point, u64 raw, u64 ns)
{
	struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);
	struct kvmfault_sort *sort;
	struct kvmfault_vcpu *vcpu;
	struct kvmfault_slot *slot;

	if (buffer == &no_buffer) {
		tally_no_buffer(kvm_vcpu, point);
		return NULL;
	}
	sort = shadow_sort(buffer, kvm_vcpu, point, raw, &slot, &vcpu);
	if (vcpu)
		WRITE_ONCE(vcpu->since, 0);
	if (!sort)
		return NULL;

	count_unfixed(vcpu, raw);
	local64_inc(&sort->count);
	local64_add(ns, &sort->sum_ns);
	local64_inc(&vcpu->count[KVMFAULT_SHADOW]);
	kvmfault_hit_count(point);
	kvmfault_cell_count(&slot->cell[KVMFAULT_TDP], ns);
	return vcpu;
}

/**
 * kvmfault_slot_count_event() - count what happens to shadow page tables
 * @kvm_vcpu: by whom
 * @event: what
 * @lost: where to count why it is in no count, by reason
 *
 * Return: the record of the vCPU, or NULL if it is lost.
 */
notrace struct kvmfault_vcpu *
kvmfault_slot_count_event(struct kvm_vcpu *kvm_vcpu,
			  enum kvmfault_shadow_event event, u64 __percpu *lost)
{
	struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);
	struct kvmfault_vcpu *vcpu;
	struct kvmfault_slot *slot;

	if (buffer == &no_buffer) {
		tally_loss(lost, KVMFAULT_LOSS_BUFFER);
		return NULL;
	}
	slot = buffer_find(buffer, kvm_vcpu, lost, true, &vcpu);
	if (!slot)
		return NULL;
	local64_inc(&slot->event[event]);
	return vcpu;
}

/**
 * kvmfault_account_retire() - have a slot folded away before it is too full
 *
 * It is that of the fault that was counted last on this CPU.
 */
void kvmfault_account_retire(void)
{
	struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);

	slot_retire(buffer, buffer->slot);
}

/**
 * kvmfault_account_hit() - count a call that a probe has dealt with
 * @point: where
 */
void kvmfault_account_hit(enum kvmfault_point_id point)
{
	kvmfault_hit_count(point);
}

/* The side of those who fold, under kvmfault_settle_lock. */

static void total_add_cell(struct kvmfault_total *total,
			   const struct kvmfault_cell *cell)
{
	unsigned int i;

	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		total->bucket[i] += local64_read(&cell->bucket[i]);

	/* Pairs with kvmfault_cell_count(). */
	smp_rmb();
	total->sum_ns += local64_read(&cell->sum_ns);
	total->min_ns = min(total->min_ns, READ_ONCE(cell->min_ns));
	total->max_ns = max(total->max_ns, READ_ONCE(cell->max_ns));
	total->userspace += local64_read(&cell->userspace);
	total->failed += local64_read(&cell->failed);
}

/*
 * More combinations than a VM has room for cannot be told apart; those of a way
 * count as one of which nothing else is known, so that the sum is right all the
 * same.
 */
static struct kvmfault_combo *counts_combo(struct kvmfault_counts *counts,
					   u64 key)
{
	struct kvmfault_combo *combo;

	combo = kvmfault_combo_find(counts->combo, KVMFAULT_COMBOS_VM, key);
	if (combo->key)
		return combo;

	if (counts->nr_combos >= KVMFAULT_COMBOS_FULL(KVMFAULT_COMBOS_VM) &&
	    key != kvmfault_combo_rest(key))
		return counts_combo(counts, kvmfault_combo_rest(key));
	counts->nr_combos++;
	combo->key = key;
	return combo;
}

static void combo_add(struct kvmfault_counts *counts, u64 key, u64 count,
		      u64 sum_ns)
{
	struct kvmfault_combo *combo = counts_combo(counts, key);

	combo->count += count;
	combo->sum_ns += sum_ns;
}

/* Here the sorts of a slot are decoded; they hold the sum of its class, too. */
static void sorts_add(struct kvmfault_counts *counts,
		      struct kvmfault_total *total,
		      const struct kvmfault_slot *slot)
{
	const struct kvmfault_sort *sort;
	u64 raw, sum_ns;

	for (sort = slot->sort; sort < slot->sort + KVMFAULT_COMBOS_SLOT; sort++) {
		raw = READ_ONCE(sort->raw);
		if (raw == KVMFAULT_RAW_NONE)
			continue;
		sum_ns = local64_read(&sort->sum_ns);
		total->sum_ns += sum_ns;
		combo_add(counts, kvmfault_raw_key(raw),
			  local64_read(&sort->count), sum_ns);
	}
}

static void slot_fold_shadow(struct kvmfault_counts *counts,
			     const struct kvmfault_slot *slot)
{
	struct kvmfault_total *total = &counts->total[KVMFAULT_SHADOW];
	unsigned int i;

	total_add_cell(total, &slot->cell[KVMFAULT_TDP]);
	sorts_add(counts, total, slot);
	for (i = 0; i < KVMFAULT_SHADOW_EVENTS; i++)
		counts->event[i] += local64_read(&slot->event[i]);
}

static void slot_fold(struct kvmfault_counts *counts, const struct kvmfault_slot *slot)
{
	unsigned int i;

	if (slot->shadow) {
		slot_fold_shadow(counts, slot);
		return;
	}
	for (i = 0; i < KVMFAULT_CELLS; i++)
		total_add_cell(&counts->total[i], &slot->cell[i]);
	sorts_add(counts, &counts->total[KVMFAULT_TDP], slot);
}

static void slot_settle(struct kvmfault_slot *slot)
{
	struct kvmfault_vm *vm = slot->vm;

	slot_fold(slot->epoch == epoch ? &vm->counts : &past, slot);
	kvmfault_hot_settle(slot, slot->epoch == epoch ? vm : NULL);
	kvmfault_stages_settle(slot, slot->epoch == epoch ? vm : NULL);
	kvmfault_chain_remove(&slot->of_vm, &vm->slots);
	/* Pairs with buffer_slot(), which compares it with another VM. */
	WRITE_ONCE(slot->vm, NULL);
	slot_clear(slot);
	/* Who finds it free finds it empty. Pairs with buffer_slot(). */
	smp_store_release(&slot->state, SLOT_FREE);
}

/**
 * kvmfault_account_settle() - fold what handlers have retired
 */
void kvmfault_account_settle(void)
{
	struct kvmfault_slot *slot, *next;

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
	struct kvmfault_slot *slot;

	lockdep_assert_held(&kvmfault_settle_lock);

	for (pos = kvmfault_chain_first(&vm->slots); pos; pos = next) {
		next = pos->next;
		slot = container_of(pos, struct kvmfault_slot, of_vm);
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
	struct kvmfault_slot *slot;

	lockdep_assert_held(&kvmfault_settle_lock);

	*counts = vm->counts;
	for (pos = kvmfault_chain_first(&vm->slots); pos;
	     pos = kvmfault_chain_next(pos)) {
		slot = container_of(pos, struct kvmfault_slot, of_vm);
		if (slot->epoch == epoch)
			slot_fold(counts, slot);
	}
}

/**
 * kvmfault_account_hot() - the hot addresses of a VM as they are now
 * @digest: where to put them, the hottest first
 * @vm: the VM
 */
void kvmfault_account_hot(struct kvmfault_digest *digest,
			  const struct kvmfault_vm *vm)
{
	struct kvmfault_slot *slot;
	struct llist_node *pos;

	kvmfault_hot_begin(digest, vm);
	for (pos = kvmfault_chain_first(&vm->slots); pos;
	     pos = kvmfault_chain_next(pos)) {
		slot = container_of(pos, struct kvmfault_slot, of_vm);
		if (slot->epoch == epoch)
			kvmfault_hot_fold(digest, slot);
	}
	kvmfault_digest_sort(digest);
}

/**
 * kvmfault_account_stages() - where the time of a VM's tdp calls went, until now
 * @totals: where to put it
 * @vm: the VM
 */
void kvmfault_account_stages(struct kvmfault_stage_totals *totals,
			     const struct kvmfault_vm *vm)
{
	struct kvmfault_slot *slot;
	struct llist_node *pos;

	kvmfault_stages_begin(totals, vm);
	for (pos = kvmfault_chain_first(&vm->slots); pos;
	     pos = kvmfault_chain_next(pos)) {
		slot = container_of(pos, struct kvmfault_slot, of_vm);
		if (slot->epoch == epoch)
			kvmfault_stages_fold(totals, slot);
	}
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
	for (i = 0; i < KVMFAULT_SHADOW_EVENTS; i++)
		to->event[i] += from->event[i];
	for (i = 0; i < KVMFAULT_COMBOS_VM; i++)
		if (from->combo[i].key)
			combo_add(to, from->combo[i].key, from->combo[i].count,
				  from->combo[i].sum_ns);
}

/**
 * kvmfault_account_clear() - no counts
 * @counts: whose
 */
void kvmfault_account_clear(struct kvmfault_counts *counts)
{
	unsigned int class;

	memset(counts, 0, sizeof(*counts));
	for (class = 0; class < KVMFAULT_CLASSES; class++)
		counts->total[class].min_ns = U64_MAX;
}

/**
 * kvmfault_account_epoch() - is this the present epoch?
 * @of: what somebody's counts are of
 */
bool kvmfault_account_epoch(unsigned int of)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	return of == epoch;
}

static void vm_give_up(struct kvmfault_vm *vm)
{
	kvmfault_account_merge(&past, &vm->counts);
	kvmfault_account_clear(&vm->counts);
	kvmfault_hot_forget(vm);
	kvmfault_stages_forget(vm);
}

/*
 * Who was seated on one CPU, and faults on another first when the epoch is over, is
 * of the new one, vCPU and slot; back where it was seated it would be counted in the
 * old slot. So nobody is seated while the epoch turns: all are unseated before, and
 * look up where to count until all are again.
 */
static void epoch_begin(void)
{
	struct kvmfault_vm *vm;

	/* Seen by whoever sees that all are unseated. */
	WRITE_ONCE(turning, true);
	kvmfault_account_unseat(NULL);
	kvmfault_settle_begin();
	vm_give_up(&kvmfault_vm_gone);
	list_for_each_entry(vm, &kvmfault_vms, list)
		vm_give_up(vm);

	WRITE_ONCE(epoch, epoch + 1);
	kvmfault_account_unseat(NULL);
	/* Who is seated from now on has seen the epoch. */
	smp_store_release(&turning, false);
	kvmfault_vm_changed();
	kvmfault_settle_end();
}

static void vm_collect_past(struct kvmfault_vm *vm)
{
	struct llist_node *pos, *next;
	struct kvmfault_slot *slot;

	for (pos = READ_ONCE(vm->slots.first); pos; pos = next) {
		next = pos->next;
		slot = container_of(pos, struct kvmfault_slot, of_vm);
		if (slot->epoch != epoch &&
		    cmpxchg(&slot->state, SLOT_BOUND, SLOT_RETIRED) ==
		    SLOT_BOUND)
			slot_settle(slot);
	}
}

/**
 * kvmfault_account_reset() - count from 0 again
 * @counts: where to put what was counted until now, of all VMs
 *
 * A fault is in @counts or in what is counted from now on. What a CPU has to
 * retire all at once may leave it without a slot for a moment; a fault that is
 * lost by that is counted as such.
 *
 * Context: process; waits for two RCU grace periods, without a lock that
 * readers need.
 */
void kvmfault_account_reset(struct kvmfault_counts *counts)
{
	struct kvmfault_vm *vm;

	mutex_lock(&reset_lock);
	epoch_begin();

	/* Handlers that have not heard of the epoch. */
	synchronize_rcu();
	kvmfault_settle_begin();
	list_for_each_entry(vm, &kvmfault_vms, list)
		vm_collect_past(vm);
	kvmfault_settle_end();

	/* Handlers that were retiring one of these slots. */
	synchronize_rcu();
	kvmfault_settle_begin();
	*counts = past;
	kvmfault_account_clear(&past);
	kvmfault_settle_end();
	mutex_unlock(&reset_lock);
}

/**
 * kvmfault_account_untold() - who asked for a reset could not be told of it
 * @counts: what was counted until then: the next one has it
 */
void kvmfault_account_untold(const struct kvmfault_counts *counts)
{
	mutex_lock(&kvmfault_settle_lock);
	kvmfault_account_merge(&past, counts);
	mutex_unlock(&kvmfault_settle_lock);
}

/**
 * kvmfault_account_slots() - for how many VMs a CPU can hold counts
 */
unsigned int kvmfault_account_slots(void)
{
	return nr_slots;
}

/**
 * kvmfault_account_resets() - how often that was done
 */
unsigned int kvmfault_account_resets(void)
{
	return READ_ONCE(epoch);
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
		sum += READ_ONCE(per_cpu(kvmfault_tallies, cpu).hits[point]);
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
		sum += READ_ONCE(per_cpu(kvmfault_tallies, cpu).lost[point][loss]);
	return sum;
}

/**
 * kvmfault_account_each_buffer() - go through all buffers
 * @visit: what to do with each
 *
 * Context: no CPU comes or goes meanwhile.
 */
void kvmfault_account_each_buffer(void (*visit)(unsigned int cpu,
						struct kvmfault_buffer *buffer))
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (per_cpu(kvmfault_buffers, cpu) != &no_buffer)
			visit(cpu, per_cpu(kvmfault_buffers, cpu));
}

/**
 * kvmfault_account_bytes() - the memory that the buffers take
 */
size_t kvmfault_account_bytes(void)
{
	return atomic_read(&nr_buffers) * buffer_bytes() +
	       num_possible_cpus() * (sizeof(struct kvmfault_tally) + sizeof(void *));
}

/* When a CPU got no buffer; 0 if none is without. */
static unsigned long lack_since;

/*
 * Runs for each CPU that is online and for each that comes. A buffer stays when
 * its CPU goes: what it holds still counts. Without memory the CPU comes up all
 * the same; its faults are lost, and counted as such.
 */
static int buffer_online(unsigned int cpu)
{
	struct kvmfault_buffer *buffer;
	unsigned int i;

	if (per_cpu(kvmfault_buffers, cpu) != &no_buffer)
		return 0;

	buffer = kvzalloc_node(buffer_bytes(), GFP_KERNEL | __GFP_NOWARN,
			       cpu_to_node(cpu));
	if (!buffer) {
		WRITE_ONCE(lack_since, jiffies | 1);
		return 0;
	}

	for (i = 0; i < nr_slots; i++)
		slot_clear(&buffer->slots[i]);
	kvmfault_beside_online(cpu, buffer);
	atomic_inc(&nr_buffers);
	/* Faults on that CPU may find it from here on. */
	smp_store_release(per_cpu_ptr(&kvmfault_buffers, cpu), buffer);
	return 0;
}

/**
 * kvmfault_account_review() - there may be memory now for CPUs without a buffer
 *
 * Faults that are lost there have it tried again, once in a while.
 */
void kvmfault_account_review(void)
{
	unsigned long since = READ_ONCE(lack_since);
	int cpu;

	if (!since || time_before(jiffies, since + HZ))
		return;

	/* What is beside a buffer is switched under this lock. */
	mutex_lock(&kvmfault_settle_lock);
	cpus_read_lock();
	WRITE_ONCE(lack_since, 0);
	for_each_online_cpu(cpu)
		buffer_online(cpu);
	cpus_read_unlock();
	mutex_unlock(&kvmfault_settle_lock);
}

static bool buffers_complete(void)
{
	bool complete = true;
	int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		if (per_cpu(kvmfault_buffers, cpu) == &no_buffer)
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
	int cpu;

	/* What a module's per-CPU data starts with cannot be an address. */
	for_each_possible_cpu(cpu)
		per_cpu(kvmfault_buffers, cpu) = &no_buffer;
	nr_slots = slots;
	kvmfault_account_clear(&past);

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
		if (per_cpu(kvmfault_buffers, cpu) != &no_buffer)
			kvfree(per_cpu(kvmfault_buffers, cpu));
}
