// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family kvmfault; what it offers is specified in
 * include/netlink/kvmfault.yaml
 *
 * Rows come from the same table as those of debugfs. Each kind of object is put
 * into a message by one function, for a reply, a dump and a notification alike.
 *
 * A dump holds kvmfault_settle_lock while it fills one buffer. In between it
 * keeps the number of the VM where it goes on, and what it has read of it: all
 * parts of a histogram are of one moment.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/build_bug.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <net/genetlink.h>

#include <compat/netlink.h>
#include <uapi/linux/kvmfault.h>

#include "account.h"
#include "address.h"
#include "alert.h"
#include "detail.h"
#include "hot.h"
#include "kvmfault.h"
#include "learn.h"
#include "netlink.h"
#include "netlink-gen.h"
#include "probe.h"
#include "recent.h"
#include "settle.h"
#include "switch.h"
#include "table.h"
#include "watch.h"

/* Notifications about VMs in one second; a sane host has a few. */
#define VM_RATE		1000

/* What the module calls a thing is what the ABI calls it. */
#define SAME(inside, outside)	\
	static_assert((int)KVMFAULT_##inside == (int)KVMFAULT_##outside)
SAME(VIOLATION, FAULT_CLASS_VIOLATION);
SAME(MISCONFIG, FAULT_CLASS_MISCONFIG);
SAME(TDP, FAULT_CLASS_TDP);
SAME(LOSS_VM, MISSED_REASON_NO_VM);
SAME(LOSS_SLOT, MISSED_REASON_NO_SLOT);
SAME(LOSS_BUFFER, MISSED_REASON_NO_BUFFER);
SAME(LOSSES, MISSED_REASON_UNSEEN);
SAME(CODES_UNKNOWN, RETURN_CODES_UNKNOWN);
SAME(CODES_5_10, RETURN_CODES_V5_10);
SAME(CODES_6_1, RETURN_CODES_V6_1);
SAME(CODES_6_12, RETURN_CODES_V6_12);
SAME(ACCESS_UNKNOWN, FAULT_ACCESS_UNKNOWN);
SAME(READ, FAULT_ACCESS_READ);
SAME(WRITE, FAULT_ACCESS_WRITE);
SAME(EXEC, FAULT_ACCESS_EXEC);
SAME(CAUSE_UNKNOWN, FAULT_CAUSE_UNKNOWN);
SAME(ABSENT, FAULT_CAUSE_ABSENT);
SAME(PROTECTED, FAULT_CAUSE_PROTECTED);
SAME(MMIO, FAULT_CAUSE_MMIO);
SAME(PREFETCH, FAULT_CAUSE_PREFETCH);
SAME(FIXED, FAULT_OUTCOME_FIXED);
SAME(SPURIOUS, FAULT_OUTCOME_SPURIOUS);
SAME(RETRY, FAULT_OUTCOME_RETRY);
SAME(EMULATE, FAULT_OUTCOME_EMULATE);
SAME(WRITE_PROTECTED, FAULT_OUTCOME_WRITE_PROTECTED);
SAME(INVALID, FAULT_OUTCOME_INVALID);
SAME(ERROR, FAULT_OUTCOME_ERROR);
SAME(UNKNOWN, FAULT_OUTCOME_UNKNOWN);
SAME(LEVEL_UNKNOWN, FAULT_LEVEL_UNKNOWN);
SAME(4K, FAULT_LEVEL_4K);
SAME(2M, FAULT_LEVEL_2M);
SAME(1G, FAULT_LEVEL_1G);
SAME(RESUMED, FAULT_END_RESUMED);
SAME(USERSPACE, FAULT_END_USERSPACE);
SAME(FAILED, FAULT_END_FAILED);

/**
 * struct scratch - what is too large for the stack
 * @row: a VM
 * @faults: its tdp faults told apart
 * @hot: its addresses that fault most
 * @recent: the last faults of all VMs
 * @nr_recent: how many these are
 */
struct scratch {
	struct kvmfault_row row;
	struct kvmfault_fault_row faults[KVMFAULT_COMBOS_VM];
	struct kvmfault_digest hot;
	struct kvmfault_recent_row *recent;
	unsigned int nr_recent;
};

/**
 * struct dump - where a dump is
 * @scratch: to work with; holds what was read of the VM, if @read
 * @vm: the number of the VM where to go on
 * @last: the number of the last VM wanted
 * @from: the first class wanted
 * @to: the last class wanted
 * @class: the class where to go on
 * @next: the vCPU, bucket, kind of fault, address, fault or probe where to go on
 * @begun: this is not the first buffer
 * @read: @scratch is of @vm
 */
struct dump {
	struct scratch *scratch;
	u64 vm;
	u64 last;
	u8 from;
	u8 to;
	u8 class;
	unsigned int next;
	bool begun;
	bool read;
};

static_assert(sizeof(struct dump) <= sizeof_field(struct netlink_callback, ctx));

/**
 * struct group - a multicast group, under kvmfault_settle_lock
 * @sent: notifications sent
 * @dropped: what could not be told to those who listened
 * @second: the second that @count is of
 * @count: notifications in it
 */
struct group {
	u64 sent;
	u64 dropped;
	unsigned long second;
	unsigned int count;
};

static struct group groups[KVMFAULT_NL_MCGRPS];

/* Notifications can be sent; kvmfault_settle_lock. */
static bool registered;

static struct genl_family family = {
	.name = KVMFAULT_FAMILY_NAME,
	.version = KVMFAULT_FAMILY_VERSION,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = kvmfault_nl_ops,
	.n_ops = KVMFAULT_NL_OPS,
	.mcgrps = kvmfault_nl_mcgrps,
	.n_mcgrps = KVMFAULT_MCGRP_GUARDED ? KVMFAULT_NL_MCGRPS : 0,
};

/**
 * struct target - whom a message is for
 * @cmd: what it says
 * @portid: the socket, 0 for a notification
 * @seq: the request
 * @cb: the dump it is part of, NULL otherwise
 */
struct target {
	u8 cmd;
	u32 portid;
	u32 seq;
	struct netlink_callback *cb;
};

static struct target target_reply(u8 cmd, const struct genl_info *info)
{
	return (struct target){
		.cmd = cmd,
		.portid = info->snd_portid,
		.seq = info->snd_seq,
	};
}

static struct target target_dump(u8 cmd, struct netlink_callback *cb)
{
	return (struct target){
		.cmd = cmd,
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.cb = cb,
	};
}

static void *message_begin(struct sk_buff *skb, const struct target *target)
{
	void *head;

	head = genlmsg_put(skb, target->portid, target->seq, &family,
			   target->cb ? NLM_F_MULTI : 0, target->cmd);
	if (head && target->cb)
		genl_dump_check_consistent(target->cb, head);
	return head;
}

static int message_end(struct sk_buff *skb, void *head, bool complete)
{
	if (!complete) {
		genlmsg_cancel(skb, head);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, head);
	return 0;
}

/* On the architecture of KVM guests a u64 needs no padding. */
static bool put_u64(struct sk_buff *skb, int attribute, u64 value)
{
	return !nla_put(skb, attribute, sizeof(value), &value);
}

static bool put_u32(struct sk_buff *skb, int attribute, u32 value)
{
	return !nla_put_u32(skb, attribute, value);
}

static bool put_string(struct sk_buff *skb, int attribute, const char *string)
{
	return !nla_put_string(skb, attribute, string);
}

static bool nest_end(struct sk_buff *skb, struct nlattr *nest, bool complete)
{
	if (complete)
		nla_nest_end(skb, nest);
	else
		nla_nest_cancel(skb, nest);
	return complete;
}

/* The objects. */

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
			(class == KVMFAULT_TDP || put_ends(skb, total)));
}

