/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The addresses of each VM that fault most, while somebody wants to know
 */
#ifndef KVMFAULT_HOT_H
#define KVMFAULT_HOT_H

#include <linux/seqlock.h>
#include <linux/types.h>

#include "sketch.h"

struct kvmfault_buffer;
struct kvmfault_detail;
struct kvmfault_fault;
struct kvmfault_slot;
struct kvmfault_vm;

/**
 * struct kvmfault_hot - what a slot has seen
 * @seq: odd while the slot's CPU writes
 * @sketch: the addresses
 */
struct kvmfault_hot {
	seqcount_t seq;
	struct kvmfault_sketch sketch;
} ____cacheline_aligned;

extern struct kvmfault_detail kvmfault_hot_detail;

/* In handlers, with preemption off, while it is on. */
void kvmfault_hot_count(const struct kvmfault_fault *fault);

/* Under kvmfault_settle_lock. */
void kvmfault_hot_settle(struct kvmfault_slot *slot, struct kvmfault_vm *vm);
void kvmfault_hot_forget(struct kvmfault_vm *vm);
void kvmfault_hot_begin(struct kvmfault_digest *digest,
			const struct kvmfault_vm *vm);
void kvmfault_hot_fold(struct kvmfault_digest *digest,
		       const struct kvmfault_slot *slot);

/* Anywhere. */
size_t kvmfault_hot_bytes(void);

#endif /* KVMFAULT_HOT_H */
