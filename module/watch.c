// SPDX-License-Identifier: GPL-2.0
/*
 * The watch over vCPUs that are stuck in faults
 *
 * A vCPU may be asleep in one fault that does not end. On the way into a tdp
 * call it leaves when and where in its record, and on the way out it wipes that
 * out: what stands there for too long is a vCPU that sleeps, seen while it does.
 *
 * Or it has been told to do something else until a page is there, or halted, and
 * the page does not come. Then nothing is slow and nothing repeats, and async.c
 * knows since when.
 *
 * Or it faults again and again at the same few addresses, and nothing comes of
 * it. To see this in every fault would cost every fault. So the watch goes round
 * a few times a second, and of a vCPU that has had some faults since it has the
 * next ones sampled, on the slow way, where no vCPU is seated. A guest that
 * is merely busy touches many addresses, or makes progress.
 */
#include <linux/cpufeature.h>
#include <linux/jiffies.h>
#include <linux/kvm_host.h>

#include <compat/kvm.h>
#include <compat/workqueue.h>

#include "address.h"
#include "async.h"
#include "chain.h"
#include "clock.h"
#include "learn.h"
#include "netlink.h"
#include "raw.h"
#include "settle.h"
#include "shadow.h"
#include "table.h"
#include "watch.h"

#define ROUND		(HZ / 4)

/* So many tdp faults in a round make a vCPU worth a look. */
#define SUSPICIOUS	4

/* So many rounds without any, and it is over. */
#define QUIET		4

/* All sampled faults must be within this time: 4 each second at each address. */
#define WINDOW_NS	(4ULL * NSEC_PER_SEC)

/* One in so many may be at other addresses, such as a timer's. */
#define ODD		8

#define REPEATS_MIN	8U
#define REPEATS_MAX	32767U

static unsigned int repeats __read_mostly = 64;
static unsigned int asleep_ms __read_mostly = 1000;

/* Nobody goes round any more; kvmfault_settle_lock. */
static bool over;

/* The handlers' side. */

/**
 * kvmfault_watch_find() - the record of a vCPU that another one has driven out
 * @kvm_vcpu: a vCPU in a fault, on the thread that runs it
 *
 * Return: the record, or NULL if there is none and none can be made.
 */
struct kvmfault_vcpu *kvmfault_watch_find(struct kvm_vcpu *kvm_vcpu)
{
	struct kvmfault_vcpu *vcpu;

	preempt_disable_notrace();
	vcpu = kvmfault_vcpu_get(kvm_vcpu);
	preempt_enable_notrace();
	return vcpu;
}

/*
 * Has nothing come of a tdp fault, as far as it can tell itself? Where one is allowed
 * to write again the guest gets on, though it may be forbidden the next moment: so does
 * whoever logs what is written.
 */
static bool in_vain(u64 raw)
{
	enum kvmfault_cause cause = kvmfault_raw_cause(raw);

	if (cause == KVMFAULT_PREFETCH)
		return false;

	switch (kvmfault_outcome(kvmfault_recognised_codes(),
				 kvmfault_raw_ret(raw))) {
	case KVMFAULT_FIXED:
		return cause != KVMFAULT_PROTECTED;
	case KVMFAULT_SPURIOUS:
	case KVMFAULT_RETRY:
	case KVMFAULT_INVALID:
		return true;
	default:
		return false;
	}
}

static bool sampled_at(struct kvmfault_sampled *sampled, u64 gpa)
{
	u64 page = gpa & PAGE_MASK;
	unsigned int i;

	for (i = 0; i < KVMFAULT_WATCH_PAGES; i++) {
		if (sampled->times[i] && sampled->page[i] != page)
			continue;
		sampled->page[i] = page;
		sampled->times[i]++;
		return true;
	}
	return false;
}

static void sample_end(struct kvmfault_watch *watch)
{
	watch->sampled.end = kvmfault_clock();
	/* Pairs with the acquire in look_repeats(): it is complete. */
	smp_store_release(&watch->sampling, 0);
}

