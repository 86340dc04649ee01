// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family kvmfault; what it offers is specified in
 * include/netlink/kvmfault.yaml
 *
 * netlink_do.c answers, netlink_dump.c dumps, netlink_notify.c notifies, and
 * netlink_object.c has what they say.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>

#include <net/genetlink.h>

#include <compat/netlink.h>
#include <uapi/linux/kvmfault.h>

#include "alert.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "netlink_message.h"
#include "netlink_notify.h"

struct genl_family kvmfault_nl_family = {
	.name = KVMFAULT_FAMILY_NAME,
	.version = KVMFAULT_FAMILY_VERSION,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = kvmfault_nl_ops,
	.n_ops = KVMFAULT_NL_OPS,
	.mcgrps = kvmfault_nl_mcgrps,
	.n_mcgrps = KVMFAULT_MCGRP_GUARDED ? KVMFAULT_NL_MCGRPS : 0,
};

/* So often those who are in groups unasked are thrown out, while others join. */
#define REGISTER_TRIES	16

/* Where there is no memory for it. */
#define AGAIN_MS	10

/* Who has seen it may be half through a dump: there is no way back. */
static void family_register_again(void)
{
	while (genl_register_family(&kvmfault_nl_family))
		msleep(AGAIN_MS);
}

static bool groups_are_joined(void)
{
	unsigned int group;

	for (group = 0; group < kvmfault_nl_family.n_mcgrps; group++) {
		if (genl_has_listeners(&kvmfault_nl_family, &init_net, group))
			return true;
	}
	return false;
}

/*
 * The kernel asks nobody who joins a group by a number that no family has, and leaves
 * him in it when one is given that number. To take the family away throws out all who
 * are in its groups. Who joins again and again, to be in them whenever they come to be
 * there, has his way as far as that nobody is told.
 */
static int family_register(void)
{
	int ret = genl_register_family(&kvmfault_nl_family);
	unsigned int tries;

	for (tries = 1; !ret && groups_are_joined(); tries++) {
		genl_unregister_family(&kvmfault_nl_family);
		if (tries == REGISTER_TRIES) {
			pr_warn("somebody joins multicast groups who may not: there are no notifications until kvmfault is loaded again\n");
			kvmfault_nl_family.n_mcgrps = 0;
		}
		family_register_again();
	}
	return ret;
}

/**
 * kvmfault_netlink_init() - register the family
 *
 * In the initial network namespace only: no flag says otherwise.
 *
 * Return: 0 or an errno.
 */
int kvmfault_netlink_init(void)
{
	int ret = family_register();

	if (ret) {
		pr_err("cannot register the netlink family (error %d)\n", ret);
		return ret;
	}
	kvmfault_netlink_speak(true);
	return 0;
}

/**
 * kvmfault_netlink_exit() - take the family away
 *
 * On return no request is being answered. A dump that is half read holds the
 * module, so there is none.
 */
void kvmfault_netlink_exit(void)
{
	kvmfault_netlink_speak(false);
	kvmfault_alert_set_threshold(0);
	genl_unregister_family(&kvmfault_nl_family);
}
