/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kretprobes, as kernels differ in them
 */
#ifndef KVMFAULT_COMPAT_KPROBES_H
#define KVMFAULT_COMPAT_KPROBES_H

#include <linux/cpumask.h>
#include <linux/kprobes.h>
#include <linux/log2.h>

#include <compat/config.h>

#ifndef HAVE_GET_KRETPROBE
static inline struct kretprobe *get_kretprobe(struct kretprobe_instance *ri)
{
#ifdef CONFIG_KRETPROBES
	return ri->rp;
#else
	return NULL;
#endif
}
#endif

/*
 * What the kernel allocates for a registered kretprobe: its instances and,
 * where they come from an object pool, a ring for each CPU that could hold all
 * of them.
 */
static inline size_t kvmfault_kretprobe_bytes(const struct kretprobe *rp)
{
	size_t bytes = rp->maxactive *
		       (sizeof(struct kretprobe_instance) + rp->data_size);

#ifdef HAVE_OBJPOOL
	bytes += (size_t)num_possible_cpus() * sizeof(void *) *
		 roundup_pow_of_two(rp->maxactive + 1);
#endif
	return bytes;
}

#endif /* KVMFAULT_COMPAT_KPROBES_H */
