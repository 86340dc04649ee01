// SPDX-License-Identifier: GPL-2.0
/*
 * Hypervisors with SVM: one with nested paging, the same in 32-bit mode, and one that
 * shadows page tables itself, as those of before had to.
 */
#include <string.h>

#include "nested.h"
#include "scene.h"

extern const unsigned char nested_svm_start[], nested_svm_guest[], nested_svm_end[],
			   nested_svm_32_start[], nested_svm_32_guest[],
			   nested_svm_32_end[];

/* Of the VMCB: control and state. */
#define VMCB_EXCEPTIONS		0x008
#define EXCEPTION_PF		(1ULL << 14)
#define VMCB_INTERCEPT		0x00c
#define INTERCEPT_HLT		(1ULL << 24)
#define INTERCEPT_VMRUN		(1ULL << 32)
#define VMCB_ASID		0x058
#define VMCB_EXIT_CODE		0x070
#define VMCB_NESTED		0x090
#define VMCB_NESTED_CR3		0x0b0
#define VMCB_ES			0x400
#define VMCB_CS			0x410
#define VMCB_SS			0x420
#define VMCB_DS			0x430
#define VMCB_EFER		0x4d0
#define VMCB_CR4		0x548
#define VMCB_CR3		0x550
#define VMCB_CR0		0x558
#define VMCB_DR7		0x560
#define VMCB_DR6		0x568
#define VMCB_RFLAGS		0x570
#define VMCB_RIP		0x578
#define VMCB_RAX		0x5f8
#define VMCB_PAT		0x668

#define SEGMENT_CODE_32		0xffffffff0c9b0008ULL
#define SEGMENT_DATA		0xffffffff0c930010ULL
#define EFER_LME_LMA		0x500ULL
#define EFER_SVME		(1ULL << 12)
#define CR0_PE_ET		0x11ULL
#define CR0_PG			(1ULL << 31)
#define CR4_PAE			(1ULL << 5)
#define MSR_VM_HSAVE_PA		0xc0010117
#define EXIT_PF			0x4e
#define EXIT_HLT		0x78
#define EXIT_NPF		0x400

static void vmcb_set(struct vcpu *vcpu, unsigned int field, uint64_t value)
{
	memcpy(vcpu->memory + AT_CONTROL + field, &value, sizeof(value));
}

static void common_load(struct vcpu *vcpu)
{
	vmcb_set(vcpu, VMCB_INTERCEPT, INTERCEPT_HLT | INTERCEPT_VMRUN);
	vmcb_set(vcpu, VMCB_ASID, 1);
	vmcb_set(vcpu, VMCB_CS, SEGMENT_CODE_32);
	vmcb_set(vcpu, VMCB_ES, SEGMENT_DATA);
	vmcb_set(vcpu, VMCB_SS, SEGMENT_DATA);
	vmcb_set(vcpu, VMCB_DS, SEGMENT_DATA);
	vmcb_set(vcpu, VMCB_DR7, 0x400);
	vmcb_set(vcpu, VMCB_DR6, 0xffff0ff0);
	vmcb_set(vcpu, VMCB_RFLAGS, 2);
	vmcb_set(vcpu, VMCB_RIP, AT_CODE + (nested_svm_guest - nested_svm_start));
	vmcb_set(vcpu, VMCB_RAX, 1);
	vmcb_set(vcpu, VMCB_PAT, 0x0007040600070406ULL);
	nested_switch_on(vcpu, 0, 0, EFER_SVME);
	nested_set_msr(vcpu, MSR_VM_HSAVE_PA, gpa_of(vcpu, AT_SAVE));
}

static void svm_load(struct vcpu *vcpu)
{
	common_load(vcpu);
	vmcb_set(vcpu, VMCB_NESTED, 1);
	vmcb_set(vcpu, VMCB_NESTED_CR3, gpa_of(vcpu, AT_PML4));
	vmcb_set(vcpu, VMCB_EFER, EFER_SVME);
	vmcb_set(vcpu, VMCB_CR0, CR0_PE_ET);
}

