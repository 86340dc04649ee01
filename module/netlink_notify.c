// SPDX-License-Identifier: GPL-2.0
/*
 * Notifications of the netlink family
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>

#include <uapi/linux/kvmfault.h>

#include "alert.h"
#include "netlink-gen.h"
#include "netlink_message.h"
#include "netlink_notify.h"
#include "netlink_object.h"
#include "netlink_setup.h"
#include "netlink.h"
#include "settle.h"
#include "setup.h"
#include "vm.h"
#include "watch.h"

/* Notifications about VMs in one second; a sane host has a few. */
#define VM_RATE		1000
/* About their set-up: a VM that starts has dozens. */
#define SETUP_RATE	5000
/* About vCPUs that are stuck; the others are told a little later. */
#define STUCK_RATE	100

static struct kvmfault_group groups[KVMFAULT_NL_MCGRPS];

/* Notifications can be sent; kvmfault_settle_lock. */
static bool registered;

static bool group_is_heard(unsigned int group)
{
	return registered && kvmfault_nl_family.n_mcgrps &&
	       genl_has_listeners(&kvmfault_nl_family, &init_net, group);
}

static bool group_may_speak(struct kvmfault_group *group, unsigned int rate)
{
	unsigned long second = jiffies / HZ;

	if (group->second != second) {
		group->second = second;
		group->count = 0;
	}
	return group->count++ < rate;
}

/*
 * Return: -ESRCH if it has reached nobody: they are gone, or are in another network
 * namespace, or were all too slow. A socket that is too slow is told so, and nobody
 * else is: that one of them wants senders to know says nothing of the others. If it is
 * the only one it is not told again, and has the kernel's word that it has lost something.
 *
 * Where senders may wait the kernel has them stand back for every socket that is half
 * full, and all who settle or read would wait with us.
 */
static int group_send(unsigned int group, struct sk_buff *skb, int error)
{
	if (error)
		nlmsg_free(skb);
	else
		error = genlmsg_multicast(&kvmfault_nl_family, skb, 0, group,
					  GFP_NOWAIT | __GFP_NOWARN);
	if (error == -ENOBUFS)
		error = 0;
	if (!error)
		groups[group].sent++;
	return error;
}

static void group_count(unsigned int group, int error)
{
	if (error && error != -ESRCH)
		groups[group].dropped++;
}

static void group_tell(unsigned int group, struct sk_buff *skb, int error)
{
	group_count(group, group_send(group, skb, error));
}

static void vm_tell(const struct kvmfault_vm *vm, u8 cmd,
		    enum kvmfault_vm_state state,
		    const struct kvmfault_counts *counts)
{
	struct nl_target target = { .cmd = cmd };
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
		   kvmfault_vm_fill(skb, &target, vm, state, counts));
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

/* NULL if nobody listens, or there is no way to tell those who do. */
static struct sk_buff *setup_begin(void)
{
	struct kvmfault_group *group = &groups[KVMFAULT_NLGRP_SETUP];
	struct sk_buff *skb = NULL;

	lockdep_assert_held(&kvmfault_settle_lock);

	if (!group_is_heard(KVMFAULT_NLGRP_SETUP))
		return NULL;
	if (group_may_speak(group, SETUP_RATE))
		skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		group->dropped++;
	return skb;
}

/**
 * kvmfault_netlink_vcpu() - tell that a vCPU was born
 * @vm: its VM
 * @vcpu: the vCPU
 */
void kvmfault_netlink_vcpu(const struct kvmfault_vm *vm,
			   const struct kvmfault_vcpu *vcpu)
{
	struct nl_target target = { .cmd = KVMFAULT_CMD_VCPU_BORN_NTF };
	struct kvmfault_thread thread = { .vcpu = vcpu->id, .cpu = -1 };
	struct sk_buff *skb = setup_begin();

	if (skb)
		group_tell(KVMFAULT_NLGRP_SETUP, skb,
			   kvmfault_thread_fill(skb, &target, vm->id, &thread));
}

/**
 * kvmfault_netlink_memslot() - tell that a memory slot has changed
 * @vm: the number of its VM
 * @change: what has become of it
 * @slot: the slot
 */
void kvmfault_netlink_memslot(u64 vm, unsigned int change,
			      const struct kvmfault_memslot *slot)
{
	struct nl_target target = { .cmd = KVMFAULT_CMD_MEMSLOT_CHANGED_NTF };
	struct sk_buff *skb = setup_begin();

	if (skb)
		group_tell(KVMFAULT_NLGRP_SETUP, skb,
			   kvmfault_change_fill(skb, &target, vm, change, slot));
}

/**
 * kvmfault_netlink_lost() - changes have come faster than they could be told
 * @changes: how many were lost
 */
void kvmfault_netlink_lost(unsigned int changes)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	if (group_is_heard(KVMFAULT_NLGRP_SETUP))
		groups[KVMFAULT_NLGRP_SETUP].dropped += changes;
}

static int alert_send(const struct kvmfault_alert *alert, u64 dropped)
{
	struct nl_target target = { .cmd = KVMFAULT_CMD_ALERT_NTF };
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return -ENOMEM;
	return group_send(KVMFAULT_NLGRP_ALERT, skb,
			  kvmfault_alert_fill(skb, &target, alert, dropped));
}

/**
 * kvmfault_netlink_stuck() - tell that a vCPU is stuck
 * @row: the vCPU
 *
 * Return: false if it is to be told again: there were many in this second, or it has
 * reached nobody.
 */
bool kvmfault_netlink_stuck(const struct kvmfault_stuck_row *row)
{
	const struct kvmfault_alert alert = {
		.kind = kvmfault_stuck_kind(row->how),
		.vm = row->vm->id,
		.vcpu = row->vcpu,
		.class = row->class,
		.gpa = row->gpa,
		.rip = row->rip,
		.outcome = row->outcome,
		.start_ns = ktime_get_mono_fast_ns() - row->for_ns,
		.duration_ns = row->for_ns,
		.count = row->faults,
	};

	lockdep_assert_held(&kvmfault_settle_lock);

	if (!group_is_heard(KVMFAULT_NLGRP_ALERT))
		return true;
	if (!group_may_speak(&groups[KVMFAULT_NLGRP_ALERT], STUCK_RATE))
		return false;
	return !alert_send(&alert, 0);
}

/**
 * kvmfault_netlink_alert() - tell that a fault took too long
 * @alert: the fault
 * @dropped: how many others could not be told since the last one
 */
void kvmfault_netlink_alert(const struct kvmfault_alert *alert, u64 dropped)
{
	mutex_lock(&kvmfault_settle_lock);
	if (group_is_heard(KVMFAULT_NLGRP_ALERT)) {
		groups[KVMFAULT_NLGRP_ALERT].dropped += dropped;
		group_count(KVMFAULT_NLGRP_ALERT, alert_send(alert, dropped));
	}
	mutex_unlock(&kvmfault_settle_lock);
}

/**
 * kvmfault_group() - what has become of the notifications of a group
 * @group: its place in the family
 *
 * For whoever does not mind that it changes.
 */
const struct kvmfault_group *kvmfault_group(unsigned int group)
{
	return &groups[group];
}

/**
 * kvmfault_netlink_speak() - from now on, or no more
 * @value: whether the family is registered
 */
void kvmfault_netlink_speak(bool value)
{
	mutex_lock(&kvmfault_settle_lock);
	registered = value;
	mutex_unlock(&kvmfault_settle_lock);
}
