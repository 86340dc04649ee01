/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The addresses of a fault: guest-virtual, guest-physical, host-virtual, and the
 * host's frame
 */
#ifndef KVMFAULT_ADDRESS_H
#define KVMFAULT_ADDRESS_H

#include <linux/limits.h>
#include <linux/types.h>

struct kvmfault_fault;
struct kvmfault_vcpu;

#define KVMFAULT_NOWHERE	U64_MAX

/**
 * struct kvmfault_address - where a fault was
 * @gva: what the guest's instruction accessed
 * @rip: that instruction
 * @gpa: what its page tables made of it
 * @hva: where the VMM has that in its memory
 * @pfn: the host's frame behind it
 * @slot: the number of the memslot, -1 if it is in none
 *
 * KVMFAULT_NOWHERE is an address that is not known.
 */
struct kvmfault_address {
	u64 gva;
	u64 rip;
	u64 gpa;
	u64 hva;
	u64 pfn;
	int slot;
};

void kvmfault_address_turn(void);

/* In handlers, while somebody wants to know. */
void kvmfault_address_enter(struct kvmfault_fault *fault);
void kvmfault_address_finish(struct kvmfault_fault *fault,
			     struct kvmfault_vcpu *vcpu,
			     struct kvmfault_address *address);
void kvmfault_address_lost(const struct kvmfault_fault *fault);
void kvmfault_vmx_address(struct kvmfault_fault *fault);
u64 kvmfault_vmx_rip(void);

#endif /* KVMFAULT_ADDRESS_H */
