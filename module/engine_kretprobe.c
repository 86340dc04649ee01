// SPDX-License-Identifier: GPL-2.0
/*
 * The kretprobe engine: works on every kernel that has kretprobes
 *
 * Each call under way holds an instance, with our record in it. A call that
 * finds no instance left is not seen, and the kernel counts it.
 */
#include <linux/kprobes.h>
#include <linux/string.h>

#include <compat/kprobes.h>

#include "calls.h"
#include "handover.h"
#include "kretprobe.h"
#include "probe.h"
#include "way.h"
#include "withdraw.h"

static DEFINE_PER_CPU(struct kvmfault_calls, calls[KVMFAULT_POINTS]);

static atomic64_t missed_last[KVMFAULT_POINTS];

static __always_inline int enter(struct kretprobe_instance *instance,
				 const struct pt_regs *regs,
				 enum kvmfault_point_id point)
{
	struct kvmfault_fault *fault = (void *)instance->data;
	const struct kvmfault_args args = {
		.arg = { regs->di, regs->si, regs->dx, regs->cx },
	};

	if (!kvmfault_way_read(&fault->call, point, &args))
		return 1;

	__this_cpu_inc(calls[point].entered);
	kvmfault_way_start(&fault->call, fault, point);
	return 0;
}

static __always_inline int leave(struct kretprobe_instance *instance,
				 const struct pt_regs *regs,
				 enum kvmfault_point_id point)
{
	struct kvmfault_fault *fault = (void *)instance->data;

	if (!kvmfault_handover_counted(point, fault->call.start, regs->dx))
		kvmfault_way_finish(&fault->call, fault, point, regs->ax);
	/* On the way back, whoever counts it, the call is over. */
	__this_cpu_inc(calls[point].left);
	return 0;
}

/* Handlers for each point: none has to find out where it is. */
#define DEFINE_HANDLERS(name, point)					\
static notrace int enter_##name(struct kretprobe_instance *instance,	\
				struct pt_regs *regs)			\
{									\
	return enter(instance, regs, point);				\
}									\
									\
static notrace int leave_##name(struct kretprobe_instance *instance,	\
				struct pt_regs *regs)			\
{									\
	return leave(instance, regs, point);				\
}

DEFINE_HANDLERS(violation, KVMFAULT_POINT_VIOLATION)
DEFINE_HANDLERS(misconfig, KVMFAULT_POINT_MISCONFIG)
DEFINE_HANDLERS(npf, KVMFAULT_POINT_NPF)
DEFINE_HANDLERS(tdp, KVMFAULT_POINT_TDP)
DEFINE_HANDLERS(paging64, KVMFAULT_POINT_PAGING64)
DEFINE_HANDLERS(paging32, KVMFAULT_POINT_PAGING32)
DEFINE_HANDLERS(nonpaging, KVMFAULT_POINT_NONPAGING)
DEFINE_HANDLERS(ept, KVMFAULT_POINT_EPT)
DEFINE_HANDLERS(kick, KVMFAULT_POINT_KICK)

/* Calls that are no faults: their return is of no interest. */
static notrace int enter_destroy(struct kretprobe_instance *instance,
				 struct pt_regs *regs)
{
	return enter(instance, regs, KVMFAULT_POINT_DESTROY);
}

static notrace int enter_witness(struct kretprobe_instance *instance,
				 struct pt_regs *regs)
{
	return enter(instance, regs, KVMFAULT_POINT_WITNESS);
}

static const struct {
	kretprobe_handler_t enter;
	kretprobe_handler_t leave;
} handlers[KVMFAULT_POINTS] = {
	[KVMFAULT_POINT_VIOLATION] = { enter_violation, leave_violation },
	[KVMFAULT_POINT_MISCONFIG] = { enter_misconfig, leave_misconfig },
	[KVMFAULT_POINT_NPF] = { enter_npf, leave_npf },
	[KVMFAULT_POINT_TDP] = { enter_tdp, leave_tdp },
	[KVMFAULT_POINT_PAGING64] = { enter_paging64, leave_paging64 },
	[KVMFAULT_POINT_PAGING32] = { enter_paging32, leave_paging32 },
	[KVMFAULT_POINT_NONPAGING] = { enter_nonpaging, leave_nonpaging },
	[KVMFAULT_POINT_EPT] = { enter_ept, leave_ept },
	[KVMFAULT_POINT_DESTROY] = { enter_destroy },
	[KVMFAULT_POINT_KICK] = { enter_kick, leave_kick },
	[KVMFAULT_POINT_WITNESS] = { enter_witness },
};

static bool is_registered(const struct kretprobe *kretprobe)
{
	return kretprobe->kp.addr;
}

static int arm(struct kvmfault_point *point)
{
	struct kretprobe *kretprobe = &point->kretprobe;
	int ret;

	if (is_registered(kretprobe))
		return kvmfault_restore(kretprobe);

	kretprobe->kp.symbol_name = point->where;
	kretprobe->entry_handler = handlers[point->id].enter;
	kretprobe->handler = handlers[point->id].leave;
	kretprobe->maxactive = kvmfault_probe_in_flight(point->in_flight);
	kretprobe->data_size = sizeof(struct kvmfault_fault);
	ret = register_kretprobe(kretprobe);
	/* It may have got as far as the address, which is taken for a probe in place. */
	if (ret)
		memset(kretprobe, 0, sizeof(*kretprobe));
	return ret;
}

static void mute(struct kvmfault_point *point)
{
	int ret = kvmfault_withdraw(&point->kretprobe.kp);

	WARN_ONCE(ret, "kvmfault: a kretprobe cannot be disabled: %d\n", ret);
}

static bool under_way(const struct kvmfault_point *point)
{
	return kvmfault_calls_under_way(&calls[point->id]);
}

/*
 * Handlers run with preemption off, but before them a call may be preempted in
 * ftrace: see the direct engine's, which covers that, too.
 */
static void settle(void)
{
	synchronize_rcu();
}

static u64 missed(const struct kvmfault_point *point)
{
	/* The kernel counts on any CPU, and loses a count where two meet. */
	return kvmfault_kretprobe_missed(&point->kretprobe, &missed_last[point->id]);
}

/* The kernel does not tell of calls that come back after that. */
static void disarm(struct kvmfault_point *point)
{
	kvmfault_withdraw_kretprobe(&point->kretprobe);
}

static u64 forget(struct kvmfault_point *point)
{
	u64 nr = missed(point);

	memset(&point->kretprobe, 0, sizeof(point->kretprobe));
	atomic64_set(&missed_last[point->id], 0);
	kvmfault_calls_forget(&calls[point->id]);
	return nr;
}

static size_t bytes(const struct kvmfault_point *point)
{
	return kvmfault_kretprobe_bytes(&point->kretprobe);
}

const struct kvmfault_engine kvmfault_engine_kretprobe = {
	.name = "kretprobe",
	.arm = arm,
	.mute = mute,
	.under_way = under_way,
	.settle = settle,
	.disarm = disarm,
	.forget = forget,
	.missed = missed,
	.bytes = bytes,
};
