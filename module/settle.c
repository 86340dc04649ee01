// SPDX-License-Identifier: GPL-2.0
/*
 * Settling: what handlers leave behind is put in order in process context
 *
 * Handlers leave newborn VMs, dead VMs and retired slots on lock-free lists and
 * kick this work. Even queueing work takes a lock that other CPUs take, so the
 * kick goes through an irq_work of the handler's own CPU.
 */
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/workqueue.h>

#include <compat/workqueue.h>

#include "account.h"
#include "clock.h"
#include "extra.h"
#include "probe.h"
#include "settle.h"
#include "vm.h"

/* See settle.h. */
DEFINE_MUTEX(kvmfault_settle_lock);

/* By how much settling may be put off that a VMM could set off as fast as it can. */
#define LATER	msecs_to_jiffies(10)

/* Settling pauses for so often as long as it took, but for no longer than a ms. */
#define PAUSES		4
#define PAUSE_MAX_US	1000

struct kick {
	struct irq_work irq_work;
	struct irq_work later;
	unsigned long last;
};

static DEFINE_PER_CPU(struct kick, kicks);
static struct workqueue_struct *workqueue;

/* Until when the work pauses; its own, which is ordered. */
static ktime_t paused;

/**
 * kvmfault_settle_begin() - take the lock and settle
 *
 * For readers: what was born or died before is seen as born or dead.
 */
void kvmfault_settle_begin(void)
{
	mutex_lock(&kvmfault_settle_lock);
	kvmfault_clock_review();
	kvmfault_account_settle();
	kvmfault_vm_settle();
}

/**
 * kvmfault_settle_end() - release the lock
 */
void kvmfault_settle_end(void)
{
	mutex_unlock(&kvmfault_settle_lock);
}

/* Not on the workqueue, nor part of settling: it waits for who places probes. */
static void review_work(struct work_struct *work)
{
	kvmfault_account_review();
	kvmfault_probe_review();
	kvmfault_extra_review();
}

static DECLARE_DELAYED_WORK(review, review_work);

/*
 * A VMM that runs VMs in turns may leave something behind with each exit: let it have
 * a part of a CPU settle, and not all of one. Where slots are short a longer pause
 * costs counts.
 */
static void pause(ktime_t begun)
{
	ktime_t now = ktime_get();
	s64 us = ktime_us_delta(now, begun) * PAUSES;

	paused = ktime_add_us(now, min_t(s64, us, PAUSE_MAX_US));
}

static void wait_for_pause(void)
{
	s64 us = ktime_us_delta(paused, ktime_get());

	if (us > 0)
		usleep_range(us, us + us / 4);
}

static void settle_work(struct work_struct *work)
{
	ktime_t begun;

	wait_for_pause();
	begun = ktime_get();
	kvmfault_settle_begin();
	kvmfault_settle_end();
	pause(begun);
	kvmfault_work_now(&review);
}

static DECLARE_WORK(work, settle_work);
static DECLARE_DELAYED_WORK(later_work, settle_work);

static void settle_irq_work(struct irq_work *irq_work)
{
	queue_work(workqueue, &work);
}

static void later_irq_work(struct irq_work *irq_work)
{
	queue_delayed_work(workqueue, &later_work, LATER);
}

/**
 * kvmfault_settle_soon() - there is something to settle, in process context
 */
void kvmfault_settle_soon(void)
{
	queue_work(workqueue, &work);
}

/**
 * kvmfault_settle_kick() - there is something to settle, in a handler
 */
void kvmfault_settle_kick(void)
{
	irq_work_queue(this_cpu_ptr(&kicks.irq_work));
}

/**
 * kvmfault_settle_kick_lazily() - the same, at most once a tick on each CPU
 *
 * For losses: settling may help, but if it does not, a guest that faults as
 * fast as it can must not set it off each time.
 */
void kvmfault_settle_kick_lazily(void)
{
	struct kick *kick = this_cpu_ptr(&kicks);

	if (!time_after(jiffies, kick->last))
		return;
	kick->last = jiffies;
	irq_work_queue(&kick->irq_work);
}

/**
 * kvmfault_settle_kick_later() - the same, within a few ms
 *
 * For what can wait so long, however often it comes.
 */
void kvmfault_settle_kick_later(void)
{
	irq_work_queue(this_cpu_ptr(&kicks.later));
}

/**
 * kvmfault_settle_init() - make settling ready
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_settle_init(void)
{
	int cpu;

	workqueue = alloc_ordered_workqueue("kvmfault", WQ_HIGHPRI);
	if (!workqueue)
		return -ENOMEM;

	for_each_possible_cpu(cpu) {
		kvmfault_irq_work_init(&per_cpu(kicks, cpu).irq_work,
				       settle_irq_work);
		kvmfault_irq_work_init(&per_cpu(kicks, cpu).later,
				       later_irq_work);
		per_cpu(kicks, cpu).last = jiffies - 1;
	}
	return 0;
}

/**
 * kvmfault_settle_exit() - settle for the last time
 *
 * No handler runs any more, so nobody kicks.
 */
void kvmfault_settle_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		irq_work_sync(&per_cpu(kicks, cpu).irq_work);
		irq_work_sync(&per_cpu(kicks, cpu).later);
	}
	cancel_delayed_work_sync(&later_work);
	destroy_workqueue(workqueue);
	cancel_delayed_work_sync(&review);

	kvmfault_settle_begin();
	kvmfault_settle_end();
}
