/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family kvmfault
 */
#ifndef KVMFAULT_NETLINK_H
#define KVMFAULT_NETLINK_H

#include <linux/types.h>

struct kvmfault_alert;
struct kvmfault_memslot;
struct kvmfault_stuck_row;
struct kvmfault_vcpu;
struct kvmfault_vm;

int kvmfault_netlink_init(void);
void kvmfault_netlink_exit(void);

/* Under kvmfault_settle_lock. */
void kvmfault_netlink_born(const struct kvmfault_vm *vm);
void kvmfault_netlink_died(const struct kvmfault_vm *vm);
void kvmfault_netlink_vcpu(const struct kvmfault_vm *vm,
			   const struct kvmfault_vcpu *vcpu);
void kvmfault_netlink_memslot(u64 vm, unsigned int change,
			      const struct kvmfault_memslot *slot);
void kvmfault_netlink_lost(unsigned int changes);
bool kvmfault_netlink_stuck(const struct kvmfault_stuck_row *row);

/* In process context. */
void kvmfault_netlink_alert(const struct kvmfault_alert *alert, u64 dropped);

#endif /* KVMFAULT_NETLINK_H */
