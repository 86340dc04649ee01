// SPDX-License-Identifier: GPL-2.0
/*
 * Scenes with guests that are not in long mode: with page tables of 32-bit entries,
 * and without paging. KVM has functions of its own to shadow each of these.
 */
#include <string.h>
#include <sys/ioctl.h>

#include "die.h"
#include "scene.h"

extern const unsigned char modes_start[], modes_fault[], modes_end[];

/*
 * Among the system pages, apart from each other. One page has all that the guest
 * starts from, so that it faults once for it.
 */
#define AT_CODE		0x20000ULL
#define AT_IDT		(AT_CODE + 0x800)
#define AT_GDT		(AT_CODE + 0x900)
#define AT_COUNT	(AT_CODE + 0xa00)
#define AT_STACK_TOP	(AT_CODE + PAGE_4K)
#define AT_DIRECTORY	0x28000ULL
#define AT_LOW		0x30000ULL	/* the table with that page */
#define AT_TABLE	0x38000ULL	/* the one with the pages */

/* Where the guest sees the pages, and where it sees none. */
#define LINEAR		0xc0000000ULL
#define LINEAR_ABSENT	0x80000000ULL

#define ENTRIES		1024
#define ENTRY_MAPS	(ENTRIES * PAGE_4K)
#define ENTRY		0x67U		/* dirty, accessed, user, write, present */

#define CR0_PE		(1ULL << 0)
#define CR0_ET		(1ULL << 4)
#define CR0_PG		(1ULL << 31)

#define SELECTOR_CODE	8
#define SELECTOR_DATA	16
#define GDT_CODE	0x00cf9b000000ffffULL
#define GDT_DATA	0x00cf93000000ffffULL
#define GATE_INTERRUPT	0x8eULL
#define VECTOR_PF	14

static uint32_t gpa_of(const struct vcpu *vcpu, uint64_t offset)
{
	return vcpu->window.gpa + offset;
}

static uint32_t *table_at(struct vcpu *vcpu, uint64_t offset)
{
	return (uint32_t *)(vcpu->memory + offset);
}

static struct kvm_segment segment(unsigned int selector, unsigned int type)
{
	return (struct kvm_segment) {
		.limit = 0xffffffff, .selector = selector, .type = type,
		.present = 1, .s = 1, .db = 1, .g = 1,
	};
}

void mode_enter(struct vcpu *vcpu, uint64_t cr0, uint64_t cr3, uint64_t efer)
{
	struct kvm_sregs sregs;

	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs) < 0)
		die_errno("cannot read the system registers of vCPU %u", vcpu->index);
	sregs.cr0 = CR0_PE | CR0_ET | cr0;
	sregs.cr3 = cr3;
	sregs.cr4 = 0;
	sregs.efer = efer;
	sregs.cs = segment(SELECTOR_CODE, 11);
	sregs.ds = segment(SELECTOR_DATA, 3);
	sregs.es = sregs.ds;
	sregs.fs = sregs.ds;
	sregs.gs = sregs.ds;
	sregs.ss = sregs.ds;
	sregs.idt.base = AT_IDT;
	sregs.idt.limit = (VECTOR_PF + 1) * 8 - 1;
	sregs.gdt.base = AT_GDT;
	sregs.gdt.limit = 3 * 8 - 1;
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs) < 0)
		die_errno("cannot take vCPU %u out of long mode", vcpu->index);
}

static void load_code(struct vcpu *vcpu)
{
	memcpy(vcpu->memory + AT_CODE, modes_start, modes_end - modes_start);
}

static void load_tables(struct vcpu *vcpu, uint64_t pages)
{
	uint64_t *gdt = (uint64_t *)(vcpu->memory + AT_GDT);
	uint64_t *idt = (uint64_t *)(vcpu->memory + AT_IDT);
	uint64_t handler = AT_CODE + (modes_fault - modes_start);
	uint64_t i;

	table_at(vcpu, AT_DIRECTORY)[0] = gpa_of(vcpu, AT_LOW) | ENTRY;
	table_at(vcpu, AT_DIRECTORY)[LINEAR / ENTRY_MAPS] =
		gpa_of(vcpu, AT_TABLE) | ENTRY;
	table_at(vcpu, AT_LOW)[AT_CODE / PAGE_4K] = gpa_of(vcpu, AT_CODE) | ENTRY;
	for (i = 0; i < pages; i++)
		table_at(vcpu, AT_TABLE)[i] =
			gpa_of(vcpu, WINDOW_PAGES + i * PAGE_4K) | ENTRY;
	gdt[SELECTOR_CODE / 8] = GDT_CODE;
	gdt[SELECTOR_DATA / 8] = GDT_DATA;
	idt[VECTOR_PF] = (handler & 0xffff) | SELECTOR_CODE << 16 |
			 GATE_INTERRUPT << 40 | (handler & 0xffff0000) << 32;
}

static void check_mode(const struct vcpu *vcpu, uint64_t most)
{
	const struct work *work = vcpu->vm->work;

	if (work->pages > most)
		die_usage("--scene %s takes at most %llu pages", work->scene->name,
			  (unsigned long long)most);
	if (vcpu->window.gpa + vcpu->window.size > 1ULL << 32)
		die_usage("--scene %s wants an --offset below 4G", work->scene->name);
}

static void run_mode(struct vcpu *vcpu, const struct kvm_regs *regs)
{
	uint64_t pages = vcpu->vm->work->pages;

	vcpu_go(vcpu, regs);
	must_be("page faults of the guest's own", *table_at(vcpu, AT_COUNT), regs->rbx);
	must_be("pages written", memory_written(vcpu, WINDOW_PAGES, pages), pages);
}

void scene_paging32(struct vcpu *vcpu)
{
	uint64_t pages = vcpu->vm->work->pages;

	check_mode(vcpu, ENTRIES);
	load_code(vcpu);
	load_tables(vcpu, pages);
	mode_enter(vcpu, CR0_PG, gpa_of(vcpu, AT_DIRECTORY), 0);
	run_mode(vcpu, &(struct kvm_regs) {
		.rip = AT_CODE, .rsp = AT_STACK_TOP, .rsi = AT_COUNT,
		.rax = 1, .rdi = LINEAR, .rcx = pages,
		.rdx = LINEAR_ABSENT, .rbx = PAGING32_ABSENT,
	});
}

void scene_nonpaging(struct vcpu *vcpu)
{
	check_mode(vcpu, WINDOW_MAX / PAGE_4K);
	load_code(vcpu);
	mode_enter(vcpu, 0, 0, 0);
	run_mode(vcpu, &(struct kvm_regs) {
		.rip = gpa_of(vcpu, AT_CODE), .rsi = gpa_of(vcpu, AT_COUNT),
		.rax = 1, .rdi = gpa_of(vcpu, WINDOW_PAGES),
		.rcx = vcpu->vm->work->pages,
	});
}
