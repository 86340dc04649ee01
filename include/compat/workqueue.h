/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Work that goes on for a while, as kernels differ in it
 */
#ifndef KVMFAULT_COMPAT_WORKQUEUE_H
#define KVMFAULT_COMPAT_WORKQUEUE_H

#include <linux/workqueue.h>

#include <compat/config.h>

#ifndef HAVE_SYSTEM_DFL_WQ
#define system_dfl_wq	system_unbound_wq
#endif

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
