// SPDX-License-Identifier: GPL-2.0
/* Scenes in which nobody interferes: the number of faults is known to the unit. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "die.h"
#include "scene.h"

/* Headers older than Linux 6.11 do not have it. */
#ifndef KVM_PRE_FAULT_MEMORY
struct kvm_pre_fault_memory {
	__u64 gpa;
	__u64 size;
	__u64 flags;
	__u64 padding[5];
};

#define KVM_PRE_FAULT_MEMORY	_IOWR(KVMIO, 0xd5, struct kvm_pre_fault_memory)
#endif

/*
 * exec needs pages that the host has, for there is code in them. With the legacy
 * MMU a fault maps those of the 8 pages around it as well, hence the distance.
 */
static const struct scene scenes[] = {
	{ .name = "read", .play = scene_read },
	{ .name = "exec", .play = scene_exec, .stride = 8 },
	{ .name = "cow", .play = scene_cow },
	{ .name = "huge-within", .play = scene_huge_within, .vcpus = 1 },
	{ .name = "huge-shared", .play = scene_huge_shared, .vcpus = 1 },
	{ .name = "dirty", .play = scene_dirty },
	{ .name = "readonly", .play = scene_readonly, .flags = KVM_MEM_READONLY },
	{ .name = "smm", .play = scene_smm },
	{ .name = "smm-alone", .play = scene_smm_alone },
	{ .name = "slot", .play = scene_slot, .vcpus = 1 },
	{ .name = "slot-moves", .play = scene_slot_moves, .vcpus = 1 },
	{ .name = "ioeventfd", .play = scene_ioeventfd },
	{ .name = "datamatch", .play = scene_datamatch },
	{ .name = "prefault", .play = scene_prefault, .stride = 8 },
	{ .name = "swap", .play = scene_swap, .vcpus = 1 },
	{ .name = "swap-shared", .play = scene_swap_shared, .vcpus = 1 },
	{ .name = "guest-memfd", .play = scene_guest_memfd, .memfd = true },
	{ .name = "guest-memfd-apart", .play = scene_guest_memfd_apart, .memfd = true },
	{ .name = "private", .play = scene_private, .memfd = true, .sealed = true },
	{ .name = "tables", .play = scene_tables, .vcpus = 1 },
	{ .name = "paging32", .play = scene_paging32, .vcpus = 1 },
	{ .name = "nonpaging", .play = scene_nonpaging, .vcpus = 1 },
	{ .name = "nested", .play = scene_nested, .vcpus = 1 },
	{ .name = "nested-stop", .play = scene_nested_stop, .vcpus = 1 },
	{ .name = "nested-shadow", .play = scene_nested_shadow, .vcpus = 1 },
	{ .name = "nested-32", .play = scene_nested_32, .vcpus = 1 },
	{ .name = "async", .play = scene_async, .vcpus = 1, .apic = true },
	{ .name = "async-told", .play = scene_async_told, .vcpus = 1, .apic = true,
	  .traps = true, .waits = true },
	{ .name = "async-again", .play = scene_async_again, .vcpus = 1, .apic = true,
	  .traps = true, .waits = true },
	{ .name = "async-off", .play = scene_async_off, .vcpus = 1, .apic = true,
	  .traps = true },
	{ .name = "async-woken", .play = scene_async_woken, .vcpus = 1, .apic = true,
	  .traps = true },
	{ .name = "async-stuck", .play = scene_stuck, .vcpus = 1, .apic = true,
	  .waits = true },
	{ .name = "race", .play = scene_race, .vcpus = 2, .flags = KVM_MEM_READONLY },
	{ .name = "slots", .play = scene_slots, .vcpus = 1 },
	{ .name = "path", .play = scene_path, .vcpus = 1 },
	{ .name = "files", .play = scene_files, .vcpus = 1 },
	{ .name = "thrash", .play = scene_thrash, .vcpus = 1 },
	{ .name = "logged", .play = scene_logged, .vcpus = 1,
	  .flags = KVM_MEM_LOG_DIRTY_PAGES },
	{ .name = "stuck", .play = scene_stuck, .waits = true },
	{ }
};

const struct scene *scene_find(const char *name)
{
	const struct scene *scene = scenes;

	while (scene->name && strcmp(scene->name, name))
		scene++;
	return scene->name ? scene : NULL;
}

void must_be(const char *what, uint64_t is, uint64_t planned)
{
	if (is != planned)
		die("%s: %llu, not %llu as planned", what, (unsigned long long)is,
		    (unsigned long long)planned);
}

static uint64_t pages_of(const struct vcpu *vcpu)
{
	return vcpu->vm->work->pages;
}

static void read_pages(struct vcpu *vcpu)
{
	vcpu_order(vcpu, &(struct order) {
		.read = WINDOW_PAGES, .reads = pages_of(vcpu),
	});
}

