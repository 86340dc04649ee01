/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Settling: what handlers leave behind is put in order in process context
 */
#ifndef KVMFAULT_SETTLE_H
#define KVMFAULT_SETTLE_H

#include <linux/mutex.h>

/*
 * Protects the list of VMs, their totals, and the folding of slots into them.
 * Taken by the settling work and by readers; never by a handler.
 */
extern struct mutex kvmfault_settle_lock;

int kvmfault_settle_init(void);
void kvmfault_settle_exit(void);

/* In handlers. */
void kvmfault_settle_kick(void);
void kvmfault_settle_kick_lazily(void);
void kvmfault_settle_kick_later(void);

/* In process context. */
void kvmfault_settle_soon(void);
void kvmfault_settle_begin(void);
void kvmfault_settle_end(void);

#endif /* KVMFAULT_SETTLE_H */
