/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probes beside the attach points, in place only while somebody wants what they
 * see
 *
 * Their handlers are their owner's, and see calls on their own: no engine, and
 * nothing of the way of a fault. The owner has a table of them, and arms and
 * disarms it as a whole.
 */
#ifndef KVMFAULT_EXTRA_H
#define KVMFAULT_EXTRA_H

#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/types.h>

#include "probe.h"

/**
 * struct kvmfault_extra - a probe on one function
 * @name: what is probed, the same on every kernel, and in no other table
 * @module: the module that has the function; NULL for the kernel itself
 * @builtin: whether that module is part of the kernel itself
 * @vendor: the CPU feature without which it is of no use, or 0
 * @symbols: the function, by the names that kernels and compilers give it, the
 *	best first
 * @what: what is not seen without it, for the log
 * @in_flight: as of struct kvmfault_point: how many calls may be under way at once
 * @instances: the same as a number, where so many are enough on a host of any size;
 *	each of them takes memory for each CPU there may be
 * @enter: the call begins; returns 0 to see its end, too
 * @leave: it ends
 * @at: instead of these two, if only the beginning is of interest
 * @data_size: what the instance of a call holds for them
 * @lost: on each CPU a counter for each reason why the owner could not count a call
 *	that it has seen; NULL if that does not happen, or is told elsewhere
 * @state: protected by the lock of extra.c, as all that follows
 * @starved: it could not be placed for want of memory
 * @symbol: the one in use
 * @where: the same as the kernel looks it up, "module:symbol"
 * @kretprobe: if there is no @at
 * @kprobe: if there is
 * @hits: calls that the owner has counted, see kvmfault_extra_hit()
 * @missed_last: see kvmfault_kretprobe_missed()
 * @missed_before: what earlier probes there have missed since the table was armed
 */
struct kvmfault_extra {
	const char *name;
	const char *module;
	bool builtin;
	unsigned int vendor;
	const char *symbols[4];
	const char *what;
	unsigned int in_flight;
	unsigned int instances;
	kretprobe_handler_t enter;
	kretprobe_handler_t leave;
	kprobe_pre_handler_t at;
	size_t data_size;
	u64 __percpu *lost;

	enum kvmfault_probe_state state;
	bool starved;
	const char *symbol;
	char where[64];
	struct kretprobe kretprobe;
	struct kprobe kprobe;
	u64 __percpu *hits;
	atomic64_t missed_last;
	u64 missed_before;
};

/**
 * struct kvmfault_extras - a table of them
 * @probes: the table
 * @nr: how many there are
 * @list: among all tables that are armed; of extra.c
 */
struct kvmfault_extras {
	struct kvmfault_extra *probes;
	unsigned int nr;
	struct list_head list;
};

/* Of a function of KVM, which may be part of the kernel. */
#define KVMFAULT_EXTRA_IN_KVM	\
	.module = "kvm", .builtin = IS_BUILTIN(CONFIG_KVM)

/* In process context. */
int kvmfault_extra_arm(struct kvmfault_extras *extras);
void kvmfault_extra_disarm(struct kvmfault_extras *extras);
bool kvmfault_extra_row(unsigned int index, struct kvmfault_probe_row *row);
bool kvmfault_extra_named(const char *name, struct kvmfault_probe_row *row);
void kvmfault_extra_missed(struct kvmfault_missed *missed);
size_t kvmfault_extra_bytes(void);

/* When a module comes or goes. */
void kvmfault_extra_coming(const char *module);
void kvmfault_extra_review(void);
void kvmfault_extra_going(const char *module);

/**
 * kvmfault_extra_is_armed() - is a probe in place?
 * @extra: the probe
 */
static inline bool kvmfault_extra_is_armed(const struct kvmfault_extra *extra)
{
	return READ_ONCE(extra->state) == KVMFAULT_PROBE_ARMED;
}

/**
 * kvmfault_extra_hit() - count a call, in a handler
 * @extra: where
 */
static __always_inline void kvmfault_extra_hit(struct kvmfault_extra *extra)
{
	__this_cpu_inc(*extra->hits);
}

#endif /* KVMFAULT_EXTRA_H */