/* @idle: it is none that came to nothing at one of the few addresses. */
static void sample(struct kvmfault_watch *watch, bool idle)
{
	struct kvmfault_sampled *sampled = &watch->sampled;

	sampled->nr++;
	sampled->idle += idle;
	if (sampled->nr >= watch->sampling)
		sample_end(watch);
}

/**
 * kvmfault_watch_tdp_sample() - a tdp fault of a vCPU that is sampled
 * @vcpu: the record of the vCPU
 * @raw: what it was about
 *
 * Who waits for a page that is outstanding is woken by interrupts, and faults at it
 * again: that is no other way to be stuck.
 */
void kvmfault_watch_tdp_sample(struct kvmfault_vcpu *vcpu, u64 raw)
{
	bool vain = in_vain(raw) && vcpu->gpa != KVMFAULT_NOWHERE &&
		    !kvmfault_async_awaits(vcpu, vcpu->gpa) &&
		    sampled_at(&vcpu->watch.sampled, vcpu->gpa);

	if (vain)
		vcpu->watch.sampled.raw = raw;
	sample(&vcpu->watch, !vain);
}

/**
 * kvmfault_watch_exit_sample() - an exit of a vCPU that is sampled
 * @vcpu: the record of the vCPU
 * @kvm_vcpu: the vCPU
 * @class: what the exit counts as
 *
 * It comes after the tdp call in it. The guest's instruction is still the one
 * that faulted, unless there was progress. MMIO is progress. A sample that did not
 * become full in time is of somebody who is not stuck, and who is spared the rest:
 * the exits of a guest's guest may have no tdp calls at all.
 */
void kvmfault_watch_exit_sample(struct kvmfault_vcpu *vcpu,
				struct kvm_vcpu *kvm_vcpu,
				enum kvmfault_class class)
{
	if (class == KVMFAULT_MISCONFIG)
		sample(&vcpu->watch, true);
	else if (boot_cpu_has(X86_FEATURE_VMX))
		vcpu->watch.sampled.rip = kvmfault_vmx_rip();
	else
		vcpu->watch.sampled.rip = kvmfault_vcpu_rip(kvm_vcpu);

	if (kvmfault_watch_samples(vcpu) &&
	    kvmfault_clock_ns(vcpu->watch.begin, kvmfault_clock()) > WINDOW_NS)
		sample_end(&vcpu->watch);
}

/* The side of those who go round, under kvmfault_settle_lock. */

static void not_stuck(struct kvmfault_watch *watch)
{
	watch->how = KVMFAULT_NOT_STUCK;
	watch->told = false;
}

static bool sampled_stuck(const struct kvmfault_watch *watch)
{
	const struct kvmfault_sampled *sampled = &watch->sampled;

	return sampled->idle * ODD <= sampled->nr &&
	       kvmfault_clock_ns_long(watch->begin, sampled->end) <= WINDOW_NS;
}

static u64 worst_page(const struct kvmfault_sampled *sampled)
{
	unsigned int i, worst = 0;

	for (i = 1; i < KVMFAULT_WATCH_PAGES; i++)
		if (sampled->times[i] > sampled->times[worst])
			worst = i;
	return sampled->page[worst];
}

static void sampling_begin(struct kvmfault_watch *watch, unsigned int times,
			   u64 now)
{
	watch->begin = now;
	watch->begin_seen = watch->seen;
	watch->sampled = (struct kvmfault_sampled){ .rip = KVMFAULT_NOWHERE };
	/* Who finds it set finds an empty sample. */
	smp_store_release(&watch->sampling, times);
}

/* Nobody has gone round for a while since it became full: it says nothing of now. */
static bool sampled_long_ago(const struct kvmfault_watch *watch, u64 now)
{
	return kvmfault_clock_ns(watch->sampled.end, now) > WINDOW_NS;
}

static void sampling_judge(struct kvmfault_watch *watch)
{
	if (!sampled_stuck(watch)) {
		not_stuck(watch);
	} else {
		if (watch->how != KVMFAULT_STUCK_REPEATS) {
			watch->since = watch->begin;
			watch->from = watch->begin_seen;
		}
		watch->how = KVMFAULT_STUCK_REPEATS;
		watch->gpa = worst_page(&watch->sampled);
		watch->rip = watch->sampled.rip;
		watch->raw = watch->sampled.raw;
		watch->class = kvmfault_way_class(kvmfault_raw_way(watch->raw));
	}
}

