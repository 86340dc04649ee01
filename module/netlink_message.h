/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of the family: whom they are for, and how attributes get in
 *
 * What puts attributes says whether there was room; a message or a nest that is
 * not complete is taken back.
 */
#ifndef KVMFAULT_NETLINK_MESSAGE_H
#define KVMFAULT_NETLINK_MESSAGE_H

#include <linux/build_bug.h>
#include <net/genetlink.h>

#include "address.h"

/* What the module calls a thing is what the ABI calls it. */
#define ABI_SAME(inside, outside)	\
	static_assert((int)KVMFAULT_##inside == (int)KVMFAULT_##outside)

extern struct genl_family kvmfault_nl_family;

/**
 * struct nl_target - whom a message is for
 * @cmd: what it says
 * @portid: the socket, 0 for a notification
 * @seq: the request
 * @cb: the dump it is part of, NULL otherwise
 */
struct nl_target {
	u8 cmd;
	u32 portid;
	u32 seq;
	struct netlink_callback *cb;
};

static inline struct nl_target target_reply(u8 cmd,
					    const struct genl_info *info)
{
	return (struct nl_target){
		.cmd = cmd,
		.portid = info->snd_portid,
		.seq = info->snd_seq,
	};
}

static inline struct nl_target target_dump(u8 cmd, struct netlink_callback *cb)
{
	return (struct nl_target){
		.cmd = cmd,
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.cb = cb,
	};
}

static inline void *message_begin(struct sk_buff *skb,
				  const struct nl_target *target)
{
	void *head;

	head = genlmsg_put(skb, target->portid, target->seq, &kvmfault_nl_family,
			   target->cb ? NLM_F_MULTI : 0, target->cmd);
	if (head && target->cb)
		genl_dump_check_consistent(target->cb, head);
	return head;
}

static inline int message_end(struct sk_buff *skb, void *head, bool complete)
{
	if (!complete) {
		genlmsg_cancel(skb, head);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, head);
	return 0;
}

/* On the architecture of KVM guests a u64 needs no padding. */
static inline bool put_u64(struct sk_buff *skb, int attribute, u64 value)
{
	return !nla_put(skb, attribute, sizeof(value), &value);
}

static inline bool put_u32(struct sk_buff *skb, int attribute, u32 value)
{
	return !nla_put_u32(skb, attribute, value);
}

static inline bool put_string(struct sk_buff *skb, int attribute,
			      const char *string)
{
	return !nla_put_string(skb, attribute, string);
}

/* One that is not known is left out. */
static inline bool put_address(struct sk_buff *skb, int attribute, u64 address)
{
	return address == KVMFAULT_NOWHERE || put_u64(skb, attribute, address);
}

static inline bool nest_end(struct sk_buff *skb, struct nlattr *nest,
			    bool complete)
{
	if (complete)
		nla_nest_end(skb, nest);
	else
		nla_nest_cancel(skb, nest);
	return complete;
}

#endif /* KVMFAULT_NETLINK_MESSAGE_H */
