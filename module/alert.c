// SPDX-License-Identifier: GPL-2.0
/*
 * Alerts: faults that took too long are told while they are news
 *
 * A handler neither allocates nor locks: it leaves the alert in a small ring of
 * its CPU, which it alone fills, and which one work alone empties. If the ring
 * is full the alert is dropped, and counted.
 *
 * A guest may be slow as often as it can. So the work runs at most once in an
 * interval, and a handler sets it off only when it finds its ring empty: what
 * comes in between waits, and alerts of one vCPU and class become one.
 */
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/percpu.h>

#include <compat/workqueue.h>

#include "alert.h"
#include "fault.h"
#include "look.h"
#include "netlink.h"

#define RING_SIZE	16U	/* a power of two */
#define BATCH_SIZE	64

/* As the spec has it. */
#define LONGEST_INTERVAL_MS	30000

/**
 * struct ring - alerts of one CPU
 * @irq_work: sets off the work
 * @head: how many were put in; written by handlers of the CPU
 * @tail: how many were taken out; written by the work
 * @dropped: how many found no place; written by handlers of the CPU
 * @alert: those in between
 */
struct ring {
	struct irq_work irq_work;
	unsigned int head;
	unsigned int tail;
	u64 dropped;
	struct kvmfault_alert alert[RING_SIZE];
};

static DEFINE_PER_CPU(struct ring, rings);

static u64 threshold_ns __read_mostly = U64_MAX;
static unsigned int interval_ms __read_mostly = 100;

/* These belong to the work alone. */
static struct kvmfault_alert batch[BATCH_SIZE];
static unsigned int nr_batch;
static unsigned long last_run;
static u64 overflow;
static u64 told;

static unsigned long interval(void)
{
	return msecs_to_jiffies(READ_ONCE(interval_ms));
}

static void raise(const struct kvmfault_fault *fault,
		  const struct kvmfault_vcpu *vcpu)
{
	struct ring *ring = this_cpu_ptr(&rings);
	unsigned int head = ring->head;

	lockdep_assert_preemption_disabled();

	/* Pairs with the release in ring_empty(). */
	if (head - smp_load_acquire(&ring->tail) == RING_SIZE) {
		WRITE_ONCE(ring->dropped, ring->dropped + 1);
		return;
	}
	ring->alert[head % RING_SIZE] = (struct kvmfault_alert){
		.kind = KVMFAULT_ALERT_KIND_SLOW,
		.vm = vcpu->vm->id,
		.vcpu = vcpu->id,
		.class = fault->call.class,
		.gpa = fault->home,
		.rip = fault->rip,
		.start_ns = ktime_get_mono_fast_ns() - fault->duration_ns,
		.duration_ns = fault->duration_ns,
		.count = 1,
	};
	/* Pairs with the acquire in ring_empty(): the alert is complete. */
	smp_store_release(&ring->head, head + 1);

	/*
	 * Pairs with the one in ring_empty(): either the work sees our alert
	 * when it looks once more, or we see that it had emptied the ring.
	 */
	smp_mb();
	if (READ_ONCE(ring->tail) == head)
		irq_work_queue(&ring->irq_work);
}

/**
 * kvmfault_alert_finish() - did a fault take too long?
 * @fault: on its way out, complete and accounted; its address is known, or
 *	KVMFAULT_NOWHERE
 * @vcpu: the record of its vCPU
 */
void kvmfault_alert_finish(const struct kvmfault_fault *fault,
			   const struct kvmfault_vcpu *vcpu)
{
	if (fault->duration_ns >= READ_ONCE(threshold_ns))
		raise(fault, vcpu);
}

static void batch_add(const struct kvmfault_alert *alert)
{
	struct kvmfault_alert *other;
	u64 count;

	for (other = batch; other < batch + nr_batch; other++) {
		if (other->vm != alert->vm || other->vcpu != alert->vcpu ||
		    other->class != alert->class)
			continue;
		count = other->count + 1;
		if (alert->duration_ns > other->duration_ns)
			*other = *alert;
		other->count = count;
		return;
	}

	if (nr_batch == BATCH_SIZE)
		overflow++;
	else
		batch[nr_batch++] = *alert;
}

/*
 * What was in it when we came: a guest that fills it as fast as we empty it must
 * not keep us.
 *
 * Return: is there nothing more in it?
 */
