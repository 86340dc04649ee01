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

static int enter(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct kretprobe *kretprobe = get_kretprobe(instance);
	struct kvmfault_fault *fault = (void *)instance->data;
	const struct kvmfault_args args = {
		.arg = { regs->di, regs->si, regs->dx, regs->cx },
	};
	struct kvmfault_point *point;

	/* Being removed: the call is over for us before it began. */
	if (!kretprobe)
		return 1;

	point = container_of(kretprobe, struct kvmfault_point, kretprobe);
	fault->point = kvmfault_point_id(point);
	if (!point->enter(fault, &args))
		return 1;

	kvmfault_fault_start(fault);
	return 0;
}

static int leave(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	kvmfault_fault_finish((void *)instance->data,
			      regs_return_value(regs));
	return 0;
}

static int arm(struct kvmfault_point *point)
{
	struct kretprobe *kretprobe = &point->kretprobe;

	/* What an earlier life has left in it would be refused with EINVAL. */
	memset(kretprobe, 0, sizeof(*kretprobe));
	kretprobe->kp.symbol_name = point->where;
	kretprobe->entry_handler = enter;
	kretprobe->handler = leave;
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
