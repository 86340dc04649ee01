// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps of the netlink family
 *
 * Rows come from the same table as those of debugfs. A dump holds
 * kvmfault_settle_lock while it fills one buffer, unless it looks into VMs. In
 * between it keeps the number of the VM where it goes on, and what it has read of
 * it: all parts of a histogram are of one moment.
 */
#include <linux/build_bug.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include <compat/netlink.h>
#include <uapi/linux/kvmfault.h>

#include "account.h"
#include "async.h"
#include "detail.h"
#include "extra.h"
#include "hot.h"
#include "netlink-gen.h"
#include "netlink_message.h"
#include "netlink_object.h"
#include "netlink_setup.h"
#include "probe.h"
#include "recent.h"
#include "setup.h"
#include "stages.h"
#include "table.h"
#include "watch.h"

/**
 * struct scratch - what is too large for the stack
 * @row: a VM
 * @faults: its faults told apart
 * @nr_faults: how many rows these are
 * @hot: its addresses that fault most
 * @async: the asynchronous page faults of a vCPU of it
 * @stages: where the time of its tdp calls goes
 * @recent: the last faults of all VMs
 * @nr_recent: how many these are
 * @memslots: the memory slots of the VM
 * @nr_memslots: how many these are
 */
struct scratch {
	struct kvmfault_row row;
	struct kvmfault_fault_row faults[KVMFAULT_COMBOS_VM];
	unsigned int nr_faults;
	struct kvmfault_digest hot;
	struct kvmfault_async_row async;
	struct kvmfault_stage_totals stages;
	struct kvmfault_recent_row *recent;
	unsigned int nr_recent;
	struct kvmfault_memslot *memslots;
	unsigned int nr_memslots;
};

/**
 * struct dump - where a dump is
 * @scratch: to work with; holds what was read of the VM, if @read
 * @vm: the number of the VM where to go on
 * @last: the number of the last VM wanted
 * @from: the first class wanted
 * @to: the last class wanted
 * @class: the class, or stage, where to go on
 * @next: the vCPU, bucket, kind of fault, address, fault, cause or probe where to
 *	go on
 * @bucket: of that vCPU, if it is about asynchronous page faults
 * @begun: this is not the first buffer
 * @read: @scratch is of @vm, or of that vCPU
 */
struct dump {
	struct scratch *scratch;
	u64 vm;
	u64 last;
	u8 from;
	u8 to;
	u8 class;
	unsigned int next;
	unsigned int bucket;
	bool begun;
	bool read;
};

/* How long a buffer is filled with what has to be looked for, if anything is in it. */
#define LOOKS_MAX	(HZ / 20)

static_assert(sizeof(struct dump) <= sizeof_field(struct netlink_callback, ctx));

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
	dump->scratch->memslots = NULL;
	return 0;
}

int kvmfault_nl_dump_done(struct netlink_callback *cb)
{
	struct scratch *scratch = dump_of(cb)->scratch;

	kvfree(scratch->recent);
	kvfree(scratch->memslots);
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
	dump->bucket = 0;
	dump->read = false;
}

/* What a dump returns when a message did not fit: there is more. */
static int dump_result(const struct sk_buff *skb, int error)
{
	return error == -EMSGSIZE && skb->len ? skb->len : error;
}

typedef int (*dump_vm_t)(struct sk_buff *skb, const struct nl_target *target,
			 struct dump *dump, const struct kvmfault_vm *vm);

static int dump_vms(struct sk_buff *skb, const struct nl_target *target,
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

/* Of those that are born while it lasts a dump tells nothing, or it need not end. */
static int dump_begin(struct dump *dump, struct netlink_callback *cb,
		      struct nlattr *only)
{
	cb->seq = kvmfault_vm_generation();
	if (dump->begun)
		return 0;
	if (only)
		dump_only_vm(dump, only);
	else
		dump->last = kvmfault_table_last();
	dump->begun = true;
	if (kvmfault_table_find(dump->last))
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, only,
			    "there is no VM with this number, or it is gone");
	return -ENOENT;
}

