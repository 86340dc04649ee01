// SPDX-License-Identifier: GPL-2.0
/*
 * Scenes with pages that are not the VMM's
 *
 * The guest has them from a guest_memfd: all of them, if that can be mapped, which
 * the VMM has then done or not; or those that are private, in a VM whose type has
 * private memory. In the file they are further up than in the slot.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "die.h"
#include "scene.h"

/* Headers older than Linux 6.8 do not have these, */
#ifndef KVM_CREATE_GUEST_MEMFD
struct kvm_userspace_memory_region2 {
	__u32 slot;
	__u32 flags;
	__u64 guest_phys_addr;
	__u64 memory_size;
	__u64 userspace_addr;
	__u64 guest_memfd_offset;
	__u32 guest_memfd;
	__u32 pad1;
	__u64 pad2[14];
};

struct kvm_create_guest_memfd {
	__u64 size;
	__u64 flags;
	__u64 reserved[6];
};

struct kvm_memory_attributes {
	__u64 address;
	__u64 size;
	__u64 attributes;
	__u64 flags;
};

#define KVM_SET_USER_MEMORY_REGION2	\
	_IOW(KVMIO, 0x49, struct kvm_userspace_memory_region2)
#define KVM_CREATE_GUEST_MEMFD		\
	_IOWR(KVMIO, 0xd4, struct kvm_create_guest_memfd)
#define KVM_SET_MEMORY_ATTRIBUTES	\
	_IOW(KVMIO, 0xd2, struct kvm_memory_attributes)

#define KVM_MEM_GUEST_MEMFD		(1U << 2)
#define KVM_MEMORY_ATTRIBUTE_PRIVATE	(1ULL << 3)
#define KVM_MEMORY_EXIT_FLAG_PRIVATE	(1ULL << 3)
#define KVM_EXIT_MEMORY_FAULT		39
#define KVM_CAP_VM_TYPES		235
#define KVM_X86_SW_PROTECTED_VM		1
#endif

/* nor those older than 6.18 these. */
#ifndef GUEST_MEMFD_FLAG_MMAP
#define GUEST_MEMFD_FLAG_MMAP		(1ULL << 0)
#define GUEST_MEMFD_FLAG_INIT_SHARED	(1ULL << 1)
#define KVM_CAP_GUEST_MEMFD_FLAGS	244
#endif

/* Where the slot begins in the file. */
#define AHEAD		(3 * PAGE_4K)

/* Private pages in a slot that has none: of the system pages, behind them. */
#define SEALED		0x100000ULL
#define SEALED_PAGES	3

/* What struct kvm_run says of such an exit. */
struct memory_fault {
	__u64 flags;
	__u64 gpa;
	__u64 size;
};

static const struct scene *scene_of(const struct vcpu *vcpu)
{
	return vcpu->vm->work->scene;
}

static uint64_t size_of(const struct vcpu *vcpu)
{
	return vcpu->window.mmio - WINDOW_PAGES;
}

/* Of a VM whose type has private memory only that is to be there. */
static uint64_t flags_of(const struct vcpu *vcpu)
{
	uint64_t flags = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED;
	int has;

	if (scene_of(vcpu)->sealed)
		return 0;
	has = ioctl(vcpu->vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_GUEST_MEMFD_FLAGS);
	if (has < 0 || (has & flags) != flags)
		die_unable("this KVM has no guest_memfd for VMs without private memory");
	return flags;
}

/* The VM has its pages from a guest_memfd. */
void memfd_slot(struct vcpu *vcpu)
{
	struct kvm_create_guest_memfd memfd = {
		.size = AHEAD + size_of(vcpu), .flags = flags_of(vcpu),
	};
	struct kvm_userspace_memory_region2 region = {
		.slot = memory_pages_slot(vcpu),
		.flags = KVM_MEM_GUEST_MEMFD,
		.guest_phys_addr = vcpu->window.gpa + WINDOW_PAGES,
		.memory_size = size_of(vcpu),
		.userspace_addr = (uintptr_t)vcpu->memory + WINDOW_PAGES,
		.guest_memfd_offset = AHEAD,
	};

	vcpu->memfd = ioctl(vcpu->vm->fd, KVM_CREATE_GUEST_MEMFD, &memfd);
	if (vcpu->memfd < 0)
		die_errno("cannot make a guest_memfd of %llu bytes", memfd.size);
	region.guest_memfd = vcpu->memfd;
	if (ioctl(vcpu->vm->fd, KVM_SET_USER_MEMORY_REGION2, &region) < 0)
		die_errno("cannot give the VM a guest_memfd at %#llx",
			  region.guest_phys_addr);
}

