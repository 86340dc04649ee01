// SPDX-License-Identifier: GPL-2.0
/*
 * Objects of the netlink family
 *
 * Each kind is put into a message by one function, for a reply, a dump and a
 * notification alike.
 */
#include <linux/build_bug.h>

#include <uapi/linux/kvmfault.h>

#include "account.h"
#include "address.h"
#include "alert.h"
#include "async.h"
#include "detail.h"
#include "hot.h"
#include "kvmfault.h"
#include "learn.h"
#include "memory.h"
#include "netlink-gen.h"
#include "netlink_message.h"
#include "netlink_notify.h"
#include "netlink_object.h"
#include "probe.h"
#include "recent.h"
#include "stages.h"
#include "steps.h"
#include "switch.h"
#include "table.h"
#include "watch.h"

ABI_SAME(VIOLATION, FAULT_CLASS_VIOLATION);
ABI_SAME(MISCONFIG, FAULT_CLASS_MISCONFIG);
ABI_SAME(TDP, FAULT_CLASS_TDP);
ABI_SAME(SHADOW, FAULT_CLASS_SHADOW);
ABI_SAME(LOSS_VM, MISSED_REASON_NO_VM);
ABI_SAME(LOSS_SLOT, MISSED_REASON_NO_SLOT);
ABI_SAME(LOSS_BUFFER, MISSED_REASON_NO_BUFFER);
ABI_SAME(LOSSES, MISSED_REASON_UNSEEN);
ABI_SAME(CODES_UNKNOWN, RETURN_CODES_UNKNOWN);
ABI_SAME(CODES_5_10, RETURN_CODES_V5_10);
ABI_SAME(CODES_6_1, RETURN_CODES_V6_1);
ABI_SAME(CODES_6_12, RETURN_CODES_V6_12);
ABI_SAME(ACCESS_UNKNOWN, FAULT_ACCESS_UNKNOWN);
ABI_SAME(READ, FAULT_ACCESS_READ);
ABI_SAME(WRITE, FAULT_ACCESS_WRITE);
ABI_SAME(EXEC, FAULT_ACCESS_EXEC);
ABI_SAME(CAUSE_UNKNOWN, FAULT_CAUSE_UNKNOWN);
ABI_SAME(ABSENT, FAULT_CAUSE_ABSENT);
ABI_SAME(PROTECTED, FAULT_CAUSE_PROTECTED);
ABI_SAME(MMIO, FAULT_CAUSE_MMIO);
ABI_SAME(PREFETCH, FAULT_CAUSE_PREFETCH);
ABI_SAME(FIXED, FAULT_OUTCOME_FIXED);
ABI_SAME(SPURIOUS, FAULT_OUTCOME_SPURIOUS);
ABI_SAME(RETRY, FAULT_OUTCOME_RETRY);
ABI_SAME(EMULATE, FAULT_OUTCOME_EMULATE);
ABI_SAME(WRITE_PROTECTED, FAULT_OUTCOME_WRITE_PROTECTED);
ABI_SAME(INVALID, FAULT_OUTCOME_INVALID);
ABI_SAME(ERROR, FAULT_OUTCOME_ERROR);
ABI_SAME(UNKNOWN, FAULT_OUTCOME_UNKNOWN);
ABI_SAME(INJECTED, FAULT_OUTCOME_INJECTED);
ABI_SAME(LEVEL_UNKNOWN, FAULT_LEVEL_UNKNOWN);
ABI_SAME(4K, FAULT_LEVEL_4K);
ABI_SAME(2M, FAULT_LEVEL_2M);
ABI_SAME(1G, FAULT_LEVEL_1G);
ABI_SAME(L1, FAULT_GUEST_L1);
ABI_SAME(L2, FAULT_GUEST_L2);
ABI_SAME(RESUMED, FAULT_END_RESUMED);
ABI_SAME(USERSPACE, FAULT_END_USERSPACE);
ABI_SAME(FAILED, FAULT_END_FAILED);
ABI_SAME(STAGE_TDP, FAULT_STAGE_TDP);
ABI_SAME(STAGE_FAST, FAULT_STAGE_FAST);
ABI_SAME(STAGE_TOPUP, FAULT_STAGE_TOPUP);
ABI_SAME(STAGE_FAULTIN, FAULT_STAGE_FAULTIN);
ABI_SAME(STAGE_GUP_FAST, FAULT_STAGE_GUP_FAST);
ABI_SAME(STAGE_GUP_SLOW, FAULT_STAGE_GUP_SLOW);
ABI_SAME(STAGE_WAIT, FAULT_STAGE_WAIT);
ABI_SAME(STAGE_HELD, FAULT_STAGE_HELD);
ABI_SAME(STAGE_MAP, FAULT_STAGE_MAP);
ABI_SAME(STAGE_REST, FAULT_STAGE_REST);
ABI_SAME(STAGE_FAULTIN_REST, FAULT_STAGE_FAULTIN_REST);
ABI_SAME(STAGE_HELD_REST, FAULT_STAGE_HELD_REST);
ABI_SAME(HOST_PRESENT, HOST_CAUSE_PRESENT);
ABI_SAME(HOST_MINOR, HOST_CAUSE_MINOR);
ABI_SAME(HOST_HUGE, HOST_CAUSE_HUGE);
ABI_SAME(HOST_MAJOR, HOST_CAUSE_MAJOR);
ABI_SAME(HOST_SWAP, HOST_CAUSE_SWAP);
ABI_SAME(HOST_USERFAULT, HOST_CAUSE_USERFAULT);