static int dump_table(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		      struct nlattr *only, dump_vm_t dump_vm)
{
	struct nl_target target = target_dump(cmd, cb);
	struct dump *dump = dump_of(cb);
	int ret;

	kvmfault_table_begin();
	ret = dump_begin(dump, cb, only);
	if (!ret)
		ret = dump_vms(skb, &target, dump, dump_vm);
	kvmfault_table_end();
	return dump_result(skb, ret);
}

typedef int (*dump_look_t)(struct sk_buff *skb, const struct nl_target *target,
			   struct dump *dump, u64 id);

/* The next VM that can be looked into; vm 0 cannot. */
static bool dump_seek_next(struct dump *dump)
{
	u64 id = kvmfault_table_seek(max_t(u64, dump->vm, 1));

	if (id > dump->last)
		return false;
	/* It may have gone while we were half through it. */
	if (id != dump->vm)
		dump_seek(dump, id);
	return true;
}

static int dump_looks(struct sk_buff *skb, const struct nl_target *target,
		      struct dump *dump, dump_look_t look)
{
	unsigned long until = jiffies + LOOKS_MAX;
	int ret = 0;

	while (!ret && dump_seek_next(dump)) {
		if (skb->len && time_after(jiffies, until))
			return -EMSGSIZE;
		if (fatal_signal_pending(current))
			return -EINTR;
		ret = look(skb, target, dump, dump->vm);
		if (!ret)
			dump_seek(dump, dump->vm + 1);
	}
	return ret;
}

/*
 * Of what has to be looked for in the files of VMMs, who decide how long that takes.
 * VMs may come and go from one to the next: what was put into this buffer meanwhile
 * is told with the next one, or with the end. And the first buffer is filled under a
 * lock of all of generic netlink, so none that has anything to tell is filled for long.
 */
static int dump_setups(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		       struct nlattr *only, dump_look_t look)
{
	struct nl_target target = target_dump(cmd, cb);
	struct dump *dump = dump_of(cb);
	unsigned int seq = dump->begun ? cb->seq : 0;
	int ret;

	kvmfault_table_begin();
	ret = dump_begin(dump, cb, only);
	/* Others that come or go make no difference to one, as long as it is there. */
	if (only && seq && kvmfault_table_find(dump->last))
		cb->seq = seq;
	kvmfault_table_end();
	if (ret)
		return ret;

	ret = dump_looks(skb, &target, dump, look);
	if (!ret && !only) {
		kvmfault_table_again();
		cb->seq = kvmfault_vm_generation();
		kvmfault_table_end();
	}
	return dump_result(skb, ret);
}

static int dump_vm_row(struct sk_buff *skb, const struct nl_target *target,
		       struct dump *dump, const struct kvmfault_vm *vm)
{
	dump_read(dump, vm);
	return kvmfault_vm_fill(skb, target, vm, kvmfault_vm_state(vm),
				&dump->scratch->row.counts);
}

int kvmfault_nl_vm_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_VM_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_VM_ID],
			  dump_vm_row);
}

