/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The record of one fault, filled on the way in and completed on the way out
 */
#ifndef KVMFAULT_FAULT_H
#define KVMFAULT_FAULT_H

#include <linux/types.h>

#include "abi.h"
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
 * @start: when the function was entered, a stamp of clock.h
 * @duration_ns: from entry to return, sleep and preemption included
 * @ret: what the function returned
 * @point: where it was seen
 * @class: what it counts as
 * @end: how the exit ended; of no meaning for class tdp
 * @access: what the guest wanted; class tdp, as the next four
 * @cause: why that faulted
 * @level: the mapping made
 * @gpa: the guest-physical address
 * @call: the second argument of tdp, which may be a struct in the caller's frame
 * @error_code: the third one, where that is the error code
 * @prefetch: the fourth one, likewise
 * @gva: what the guest accessed; if located, as the next
 * @rip: where it did
 * @located: somebody wanted to know, on the way in
 * @pf_fixed: KVM's own count on the way in, while recognise.c needs it
 */
struct kvmfault_fault {
	struct kvm_vcpu *vcpu;
	u64 start;
	u64 duration_ns;
	long ret;
	enum kvmfault_point_id point;
	enum kvmfault_class class;
	enum kvmfault_end end;
	enum kvmfault_access access;
	enum kvmfault_cause cause;
	enum kvmfault_level level;
	u64 gpa;
	unsigned long call;
	u32 error_code;
	u8 prefetch;
	u64 gva;
	u64 rip;
	bool located;
	u64 pf_fixed;
};

/**
 * struct kvmfault_args - what a probed function was called with
 * @arg: its first arguments; those it does not take hold anything
 */
struct kvmfault_args {
	unsigned long arg[4];
};

/*
 * Both ends of the way for engines, with preemption off; see way.h for the
 * beginning. What is left of the record is filled in here.
 */
void kvmfault_fault_finish_exit(struct kvmfault_fault *fault, long ret);
void kvmfault_fault_finish_tdp(struct kvmfault_fault *fault, long ret);

/* While there is something to learn. */
void kvmfault_fault_learn_enter(struct kvmfault_fault *fault);

#endif /* KVMFAULT_FAULT_H */
