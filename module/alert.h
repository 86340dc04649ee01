/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Alerts: faults that took too long are told while they are news
 */
#ifndef KVMFAULT_ALERT_H
#define KVMFAULT_ALERT_H

#include <linux/types.h>

#include <uapi/linux/kvmfault.h>

#include "fault.h"
#include "vm.h"

/**
 * struct kvmfault_alert - what is told
 * @kind: why
 * @vm: the number of the VM
 * @vcpu: the number its VMM gave the vCPU
 * @class: of the fault
 * @gpa: the guest-physical address, or KVMFAULT_NOWHERE
 * @rip: the guest's instruction, likewise
 * @outcome: what it came to; of no meaning but for KVMFAULT_ALERT_KIND_REPEATS
 * @start_ns: when the fault began
 * @duration_ns: how long it took
 * @count: how many faults of the vCPU and class this stands for
 */
struct kvmfault_alert {
	enum kvmfault_alert_kind kind;
	u64 vm;
	int vcpu;
	enum kvmfault_class class;
	u64 gpa;
	u64 rip;
	enum kvmfault_outcome outcome;
	u64 start_ns;
	u64 duration_ns;
	u64 count;
};

void kvmfault_alert_init(void);
void kvmfault_alert_exit(void);

/* In handlers, with preemption off. */
void kvmfault_alert_finish(const struct kvmfault_fault *fault,
			   const struct kvmfault_vcpu *vcpu);

/* In process context. */
u64 kvmfault_alert_threshold(void);
void kvmfault_alert_set_threshold(u64 ns);
unsigned int kvmfault_alert_interval_ms(void);
void kvmfault_alert_set_interval_ms(unsigned int ms);

#endif /* KVMFAULT_ALERT_H */
