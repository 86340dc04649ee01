// SPDX-License-Identifier: GPL-2.0
/*
 * Intel: handle_ept_violation(vcpu) and handle_ept_misconfig(vcpu)
 */
#include <linux/bits.h>
#include <linux/types.h>

#include <asm/asm.h>

#include "address.h"
#include "fault.h"

/* Fields of the VMCS, and a bit of one. */
#define GUEST_PHYSICAL_ADDRESS	0x2400
#define EXIT_QUALIFICATION	0x6400
#define GUEST_LINEAR_ADDRESS	0x640a
#define GUEST_RIP		0x681e
#define QUALIFICATION_GLA_VALID	BIT(7)

/*
 * The vCPU's thread has its VMCS loaded, except where Hyper-V's enlightened one
 * takes its place: then the instruction fails, or faults, and that is no more
 * than an address that is not known.
 */
static bool vmcs_read(unsigned long field, u64 *value)
{
	u64 got = 0;
	u8 ok = 0;

	asm volatile("1: vmread %[field], %[got]\n\t"
		     "seta %[ok]\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : [got] "+r" (got), [ok] "+qm" (ok)
		     : [field] "r" (field)
		     : "cc");
	if (ok)
		*value = got;
	return ok;
}

/**
 * kvmfault_vmx_address() - what the CPU says of where an exit was
 * @fault: on its way in, at a point in Intel's handlers
 */
void kvmfault_vmx_address(struct kvmfault_fault *fault)
{
	u64 qualification = 0;

	vmcs_read(GUEST_PHYSICAL_ADDRESS, &fault->gpa);
	vmcs_read(GUEST_RIP, &fault->rip);
	/* A misconfiguration has no qualification. */
	if (fault->call.class == KVMFAULT_VIOLATION &&
	    vmcs_read(EXIT_QUALIFICATION, &qualification) &&
	    qualification & QUALIFICATION_GLA_VALID)
		vmcs_read(GUEST_LINEAR_ADDRESS, &fault->gva);
}

/**
 * kvmfault_vmx_rip() - the guest's instruction in the exit that is handled
 *
 * Return: KVMFAULT_NOWHERE if the CPU does not tell.
 */
u64 kvmfault_vmx_rip(void)
{
	u64 rip = KVMFAULT_NOWHERE;

	vmcs_read(GUEST_RIP, &rip);
	return rip;
}
