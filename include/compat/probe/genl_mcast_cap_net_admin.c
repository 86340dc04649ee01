// SPDX-License-Identifier: GPL-2.0
/* 6.7, and stable kernels: joining a group can ask for CAP_NET_ADMIN. */
#include <net/genetlink.h>

extern const struct genl_multicast_group group;
const struct genl_multicast_group group = {
	.name = "group",
	.flags = GENL_MCAST_CAP_NET_ADMIN,
};
