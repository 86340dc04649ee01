/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far a tdp call has come, seen by probes within it
 */
#ifndef KVMFAULT_STEPS_H
#define KVMFAULT_STEPS_H

#include <linux/types.h>

#include "probe.h"
#include "split.h"

struct kvmfault_fault;
struct kvmfault_steps;
struct kvmfault_vcpu;

/* In process context: place the probes, and remove them. */
int kvmfault_steps_arm(void);
void kvmfault_steps_disarm(void);

/* Anywhere. */
u64 kvmfault_steps_only(void);
void kvmfault_steps_set_only(u64 vm);
enum kvmfault_probe_state kvmfault_steps_state(enum kvmfault_stage stage);

/* In handlers, with preemption off. */
struct kvmfault_steps *kvmfault_steps_begin(const struct kvmfault_fault *fault);
bool kvmfault_steps_end(struct kvmfault_split *split,
			enum kvmfault_host *cause,
			const struct kvmfault_fault *fault,
			struct kvmfault_vcpu *vcpu, u64 end);

#endif /* KVMFAULT_STEPS_H */
