// SPDX-License-Identifier: GPL-2.0
/* A hypervisor with VMX and EPT. */
#include <string.h>
#include <sys/ioctl.h>

#include "die.h"
#include "nested.h"

extern const unsigned char nested_vmx_start[], nested_vmx_exit[], nested_vmx_guest[],
			   nested_vmx_end[];

#define CR0_NE			(1ULL << 5)
#define CR4_VMXE		(1ULL << 13)
#define MSR_FEATURE_CONTROL	0x3a
#define FEATURE_LOCKED_VMX	5
#define MSR_VMX_BASIC		0x480
#define MSR_VMX_PROCBASED_2	0x48b
#define EPT_AND_ANY_CR0		0x82ULL
#define EPT_4_LEVELS_WB		0x1e
#define EXIT_HLT		12

/* In the page of the fields, before them: three addresses, one of them the reply. */
#define FIELDS_VMXON		0
#define FIELDS_VMCS		1
#define FIELDS_REPLY		2
#define FIELDS_FIRST		4

struct field {
	uint64_t encoding, value;
};

static uint64_t *fields_put(uint64_t *to, const struct field *fields, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		*to++ = fields[i].encoding;
		*to++ = fields[i].value;
	}
	return to;
}

/* Everything that must not be 0, by its number in the manual. */
static const struct field constant[] = {
	{ 0x4000, 0x16 },			/* pin-based: what must be set */
	{ 0x4002, 0x8401e1f2 },			/* the same; HLT, and more: */
	{ 0x401e, 0x82 },			/* EPT, any CR0 */
	{ 0x400c, 0x36fff },			/* exits to 64 bits */
	{ 0x4012, 0x11ff },
	{ 0x2800, ~0ULL },			/* no shadow VMCS */
	{ 0x0800, 0x10 }, { 0x4800, ~0U }, { 0x4814, 0xc093 },	/* ES */
	{ 0x0802, 0x08 }, { 0x4802, ~0U }, { 0x4816, 0xc09b },	/* CS */
	{ 0x0804, 0x10 }, { 0x4804, ~0U }, { 0x4818, 0xc093 },	/* SS */
	{ 0x0806, 0x10 }, { 0x4806, ~0U }, { 0x481a, 0xc093 },	/* DS */
	{ 0x0808, 0x10 }, { 0x4808, ~0U }, { 0x481c, 0xc093 },	/* FS */
	{ 0x080a, 0x10 }, { 0x480a, ~0U }, { 0x481e, 0xc093 },	/* GS */
	{ 0x4820, 0x10000 },					/* LDTR */
	{ 0x080e, 0x18 }, { 0x480e, 0xffff }, { 0x4822, 0x8b },	/* TR */
	{ 0x6800, 0x31 },	/* CR0: PE, ET, NE */
	{ 0x6804, CR4_VMXE },
	{ 0x681a, 0x400 },			/* DR7 */
	{ 0x6820, 2 },				/* RFLAGS */
	{ 0x0c00, 0x10 }, { 0x0c02, 0x08 }, { 0x0c04, 0x10 }, { 0x0c06, 0x10 },
	{ 0x0c08, 0x10 }, { 0x0c0a, 0x10 }, { 0x0c0c, 0x18 },	/* ES to TR */
};

/* Exits lead back to where the hypervisor is, in the state that it is in. */
static void fields_load(struct vcpu *vcpu, const struct kvm_sregs *sregs)
{
	const struct field own[] = {
		{ 0x681e, AT_CODE + (nested_vmx_guest - nested_vmx_start) },
		{ 0x201a, gpa_of(vcpu, AT_PML4) | EPT_4_LEVELS_WB },
		{ 0x6c00, sregs->cr0 },
		{ 0x6c02, sregs->cr3 },
		{ 0x6c04, sregs->cr4 },
		{ 0x6c16, AT_CODE + (nested_vmx_exit - nested_vmx_start) },
		{ ~0ULL, 0 },
	};
	uint64_t *to = table_at(vcpu, AT_FIELDS);

	to[FIELDS_VMXON] = gpa_of(vcpu, AT_SAVE);
	to[FIELDS_VMCS] = gpa_of(vcpu, AT_CONTROL);
	to = fields_put(to + FIELDS_FIRST, constant,
			sizeof(constant) / sizeof(constant[0]));
	fields_put(to, own, sizeof(own) / sizeof(own[0]));
}

static void vmx_load(struct vcpu *vcpu)
{
	struct kvm_sregs sregs;
	uint64_t revision;

	if (~nested_get_msr(vcpu, MSR_VMX_PROCBASED_2) >> 32 & EPT_AND_ANY_CR0)
		die_unable("this KVM gives its guests no EPT, or no real mode in it");
	revision = nested_get_msr(vcpu, MSR_VMX_BASIC) & 0x7fffffff;
	memcpy(vcpu->memory + AT_SAVE, &revision, 4);
	memcpy(vcpu->memory + AT_CONTROL, &revision, 4);
	nested_set_msr(vcpu, MSR_FEATURE_CONTROL, FEATURE_LOCKED_VMX);
	nested_switch_on(vcpu, CR0_NE, CR4_VMXE, 0);
	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs) < 0)
		die_errno("cannot read the system registers of vCPU %u", vcpu->index);
	fields_load(vcpu, &sregs);
}

static void vmx_regs(const struct vcpu *vcpu __attribute__((unused)),
		     struct kvm_regs *regs)
{
	regs->rax = 1;
	regs->rbx = AT_FIELDS;
	regs->r9 = AT_FIELDS + FIELDS_FIRST * sizeof(uint64_t);
}

static uint64_t vmx_exit(const struct vcpu *vcpu)
{
	return table_at(vcpu, AT_FIELDS)[FIELDS_REPLY];
}

/* Execute, write, read; and write-back. */
const struct hypervisor nested_vmx = {
	.start = nested_vmx_start, .guest = nested_vmx_guest, .end = nested_vmx_end,
	.table = 0x07, .page = 0x37,
	.load = vmx_load, .regs = vmx_regs, .exit = vmx_exit,
	.exit_halt = EXIT_HLT,
};
