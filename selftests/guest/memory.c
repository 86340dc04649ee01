// SPDX-License-Identifier: GPL-2.0
/* A vCPU's window of memory: the host's side of it and the guest's page tables. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "die.h"
#include "scene.h"
#include "vm.h"

extern const unsigned char payload_start[], payload_end[];

/* Entries of the guest's page tables. */
#define PT_PRESENT	(1ULL << 0)
#define PT_WRITE	(1ULL << 1)
#define PT_ACCESSED	(1ULL << 5)
#define PT_DIRTY	(1ULL << 6)
#define PT_2M		(1ULL << 7)
#define PT_TABLE	(PT_PRESENT | PT_WRITE | PT_ACCESSED)
#define PT_LEAF		(PT_TABLE | PT_DIRTY | PT_2M)

static void memory_advise(void *start, uint64_t size, int advice)
{
	/* EINVAL: a kernel without transparent huge pages has none to advise on. */
	if (madvise(start, size, advice) < 0 && errno != EINVAL)
		die_errno("cannot advise the kernel on the guest's memory");
}

/* A mapping of its own, in the place of the pages: hugetlbfs is asked for all. */
static void memory_hugetlb(struct vcpu *vcpu)
{
	uint64_t size = vcpu->window.slow - WINDOW_PAGES;

	if (size && mmap(vcpu->memory + WINDOW_PAGES, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_HUGETLB,
			 -1, 0) == MAP_FAILED)
		die_errno("cannot get %llu bytes of huge pages (see /proc/sys/vm/nr_hugepages)",
			  (unsigned long long)size);
}

/* A mapping that does not reach the next 2 MiB has no room for a huge page. */
static void memory_huge(struct vcpu *vcpu)
{
	const struct work *work = vcpu->vm->work;

	memory_advise(vcpu->memory + WINDOW_PAGES,
		      work->ragged ? work->pages * PAGE_4K :
				     vcpu->window.slow - WINDOW_PAGES,
		      MADV_HUGEPAGE);
}

