/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The records of one fault, filled on the way in and completed on the way out
 */
#ifndef KVMFAULT_FAULT_H
#define KVMFAULT_FAULT_H

#include <linux/types.h>

#include "abi.h"
#include "decode.h"

struct kvm_vcpu;

/**
 * enum kvmfault_point_id - where a probe can sit
 * @KVMFAULT_POINT_VIOLATION: Intel's handler of EPT violations
 * @KVMFAULT_POINT_MISCONFIG: Intel's handler of EPT misconfigurations
 * @KVMFAULT_POINT_NPF: AMD's nested page faults, MMIO included
 * @KVMFAULT_POINT_TDP: the MMU's part
 * @KVMFAULT_POINT_PAGING64: the same where it shadows page tables of 64-bit entries,
 *	or nested ones of AMD
 * @KVMFAULT_POINT_PAGING32: of 32-bit entries
 * @KVMFAULT_POINT_NONPAGING: and where the guest has none
 * @KVMFAULT_POINT_EPT: and where they are a nested EPT
 * @KVMFAULT_POINT_DESTROY: the death of a VM
 * @KVMFAULT_POINT_KICK: AMD's MMIO that signals an eventfd and needs no more
 * @KVMFAULT_POINT_WITNESS: what Intel's handlers call, until they are proven
 * @KVMFAULT_POINTS: how many there are
 */
enum kvmfault_point_id {
	KVMFAULT_POINT_VIOLATION,
	KVMFAULT_POINT_MISCONFIG,
	KVMFAULT_POINT_NPF,
	KVMFAULT_POINT_TDP,
	KVMFAULT_POINT_PAGING64,
	KVMFAULT_POINT_PAGING32,
	KVMFAULT_POINT_NONPAGING,
	KVMFAULT_POINT_EPT,
	KVMFAULT_POINT_DESTROY,
	KVMFAULT_POINT_KICK,
	KVMFAULT_POINT_WITNESS,
	KVMFAULT_POINTS
};

/**
 * kvmfault_point_is_shadow() - is a function of shadow paging probed there?
 * @point: the point
 */
static __always_inline bool
kvmfault_point_is_shadow(enum kvmfault_point_id point)
{
	return point >= KVMFAULT_POINT_PAGING64 && point <= KVMFAULT_POINT_EPT;
}

/**
 * kvmfault_point_is_mmu() - is it the MMU's part that is probed there?
 * @point: the point
 */
static __always_inline bool
kvmfault_point_is_mmu(enum kvmfault_point_id point)
{
	return point == KVMFAULT_POINT_TDP || kvmfault_point_is_shadow(point);
}

/**
 * struct kvmfault_args - what a probed function was called with
 * @arg: its first arguments; those it does not take hold anything
 */
struct kvmfault_args {
	unsigned long arg[4];
};

/**
 * struct kvmfault_call - one call of a probed function, as far as counting goes
 * @vcpu: whose fault it is; only compared and looked into while the call lasts
 * @start: when the function was entered, a stamp of clock.h; marked if somebody
 *	wanted to know where
 * @class: what it counts as
 * @gpa: the guest-physical address, AMD
 * @what: class tdp or shadow: a struct in the caller's frame, or the address, and
 *	then
 * @error_code: the error code
 * @prefetch: and whether KVM asks by itself
 * @nested: class shadow: the guest's guest ran
 * @injected: and how many page faults KVM had given to the guest before
 */
struct kvmfault_call {
	struct kvm_vcpu *vcpu;
	u64 start;
	enum kvmfault_class class;
	u64 gpa;
	unsigned long what;
	u32 error_code;
	u8 prefetch;
	bool nested;
	u64 injected;
};

/**
 * struct kvmfault_fault - the same for those who want to know more, see look.h
 * @call: the call
 * @point: where it was seen
 * @duration_ns: from entry to return, sleep and preemption included
 * @ret: what the function returned
 * @end: how the exit ended; of no meaning for the MMU's part
 * @access: what the guest wanted; the MMU's part, as the next three
 * @cause: why that faulted
 * @level: the mapping made
 * @gpa: the guest-physical address; of a guest's guest with page tables of its own the
 *	one that they lead to, where it is an exit
 * @home: the same in the VM's own memory, which its memslots and VMM know; if the
 *	start is marked
 * @gva: what the guest accessed; if the start is marked, as the next
 * @rip: where it did
 * @pf_fixed: KVM's own count on the way in, while recognise.c needs it
 * @ret_index: where what it returned is counted; the MMU's part
 * @apart: an exit, and @gpa is no address of the VM's own memory
 * @guest: who ran; if the start is marked, or while it is learnt whether probes fire
 */
struct kvmfault_fault {
	struct kvmfault_call call;
	enum kvmfault_point_id point;
	u64 duration_ns;
	int ret;
	enum kvmfault_end end;
	enum kvmfault_access access;
	enum kvmfault_cause cause;
	enum kvmfault_level level;
	u64 gpa;
	u64 home;
	u64 gva;
	u64 rip;
	u64 pf_fixed;
	unsigned int ret_index;
	bool apart;
	enum kvmfault_guest guest;
};

#endif /* KVMFAULT_FAULT_H */
