/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Asynchronous page faults: pages that the host fetches while the vCPU does
 * something else
 */
#ifndef KVMFAULT_ASYNC_H
#define KVMFAULT_ASYNC_H

#include <linux/llist.h>
#include <linux/seqlock.h>
#include <linux/types.h>

#include "decode.h"
#include "histogram.h"
#include "pending.h"

struct kvm_async_pf;
struct kvm_vcpu;
struct kvmfault_call;
struct kvmfault_fault;
struct kvmfault_vcpu;
struct kvmfault_vm;

/**
 * struct kvmfault_async_counts - of those that are over
 * @delivered: how many the guest was told of when they were set up
 * @completed: of how many of the cancelled ones the host had the page
 * @cancelled: how many were given up
 * @repeated: faults at pages that were outstanding already
 * @sum_ns: the time from set-up to ready, all together
 * @max_ns: the longest
 * @bucket: how many became ready after how long; their sum is the count
 */
struct kvmfault_async_counts {
	u64 delivered;
	u64 completed;
	u64 cancelled;
	u64 repeated;
	u64 sum_ns;
	u64 max_ns;
	u64 bucket[KVMFAULT_HIST_BUCKETS];
};

/**
 * struct kvmfault_async - of a vCPU that has had any
 * @unused: among those that can be taken
 * @seq: odd while the vCPU's thread writes
 * @epoch: the epoch of the counts, see account.c
 * @token: KVM's name of the one that was set up last
 * @token_at: when, a stamp
 * @prefetching: the name of the one whose page KVM is mapping, or 0
 * @counts: of those that are over
 * @pending: of those that are not
 *
 * Written by whoever holds the vCPU, but for what pending.h calls @came.
 */
struct kvmfault_async {
	struct llist_node unused;
	seqcount_t seq;
	unsigned int epoch;
	u32 token;
	u32 prefetching;
	u64 token_at;
	struct kvmfault_async_counts counts;
	struct kvmfault_pending pending;
};

/**
 * struct kvmfault_async_row - the asynchronous page faults of a vCPU as readers
 *	see them
 * @vcpu: the number its VMM gave it; of no meaning for vm 0
 * @set_up: @ready, @cancelled and @outstanding together
 * @delivered: how many of these the guest was told of
 * @halted: and for how many the vCPU was halted
 * @completed: for how many the host has the page
 * @ready: for how many KVM has taken note of that and told the guest
 * @cancelled: how many were given up, with the vCPU or because the guest said so
 * @repeated: faults at pages that were outstanding already
 * @outstanding: how many are
 * @oldest_ns: for how long the oldest of them is; 0 if there is none
 * @counts: the rest
 */
struct kvmfault_async_row {
	unsigned int vcpu;
	u64 set_up;
	u64 delivered;
	u64 halted;
	u64 completed;
	u64 ready;
	u64 cancelled;
	u64 repeated;
	u64 outstanding;
	u64 oldest_ns;
	struct kvmfault_async_counts counts;
};

int kvmfault_async_init(void);
void kvmfault_async_exit(void);

/* In async_probe.c. */
int kvmfault_async_probe_init(void);
void kvmfault_async_probe_exit(void);

/* In handlers, with preemption off, on behalf of whoever holds the vCPU. */
bool kvmfault_async_set_up(struct kvm_vcpu *kvm_vcpu,
			   const struct kvm_async_pf *work, u64 since,
			   bool delivered);
bool kvmfault_async_ready(struct kvm_vcpu *kvm_vcpu,
			  const struct kvm_async_pf *work);
bool kvmfault_async_cancel(struct kvm_vcpu *kvm_vcpu);
bool kvmfault_async_repeat(struct kvm_vcpu *kvm_vcpu, u64 gpa);
bool kvmfault_async_prefetch(struct kvm_vcpu *kvm_vcpu, u32 token);
bool kvmfault_async_awaits(const struct kvmfault_vcpu *vcpu, u64 gpa);
bool kvmfault_async_begun(const struct kvmfault_call *call);
u32 kvmfault_async_token(const struct kvmfault_fault *fault,
			 const struct kvmfault_vcpu *vcpu);

/* In handlers, with preemption off, in KVM's worker. */
u64 kvmfault_async_since(struct kvm_vcpu *kvm_vcpu,
			 const struct kvm_async_pf *work);
bool kvmfault_async_came(struct kvm_vcpu *kvm_vcpu,
			 const struct kvm_async_pf *work, u64 since);

/* Under kvmfault_settle_lock. */
void kvmfault_async_settle(void);
void kvmfault_async_bury(const struct kvmfault_vm *vm);
bool kvmfault_async_oldest(struct kvmfault_pending_one *oldest,
			   enum kvmfault_class *class,
			   const struct kvmfault_vcpu *vcpu);
const struct kvmfault_vcpu **kvmfault_async_vcpus(const struct kvmfault_vm *vm,
						  unsigned int *nr);
bool kvmfault_async_row(struct kvmfault_async_row *row,
			const struct kvmfault_vcpu *vcpu);
bool kvmfault_async_row_gone(struct kvmfault_async_row *row);

/* When nobody looks at the vCPU any more. */
void kvmfault_async_recycle(struct kvmfault_vcpu *vcpu);

/* Anywhere. */
u64 kvmfault_async_lost(void);
size_t kvmfault_async_bytes(void);

#endif /* KVMFAULT_ASYNC_H */