static bool put_totals(struct sk_buff *skb, int attribute,
		       const struct kvmfault_counts *counts)
{
	unsigned int class;

	for (class = 0; class < KVMFAULT_CLASSES; class++)
		if (!put_total(skb, attribute, class, &counts->total[class]))
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

/* Without @counts what is known of it at birth. */
static int vm_fill(struct sk_buff *skb, const struct target *target,
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

static enum kvmfault_vm_state vm_state(const struct kvmfault_vm *vm)
{
	return vm->id ? KVMFAULT_VM_STATE_LIVE : KVMFAULT_VM_STATE_GONE;
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
		if (!put_vcpu_count(skb, class, row->count[class]))
			return false;
	return true;
}

static int vcpu_fill(struct sk_buff *skb, const struct target *target, u64 vm,
		     const struct kvmfault_vcpu_row *row)
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

static int latency_fill(struct sk_buff *skb, const struct target *target,
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

static bool put_bucket(struct sk_buff *skb, unsigned int i, u64 count)
{
	u64 from = kvmfault_hist_from(i), to = kvmfault_hist_to(i);
	struct nlattr *nest;

	nest = nla_nest_start(skb, KVMFAULT_A_HISTOGRAM_BUCKET);
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
static bool put_buckets(struct sk_buff *skb, const u64 *bucket,
			unsigned int *next)
{
	bool any = false;

	for (; *next < KVMFAULT_HIST_BUCKETS; (*next)++) {
		if (!bucket[*next])
			continue;
		if (!put_bucket(skb, *next, bucket[*next]))
			return any;
		any = true;
	}
	return any;
}

static int histogram_fill(struct sk_buff *skb, const struct target *target,
			  u64 vm, enum kvmfault_class class, const u64 *bucket,
			  unsigned int *next)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_HISTOGRAM_VM, vm) &&
			   put_u32(skb, KVMFAULT_A_HISTOGRAM_CLASS, class) &&
			   put_buckets(skb, bucket, next));
}

static int fault_fill(struct sk_buff *skb, const struct target *target, u64 vm,
		      const struct kvmfault_fault_row *row)
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
			   put_u64(skb, KVMFAULT_A_FAULT_SUM_NS, row->sum_ns));
}

static bool put_address(struct sk_buff *skb, int attribute, u64 address)
{
	return address == KVMFAULT_NOWHERE || put_u64(skb, attribute, address);
}

static int hot_fill(struct sk_buff *skb, const struct target *target, u64 vm,
		    unsigned int rank, const struct kvmfault_heat *heat)
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

static enum kvmfault_alert_kind stuck_kind(enum kvmfault_stuck how)
{
	return how == KVMFAULT_STUCK_ASLEEP ? KVMFAULT_ALERT_KIND_ASLEEP :
					      KVMFAULT_ALERT_KIND_REPEATS;
}