static bool put_percentiles(struct sk_buff *skb,
			    const struct kvmfault_total *total)
{
	static const struct {
		int attribute;
		unsigned int permille;
	} wanted[] = {
		{ KVMFAULT_A_TOTAL_P50_NS, 500 },
		{ KVMFAULT_A_TOTAL_P90_NS, 900 },
		{ KVMFAULT_A_TOTAL_P99_NS, 990 },
		{ KVMFAULT_A_TOTAL_P999_NS, 999 },
	};
	unsigned int i;
	u64 ns;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		ns = kvmfault_hist_percentile(total->bucket, total->max_ns,
					      wanted[i].permille);
		if (!put_u64(skb, wanted[i].attribute, ns))
			return false;
	}
	return true;
}

static bool put_ends(struct sk_buff *skb, const struct kvmfault_total *total)
{
	return put_u64(skb, KVMFAULT_A_TOTAL_USERSPACE, total->userspace) &&
	       put_u64(skb, KVMFAULT_A_TOTAL_FAILED, total->failed);
}

static bool put_total(struct sk_buff *skb, int attribute,
		      enum kvmfault_class class,
		      const struct kvmfault_total *total)
{
	u64 count = kvmfault_hist_count(total->bucket);
	struct nlattr *nest = nla_nest_start(skb, attribute);

	return nest &&
	       nest_end(skb, nest,
			put_u32(skb, KVMFAULT_A_TOTAL_CLASS, class) &&
			put_u64(skb, KVMFAULT_A_TOTAL_COUNT, count) &&
			put_u64(skb, KVMFAULT_A_TOTAL_SUM_NS, total->sum_ns) &&
			(!count || put_u64(skb, KVMFAULT_A_TOTAL_MIN_NS,
					   total->min_ns)) &&
			put_u64(skb, KVMFAULT_A_TOTAL_MAX_NS, total->max_ns) &&
			put_percentiles(skb, total) &&
			(!kvmfault_class_is_exit(class) || put_ends(skb, total)));
}

static bool put_totals(struct sk_buff *skb, int attribute,
		       const struct kvmfault_counts *counts)
{
	unsigned int class;

	for (class = 0; class < KVMFAULT_CLASSES; class++)
		if (kvmfault_table_has_class(counts, class) &&
		    !put_total(skb, attribute, class, &counts->total[class]))
			return false;
	return true;
}

static bool put_process(struct sk_buff *skb, const struct kvmfault_vm *vm)
{
	return !vm->id || (put_u32(skb, KVMFAULT_A_VM_PID, vm->pid) &&
			   put_string(skb, KVMFAULT_A_VM_COMM, vm->comm));
}

static bool put_retries(struct sk_buff *skb, int attribute, bool known,
			u64 retries)
{
	return !known || put_u64(skb, attribute, retries);
}

static bool put_counts(struct sk_buff *skb,
		       const struct kvmfault_counts *counts)
{
	u64 retries;
	bool known;

	if (!counts)
		return true;
	known = kvmfault_table_retries(&retries, counts);
	return put_retries(skb, KVMFAULT_A_VM_RETRY, known, retries) &&
	       put_totals(skb, KVMFAULT_A_VM_TOTAL, counts);
}

