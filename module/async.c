// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous page faults: pages that the host fetches while the vCPU does
 * something else
 *
 * Where a page is not there at once and the vCPU takes interrupts, KVM lets a
 * worker fetch it and does not wait. It tells the guest, if that wants to know,
 * which goes on with another process; or it halts the vCPU until the page is
 * there or an interrupt comes. So no fault is slow, and yet the guest waits.
 *
 *   set up     the fault: the guest is told, or the vCPU is halted
 *   repeated   another fault of the vCPU at a page that is outstanding
 *   completed  the worker has the page
 *   ready      the vCPU's thread has mapped it, and has told the guest or woken
 *              the vCPU
 *   cancelled  instead: the guest wants to hear of none any more, or the vCPU is
 *              reset or goes
 *
 * An outstanding one has a place in the record of its vCPU, and is counted when
 * it leaves that, so
 *
 *   set up = ready + cancelled + outstanding = delivered + halted
 *   ready <= completed <= set up
 *
 * hold at any moment, whenever they are read, and across a reset of the counts,
 * which takes what is outstanding along. One that was set up before we looked is
 * in none of them.
 *
 * All of it is done by whoever holds the vCPU, one after another. Only that the
 * page has come is noted by the worker, in a word of its own; if it could not,
 * being ready implies it.
 */
#include <linux/kvm_host.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "account.h"
#include "async.h"
#include "chain.h"
#include "clock.h"
#include "fault.h"
#include "pool.h"
#include "settle.h"
#include "shadow.h"
#include "vm.h"

static_assert(ASYNC_PF_PER_VCPU <= KVMFAULT_PENDING_MAX);

/* vCPUs that may have their first one before settling has run. */
#define SPARE	16

static struct kvmfault_pool pool = {
	.name = "kvmfault_async",
	.size = sizeof(struct kvmfault_async),
	.spare = SPARE,
	.limit = UINT_MAX,
};

/* Those that found no record ready; written by the CPU it belongs to alone. */
static DEFINE_PER_CPU(u64, lost);

/* Of VMs that are gone, and of which epoch; kvmfault_settle_lock. */
static struct kvmfault_async_counts gone;
static unsigned int gone_epoch;

/* The handlers' side. */

static struct kvmfault_async *async_of(const struct kvmfault_vcpu *vcpu)
{
	/* Pairs with async_birth(). */
	return vcpu ? smp_load_acquire(&vcpu->async) : NULL;
}

static struct kvmfault_async *async_birth(struct kvmfault_vcpu *vcpu)
{
	struct kvmfault_async *async = kvmfault_pool_get(&pool);

	if (!async) {
		kvmfault_settle_kick_lazily();
		return NULL;
	}
	kvmfault_settle_kick();
	async->epoch = kvmfault_account_resets();
	/* Readers and the worker find it complete. */
	smp_store_release(&vcpu->async, async);
	return async;
}

static void write_begin(struct kvmfault_async *async)
{
	unsigned int now = kvmfault_account_resets();

	lockdep_assert_preemption_disabled();

	raw_write_seqcount_begin(&async->seq);
	if (async->epoch != now) {
		memset(&async->counts, 0, sizeof(async->counts));
		async->epoch = now;
	}
}

static void write_end(struct kvmfault_async *async)
{
	raw_write_seqcount_end(&async->seq);
}

/* Where it was outstanding, and whether the guest was told, goes with the place. */
static void remove(struct kvmfault_async *async, unsigned int place)
{
	async->counts.delivered += async->pending.delivered >> place & 1;
	kvmfault_pending_remove(&async->pending, place);
}

static void count_cancelled(struct kvmfault_async *async, unsigned int place)
{
	const struct kvmfault_pending_one *one = &async->pending.one[place];

	async->counts.completed += one->came == one->since;
	async->counts.cancelled++;
	remove(async, place);
}

/*
 * KVM uses the record anew: what it was for before has come to its end while
 * somebody had all probes of the kernel switched off.
 */
