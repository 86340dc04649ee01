// SPDX-License-Identifier: GPL-2.0
/*
 * A scene with a hypervisor in the guest, whose guest writes pages: some that it has
 * mapped, and some that it maps when it is told of a fault there.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "die.h"
#include "nested.h"
#include "scene.h"

#define ENTRIES		512

static const struct kvm_cpuid_entry2 *cpuid(const struct vm *vm, uint32_t function)
{
	static const struct kvm_cpuid_entry2 nothing;
	const struct kvm_cpuid_entry2 *entry = vm->cpuid->entries;
	unsigned int i;

	for (i = 0; i < vm->cpuid->nent; i++)
		if (entry[i].function == function)
			return &entry[i];
	return &nothing;
}

static bool has_svm(const struct vm *vm)
{
	return cpuid(vm, 0x80000001)->ecx & 1 << 2;
}

static const struct hypervisor *find(const struct vm *vm)
{
	if (has_svm(vm))
		return &nested_svm;
	if (cpuid(vm, 1)->ecx & 1 << 5)
		return &nested_vmx;
	die_unable("this KVM gives its guests neither SVM nor VMX");
}

void nested_switch_on(struct vcpu *vcpu, uint64_t cr0, uint64_t cr4, uint64_t efer)
{
	struct kvm_sregs sregs;

	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs) < 0)
		die_errno("cannot read the system registers of vCPU %u", vcpu->index);
	sregs.cr0 |= cr0;
	sregs.cr4 |= cr4;
	sregs.efer |= efer;
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs) < 0)
		die_errno("cannot let vCPU %u run guests", vcpu->index);
}

struct one_msr {
	struct kvm_msrs msrs;
	struct kvm_msr_entry entry;
};

void nested_set_msr(struct vcpu *vcpu, uint32_t index, uint64_t value)
{
	struct one_msr msr = {
		.msrs = { .nmsrs = 1 },
		.entry = { .index = index, .data = value },
	};

	if (ioctl(vcpu->fd, KVM_SET_MSRS, &msr) != 1)
		die_errno("cannot set MSR %#x of vCPU %u", index, vcpu->index);
}

uint64_t nested_get_msr(struct vcpu *vcpu, uint32_t index)
{
	struct one_msr msr = {
		.msrs = { .nmsrs = 1 },
		.entry = { .index = index },
	};

	if (ioctl(vcpu->fd, KVM_GET_MSRS, &msr) != 1)
		die_errno("cannot read MSR %#x of vCPU %u", index, vcpu->index);
	return msr.entry.data;
}

/*
 * The guest's guest sees what its hypervisor sees: of the system pages that of its
 * code, at the same address, and of the pages the first ones.
 */
static void load(struct vcpu *vcpu, const struct hypervisor *hypervisor,
		 uint64_t present)
{
	const uint64_t table = hypervisor->table, page = hypervisor->page;
	uint64_t i;

	*table_at(vcpu, AT_PML4) = gpa_of(vcpu, AT_PDPT) | table;
	*table_at(vcpu, AT_PDPT) = gpa_of(vcpu, AT_PD) | table;
	table_at(vcpu, AT_PD)[0] = gpa_of(vcpu, AT_LOW) | table;
	table_at(vcpu, AT_PD)[NESTED_PAGES / PAGE_2M] = gpa_of(vcpu, AT_TABLE) | table;
	table_at(vcpu, AT_LOW)[AT_CODE / PAGE_4K] = gpa_of(vcpu, AT_CODE) | page;
	for (i = 0; i < present; i++)
		table_at(vcpu, AT_TABLE)[i] =
			gpa_of(vcpu, WINDOW_PAGES + i * PAGE_4K) | page;
	memcpy(vcpu->memory + AT_CODE, hypervisor->start,
	       hypervisor->end - hypervisor->start);
	hypervisor->load(vcpu);
}

/* Instead of halting, the guest's guest writes to a port, which is ours to emulate. */
static void load_stop(struct vcpu *vcpu, const struct hypervisor *hypervisor)
{
	static const unsigned char out[] = { 0xe6, 0x80 };

	memcpy(vcpu->memory + AT_CODE + (hypervisor->end - hypervisor->start) - 1,
	       out, sizeof(out));
}

static void play(struct vcpu *vcpu, const struct hypervisor *hypervisor,
		 bool stop)
{
	uint64_t pages = vcpu->vm->work->pages;
	struct kvm_regs regs = {
		.rip = AT_CODE, .rsi = AT_TABLE,
		.r8 = gpa_of(vcpu, WINDOW_PAGES) | hypervisor->page,
		.rdi = NESTED_PAGES, .rcx = pages,
	};
	uint64_t code;

	if (pages <= NESTED_ABSENT || pages > ENTRIES)
		die_usage("--scene %s takes %d to %d pages",
			  vcpu->vm->work->scene->name, NESTED_ABSENT + 1, ENTRIES);
	load(vcpu, hypervisor, pages - NESTED_ABSENT);
	if (stop)
		load_stop(vcpu, hypervisor);
	hypervisor->regs(vcpu, &regs);
	vcpu_go(vcpu, &regs);
	/* The vCPU is in the guest's guest: who kills us finds it there. */
	while (stop)
		pause();
	code = hypervisor->exit(vcpu);
	if (code != hypervisor->exit_halt)
		die("the guest's guest ended with exit code %#llx",
		    (unsigned long long)code);
	if (memory_written(vcpu, WINDOW_PAGES, pages) != pages)
		die("nested: pages are missing that the guest's guest was to write");
}

void scene_nested(struct vcpu *vcpu)
{
	play(vcpu, find(vcpu->vm), false);
}

void scene_nested_stop(struct vcpu *vcpu)
{
	play(vcpu, find(vcpu->vm), true);
}

static void play_svm(struct vcpu *vcpu, const struct hypervisor *hypervisor)
{
	if (!has_svm(vcpu->vm))
		die_unable("this KVM does not give its guests SVM");
	play(vcpu, hypervisor, false);
}

void scene_nested_shadow(struct vcpu *vcpu)
{
	play_svm(vcpu, &nested_svm_shadow);
}

void scene_nested_32(struct vcpu *vcpu)
{
	play_svm(vcpu, &nested_svm_32);
}