static int stuck_fill(struct sk_buff *skb, const struct target *target,
		      const struct kvmfault_stuck_row *row)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_STUCK_VM, row->vm->id) &&
			   put_u32(skb, KVMFAULT_A_STUCK_VCPU, row->vcpu) &&
			   put_u32(skb, KVMFAULT_A_STUCK_KIND,
				   stuck_kind(row->how)) &&
			   put_u64(skb, KVMFAULT_A_STUCK_FOR_NS, row->for_ns) &&
			   put_u64(skb, KVMFAULT_A_STUCK_FAULTS, row->faults) &&
			   put_address(skb, KVMFAULT_A_STUCK_GPA, row->gpa) &&
			   put_address(skb, KVMFAULT_A_STUCK_RIP, row->rip) &&
			   (row->how == KVMFAULT_STUCK_ASLEEP ||
			    put_u32(skb, KVMFAULT_A_STUCK_OUTCOME,
				    row->outcome)));
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
	       (row->class == KVMFAULT_TDP ?
		put_u32(skb, KVMFAULT_A_RECENT_OUTCOME, row->outcome) :
		put_u32(skb, KVMFAULT_A_RECENT_END, row->end));
}

static int recent_fill(struct sk_buff *skb, const struct target *target,
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
			   put_string(skb, KVMFAULT_A_RECENT_COMM, row->comm));
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

static int probe_fill(struct sk_buff *skb, const struct target *target,
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

static bool put_leaving(struct sk_buff *skb)
{
	const char *name = kvmfault_switch_leaving();

	return !name || put_string(skb, KVMFAULT_A_SETTINGS_LEAVING, name);
}

static int settings_fill(struct sk_buff *skb, const struct target *target)
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
			   put_leaving(skb));
}

static bool put_probes(struct sk_buff *skb)
{
	unsigned int used = 0, armed = 0;
	struct kvmfault_probe_row row;
	enum kvmfault_point_id id;

	for (id = 0; id < KVMFAULT_POINTS; id++) {
		if (!kvmfault_probe_row(id, &row))
			continue;
		used++;
		armed += row.state == KVMFAULT_PROBE_ARMED;
	}
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

	return nest && nest_end(skb, nest,
				put_u64(skb, KVMFAULT_A_MEMORY_BUFFERS,
					kvmfault_account_bytes()) &&
				put_u64(skb, KVMFAULT_A_MEMORY_VMS,
					kvmfault_vm_bytes()) &&
				put_u64(skb, KVMFAULT_A_MEMORY_PROBES,
					kvmfault_probe_bytes()) &&
				put_u64(skb, KVMFAULT_A_MEMORY_RECENT,
					kvmfault_recent_bytes()) &&
				put_u64(skb, KVMFAULT_A_MEMORY_HOT,
					kvmfault_hot_bytes()));
}

static bool put_group(struct sk_buff *skb, unsigned int group)
{
	struct nlattr *nest = nla_nest_start(skb, KVMFAULT_A_INFO_GROUP);

	return nest && nest_end(skb, nest,
				put_string(skb, KVMFAULT_A_GROUP_NAME,
					   kvmfault_nl_mcgrps[group].name) &&
				put_u64(skb, KVMFAULT_A_GROUP_SENT,
					groups[group].sent) &&
				put_u64(skb, KVMFAULT_A_GROUP_DROPPED,
					groups[group].dropped));
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

static int info_fill(struct sk_buff *skb, const struct target *target,
		     const struct kvmfault_counts *counts)
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
			   put_u32(skb, KVMFAULT_A_INFO_VMS_LIVE,
				   kvmfault_table_nr_live()) &&
			   put_u64(skb, KVMFAULT_A_INFO_VMS_GONE,
				   kvmfault_vm_nr_gone()) &&
			   put_u32(skb, KVMFAULT_A_INFO_RESETS,
				   kvmfault_account_resets()) &&
			   put_totals(skb, KVMFAULT_A_INFO_TOTAL, counts) &&
			   put_missed(skb) &&
			   put_memory(skb) &&
			   put_groups(skb) &&
			   put_recognised(skb));
}

static int reset_fill(struct sk_buff *skb, const struct target *target,
		      const struct kvmfault_counts *counts)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_totals(skb, KVMFAULT_A_RESET_TOTAL, counts));
}

static int alert_fill(struct sk_buff *skb, const struct target *target,
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

/* Replies. */

/* Sends @skb if @error is 0, frees it otherwise. */
static int reply_send(struct sk_buff *skb, struct genl_info *info, int error)
{
	if (error) {
		nlmsg_free(skb);
		NL_SET_ERR_MSG(info->extack, "the reply does not fit into a message");
		return error;
	}
	return genlmsg_reply(skb, info);
}

static struct sk_buff *reply_new(struct genl_info *info)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		NL_SET_ERR_MSG(info->extack, "no memory for the reply");
	return skb;
}

static struct scratch *scratch_new(struct netlink_ext_ack *extack)
{
	struct scratch *scratch = kvmalloc(sizeof(*scratch), GFP_KERNEL);

	if (!scratch)
		NL_SET_ERR_MSG(extack, "no memory to read the counts");
	return scratch;
}

/* There is nothing to point at if an attribute is missing. */
static struct nlattr *attribute_wanted(struct genl_info *info, int attribute,
				       const char *message)
{
	if (!info->attrs[attribute]) {
		info->extack->_msg = message;
		return NULL;
	}
	return info->attrs[attribute];
}

