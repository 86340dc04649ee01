/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which faults are wanted
 */
#ifndef KVMFAULT_FILTER_H
#define KVMFAULT_FILTER_H

#include "event.h"
#include "options.h"

/* As long as the kernel takes a filter. */
#define FILTER	4096

void filter_text(char *text, const struct rows *vms, const struct options *options);
bool filter_wants(const struct event *event, const struct rows *vms);

#endif /* KVMFAULT_FILTER_H */