static int dump_vm_vcpus(struct sk_buff *skb, const struct nl_target *target,
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
		ret = kvmfault_vcpu_fill(skb, target, vm->id, &rows[i]);
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

static int dump_vm_latency(struct sk_buff *skb, const struct nl_target *target,
			   struct dump *dump, const struct kvmfault_vm *vm)
{
	const struct kvmfault_total *total = dump->scratch->row.counts.total;
	int ret;

	dump_read(dump, vm);
	for (; dump->class <= dump->to; dump_next_class(dump)) {
		if (!kvmfault_table_has_class(&dump->scratch->row.counts,
					      dump->class))
			continue;
		ret = kvmfault_latency_fill(skb, target, vm->id, dump->class,
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

static int dump_vm_histogram(struct sk_buff *skb,
			     const struct nl_target *target, struct dump *dump,
			     const struct kvmfault_vm *vm)
{
	const u64 *bucket;
	int ret;

	dump_read(dump, vm);
	for (; dump->class <= dump->to; dump_next_class(dump)) {
		bucket = dump->scratch->row.counts.total[dump->class].bucket;
		while (buckets_left(bucket, dump->next)) {
			ret = kvmfault_histogram_fill(skb, target, vm->id,
						      dump->class, bucket,
						      &dump->next);
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

static int dump_vm_faults(struct sk_buff *skb, const struct nl_target *target,
			  struct dump *dump, const struct kvmfault_vm *vm)
{
	struct scratch *scratch = dump->scratch;
	int ret;

	/* Once for all buffers: outcomes that are learnt meanwhile make other rows. */
	if (!dump->read) {
		dump_read(dump, vm);
		scratch->nr_faults = kvmfault_table_faults(scratch->faults,
							   &scratch->row.counts);
	}
	for (; dump->next < scratch->nr_faults; dump->next++) {
		ret = kvmfault_fault_fill(skb, target, vm->id,
					  &scratch->faults[dump->next]);
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

static int dump_vm_shadow(struct sk_buff *skb, const struct nl_target *target,
			  struct dump *dump, const struct kvmfault_vm *vm)
{
	struct kvmfault_shadow_row shadow;

	dump_read(dump, vm);
	if (!kvmfault_table_shadow(&shadow, &dump->scratch->row))
		return 0;
	return kvmfault_shadow_fill(skb, target, &dump->scratch->row, &shadow);
}

int kvmfault_nl_shadow_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_SHADOW_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_SHADOW_VM],
			  dump_vm_shadow);
}

static int dump_vm_hot(struct sk_buff *skb, const struct nl_target *target,
		       struct dump *dump, const struct kvmfault_vm *vm)
{
	const struct kvmfault_digest *hot = &dump->scratch->hot;
	int ret;

	if (!dump->read) {
		if (!kvmfault_detail_is_on(&kvmfault_hot_detail))
			return 0;
		kvmfault_account_hot(&dump->scratch->hot, vm);
	}
	dump->read = true;
	for (; dump->next < hot->nr; dump->next++) {
		ret = kvmfault_hot_fill(skb, target, vm->id, dump->next + 1,
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

/* Return: false while nobody splits calls. */
static bool dump_read_stages(struct dump *dump, const struct kvmfault_vm *vm)
{
	if (!dump->read) {
		if (!kvmfault_detail_is_on(&kvmfault_stages_detail))
			return false;
		kvmfault_account_stages(&dump->scratch->stages, vm);
	}
	dump->read = true;
	return true;
}

static int dump_vm_stages(struct sk_buff *skb, const struct nl_target *target,
			  struct dump *dump, const struct kvmfault_vm *vm)
{
	int ret;

	if (!dump_read_stages(dump, vm))
		return 0;
	for (; dump->next < KVMFAULT_STAGES; dump->next++) {
		ret = kvmfault_stage_fill(skb, target, vm->id, dump->next,
					  &dump->scratch->stages.total[dump->next]);
		if (ret)
			return ret;
	}
	return 0;
}

int kvmfault_nl_stage_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_STAGE_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_STAGE_VM],
			  dump_vm_stages);
}

static int dump_vm_stage_histogram(struct sk_buff *skb,
				   const struct nl_target *target,
				   struct dump *dump,
				   const struct kvmfault_vm *vm)
{
	const u64 *bucket;
	int ret;

	if (!dump_read_stages(dump, vm))
		return 0;
	for (; dump->class < KVMFAULT_STAGES; dump_next_class(dump)) {
		bucket = dump->scratch->stages.total[dump->class].bucket;
		while (buckets_left(bucket, dump->next)) {
			ret = kvmfault_stage_histogram_fill(skb, target, vm->id,
							    dump->class, bucket,
							    &dump->next);
			if (ret)
				return ret;
		}
	}
	return 0;
}

int kvmfault_nl_stage_histogram_get_dumpit(struct sk_buff *skb,
					   struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_STAGE_HISTOGRAM_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_STAGE_VM],
			  dump_vm_stage_histogram);
}

static int dump_vm_host(struct sk_buff *skb, const struct nl_target *target,
			struct dump *dump, const struct kvmfault_vm *vm)
{
	const struct kvmfault_stage_total *host = dump->scratch->stages.host;
	int ret;

	if (!dump_read_stages(dump, vm))
		return 0;
	for (; dump->next < KVMFAULT_HOST_CAUSES; dump->next++) {
		if (!kvmfault_hist_count(host[dump->next].bucket))
			continue;
		ret = kvmfault_host_fill(skb, target, vm->id, dump->next,
					 &host[dump->next]);
		if (ret)
			return ret;
	}
	return 0;
}

int kvmfault_nl_host_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_HOST_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_HOST_VM],
			  dump_vm_host);
}

/* By number, not by place: some may not be stuck any more. */
static int dump_vm_stuck(struct sk_buff *skb, const struct nl_target *target,
			 struct dump *dump, const struct kvmfault_vm *vm)
{
	const struct kvmfault_vcpu **vcpus;
	struct kvmfault_stuck_row row;
	unsigned int i, nr;
	int ret = 0;

	vcpus = kvmfault_watch_vcpus(vm, &nr);
	if (IS_ERR(vcpus))
		return PTR_ERR(vcpus);

	for (i = 0; i < nr && !ret; i++) {
		if (vcpus[i]->id < dump->next)
			continue;
		dump->next = vcpus[i]->id;
		kvmfault_watch_row(&row, vcpus[i]);
		ret = kvmfault_stuck_fill(skb, target, &row);
	}
	kvfree(vcpus);
	return ret;
}

int kvmfault_nl_stuck_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_STUCK_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_STUCK_VM],
			  dump_vm_stuck);
}

