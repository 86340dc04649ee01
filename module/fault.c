// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a fault: start -> (the probed function runs) -> finish -> decode
 * -> account
 *
 * An engine calls both ends, with preemption off. In between the task may
 * sleep and wake on another CPU: nothing but the record is carried over.
 */
#include <linux/ktime.h>

#include "account.h"
#include "fault.h"
#include "learn.h"

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

	kvmfault_account(fault);
}