int kvmfault_nl_info_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct target target = target_reply(KVMFAULT_CMD_INFO_GET, info);
	struct kvmfault_row *rows;
	struct sk_buff *skb;
	int ret;

	rows = kvmalloc_array(2, sizeof(*rows), GFP_KERNEL);
	skb = reply_new(info);
	if (!rows || !skb) {
		kvfree(rows);
		nlmsg_free(skb);
		NL_SET_ERR_MSG(info->extack, "no memory to read the counts");
		return -ENOMEM;
	}

	kvmfault_table_begin();
	kvmfault_table_sum(&rows[0], &rows[1]);
	ret = info_fill(skb, &target, &rows[0].counts);
	kvmfault_table_end();

	kvfree(rows);
	return reply_send(skb, info, ret);
}

static int vm_reply(struct sk_buff *skb, struct genl_info *info,
		    struct nlattr *attribute, struct kvmfault_row *row)
{
	struct target target = target_reply(KVMFAULT_CMD_VM_GET, info);
	u64 id = nla_get_u64(attribute);
	const struct kvmfault_vm *vm;
	int ret;

	kvmfault_table_begin();
	vm = kvmfault_table_from(id);
	if (vm && vm->id == id) {
		kvmfault_table_fold(row, vm);
		ret = vm_fill(skb, &target, vm, vm_state(vm), &row->counts);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, attribute,
				    "there is no VM with this number, or it is gone");
		ret = -ENOENT;
	}
	kvmfault_table_end();
	return ret;
}

int kvmfault_nl_vm_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *attribute;
	struct scratch *scratch;
	struct sk_buff *skb;
	int ret;

	attribute = attribute_wanted(info, KVMFAULT_A_VM_ID,
				     "which VM? Give its id");
	if (!attribute)
		return -EINVAL;
	scratch = scratch_new(info->extack);
	if (!scratch)
		return -ENOMEM;

	ret = -ENOMEM;
	skb = reply_new(info);
	if (skb)
		ret = vm_reply(skb, info, attribute, &scratch->row);
	kvfree(scratch);
	if (ret) {
		nlmsg_free(skb);
		return ret;
	}
	return genlmsg_reply(skb, info);
}

static int probe_wanted(struct genl_info *info, enum kvmfault_point_id *id)
{
	struct nlattr *attribute;

	attribute = attribute_wanted(info, KVMFAULT_A_PROBE_NAME,
				     "which probe? Give its name");
	if (!attribute)
		return -EINVAL;
	if (kvmfault_probe_find(nla_data(attribute), id))
		return 0;

	NL_SET_ERR_MSG_ATTR(info->extack, attribute,
			    "this CPU has no use for a probe of this name");
	return -ENOENT;
}

int kvmfault_nl_probe_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct target target = target_reply(KVMFAULT_CMD_PROBE_GET, info);
	struct kvmfault_probe_row row;
	enum kvmfault_point_id id;
	struct sk_buff *skb;
	int ret;

	ret = probe_wanted(info, &id);
	if (ret)
		return ret;

	skb = reply_new(info);
	if (!skb)
		return -ENOMEM;
	kvmfault_probe_row(id, &row);
	return reply_send(skb, info, probe_fill(skb, &target, &row));
}

int kvmfault_nl_probe_set_doit(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *enabled;
	enum kvmfault_point_id id;
	int ret;

	ret = probe_wanted(info, &id);
	if (ret)
		return ret;
	enabled = attribute_wanted(info, KVMFAULT_A_PROBE_ENABLED,
				   "enable or disable it? Give enabled, 0 or 1");
	if (!enabled)
		return -EINVAL;

	if (!nla_get_u32(enabled)) {
		kvmfault_probe_disable(id);
		return 0;
	}
	ret = kvmfault_probe_enable(id);
	if (ret)
		NL_SET_ERR_MSG_ATTR(info->extack, enabled,
				    "the function cannot be probed on this kernel");
	return ret;
}

int kvmfault_nl_settings_get_doit(struct sk_buff *request,
				  struct genl_info *info)
{
	struct target target = target_reply(KVMFAULT_CMD_SETTINGS_GET, info);
	struct sk_buff *skb = reply_new(info);

	if (!skb)
		return -ENOMEM;
	return reply_send(skb, info, settings_fill(skb, &target));
}

static int detail_set(struct kvmfault_detail *detail,
		      const struct nlattr *attribute,
		      struct netlink_ext_ack *extack)
{
	int ret;

	if (!attribute)
		return 0;
	ret = kvmfault_detail_switch(detail, nla_get_u32(attribute));
	if (ret)
		NL_SET_ERR_MSG_ATTR(extack, attribute,
				    "there is no memory for it: it stays off");
	return ret;
}

static int details_set(struct genl_info *info)
{
	const struct nlattr *recent = info->attrs[KVMFAULT_A_SETTINGS_RECENT];
	const struct nlattr *hot = info->attrs[KVMFAULT_A_SETTINGS_HOT];
	bool before = kvmfault_detail_is_on(&kvmfault_recent_detail);
	int ret;

	ret = detail_set(&kvmfault_recent_detail, recent, info->extack);
	if (ret)
		return ret;
	ret = detail_set(&kvmfault_hot_detail, hot, info->extack);
	if (ret && recent && !before)
		kvmfault_detail_switch(&kvmfault_recent_detail, false);
	return ret;
}