static void write_pages(struct vcpu *vcpu, uint64_t value)
{
	vcpu_order(vcpu, &(struct order) {
		.value = value, .write = WINDOW_PAGES, .writes = pages_of(vcpu),
	});
}

/* Writes to pages that cannot be written: each ends in the VMM. */
static void write_pages_in_vain(struct vcpu *vcpu, uint64_t value)
{
	uint64_t before = vcpu->mmio_exits;

	vcpu_order(vcpu, &(struct order) {
		.value = value, .write = WINDOW_PAGES, .writes = pages_of(vcpu),
		.mmio = WINDOW_PAGES, .mmio_size = pages_of(vcpu) * PAGE_4K,
	});
	must_be("writes that came to the VMM", vcpu->mmio_exits - before,
		pages_of(vcpu));
}

static uint64_t store(struct vcpu *vcpu, uint64_t at, uint64_t value, uint64_t times)
{
	uint64_t before = vcpu->mmio_exits;

	vcpu_order(vcpu, &(struct order) {
		.value = value, .store = at, .stores = times,
		.mmio = at, .mmio_size = sizeof(value),
	});
	return vcpu->mmio_exits - before;
}

void scene_read(struct vcpu *vcpu)
{
	read_pages(vcpu);
}

/* jmp *%r13: see payload.S. */
static const unsigned char way_back[] = { 0x41, 0xff, 0xe5 };

void scene_exec(struct vcpu *vcpu)
{
	uint64_t stride = vcpu->vm->work->stride * PAGE_4K;
	uint64_t i;

	for (i = 0; i < pages_of(vcpu); i++)
		memcpy(vcpu->memory + WINDOW_PAGES + i * stride, way_back,
		       sizeof(way_back));
	vcpu_order(vcpu, &(struct order) {
		.exec = WINDOW_PAGES, .execs = pages_of(vcpu), .exec_step = stride,
	});
}

/*
 * A page that was only read is the host's page of zeroes, write-protected. The
 * first write makes the host replace it; KVM sees that happen in the middle of
 * its own fault, takes the entry away and lets the guest try again.
 */
void scene_cow(struct vcpu *vcpu)
{
	read_pages(vcpu);
	write_pages(vcpu, 1);
	must_be("pages written", memory_written(vcpu, WINDOW_PAGES, pages_of(vcpu)),
		pages_of(vcpu));
}

/* The first access to a huge page is not to the first of its pages. */
void scene_huge_within(struct vcpu *vcpu)
{
	unsigned char *pages = vcpu->memory + WINDOW_PAGES;

	if (vcpu->vm->work->pages != PAGE_2M / PAGE_4K)
		die_usage("--scene huge-within takes %llu pages", PAGE_2M / PAGE_4K);
	if (madvise(pages, PAGE_2M, MADV_HUGEPAGE) < 0)
		die_unable("this kernel has no transparent huge pages");
	vcpu_order(vcpu, &(struct order) {
		.value = 1, .write = WINDOW_PAGES + HUGE_WITHIN * PAGE_4K,
		.writes = 1,
	});
	must_be("huge pages from the host", memory_huge_pages(vcpu), 1);
}

/* As many of 2 MiB as the pages fill. The host gives them where it is told to. */
void scene_huge_shared(struct vcpu *vcpu)
{
	uint64_t size = pages_of(vcpu) * PAGE_4K;

	memory_share(vcpu, size);
	if (madvise(vcpu->memory + WINDOW_PAGES, size, MADV_HUGEPAGE) < 0)
		die_unable("this kernel has no huge pages of shared memory");
	write_pages(vcpu, 1);
}

/* The log is fetched, and by that cleared. */
uint64_t count_dirty(struct vcpu *vcpu)
{
	uint64_t words = (vcpu->window.mmio - WINDOW_PAGES) / PAGE_4K / 64;
	uint64_t *bitmap = calloc(words, sizeof(*bitmap));
	struct kvm_dirty_log log = {
		.slot = memory_pages_slot(vcpu), .dirty_bitmap = bitmap,
	};
	uint64_t i, count = 0;

	if (!bitmap)
		die("no memory for the dirty log");
	if (ioctl(vcpu->vm->fd, KVM_GET_DIRTY_LOG, &log) < 0)
		die_errno("cannot get the dirty log");
	for (i = 0; i < words; i++)
		count += __builtin_popcountll(bitmap[i]);
	free(bitmap);
	return count;
}

/*
 * The entries of what was written are protected when the log is switched on, and
 * again when it is fetched.
 */
void scene_dirty(struct vcpu *vcpu)
{
	write_pages(vcpu, 1);
	memory_pages(vcpu, KVM_MEM_LOG_DIRTY_PAGES);
	write_pages(vcpu, 2);
	must_be("dirty pages", count_dirty(vcpu), pages_of(vcpu));
	write_pages(vcpu, 3);
	must_be("dirty pages", count_dirty(vcpu), pages_of(vcpu));
	must_be("dirty pages when nothing was written", count_dirty(vcpu), 0);
}