static int look_setup(struct sk_buff *skb, const struct nl_target *target,
		      struct dump *dump, u64 id)
{
	struct kvmfault_setup setup;
	int ret;

	ret = kvmfault_setup_read(&setup, id);
	if (ret)
		return kvmfault_why_fill(skb, target, id, ret);
	return kvmfault_setup_fill(skb, target, id, &setup);
}

int kvmfault_nl_setup_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	return dump_setups(skb, cb, KVMFAULT_CMD_SETUP_GET,
			   kvmfault_dump_attrs(cb)[KVMFAULT_A_SETUP_VM],
			   look_setup);
}

/* All of a VM are of one moment. */
static int memslots_read(struct dump *dump, u64 id)
{
	struct scratch *scratch = dump->scratch;
	struct kvmfault_memslot *rows;

	if (dump->read)
		return 0;
	rows = kvmfault_setup_memslots(id, &scratch->nr_memslots);
	if (IS_ERR(rows))
		return PTR_ERR(rows);
	kvfree(scratch->memslots);
	scratch->memslots = rows;
	dump->read = true;
	return 0;
}

static int look_memslots(struct sk_buff *skb, const struct nl_target *target,
			 struct dump *dump, u64 id)
{
	const struct scratch *scratch = dump->scratch;
	int ret;

	ret = memslots_read(dump, id);
	if (ret && ret != -ENOMEM)
		return kvmfault_why_fill(skb, target, id, ret);
	for (; !ret && dump->next < scratch->nr_memslots; dump->next++) {
		ret = kvmfault_memslot_fill(skb, target, id,
					    &scratch->memslots[dump->next]);
		if (ret)
			break;
	}
	return ret;
}

int kvmfault_nl_memslot_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	return dump_setups(skb, cb, KVMFAULT_CMD_MEMSLOT_GET,
			   kvmfault_dump_attrs(cb)[KVMFAULT_A_MEMSLOT_VM],
			   look_memslots);
}

static int look_threads(struct sk_buff *skb, const struct nl_target *target,
			struct dump *dump, u64 id)
{
	struct kvmfault_thread *rows;
	unsigned int i, nr;
	int ret = 0;

	rows = kvmfault_setup_threads(id, &nr);
	if (PTR_ERR(rows) == -ENOMEM)
		return -ENOMEM;
	if (IS_ERR(rows))
		return kvmfault_why_fill(skb, target, id, PTR_ERR(rows));

	/* As of vCPUs that have faulted: there may be more than last time. */
	for (i = 0; i < nr && !ret; i++) {
		if (rows[i].vcpu < dump->next)
			continue;
		dump->next = rows[i].vcpu;
		ret = kvmfault_thread_fill(skb, target, id, &rows[i]);
	}
	kvfree(rows);
	return ret;
}

int kvmfault_nl_thread_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	return dump_setups(skb, cb, KVMFAULT_CMD_THREAD_GET,
			   kvmfault_dump_attrs(cb)[KVMFAULT_A_THREAD_VM],
			   look_threads);
}

static int dump_async_parts(struct sk_buff *skb, const struct nl_target *target,
			    struct dump *dump, u64 vm)
{
	const struct kvmfault_async_row *row = &dump->scratch->async;
	int ret;

