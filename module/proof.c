// SPDX-License-Identifier: GPL-2.0
/*
 * Proof of fire: a probe that is armed may still be one that is never called
 *
 * Compilers split functions and call a part directly; a probe on the whole
 * then arms without an error and sees nothing. So each attach point has a
 * witness, which sees the same faults elsewhere:
 *
 *   Intel's two handlers    kvm_mmu_page_fault(), which both call; probed for
 *                           this purpose and left alone as soon as both fired
 *   AMD's nested faults     kvm_tdp_page_fault(), which they call
 *   kvm_tdp_page_fault()    the exits, which call it
 *
 * A witness that sees faults again and again while the point sees none has
 * found a bypassed probe.
 */
#include <linux/cpufeature.h>
#include <linux/kernel.h>
#include <linux/kvm_host.h>

#include <compat/kvm.h>

#include "decode.h"
#include "learn.h"
#include "look.h"
#include "probe.h"
#include "settle.h"
#include "shadow.h"

/*
 * A call that was under way when the probes were placed is no suspicion yet, and each
 * CPU may have one.
 */
#define SUSPICIONS	(64 + (int)nr_cpu_ids)

/* Written by handlers of all CPUs, but only until they are set, or found out. */
static bool fired[KVMFAULT_POINTS];
static atomic_t suspicions[KVMFAULT_POINTS];

static void suspect(enum kvmfault_point_id point)
{
	if (READ_ONCE(fired[point]))
		return;
	if (atomic_inc_return(&suspicions[point]) == SUSPICIONS)
		kvmfault_settle_kick();
}

/**
 * kvmfault_proof_witness() - kvm_mmu_page_fault() is called, on Intel
 * @kvm_vcpu: its first argument
 * @error_code: its third one, which the exit handler has made
 *
 * The handler of this exit was entered just before, on this CPU or, if it was
 * preempted, on another: it must have fired. But not for a TDX guest: it has a handler
 * of its own.
 */
void kvmfault_proof_witness(struct kvm_vcpu *kvm_vcpu, unsigned long error_code)
{
	/* It may be called before those who are to fire look. */
	if (!kvmfault_looks(KVMFAULT_LOOK_PROOF) ||
	    kvmfault_kvm_is_private(kvm_vcpu->kvm))
		return;
	suspect(kvmfault_decode_class(error_code) == KVMFAULT_MISCONFIG ?
		KVMFAULT_POINT_MISCONFIG : KVMFAULT_POINT_VIOLATION);
}

/**
 * kvmfault_proof_enter() - a point has fired
 * @fault: on its way in
 */
void kvmfault_proof_enter(struct kvmfault_fault *fault)
{
	fault->guest = kvmfault_shadow_guest(fault->call.vcpu);
	if (!READ_ONCE(fired[fault->point])) {
		WRITE_ONCE(fired[fault->point], true);
		kvmfault_settle_kick();
	}
}

/**
 * kvmfault_proof_finish() - what an exit called must have fired by now
 * @fault: on its way out
 */
void kvmfault_proof_finish(const struct kvmfault_fault *fault)
{
	/* Those of a guest's guest are for the functions of shadow paging. */
	if (fault->call.class == KVMFAULT_VIOLATION &&
	    fault->end == KVMFAULT_RESUMED && fault->guest == KVMFAULT_L1)
		suspect(KVMFAULT_POINT_TDP);
	/*
	 * What KVM asks by itself, as KVM_PRE_FAULT_MEMORY does, is in no exit. And on
	 * Intel exits do not count there: svm.h.
	 */
	if (fault->call.class == KVMFAULT_TDP &&
	    !boot_cpu_has(X86_FEATURE_VMX) &&
	    fault->cause != KVMFAULT_PREFETCH &&
	    fault->cause != KVMFAULT_CAUSE_UNKNOWN)
		suspect(KVMFAULT_POINT_NPF);
}

/**
 * kvmfault_proof_fired() - has a point fired since it was armed?
 * @point: the point
 */
bool kvmfault_proof_fired(enum kvmfault_point_id point)
{
	return READ_ONCE(fired[point]);
}

/**
 * kvmfault_proof_bypassed() - is a point armed in vain?
 * @point: the point
 */
bool kvmfault_proof_bypassed(enum kvmfault_point_id point)
{
	return !READ_ONCE(fired[point]) &&
	       atomic_read(&suspicions[point]) >= SUSPICIONS;
}

/**
 * kvmfault_proof_restart() - probes were placed anew: nothing is proven
 */
void kvmfault_proof_restart(void)
{
	enum kvmfault_point_id point;

	/* First, or points were suspected that could not say that they fire. */
	kvmfault_look_begin(KVMFAULT_LOOK_PROOF);
	for (point = 0; point < KVMFAULT_POINTS; point++) {
		WRITE_ONCE(fired[point], false);
		atomic_set(&suspicions[point], 0);
	}
}