static void forget(struct kvmfault_async *async, const struct kvm_async_pf *work)
{
	unsigned int place;

	place = kvmfault_pending_find(&async->pending, (uintptr_t)work);
	if (place < KVMFAULT_PENDING_MAX)
		count_cancelled(async, place);
}

/*
 * This one is the only one that KVM knows of: the others have come to their end in
 * the same way. Nor is a page mapped that has come.
 */
static void forget_all(struct kvmfault_async *async)
{
	while (async->pending.taken)
		count_cancelled(async, __ffs64(async->pending.taken));
	WRITE_ONCE(async->prefetching, 0);
}

/* Is the call of the MMU that is under way one of shadow paging? */
static bool is_in_shadow(const struct kvmfault_vcpu *vcpu)
{
	return vcpu->since &&
	       kvmfault_shadow_class(vcpu, vcpu->since) == KVMFAULT_SHADOW;
}

/**
 * kvmfault_async_set_up() - KVM does not wait for a page
 * @kvm_vcpu: the vCPU that wants it, in a fault, on its thread
 * @work: KVM's record
 * @since: when, a stamp
 * @delivered: whether the guest was told; if not, the vCPU is halted
 *
 * Return: false if it cannot be counted, which is counted.
 */
bool kvmfault_async_set_up(struct kvm_vcpu *kvm_vcpu,
			   const struct kvm_async_pf *work, u64 since,
			   bool delivered)
{
	struct kvmfault_vcpu *vcpu = kvmfault_vcpu_get(kvm_vcpu);
	struct kvmfault_async *async = async_of(vcpu);
	bool added = false;

	if (vcpu && !async)
		async = async_birth(vcpu);
	if (vcpu && async) {
		write_begin(async);
		forget(async, work);
		if (kvm_vcpu->async_pf.queued == 1)
			forget_all(async);
		added = kvmfault_pending_add(&async->pending, (uintptr_t)work,
					     since,
					     work->arch.gfn << PAGE_SHIFT,
					     delivered, is_in_shadow(vcpu));
		async->token = work->arch.token;
		async->token_at = since;
		write_end(async);
	}
	if (!added)
		__this_cpu_inc(lost);
	return added;
}

static void count_ready(struct kvmfault_async_counts *counts, u64 ns)
{
	counts->bucket[kvmfault_hist_index(ns)]++;
	counts->sum_ns += ns;
	counts->max_ns = max(counts->max_ns, ns);
}

/**
 * kvmfault_async_ready() - KVM has mapped the page, and tells the guest
 * @kvm_vcpu: the vCPU that wanted it
 * @work: KVM's record
 *
 * Return: false if it was set up before we looked.
 */
bool kvmfault_async_ready(struct kvm_vcpu *kvm_vcpu,
			  const struct kvm_async_pf *work)
{
	struct kvmfault_async *async = async_of(kvmfault_vcpu_find(kvm_vcpu));
	unsigned int place;

	if (!async)
		return false;
	WRITE_ONCE(async->prefetching, 0);
	place = kvmfault_pending_find(&async->pending, (uintptr_t)work);
	if (place == KVMFAULT_PENDING_MAX)
		return false;

	write_begin(async);
	count_ready(&async->counts,
		    kvmfault_clock_ns(async->pending.one[place].since,
				      kvmfault_clock()));
	remove(async, place);
	write_end(async);
	return true;
}

/**
 * kvmfault_async_cancel() - KVM gives up all that are outstanding
 * @kvm_vcpu: of this vCPU
 *
 * With the VM this vCPU's record is dead already: see kvmfault_async_bury().
 *
 * Return: false if there were none.
 */
bool kvmfault_async_cancel(struct kvm_vcpu *kvm_vcpu)
{
	struct kvmfault_async *async = async_of(kvmfault_vcpu_find(kvm_vcpu));

	if (!async || !async->pending.taken)
		return false;

	write_begin(async);
	forget_all(async);
	write_end(async);
	return true;
}

/**
 * kvmfault_async_repeat() - a vCPU faults at a page that may be outstanding
 * @kvm_vcpu: the vCPU
 * @gpa: where the page is, guest-physical
 *
 * Return: false if it is not.
 */
