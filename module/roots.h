/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Root loads: how often vCPUs had their page tables' roots made ready
 */
#ifndef KVMFAULT_ROOTS_H
#define KVMFAULT_ROOTS_H

#include <linux/types.h>

struct kvmfault_vm;

/* In process context, under kvmfault_settle_lock. */
u64 kvmfault_roots_loads(const struct kvmfault_vm *vm);

/* In process context. */
int kvmfault_roots_init(void);
void kvmfault_roots_exit(void);

#endif /* KVMFAULT_ROOTS_H */