/**
 * kvmfault_vm_fill() - put a VM into a message
 * @skb: where to
 * @target: whom it is for
 * @vm: the VM
 * @state: what it is to be called
 * @counts: what was counted; NULL for what is known of it at birth
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_vm_fill(struct sk_buff *skb, const struct nl_target *target,
		     const struct kvmfault_vm *vm, enum kvmfault_vm_state state,
		     const struct kvmfault_counts *counts)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_VM_ID, vm->id) &&
			   put_process(skb, vm) &&
			   put_u32(skb, KVMFAULT_A_VM_STATE, state) &&
			   put_u32(skb, KVMFAULT_A_VM_VCPUS,
				   atomic_read(&vm->nr_vcpus)) &&
			   put_counts(skb, counts));
}

static bool put_vcpu_count(struct sk_buff *skb, enum kvmfault_class class,
			   u64 count)
{
	struct nlattr *nest = nla_nest_start(skb, KVMFAULT_A_VCPU_TOTAL);

	return nest && nest_end(skb, nest,
				put_u32(skb, KVMFAULT_A_TOTAL_CLASS, class) &&
				put_u64(skb, KVMFAULT_A_TOTAL_COUNT, count));
}

static bool put_vcpu_counts(struct sk_buff *skb,
			    const struct kvmfault_vcpu_row *row)
{
	unsigned int class;

	for (class = 0; class < KVMFAULT_CLASSES; class++)
		if ((class != KVMFAULT_SHADOW || row->count[class]) &&
		    !put_vcpu_count(skb, class, row->count[class]))
			return false;
	return true;
}

/**
 * kvmfault_vcpu_fill() - put a vCPU into a message
 * @skb: where to
 * @target: whom it is for
 * @vm: the number of its VM
 * @row: the vCPU
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_vcpu_fill(struct sk_buff *skb, const struct nl_target *target,
		       u64 vm, const struct kvmfault_vcpu_row *row)
{
	void *head = message_begin(skb, target);
	u64 retries;
	bool known;

	if (!head)
		return -EMSGSIZE;
	known = kvmfault_table_vcpu_retries(&retries, row);
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_VCPU_VM, vm) &&
			   put_u32(skb, KVMFAULT_A_VCPU_ID, row->id) &&
			   put_retries(skb, KVMFAULT_A_VCPU_RETRY, known,
				       retries) &&
			   put_u64(skb, KVMFAULT_A_VCPU_MAX_NS, row->max_ns) &&
			   put_vcpu_counts(skb, row));
}

/**
 * kvmfault_latency_fill() - put a class of a VM into a message
 * @skb: where to
 * @target: whom it is for
 * @vm: the number of the VM
 * @class: the class
 * @total: what was counted of it
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_latency_fill(struct sk_buff *skb, const struct nl_target *target,
			  u64 vm, enum kvmfault_class class,
			  const struct kvmfault_total *total)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_LATENCY_VM, vm) &&
			   put_total(skb, KVMFAULT_A_LATENCY_TOTAL, class,
				     total));
}

static bool put_bucket(struct sk_buff *skb, int attribute, unsigned int i,
		       u64 count)
{
	u64 from = kvmfault_hist_from(i), to = kvmfault_hist_to(i);
	struct nlattr *nest;

	nest = nla_nest_start(skb, attribute);
	return nest &&
	       nest_end(skb, nest,
			put_u64(skb, KVMFAULT_A_BUCKET_FROM_NS, from) &&
			(to == KVMFAULT_HIST_OPEN ||
			 put_u64(skb, KVMFAULT_A_BUCKET_TO_NS, to)) &&
			put_u64(skb, KVMFAULT_A_BUCKET_COUNT, count));
}

/*
 * As many buckets as there is room for, from @next on, which moves behind the
 * last of them.
 */
static bool put_buckets(struct sk_buff *skb, int attribute, const u64 *bucket,
			unsigned int *next)
{
	bool any = false;

	for (; *next < KVMFAULT_HIST_BUCKETS; (*next)++) {
		if (!bucket[*next])
			continue;
		if (!put_bucket(skb, attribute, *next, bucket[*next]))
			return any;
		any = true;
	}
	return any;
}