bool kvmfault_async_repeat(struct kvm_vcpu *kvm_vcpu, u64 gpa)
{
	struct kvmfault_async *async = async_of(kvmfault_vcpu_find(kvm_vcpu));

	if (!async || !kvmfault_pending_has(&async->pending, gpa))
		return false;
	write_begin(async);
	async->counts.repeated++;
	write_end(async);
	return true;
}

/**
 * kvmfault_async_awaits() - is a page outstanding?
 * @vcpu: the vCPU that faults at it, on its thread
 * @gpa: in the page, guest-physical
 */
bool kvmfault_async_awaits(const struct kvmfault_vcpu *vcpu, u64 gpa)
{
	const struct kvmfault_async *async = async_of(vcpu);

	return async && kvmfault_pending_has(&async->pending, gpa & PAGE_MASK);
}

/* Within a call, and not before the host has slept and its clock begun anew. */
static bool was_set_up_in(const struct kvmfault_async *async,
			  const struct kvmfault_call *call)
{
	u64 start = kvmfault_clock_unmarked(call->start);

	return async->token_at - start <= kvmfault_clock() - start;
}

/**
 * kvmfault_async_begun() - has a call of the MMU set one up?
 * @call: on its way out, on the vCPU's thread
 */
bool kvmfault_async_begun(const struct kvmfault_call *call)
{
	const struct kvmfault_async *async =
		async_of(kvmfault_vcpu_find(call->vcpu));

	return async && was_set_up_in(async, call);
}

/**
 * kvmfault_async_prefetch() - KVM maps a page that has come
 * @kvm_vcpu: for this vCPU
 * @token: KVM's name of the asynchronous page fault
 *
 * Return: false if the vCPU is not known to have any.
 */
bool kvmfault_async_prefetch(struct kvm_vcpu *kvm_vcpu, u32 token)
{
	struct kvmfault_async *async = async_of(kvmfault_vcpu_find(kvm_vcpu));

	if (async)
		WRITE_ONCE(async->prefetching, token);
	return async;
}

/**
 * kvmfault_async_token() - the asynchronous page fault that a call of the MMU set
 *	up, or whose page it maps
 * @fault: on its way out, on the vCPU's thread
 * @vcpu: the record of its vCPU
 *
 * Return: KVM's name of it, or 0 if the call has to do with none.
 */
u32 kvmfault_async_token(const struct kvmfault_fault *fault,
			 const struct kvmfault_vcpu *vcpu)
{
	const struct kvmfault_async *async = async_of(vcpu);

	if (!async || kvmfault_class_is_exit(fault->call.class))
		return 0;
	if (async->prefetching)
		return async->prefetching;
	return was_set_up_in(async, &fault->call) ? async->token : 0;
}

/* Only the vCPU's thread takes places and leaves them, and it may at any time. */
static u64 since_of(const struct kvmfault_async *async,
		    const struct kvm_async_pf *work, unsigned int *place)
{
	unsigned int seq;
	u64 since;

	do {
		seq = raw_read_seqcount_begin(&async->seq);
		*place = kvmfault_pending_find(&async->pending, (uintptr_t)work);
		since = *place < KVMFAULT_PENDING_MAX ?
			async->pending.one[*place].since : 0;
	} while (read_seqcount_retry(&async->seq, seq));
	return since;
}

/**
 * kvmfault_async_since() - a worker begins to fetch a page
 * @kvm_vcpu: the vCPU that wants it
 * @work: KVM's record
 *
 * Return: when it was set up; 0 if we did not look then.
 */
u64 kvmfault_async_since(struct kvm_vcpu *kvm_vcpu,
			 const struct kvm_async_pf *work)
{
	const struct kvmfault_async *async =
		async_of(kvmfault_vcpu_find(kvm_vcpu));
	unsigned int place;

	return async ? since_of(async, work, &place) : 0;
}

/**
 * kvmfault_async_came() - the worker has the page
 * @kvm_vcpu: the vCPU that wants it; by now it may be gone, or another one
 * @work: KVM's record; likewise
 * @since: what kvmfault_async_since() said
 *
 * Return: false if it is over, or another one.
 */
