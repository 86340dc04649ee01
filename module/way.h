/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of a fault: enter -> (the probed function runs) -> finish, account
 *
 * An engine has both ends become part of its handlers: every instruction is paid
 * for by every fault of every guest, and selftests/bench has the bill. In between
 * the task may sleep and wake on another CPU: nothing but the records is carried
 * over. Preemption is off in both ends.
 *
 * Where a point is wanted, it is a constant, so that nothing is left of the
 * choice.
 */
#ifndef KVMFAULT_WAY_H
#define KVMFAULT_WAY_H

#include "clock.h"
#include "fault.h"
#include "learn.h"
#include "look.h"
#include "slot.h"
#include "svm.h"
#include "tdp.h"
#include "vm.h"
#include "vmx.h"
#include "watch.h"

/**
 * kvmfault_way_read() - read what a probed function was called with
 * @call: the record to fill in
 * @point: where
 * @args: the arguments
 *
 * Return: true if the call is a fault to count; false if it is none, or is
 * dealt with already.
 */
static __always_inline bool
kvmfault_way_read(struct kvmfault_call *call, enum kvmfault_point_id point,
		  const struct kvmfault_args *args)
{
	switch (point) {
	case KVMFAULT_POINT_VIOLATION:
	case KVMFAULT_POINT_MISCONFIG:
		return kvmfault_vmx_enter(call, args);
	case KVMFAULT_POINT_NPF:
		return kvmfault_svm_enter(call, args);
	case KVMFAULT_POINT_TDP:
		return kvmfault_tdp_enter(call, args);
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

static __always_inline enum kvmfault_class
kvmfault_way_class(const struct kvmfault_call *call,
		   enum kvmfault_point_id point)
{
	switch (point) {
	case KVMFAULT_POINT_VIOLATION:
		return KVMFAULT_VIOLATION;
	case KVMFAULT_POINT_MISCONFIG:
		return KVMFAULT_MISCONFIG;
	case KVMFAULT_POINT_TDP:
		return KVMFAULT_TDP;
	default:
		return call->class;
	}
}

/* What those who look need to know of the call. */
static __always_inline void
kvmfault_way_show(struct kvmfault_fault *fault,
		  const struct kvmfault_call *call,
		  enum kvmfault_point_id point)
{
	fault->vcpu = call->vcpu;
	fault->start = call->start;
	fault->class = kvmfault_way_class(call, point);
	fault->point = point;
	if (point == KVMFAULT_POINT_NPF)
		fault->gpa = call->gpa;
	if (point == KVMFAULT_POINT_TDP)
		fault->what = call->what;
}

/**
 * kvmfault_way_start() - stamp a call on its way in
 * @call: the record, as kvmfault_way_read() has filled it in
 * @fault: the same for those who look
 * @point: where
 *
 * Called last, so that our own work on the way in is not in the duration.
 */
static __always_inline void kvmfault_way_start(struct kvmfault_call *call,
					       struct kvmfault_fault *fault,
					       enum kvmfault_point_id point)
{
	call->start = kvmfault_clock();
	if (point == KVMFAULT_POINT_TDP)
		kvmfault_watch_enter(call);
	if (static_branch_unlikely(&kvmfault_look_key)) {
		kvmfault_way_show(fault, call, point);
		kvmfault_look_enter(fault);
		call->start = fault->start;
	}
}

static __always_inline u64 kvmfault_way_ns(const struct kvmfault_call *call)
{
	return kvmfault_clock_ns(call->start, kvmfault_clock());
}

/* An exit is back. */
static __always_inline void
kvmfault_way_finish_exit(const struct kvmfault_call *call,
			 struct kvmfault_fault *fault,
			 enum kvmfault_point_id point, long ret)
{
	enum kvmfault_end end = kvmfault_decode_end(ret);
	u64 ns = kvmfault_way_ns(call);
	struct kvmfault_vcpu *vcpu;

	vcpu = kvmfault_slot_count_exit(call->vcpu, point,
					kvmfault_way_class(call, point), end,
					ns);
	if (static_branch_unlikely(&kvmfault_look_key)) {
		kvmfault_way_show(fault, call, point);
		fault->ret = ret;
		fault->end = end;
		fault->duration_ns = ns;
		kvmfault_look_finish(fault, vcpu, 0);
	}
}

/* The MMU's part is back. */
static __always_inline void
kvmfault_way_finish_tdp(const struct kvmfault_call *call,
			struct kvmfault_fault *fault, long ret)
{
	u64 ns = kvmfault_way_ns(call);
	u64 raw = kvmfault_tdp_raw(call, ret);
	struct kvmfault_vcpu *vcpu;

	if (unlikely(kvmfault_ret_unfixed(ret)))
		vcpu = kvmfault_tdp_count_unfixed(call->vcpu, call->what, raw,
						  ns);
	else
		vcpu = kvmfault_slot_count_tdp(call->vcpu, raw, ns);
	if (static_branch_unlikely(&kvmfault_look_key)) {
		kvmfault_way_show(fault, call, KVMFAULT_POINT_TDP);
		fault->ret = ret;
		fault->duration_ns = ns;
		kvmfault_look_finish(fault, vcpu, raw);
	}
}

/**
 * kvmfault_way_finish() - a probed function returns: account the call
 * @call: the record
 * @fault: the same for those who look
 * @point: where
 * @ret: what the function returned
 */
static __always_inline void
kvmfault_way_finish(const struct kvmfault_call *call,
		    struct kvmfault_fault *fault, enum kvmfault_point_id point,
		    long ret)
{
	if (point == KVMFAULT_POINT_TDP)
		kvmfault_way_finish_tdp(call, fault, ret);
	else
		kvmfault_way_finish_exit(call, fault, point, ret);
}

#endif /* KVMFAULT_WAY_H */
