/* SPDX-License-Identifier: GPL-2.0 */
/* A guest that runs a guest: what SVM and VMX do each in its own way. */
#ifndef KVMFAULT_GUEST_NESTED_H
#define KVMFAULT_GUEST_NESTED_H

#include "vm.h"

/*
 * Among the system pages of the hypervisor, apart from each other. It sees them at
 * these addresses; where it gives its guest one, the guest does, too.
 */
#define AT_CODE		0x20000ULL
#define AT_TABLE	0x28000ULL	/* the table with the pages */
#define AT_PML4		0x30000ULL
#define AT_PDPT		0x38000ULL
#define AT_PD		0x40000ULL
#define AT_LOW		0x48000ULL	/* the table with the code */
#define AT_CONTROL	0x50000ULL	/* VMCB or VMCS */
#define AT_SAVE		0x58000ULL	/* the host's state, or VMXON's region */
#define AT_FIELDS	0x60000ULL	/* what is to be written to a VMCS */

/* Where the guest's guest sees the pages; its hypervisor has nothing there. */
#define NESTED_PAGES	(WINDOW_PAGES + PAGE_2M)

struct hypervisor {
	const unsigned char *start, *guest, *end;	/* its code */
	uint64_t table, page;				/* bits of entries */
	void (*load)(struct vcpu *vcpu);
	void (*regs)(const struct vcpu *vcpu, struct kvm_regs *regs);
	uint64_t (*exit)(const struct vcpu *vcpu);
	uint64_t exit_halt;
};

extern const struct hypervisor nested_svm, nested_svm_32, nested_svm_shadow, nested_vmx;

static inline uint64_t gpa_of(const struct vcpu *vcpu, uint64_t offset)
{
	return vcpu->window.gpa + offset;
}

static inline uint64_t *table_at(const struct vcpu *vcpu, uint64_t offset)
{
	return (uint64_t *)(vcpu->memory + offset);
}

/* nested.c */
void nested_switch_on(struct vcpu *vcpu, uint64_t cr0, uint64_t cr4, uint64_t efer);
void nested_set_msr(struct vcpu *vcpu, uint32_t index, uint64_t value);
uint64_t nested_get_msr(struct vcpu *vcpu, uint32_t index);

#endif
