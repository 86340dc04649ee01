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
#include <linux/workqueue.h>

#include "address.h"
#include "alert.h"
#include "netlink.h"

#define RING_SIZE	16U	/* a power of two */
#define BATCH_SIZE	64

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

DEFINE_STATIC_KEY_FALSE(kvmfault_alert_key);
u64 kvmfault_alert_ns __read_mostly = U64_MAX;
static unsigned int interval_ms __read_mostly = 100;

/* These belong to the work alone. */
static struct kvmfault_alert batch[BATCH_SIZE];
static unsigned int nr_batch;
static unsigned long last_run;
static u64 overflow;
static u64 told;

/**
 * kvmfault_alert_locate() - ask the CPU where the fault is
 * @fault: on its way in
 *
 * Not in a tdp call: on Intel it may be on behalf of a TDX guest, whose VMCS is
 * not the current one.
 */
void kvmfault_alert_locate(struct kvmfault_fault *fault)
{
	if (fault->located)
		return;

	fault->gva = KVMFAULT_NOWHERE;
	fault->rip = KVMFAULT_NOWHERE;
	fault->located = true;
	if (fault->point == KVMFAULT_POINT_VIOLATION ||
	    fault->point == KVMFAULT_POINT_MISCONFIG) {
		fault->gpa = KVMFAULT_NOWHERE;
		kvmfault_vmx_address(fault);
	}
}

/* A fault that began before anybody asked for alerts is nowhere. */
static u64 alert_gpa(const struct kvmfault_fault *fault)
{
	if (!fault->located || (fault->class == KVMFAULT_TDP &&
				fault->access == KVMFAULT_ACCESS_UNKNOWN))
		return KVMFAULT_NOWHERE;
	return fault->gpa;
}

/**
 * kvmfault_alert_raise() - a fault took too long
 * @fault: complete and accounted
 * @vcpu: the record of its vCPU
 */
void kvmfault_alert_raise(const struct kvmfault_fault *fault,
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
		.vm = vcpu->vm->id,
		.vcpu = vcpu->id,
		.class = fault->class,
		.gpa = alert_gpa(fault),
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

static void ring_empty(struct ring *ring)
{
	unsigned int tail = ring->tail;

	/* Pairs with the release in kvmfault_alert_raise(). */
	while (tail != smp_load_acquire(&ring->head)) {
		batch_add(&ring->alert[tail % RING_SIZE]);
		/* Pairs with the acquire there: the place is free. */
		smp_store_release(&ring->tail, ++tail);
		/* Pairs with the barrier in kvmfault_alert_raise(). */
		smp_mb();
	}
}

static void alert_work(struct work_struct *work)
{
	u64 dropped;
	unsigned int i;
	int cpu;

	last_run = jiffies;
	nr_batch = 0;
	dropped = 0;
	for_each_possible_cpu(cpu) {
		ring_empty(per_cpu_ptr(&rings, cpu));
		dropped += READ_ONCE(per_cpu(rings, cpu).dropped);
	}
	dropped += overflow;

	for (i = 0; i < nr_batch; i++) {
		kvmfault_netlink_alert(&batch[i], dropped - told);
		told = dropped;
	}
}

static DECLARE_DELAYED_WORK(work, alert_work);

static void ring_irq_work(struct irq_work *irq_work)
{
	unsigned long next = READ_ONCE(last_run) +
			     msecs_to_jiffies(READ_ONCE(interval_ms));
	unsigned long now = jiffies;

	schedule_delayed_work(&work, time_after(next, now) ? next - now : 0);
}

/**
 * kvmfault_alert_threshold() - which faults are told
 *
 * Return: from how many ns on; 0 for none.
 */
u64 kvmfault_alert_threshold(void)
{
	u64 ns = READ_ONCE(kvmfault_alert_ns);

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
	WRITE_ONCE(kvmfault_alert_ns, ns ?: U64_MAX);
	if (ns)
		static_branch_enable(&kvmfault_alert_key);
	else
		static_branch_disable(&kvmfault_alert_key);
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
 */
void kvmfault_alert_set_interval_ms(unsigned int ms)
{
	WRITE_ONCE(interval_ms, ms);
}

/**
 * kvmfault_alert_init() - make the rings ready
 */
void kvmfault_alert_init(void)
{
	int cpu;

	/* The first alert need not wait. */
	last_run = jiffies - msecs_to_jiffies(interval_ms);
	for_each_possible_cpu(cpu)
		init_irq_work(&per_cpu(rings, cpu).irq_work, ring_irq_work);
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
