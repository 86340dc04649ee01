// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault-stamp: how long an access takes, as the guest sees it
 *
 *	kvmfault-stamp [SAMPLES]
 *
 * prints, in ticks of the TSC, a line for each kind of access:
 *
 *	KIND MEDIAN P90 MEAN
 *
 * One vCPU in one VM makes SAMPLES accesses of each kind, one after the other:
 * to pages that the host has, to pages that it has not, to an address that user
 * space emulates, and to one that ends in an eventfd.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE		0x1000ULL
#define HUGE_PAGE	0x200000ULL

/*
 * The guest's memory; it maps all of it where it lies. The first 2 MiB hold
 * code, page tables and durations.
 */
#define PML4		0x8000ULL
#define PDPT		0x10000ULL
#define PD		0x18000ULL
#define DURATIONS	0x100000ULL
#define SAMPLES_MAX	8192UL
#define PRESENT		HUGE_PAGE
#define FRESH		(PRESENT + SAMPLES_MAX * PAGE)
#define MEMORY		(FRESH + SAMPLES_MAX * PAGE)
#define MMIO		MEMORY
#define MMIO_EVENT	(MEMORY + PAGE)
#define MAPPED		(MEMORY + HUGE_PAGE)

/* The first samples find everything cold, and tracers still learning. */
#define WARM_UP		128UL

#define PT_TABLE	0x23ULL	/* present, writable, accessed */
#define PT_LEAF		0xe3ULL	/* the same, dirty, 2 MiB */

extern const unsigned char stamp_start[], stamp_end[];

struct machine {
	int kvm;
	int vm;
	int vcpu;
	unsigned char *memory;
	struct kvm_run *run;
};

static void die(const char *what)
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

static void memory_fill(unsigned char *memory)
{
	uint64_t *directory = (uint64_t *)(memory + PD);
	uint64_t at;

	*(uint64_t *)(memory + PML4) = PDPT | PT_TABLE;
	*(uint64_t *)(memory + PDPT) = PD | PT_TABLE;
	for (at = 0; at < MAPPED; at += HUGE_PAGE)
		*directory++ = at | PT_LEAF;
	memcpy(memory, stamp_start, stamp_end - stamp_start);
}

static void memory_make(struct machine *machine)
{
	struct kvm_userspace_memory_region region = { .memory_size = MEMORY };

	machine->memory = map(MEMORY, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	/* Refused by kernels without huge pages, which is as good. */
	madvise(machine->memory, MEMORY, MADV_NOHUGEPAGE);
	memory_fill(machine->memory);

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

/* As virtio does it: whatever is written, of whatever length. */
static void event_make(struct machine *machine)
{
	struct kvm_ioeventfd event = {
		.addr = MMIO_EVENT,
		.fd = checked(eventfd(0, 0), "eventfd"),
	};

	checked(ioctl(machine->vm, KVM_IOEVENTFD, &event), "KVM_IOEVENTFD");
}

static void machine_make(struct machine *machine)
{
	machine->kvm = checked(open("/dev/kvm", O_RDWR), "/dev/kvm");
	machine->vm = checked(ioctl(machine->kvm, KVM_CREATE_VM, 0),
			      "KVM_CREATE_VM");
	memory_make(machine);
	vcpu_make(machine);
	event_make(machine);
}

static void machine_run(struct machine *machine)
{
	do {
		checked(ioctl(machine->vcpu, KVM_RUN, 0), "KVM_RUN");
	} while (machine->run->exit_reason == KVM_EXIT_MMIO);

	if (machine->run->exit_reason != KVM_EXIT_HLT) {
		fprintf(stderr, "kvmfault-stamp: exit reason %u\n",
			machine->run->exit_reason);
		exit(EXIT_FAILURE);
	}
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

static void report(const char *kind, uint64_t *duration, unsigned long count)
{
	uint64_t sum = 0;
	unsigned long i;

	for (i = 0; i < count; i++)
		sum += duration[i];
	qsort(duration, count, sizeof(*duration), compare);
	printf("%s %llu %llu %llu\n", kind,
	       (unsigned long long)duration[count / 2],
	       (unsigned long long)duration[count * 9 / 10],
	       (unsigned long long)(sum / count));
}

static void measure(struct machine *machine, const char *kind,
		    unsigned long samples, uint64_t first, uint64_t step)
{
	uint64_t *duration = (uint64_t *)(machine->memory + DURATIONS);
	struct kvm_regs regs = {
		.rflags = 2,
		.rdi = first,
		.rbx = step,
		.rcx = samples,
		.rsi = DURATIONS,
	};

	checked(ioctl(machine->vcpu, KVM_SET_REGS, &regs), "KVM_SET_REGS");
	machine_run(machine);
	report(kind, duration + WARM_UP, samples - WARM_UP);
}

int main(int argc, char **argv)
{
	unsigned long samples = argc > 1 ? strtoul(argv[1], NULL, 0) : 1024;
	struct machine machine;

	if (samples <= WARM_UP || samples > SAMPLES_MAX) {
		fprintf(stderr, "kvmfault-stamp: %lu to %lu samples\n",
			WARM_UP + 1, SAMPLES_MAX);
		return EXIT_FAILURE;
	}
	machine_make(&machine);
	memset(machine.memory + PRESENT, 1, samples * PAGE);
	measure(&machine, "present", samples, PRESENT, PAGE);
	measure(&machine, "fresh", samples, FRESH, PAGE);
	measure(&machine, "mmio", samples, MMIO, 0);
	measure(&machine, "ioeventfd", samples, MMIO_EVENT, 0);
	return EXIT_SUCCESS;
}
