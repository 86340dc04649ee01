/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last faults of each CPU, while somebody wants to know
 */
#ifndef KVMFAULT_RECENT_H
#define KVMFAULT_RECENT_H

#include <linux/sched.h>
#include <linux/types.h>

#include "abi.h"
#include "address.h"
#include "decode.h"

struct kvmfault_detail;
struct kvmfault_fault;
struct kvmfault_vcpu;

/**
 * struct kvmfault_recent_row - a fault
 * @time_ns: when it began, by the monotonic clock
 * @duration_ns: how long it took
 * @vm: the number of the VM
 * @address: where it was
 * @ret: the index of what a tdp call returned, and
 * @outcome: what that means
 * @epoch: of the counts that it is in
 * @vcpu: the number its VMM gave the vCPU
 * @pid: the process that runs the VM
 * @cpu: where it ended
 * @class: what it counts as
 * @end: how an exit ended; not of tdp
 * @access: what the guest wanted
 * @cause: why that faulted
 * @level: the mapping made
 * @guest: who ran
 * @comm: the name of the vCPU's thread
 */
struct kvmfault_recent_row {
	u64 time_ns;
	u64 duration_ns;
	u64 vm;
	struct kvmfault_address address;
	unsigned int ret;
	enum kvmfault_outcome outcome;
	unsigned int epoch;
	int vcpu;
	pid_t pid;
	unsigned int cpu;
	enum kvmfault_class class;
	enum kvmfault_end end;
	enum kvmfault_access access;
	enum kvmfault_cause cause;
	enum kvmfault_level level;
	enum kvmfault_guest guest;
	char comm[TASK_COMM_LEN];
};

extern struct kvmfault_detail kvmfault_recent_detail;

/* In handlers, with preemption off, while it is on. */
void kvmfault_recent_add(const struct kvmfault_fault *fault,
			 const struct kvmfault_vcpu *vcpu,
			 const struct kvmfault_address *address);

/* In process context. */
struct kvmfault_recent_row *kvmfault_recent_read(unsigned int *nr);

/* Anywhere. */
size_t kvmfault_recent_bytes(void);

#endif /* KVMFAULT_RECENT_H */
