// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a fault's way: finish -> decode -> account -> trace event
 *
 * One function for exits and one for the MMU's part, each with everything in
 * it. Not traced: who traces all functions does not mean the tracer.
 */
#include "address.h"
#include "alert.h"
#include "clock.h"
#include "fault.h"
#include "learn.h"
#include "slot.h"
#include "tdp.h"
#include "way.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* The event: for those who want every single fault, with all its addresses. */
static noinline void trace(struct kvmfault_fault *fault,
			   struct kvmfault_vcpu *vcpu)
{
	struct kvmfault_address address;

	/* It was switched on after this fault began. */
	if (!fault->located || !vcpu)
		return;

	kvmfault_address_finish(fault, vcpu, &address);
	trace_kvmfault_fault(fault, vcpu, &address);
}

/**
 * kvmfault_fault_learn_enter() - learn from a fault on its way in
 * @fault: the record
 */
void kvmfault_fault_learn_enter(struct kvmfault_fault *fault)
{
	if (kvmfault_learns(KVMFAULT_LEARN_PROOF))
		kvmfault_proof_enter(fault);
	if (kvmfault_learns(KVMFAULT_LEARN_ABI))
		kvmfault_recognise_enter(fault);
}

static noinline void learn_finish(const struct kvmfault_fault *fault)
{
	if (kvmfault_learns(KVMFAULT_LEARN_PROOF))
		kvmfault_proof_finish(fault);
	if (kvmfault_learns(KVMFAULT_LEARN_ABI))
		kvmfault_recognise_finish(fault);
}

static __always_inline void stamp(struct kvmfault_fault *fault, long ret)
{
	fault->ret = ret;
	fault->duration_ns = kvmfault_clock_ns(fault->start, kvmfault_clock());
}

/**
 * kvmfault_fault_finish_exit() - complete the record of an exit, account it
 * @fault: the record
 * @ret: what the exit's handler returned
 */
notrace void kvmfault_fault_finish_exit(struct kvmfault_fault *fault, long ret)
{
	enum kvmfault_end end = kvmfault_decode_end(ret);
	struct kvmfault_vcpu *vcpu;

	stamp(fault, ret);
	fault->end = end;

	if (kvmfault_learns(KVMFAULT_LEARN_ANY))
		learn_finish(fault);

	vcpu = kvmfault_slot_count_exit(fault, end);
	kvmfault_alert_finish(fault, vcpu);
	if (trace_kvmfault_fault_enabled())
		trace(fault, vcpu);
}

/**
 * kvmfault_fault_finish_tdp() - complete the record of the MMU's part, account it
 * @fault: the record
 * @ret: what kvm_tdp_page_fault() returned
 */
notrace void kvmfault_fault_finish_tdp(struct kvmfault_fault *fault, long ret)
{
	unsigned int index = kvmfault_ret_index(ret);
	struct kvmfault_vcpu *vcpu;

	stamp(fault, ret);
	kvmfault_tdp_leave(fault, index);

	if (kvmfault_learns(KVMFAULT_LEARN_ANY))
		learn_finish(fault);

	vcpu = kvmfault_slot_count_tdp(fault, index);
	kvmfault_alert_finish(fault, vcpu);
	if (trace_kvmfault_fault_enabled())
		trace(fault, vcpu);
}