/* Writes in vain, where there is no entry and where there is one for reading. */
void scene_readonly(struct vcpu *vcpu)
{
	write_pages_in_vain(vcpu, 1);
	read_pages(vcpu);
	write_pages_in_vain(vcpu, 2);
}

void scene_smm(struct vcpu *vcpu)
{
	write_pages(vcpu, 1);
	memory_pages_smm(vcpu);
}

void scene_smm_alone(struct vcpu *vcpu)
{
	scene_smm(vcpu);
	memory_pages_delete(vcpu);
}

/*
 * With the slot go all entries of the VM, those of the system pages included.
 * The entry that says MMIO stays when the slot comes back; that it is out of date
 * is found out at the next write.
 */
void scene_slot(struct vcpu *vcpu)
{
	uint64_t i;

	store(vcpu, WINDOW_PAGES, 1, 1);
	for (i = 0; i < pages_of(vcpu); i++) {
		memory_pages_delete(vcpu);
		must_be("writes to no slot that came to the VMM",
			store(vcpu, WINDOW_PAGES, 2, 3), 3);
		memory_pages(vcpu, 0);
		must_be("writes to a slot that came to the VMM",
			store(vcpu, WINDOW_PAGES, 3, 3), 0);
	}
}

/* The guest finds nobody at home, and then the old address again. */
void scene_slot_moves(struct vcpu *vcpu)
{
	uint64_t i;

	store(vcpu, WINDOW_PAGES, 1, 1);
	for (i = 0; i < pages_of(vcpu); i++) {
		memory_pages_move(vcpu, true);
		must_be("writes to where the slot was that came to the VMM",
			store(vcpu, WINDOW_PAGES, 2, 1), 1);
		memory_pages_move(vcpu, false);
		must_be("writes to where it is again that came to the VMM",
			store(vcpu, WINDOW_PAGES, 3, 1), 0);
	}
}

static int make_ioeventfd(struct vcpu *vcpu, struct kvm_ioeventfd ioeventfd)
{
	ioeventfd.addr = vcpu->window.gpa + vcpu->window.mmio;
	ioeventfd.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ioeventfd.fd < 0)
		die_errno("cannot make an eventfd");
	if (ioctl(vcpu->vm->fd, KVM_IOEVENTFD, &ioeventfd) < 0)
		die_errno("cannot make an ioeventfd at %#llx", ioeventfd.addr);
	return ioeventfd.fd;
}

static uint64_t count_signals(int fd)
{
	uint64_t count = 0;

	if (read(fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		die_errno("cannot read an eventfd");
	close(fd);
	return count;
}

/* Any write signals; on Intel KVM does not even look at the instruction. */
void scene_ioeventfd(struct vcpu *vcpu)
{
	int fd = make_ioeventfd(vcpu, (struct kvm_ioeventfd) { .len = 0 });
	uint64_t exits = store(vcpu, vcpu->window.mmio, 1, pages_of(vcpu));

	must_be("writes that came to the VMM", exits, 0);
	must_be("signals", count_signals(fd), pages_of(vcpu));
}

/* One value signals, all others go to the VMM. */
void scene_datamatch(struct vcpu *vcpu)
{
	int fd = make_ioeventfd(vcpu, (struct kvm_ioeventfd) {
		.len = sizeof(uint64_t), .datamatch = 1,
		.flags = KVM_IOEVENTFD_FLAG_DATAMATCH,
	});
	uint64_t exits = store(vcpu, vcpu->window.mmio, 1, pages_of(vcpu));

	must_be("writes of the value that came to the VMM", exits, 0);
	exits = store(vcpu, vcpu->window.mmio, 2, 2 * pages_of(vcpu));
	must_be("writes of another value that came to the VMM", exits,
		2 * pages_of(vcpu));
	must_be("signals", count_signals(fd), pages_of(vcpu));
}

/* KVM is asked for pages that the host has; the guest then finds them there. */
void scene_prefault(struct vcpu *vcpu)
{
	uint64_t stride = vcpu->vm->work->stride * PAGE_4K;
	uint64_t i;

	for (i = 0; i < pages_of(vcpu); i++) {
		struct kvm_pre_fault_memory range = {
			.gpa = vcpu->window.gpa + WINDOW_PAGES + i * stride,
			.size = PAGE_4K,
		};

		vcpu->memory[WINDOW_PAGES + i * stride] = 1;
		if (!ioctl(vcpu->fd, KVM_PRE_FAULT_MEMORY, &range))
			continue;
		if (errno == ENOTTY)
			die_unable("this KVM has no KVM_PRE_FAULT_MEMORY");
		die_errno("cannot let KVM fault %#llx in", range.gpa);
	}
	for (i = 0; i < pages_of(vcpu); i++)
		must_be("writes to pages that are there and came to the VMM",
			store(vcpu, WINDOW_PAGES + i * stride, 2, 1), 0);
}
