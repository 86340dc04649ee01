/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generic netlink, as kernels differ in it
 */
#ifndef KVMFAULT_COMPAT_NETLINK_H
#define KVMFAULT_COMPAT_NETLINK_H

#include <net/genetlink.h>

#include <compat/config.h>

/*
 * Who may listen to a group. A kernel that can guard a group only by
 * CAP_SYS_ADMIN asks for that, and one that cannot guard it has no groups.
 */
#if defined(HAVE_GENL_MCAST_CAP_NET_ADMIN)
#define KVMFAULT_MCGRP_ADMIN	.flags = GENL_MCAST_CAP_NET_ADMIN
#define KVMFAULT_MCGRP_GUARDED	true
#elif defined(HAVE_GENL_MCAST_CAP_SYS_ADMIN)
#define KVMFAULT_MCGRP_ADMIN	.cap_sys_admin = 1
#define KVMFAULT_MCGRP_GUARDED	true
#else
#define KVMFAULT_MCGRP_ADMIN	.name[GENL_NAMSIZ - 1] = 0
#define KVMFAULT_MCGRP_GUARDED	false
#endif

/* The attributes that a dump was asked with. */
static inline struct nlattr **kvmfault_dump_attrs(struct netlink_callback *cb)
{
#ifdef HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

#endif /* KVMFAULT_COMPAT_NETLINK_H */