static bool ring_empty(struct ring *ring)
{
	/* Pairs with the release in raise(). */
	unsigned int head = smp_load_acquire(&ring->head);
	unsigned int tail = ring->tail;

	for (; tail != head; tail++)
		batch_add(&ring->alert[tail % RING_SIZE]);
	/* Pairs with the acquire in raise(): the places are free. */
	smp_store_release(&ring->tail, tail);
	/* Pairs with the barrier in raise(). */
	smp_mb();
	return READ_ONCE(ring->head) == tail;
}

/*
 * Empty all rings. Where there was no more room for what was in one, the next time
 * begins: CPUs that have more to tell than there is room for keep nobody out.
 *
 * Return: is there nothing more in any?
 */
static bool rings_empty(void)
{
	static unsigned int first;
	unsigned int next = first;
	bool empty = true;
	int cpu;

	for_each_cpu_wrap(cpu, cpu_possible_mask, first) {
		u64 before = overflow;

		empty &= ring_empty(per_cpu_ptr(&rings, cpu));
		if (overflow != before && next == first)
			next = cpu;
	}
	first = next;
	return empty;
}

static void alert_work(struct work_struct *work)
{
	u64 dropped = 0;
	unsigned int i;
	bool empty;
	int cpu;

	/* ring_irq_work() asks on any CPU. */
	WRITE_ONCE(last_run, jiffies);
	nr_batch = 0;
	empty = rings_empty();
	for_each_possible_cpu(cpu)
		dropped += READ_ONCE(per_cpu(rings, cpu).dropped);
	dropped += overflow;

	for (i = 0; i < nr_batch; i++) {
		kvmfault_netlink_alert(&batch[i], dropped - told);
		told = dropped;
	}
	if (!empty)
		kvmfault_work_after(to_delayed_work(work), interval());
}

static DECLARE_DELAYED_WORK(work, alert_work);

static void ring_irq_work(struct irq_work *irq_work)
{
	unsigned long next = READ_ONCE(last_run) + interval();
	unsigned long now = jiffies;

	kvmfault_work_after(&work, time_after(next, now) ? next - now : 0);
}

/**
 * kvmfault_alert_threshold() - which faults are told
 *
 * Return: from how many ns on; 0 for none.
 */
u64 kvmfault_alert_threshold(void)
{
	u64 ns = READ_ONCE(threshold_ns);

	return ns == U64_MAX ? 0 : ns;
}

/**
 * kvmfault_alert_set_threshold() - which faults to tell
 * @ns: from how many ns on; 0 for none
 */
void kvmfault_alert_set_threshold(u64 ns)
{
	static DEFINE_MUTEX(lock);

	mutex_lock(&lock);
	WRITE_ONCE(threshold_ns, ns ?: U64_MAX);
	if (ns)
		kvmfault_look_begin(KVMFAULT_LOOK_ALERT);
	else
		kvmfault_look_end(KVMFAULT_LOOK_ALERT);
	mutex_unlock(&lock);
}

/**
 * kvmfault_alert_interval_ms() - how often alerts are sent at most
 */
unsigned int kvmfault_alert_interval_ms(void)
{
	return READ_ONCE(interval_ms);
}

/**
 * kvmfault_alert_set_interval_ms() - how often to send alerts at most
 * @ms: the time in between
 *
 * What waits is sent at once: it would wait for the interval that was.
 */
void kvmfault_alert_set_interval_ms(unsigned int ms)
{
	WRITE_ONCE(interval_ms, ms);
	if (delayed_work_pending(&work))
		kvmfault_work_now(&work);
}

/**
 * kvmfault_alert_init() - make the rings ready
 */
void kvmfault_alert_init(void)
{
	int cpu;

	/* The first alert need not wait, whatever the interval is by then. */
	last_run = jiffies - msecs_to_jiffies(LONGEST_INTERVAL_MS);
	for_each_possible_cpu(cpu)
		kvmfault_irq_work_init(&per_cpu(rings, cpu).irq_work,
				       ring_irq_work);
}

/**
 * kvmfault_alert_exit() - tell no more
 *
 * No handler runs any more.
 */
void kvmfault_alert_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		irq_work_sync(&per_cpu(rings, cpu).irq_work);
	cancel_delayed_work_sync(&work);
}