/**
 * kvmfault_histogram_fill() - put buckets of a class into a message
 * @skb: where to
 * @target: whom it is for
 * @vm: the number of the VM
 * @class: the class
 * @bucket: all of them
 * @next: the first one to put; moves behind the last for which there was room
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_histogram_fill(struct sk_buff *skb, const struct nl_target *target,
			    u64 vm, enum kvmfault_class class,
			    const u64 *bucket, unsigned int *next)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_HISTOGRAM_VM, vm) &&
			   put_u32(skb, KVMFAULT_A_HISTOGRAM_CLASS, class) &&
			   put_buckets(skb, KVMFAULT_A_HISTOGRAM_BUCKET, bucket,
				       next));
}

/**
 * kvmfault_fault_fill() - put faults of one kind into a message
 * @skb: where to
 * @target: whom it is for
 * @vm: the number of the VM
 * @row: the kind, and how many
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_fault_fill(struct sk_buff *skb, const struct nl_target *target,
			u64 vm, const struct kvmfault_fault_row *row)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_FAULT_VM, vm) &&
			   put_u32(skb, KVMFAULT_A_FAULT_ACCESS, row->access) &&
			   put_u32(skb, KVMFAULT_A_FAULT_CAUSE, row->cause) &&
			   put_u32(skb, KVMFAULT_A_FAULT_OUTCOME,
				   row->outcome) &&
			   put_u32(skb, KVMFAULT_A_FAULT_LEVEL, row->level) &&
			   put_u64(skb, KVMFAULT_A_FAULT_COUNT, row->count) &&
			   put_u64(skb, KVMFAULT_A_FAULT_SUM_NS, row->sum_ns) &&
			   put_u32(skb, KVMFAULT_A_FAULT_CLASS,
				   kvmfault_way_class(row->way)) &&
			   put_u32(skb, KVMFAULT_A_FAULT_GUEST,
				   kvmfault_way_guest(row->way)));
}

static bool put_shadow_events(struct sk_buff *skb, const u64 *event)
{
	static const int attributes[KVMFAULT_SHADOW_EVENTS] = {
		[KVMFAULT_SHADOW_WRITE] = KVMFAULT_A_SHADOW_WRITES,
		[KVMFAULT_SHADOW_SYNC] = KVMFAULT_A_SHADOW_SYNCS,
		[KVMFAULT_SHADOW_INVLPG] = KVMFAULT_A_SHADOW_INVLPG,
		[KVMFAULT_SHADOW_CR3] = KVMFAULT_A_SHADOW_CR3,
		[KVMFAULT_SHADOW_ROOT] = KVMFAULT_A_SHADOW_ROOTS,
	};
	unsigned int i;

	for (i = 0; i < KVMFAULT_SHADOW_EVENTS; i++)
		if (!put_u64(skb, attributes[i], event[i]))
			return false;
	return true;
}

/**
 * kvmfault_shadow_fill() - put shadow paging of a VM into a message
 * @skb: where to
 * @target: whom it is for
 * @row: the VM
 * @shadow: what was read of it
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_shadow_fill(struct sk_buff *skb, const struct nl_target *target,
			 const struct kvmfault_row *row,
			 const struct kvmfault_shadow_row *shadow)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_SHADOW_VM, row->vm->id) &&
			   put_u64(skb, KVMFAULT_A_SHADOW_COUNT,
				   shadow->count) &&
			   put_u64(skb, KVMFAULT_A_SHADOW_NESTED,
				   shadow->nested) &&
			   put_u64(skb, KVMFAULT_A_SHADOW_INJECTED,
				   shadow->injected) &&
			   put_u64(skb, KVMFAULT_A_SHADOW_REFLECTED,
				   shadow->reflected) &&
			   put_shadow_events(skb, row->counts.event) &&
			   (shadow->pages == U64_MAX ||
			    put_u64(skb, KVMFAULT_A_SHADOW_PAGES,
				    shadow->pages)));
}

/**
 * kvmfault_hot_fill() - put an address that faults much into a message
 * @skb: where to
 * @target: whom it is for
 * @vm: the number of the VM
 * @rank: its place among them, from 1
 * @heat: the address
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_hot_fill(struct sk_buff *skb, const struct nl_target *target,
		      u64 vm, unsigned int rank,
		      const struct kvmfault_heat *heat)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_HOT_VM, vm) &&
			   put_u32(skb, KVMFAULT_A_HOT_RANK, rank) &&
			   put_u64(skb, KVMFAULT_A_HOT_GPA,
				   kvmfault_heat_gpa(heat->key)) &&
			   put_u32(skb, KVMFAULT_A_HOT_SIZE,
				   kvmfault_heat_level(heat->key)) &&
			   put_u32(skb, KVMFAULT_A_HOT_ACCESS,
				   kvmfault_heat_access(heat->key)) &&
			   put_u64(skb, KVMFAULT_A_HOT_COUNT, heat->count) &&
			   put_u64(skb, KVMFAULT_A_HOT_ERROR, heat->error) &&
			   put_address(skb, KVMFAULT_A_HOT_RIP, heat->rip));
}

/**
 * kvmfault_stuck_fill() - put a vCPU that is stuck into a message
 * @skb: where to
 * @target: whom it is for
 * @row: the vCPU
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_stuck_fill(struct sk_buff *skb, const struct nl_target *target,
			const struct kvmfault_stuck_row *row)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_STUCK_VM, row->vm->id) &&
			   put_u32(skb, KVMFAULT_A_STUCK_VCPU, row->vcpu) &&
			   put_u32(skb, KVMFAULT_A_STUCK_KIND,
				   kvmfault_stuck_kind(row->how)) &&
			   put_u64(skb, KVMFAULT_A_STUCK_FOR_NS, row->for_ns) &&
			   put_u64(skb, KVMFAULT_A_STUCK_FAULTS, row->faults) &&
			   put_address(skb, KVMFAULT_A_STUCK_GPA, row->gpa) &&
			   put_address(skb, KVMFAULT_A_STUCK_RIP, row->rip) &&
			   (row->how != KVMFAULT_STUCK_REPEATS ||
			    put_u32(skb, KVMFAULT_A_STUCK_OUTCOME,
				    row->outcome)));
}

static bool put_async_times(struct sk_buff *skb,
			    const struct kvmfault_async_row *row)
{
	const struct kvmfault_async_counts *counts = &row->counts;

	if (row->outstanding &&
	    !put_u64(skb, KVMFAULT_A_ASYNC_OLDEST_NS, row->oldest_ns))
		return false;
	if (!row->ready)
		return true;
	return put_u64(skb, KVMFAULT_A_ASYNC_P50_NS,
		       kvmfault_hist_percentile(counts->bucket, counts->max_ns,
						500)) &&
	       put_u64(skb, KVMFAULT_A_ASYNC_P99_NS,
		       kvmfault_hist_percentile(counts->bucket, counts->max_ns,
						990)) &&
	       put_u64(skb, KVMFAULT_A_ASYNC_MAX_NS, counts->max_ns);
}

static bool put_async(struct sk_buff *skb, const struct kvmfault_async_row *row)
{
	return put_u64(skb, KVMFAULT_A_ASYNC_SETUP, row->set_up) &&
	       put_u64(skb, KVMFAULT_A_ASYNC_DELIVERED, row->delivered) &&
	       put_u64(skb, KVMFAULT_A_ASYNC_HALTED, row->halted) &&
	       put_u64(skb, KVMFAULT_A_ASYNC_COMPLETED, row->completed) &&
	       put_u64(skb, KVMFAULT_A_ASYNC_READY, row->ready) &&
	       put_u64(skb, KVMFAULT_A_ASYNC_CANCELLED, row->cancelled) &&
	       put_u64(skb, KVMFAULT_A_ASYNC_REPEATED, row->repeated) &&
	       put_u64(skb, KVMFAULT_A_ASYNC_OUTSTANDING, row->outstanding) &&
	       put_u64(skb, KVMFAULT_A_ASYNC_SUM_NS, row->counts.sum_ns) &&
	       put_async_times(skb, row);
}

/**
 * kvmfault_async_fill() - put the asynchronous page faults of a vCPU into a message
 * @skb: where to
 * @target: whom it is for
 * @vm: the number of the VM
 * @row: the vCPU
 * @next: the first bucket to put, 0 for all the rest as well; moves behind the last
 *	for which there was room
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_async_fill(struct sk_buff *skb, const struct nl_target *target,
			u64 vm, const struct kvmfault_async_row *row,
			unsigned int *next)
{
	void *head = message_begin(skb, target);
	unsigned int after = *next;
	int ret;

	if (!head)
		return -EMSGSIZE;
	ret = message_end(skb, head,
			  put_u64(skb, KVMFAULT_A_ASYNC_VM, vm) &&
			  (!vm || put_u32(skb, KVMFAULT_A_ASYNC_VCPU,
					  row->vcpu)) &&
			  (*next || put_async(skb, row)) &&
			  (!row->ready ||
			   put_buckets(skb, KVMFAULT_A_ASYNC_BUCKET,
				       row->counts.bucket, &after)));
	/* What is taken back is put anew, the rest as well. */
	if (!ret)
		*next = after;
	return ret;
}

