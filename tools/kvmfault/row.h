/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One fault as a line: kvm_watcher's columns, or JSON
 */
#ifndef KVMFAULT_ROW_H
#define KVMFAULT_ROW_H

#include "event.h"

void row_head(void);
void row_print(const struct event *event, uint64_t count);
void row_json(const struct event *event, uint64_t count);

#endif /* KVMFAULT_ROW_H */
