// SPDX-License-Identifier: GPL-2.0
/* Made from include/netlink/kvmfault.yaml: change that, then say
 * `make -C selftests spec`.
 */
#include <linux/kernel.h>
#include <uapi/linux/kvmfault.h>

#include "netlink-gen.h"

/* Of requests without attributes. */
static const struct nla_policy kvmfault_none_nl_policy[] = {
	[1] = { .type = NLA_REJECT },
};

static const struct nla_policy kvmfault_vm_get_nl_policy[] = {
	[KVMFAULT_A_VM_ID] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_vcpu_get_nl_policy[] = {
	[KVMFAULT_A_VCPU_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_latency_get_nl_policy[] = {
	[KVMFAULT_A_LATENCY_VM] = { .type = NLA_U64 },
	[KVMFAULT_A_LATENCY_CLASS] = NLA_POLICY_MAX(NLA_U32, 3),
};

static const struct nla_policy kvmfault_histogram_get_nl_policy[] = {
	[KVMFAULT_A_HISTOGRAM_VM] = { .type = NLA_U64 },
	[KVMFAULT_A_HISTOGRAM_CLASS] = NLA_POLICY_MAX(NLA_U32, 3),
};

static const struct nla_policy kvmfault_probe_get_nl_policy[] = {
	[KVMFAULT_A_PROBE_NAME] = { .type = NLA_NUL_STRING, .len = 63 },
};

static const struct nla_policy kvmfault_probe_set_nl_policy[] = {
	[KVMFAULT_A_PROBE_NAME] = { .type = NLA_NUL_STRING, .len = 63 },
	[KVMFAULT_A_PROBE_ENABLED] = NLA_POLICY_MAX(NLA_U32, 1),
};

static const struct nla_policy kvmfault_settings_set_nl_policy[] = {
	[KVMFAULT_A_SETTINGS_ALERT_NS] = { .type = NLA_U64 },
	[KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS] = NLA_POLICY_RANGE(NLA_U32, 1, 30000),
	[KVMFAULT_A_SETTINGS_ENGINE] = { .type = NLA_NUL_STRING, .len = 15 },
	[KVMFAULT_A_SETTINGS_RECENT] = NLA_POLICY_MAX(NLA_U32, 1),
	[KVMFAULT_A_SETTINGS_HOT] = NLA_POLICY_MAX(NLA_U32, 1),
	[KVMFAULT_A_SETTINGS_STUCK_MS] = { .type = NLA_U32 },
	[KVMFAULT_A_SETTINGS_STUCK_REPEATS] = NLA_POLICY_MAX(NLA_U32, 32767),
	[KVMFAULT_A_SETTINGS_STAGES] = NLA_POLICY_MAX(NLA_U32, 1),
	[KVMFAULT_A_SETTINGS_STAGES_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_fault_get_nl_policy[] = {
	[KVMFAULT_A_FAULT_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_hot_get_nl_policy[] = {
	[KVMFAULT_A_HOT_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_stuck_get_nl_policy[] = {
	[KVMFAULT_A_STUCK_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_recent_get_nl_policy[] = {
	[KVMFAULT_A_RECENT_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_stage_get_nl_policy[] = {
	[KVMFAULT_A_STAGE_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_stage_histogram_get_nl_policy[] = {
	[KVMFAULT_A_STAGE_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_host_get_nl_policy[] = {
	[KVMFAULT_A_HOST_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_async_get_nl_policy[] = {
	[KVMFAULT_A_ASYNC_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_setup_get_nl_policy[] = {
	[KVMFAULT_A_SETUP_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_memslot_get_nl_policy[] = {
	[KVMFAULT_A_MEMSLOT_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_thread_get_nl_policy[] = {
	[KVMFAULT_A_THREAD_VM] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_translate_nl_policy[] = {
	[KVMFAULT_A_TRANSLATION_VM] = { .type = NLA_U64 },
	[KVMFAULT_A_TRANSLATION_VCPU] = { .type = NLA_U32 },
	[KVMFAULT_A_TRANSLATION_GVA] = { .type = NLA_U64 },
	[KVMFAULT_A_TRANSLATION_GPA] = { .type = NLA_U64 },
	[KVMFAULT_A_TRANSLATION_HVA] = { .type = NLA_U64 },
};

static const struct nla_policy kvmfault_shadow_get_nl_policy[] = {
	[KVMFAULT_A_SHADOW_VM] = { .type = NLA_U64 },
};

const struct genl_ops kvmfault_nl_ops[] = {
	{
		.cmd = KVMFAULT_CMD_INFO_GET,
		.doit = kvmfault_nl_info_get_doit,
		.policy = kvmfault_none_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_none_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_VM_GET,
		.doit = kvmfault_nl_vm_get_doit,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_vm_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_vm_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_vm_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_VCPU_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_vcpu_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_vcpu_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_vcpu_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_LATENCY_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_latency_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_latency_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_latency_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_HISTOGRAM_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_histogram_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_histogram_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_histogram_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_PROBE_GET,
		.doit = kvmfault_nl_probe_get_doit,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_probe_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_probe_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_probe_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_PROBE_SET,
		.doit = kvmfault_nl_probe_set_doit,
		.policy = kvmfault_probe_set_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_probe_set_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_SETTINGS_GET,
		.doit = kvmfault_nl_settings_get_doit,
		.policy = kvmfault_none_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_none_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_SETTINGS_SET,
		.doit = kvmfault_nl_settings_set_doit,
		.policy = kvmfault_settings_set_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_settings_set_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_RESET,
		.doit = kvmfault_nl_reset_doit,
		.policy = kvmfault_none_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_none_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_FAULT_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_fault_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_fault_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_fault_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_HOT_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_hot_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_hot_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_hot_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_STUCK_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_stuck_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_stuck_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_stuck_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_RECENT_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_recent_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_recent_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_recent_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_STAGE_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_stage_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_stage_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_stage_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_STAGE_HISTOGRAM_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_stage_histogram_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_stage_histogram_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_stage_histogram_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_HOST_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_host_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_host_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_host_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_ASYNC_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_async_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_async_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_async_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_SETUP_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_setup_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_setup_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_setup_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_MEMSLOT_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_memslot_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_memslot_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_memslot_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_THREAD_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_thread_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_thread_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_thread_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_TRANSLATE,
		.doit = kvmfault_nl_translate_doit,
		.policy = kvmfault_translate_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_translate_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = KVMFAULT_CMD_SHADOW_GET,
		.start = kvmfault_nl_dump_start,
		.dumpit = kvmfault_nl_shadow_get_dumpit,
		.done = kvmfault_nl_dump_done,
		.policy = kvmfault_shadow_get_nl_policy,
		.maxattr = ARRAY_SIZE(kvmfault_shadow_get_nl_policy) - 1,
		.flags = GENL_ADMIN_PERM,
	},
};

const struct genl_multicast_group kvmfault_nl_mcgrps[] = {
	{ .name = "vm", KVMFAULT_MCGRP_ADMIN },
	{ .name = "alert", KVMFAULT_MCGRP_ADMIN },
	{ .name = "setup", KVMFAULT_MCGRP_ADMIN },
};
