/* SPDX-License-Identifier: GPL-2.0 */
/* Made from include/netlink/kvmfault.yaml: change that, then say
 * `make -C selftests spec`.
 */
#ifndef KVMFAULT_NETLINK_GEN_H
#define KVMFAULT_NETLINK_GEN_H

#include <compat/netlink.h>

#define KVMFAULT_NL_OPS		23
#define KVMFAULT_NL_MCGRPS	3

/* Groups, by their place in the family. */
enum {
	KVMFAULT_NLGRP_VM,
	KVMFAULT_NLGRP_ALERT,
	KVMFAULT_NLGRP_SETUP,
};

extern const struct genl_ops kvmfault_nl_ops[KVMFAULT_NL_OPS];
extern const struct genl_multicast_group
kvmfault_nl_mcgrps[KVMFAULT_NL_MCGRPS];

int kvmfault_nl_dump_start(struct netlink_callback *cb);
int kvmfault_nl_dump_done(struct netlink_callback *cb);
int kvmfault_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int kvmfault_nl_vm_get_doit(struct sk_buff *skb, struct genl_info *info);
int kvmfault_nl_vm_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int kvmfault_nl_vcpu_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int kvmfault_nl_latency_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int kvmfault_nl_histogram_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);
int kvmfault_nl_probe_get_doit(struct sk_buff *skb, struct genl_info *info);
int kvmfault_nl_probe_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int kvmfault_nl_probe_set_doit(struct sk_buff *skb, struct genl_info *info);
int kvmfault_nl_settings_get_doit(struct sk_buff *skb, struct genl_info *info);
int kvmfault_nl_settings_set_doit(struct sk_buff *skb, struct genl_info *info);
int kvmfault_nl_reset_doit(struct sk_buff *skb, struct genl_info *info);
int kvmfault_nl_fault_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int kvmfault_nl_hot_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int kvmfault_nl_stuck_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int kvmfault_nl_recent_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int kvmfault_nl_stage_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int kvmfault_nl_stage_histogram_get_dumpit(struct sk_buff *skb,
					   struct netlink_callback *cb);
int kvmfault_nl_host_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int kvmfault_nl_async_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int kvmfault_nl_setup_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int kvmfault_nl_memslot_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int kvmfault_nl_thread_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int kvmfault_nl_translate_doit(struct sk_buff *skb, struct genl_info *info);
int kvmfault_nl_shadow_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);

#endif /* KVMFAULT_NETLINK_GEN_H */