/* Who was found to repeat is looked at for as long as he faults at all. */
static bool is_suspicious(const struct kvmfault_watch *watch, u64 faults)
{
	return faults >= SUSPICIOUS ||
	       (faults && watch->how == KVMFAULT_STUCK_REPEATS);
}

/* Return: true if handlers have something to sample. */
static bool look_repeats(struct kvmfault_watch *watch, u64 faults, u64 now)
{
	unsigned int times = READ_ONCE(repeats);

	/* Pairs with the release in sample(). */
	if (watch->begin && !smp_load_acquire(&watch->sampling)) {
		if (!sampled_long_ago(watch, now))
			sampling_judge(watch);
		watch->begin = 0;
	}
	watch->quiet = faults ? 0 : watch->quiet + 1;
	if (watch->how == KVMFAULT_STUCK_REPEATS &&
	    (watch->quiet >= QUIET || !times))
		not_stuck(watch);
	if (watch->begin || !times || !is_suspicious(watch, faults))
		return false;

	sampling_begin(watch, times, now);
	return true;
}

/* Who was found keeps waiting, though another clock knows no more of it than its own. */
static bool is_long(const struct kvmfault_watch *watch, enum kvmfault_stuck how,
		    u64 since, u64 now)
{
	u64 ms = READ_ONCE(asleep_ms);

	if (!ms)
		return false;
	if (watch->how == how && watch->since == since &&
	    kvmfault_clock_differs(since, now))
		return true;
	return kvmfault_clock_ns_long(since, now) >= ms * NSEC_PER_MSEC;
}

static void waits(struct kvmfault_watch *watch, enum kvmfault_stuck how,
		  enum kvmfault_class class, u64 since, u64 gpa)
{
	if (watch->how == how && watch->since == since)
		return;
	/* Where several pages do not come, that the next one is the oldest is no news. */
	if (watch->how != how || how != KVMFAULT_STUCK_ASYNC)
		not_stuck(watch);
	watch->how = how;
	watch->class = class;
	watch->since = since;
	watch->from = watch->seen;
	watch->gpa = gpa;
	watch->rip = KVMFAULT_NOWHERE;
	watch->raw = 0;
}

/* Return: true if it is in one fault, or waits for one page, for too long. */
static bool look_waits(struct kvmfault_vcpu *vcpu, u64 now)
{
	struct kvmfault_pending_one oldest;
	u64 since = READ_ONCE(vcpu->since);
	enum kvmfault_class class;

	if (since && is_long(&vcpu->watch, KVMFAULT_STUCK_ASLEEP, since, now)) {
		waits(&vcpu->watch, KVMFAULT_STUCK_ASLEEP,
		      kvmfault_shadow_class(vcpu, since), since,
		      READ_ONCE(vcpu->gpa));
		return true;
	}
	if (kvmfault_async_oldest(&oldest, &class, vcpu) &&
	    is_long(&vcpu->watch, KVMFAULT_STUCK_ASYNC, oldest.since, now)) {
		waits(&vcpu->watch, KVMFAULT_STUCK_ASYNC, class, oldest.since,
		      oldest.gpa);
		return true;
	}
	return false;
}

/* Return: true if handlers have something to sample. */
static bool look(struct kvmfault_vcpu *vcpu, u64 now)
{
	struct kvmfault_watch *watch = &vcpu->watch;
	u64 count = local64_read(&vcpu->count[KVMFAULT_TDP]);
	u64 faults;

	/* A reset begins anew. */
	if (count < watch->seen) {
		watch->seen = 0;
		watch->begin_seen = 0;
		watch->from = 0;
	}
	faults = count - watch->seen;
	watch->seen = count;
	if (look_waits(vcpu, now))
		return false;
	if (watch->how != KVMFAULT_STUCK_REPEATS)
		not_stuck(watch);
	return look_repeats(watch, faults, now);
}

