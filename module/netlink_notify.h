/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notifications of the netlink family: what the rest of the family needs of them
 */
#ifndef KVMFAULT_NETLINK_NOTIFY_H
#define KVMFAULT_NETLINK_NOTIFY_H

#include <linux/types.h>

/**
 * struct kvmfault_group - a multicast group, under kvmfault_settle_lock
 * @sent: notifications sent
 * @dropped: what could not be told to those who listened
 * @second: the second that @count is of
 * @count: notifications in it
 */
struct kvmfault_group {
	u64 sent;
	u64 dropped;
	unsigned long second;
	unsigned int count;
};

const struct kvmfault_group *kvmfault_group(unsigned int group);

/* In process context. */
void kvmfault_netlink_speak(bool value);

#endif /* KVMFAULT_NETLINK_NOTIFY_H */
