/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Changes of how VMs are set up, told when they happen
 */
#ifndef KVMFAULT_CHANGES_H
#define KVMFAULT_CHANGES_H

int kvmfault_changes_init(void);
void kvmfault_changes_exit(void);

/* Under kvmfault_settle_lock. */
unsigned int kvmfault_changes_begun(void);
void kvmfault_changes_settle(unsigned int until);

#endif /* KVMFAULT_CHANGES_H */
