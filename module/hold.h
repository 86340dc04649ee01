/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Looking into a VM from outside: its file, held for a moment
 */
#ifndef KVMFAULT_HOLD_H
#define KVMFAULT_HOLD_H

#include <linux/types.h>

struct file;
struct kvm;

/**
 * struct kvmfault_hold - a VM that lives until it is released
 * @kvm: the VM
 * @file: what keeps it alive
 */
struct kvmfault_hold {
	struct kvm *kvm;
	struct file *file;
};

/* In process context, outside of kvmfault_settle_lock. */
int kvmfault_hold(struct kvmfault_hold *hold, u64 id);
void kvmfault_release(struct kvmfault_hold *hold);
const char *kvmfault_hold_why(int error);

#endif /* KVMFAULT_HOLD_H */