/* The type of VM that a scene takes. */
unsigned long memfd_vm_type(const struct vm *vm)
{
	int types;

	if (!vm->work->scene || !vm->work->scene->sealed)
		return 0;
	types = ioctl(vm->kvm, KVM_CHECK_EXTENSION, KVM_CAP_VM_TYPES);
	if (types < 0 || !(types & 1 << KVM_X86_SW_PROTECTED_VM))
		die_unable("this KVM has no VMs with private memory and open registers");
	return KVM_X86_SW_PROTECTED_VM;
}

static void set_attributes(struct vcpu *vcpu, uint64_t at, uint64_t size,
			   uint64_t attributes)
{
	struct kvm_memory_attributes wanted = {
		.address = vcpu->window.gpa + at,
		.size = size,
		.attributes = attributes,
	};

	if (ioctl(vcpu->vm->fd, KVM_SET_MEMORY_ATTRIBUTES, &wanted) < 0)
		die_errno("cannot set the attributes of memory at %#llx",
			  wanted.address);
}

/* A private page is wanted where none can be had. From now on it is shared. */
bool memfd_fault(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;
	const struct memory_fault *fault = (const void *)&run->hw;

	if (run->exit_reason != KVM_EXIT_MEMORY_FAULT)
		return false;
	if (fault->flags != KVM_MEMORY_EXIT_FLAG_PRIVATE)
		die("a fault at %#llx ends in the VMM and is not private", fault->gpa);
	set_attributes(vcpu, fault->gpa - vcpu->window.gpa, fault->size, 0);
	vcpu->memory_faults++;
	return true;
}

static void write_pages(struct vcpu *vcpu, uint64_t at, uint64_t pages)
{
	vcpu_order(vcpu, &(struct order) {
		.value = 1, .write = at, .writes = pages,
	});
}

/* The VMM looks at the first half of them. */
void scene_guest_memfd(struct vcpu *vcpu)
{
	uint64_t pages = vcpu->vm->work->pages;

	if (mmap(vcpu->memory + WINDOW_PAGES, size_of(vcpu), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, vcpu->memfd, AHEAD) == MAP_FAILED)
		die_errno("cannot map a guest_memfd");
	write_pages(vcpu, WINDOW_PAGES, pages);
	must_be("pages that the VMM has found written",
		memory_written(vcpu, WINDOW_PAGES, pages / 2), pages / 2);
}

/* It looks where the guest's first page would be. */
void scene_guest_memfd_apart(struct vcpu *vcpu)
{
	write_pages(vcpu, WINDOW_PAGES, vcpu->vm->work->pages);
	must_be("pages that the VMM has found written",
		memory_written(vcpu, WINDOW_PAGES, 1), 0);
}

/* The first half are private, and so are others that become shared. */
void scene_private(struct vcpu *vcpu)
{
	uint64_t pages = vcpu->vm->work->pages;

	set_attributes(vcpu, WINDOW_PAGES, pages / 2 * PAGE_4K,
		       KVM_MEMORY_ATTRIBUTE_PRIVATE);
	set_attributes(vcpu, SEALED, (SEALED_PAGES + 1) * PAGE_4K,
		       KVM_MEMORY_ATTRIBUTE_PRIVATE);
	write_pages(vcpu, WINDOW_PAGES, pages);
	must_be("faults that came to the VMM", vcpu->memory_faults, 0);
	write_pages(vcpu, SEALED, SEALED_PAGES);
	must_be("faults that came to the VMM", vcpu->memory_faults, SEALED_PAGES);
	must_be("shared pages that the VMM has found written",
		memory_written(vcpu, WINDOW_PAGES + pages / 2 * PAGE_4K,
			       pages - pages / 2), pages - pages / 2);
}
