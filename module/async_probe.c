// SPDX-License-Identifier: GPL-2.0
/*
 * Where asynchronous page faults are seen
 *
 * KVM's own tracepoints do not say which vCPU they are about, so the functions
 * around them are probed, which have it as their first argument. Each is called
 * from another file than its own: no compiler can inline it or call past it.
 *
 * They are always in place. A fault passes by here only when its page has to be
 * waited for; all others do not meet a single instruction of it.
 */
#include <linux/kvm_host.h>

#include "async.h"
#include "clock.h"
#include "extra.h"

/* In the order of arming: what is set up is seen to its end, or not at all. */
enum async_point {
	CLEAR,
	PRESENT,
	NOT_PRESENT,
	READY,
	FIND,
	EXECUTE,
	POINTS
};

static struct kvmfault_extra probes[POINTS];

static void hit(enum async_point point, bool counted)
{
	if (counted)
		kvmfault_extra_hit(&probes[point]);
}

/**
 * struct set_up - kvm_arch_async_page_not_present() is under way
 * @vcpu: its first argument
 * @work: its second
 * @since: when it began, a stamp
 */
struct set_up {
	struct kvm_vcpu *vcpu;
	const struct kvm_async_pf *work;
	u64 since;
};

static int not_present_enter(struct kretprobe_instance *instance,
			     struct pt_regs *regs)
{
	struct set_up *set_up = (void *)instance->data;

	if (!kvmfault_extra_is_armed(&probes[CLEAR]) ||
	    !kvmfault_extra_is_armed(&probes[PRESENT]))
		return 1;
	set_up->vcpu = (struct kvm_vcpu *)regs->di;
	set_up->work = (const struct kvm_async_pf *)regs->si;
	set_up->since = kvmfault_clock();
	return 0;
}

/* It returns a bool, and the worker does not know of it yet. */
static int not_present_leave(struct kretprobe_instance *instance,
			     struct pt_regs *regs)
{
	const struct set_up *set_up = (void *)instance->data;

	hit(NOT_PRESENT, kvmfault_async_set_up(set_up->vcpu, set_up->work,
					       set_up->since, (u8)regs->ax));
	return 0;
}

static int at_ready(struct kprobe *kprobe, struct pt_regs *regs)
{
	const struct kvm_async_pf *work = (const struct kvm_async_pf *)regs->si;

	if (!work->wakeup_all)
		hit(READY,
		    kvmfault_async_prefetch((struct kvm_vcpu *)regs->di,
					    work->arch.token));
	return 0;
}

/* A guest that begins to listen is told once, of nothing. */
static int at_present(struct kprobe *kprobe, struct pt_regs *regs)
{
	const struct kvm_async_pf *work = (const struct kvm_async_pf *)regs->si;

	if (!work->wakeup_all)
		hit(PRESENT, kvmfault_async_ready((struct kvm_vcpu *)regs->di,
						  work));
	return 0;
}

static int at_clear(struct kprobe *kprobe, struct pt_regs *regs)
{
	hit(CLEAR, kvmfault_async_cancel((struct kvm_vcpu *)regs->di));
	return 0;
}

/* Before it sets one up for a page KVM looks whether there is one already. */
static int at_find(struct kprobe *kprobe, struct pt_regs *regs)
{
	hit(FIND, kvmfault_async_repeat((struct kvm_vcpu *)regs->di,
					(u64)regs->si << PAGE_SHIFT));
	return 0;
}

/**
 * struct fetch - a worker fetches a page
 * @vcpu: for this vCPU, which is only compared
 * @work: KVM's record, likewise
 * @since: when that was set up, a stamp
 */
struct fetch {
	struct kvm_vcpu *vcpu;
	const struct kvm_async_pf *work;
	u64 since;
};

static int execute_enter(struct kretprobe_instance *instance,
			 struct pt_regs *regs)
{
	const struct work_struct *work = (const struct work_struct *)regs->di;
	struct fetch *fetch = (void *)instance->data;

	fetch->work = container_of(work, struct kvm_async_pf, work);
	fetch->vcpu = fetch->work->vcpu;
	fetch->since = kvmfault_async_since(fetch->vcpu, fetch->work);
	return !fetch->since;
}

static int execute_leave(struct kretprobe_instance *instance,
			 struct pt_regs *regs)
{
	const struct fetch *fetch = (void *)instance->data;

	hit(EXECUTE, kvmfault_async_came(fetch->vcpu, fetch->work,
					 fetch->since));
	return 0;
}

static struct kvmfault_extra probes[POINTS] = {
	[CLEAR] = {
		.name = "kvm_clear_async_pf_completion_queue",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_clear_async_pf_completion_queue" },
		.what = "asynchronous page faults are not counted",
		.at = at_clear,
	},
	[PRESENT] = {
		.name = "kvm_arch_async_page_present",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_arch_async_page_present" },
		.what = "asynchronous page faults are not counted",
		.at = at_present,
	},
	[NOT_PRESENT] = {
		.name = "kvm_arch_async_page_not_present",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_arch_async_page_not_present" },
		.what = "asynchronous page faults are not counted",
		.in_flight = 4,
		.enter = not_present_enter,
		.leave = not_present_leave,
		.data_size = sizeof(struct set_up),
	},
	[READY] = {
		.name = "kvm_arch_async_page_ready",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_arch_async_page_ready" },
		.what = "prefetches are not linked with what they are for",
		.at = at_ready,
	},
	[FIND] = {
		.name = "kvm_find_async_pf_gfn",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_find_async_pf_gfn" },
		.what = "faults at pages that are outstanding are not counted",
		.at = at_find,
	},
	/* Workers sleep in it, perhaps more of them: see the head of async.c. */
	[EXECUTE] = {
		.name = "async_pf_execute",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "async_pf_execute" },
		.what = "pages count as completed only when they are ready",
		.instances = 255,
		.enter = execute_enter,
		.leave = execute_leave,
		.data_size = sizeof(struct fetch),
	},
};

static struct kvmfault_extras extras = {
	.probes = probes,
	.nr = POINTS,
};

/**
 * kvmfault_async_probe_init() - look for asynchronous page faults
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_async_probe_init(void)
{
	return kvmfault_extra_arm(&extras);
}

/**
 * kvmfault_async_probe_exit() - look no more
 */
void kvmfault_async_probe_exit(void)
{
	kvmfault_extra_disarm(&extras);
}
