// SPDX-License-Identifier: GPL-2.0
/*
 * The addresses of a fault
 *
 * The CPU tells the first ones at the exit, KVM's memslots and MMU the last ones
 * in the tdp call within it. Each class is reported with all of them, so what
 * one learns is left in the vCPU's record for the other.
 *
 * This costs more than counting does. It is done only while somebody looks at
 * them: by the trace event, alerts, recent faults or hot addresses.
 */
#include <linux/atomic.h>
#include <linux/cpufeature.h>
#include <linux/kvm_host.h>

#include <compat/kvm.h>

#include "address.h"
#include "fault.h"
#include "learn.h"
#include "shadow.h"
#include "table.h"
#include "tdp.h"
#include "vm.h"

/* KVM marks what is no frame by one of the highest bits. */
#define PFN_ERROR_BITS	GENMASK_ULL(63, 52)

/* Exits that began in another turn are over, or not seen to end; odd, so never 0. */
static atomic_t turn = ATOMIC_INIT(1);

/*
 * AMD's KVM copies the RIP of every exit there, but of who hides his registers; the
 * address is not reported.
 */
static void svm_address(struct kvmfault_fault *fault)
{
	/* There the exit is one of shadow paging. */
	if (boot_cpu_has(X86_FEATURE_VMX))
		fault->rip = kvmfault_vmx_rip();
	else
		fault->rip = kvmfault_vcpu_rip(fault->call.vcpu);
}

/* Do addresses lead through page tables that the guest has made for its guest? */
static bool is_apart(const struct kvm_vcpu *vcpu)
{
	return vcpu->arch.mmu == &vcpu->arch.guest_mmu;
}

/**
 * kvmfault_address_turn() - nobody has looked, or exits are not seen to end
 *
 * An exit that began before is not the one that a tdp call is part of.
 */
void kvmfault_address_turn(void)
{
	atomic_add(2, &turn);
}

/**
 * kvmfault_address_enter() - ask the CPU
 * @fault: on its way in
 *
 * Not in a tdp call: on Intel it may be on behalf of a TDX guest, whose VMCS is
 * not the current one.
 */
void kvmfault_address_enter(struct kvmfault_fault *fault)
{
	struct kvmfault_vcpu *vcpu;

	fault->gva = KVMFAULT_NOWHERE;
	fault->rip = KVMFAULT_NOWHERE;
	fault->guest = kvmfault_shadow_guest(fault->call.vcpu);
	/* Now: on its way out KVM may have gone back to the guest. */
	fault->apart = fault->guest == KVMFAULT_L2 && is_apart(fault->call.vcpu);

	switch (fault->point) {
	case KVMFAULT_POINT_VIOLATION:
	case KVMFAULT_POINT_MISCONFIG:
		fault->gpa = KVMFAULT_NOWHERE;
		kvmfault_vmx_address(fault);
		break;
	case KVMFAULT_POINT_NPF:
	case KVMFAULT_POINT_KICK:
		fault->gpa = fault->call.gpa;
		svm_address(fault);
		break;
	default:
		return;
	}

	vcpu = kvmfault_vcpu_get(fault->call.vcpu);
	if (vcpu) {
		vcpu->exit.turn = atomic_read(&turn);
		vcpu->exit.gva = fault->gva;
		vcpu->exit.rip = fault->rip;
		vcpu->exit.called = false;
	}
}

/*
 * Of a large mapping KVM keeps the first frame. Where it has not come as far as to
 * look for one there is an error, or 0.
 */
static u64 pfn_of(const struct kvmfault_fault *fault)
{
	const struct kvmfault_layout *layout = READ_ONCE(kvmfault_layout);
	u64 pfn;

	if (!layout || !layout->pfn || (long)fault->call.what >= 0 ||
	    fault->level == KVMFAULT_LEVEL_UNKNOWN)
		return KVMFAULT_NOWHERE;

	pfn = *(const u64 *)(fault->call.what + layout->pfn);
	if (!pfn || pfn & PFN_ERROR_BITS)
		return KVMFAULT_NOWHERE;
	return pfn | (kvmfault_layout_gfn(layout, fault->call.what) &
		      (KVM_PAGES_PER_HPAGE(fault->level) - 1));
}

