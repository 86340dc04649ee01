// SPDX-License-Identifier: GPL-2.0
/*
 * The VMM proper. Three rules keep the number of faults exact:
 *
 *  - vCPUs share no page, no memory slot and no MMIO page, and each takes the
 *    faults of its own system pages before the next one starts. From then on all
 *    entries that two of them could race to fill are there.
 *  - While a vCPU runs, nothing in this process changes its address space: older
 *    kernels let every fault of the VM try again after any such change. So threads
 *    start and end, and memory comes and goes, between the rounds only; what the
 *    threads write during a round, the main thread has written before, so that no
 *    page is copied then because of an earlier fork; stacks are too small for the
 *    kernel to make huge pages of; and nothing is locked in memory, since older
 *    kernels, when a process unlocks a page of this program's file, disturb all
 *    processes that map it.
 *  - The guest's page tables have their accessed and dirty bits set: the walk
 *    never writes to them.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "die.h"
#include "scene.h"
#include "vm.h"

#define CPUID_ENTRIES		256
#define CPUID_ADDRESS_SIZES	0x80000008

static void kvm_open(struct vm *vm)
{
	int version;

	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		die_errno("cannot open /dev/kvm");
	version = ioctl(vm->kvm, KVM_GET_API_VERSION, 0);
	if (version != KVM_API_VERSION)
		die("KVM has API version %d, not %d", version, KVM_API_VERSION);
	vm->run_size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (vm->run_size < (long)sizeof(struct kvm_run))
		die("KVM has a run area of %ld bytes, too small", vm->run_size);

	vm->cpuid = calloc(1, sizeof(*vm->cpuid) +
			   CPUID_ENTRIES * sizeof(vm->cpuid->entries[0]));
	if (!vm->cpuid)
		die("no memory for the CPUID table");
	vm->cpuid->nent = CPUID_ENTRIES;
	if (ioctl(vm->kvm, KVM_GET_SUPPORTED_CPUID, vm->cpuid) < 0)
		die_errno("cannot get the CPUID that KVM supports");
}

static unsigned int physical_address_bits(const struct vm *vm)
{
	const struct kvm_cpuid_entry2 *entry = vm->cpuid->entries;
	unsigned int i;

	for (i = 0; i < vm->cpuid->nent; i++)
		if (entry[i].function == CPUID_ADDRESS_SIZES)
			return entry[i].eax & 0xff;
	return 36;
}

static void check_limits(const struct vm *vm)
{
	uint64_t limit = 1ULL << physical_address_bits(vm);
	struct window beyond = work_window(vm->work, vm->work->vcpus);
	int vcpus = ioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS);

	if (vcpus > 0 && vm->work->vcpus > (uint64_t)vcpus)
		die_usage("KVM gives a VM at most %d vCPUs here, not %llu", vcpus,
			  (unsigned long long)vm->work->vcpus);
	if (beyond.gpa > limit)
		die_usage("the VM would end at %#llx, beyond the %#llx that this CPU can address",
			  (unsigned long long)beyond.gpa, (unsigned long long)limit);
}

void vm_create(struct vm *vm, const struct work *work)
{
	sigset_t all, before;
	unsigned int i;

	memset(vm, 0, sizeof(*vm));
	vm->work = work;
	kvm_open(vm);
	vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, memfd_vm_type(vm));
	if (vm->fd < 0)
		die_errno("cannot create a VM");
	check_limits(vm);
	vm->apic = work->scene && work->scene->apic;
	if (vm->apic && ioctl(vm->fd, KVM_CREATE_IRQCHIP, 0) < 0)
		die_errno("cannot create interrupt controllers");

	vm->vcpus = calloc(work->vcpus, sizeof(*vm->vcpus));
	if (!vm->vcpus)
		die("no memory for %llu vCPUs", (unsigned long long)work->vcpus);
	pthread_barrier_init(&vm->begin, NULL, work->vcpus + 1);
	pthread_barrier_init(&vm->end, NULL, work->vcpus + 1);
	pthread_barrier_init(&vm->together, NULL, work->vcpus);

	for (i = 0; i < work->vcpus; i++)
		vcpu_create(vm, i);

	/* Signals are for the main thread: none cuts a fault short. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (i = 0; i < work->vcpus; i++)
		vcpu_start(&vm->vcpus[i]);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void vm_round(struct vm *vm, struct done *done)
{
	const struct work *work = vm->work;
	unsigned int i;

	if (vm->round++)
		for (i = 0; i < work->vcpus; i++)
			memory_drop(&vm->vcpus[i]);

	pthread_barrier_wait(&vm->begin);
	pthread_barrier_wait(&vm->end);

	/* A scene looks for itself, and what it has left is not to be touched. */
	if (work->scene)
		return;
	for (i = 0; i < work->vcpus; i++) {
		const struct vcpu *vcpu = &vm->vcpus[i];

		done->pages += memory_written(vcpu, WINDOW_PAGES, work->pages);
		done->slow += memory_written(vcpu, vcpu->window.slow, work->slow);
		if (work->huge)
			done->huge += memory_huge_pages(vcpu);
	}
}

struct done vm_work(struct vm *vm)
{
	struct done done = { 0 };
	unsigned int i;

	while (vm->round < vm->work->rounds)
		vm_round(vm, &done);
	for (i = 0; i < vm->work->vcpus; i++) {
		done.mmio_exits += vm->vcpus[i].mmio_exits;
		slow_times_add(&done.times, &vm->vcpus[i].slow.times);
	}
	return done;
}

void vm_destroy(struct vm *vm)
{
	unsigned int i;

	vm->over = true;
	pthread_barrier_wait(&vm->begin);
	for (i = 0; i < vm->work->vcpus; i++)
		vcpu_destroy(&vm->vcpus[i]);
	pthread_barrier_destroy(&vm->begin);
	pthread_barrier_destroy(&vm->end);
	pthread_barrier_destroy(&vm->together);
	free(vm->vcpus);
	free(vm->cpuid);
	close(vm->fd);
	close(vm->kvm);
}