/* There is room for what the request may have, not for all that is told. */
static bool settings_named(const struct genl_info *info)
{
	static const u8 settable[] = {
		KVMFAULT_A_SETTINGS_ALERT_NS,
		KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS,
		KVMFAULT_A_SETTINGS_ENGINE,
		KVMFAULT_A_SETTINGS_RECENT,
		KVMFAULT_A_SETTINGS_HOT,
		KVMFAULT_A_SETTINGS_STUCK_MS,
		KVMFAULT_A_SETTINGS_STUCK_REPEATS,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(settable); i++)
		if (info->attrs[settable[i]])
			return true;
	return false;
}

/* Does a function stay with another engine than the one chosen? */
static bool engine_is_partial(const struct kvmfault_engine *with)
{
	struct kvmfault_probe_row row;
	enum kvmfault_point_id id;

	for (id = 0; id < KVMFAULT_POINT_DESTROY; id++)
		if (kvmfault_probe_row(id, &row) &&
		    row.state == KVMFAULT_PROBE_ARMED &&
		    strcmp(row.engine, with->name))
			return true;
	return false;
}

static int watch_check(struct genl_info *info)
{
	struct nlattr *repeats = info->attrs[KVMFAULT_A_SETTINGS_STUCK_REPEATS];

	if (!repeats || kvmfault_watch_repeats_fit(nla_get_u32(repeats)))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, repeats,
			    "stuck-repeats takes 0, or 8 to 32767");
	return -ERANGE;
}

static void watch_set(struct genl_info *info)
{
	struct nlattr *repeats = info->attrs[KVMFAULT_A_SETTINGS_STUCK_REPEATS];
	struct nlattr *ms = info->attrs[KVMFAULT_A_SETTINGS_STUCK_MS];

	if (repeats)
		kvmfault_watch_set_repeats(nla_get_u32(repeats));
	if (ms)
		kvmfault_watch_set_asleep_ms(nla_get_u32(ms));
}

/*
 * Not waited for: calls under way in the engine that is left. A fault may sleep
 * for hours, and whoever waits here keeps all families of the host from coming
 * and going.
 */
static int engine_set(struct genl_info *info)
{
	const struct nlattr *attribute = info->attrs[KVMFAULT_A_SETTINGS_ENGINE];
	const struct kvmfault_engine *with;
	int ret;

	if (!attribute)
		return 0;
	with = kvmfault_switch_find(nla_data(attribute));
	if (!with) {
		NL_SET_ERR_MSG_ATTR(info->extack, attribute,
				    "there is no such engine: it is kretprobe or direct");
		return -EINVAL;
	}

	ret = kvmfault_switch(with);
	if (ret)
		NL_SET_ERR_MSG_ATTR(info->extack, attribute,
				    "the engine cannot be used: the kernel's log says why");
	else if (engine_is_partial(with))
		NL_SET_ERR_MSG_ATTR(info->extack, attribute,
				    "some functions stay with kretprobe: the kernel's log says why");
	return ret;
}

/* First what may fail: settings are changed all or none. */
static int costly_set(struct genl_info *info)
{
	const struct kvmfault_engine *before;
	int ret;

	before = kvmfault_switch_find(kvmfault_probe_engine());
	ret = engine_set(info);
	if (ret)
		return ret;
	ret = details_set(info);
	if (ret && info->attrs[KVMFAULT_A_SETTINGS_ENGINE])
		kvmfault_switch(before);
	return ret;
}

int kvmfault_nl_settings_set_doit(struct sk_buff *request,
				  struct genl_info *info)
{
	struct nlattr *ms = info->attrs[KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS];
	struct nlattr *ns = info->attrs[KVMFAULT_A_SETTINGS_ALERT_NS];
	int ret;

	if (!settings_named(info)) {
		NL_SET_ERR_MSG(info->extack,
			       "nothing to set: give alert-ns, alert-interval-ms, engine, recent, hot, stuck-ms or stuck-repeats");
		return -EINVAL;
	}
	if (ns && !KVMFAULT_MCGRP_GUARDED && nla_get_u64(ns)) {
		NL_SET_ERR_MSG_ATTR(info->extack, ns,
				    "this kernel cannot guard a multicast group, so there are no alerts");
		return -EOPNOTSUPP;
	}

	ret = watch_check(info);
	if (!ret)
		ret = costly_set(info);
	if (ret)
		return ret;
	watch_set(info);
	if (ms)
		kvmfault_alert_set_interval_ms(nla_get_u32(ms));
	if (ns)
		kvmfault_alert_set_threshold(nla_get_u64(ns));
	return 0;
}

int kvmfault_nl_reset_doit(struct sk_buff *request, struct genl_info *info)
{
	struct target target = target_reply(KVMFAULT_CMD_RESET, info);
	struct scratch *scratch;
	struct sk_buff *skb;
	int ret;

	/* First whatever may fail: what is reset must be told. */
	scratch = scratch_new(info->extack);
	skb = reply_new(info);
	if (!scratch || !skb) {
		kvfree(scratch);
		nlmsg_free(skb);
		return -ENOMEM;
	}

	kvmfault_account_reset(&scratch->row.counts);
	ret = reset_fill(skb, &target, &scratch->row.counts);
	kvfree(scratch);
	return reply_send(skb, info, ret);
}

