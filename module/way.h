/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of a fault: enter -> (the probed function runs) -> finish, account
 *
 * An engine has both ends become part of its handlers: every instruction is paid
 * for by every fault of every guest, and selftests/bench has the bill. In between
 * the task may sleep and wake on another CPU: nothing but the records is carried
 * over.
 *
 * Where a point is wanted, it is a constant, so that nothing is left of the
 * choice.
 */
#ifndef KVMFAULT_WAY_H
#define KVMFAULT_WAY_H

#include "address.h"
#include "clock.h"
#include "fault.h"
#include "learn.h"
#include "look.h"
#include "shadow.h"
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
	case KVMFAULT_POINT_KICK:
		return kvmfault_svm_enter_kick(call, args);
	case KVMFAULT_POINT_TDP:
		return kvmfault_tdp_enter(call, args);
	case KVMFAULT_POINT_PAGING64:
	case KVMFAULT_POINT_PAGING32:
	case KVMFAULT_POINT_NONPAGING:
	case KVMFAULT_POINT_EPT:
		return kvmfault_shadow_enter(call, args);
	case KVMFAULT_POINT_DESTROY:
		kvmfault_vm_died((struct kvm *)args->arg[0]);
		kvmfault_account_hit(point);
		return false;
	case KVMFAULT_POINT_WITNESS:
		kvmfault_proof_witness((struct kvm_vcpu *)args->arg[0],
				       args->arg[2]);
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
	case KVMFAULT_POINT_PAGING64:
	case KVMFAULT_POINT_PAGING32:
	case KVMFAULT_POINT_NONPAGING:
	case KVMFAULT_POINT_EPT:
		return KVMFAULT_SHADOW;
	default:
		return call->class;
	}
}

/*
 * What those who look need to know of the call. Where engines keep both records
 * in one nothing is left of it.
 */
static __always_inline void
kvmfault_way_show(struct kvmfault_fault *fault,
		  const struct kvmfault_call *call,
		  enum kvmfault_point_id point)
{
	enum kvmfault_class class = kvmfault_way_class(call, point);

	if (&fault->call != call)
		fault->call = *call;
	fault->call.class = class;
	fault->point = point;
}

/**
 * kvmfault_way_start() - stamp a call on its way in
 * @call: the record, as kvmfault_way_read() has filled it in
 * @fault: the same for those who look
 * @point: where
 *
 * With preemption on or off.
 */
static __always_inline void kvmfault_way_start(struct kvmfault_call *call,
					       struct kvmfault_fault *fault,
					       enum kvmfault_point_id point)
{
	call->start = kvmfault_clock();
	if (point == KVMFAULT_POINT_TDP)
		kvmfault_watch_enter(call);
	else if (kvmfault_point_is_shadow(point))
		kvmfault_shadow_start(call, point);
	if (static_branch_unlikely(&kvmfault_look_key)) {
		kvmfault_way_show(fault, call, point);
		kvmfault_look_enter(fault);
		call->start = fault->call.start;
	}
}

/* It is none of its own: what it has left for a tdp call is not for the next one. */
static __always_inline void
kvmfault_way_unfinished(const struct kvmfault_call *call,
			struct kvmfault_fault *fault,
			enum kvmfault_point_id point)
{
	if (!static_branch_unlikely(&kvmfault_look_key))
		return;
	kvmfault_way_show(fault, call, point);
	kvmfault_address_lost(fault);
}

/**
 * kvmfault_way_finish() - a probed function returns: account the call
 * @call: the record
 * @fault: the same for those who look
 * @point: where
 * @ret: what the function returned
 *
 * With preemption off.
 */
static __always_inline void
kvmfault_way_finish(const struct kvmfault_call *call,
		    struct kvmfault_fault *fault, enum kvmfault_point_id point,
		    int ret)
{
	u64 ns;

	if (point == KVMFAULT_POINT_KICK) {
		/* Where nobody is signalled the exit goes on, and is counted later. */
		if (ret) {
			kvmfault_way_unfinished(call, fault, point);
			return;
		}
		/* The guest goes on: what the exit's handler returns. */
		ret = 1;
	}
	if (static_branch_unlikely(&kvmfault_look_key)) {
		kvmfault_way_show(fault, call, point);
		kvmfault_look_finish(fault, ret);
		return;
	}

	ns = kvmfault_clock_ns(call->start, kvmfault_clock());
	if (point == KVMFAULT_POINT_TDP)
		kvmfault_slot_count_tdp(call->vcpu, call->what,
					kvmfault_tdp_raw(call, ret), ns);
	else if (kvmfault_point_is_shadow(point))
		kvmfault_shadow_finish(call, point, ret, ns);
	else
		kvmfault_slot_count_exit(call->vcpu, point,
					 kvmfault_way_class(call, point), ret,
					 ns);
}

#endif /* KVMFAULT_WAY_H */
