/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects of the netlink family about how VMs are set up
 */
#ifndef KVMFAULT_NETLINK_SETUP_H
#define KVMFAULT_NETLINK_SETUP_H

#include "netlink_message.h"

struct kvmfault_memslot;
struct kvmfault_setup;
struct kvmfault_thread;
struct kvmfault_translation;

int kvmfault_why_fill(struct sk_buff *skb, const struct nl_target *target,
		      u64 vm, int error);
int kvmfault_setup_fill(struct sk_buff *skb, const struct nl_target *target,
			u64 vm, const struct kvmfault_setup *setup);
int kvmfault_memslot_fill(struct sk_buff *skb, const struct nl_target *target,
			  u64 vm, const struct kvmfault_memslot *slot);
int kvmfault_change_fill(struct sk_buff *skb, const struct nl_target *target,
			 u64 vm, unsigned int change,
			 const struct kvmfault_memslot *slot);
int kvmfault_thread_fill(struct sk_buff *skb, const struct nl_target *target,
			 u64 vm, const struct kvmfault_thread *thread);
int kvmfault_translation_fill(struct sk_buff *skb,
			      const struct nl_target *target,
			      const struct kvmfault_translation *t);

#endif /* KVMFAULT_NETLINK_SETUP_H */
