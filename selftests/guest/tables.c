// SPDX-License-Identifier: GPL-2.0
/*
 * A scene in which the guest's own page tables matter: KVM shadows them where the
 * CPU has no two-dimensional paging, or is not to use it.
 */
#include <string.h>
#include <sys/ioctl.h>

#include "die.h"
#include "scene.h"

extern const unsigned char tables_start[], tables_fault[], tables_end[];

/*
 * Among the system pages, apart from each other like these. The table maps the last
 * 2 MiB that its page directory can.
 */
#define AT_CODE		0x20000ULL
#define AT_TABLE	0x28000ULL
#define AT_ROOT		0x30000ULL
#define AT_IDT		0x38000ULL
#define AT_GDT		0x40000ULL
#define AT_STACK	0x48000ULL
#define LINEAR		(WINDOW_MAX - PAGE_2M)

#define ENTRIES		512
#define ENTRY_TABLE	0x27ULL		/* accessed, user, write, present */
#define ENTRY_PAGE	0x67ULL		/* and dirty */
#define ENTRY_LAST	(ENTRIES - 1)

#define SELECTOR_CODE	8
#define GATE_INTERRUPT	0x8eULL
#define VECTOR_PF	14

static uint64_t *table_at(struct vcpu *vcpu, uint64_t offset)
{
	return (uint64_t *)(vcpu->memory + offset);
}

static uint64_t gpa_of(const struct vcpu *vcpu, uint64_t offset)
{
	return vcpu->window.gpa + offset;
}

static void set_gate(uint64_t *gate, uint64_t handler)
{
	gate[0] = (handler & 0xffff) | SELECTOR_CODE << 16 |
		  GATE_INTERRUPT << 40 | (handler & 0xffff0000) << 32;
	gate[1] = handler >> 32;
}

/* Both roots lead to the same tables. */
static void tables_load(struct vcpu *vcpu)
{
	struct kvm_sregs sregs;

	table_at(vcpu, WINDOW_PD)[ENTRY_LAST] = gpa_of(vcpu, AT_TABLE) | ENTRY_TABLE;
	*table_at(vcpu, AT_ROOT) = *table_at(vcpu, WINDOW_PML4);
	memcpy(vcpu->memory + AT_CODE, tables_start, tables_end - tables_start);
	set_gate(table_at(vcpu, AT_IDT) + 2 * VECTOR_PF,
		 AT_CODE + (tables_fault - tables_start));
	table_at(vcpu, AT_GDT)[SELECTOR_CODE / 8] = 0x00af9b000000ffffULL;
	table_at(vcpu, AT_GDT)[2] = 0x00cf93000000ffffULL;

	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs) < 0)
		die_errno("cannot read the system registers of vCPU %u", vcpu->index);
	sregs.idt.base = AT_IDT;
	sregs.idt.limit = PAGE_4K - 1;
	sregs.gdt.base = AT_GDT;
	sregs.gdt.limit = 3 * 8 - 1;
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs) < 0)
		die_errno("cannot set the system registers of vCPU %u", vcpu->index);
}

/* Numbers of its own for each, so that none is taken for another. */
void scene_tables(struct vcpu *vcpu)
{
	uint64_t pages = vcpu->vm->work->pages;
	struct kvm_regs regs = {
		.rip = AT_CODE, .rsp = AT_STACK + PAGE_4K,
		.rax = 1, .rdi = LINEAR, .rcx = pages,
		.rsi = AT_TABLE, .rbx = gpa_of(vcpu, WINDOW_PAGES) | ENTRY_PAGE,
		.r8 = TABLES_INVLPG,
		.r12 = WINDOW_PD + 8 * (ENTRY_LAST - 1), .r13 = TABLES_WRITES,
		.r9 = TABLES_CR3, .r10 = gpa_of(vcpu, WINDOW_PML4),
		.r11 = gpa_of(vcpu, AT_ROOT),
	};

	if (pages > ENTRIES)
		die_usage("--scene tables takes at most %d pages", ENTRIES);
	tables_load(vcpu);
	vcpu_go(vcpu, &regs);
	if (memory_written(vcpu, WINDOW_PAGES, pages) != pages)
		die("tables: pages are missing that the guest was to write");
}