bool kvmfault_async_came(struct kvm_vcpu *kvm_vcpu,
			 const struct kvm_async_pf *work, u64 since)
{
	struct kvmfault_async *async = async_of(kvmfault_vcpu_find(kvm_vcpu));
	unsigned int place;

	if (!async || since_of(async, work, &place) != since)
		return false;
	/*
	 * It may be over this moment, and another one in its place. That has
	 * another stamp, so that ours says nothing of it.
	 */
	WRITE_ONCE(async->pending.one[place].came, since);
	return true;
}

/* The side of those who read, under kvmfault_settle_lock. */

/* What is there at one moment, without the counts of an old epoch. */
static void snapshot(struct kvmfault_async *copy,
		     const struct kvmfault_async *async)
{
	unsigned int seq;

	do {
		seq = raw_read_seqcount_begin(&async->seq);
		memcpy(copy, async, sizeof(*copy));
	} while (read_seqcount_retry(&async->seq, seq));
	if (!kvmfault_account_epoch(copy->epoch))
		memset(&copy->counts, 0, sizeof(copy->counts));
}

static struct kvmfault_async_counts *gone_counts(void)
{
	if (!kvmfault_account_epoch(gone_epoch)) {
		memset(&gone, 0, sizeof(gone));
		gone_epoch = kvmfault_account_resets();
	}
	return &gone;
}

static void merge(struct kvmfault_async_counts *to,
		  const struct kvmfault_async_counts *from)
{
	unsigned int i;

	to->delivered += from->delivered;
	to->completed += from->completed;
	to->cancelled += from->cancelled;
	to->repeated += from->repeated;
	to->sum_ns += from->sum_ns;
	to->max_ns = max(to->max_ns, from->max_ns);
	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
}

/* One reader at a time has it: too large for the stack. kvmfault_settle_lock. */
static struct kvmfault_async copied;

static void bury(const struct kvmfault_async *async)
{
	const struct kvmfault_pending *pending = &copied.pending;

	snapshot(&copied, async);
	copied.counts.delivered += kvmfault_pending_nr_delivered(pending);
	copied.counts.completed += kvmfault_pending_nr_came(pending);
	copied.counts.cancelled += kvmfault_pending_nr(pending);
	merge(gone_counts(), &copied.counts);
}

/**
 * kvmfault_async_bury() - add what a VM has had to vm 0
 * @vm: the VM, which is dead: what is outstanding is cancelled
 */
void kvmfault_async_bury(const struct kvmfault_vm *vm)
{
	const struct kvmfault_async *async;
	struct llist_node *pos;

	lockdep_assert_held(&kvmfault_settle_lock);

	for (pos = kvmfault_chain_first(&vm->vcpus); pos;
	     pos = kvmfault_chain_next(pos)) {
		async = async_of(container_of(pos, struct kvmfault_vcpu,
					      sibling));
		if (async)
			bury(async);
	}
}

/* Not those that have come: a vCPU that is not run does not take note of them. */
static u64 awaited(const struct kvmfault_pending *pending)
{
	return pending->taken & ~kvmfault_pending_came(pending);
}

/**
 * kvmfault_async_oldest() - for what a vCPU has been waiting for longest
 * @oldest: where to put it
 * @class: and what the call counts as that has set it up
 * @vcpu: the vCPU
 *
 * Return: false if nothing is outstanding.
 */
bool kvmfault_async_oldest(struct kvmfault_pending_one *oldest,
			   enum kvmfault_class *class,
			   const struct kvmfault_vcpu *vcpu)
{
	const struct kvmfault_async *async = async_of(vcpu);
	unsigned int seq, place;

	if (!async)
		return false;
	do {
		seq = raw_read_seqcount_begin(&async->seq);
		place = kvmfault_pending_oldest(&async->pending,
						awaited(&async->pending));
		if (place < KVMFAULT_PENDING_MAX) {
			*oldest = async->pending.one[place];
			*class = async->pending.shadow >> place & 1 ?
				 KVMFAULT_SHADOW : KVMFAULT_TDP;
		}
	} while (read_seqcount_retry(&async->seq, seq));
	return place < KVMFAULT_PENDING_MAX;
}