/**
 * kvmfault_watch_row() - how a vCPU is stuck
 * @row: where to put how
 * @vcpu: one that is
 */
void kvmfault_watch_row(struct kvmfault_stuck_row *row,
			const struct kvmfault_vcpu *vcpu)
{
	const struct kvmfault_watch *watch = &vcpu->watch;

	lockdep_assert_held(&kvmfault_settle_lock);

	*row = (struct kvmfault_stuck_row){
		.vm = vcpu->vm,
		.vcpu = vcpu->id,
		.how = watch->how,
		.class = watch->class,
		.for_ns = kvmfault_clock_ns(watch->since, kvmfault_clock()),
		.faults = watch->seen - watch->from,
		.gpa = watch->gpa,
		.rip = watch->rip,
		.outcome = KVMFAULT_UNKNOWN,
	};
	if (row->how == KVMFAULT_STUCK_REPEATS)
		row->outcome = kvmfault_outcome(kvmfault_recognised_codes(),
						kvmfault_raw_ret(watch->raw));
}

/* The first VM of the next round: of those who tell each has a turn. */
static u64 turn;

/* Those who listen hear of it once, when it begins. */
static void tell(struct kvmfault_vcpu *vcpu)
{
	struct kvmfault_stuck_row row;

	if (vcpu->watch.how == KVMFAULT_NOT_STUCK || vcpu->watch.told)
		return;
	kvmfault_watch_row(&row, vcpu);
	vcpu->watch.told = kvmfault_netlink_stuck(&row);
	if (vcpu->watch.told)
		turn = vcpu->vm->id + 1;
}

static bool round_vm(const struct kvmfault_vm *vm, u64 now)
{
	struct kvmfault_vcpu *vcpu;
	bool sampling = false;
	struct llist_node *pos;

	/* Its vCPUs go on in other records; it is buried soon. */
	if (READ_ONCE(vm->dead))
		return false;
	for (pos = kvmfault_chain_first(&vm->vcpus); pos;
	     pos = kvmfault_chain_next(pos)) {
		vcpu = container_of(pos, struct kvmfault_vcpu, sibling);
		sampling |= look(vcpu, now);
		tell(vcpu);
	}
	return sampling;
}

/* Return: true if there is something to sample. */
static bool round_vms(u64 from, u64 to, u64 now)
{
	const struct kvmfault_vm *vm;
	bool sampling = false;

	list_for_each_entry(vm, &kvmfault_vms, list)
		if (vm->id >= from && vm->id < to)
			sampling |= round_vm(vm, now);
	return sampling;
}

static void round_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(work, round_work);

/**
 * kvmfault_watch_kick() - there is somebody to watch
 */
void kvmfault_watch_kick(void)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	if (!over && (READ_ONCE(repeats) || READ_ONCE(asleep_ms)))
		kvmfault_work_after(&work, ROUND);
}

static void round_work(struct work_struct *unused)
{
	bool sampling;
	u64 first, now;

	kvmfault_settle_begin();
	now = kvmfault_clock();
	first = turn;
	sampling = round_vms(first, U64_MAX, now);
	sampling |= round_vms(0, first, now);
	/* The faults of who is seated pass by the sampling. */
	if (sampling)
		kvmfault_account_unseat(NULL);
	if (!list_empty(&kvmfault_vms))
		kvmfault_watch_kick();
	kvmfault_settle_end();
}

/*
 * Where was the call seen that began at @since? A tdp call, which is to cost
 * nothing, does not say so, nor does a shadow call say when it is over.
 */
static enum kvmfault_point_id seen_at(const struct kvmfault_vcpu *vcpu,
				      u64 since)
{
	if (READ_ONCE(vcpu->shadow.since) == since)
		return READ_ONCE(vcpu->shadow.point);
	return KVMFAULT_POINT_TDP;
}

static void forget(struct kvmfault_vcpu *vcpu, enum kvmfault_point_id point,
		   u64 until)
{
	/* Pairs with the release in kvmfault_shadow_start(). */
	u64 since = smp_load_acquire(&vcpu->since);

	/* Another call may have begun meanwhile: that is not forgotten. */
	if (since && since <= until && seen_at(vcpu, since) == point)
		cmpxchg(&vcpu->since, since, 0);
}

