/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One page for a person
 */
#ifndef KVMFAULT_SUMMARY_H
#define KVMFAULT_SUMMARY_H

struct seq_file;

int kvmfault_summary_show(struct seq_file *file, void *unused);

#endif /* KVMFAULT_SUMMARY_H */
