/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects of the netlink family: what is put into messages
 */
#ifndef KVMFAULT_NETLINK_OBJECT_H
#define KVMFAULT_NETLINK_OBJECT_H

#include <uapi/linux/kvmfault.h>

#include "fault.h"
#include "netlink_message.h"
#include "split.h"
#include "vm.h"
#include "watch.h"

struct kvmfault_alert;
struct kvmfault_async_row;
struct kvmfault_counts;
struct kvmfault_fault_row;
struct kvmfault_heat;
struct kvmfault_probe_row;
struct kvmfault_recent_row;
struct kvmfault_stage_total;
struct kvmfault_row;
struct kvmfault_shadow_row;
struct kvmfault_stuck_row;
struct kvmfault_total;
struct kvmfault_vcpu_row;

static inline enum kvmfault_vm_state
kvmfault_vm_state(const struct kvmfault_vm *vm)
{
	return vm->id ? KVMFAULT_VM_STATE_LIVE : KVMFAULT_VM_STATE_GONE;
}

static inline enum kvmfault_alert_kind
kvmfault_stuck_kind(enum kvmfault_stuck how)
{
	switch (how) {
	case KVMFAULT_STUCK_ASLEEP:
		return KVMFAULT_ALERT_KIND_ASLEEP;
	case KVMFAULT_STUCK_ASYNC:
		return KVMFAULT_ALERT_KIND_ASYNC;
	default:
		return KVMFAULT_ALERT_KIND_REPEATS;
	}
}

int kvmfault_vm_fill(struct sk_buff *skb, const struct nl_target *target,
		     const struct kvmfault_vm *vm, enum kvmfault_vm_state state,
		     const struct kvmfault_counts *counts);
int kvmfault_vcpu_fill(struct sk_buff *skb, const struct nl_target *target,
		       u64 vm, const struct kvmfault_vcpu_row *row);
int kvmfault_latency_fill(struct sk_buff *skb, const struct nl_target *target,
			  u64 vm, enum kvmfault_class class,
			  const struct kvmfault_total *total);
int kvmfault_histogram_fill(struct sk_buff *skb, const struct nl_target *target,
			    u64 vm, enum kvmfault_class class,
			    const u64 *bucket, unsigned int *next);
int kvmfault_fault_fill(struct sk_buff *skb, const struct nl_target *target,
			u64 vm, const struct kvmfault_fault_row *row);
int kvmfault_shadow_fill(struct sk_buff *skb, const struct nl_target *target,
			 const struct kvmfault_row *row,
			 const struct kvmfault_shadow_row *shadow);
int kvmfault_hot_fill(struct sk_buff *skb, const struct nl_target *target,
		      u64 vm, unsigned int rank,
		      const struct kvmfault_heat *heat);
int kvmfault_stuck_fill(struct sk_buff *skb, const struct nl_target *target,
			const struct kvmfault_stuck_row *row);
int kvmfault_async_fill(struct sk_buff *skb, const struct nl_target *target,
			u64 vm, const struct kvmfault_async_row *row,
			unsigned int *next);
int kvmfault_recent_fill(struct sk_buff *skb, const struct nl_target *target,
			 const struct kvmfault_recent_row *row);
int kvmfault_probe_fill(struct sk_buff *skb, const struct nl_target *target,
			const struct kvmfault_probe_row *row);
int kvmfault_stage_fill(struct sk_buff *skb, const struct nl_target *target,
			u64 vm, enum kvmfault_stage stage,
			const struct kvmfault_stage_total *total);
int kvmfault_stage_histogram_fill(struct sk_buff *skb,
				  const struct nl_target *target, u64 vm,
				  enum kvmfault_stage stage, const u64 *bucket,
				  unsigned int *next);
int kvmfault_host_fill(struct sk_buff *skb, const struct nl_target *target,
		       u64 vm, enum kvmfault_host cause,
		       const struct kvmfault_stage_total *total);
int kvmfault_settings_fill(struct sk_buff *skb, const struct nl_target *target);
int kvmfault_info_fill(struct sk_buff *skb, const struct nl_target *target,
		       const struct kvmfault_counts *counts,
		       unsigned int nr_live, u64 nr_gone);
int kvmfault_reset_fill(struct sk_buff *skb, const struct nl_target *target,
			const struct kvmfault_counts *counts);
int kvmfault_alert_fill(struct sk_buff *skb, const struct nl_target *target,
			const struct kvmfault_alert *alert, u64 dropped);

#endif /* KVMFAULT_NETLINK_OBJECT_H */