/* Dumps. */

static struct dump *dump_of(struct netlink_callback *cb)
{
	return (struct dump *)cb->ctx;
}

int kvmfault_nl_dump_start(struct netlink_callback *cb)
{
	struct dump *dump = dump_of(cb);

	memset(dump, 0, sizeof(*dump));
	dump->last = U64_MAX;
	dump->to = KVMFAULT_CLASSES - 1;
	dump->scratch = kvmalloc(sizeof(*dump->scratch), GFP_KERNEL);
	if (!dump->scratch)
		return -ENOMEM;
	dump->scratch->recent = NULL;
	return 0;
}

int kvmfault_nl_dump_done(struct netlink_callback *cb)
{
	struct scratch *scratch = dump_of(cb)->scratch;

	kvfree(scratch->recent);
	kvfree(scratch);
	return 0;
}

static void dump_only_vm(struct dump *dump, const struct nlattr *vm)
{
	if (!vm || dump->begun)
		return;
	dump->vm = nla_get_u64(vm);
	dump->last = dump->vm;
}

static void dump_only_class(struct dump *dump, const struct nlattr *class)
{
	if (!class || dump->begun)
		return;
	dump->from = nla_get_u32(class);
	dump->to = dump->from;
	dump->class = dump->from;
}

static void dump_read(struct dump *dump, const struct kvmfault_vm *vm)
{
	if (!dump->read)
		kvmfault_table_fold(&dump->scratch->row, vm);
	dump->read = true;
}

static void dump_next_class(struct dump *dump)
{
	dump->class++;
	dump->next = 0;
}

static void dump_seek(struct dump *dump, u64 vm)
{
	dump->vm = vm;
	dump->class = dump->from;
	dump->next = 0;
	dump->read = false;
}

/* What a dump returns when a message did not fit: there is more. */
static int dump_result(const struct sk_buff *skb, int error)
{
	return error == -EMSGSIZE && skb->len ? skb->len : error;
}

typedef int (*dump_vm_t)(struct sk_buff *skb, const struct target *target,
			 struct dump *dump, const struct kvmfault_vm *vm);

static int dump_vms(struct sk_buff *skb, const struct target *target,
		    struct dump *dump, dump_vm_t dump_vm)
{
	const struct kvmfault_vm *vm;
	int ret = 0;

	for (vm = kvmfault_table_from(dump->vm); vm && vm->id <= dump->last;
	     vm = kvmfault_table_next(vm)) {
		/* It may have gone while we were half through it. */
		if (vm->id != dump->vm)
			dump_seek(dump, vm->id);
		ret = dump_vm(skb, target, dump, vm);
		if (ret)
			break;
		dump_seek(dump, vm->id + 1);
	}
	return ret;
}

static bool dump_finds_its_vm(const struct dump *dump)
{
	const struct kvmfault_vm *vm;

	if (dump->begun || dump->last == U64_MAX)
		return true;
	vm = kvmfault_table_from(dump->last);
	return vm && vm->id == dump->last;
}

static int dump_table(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		      struct nlattr *only, dump_vm_t dump_vm)
{
	struct target target = target_dump(cmd, cb);
	struct dump *dump = dump_of(cb);
	int ret;

	dump_only_vm(dump, only);

	kvmfault_table_begin();
	cb->seq = kvmfault_vm_generation();
	if (dump_finds_its_vm(dump)) {
		ret = dump_vms(skb, &target, dump, dump_vm);
	} else {
		NL_SET_ERR_MSG_ATTR(cb->extack, only,
				    "there is no VM with this number, or it is gone");
		ret = -ENOENT;
	}
	kvmfault_table_end();

	dump->begun = true;
	return dump_result(skb, ret);
}

static int dump_vm_row(struct sk_buff *skb, const struct target *target,
		       struct dump *dump, const struct kvmfault_vm *vm)
{
	dump_read(dump, vm);
	return vm_fill(skb, target, vm, vm_state(vm),
		       &dump->scratch->row.counts);
}

int kvmfault_nl_vm_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_VM_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_VM_ID],
			  dump_vm_row);
}

static int dump_vm_vcpus(struct sk_buff *skb, const struct target *target,
			 struct dump *dump, const struct kvmfault_vm *vm)
{
	struct kvmfault_vcpu_row *rows;
	unsigned int i, nr;
	int ret = 0;

	rows = kvmfault_table_vcpus(vm, &nr);
	if (IS_ERR(rows))
		return PTR_ERR(rows);

	/* By number, not by place: there may be more than last time. */
	for (i = 0; i < nr && !ret; i++) {
		if (rows[i].id < dump->next)
			continue;
		dump->next = rows[i].id;
		ret = vcpu_fill(skb, target, vm->id, &rows[i]);
	}
	kvfree(rows);
	return ret;
}

int kvmfault_nl_vcpu_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_VCPU_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_VCPU_VM],
			  dump_vm_vcpus);
}

static int dump_vm_latency(struct sk_buff *skb, const struct target *target,
			   struct dump *dump, const struct kvmfault_vm *vm)
{
	const struct kvmfault_total *total = dump->scratch->row.counts.total;
	int ret;