static void row_fill(struct kvmfault_async_row *row,
		     const struct kvmfault_async_counts *counts,
		     const struct kvmfault_pending *pending)
{
	unsigned int oldest = kvmfault_pending_oldest(pending, pending->taken);

	row->counts = *counts;
	row->ready = kvmfault_hist_count(counts->bucket);
	row->cancelled = counts->cancelled;
	row->repeated = counts->repeated;
	row->outstanding = kvmfault_pending_nr(pending);
	row->set_up = row->ready + row->cancelled + row->outstanding;
	row->delivered = counts->delivered +
			 kvmfault_pending_nr_delivered(pending);
	row->halted = row->set_up - row->delivered;
	row->completed = row->ready + counts->completed +
			 kvmfault_pending_nr_came(pending);
	row->oldest_ns = oldest == KVMFAULT_PENDING_MAX ? 0 :
			 kvmfault_clock_ns(pending->one[oldest].since,
					   kvmfault_clock());
}

static bool row_is_empty(const struct kvmfault_async_row *row)
{
	return !row->set_up && !row->repeated;
}

static bool has_async(const struct kvmfault_vcpu *vcpu)
{
	return async_of(vcpu);
}

/**
 * kvmfault_async_vcpus() - the vCPUs of a VM that may have had any
 * @vm: the VM; vm 0 has none
 * @nr: where to put how many
 *
 * Return: as kvmfault_vm_vcpus().
 */
const struct kvmfault_vcpu **kvmfault_async_vcpus(const struct kvmfault_vm *vm,
						  unsigned int *nr)
{
	return kvmfault_vm_vcpus(vm, has_async, nr);
}

/**
 * kvmfault_async_row() - the asynchronous page faults of a vCPU
 * @row: where to put them; too large for the stack
 * @vcpu: one that may have had any
 *
 * Return: false if it has had none.
 */
bool kvmfault_async_row(struct kvmfault_async_row *row,
			const struct kvmfault_vcpu *vcpu)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	snapshot(&copied, async_of(vcpu));
	row->vcpu = vcpu->id;
	row_fill(row, &copied.counts, &copied.pending);
	return !row_is_empty(row);
}

/**
 * kvmfault_async_row_gone() - those of all vCPUs that are gone, the row of vm 0
 * @row: where to put them; too large for the stack
 *
 * Return: false if they have had none.
 */
bool kvmfault_async_row_gone(struct kvmfault_async_row *row)
{
	static const struct kvmfault_pending none;

	row->vcpu = 0;
	row_fill(row, gone_counts(), &none);
	return !row_is_empty(row);
}

/**
 * kvmfault_async_settle() - have records ready again
 *
 * Without memory they are missed, and counted, until there is some.
 */
void kvmfault_async_settle(void)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	kvmfault_pool_fill(&pool);
}

/**
 * kvmfault_async_recycle() - give back what a vCPU has
 * @vcpu: the vCPU
 */
void kvmfault_async_recycle(struct kvmfault_vcpu *vcpu)
{
	if (vcpu->async)
		kvmfault_pool_put(&pool, vcpu->async);
}

/**
 * kvmfault_async_lost() - how many were set up and not counted
 */
u64 kvmfault_async_lost(void)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(lost, cpu));
	return sum;
}

/**
 * kvmfault_async_bytes() - the memory that it takes, probes aside
 */
size_t kvmfault_async_bytes(void)
{
	return kvmfault_pool_bytes(&pool) + sizeof(gone) + sizeof(copied);
}

/**
 * kvmfault_async_init() - have records ready
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_async_init(void)
{
	int ret = kvmfault_pool_init(&pool);

	if (ret)
		kvmfault_async_exit();
	return ret;
}

/**
 * kvmfault_async_exit() - free them; all vCPUs have given theirs back
 */
void kvmfault_async_exit(void)
{
	kvmfault_pool_exit(&pool);
}
