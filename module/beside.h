/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What slots keep beside their counts, while somebody wants it
 */
#ifndef KVMFAULT_BESIDE_H
#define KVMFAULT_BESIDE_H

#include <linux/types.h>

struct kvmfault_buffer;
struct kvmfault_slot;

/**
 * enum kvmfault_beside - what it is
 * @KVMFAULT_BESIDE_HOT: struct kvmfault_hot
 * @KVMFAULT_BESIDE_STAGES: struct kvmfault_stages
 * @KVMFAULT_BESIDES: how many there are
 */
enum kvmfault_beside {
	KVMFAULT_BESIDE_HOT,
	KVMFAULT_BESIDE_STAGES,
	KVMFAULT_BESIDES
};

/* In handlers, of a slot of this CPU. */
void *kvmfault_beside_here(enum kvmfault_beside beside);

/* In process context. */
int kvmfault_beside_alloc(enum kvmfault_beside beside);
void kvmfault_beside_free(enum kvmfault_beside beside);

/* Under kvmfault_settle_lock. */
void kvmfault_beside_attach(enum kvmfault_beside beside, bool attach);

/* When a CPU comes. */
void kvmfault_beside_online(unsigned int cpu, struct kvmfault_buffer *buffer);

/* Anywhere. */
size_t kvmfault_beside_bytes(enum kvmfault_beside beside);

#endif /* KVMFAULT_BESIDE_H */
