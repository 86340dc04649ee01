/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the time of each VM's tdp calls goes, while somebody wants to know
 */
#ifndef KVMFAULT_STAGES_H
#define KVMFAULT_STAGES_H

#include <linux/seqlock.h>
#include <linux/types.h>

#include "histogram.h"
#include "split.h"

struct kvmfault_buffer;
struct kvmfault_detail;
struct kvmfault_fault;
struct kvmfault_slot;
struct kvmfault_vcpu;
struct kvmfault_vm;

/**
 * struct kvmfault_stage_cell - one stage, or one cause, in one slot
 * @sum_ns: all durations together
 * @max_ns: the longest
 * @bucket: how many were how long
 */
struct kvmfault_stage_cell {
	u64 sum_ns;
	u64 max_ns;
	u32 bucket[KVMFAULT_HIST_BUCKETS];
};

/**
 * struct kvmfault_stage_counts - what a slot has seen
 * @used: anything at all
 * @cell: by stage
 * @host: the slow get_user_pages by cause
 */
struct kvmfault_stage_counts {
	bool used;
	struct kvmfault_stage_cell cell[KVMFAULT_STAGES];
	struct kvmfault_stage_cell host[KVMFAULT_HOST_CAUSES];
};

/**
 * struct kvmfault_stages - the same, to be read meanwhile
 * @seq: odd while the slot's CPU writes
 * @counts: what it has seen
 */
struct kvmfault_stages {
	seqcount_t seq;
	struct kvmfault_stage_counts counts;
} ____cacheline_aligned;

/**
 * struct kvmfault_stage_total - one stage, or one cause, of a VM
 * @sum_ns: all durations together
 * @max_ns: the longest
 * @bucket: how many were how long; their sum is the count
 */
struct kvmfault_stage_total {
	u64 sum_ns;
	u64 max_ns;
	u64 bucket[KVMFAULT_HIST_BUCKETS];
};

/**
 * struct kvmfault_stage_totals - a VM
 * @total: by stage; the sums of those that are part of one add up to its own
 * @host: the slow get_user_pages by cause, which add up to that stage
 */
struct kvmfault_stage_totals {
	struct kvmfault_stage_total total[KVMFAULT_STAGES];
	struct kvmfault_stage_total host[KVMFAULT_HOST_CAUSES];
};

extern struct kvmfault_detail kvmfault_stages_detail;

/* In handlers, with preemption off, while it is on. */
void kvmfault_stages_count(const struct kvmfault_fault *fault,
			   struct kvmfault_vcpu *vcpu, u64 end);

/* Under kvmfault_settle_lock. */
void kvmfault_stages_settle(struct kvmfault_slot *slot, struct kvmfault_vm *vm);
void kvmfault_stages_forget(struct kvmfault_vm *vm);
void kvmfault_stages_inherit(struct kvmfault_vm *vm);
void kvmfault_stages_begin(struct kvmfault_stage_totals *totals,
			   const struct kvmfault_vm *vm);
void kvmfault_stages_fold(struct kvmfault_stage_totals *totals,
			  const struct kvmfault_slot *slot);

/* Anywhere. */
const char *kvmfault_stage_name(enum kvmfault_stage stage);
const char *kvmfault_host_cause_name(enum kvmfault_host cause);
size_t kvmfault_stages_bytes(void);

#endif /* KVMFAULT_STAGES_H */
