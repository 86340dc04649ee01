/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files about how VMs are set up
 */
#ifndef KVMFAULT_SETUP_FILES_H
#define KVMFAULT_SETUP_FILES_H

struct seq_file;

int kvmfault_setup_show(struct seq_file *file, void *unused);
int kvmfault_memslots_show(struct seq_file *file, void *unused);
int kvmfault_threads_show(struct seq_file *file, void *unused);

#endif /* KVMFAULT_SETUP_FILES_H */
