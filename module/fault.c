// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a fault: start -> (the probed function runs) -> finish -> decode
 * -> account -> trace event
 *
 * An engine calls both ends, with preemption off. In between the task may
 * sleep and wake on another CPU: nothing but the record is carried over.
 */
#include <linux/ktime.h>

#include "account.h"
#include "address.h"
#include "fault.h"
#include "learn.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* The event: for those who want every single fault, with all its addresses. */
static void trace(struct kvmfault_fault *fault, struct kvmfault_vcpu *vcpu)
{
	struct kvmfault_address address;

	/* It was switched on after this fault began. */
	if (!fault->located || !vcpu)
		return;

	kvmfault_address_finish(fault, vcpu, &address);
	trace_kvmfault_fault(fault, vcpu, &address);
}

/**
 * kvmfault_fault_start() - stamp a fault on its way in
 * @fault: the record, already filled in by the point's enter function
 *
 * Called last, so that our own work on the way in is not in the duration.
 */
void kvmfault_fault_start(struct kvmfault_fault *fault)
{
	if (kvmfault_learns(KVMFAULT_LEARN_PROOF))
		kvmfault_proof_enter(fault);
	if (kvmfault_learns(KVMFAULT_LEARN_ABI))
		kvmfault_recognise_enter(fault);

	fault->located = false;
	if (trace_kvmfault_fault_enabled())
		kvmfault_address_enter(fault);

	fault->start_ns = ktime_get_mono_fast_ns();
}

/**
 * kvmfault_fault_finish() - complete a fault on its way out and account it
 * @fault: the record
 * @ret: what the probed function returned
 */
void kvmfault_fault_finish(struct kvmfault_fault *fault, long ret)
{
	u64 now = ktime_get_mono_fast_ns();
	struct kvmfault_vcpu *vcpu;

	/* The fast clock may step back a little between CPUs. */
	fault->duration_ns = now > fault->start_ns ? now - fault->start_ns : 0;
	fault->ret = ret;
	if (fault->class == KVMFAULT_TDP)
		kvmfault_tdp_leave(fault);
	else
		fault->end = kvmfault_decode_end(ret);

	if (kvmfault_learns(KVMFAULT_LEARN_PROOF))
		kvmfault_proof_finish(fault);
	if (kvmfault_learns(KVMFAULT_LEARN_ABI))
		kvmfault_recognise_finish(fault);

	vcpu = kvmfault_account(fault);
	if (trace_kvmfault_fault_enabled())
		trace(fault, vcpu);
}