/* While it is not known what return values mean, each may have made a mapping. */
static enum kvmfault_level level_of(const struct kvmfault_fault *fault)
{
	enum kvmfault_codes codes = kvmfault_recognised_codes();

	if (codes == KVMFAULT_CODES_UNKNOWN ||
	    kvmfault_outcome_has_level(kvmfault_outcome(codes, fault->ret_index)))
		return fault->level;
	return KVMFAULT_LEVEL_UNKNOWN;
}

/* What a tdp call has learnt, for the exit that it is part of, and vice versa. */
static void exchange(struct kvmfault_fault *fault, struct kvmfault_vcpu *vcpu,
		     u64 *pfn)
{
	struct kvmfault_exit *exit = &vcpu->exit;

	if (!kvmfault_class_is_exit(fault->call.class)) {
		*pfn = pfn_of(fault);
		fault->level = level_of(fault);
		fault->home = kvmfault_tdp_home(fault->call.what, fault->gpa);
		if (exit->turn != atomic_read(&turn))
			return;
		fault->gva = exit->gva;
		fault->rip = exit->rip;
		exit->called = true;
		exit->access = fault->access;
		exit->cause = fault->cause;
		exit->level = fault->level;
		exit->pfn = *pfn;
		exit->home = fault->home;
		return;
	}

	exit->turn = 0;
	fault->home = fault->apart ? KVMFAULT_NOWHERE : fault->gpa;
	if (!exit->called)
		return;
	fault->access = exit->access;
	fault->cause = exit->cause;
	fault->level = exit->level;
	*pfn = exit->pfn;
	if (fault->gpa != KVMFAULT_NOWHERE && exit->home != KVMFAULT_NOWHERE)
		fault->home = (exit->home & PAGE_MASK) |
			      offset_in_page(fault->gpa);
}

/**
 * kvmfault_address_lost() - a fault that is not counted has come to its end
 * @fault: on its way out
 */
void kvmfault_address_lost(const struct kvmfault_fault *fault)
{
	struct kvmfault_vcpu *vcpu = kvmfault_vcpu_find(fault->call.vcpu);

	if (vcpu && kvmfault_class_is_exit(fault->call.class))
		vcpu->exit.turn = 0;
}

/**
 * kvmfault_address_finish() - put together what is known
 * @fault: on its way out
 * @vcpu: the record of its vCPU
 * @address: where to
 *
 * KVM holds its SRCU lock for reading around every fault.
 */
void kvmfault_address_finish(struct kvmfault_fault *fault,
			     struct kvmfault_vcpu *vcpu,
			     struct kvmfault_address *address)
{
	const struct kvm_memory_slot *slot = NULL;
	u64 pfn = KVMFAULT_NOWHERE;

	if (kvmfault_class_is_exit(fault->call.class)) {
		fault->access = KVMFAULT_ACCESS_UNKNOWN;
		fault->cause = KVMFAULT_CAUSE_UNKNOWN;
		fault->level = KVMFAULT_LEVEL_UNKNOWN;
	}
	exchange(fault, vcpu, &pfn);

	if (fault->home != KVMFAULT_NOWHERE)
		slot = kvmfault_find_memslot(kvm_vcpu_memslots(fault->call.vcpu),
					     fault->home >> PAGE_SHIFT);

	address->gva = fault->gva;
	address->rip = fault->rip;
	address->gpa = fault->gpa;
	address->pfn = pfn;
	address->hva = KVMFAULT_NOWHERE;
	address->slot = -1;
	if (!slot)
		return;
	address->slot = slot->id;
	/* A private page is not where the VMM has the slot. */
	if (!kvmfault_page_is_private(fault->call.vcpu->kvm,
				      fault->home >> PAGE_SHIFT))
		address->hva = slot->userspace_addr + fault->home -
			       (slot->base_gfn << PAGE_SHIFT);
}
