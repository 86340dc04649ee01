/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The registry of VMs and their vCPUs: birth, death, reuse
 */
#ifndef KVMFAULT_VM_H
#define KVMFAULT_VM_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "abi.h"
#include "combo.h"
#include "decode.h"
#include "histogram.h"

struct kvm;
struct kvm_vcpu;

/**
 * struct kvmfault_total - one class of one VM, over all CPUs
 * @sum_ns: all durations together
 * @min_ns: the shortest, if there is any
 * @max_ns: the longest
 * @userspace: how many went on to the VMM
 * @failed: how many ended in an error
 * @bucket: how many were how long; their sum is the count, and there is no other
 */
struct kvmfault_total {
	u64 sum_ns;
	u64 min_ns;
	u64 max_ns;
	u64 userspace;
	u64 failed;
	u64 bucket[KVMFAULT_HIST_BUCKETS];
};

/**
 * struct kvmfault_counts - what is counted of a VM
 * @total: by class
 * @combo: tdp by access, cause, outcome and level
 * @nr_combos: how many of these are in use
 */
struct kvmfault_counts {
	struct kvmfault_total total[KVMFAULT_CLASSES];
	struct kvmfault_combo combo[KVMFAULT_COMBOS_VM];
	unsigned int nr_combos;
};

/**
 * struct kvmfault_vm - a VM that has faulted
 * @hash: in the chain of its struct kvm
 * @inbox: among the newborn, then among the dead, that settling takes up
 * @list: among all VMs, by number; kvmfault_settle_lock
 * @rcu: to give it back after the last look
 * @kvm: its address, only ever compared
 * @id: our number, from 1
 * @pid: of the process that runs it
 * @comm: the name of that process
 * @dead: set once, before the address can be used again
 * @nr_vcpus: how many of its vCPUs have faulted
 * @vcpus: chain of these vCPUs
 * @slots: chain of the per-CPU slots that hold counts of it
 * @counts: what was folded so far; kvmfault_settle_lock
 */
struct kvmfault_vm {
	struct llist_node hash;
	struct llist_node inbox;
	struct list_head list;
	struct rcu_head rcu;
	struct kvm *kvm;
	u64 id;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	bool dead;
	atomic_t nr_vcpus;
	struct llist_head vcpus;
	struct llist_head slots;
	struct kvmfault_counts counts;
};

/**
 * struct kvmfault_exit - what a vCPU's exit and the tdp call in it tell each other
 * @open: the exit is under way
 * @called: the call was made
 * @access: what the guest wanted
 * @cause: why that faulted
 * @level: the mapping made
 * @gva: what the guest accessed
 * @rip: where it did
 * @pfn: the host's frame
 */
struct kvmfault_exit {
	bool open;
	bool called;
	enum kvmfault_access access;
	enum kvmfault_cause cause;
	enum kvmfault_level level;
	u64 gva;
	u64 rip;
	u64 pfn;
};

/**
 * struct kvmfault_vcpu - a vCPU that has faulted
 * @hash: in the chain of its struct kvm_vcpu
 * @sibling: among the vCPUs of its VM
 * @kvm_vcpu: its address, only ever compared
 * @vm: the VM it is part of
 * @id: the number its VMM gave it
 * @count: its faults by class
 * @rets: the first return values of its tdp, the one that means retry included
 * @max_ns: its longest fault of any class
 * @epoch: the epoch of all these, see account.c
 * @tdp_start: the stamp of its last tdp, while recognise.c needs it
 * @tdp_ret: what that returned
 * @exit: its exit under way, while the trace event is on
 *
 * A vCPU runs on one CPU at a time, so the counts have one writer. They have
 * cache lines of their own.
 */
struct kvmfault_vcpu {
	struct llist_node hash;
	struct llist_node sibling;
	struct kvm_vcpu *kvm_vcpu;
	struct kvmfault_vm *vm;
	int id;
	u64 count[KVMFAULT_CLASSES];
	u64 rets[KVMFAULT_RETRY_RETS];
	u64 max_ns;
	unsigned int epoch;
	u64 tdp_start;
	long tdp_ret;
	struct kvmfault_exit exit;
} ____cacheline_aligned;

/* vm 0: all VMs that are gone. */
extern struct kvmfault_vm kvmfault_vm_gone;
/* All others that are settled, by number; kvmfault_settle_lock. */
extern struct list_head kvmfault_vms;

int kvmfault_vm_init(unsigned int max_vms);
void kvmfault_vm_exit(void);

/* In handlers, with preemption off. */
struct kvmfault_vcpu *kvmfault_vcpu_get(struct kvm_vcpu *kvm_vcpu);
void kvmfault_vm_died(struct kvm *kvm);

/* How many VMs have died. */
extern atomic_t kvmfault_deaths;

/**
 * kvmfault_vm_deaths() - how often an address has lost its meaning
 *
 * What was looked up by address is stale once this has changed.
 */
static inline unsigned int kvmfault_vm_deaths(void)
{
	return atomic_read(&kvmfault_deaths);
}

/* In process context. */
void kvmfault_vm_all_died(void);
void kvmfault_vm_look_again(void);
unsigned int kvmfault_vm_generation(void);
void kvmfault_vm_changed(void);
void kvmfault_vm_settle(void);
size_t kvmfault_vm_bytes(void);
unsigned int kvmfault_vm_max(void);
u64 kvmfault_vm_nr_gone(void);

#endif /* KVMFAULT_VM_H */
