/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of a fault: read -> start -> (the probed function runs) -> finish ->
 * account
 *
 * An engine calls both ends, with preemption off. In between the task may
 * sleep and wake on another CPU: nothing but the record is carried over.
 *
 * The beginning becomes part of each engine's handlers, the end is in fault.c:
 * every instruction of either is paid for by every fault of every guest, and
 * selftests/bench has the bill.
 */
#ifndef KVMFAULT_WAY_H
#define KVMFAULT_WAY_H

#include "account.h"
#include "address.h"
#include "alert.h"
#include "clock.h"
#include "fault.h"
#include "learn.h"
#include "svm.h"
#include "tdp.h"
#include "trace.h"
#include "vm.h"
#include "vmx.h"

/**
 * kvmfault_fault_read() - read what a probed function was called with
 * @fault: the record to fill in
 * @point: where; a constant, so that nothing is left of the switch
 * @args: the arguments
 *
 * Return: true if the call is a fault to count; false if it is none, or is
 * dealt with already.
 */
static __always_inline bool
kvmfault_fault_read(struct kvmfault_fault *fault, enum kvmfault_point_id point,
		    const struct kvmfault_args *args)
{
	fault->point = point;
	switch (point) {
	case KVMFAULT_POINT_VIOLATION:
		return kvmfault_vmx_enter(fault, KVMFAULT_VIOLATION, args);
	case KVMFAULT_POINT_MISCONFIG:
		return kvmfault_vmx_enter(fault, KVMFAULT_MISCONFIG, args);
	case KVMFAULT_POINT_NPF:
		return kvmfault_svm_enter(fault, args);
	case KVMFAULT_POINT_TDP:
		return kvmfault_tdp_enter(fault, args);
	case KVMFAULT_POINT_DESTROY:
		kvmfault_vm_died((struct kvm *)args->arg[0]);
		kvmfault_account_hit(point);
		return false;
	case KVMFAULT_POINT_WITNESS:
		kvmfault_proof_witness(args->arg[2]);
		return false;
	default:
		return false;
	}
}

/**
 * kvmfault_fault_start() - stamp a fault on its way in
 * @fault: the record, as kvmfault_fault_read() has filled it in
 *
 * Called last, so that our own work on the way in is not in the duration.
 */
static __always_inline void kvmfault_fault_start(struct kvmfault_fault *fault)
{
	if (kvmfault_learns(KVMFAULT_LEARN_ANY))
		kvmfault_fault_learn_enter(fault);

	fault->located = false;
	if (trace_kvmfault_fault_enabled())
		kvmfault_address_enter(fault);
	kvmfault_alert_enter(fault);

	fault->start = kvmfault_clock();
}

#endif /* KVMFAULT_WAY_H */
