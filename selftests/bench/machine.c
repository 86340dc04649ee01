// SPDX-License-Identifier: GPL-2.0
/* The smallest VMM that can run stamp.S. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "machine.h"

#define PAGE		0x1000ULL
#define HUGE_PAGE	0x200000ULL

/*
 * The guest's memory; it maps all of it where it lies. The first 2 MiB hold
 * code, page tables and durations; then come the pages that the host has, those
 * that it has not, and beyond the memory 2 MiB for MMIO.
 */
#define PML4		0x8000ULL
#define PDPT		0x10000ULL
#define PD		0x18000ULL
#define DURATIONS	0x100000ULL
#define PAGES		HUGE_PAGE

#define PT_TABLE	0x23ULL	/* present, writable, accessed */
#define PT_LEAF		0xe3ULL	/* the same, dirty, 2 MiB */

extern const unsigned char stamp_start[], stamp_end[];
extern const unsigned char stamp_write[], stamp_cpuid[], stamp_pio[];

const char *const access_name[ACCESSES] = {
	[PRESENT] = "present",
	[FRESH] = "fresh",
	[MMIO] = "mmio",
	[IOEVENTFD] = "ioeventfd",
	[CPUID] = "cpuid",
	[PIO] = "pio",
};

void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static int checked(int result, const char *what)
{
	if (result < 0)
		die(what);
	return result;
}

static void *map(size_t size, int flags, int fd)
{
	void *area = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (area == MAP_FAILED)
		die("mmap");
	return area;
}

static void memory_fill(struct machine *machine)
{
	unsigned char *memory = machine->memory;
	uint64_t *directory = (uint64_t *)(memory + PD);
	uint64_t at;

	*(uint64_t *)(memory + PML4) = PDPT | PT_TABLE;
	*(uint64_t *)(memory + PDPT) = PD | PT_TABLE;
	for (at = 0; at < machine->size + HUGE_PAGE; at += HUGE_PAGE)
		*directory++ = at | PT_LEAF;
	memcpy(memory, stamp_start, stamp_end - stamp_start);
}

static void memory_make(struct machine *machine)
{
	struct kvm_userspace_memory_region region = { 0 };

	machine->size = (PAGES + 2 * machine->pages * PAGE + HUGE_PAGE - 1) &
			-HUGE_PAGE;
	machine->memory = map(machine->size, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	/* Refused by kernels without huge pages, which is as good. */
	madvise(machine->memory, machine->size, MADV_NOHUGEPAGE);
	memory_fill(machine);

	region.memory_size = machine->size;
	region.userspace_addr = (uintptr_t)machine->memory;
	checked(ioctl(machine->vm, KVM_SET_USER_MEMORY_REGION, &region),
		"KVM_SET_USER_MEMORY_REGION");
}

/* Newer kernels refuse long mode to a vCPU whose CPUID does not have it. */
static void vcpu_cpuid(struct machine *machine)
{
	struct kvm_cpuid2 *cpuid;

	cpuid = calloc(1, sizeof(*cpuid) + 256 * sizeof(cpuid->entries[0]));
	if (!cpuid)
		die("calloc");
	cpuid->nent = 256;
	checked(ioctl(machine->kvm, KVM_GET_SUPPORTED_CPUID, cpuid),
		"KVM_GET_SUPPORTED_CPUID");
	checked(ioctl(machine->vcpu, KVM_SET_CPUID2, cpuid), "KVM_SET_CPUID2");
	free(cpuid);
}

static void vcpu_long_mode(struct machine *machine)
{
	struct kvm_segment code = {
		.limit = 0xffffffff, .selector = 8, .type = 11, .present = 1,
		.s = 1, .l = 1, .g = 1,
	};
	struct kvm_segment data = {
		.limit = 0xffffffff, .selector = 16, .type = 3, .present = 1,
		.s = 1, .db = 1, .g = 1,
	};
	struct kvm_sregs sregs;

	checked(ioctl(machine->vcpu, KVM_GET_SREGS, &sregs), "KVM_GET_SREGS");
	sregs.cr0 = 1ULL << 31 | 1 << 4 | 1;	/* PG, ET, PE */
	sregs.cr3 = PML4;
	sregs.cr4 = 1 << 5;			/* PAE */
	sregs.efer = 1 << 10 | 1 << 8;		/* LMA, LME */
	sregs.cs = code;
	sregs.ds = data;
	sregs.es = data;
	sregs.fs = data;
	sregs.gs = data;
	sregs.ss = data;
	checked(ioctl(machine->vcpu, KVM_SET_SREGS, &sregs), "KVM_SET_SREGS");
}

static void vcpu_make(struct machine *machine)
{
	int size = checked(ioctl(machine->kvm, KVM_GET_VCPU_MMAP_SIZE, 0),
			   "KVM_GET_VCPU_MMAP_SIZE");

	machine->vcpu = checked(ioctl(machine->vm, KVM_CREATE_VCPU, 0),
				"KVM_CREATE_VCPU");
	machine->run = map(size, MAP_SHARED, machine->vcpu);
	vcpu_cpuid(machine);
	vcpu_long_mode(machine);
}

static uint64_t first_address(const struct machine *machine, enum access access)
{
	switch (access) {
	case PRESENT:
		return PAGES;
	case FRESH:
		return PAGES + machine->pages * PAGE;
	case IOEVENTFD:
		return machine->size + PAGE;
	default:
		return machine->size;
	}
}

/* As virtio does it: whatever is written, of whatever length. */
static void event_make(struct machine *machine)
{
	struct kvm_ioeventfd event = {
		.addr = first_address(machine, IOEVENTFD),
		.fd = checked(eventfd(0, EFD_CLOEXEC), "eventfd"),
	};

	checked(ioctl(machine->vm, KVM_IOEVENTFD, &event), "KVM_IOEVENTFD");
}

void machine_make(struct machine *machine, unsigned long pages)
{
	machine->pages = pages;
	machine->kvm = checked(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	machine->vm = checked(ioctl(machine->kvm, KVM_CREATE_VM, 0),
			      "KVM_CREATE_VM");
	memory_make(machine);
	vcpu_make(machine);
	event_make(machine);
	memset(machine->memory + PAGES, 1, pages * PAGE);
}

static void machine_run(struct machine *machine)
{
	do {
		checked(ioctl(machine->vcpu, KVM_RUN, 0), "KVM_RUN");
	} while (machine->run->exit_reason == KVM_EXIT_MMIO ||
		 machine->run->exit_reason == KVM_EXIT_IO);

	if (machine->run->exit_reason != KVM_EXIT_HLT) {
		fprintf(stderr, "the guest ended with exit reason %u\n",
			machine->run->exit_reason);
		exit(EXIT_FAILURE);
	}
}

static uint64_t loop_of(enum access access)
{
	switch (access) {
	case CPUID:
		return stamp_cpuid - stamp_start;
	case PIO:
		return stamp_pio - stamp_start;
	default:
		return stamp_write - stamp_start;
	}
}

uint64_t *machine_stamp(struct machine *machine, enum access access,
			unsigned long count)
{
	struct kvm_regs regs = {
		.rip = loop_of(access),
		.rflags = 2,
		.r9 = first_address(machine, access),
		.r10 = access == PRESENT || access == FRESH ? PAGE : 0,
		.r11 = count,
		.rsi = DURATIONS,
	};

	checked(ioctl(machine->vcpu, KVM_SET_REGS, &regs), "KVM_SET_REGS");
	machine_run(machine);
	return (uint64_t *)(machine->memory + DURATIONS);
}
