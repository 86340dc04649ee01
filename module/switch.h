/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which engine is in use, and how another takes over
 */
#ifndef KVMFAULT_SWITCH_H
#define KVMFAULT_SWITCH_H

#include "probe.h"

int kvmfault_switch_init(const struct kvmfault_engine *with);
void kvmfault_switch_exit(void);
const struct kvmfault_engine *kvmfault_switch_find(const char *name);
int kvmfault_switch(const struct kvmfault_engine *with);
int kvmfault_switch_wait(void);
const char *kvmfault_switch_leaving(void);

#endif /* KVMFAULT_SWITCH_H */
