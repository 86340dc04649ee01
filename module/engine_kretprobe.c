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

#include "probe.h"
#include "way.h"

static __always_inline int enter(struct kretprobe_instance *instance,
				 const struct pt_regs *regs,
				 enum kvmfault_point_id point)
{
	struct kvmfault_fault *fault = (void *)instance->data;
	const struct kvmfault_args args = {
		.arg = { regs->di, regs->si, regs->dx, regs->cx },
	};

	if (!kvmfault_fault_read(fault, point, &args))
		return 1;

	kvmfault_fault_start(fault);
	return 0;
}

/* A handler for each point: none has to find out where it is. */
#define DEFINE_ENTER(name, point)					\
static notrace int name(struct kretprobe_instance *instance,		\
			struct pt_regs *regs)				\
{									\
	return enter(instance, regs, point);				\
}

DEFINE_ENTER(enter_violation, KVMFAULT_POINT_VIOLATION)
DEFINE_ENTER(enter_misconfig, KVMFAULT_POINT_MISCONFIG)
DEFINE_ENTER(enter_npf, KVMFAULT_POINT_NPF)
DEFINE_ENTER(enter_tdp, KVMFAULT_POINT_TDP)
DEFINE_ENTER(enter_destroy, KVMFAULT_POINT_DESTROY)
DEFINE_ENTER(enter_witness, KVMFAULT_POINT_WITNESS)

static const kretprobe_handler_t enters[KVMFAULT_POINTS] = {
	[KVMFAULT_POINT_VIOLATION] = enter_violation,
	[KVMFAULT_POINT_MISCONFIG] = enter_misconfig,
	[KVMFAULT_POINT_NPF] = enter_npf,
	[KVMFAULT_POINT_TDP] = enter_tdp,
	[KVMFAULT_POINT_DESTROY] = enter_destroy,
	[KVMFAULT_POINT_WITNESS] = enter_witness,
};

static notrace int leave_exit(struct kretprobe_instance *instance,
			      struct pt_regs *regs)
{
	kvmfault_fault_finish_exit((void *)instance->data,
				   regs_return_value(regs));
	return 0;
}

static notrace int leave_tdp(struct kretprobe_instance *instance,
			     struct pt_regs *regs)
{
	kvmfault_fault_finish_tdp((void *)instance->data,
				  regs_return_value(regs));
	return 0;
}

static int arm(struct kvmfault_point *point)
{
	struct kretprobe *kretprobe = &point->kretprobe;

	/* What an earlier life has left in it would be refused with EINVAL. */
	memset(kretprobe, 0, sizeof(*kretprobe));
	kretprobe->kp.symbol_name = point->where;
	kretprobe->entry_handler = enters[point->id];
	kretprobe->handler = point->id == KVMFAULT_POINT_TDP ? leave_tdp :
								leave_exit;
	kretprobe->maxactive = kvmfault_point_maxactive(point);
	kretprobe->data_size = sizeof(struct kvmfault_fault);
	return register_kretprobe(kretprobe);
}

static void disarm(struct kvmfault_point *point)
{
	unregister_kretprobe(&point->kretprobe);
}

static u64 missed(const struct kvmfault_point *point)
{
	return point->kretprobe.nmissed + point->kretprobe.kp.nmissed;
}

static size_t bytes(const struct kvmfault_point *point)
{
	return kvmfault_kretprobe_bytes(&point->kretprobe);
}

const struct kvmfault_engine kvmfault_engine_kretprobe = {
	.name = "kretprobe",
	.arm = arm,
	.disarm = disarm,
	.missed = missed,
	.bytes = bytes,
};
