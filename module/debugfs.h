/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files in /sys/kernel/debug/kvmfault
 */
#ifndef KVMFAULT_DEBUGFS_H
#define KVMFAULT_DEBUGFS_H

int kvmfault_debugfs_init(void);
void kvmfault_debugfs_exit(void);

#endif /* KVMFAULT_DEBUGFS_H */
