// SPDX-License-Identifier: GPL-2.0
/* A guest that is told of asynchronous page faults: see traps.h. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "die.h"
#include "traps.h"
#include "vm.h"

extern const unsigned char payload_start[], payload_absent[], payload_ready[];

#define PAGE_FAULT		14
#define READY_VECTOR		0x22
#define VECTORS			(READY_VECTOR + 1)

#define CODE_SELECTOR		8
#define DATA_SELECTOR		16

/* Flat segments: present, of ring 0. */
#define GDT_CODE		0x00af9b000000ffffULL
#define GDT_DATA		0x00cf93000000ffffULL

/* An interrupt gate, present, of ring 0. */
#define GATE			0x8e00

#define APIC_BASE_X2APIC	(1ULL << 10)
#define APIC_SPIV		0xf0
#define APIC_SPIV_ENABLED	0x1ff

#define MSR_ASYNC_PF_EN		0x4b564d02
#define MSR_ASYNC_PF_INT	0x4b564d06
#define ASYNC_PF_ENABLED	(1ULL << 0)
#define ASYNC_PF_ALWAYS		(1ULL << 1)
#define ASYNC_PF_AS_INT		(1ULL << 3)

struct gate {
	uint16_t low;
	uint16_t selector;
	uint16_t type;
	uint16_t middle;
	uint32_t high;
	uint32_t reserved;
};

/* The payload lies at linear address 0. */
static void set_gate(struct vcpu *vcpu, unsigned int vector,
		     const unsigned char *handler)
{
	struct gate *gates = (struct gate *)(vcpu->memory + TRAPS_IDT);

	gates[vector] = (struct gate){
		.low = handler - payload_start,
		.selector = CODE_SELECTOR,
		.type = GATE,
	};
}

static void set_tables(struct vcpu *vcpu)
{
	uint64_t *gdt = (uint64_t *)(vcpu->memory + TRAPS_GDT);
	struct kvm_sregs sregs;

	gdt[CODE_SELECTOR / sizeof(*gdt)] = GDT_CODE;
	gdt[DATA_SELECTOR / sizeof(*gdt)] = GDT_DATA;
	set_gate(vcpu, PAGE_FAULT, payload_absent);
	set_gate(vcpu, READY_VECTOR, payload_ready);

	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs) < 0)
		die_errno("cannot read the system registers of vCPU %u", vcpu->index);
	sregs.gdt.base = TRAPS_GDT;
	sregs.gdt.limit = 3 * sizeof(*gdt) - 1;
	sregs.idt.base = TRAPS_IDT;
	sregs.idt.limit = VECTORS * sizeof(struct gate) - 1;
	/* It is acknowledged by an MSR: no access to memory. */
	sregs.apic_base |= APIC_BASE_X2APIC;
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs) < 0)
		die_errno("cannot give vCPU %u descriptor tables", vcpu->index);
}

static void enable_apic(struct vcpu *vcpu)
{
	struct kvm_lapic_state apic;
	uint32_t spiv = APIC_SPIV_ENABLED;

	if (ioctl(vcpu->fd, KVM_GET_LAPIC, &apic) < 0)
		die_errno("cannot read the APIC of vCPU %u", vcpu->index);
	memcpy(apic.regs + APIC_SPIV, &spiv, sizeof(spiv));
	if (ioctl(vcpu->fd, KVM_SET_LAPIC, &apic) < 0)
		die_errno("cannot switch the APIC of vCPU %u on", vcpu->index);
}

static void set_msr(struct vcpu *vcpu, uint32_t index, uint64_t value)
{
	struct {
		struct kvm_msrs head;
		struct kvm_msr_entry entry;
	} msrs = {
		.head.nmsrs = 1,
		.entry = { .index = index, .data = value },
	};
	int set = ioctl(vcpu->fd, KVM_SET_MSRS, &msrs);

	if (set < 0)
		die_errno("cannot set MSR %#x of vCPU %u", index, vcpu->index);
	if (set != 1)
		die_unable("this KVM has no MSR %#x", index);
}

void traps_prepare(struct vcpu *vcpu)
{
	set_tables(vcpu);
	enable_apic(vcpu);
	set_msr(vcpu, MSR_ASYNC_PF_INT, READY_VECTOR);
	set_msr(vcpu, MSR_ASYNC_PF_EN,
		(vcpu->window.gpa + TRAPS_APF_FLAGS) | ASYNC_PF_ENABLED |
		ASYNC_PF_ALWAYS | ASYNC_PF_AS_INT);
}

void traps_ignore(struct vcpu *vcpu)
{
	set_msr(vcpu, MSR_ASYNC_PF_EN, 0);
}

/* As a device would, while the vCPU may run. */
void traps_interrupt(struct vcpu *vcpu)
{
	struct kvm_msi msi = {
		.address_lo = 0xfee00000, .data = READY_VECTOR,
	};

	if (ioctl(vcpu->vm->fd, KVM_SIGNAL_MSI, &msi) < 0)
		die_errno("cannot send an interrupt to vCPU %u", vcpu->index);
}