/**
 * kvmfault_watch_forget() - calls that are not seen to their end any more
 * @point: where they were seen
 * @until: when they had begun, a stamp
 */
void kvmfault_watch_forget(enum kvmfault_point_id point, u64 until)
{
	const struct kvmfault_vm *vm;
	struct llist_node *pos;

	kvmfault_settle_begin();
	list_for_each_entry(vm, &kvmfault_vms, list)
		for (pos = kvmfault_chain_first(&vm->vcpus); pos;
		     pos = kvmfault_chain_next(pos))
			forget(container_of(pos, struct kvmfault_vcpu, sibling),
			       point, until);
	kvmfault_settle_end();
}

static bool is_stuck(const struct kvmfault_vcpu *vcpu)
{
	return vcpu->watch.how != KVMFAULT_NOT_STUCK;
}

/**
 * kvmfault_watch_vcpus() - the vCPUs of a VM that are stuck
 * @vm: the VM
 * @nr: where to put how many
 *
 * Return: as kvmfault_vm_vcpus().
 */
const struct kvmfault_vcpu **kvmfault_watch_vcpus(const struct kvmfault_vm *vm,
						  unsigned int *nr)
{
	if (READ_ONCE(vm->dead)) {
		*nr = 0;
		return NULL;
	}
	return kvmfault_vm_vcpus(vm, is_stuck, nr);
}

/**
 * kvmfault_stuck_name() - how a vCPU is stuck, as all readers name it
 * @how: how
 */
const char *kvmfault_stuck_name(enum kvmfault_stuck how)
{
	static const char *const names[] = {
		[KVMFAULT_NOT_STUCK] = "-",
		[KVMFAULT_STUCK_ASLEEP] = "asleep",
		[KVMFAULT_STUCK_REPEATS] = "repeats",
		[KVMFAULT_STUCK_ASYNC] = "async",
	};

	return names[how];
}

/*
 * Nobody goes round while there is nothing to look for, or nobody to look at. But
 * once more for who was found by what was to be looked for until now.
 */
static void restart(void)
{
	mutex_lock(&kvmfault_settle_lock);
	if (!list_empty(&kvmfault_vms) && !over)
		kvmfault_work_after(&work, ROUND);
	mutex_unlock(&kvmfault_settle_lock);
}

/**
 * kvmfault_watch_repeats() - how many faults in a row are too many
 *
 * Return: 0 if nobody counts them.
 */
unsigned int kvmfault_watch_repeats(void)
{
	return READ_ONCE(repeats);
}

/**
 * kvmfault_watch_repeats_fit() - can so many be set?
 * @nr: how many
 */
bool kvmfault_watch_repeats_fit(unsigned int nr)
{
	return !nr || (nr >= REPEATS_MIN && nr <= REPEATS_MAX);
}

/**
 * kvmfault_watch_set_repeats() - how many faults in a row are too many
 * @nr: a number that fits, or 0 for not to count them
 */
void kvmfault_watch_set_repeats(unsigned int nr)
{
	WRITE_ONCE(repeats, nr);
	restart();
}

/**
 * kvmfault_watch_asleep_ms() - how long a fault may sleep
 *
 * Return: 0 for as long as it likes.
 */
unsigned int kvmfault_watch_asleep_ms(void)
{
	return READ_ONCE(asleep_ms);
}

/**
 * kvmfault_watch_set_asleep_ms() - how long a fault may sleep
 * @ms: so long, or 0
 */
void kvmfault_watch_set_asleep_ms(unsigned int ms)
{
	WRITE_ONCE(asleep_ms, ms);
	restart();
}

/**
 * kvmfault_watch_exit() - watch no more
 *
 * The files of our parameters are there until the module is gone, and who
 * writes to one of them has the watch go round.
 */
void kvmfault_watch_exit(void)
{
	mutex_lock(&kvmfault_settle_lock);
	over = true;
	mutex_unlock(&kvmfault_settle_lock);
	cancel_delayed_work_sync(&work);
}