	dump_read(dump, vm);
	for (; dump->class <= dump->to; dump_next_class(dump)) {
		ret = latency_fill(skb, target, vm->id, dump->class,
				   &total[dump->class]);
		if (ret)
			return ret;
	}
	return 0;
}

int kvmfault_nl_latency_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	struct nlattr **attrs = kvmfault_dump_attrs(cb);

	dump_only_class(dump_of(cb), attrs[KVMFAULT_A_LATENCY_CLASS]);
	return dump_table(skb, cb, KVMFAULT_CMD_LATENCY_GET,
			  attrs[KVMFAULT_A_LATENCY_VM], dump_vm_latency);
}

static bool buckets_left(const u64 *bucket, unsigned int next)
{
	for (; next < KVMFAULT_HIST_BUCKETS; next++)
		if (bucket[next])
			return true;
	return false;
}

static int dump_vm_histogram(struct sk_buff *skb, const struct target *target,
			     struct dump *dump, const struct kvmfault_vm *vm)
{
	const u64 *bucket;
	int ret;

	dump_read(dump, vm);
	for (; dump->class <= dump->to; dump_next_class(dump)) {
		bucket = dump->scratch->row.counts.total[dump->class].bucket;
		while (buckets_left(bucket, dump->next)) {
			ret = histogram_fill(skb, target, vm->id, dump->class,
					     bucket, &dump->next);
			if (ret)
				return ret;
		}
	}
	return 0;
}

int kvmfault_nl_histogram_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb)
{
	struct nlattr **attrs = kvmfault_dump_attrs(cb);

	dump_only_class(dump_of(cb), attrs[KVMFAULT_A_HISTOGRAM_CLASS]);
	return dump_table(skb, cb, KVMFAULT_CMD_HISTOGRAM_GET,
			  attrs[KVMFAULT_A_HISTOGRAM_VM], dump_vm_histogram);
}

static int dump_vm_faults(struct sk_buff *skb, const struct target *target,
			  struct dump *dump, const struct kvmfault_vm *vm)
{
	struct kvmfault_fault_row *rows = dump->scratch->faults;
	unsigned int nr;
	int ret;

	dump_read(dump, vm);
	nr = kvmfault_table_faults(rows, &dump->scratch->row.counts);
	for (; dump->next < nr; dump->next++) {
		ret = fault_fill(skb, target, vm->id, &rows[dump->next]);
		if (ret)
			return ret;
	}
	return 0;
}

int kvmfault_nl_fault_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_FAULT_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_FAULT_VM],
			  dump_vm_faults);
}

static int dump_vm_hot(struct sk_buff *skb, const struct target *target,
		       struct dump *dump, const struct kvmfault_vm *vm)
{
	const struct kvmfault_digest *hot = &dump->scratch->hot;
	int ret;

	if (!dump->read)
		kvmfault_account_hot(&dump->scratch->hot, vm);
	dump->read = true;
	for (; dump->next < hot->nr; dump->next++) {
		ret = hot_fill(skb, target, vm->id, dump->next + 1,
			       &hot->heat[dump->next]);
		if (ret)
			return ret;
	}
	return 0;
}

int kvmfault_nl_hot_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_HOT_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_HOT_VM],
			  dump_vm_hot);
}

/* Rows of a VM that does not fit into a message are read anew for the next. */
static int dump_vm_stuck(struct sk_buff *skb, const struct target *target,
			 struct dump *dump, const struct kvmfault_vm *vm)
{
	struct kvmfault_stuck_row row;
	int ret;

	for (; kvmfault_watch_row(&row, vm, dump->next); dump->next++) {
		ret = stuck_fill(skb, target, &row);
		if (ret)
			return ret;
	}
	return 0;
}

int kvmfault_nl_stuck_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_STUCK_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_STUCK_VM],
			  dump_vm_stuck);
}

/* All of them are of one moment. */
static int recent_read(struct dump *dump)
{
	struct scratch *scratch = dump->scratch;
	struct kvmfault_recent_row *rows;

	if (dump->begun)
		return 0;
	rows = kvmfault_recent_read(&scratch->nr_recent);
	if (IS_ERR(rows))
		return PTR_ERR(rows);
	scratch->recent = rows;
	dump->begun = true;
	return 0;
}

int kvmfault_nl_recent_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	struct nlattr *only = kvmfault_dump_attrs(cb)[KVMFAULT_A_RECENT_VM];
	struct target target = target_dump(KVMFAULT_CMD_RECENT_GET, cb);
	const struct kvmfault_recent_row *row;
	struct dump *dump = dump_of(cb);
	int ret;

	dump_only_vm(dump, only);
	ret = recent_read(dump);
	for (; !ret && dump->next < dump->scratch->nr_recent; dump->next++) {
		row = &dump->scratch->recent[dump->next];
		if (row->vm < dump->vm || row->vm > dump->last)
			continue;
		ret = recent_fill(skb, &target, row);
		if (ret)
			break;
	}
	return dump_result(skb, ret);
}