	do {
		ret = kvmfault_async_fill(skb, target, vm, row, &dump->bucket);
		if (ret)
			return ret;
	} while (buckets_left(row->counts.bucket, dump->bucket));
	return 0;
}

/* What was read and not told to its end goes on. */
static int dump_async_gone(struct sk_buff *skb, const struct nl_target *target,
			   struct dump *dump)
{
	if (!dump->read)
		dump->read = kvmfault_async_row_gone(&dump->scratch->async);
	return dump->read ? dump_async_parts(skb, target, dump, 0) : 0;
}

static int dump_async_vcpu(struct sk_buff *skb, const struct nl_target *target,
			   struct dump *dump, const struct kvmfault_vm *vm,
			   const struct kvmfault_vcpu *vcpu)
{
	struct kvmfault_async_row *row = &dump->scratch->async;
	int ret;

	if (!dump->read)
		dump->read = kvmfault_async_row(row, vcpu);
	if (!dump->read)
		return 0;
	ret = dump_async_parts(skb, target, dump, vm->id);
	if (ret)
		return ret;
	dump->next = row->vcpu + 1;
	dump->bucket = 0;
	dump->read = false;
	return 0;
}

/* By number, not by place: there may be more than last time. */
static int dump_vm_async(struct sk_buff *skb, const struct nl_target *target,
			 struct dump *dump, const struct kvmfault_vm *vm)
{
	const struct kvmfault_vcpu **vcpus;
	unsigned int i, nr;
	int ret = 0;

	if (!vm->id)
		return dump_async_gone(skb, target, dump);
	vcpus = kvmfault_async_vcpus(vm, &nr);
	if (IS_ERR(vcpus))
		return PTR_ERR(vcpus);

	for (i = 0; i < nr && !ret; i++)
		if (vcpus[i]->id >= dump->next)
			ret = dump_async_vcpu(skb, target, dump, vm, vcpus[i]);
	kvfree(vcpus);
	return ret;
}

int kvmfault_nl_async_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	return dump_table(skb, cb, KVMFAULT_CMD_ASYNC_GET,
			  kvmfault_dump_attrs(cb)[KVMFAULT_A_ASYNC_VM],
			  dump_vm_async);
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
	struct nl_target target = target_dump(KVMFAULT_CMD_RECENT_GET, cb);
	const struct kvmfault_recent_row *row;
	struct dump *dump = dump_of(cb);
	int ret;

	dump_only_vm(dump, only);
	ret = recent_read(dump);
	for (; !ret && dump->next < dump->scratch->nr_recent; dump->next++) {
		row = &dump->scratch->recent[dump->next];
		if (row->vm < dump->vm || row->vm > dump->last)
			continue;
		ret = kvmfault_recent_fill(skb, &target, row);
		if (ret)
			break;
	}
	return dump_result(skb, ret);
}

static int dump_probes(struct sk_buff *skb, const struct nl_target *target,
		       struct dump *dump)
{
	struct kvmfault_probe_row row;
	int ret;

	for (; dump->next < KVMFAULT_POINTS; dump->next++) {
		if (!kvmfault_probe_row(dump->next, &row))
			continue;
		ret = kvmfault_probe_fill(skb, target, &row);
		if (ret)
			return ret;
	}
	for (; kvmfault_extra_row(dump->next - KVMFAULT_POINTS, &row);
	     dump->next++) {
		ret = kvmfault_probe_fill(skb, target, &row);
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * No lock is held from one row to the next, and where rows come and go the places
 * of others change: what was put into this buffer meanwhile is told with the next
 * one, or with the end.
 */
int kvmfault_nl_probe_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct nlattr *name = kvmfault_dump_attrs(cb)[KVMFAULT_A_PROBE_NAME];
	struct nl_target target = target_dump(KVMFAULT_CMD_PROBE_GET, cb);
	int ret;

	if (name) {
		NL_SET_ERR_MSG_ATTR(cb->extack, name,
				    "a dump is of all probes: ask for one without it");
		return -EINVAL;
	}

	cb->seq = kvmfault_probe_generation();
	ret = dump_probes(skb, &target, dump_of(cb));
	if (!ret)
		cb->seq = kvmfault_probe_generation();
	return dump_result(skb, ret);
}