static uint32_t *table_32_at(const struct vcpu *vcpu, uint64_t offset)
{
	return (uint32_t *)(vcpu->memory + offset);
}

/*
 * Nested tables are of the kind that the hypervisor uses itself: of two levels, with
 * entries of 32 bits. They have all pages.
 */
static void svm_32_load(struct vcpu *vcpu)
{
	const uint32_t bits = nested_svm_32.page;
	uint64_t i;

	svm_load(vcpu);
	vmcb_set(vcpu, VMCB_RIP,
		 AT_CODE + (nested_svm_32_guest - nested_svm_32_start));

	table_32_at(vcpu, AT_PML4)[0] = gpa_of(vcpu, AT_LOW) | bits;
	table_32_at(vcpu, AT_PML4)[NESTED_PAGES / (1024 * PAGE_4K)] =
		gpa_of(vcpu, AT_TABLE) | bits;
	table_32_at(vcpu, AT_LOW)[AT_CODE / PAGE_4K] = gpa_of(vcpu, AT_CODE) | bits;
	for (i = 0; i < vcpu->vm->work->pages; i++)
		table_32_at(vcpu, AT_TABLE)[i] =
			gpa_of(vcpu, WINDOW_PAGES + i * PAGE_4K) | bits;

	/* Its own, in which it has its code alone. */
	table_32_at(vcpu, AT_PDPT)[0] = gpa_of(vcpu, AT_PD) | bits;
	table_32_at(vcpu, AT_PD)[AT_CODE / PAGE_4K] = gpa_of(vcpu, AT_CODE) | bits;
	mode_enter(vcpu, CR0_PG, gpa_of(vcpu, AT_PDPT), EFER_SVME);
}

/* The tables are what the processor gets to see in the place of the guest's own. */
static void shadow_load(struct vcpu *vcpu)
{
	vmcb_set(vcpu, VMCB_EXCEPTIONS, EXCEPTION_PF);
	common_load(vcpu);
	vmcb_set(vcpu, VMCB_EFER, EFER_SVME | EFER_LME_LMA);
	vmcb_set(vcpu, VMCB_CR4, CR4_PAE);
	vmcb_set(vcpu, VMCB_CR3, gpa_of(vcpu, AT_PML4));
	vmcb_set(vcpu, VMCB_CR0, CR0_PE_ET | CR0_PG);
}

static void svm_regs(const struct vcpu *vcpu, struct kvm_regs *regs)
{
	regs->rax = gpa_of(vcpu, AT_CONTROL);
	regs->rbx = AT_CONTROL;
	regs->r9 = EXIT_NPF;
}

static void shadow_regs(const struct vcpu *vcpu, struct kvm_regs *regs)
{
	svm_regs(vcpu, regs);
	regs->r9 = EXIT_PF;
}

static uint64_t svm_exit(const struct vcpu *vcpu)
{
	return *table_at(vcpu, AT_CONTROL + VMCB_EXIT_CODE);
}

/* Accessed, user, write, present; and dirty. */
const struct hypervisor nested_svm = {
	.start = nested_svm_start, .guest = nested_svm_guest, .end = nested_svm_end,
	.table = 0x27, .page = 0x67,
	.load = svm_load, .regs = svm_regs, .exit = svm_exit,
	.exit_halt = EXIT_HLT,
};

const struct hypervisor nested_svm_32 = {
	.start = nested_svm_32_start, .guest = nested_svm_32_guest,
	.end = nested_svm_32_end,
	.table = 0x27, .page = 0x67,
	.load = svm_32_load, .regs = svm_regs, .exit = svm_exit,
	.exit_halt = EXIT_HLT,
};

const struct hypervisor nested_svm_shadow = {
	.start = nested_svm_start, .guest = nested_svm_guest, .end = nested_svm_end,
	.table = 0x27, .page = 0x67,
	.load = shadow_load, .regs = shadow_regs, .exit = svm_exit,
	.exit_halt = EXIT_HLT,
};
