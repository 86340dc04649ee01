// SPDX-License-Identifier: GPL-2.0
/* Stable 5.10: joining a group can ask for CAP_SYS_ADMIN. */
#include <net/genetlink.h>

extern const struct genl_multicast_group group;
const struct genl_multicast_group group = {
	.name = "group",
	.cap_sys_admin = 1,
};