static bool put_where(struct sk_buff *skb,
		      const struct kvmfault_address *address)
{
	return put_address(skb, KVMFAULT_A_RECENT_GPA, address->gpa) &&
	       put_address(skb, KVMFAULT_A_RECENT_GVA, address->gva) &&
	       put_address(skb, KVMFAULT_A_RECENT_RIP, address->rip) &&
	       put_address(skb, KVMFAULT_A_RECENT_HVA, address->hva) &&
	       put_address(skb, KVMFAULT_A_RECENT_PFN, address->pfn) &&
	       (address->slot < 0 ||
		put_u32(skb, KVMFAULT_A_RECENT_SLOT, address->slot));
}

static bool put_what(struct sk_buff *skb, const struct kvmfault_recent_row *row)
{
	return put_u32(skb, KVMFAULT_A_RECENT_CLASS, row->class) &&
	       put_u32(skb, KVMFAULT_A_RECENT_ACCESS, row->access) &&
	       put_u32(skb, KVMFAULT_A_RECENT_CAUSE, row->cause) &&
	       put_u32(skb, KVMFAULT_A_RECENT_LEVEL, row->level) &&
	       (!kvmfault_class_is_exit(row->class) ?
		put_u32(skb, KVMFAULT_A_RECENT_OUTCOME, row->outcome) :
		put_u32(skb, KVMFAULT_A_RECENT_END, row->end));
}

