/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-CPU buffers: where faults are counted
 */
#ifndef KVMFAULT_ACCOUNT_H
#define KVMFAULT_ACCOUNT_H

#include <linux/types.h>

#include "fault.h"
#include "vm.h"

/**
 * enum kvmfault_loss - why a call that a probe saw is in no count
 * @KVMFAULT_LOSS_VM: no object was ready for a new VM or vCPU
 * @KVMFAULT_LOSS_SLOT: more VMs ran on the CPU than its buffer has slots
 * @KVMFAULT_LOSS_BUFFER: there was no memory when the CPU came up
 * @KVMFAULT_LOSSES: how many there are
 */
enum kvmfault_loss {
	KVMFAULT_LOSS_VM,
	KVMFAULT_LOSS_SLOT,
	KVMFAULT_LOSS_BUFFER,
	KVMFAULT_LOSSES
};

struct kvmfault_buffer;
struct kvmfault_digest;
struct kvmfault_stage_totals;

int kvmfault_account_init(unsigned int slots);
void kvmfault_account_exit(void);
void kvmfault_account_review(void);

/* In any context. */
void kvmfault_account_unseat(const struct kvmfault_vm *vm);

/* In handlers, with preemption off. */
void kvmfault_account_hit(enum kvmfault_point_id point);
void kvmfault_account_retire(void);

/* Under kvmfault_settle_lock. */
void kvmfault_account_settle(void);
bool kvmfault_account_collect(struct kvmfault_vm *vm);
void kvmfault_account_fold(struct kvmfault_counts *counts,
			   const struct kvmfault_vm *vm);
void kvmfault_account_hot(struct kvmfault_digest *digest,
			  const struct kvmfault_vm *vm);
void kvmfault_account_stages(struct kvmfault_stage_totals *totals,
			     const struct kvmfault_vm *vm);
void kvmfault_account_merge(struct kvmfault_counts *to,
			    const struct kvmfault_counts *from);
bool kvmfault_account_epoch(unsigned int of);

/* In process context. */
void kvmfault_account_reset(struct kvmfault_counts *counts);
void kvmfault_account_untold(const struct kvmfault_counts *counts);
void kvmfault_account_each_buffer(void (*visit)(unsigned int cpu,
						struct kvmfault_buffer *buffer));

/* Anywhere. */
void kvmfault_account_clear(struct kvmfault_counts *counts);
unsigned int kvmfault_account_resets(void);
unsigned int kvmfault_account_slots(void);
u64 kvmfault_account_hits(enum kvmfault_point_id point);
u64 kvmfault_account_lost(enum kvmfault_point_id point,
			  enum kvmfault_loss loss);
size_t kvmfault_account_bytes(void);

#endif /* KVMFAULT_ACCOUNT_H */
