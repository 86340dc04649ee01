/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory that kvmfault takes
 */
#ifndef KVMFAULT_MEMORY_H
#define KVMFAULT_MEMORY_H

#include <linux/types.h>

/**
 * struct kvmfault_memory - bytes
 * @buffers: where CPUs count
 * @vms: records of VMs and vCPUs
 * @probes: what the kernel keeps for the probes, and their hits
 * @async: asynchronous page faults
 * @recent: the last faults of each CPU, 0 while they are not kept
 * @hot: addresses that fault most, likewise
 * @stages: stages of tdp calls, likewise
 */
struct kvmfault_memory {
	size_t buffers;
	size_t vms;
	size_t probes;
	size_t async;
	size_t recent;
	size_t hot;
	size_t stages;
};

/* In process context. */
void kvmfault_memory_read(struct kvmfault_memory *memory);

#endif /* KVMFAULT_MEMORY_H */