/**
 * kvmfault_recent_fill() - put one of the last faults into a message
 * @skb: where to
 * @target: whom it is for
 * @row: the fault
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_recent_fill(struct sk_buff *skb, const struct nl_target *target,
			 const struct kvmfault_recent_row *row)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_RECENT_TIME_NS,
				   row->time_ns) &&
			   put_u64(skb, KVMFAULT_A_RECENT_DURATION_NS,
				   row->duration_ns) &&
			   put_u64(skb, KVMFAULT_A_RECENT_VM, row->vm) &&
			   put_u32(skb, KVMFAULT_A_RECENT_VCPU, row->vcpu) &&
			   put_what(skb, row) &&
			   put_where(skb, &row->address) &&
			   put_u32(skb, KVMFAULT_A_RECENT_CPU, row->cpu) &&
			   put_u32(skb, KVMFAULT_A_RECENT_PID, row->pid) &&
			   put_string(skb, KVMFAULT_A_RECENT_COMM, row->comm) &&
			   put_u32(skb, KVMFAULT_A_RECENT_GUEST, row->guest));
}

static enum kvmfault_probe_status probe_status(enum kvmfault_probe_state state)
{
	switch (state) {
	case KVMFAULT_PROBE_ARMED:
		return KVMFAULT_PROBE_STATUS_ARMED;
	case KVMFAULT_PROBE_UNAVAILABLE:
		return KVMFAULT_PROBE_STATUS_UNAVAILABLE;
	case KVMFAULT_PROBE_BYPASSED:
		return KVMFAULT_PROBE_STATUS_BYPASSED;
	case KVMFAULT_PROBE_DISABLED:
		return KVMFAULT_PROBE_STATUS_DISABLED;
	default:
		return KVMFAULT_PROBE_STATUS_WAITING;
	}
}

/**
 * kvmfault_probe_fill() - put an attach point into a message
 * @skb: where to
 * @target: whom it is for
 * @row: the point
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_probe_fill(struct sk_buff *skb, const struct nl_target *target,
			const struct kvmfault_probe_row *row)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_string(skb, KVMFAULT_A_PROBE_NAME, row->name) &&
			   (row->symbol[0] == '-' ||
			    put_string(skb, KVMFAULT_A_PROBE_SYMBOL,
				       row->symbol)) &&
			   put_string(skb, KVMFAULT_A_PROBE_ENGINE,
				      row->engine) &&
			   put_u32(skb, KVMFAULT_A_PROBE_STATE,
				   probe_status(row->state)) &&
			   put_u32(skb, KVMFAULT_A_PROBE_ENABLED,
				   row->state != KVMFAULT_PROBE_DISABLED) &&
			   put_u64(skb, KVMFAULT_A_PROBE_HITS, row->hits) &&
			   put_u64(skb, KVMFAULT_A_PROBE_MISSED, row->missed));
}

static bool put_stage_of(struct sk_buff *skb, enum kvmfault_stage stage)
{
	return stage == KVMFAULT_STAGE_TDP ||
	       put_u32(skb, KVMFAULT_A_STAGE_OF, kvmfault_stage_of(stage));
}

/* What stages and causes have in common. */
struct stage_total_attributes {
	int count, sum_ns, p50_ns, p99_ns, max_ns;
};

static bool put_stage_total(struct sk_buff *skb,
			    const struct stage_total_attributes *a,
			    const struct kvmfault_stage_total *total)
{
	return put_u64(skb, a->count, kvmfault_hist_count(total->bucket)) &&
	       put_u64(skb, a->sum_ns, total->sum_ns) &&
	       put_u64(skb, a->p50_ns,
		       kvmfault_hist_percentile(total->bucket, total->max_ns,
						500)) &&
	       put_u64(skb, a->p99_ns,
		       kvmfault_hist_percentile(total->bucket, total->max_ns,
						990)) &&
	       put_u64(skb, a->max_ns, total->max_ns);
}

