/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Alerts: faults that took too long are told while they are news
 */
#ifndef KVMFAULT_ALERT_H
#define KVMFAULT_ALERT_H

#include <linux/jump_label.h>
#include <linux/types.h>

#include "fault.h"
#include "vm.h"

/**
 * struct kvmfault_alert - what is told
 * @vm: the number of the VM
 * @vcpu: the number its VMM gave the vCPU
 * @class: of the fault
 * @gpa: the guest-physical address, or KVMFAULT_NOWHERE
 * @start_ns: when the fault began
 * @duration_ns: how long it took
 * @count: how many faults of the vCPU and class this stands for
 */
struct kvmfault_alert {
	u64 vm;
	int vcpu;
	enum kvmfault_class class;
	u64 gpa;
	u64 start_ns;
	u64 duration_ns;
	u64 count;
};

/* On while anybody wants alerts: off they cost a fault nothing. */
DECLARE_STATIC_KEY_FALSE(kvmfault_alert_key);

/* From which duration on. */
extern u64 kvmfault_alert_ns;

void kvmfault_alert_init(void);
void kvmfault_alert_exit(void);

/* In handlers, with preemption off. */
void kvmfault_alert_locate(struct kvmfault_fault *fault);
void kvmfault_alert_raise(const struct kvmfault_fault *fault,
			  const struct kvmfault_vcpu *vcpu);

/* On the way in. */
static __always_inline void kvmfault_alert_enter(struct kvmfault_fault *fault)
{
	if (static_branch_unlikely(&kvmfault_alert_key))
		kvmfault_alert_locate(fault);
}

/* On the way out; without @vcpu the fault was lost. */
static __always_inline void
kvmfault_alert_finish(const struct kvmfault_fault *fault,
		      const struct kvmfault_vcpu *vcpu)
{
	if (static_branch_unlikely(&kvmfault_alert_key) && vcpu &&
	    fault->duration_ns >= READ_ONCE(kvmfault_alert_ns))
		kvmfault_alert_raise(fault, vcpu);
}

/* In process context. */
u64 kvmfault_alert_threshold(void);
void kvmfault_alert_set_threshold(u64 ns);
unsigned int kvmfault_alert_interval_ms(void);
void kvmfault_alert_set_interval_ms(unsigned int ms);

#endif /* KVMFAULT_ALERT_H */