int kvmfault_nl_probe_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct nlattr *name = kvmfault_dump_attrs(cb)[KVMFAULT_A_PROBE_NAME];
	struct target target = target_dump(KVMFAULT_CMD_PROBE_GET, cb);
	struct dump *dump = dump_of(cb);
	struct kvmfault_probe_row row;
	int ret = 0;

	if (name) {
		NL_SET_ERR_MSG_ATTR(cb->extack, name,
				    "a dump is of all probes: ask for one without it");
		return -EINVAL;
	}

	for (; dump->next < KVMFAULT_POINTS; dump->next++) {
		if (!kvmfault_probe_row(dump->next, &row))
			continue;
		ret = probe_fill(skb, &target, &row);
		if (ret)
			break;
	}
	return dump_result(skb, ret);
}

/* Notifications. */

static bool group_is_heard(unsigned int group)
{
	return registered && family.n_mcgrps &&
	       genl_has_listeners(&family, &init_net, group);
}

static bool group_may_speak(struct group *group, unsigned int rate)
{
	unsigned long second = jiffies / HZ;

	if (group->second != second) {
		group->second = second;
		group->count = 0;
	}
	return group->count++ < rate;
}

/* That nobody listens any more is no error; that somebody was too slow is. */
static void group_tell(unsigned int group, struct sk_buff *skb, int error)
{
	if (error)
		nlmsg_free(skb);
	else
		error = genlmsg_multicast(&family, skb, 0, group, GFP_KERNEL);

	if (!error)
		groups[group].sent++;
	else if (error != -ESRCH)
		groups[group].dropped++;
}

static void vm_tell(const struct kvmfault_vm *vm, u8 cmd,
		    enum kvmfault_vm_state state,
		    const struct kvmfault_counts *counts)
{
	struct target target = { .cmd = cmd };
	struct sk_buff *skb = NULL;

	lockdep_assert_held(&kvmfault_settle_lock);

	if (!group_is_heard(KVMFAULT_NLGRP_VM))
		return;
	if (group_may_speak(&groups[KVMFAULT_NLGRP_VM], VM_RATE))
		skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb) {
		groups[KVMFAULT_NLGRP_VM].dropped++;
		return;
	}
	group_tell(KVMFAULT_NLGRP_VM, skb,
		   vm_fill(skb, &target, vm, state, counts));
}

/**
 * kvmfault_netlink_born() - tell that a VM was born
 * @vm: the VM
 */
void kvmfault_netlink_born(const struct kvmfault_vm *vm)
{
	vm_tell(vm, KVMFAULT_CMD_VM_BORN_NTF, KVMFAULT_VM_STATE_LIVE, NULL);
}

/**
 * kvmfault_netlink_died() - tell that a VM is gone
 * @vm: the VM, with all its counts collected
 */
void kvmfault_netlink_died(const struct kvmfault_vm *vm)
{
	vm_tell(vm, KVMFAULT_CMD_VM_DIED_NTF, KVMFAULT_VM_STATE_GONE,
		&vm->counts);
}

static void alert_tell(const struct kvmfault_alert *alert, u64 dropped)
{
	struct group *group = &groups[KVMFAULT_NLGRP_ALERT];
	struct target target = { .cmd = KVMFAULT_CMD_ALERT_NTF };
	struct sk_buff *skb;

	group->dropped += dropped;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (skb)
		group_tell(KVMFAULT_NLGRP_ALERT, skb,
			   alert_fill(skb, &target, alert, dropped));
	else
		group->dropped++;
}

/**
 * kvmfault_netlink_stuck() - tell that a vCPU is stuck
 * @row: the vCPU
 */
void kvmfault_netlink_stuck(const struct kvmfault_stuck_row *row)
{
	const struct kvmfault_alert alert = {
		.kind = stuck_kind(row->how),
		.vm = row->vm->id,
		.vcpu = row->vcpu,
		.class = KVMFAULT_TDP,
		.gpa = row->gpa,
		.rip = row->rip,
		.outcome = row->outcome,
		.start_ns = ktime_get_mono_fast_ns() - row->for_ns,
		.duration_ns = row->for_ns,
		.count = row->faults,
	};

	lockdep_assert_held(&kvmfault_settle_lock);

	if (group_is_heard(KVMFAULT_NLGRP_ALERT))
		alert_tell(&alert, 0);
}

/**
 * kvmfault_netlink_alert() - tell that a fault took too long
 * @alert: the fault
 * @dropped: how many others could not be told since the last one
 */
void kvmfault_netlink_alert(const struct kvmfault_alert *alert, u64 dropped)
{
	mutex_lock(&kvmfault_settle_lock);
	if (group_is_heard(KVMFAULT_NLGRP_ALERT))
		alert_tell(alert, dropped);
	mutex_unlock(&kvmfault_settle_lock);
}

static void registered_set(bool value)
{
	mutex_lock(&kvmfault_settle_lock);
	registered = value;
	mutex_unlock(&kvmfault_settle_lock);
}

/**
 * kvmfault_netlink_init() - register the family
 *
 * In the initial network namespace only: no flag says otherwise.
 *
 * Return: 0 or an errno.
 */
int kvmfault_netlink_init(void)
{
	int ret = genl_register_family(&family);

	if (ret) {
		pr_err("cannot register the netlink family (error %d)\n", ret);
		return ret;
	}
	registered_set(true);
	return 0;
}

/**
 * kvmfault_netlink_exit() - take the family away
 *
 * On return no request is being answered. A dump that is half read holds the
 * module, so there is none.
 */
void kvmfault_netlink_exit(void)
{
	registered_set(false);
	kvmfault_alert_set_threshold(0);
	genl_unregister_family(&family);
}
