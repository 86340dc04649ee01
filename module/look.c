// SPDX-License-Identifier: GPL-2.0
/*
 * What is looked at beside counting: learning, alerts, the trace event
 */
#include <linux/mutex.h>

#include "address.h"
#include "alert.h"
#include "clock.h"
#include "fault.h"
#include "learn.h"
#include "look.h"
#include "raw.h"
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
 * @fault: the record, which is stamped by this
 */
void kvmfault_look_enter(struct kvmfault_fault *fault)
{
	u64 mark = 0;

	if (kvmfault_looks(KVMFAULT_LOOK_PROOF))
		kvmfault_proof_enter(fault);
	if (kvmfault_looks(KVMFAULT_LOOK_ABI))
		kvmfault_recognise_enter(fault);
	if (kvmfault_looks(KVMFAULT_LOOK_WHERE)) {
		kvmfault_address_enter(fault);
		mark = KVMFAULT_CLOCK_MARK;
	}
	fault->start = kvmfault_clock() | mark;
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
}

static void decode(struct kvmfault_fault *fault, u64 raw)
{
	fault->access = kvmfault_raw_access(raw);
	fault->cause = kvmfault_raw_cause(raw);
	fault->level = kvmfault_raw_level(raw);
	fault->gpa = kvmfault_tdp_gpa_of(fault->what, raw);
}

/**
 * kvmfault_look_finish() - look at a fault on its way out
 * @fault: the record, accounted
 * @vcpu: the record of its vCPU, or NULL if the fault was lost
 * @raw: what a tdp call was about
 */
void kvmfault_look_finish(struct kvmfault_fault *fault,
			  struct kvmfault_vcpu *vcpu, u64 raw)
{
	if (fault->class == KVMFAULT_TDP)
		decode(fault, raw);
	learn(fault);
	if (!vcpu)
		return;

	/* Without the mark somebody began to look after the fault began. */
	if (fault->start & KVMFAULT_CLOCK_MARK)
		tell(fault, vcpu);
	else
		fault->gpa = KVMFAULT_NOWHERE;
	if (kvmfault_looks(KVMFAULT_LOOK_ALERT))
		kvmfault_alert_finish(fault, vcpu);
}
