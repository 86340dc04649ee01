/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Work that goes on for a while, as kernels differ in it
 */
#ifndef KVMFAULT_COMPAT_WORKQUEUE_H
#define KVMFAULT_COMPAT_WORKQUEUE_H

#include <linux/irq_work.h>
#include <linux/workqueue.h>

#include <compat/config.h>

#ifndef HAVE_SYSTEM_DFL_WQ
#define system_dfl_wq	system_unbound_wq
#endif

/**
 * kvmfault_irq_work_init() - work that an interrupt does
 * @work: which
 * @func: what
 *
 * By a true one on PREEMPT_RT as well: a thread would wait there for whoever has the
 * CPU, such as a vCPU of higher priority that never sleeps.
 */
static inline void kvmfault_irq_work_init(struct irq_work *work,
					  void (*func)(struct irq_work *))
{
#ifdef IRQ_WORK_INIT_HARD
	*work = IRQ_WORK_INIT_HARD(func);
#else
	init_irq_work(work, func);
#ifdef HAVE_IRQ_WORK_HARD
	/* 5.10, whose PREEMPT_RT is a patch. */
	atomic_set(&work->flags, IRQ_WORK_HARD_IRQ);
#endif
#endif
}

/**
 * kvmfault_work_after() - have some work done, on whichever CPU has the time
 * @work: which
 * @delay: after so many jiffies; nothing changes for one that waits already
 *
 * What goes through all VMs, or sends, would keep other work of its CPU waiting if
 * it was bound to one; and on a CPU that is kept for a vCPU nothing of ours runs.
 */
static inline void kvmfault_work_after(struct delayed_work *work,
				       unsigned long delay)
{
	queue_delayed_work(system_dfl_wq, work, delay);
}

/**
 * kvmfault_work_now() - have some work done now, whatever it waits for
 * @work: which
 */
static inline void kvmfault_work_now(struct delayed_work *work)
{
	mod_delayed_work(system_dfl_wq, work, 0);
}

#endif /* KVMFAULT_COMPAT_WORKQUEUE_H */