/* Room for one window, aligned so that host and guest huge pages coincide. */
void memory_map(struct vcpu *vcpu)
{
	uint64_t size = vcpu->window.mmio;
	uintptr_t start;

	vcpu->mapping = mmap(NULL, size + PAGE_2M, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (vcpu->mapping == MAP_FAILED)
		die_errno("cannot map %llu bytes of guest memory",
			  (unsigned long long)size);
	start = ((uintptr_t)vcpu->mapping + PAGE_2M - 1) & ~(PAGE_2M - 1);
	vcpu->memory = (unsigned char *)start;

	memory_advise(vcpu->memory, size, MADV_NOHUGEPAGE);
	if (vcpu->vm->work->huge)
		memory_huge(vcpu);
	if (vcpu->vm->work->hugetlb)
		memory_hugetlb(vcpu);
}

/* Shared memory in the place of the first pages. */
void memory_share(struct vcpu *vcpu, uint64_t size)
{
	if (mmap(vcpu->memory + WINDOW_PAGES, size, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		die_errno("cannot have shared memory");
}

/* The next round finds the pages absent: in the host, and so in KVM's tables. */
void memory_drop(struct vcpu *vcpu)
{
	uint64_t size = vcpu->window.mmio - WINDOW_PAGES;

	if (size && madvise(vcpu->memory + WINDOW_PAGES, size, MADV_DONTNEED) < 0)
		die_errno("cannot drop the guest's pages");
}

/* By offsets into the window: the guest has at @at what the VMM has at @from. */
static void memory_region_at(struct vcpu *vcpu, unsigned int slot, uint64_t at,
			     uint64_t from, uint64_t size, uint32_t flags)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = vcpu->window.gpa + at,
		.memory_size = size,
		.userspace_addr = (uintptr_t)vcpu->memory + from,
	};

	if (ioctl(vcpu->vm->fd, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		die_errno("cannot give the VM memory at %#llx for %llu bytes",
			  region.guest_phys_addr, region.memory_size);
}

static void memory_region(struct vcpu *vcpu, unsigned int slot, uint64_t from,
			  uint64_t size, uint32_t flags)
{
	memory_region_at(vcpu, slot, from, from, size, flags);
}

/* Scenes do things to the slot of the pages: the system pages have another one. */
unsigned int memory_pages_slot(const struct vcpu *vcpu)
{
	return vcpu->vm->work->vcpus + vcpu->index;
}

void memory_pages(struct vcpu *vcpu, uint32_t flags)
{
	memory_region(vcpu, memory_pages_slot(vcpu), WINDOW_PAGES,
		      vcpu->window.mmio - WINDOW_PAGES, flags);
}

/*
 * System management mode has the pages where the guest has MMIO. Which address space
 * a slot is in stands above its number.
 */
void memory_pages_smm(struct vcpu *vcpu)
{
	if (ioctl(vcpu->vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_MULTI_ADDRESS_SPACE) < 2)
		die_unable("this KVM has no address space for system management mode");
	memory_region_at(vcpu, 1U << 16 | memory_pages_slot(vcpu),
			 vcpu->window.mmio, WINDOW_PAGES,
			 vcpu->window.mmio - WINDOW_PAGES, 0);
}

/* The guest has them where it has MMIO, or in their place again. */
void memory_pages_move(struct vcpu *vcpu, bool away)
{
	memory_region_at(vcpu, memory_pages_slot(vcpu),
			 away ? vcpu->window.mmio : WINDOW_PAGES, WINDOW_PAGES,
			 vcpu->window.mmio - WINDOW_PAGES, 0);
}

void memory_pages_delete(struct vcpu *vcpu)
{
	memory_region(vcpu, memory_pages_slot(vcpu), WINDOW_PAGES, 0, 0);
}

void memory_slot(struct vcpu *vcpu)
{
	const struct scene *scene = vcpu->vm->work->scene;

	if (!scene) {
		memory_region(vcpu, vcpu->index, 0, vcpu->window.mmio, 0);
		return;
	}
	memory_region(vcpu, vcpu->index, 0, WINDOW_PAGES, 0);
	if (scene->memfd)
		memfd_slot(vcpu);
	else if (vcpu->window.mmio > WINDOW_PAGES)
		memory_pages(vcpu, scene->flags);
}

static uint64_t *memory_table(struct vcpu *vcpu, uint64_t offset)
{
	return (uint64_t *)(vcpu->memory + offset);
}

/* From now on the guest sees another's pages in the place of its own. */
void memory_see(struct vcpu *vcpu, const struct vcpu *other)
{
	uint64_t *directory = (uint64_t *)(vcpu->memory + WINDOW_PD);
	uint64_t at;

	for (at = WINDOW_PAGES; at < vcpu->window.mmio; at += PAGE_2M)
		directory[at / PAGE_2M] = (other->window.gpa + at) | PT_LEAF;
}

/* out %al, $0: ends an order where hlt would not, see payload.S. */
static const unsigned char out[] = { 0xe6, 0x00 };

/* Linear address 0 is the window's start; MMIO included, nothing beyond. */
void memory_load(struct vcpu *vcpu)
{
	uint64_t gpa = vcpu->window.gpa;
	uint64_t *directory = memory_table(vcpu, WINDOW_PD);
	uint64_t at;

	*memory_table(vcpu, WINDOW_PML4) = (gpa + WINDOW_PDPT) | PT_TABLE;
	*memory_table(vcpu, WINDOW_PDPT) = (gpa + WINDOW_PD) | PT_TABLE;
	for (at = 0; at < vcpu->window.size; at += PAGE_2M)
		*directory++ = (gpa + at) | PT_LEAF;
	memcpy(vcpu->memory + WINDOW_CODE, payload_start,
	       payload_end - payload_start);
	if (vcpu->vm->apic)
		memcpy(vcpu->memory + WINDOW_CODE, out, sizeof(out));
}

void memory_unmap(struct vcpu *vcpu)
{
	munmap(vcpu->mapping, vcpu->window.mmio + PAGE_2M);
}

/* How many pages hold what the guest wrote in this round. */
uint64_t memory_written(const struct vcpu *vcpu, uint64_t first, uint64_t pages)
{
	const unsigned char *page = vcpu->memory + first;
	uint64_t i, found = 0;

	for (i = 0; i < pages; i++, page += PAGE_4K)
		found += *(const uint64_t *)page == vcpu->vm->round;
	return found;
}

/* KiB of huge pages in the mapping that starts at an address. */
static uint64_t huge_kib(uintptr_t address)
{
	FILE *smaps = fopen("/proc/self/smaps", "r");
	unsigned long long kib = 0;
	unsigned long start, end;
	bool found = false;
	char line[512];

	if (!smaps)
		die_errno("cannot read /proc/self/smaps");
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			found = start == address;
		else if (found && sscanf(line, "AnonHugePages: %llu kB", &kib) == 1)
			break;
	}
	fclose(smaps);
	return kib;
}

/* Huge pages among the pages: a promise that the host keeps only if it can. */
uint64_t memory_huge_pages(const struct vcpu *vcpu)
{
	return huge_kib((uintptr_t)vcpu->memory + WINDOW_PAGES) * 1024 / PAGE_2M;
}