/**
 * kvmfault_stage_fill() - put a stage of a VM's tdp calls into a message
 * @skb: where to
 * @target: whom it is for
 * @vm: the number of the VM
 * @stage: the stage
 * @total: what there is of it
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_stage_fill(struct sk_buff *skb, const struct nl_target *target,
			u64 vm, enum kvmfault_stage stage,
			const struct kvmfault_stage_total *total)
{
	static const struct stage_total_attributes attributes = {
		.count = KVMFAULT_A_STAGE_COUNT,
		.sum_ns = KVMFAULT_A_STAGE_SUM_NS,
		.p50_ns = KVMFAULT_A_STAGE_P50_NS,
		.p99_ns = KVMFAULT_A_STAGE_P99_NS,
		.max_ns = KVMFAULT_A_STAGE_MAX_NS,
	};
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_STAGE_VM, vm) &&
			   put_u32(skb, KVMFAULT_A_STAGE_STAGE, stage) &&
			   put_stage_of(skb, stage) &&
			   put_u32(skb, KVMFAULT_A_STAGE_STATE,
				   probe_status(kvmfault_steps_state(stage))) &&
			   put_stage_total(skb, &attributes, total));
}

/**
 * kvmfault_stage_histogram_fill() - put buckets of a stage into a message
 * @skb: where to
 * @target: whom it is for
 * @vm: the number of the VM
 * @stage: the stage
 * @bucket: all of them
 * @next: the first one to put; moves behind the last for which there was room
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_stage_histogram_fill(struct sk_buff *skb,
				  const struct nl_target *target, u64 vm,
				  enum kvmfault_stage stage, const u64 *bucket,
				  unsigned int *next)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_STAGE_VM, vm) &&
			   put_u32(skb, KVMFAULT_A_STAGE_STAGE, stage) &&
			   put_buckets(skb, KVMFAULT_A_STAGE_BUCKET, bucket,
				       next));
}

/**
 * kvmfault_host_fill() - put what the host had to do for a VM into a message
 * @skb: where to
 * @target: whom it is for
 * @vm: the number of the VM
 * @cause: what it had to do
 * @total: how often, and how long that took
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_host_fill(struct sk_buff *skb, const struct nl_target *target,
		       u64 vm, enum kvmfault_host cause,
		       const struct kvmfault_stage_total *total)
{
	static const struct stage_total_attributes attributes = {
		.count = KVMFAULT_A_HOST_COUNT,
		.sum_ns = KVMFAULT_A_HOST_SUM_NS,
		.p50_ns = KVMFAULT_A_HOST_P50_NS,
		.p99_ns = KVMFAULT_A_HOST_P99_NS,
		.max_ns = KVMFAULT_A_HOST_MAX_NS,
	};
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_HOST_VM, vm) &&
			   put_u32(skb, KVMFAULT_A_HOST_CAUSE, cause) &&
			   put_stage_total(skb, &attributes, total));
}

static bool put_leaving(struct sk_buff *skb)
{
	const char *name = kvmfault_switch_leaving();

	return !name || put_string(skb, KVMFAULT_A_SETTINGS_LEAVING, name);
}

/**
 * kvmfault_settings_fill() - put what can be set into a message
 * @skb: where to
 * @target: whom it is for
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_settings_fill(struct sk_buff *skb, const struct nl_target *target)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_SETTINGS_ALERT_NS,
				   kvmfault_alert_threshold()) &&
			   put_u32(skb, KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS,
				   kvmfault_alert_interval_ms()) &&
			   put_string(skb, KVMFAULT_A_SETTINGS_ENGINE,
				      kvmfault_probe_engine()) &&
			   put_u32(skb, KVMFAULT_A_SETTINGS_MAXACTIVE,
				   kvmfault_probe_maxactive()) &&
			   put_u32(skb, KVMFAULT_A_SETTINGS_SLOTS,
				   kvmfault_account_slots()) &&
			   put_u32(skb, KVMFAULT_A_SETTINGS_MAX_VMS,
				   kvmfault_vm_max()) &&
			   put_u32(skb, KVMFAULT_A_SETTINGS_RECENT,
				   kvmfault_detail_is_on(&kvmfault_recent_detail)) &&
			   put_u32(skb, KVMFAULT_A_SETTINGS_HOT,
				   kvmfault_detail_is_on(&kvmfault_hot_detail)) &&
			   put_u32(skb, KVMFAULT_A_SETTINGS_STUCK_MS,
				   kvmfault_watch_asleep_ms()) &&
			   put_u32(skb, KVMFAULT_A_SETTINGS_STUCK_REPEATS,
				   kvmfault_watch_repeats()) &&
			   put_u32(skb, KVMFAULT_A_SETTINGS_STAGES,
				   kvmfault_detail_is_on(&kvmfault_stages_detail)) &&
			   put_u64(skb, KVMFAULT_A_SETTINGS_STAGES_VM,
				   kvmfault_steps_only()) &&
			   put_leaving(skb));
}

static bool put_probes(struct sk_buff *skb)
{
	unsigned int used, armed;

	used = kvmfault_probe_nr(&armed);
	return put_u32(skb, KVMFAULT_A_INFO_PROBES, used) &&
	       put_u32(skb, KVMFAULT_A_INFO_ARMED, armed);
}

static bool put_missed_reason(struct sk_buff *skb, unsigned int reason,
			      u64 count)
{
	struct nlattr *nest = nla_nest_start(skb, KVMFAULT_A_INFO_MISSED);

	return nest && nest_end(skb, nest,
				put_u32(skb, KVMFAULT_A_MISSED_REASON,
					reason) &&
				put_u64(skb, KVMFAULT_A_MISSED_COUNT, count));
}

static bool put_missed(struct sk_buff *skb)
{
	struct kvmfault_missed missed;
	enum kvmfault_loss loss;

	kvmfault_probe_missed(&missed);
	for (loss = 0; loss < KVMFAULT_LOSSES; loss++)
		if (!put_missed_reason(skb, loss, missed.lost[loss]))
			return false;
	return put_missed_reason(skb, KVMFAULT_MISSED_REASON_UNSEEN,
				 missed.unseen);
}

static bool put_memory(struct sk_buff *skb)
{
	struct nlattr *nest = nla_nest_start(skb, KVMFAULT_A_INFO_MEMORY);
	struct kvmfault_memory memory;

	kvmfault_memory_read(&memory);
	return nest && nest_end(skb, nest,
				put_u64(skb, KVMFAULT_A_MEMORY_BUFFERS,
					memory.buffers) &&
				put_u64(skb, KVMFAULT_A_MEMORY_VMS,
					memory.vms) &&
				put_u64(skb, KVMFAULT_A_MEMORY_PROBES,
					memory.probes) &&
				put_u64(skb, KVMFAULT_A_MEMORY_RECENT,
					memory.recent) &&
				put_u64(skb, KVMFAULT_A_MEMORY_HOT,
					memory.hot) &&
				put_u64(skb, KVMFAULT_A_MEMORY_ASYNC,
					memory.async) &&
				put_u64(skb, KVMFAULT_A_MEMORY_STAGES,
					memory.stages));
}

static bool put_group(struct sk_buff *skb, unsigned int group)
{
	struct nlattr *nest = nla_nest_start(skb, KVMFAULT_A_INFO_GROUP);

	return nest && nest_end(skb, nest,
				put_string(skb, KVMFAULT_A_GROUP_NAME,
					   kvmfault_nl_mcgrps[group].name) &&
				put_u64(skb, KVMFAULT_A_GROUP_SENT,
					kvmfault_group(group)->sent) &&
				put_u64(skb, KVMFAULT_A_GROUP_DROPPED,
					kvmfault_group(group)->dropped));
}

static bool put_groups(struct sk_buff *skb)
{
	unsigned int group;

	for (group = 0; group < KVMFAULT_NL_MCGRPS; group++)
		if (!put_group(skb, group))
			return false;
	return true;
}

static bool put_recognised(struct sk_buff *skb)
{
	const struct kvmfault_layout *layout = READ_ONCE(kvmfault_layout);

	return put_string(skb, KVMFAULT_A_INFO_TDP_CALL,
			  kvmfault_recognised_call()) &&
	       (!layout || put_string(skb, KVMFAULT_A_INFO_TDP_LAYOUT,
				      layout->name)) &&
	       put_u32(skb, KVMFAULT_A_INFO_TDP_CODES,
		       kvmfault_recognised_codes());
}

/**
 * kvmfault_info_fill() - put what is known of all into a message
 * @skb: where to
 * @target: whom it is for
 * @counts: all VMs together
 * @nr_live: how many of them live
 * @nr_gone: how many are gone
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_info_fill(struct sk_buff *skb, const struct nl_target *target,
		       const struct kvmfault_counts *counts,
		       unsigned int nr_live, u64 nr_gone)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_string(skb, KVMFAULT_A_INFO_VERSION,
				      KVMFAULT_VERSION) &&
			   put_string(skb, KVMFAULT_A_INFO_ENGINE,
				      kvmfault_probe_engine()) &&
			   put_probes(skb) &&
			   put_u32(skb, KVMFAULT_A_INFO_VMS_LIVE, nr_live) &&
			   put_u64(skb, KVMFAULT_A_INFO_VMS_GONE, nr_gone) &&
			   put_u32(skb, KVMFAULT_A_INFO_RESETS,
				   kvmfault_account_resets()) &&
			   put_totals(skb, KVMFAULT_A_INFO_TOTAL, counts) &&
			   put_missed(skb) &&
			   put_memory(skb) &&
			   put_groups(skb) &&
			   put_recognised(skb) &&
			   put_u64(skb, KVMFAULT_A_INFO_ASYNC_MISSED,
				   kvmfault_async_lost()));
}

/**
 * kvmfault_reset_fill() - put what was counted until now into a message
 * @skb: where to
 * @target: whom it is for
 * @counts: all VMs together
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_reset_fill(struct sk_buff *skb, const struct nl_target *target,
			const struct kvmfault_counts *counts)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_totals(skb, KVMFAULT_A_RESET_TOTAL, counts));
}

/**
 * kvmfault_alert_fill() - put an alert into a message
 * @skb: where to
 * @target: whom it is for
 * @alert: what there is to tell
 * @dropped: how many others could not be told since the last one
 *
 * Return: 0, or -EMSGSIZE if there is no room for it.
 */
