/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The record of one fault, filled on the way in and completed on the way out
 */
#ifndef KVMFAULT_FAULT_H
#define KVMFAULT_FAULT_H

#include <linux/types.h>

#include "decode.h"

struct kvm_vcpu;

/**
 * enum kvmfault_point_id - where a probe can sit
 * @KVMFAULT_POINT_VIOLATION: Intel's handler of EPT violations
 * @KVMFAULT_POINT_MISCONFIG: Intel's handler of EPT misconfigurations
 * @KVMFAULT_POINT_NPF: AMD's nested page faults, MMIO included
 * @KVMFAULT_POINT_TDP: the MMU's part
 * @KVMFAULT_POINT_DESTROY: the death of a VM
 * @KVMFAULT_POINT_WITNESS: what Intel's handlers call, until they are proven
 * @KVMFAULT_POINTS: how many there are
 */
enum kvmfault_point_id {
	KVMFAULT_POINT_VIOLATION,
	KVMFAULT_POINT_MISCONFIG,
	KVMFAULT_POINT_NPF,
	KVMFAULT_POINT_TDP,
	KVMFAULT_POINT_DESTROY,
	KVMFAULT_POINT_WITNESS,
	KVMFAULT_POINTS
};

/**
 * struct kvmfault_fault - one call of a probed function
 * @vcpu: whose fault it is; only compared and looked into while the call lasts
 * @start_ns: when the function was entered, on the monotonic clock
 * @duration_ns: from entry to return, sleep and preemption included
 * @ret: what the function returned
 * @point: where it was seen
 * @class: what it counts as
 * @end: how the exit ended; of no meaning for class tdp
 * @pf_fixed: KVM's own count on the way in, while recognise.c needs it
 */
struct kvmfault_fault {
	struct kvm_vcpu *vcpu;
	u64 start_ns;
	u64 duration_ns;
	long ret;
	enum kvmfault_point_id point;
	enum kvmfault_class class;
	enum kvmfault_end end;
	u64 pf_fixed;
};

/**
 * typedef kvmfault_enter_t - read what a probed function was called with
 * @fault: the record to fill in
 * @a0: first argument of the function
 * @a1: second argument
 * @a2: third argument
 *
 * Return: true if the call is a fault to count; false if it is none, or is
 * dealt with already.
 */
typedef bool (*kvmfault_enter_t)(struct kvmfault_fault *fault,
				 unsigned long a0, unsigned long a1,
				 unsigned long a2);

bool kvmfault_vmx_enter(struct kvmfault_fault *fault, unsigned long a0,
			unsigned long a1, unsigned long a2);
bool kvmfault_svm_enter(struct kvmfault_fault *fault, unsigned long a0,
			unsigned long a1, unsigned long a2);
bool kvmfault_tdp_enter(struct kvmfault_fault *fault, unsigned long a0,
			unsigned long a1, unsigned long a2);

void kvmfault_fault_start(struct kvmfault_fault *fault);
void kvmfault_fault_finish(struct kvmfault_fault *fault, long ret);

#endif /* KVMFAULT_FAULT_H */
