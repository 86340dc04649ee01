// SPDX-License-Identifier: GPL-2.0
/*
 * What is looked at beside counting: learning, alerts, the trace event,
 * the last faults, hot addresses, stages
 */
#include <linux/mutex.h>

#include "address.h"
#include "alert.h"
#include "clock.h"
#include "fault.h"
#include "hot.h"
#include "learn.h"
#include "look.h"
#include "raw.h"
#include "recent.h"
#include "shadow.h"
#include "slot.h"
#include "stages.h"
#include "steps.h"
#include "tdp.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* What is to be learnt is so from the first fault on. */
atomic_t kvmfault_looking = ATOMIC_INIT(KVMFAULT_LOOK_ABI |
					KVMFAULT_LOOK_PROOF);
DEFINE_STATIC_KEY_TRUE(kvmfault_look_key);

/* The key follows the bits that are set, however many set them at once. */
static DEFINE_MUTEX(look_lock);

/**
 * kvmfault_look_begin() - somebody wants to look
 * @what: bits
 */
void kvmfault_look_begin(int what)
{
	mutex_lock(&look_lock);
	if ((what & KVMFAULT_LOOK_WHERE) && !kvmfault_looks(KVMFAULT_LOOK_WHERE))
		kvmfault_address_turn();
	atomic_or(what, &kvmfault_looking);
	static_branch_enable(&kvmfault_look_key);
	mutex_unlock(&look_lock);
}

/**
 * kvmfault_look_done() - somebody has seen enough
 * @what: bits
 *
 * A handler may say so; the key it cannot turn, see kvmfault_look_review().
 */
void kvmfault_look_done(int what)
{
	atomic_andnot(what, &kvmfault_looking);
}

/**
 * kvmfault_look_review() - spare handlers the test once nobody looks
 */
void kvmfault_look_review(void)
{
	mutex_lock(&look_lock);
	if (!atomic_read(&kvmfault_looking))
		static_branch_disable(&kvmfault_look_key);
	mutex_unlock(&look_lock);
}

/**
 * kvmfault_look_end() - somebody does not want to look any more
 * @what: bits
 */
void kvmfault_look_end(int what)
{
	kvmfault_look_done(what);
	kvmfault_look_review();
}

/* The trace event comes to life: called by tracing. */
int kvmfault_trace_begin(void)
{
	kvmfault_look_begin(KVMFAULT_LOOK_EVENT);
	return 0;
}

/* Its last listener is gone. */
void kvmfault_trace_end(void)
{
	kvmfault_look_end(KVMFAULT_LOOK_EVENT);
}

/**
 * kvmfault_look_enter() - look at a fault on its way in
 * @fault: the record, which is stamped anew by this: our own work on the way in
 *	is not in the duration
 */
notrace void kvmfault_look_enter(struct kvmfault_fault *fault)
{
	struct kvmfault_steps *steps = NULL;
	u64 mark = 0;

	preempt_disable_notrace();
	if (kvmfault_looks(KVMFAULT_LOOK_PROOF))
		kvmfault_proof_enter(fault);
	if (kvmfault_looks(KVMFAULT_LOOK_ABI))
		kvmfault_recognise_enter(fault);
	if (kvmfault_looks(KVMFAULT_LOOK_WHERE)) {
		kvmfault_address_enter(fault);
		mark = KVMFAULT_CLOCK_MARK;
	}
	if (kvmfault_looks(KVMFAULT_LOOK_STAGES) &&
	    fault->call.class == KVMFAULT_TDP)
		steps = kvmfault_steps_begin(fault);
	fault->call.start = kvmfault_clock() | mark;
	if (steps)
		steps->start = fault->call.start;
	preempt_enable_notrace();
}

static void learn(const struct kvmfault_fault *fault)
{
	if (kvmfault_looks(KVMFAULT_LOOK_PROOF))
		kvmfault_proof_finish(fault);
	if (kvmfault_looks(KVMFAULT_LOOK_ABI))
		kvmfault_recognise_finish(fault);
}

/* With all that the exit and the tdp call in it know of each other. */
static void tell(struct kvmfault_fault *fault, struct kvmfault_vcpu *vcpu)
{
	struct kvmfault_address address;

	kvmfault_address_finish(fault, vcpu, &address);
	if (kvmfault_looks(KVMFAULT_LOOK_EVENT))
		trace_kvmfault_fault(fault, vcpu, &address);
	if (kvmfault_looks(KVMFAULT_LOOK_RECENT))
		kvmfault_recent_add(fault, vcpu, &address);
	if (kvmfault_looks(KVMFAULT_LOOK_HOT))
		kvmfault_hot_count(fault);
}

static void decode(struct kvmfault_fault *fault, u64 raw)
{
	fault->ret_index = kvmfault_raw_ret(raw);
	fault->access = kvmfault_raw_access(raw);
	fault->cause = kvmfault_raw_cause(raw);
	fault->level = kvmfault_raw_level(raw);
}

static struct kvmfault_vcpu *count_shadow(struct kvmfault_fault *fault)
{
	u64 raw = kvmfault_shadow_raw(&fault->call, fault->ret);

	decode(fault, raw);
	fault->gpa = kvmfault_shadow_gpa(&fault->call, raw);
	return kvmfault_shadow_count(fault->call.vcpu, fault->point, raw,
				     fault->duration_ns);
}

static struct kvmfault_vcpu *count_exit(struct kvmfault_fault *fault)
{
	fault->end = kvmfault_decode_end(fault->ret);
	return kvmfault_slot_count_exit(fault->call.vcpu, fault->point,
					fault->call.class, fault->ret,
					fault->duration_ns);
}

/* Count the fault as one that nobody looks at is counted. */
static struct kvmfault_vcpu *count(struct kvmfault_fault *fault)
{
	const struct kvmfault_call *call = &fault->call;
	u64 raw;

	if (call->class == KVMFAULT_SHADOW)
		return count_shadow(fault);
	if (call->class != KVMFAULT_TDP)
		return count_exit(fault);

	raw = kvmfault_tdp_raw(call, fault->ret);
	if (kvmfault_raw_unfixed(raw))
		raw = kvmfault_tdp_raw_unfixed(call->vcpu, call->what, raw);
	decode(fault, raw);
	fault->gpa = kvmfault_tdp_gpa_of(call->what, raw);
	return kvmfault_slot_count_tdp(call->vcpu, call->what, raw,
				       fault->duration_ns);
}

/**
 * kvmfault_look_finish() - count a fault on its way out, and look at it
 * @fault: the record, with its call
 * @ret: what the function returned
 */
notrace void kvmfault_look_finish(struct kvmfault_fault *fault, int ret)
{
	struct kvmfault_vcpu *vcpu;
	u64 end = kvmfault_clock();

	fault->ret = ret;
	fault->duration_ns = kvmfault_clock_ns(fault->call.start, end);
	vcpu = count(fault);
	learn(fault);
	if (!vcpu) {
		kvmfault_address_lost(fault);
		return;
	}

	/* Without the mark somebody began to look after the fault began. */
	if (fault->call.start & KVMFAULT_CLOCK_MARK) {
		tell(fault, vcpu);
	} else {
		fault->home = KVMFAULT_NOWHERE;
		fault->rip = KVMFAULT_NOWHERE;
	}
	if (kvmfault_looks(KVMFAULT_LOOK_ALERT))
		kvmfault_alert_finish(fault, vcpu);
	/* Last: it may let go of the slot. */
	if (kvmfault_looks(KVMFAULT_LOOK_STAGES) &&
	    fault->call.class == KVMFAULT_TDP)
		kvmfault_stages_count(fault, vcpu, end);
}