int kvmfault_alert_fill(struct sk_buff *skb, const struct nl_target *target,
			const struct kvmfault_alert *alert, u64 dropped)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u32(skb, KVMFAULT_A_ALERT_KIND, alert->kind) &&
			   put_u64(skb, KVMFAULT_A_ALERT_VM, alert->vm) &&
			   put_u32(skb, KVMFAULT_A_ALERT_VCPU, alert->vcpu) &&
			   put_u32(skb, KVMFAULT_A_ALERT_CLASS, alert->class) &&
			   put_address(skb, KVMFAULT_A_ALERT_GPA, alert->gpa) &&
			   put_address(skb, KVMFAULT_A_ALERT_RIP, alert->rip) &&
			   (alert->kind != KVMFAULT_ALERT_KIND_REPEATS ||
			    put_u32(skb, KVMFAULT_A_ALERT_OUTCOME,
				    alert->outcome)) &&
			   put_u64(skb, KVMFAULT_A_ALERT_START_NS,
				   alert->start_ns) &&
			   put_u64(skb, KVMFAULT_A_ALERT_DURATION_NS,
				   alert->duration_ns) &&
			   put_u64(skb, KVMFAULT_A_ALERT_COUNT, alert->count) &&
			   put_u64(skb, KVMFAULT_A_ALERT_DROPPED, dropped));
}
