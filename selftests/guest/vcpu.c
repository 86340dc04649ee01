// SPDX-License-Identifier: GPL-2.0
/* One vCPU: its registers, its thread and the exits that it may make. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "die.h"
#include "scene.h"
#include "thread.h"
#include "traps.h"
#include "vm.h"

#define CR0_PE		(1ULL << 0)
#define CR0_ET		(1ULL << 4)
#define CR0_PG		(1ULL << 31)
#define CR4_PAE		(1ULL << 5)
#define EFER_LME	(1ULL << 8)
#define EFER_LMA	(1ULL << 10)
#define RFLAGS_FIXED	(1ULL << 1)
#define RFLAGS_IF	(1ULL << 9)

#define SEGMENT_CODE	11	/* execute, read, accessed */
#define SEGMENT_DATA	3	/* read, write, accessed */

/* Long mode from the first instruction; flat segments, no descriptor tables. */
static void vcpu_enter_long_mode(struct vcpu *vcpu)
{
	struct kvm_segment code = {
		.limit = 0xffffffff, .selector = 8, .type = SEGMENT_CODE,
		.present = 1, .s = 1, .l = 1, .g = 1,
	};
	struct kvm_segment data = {
		.limit = 0xffffffff, .selector = 16, .type = SEGMENT_DATA,
		.present = 1, .s = 1, .db = 1, .g = 1,
	};
	struct kvm_sregs sregs;

	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs) < 0)
		die_errno("cannot read the system registers of vCPU %u", vcpu->index);
	sregs.cr0 = CR0_PE | CR0_ET | CR0_PG;
	sregs.cr3 = vcpu->window.gpa + WINDOW_PML4;
	sregs.cr4 = CR4_PAE;
	sregs.efer = EFER_LME | EFER_LMA;
	sregs.cs = code;
	sregs.ds = data;
	sregs.es = data;
	sregs.fs = data;
	sregs.gs = data;
	sregs.ss = data;
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs) < 0)
		die_errno("cannot put vCPU %u in long mode", vcpu->index);
}

void vcpu_create(struct vm *vm, unsigned int index)
{
	struct vcpu *vcpu = &vm->vcpus[index];

	vcpu->vm = vm;
	vcpu->index = index;
	vcpu->window = work_window(vm->work, index);
	vcpu->memfd = -1;
	memory_map(vcpu);
	memory_slot(vcpu);
	memory_load(vcpu);

	vcpu->fd = ioctl(vm->fd, KVM_CREATE_VCPU, index);
	if (vcpu->fd < 0)
		die_errno("cannot create vCPU %u", index);
	vcpu->run = mmap(NULL, vm->run_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die_errno("cannot map the run area of vCPU %u", index);
	/* Newer kernels refuse long mode to a vCPU whose CPUID does not have it. */
	if (ioctl(vcpu->fd, KVM_SET_CPUID2, vm->cpuid) < 0)
		die_errno("cannot set the CPUID of vCPU %u", index);
	vcpu_enter_long_mode(vcpu);
	if (vm->work->scene && vm->work->scene->traps)
		traps_prepare(vcpu);
}

static void vcpu_mmio(struct vcpu *vcpu, const struct order *order)
{
	const struct kvm_run *run = vcpu->run;
	uint64_t first = vcpu->window.gpa + order->mmio;

	if (!run->mmio.is_write || run->mmio.phys_addr < first ||
	    run->mmio.phys_addr >= first + order->mmio_size ||
	    run->mmio.len != sizeof(order->value) ||
	    memcmp(run->mmio.data, &order->value, sizeof(order->value)))
		die("vCPU %u: MMIO access to %#llx, not the write to %#llx",
		    vcpu->index, run->mmio.phys_addr, (unsigned long long)first);
	vcpu->mmio_exits++;
}

/* Runs the guest until it asks for its next order. */
static void vcpu_run(struct vcpu *vcpu, const struct order *order)
{
	for (;;) {
		if (ioctl(vcpu->fd, KVM_RUN, 0) < 0) {
			if (errno == EINTR ||
			    (errno == EFAULT && memfd_fault(vcpu)))
				continue;
			die_errno("cannot run vCPU %u", vcpu->index);
		}
		switch (vcpu->run->exit_reason) {
		case KVM_EXIT_HLT:
		case KVM_EXIT_IO:
			return;
		case KVM_EXIT_MMIO:
			vcpu_mmio(vcpu, order);
			break;
		default:
			die("vCPU %u ended with exit reason %u", vcpu->index,
			    vcpu->run->exit_reason);
		}
	}
}

struct kvm_regs vcpu_regs(const struct vcpu *vcpu)
{
	struct kvm_regs regs;

	if (ioctl(vcpu->fd, KVM_GET_REGS, &regs) < 0)
		die_errno("cannot read the registers of vCPU %u", vcpu->index);
	return regs;
}

/* Gives the guest an order. See payload.S. */
void vcpu_order(struct vcpu *vcpu, const struct order *order)
{
	struct kvm_regs regs = vcpu_regs(vcpu);

	regs.rax = order->value;
	regs.r10 = order->exec;
	regs.r11 = order->execs;
	regs.r12 = order->exec_step;
	regs.r8 = order->read;
	regs.r9 = order->reads;
	regs.rdi = order->write;
	regs.rcx = order->writes;
	regs.rsi = order->store;
	regs.rdx = order->stores;
	regs.rbp = order->awaited;
	if (ioctl(vcpu->fd, KVM_SET_REGS, &regs) < 0)
		die_errno("cannot set the registers of vCPU %u", vcpu->index);
	vcpu_run(vcpu, order);
}

/* Runs code of a scene's own, which halts when it is done. */
void vcpu_go(struct vcpu *vcpu, const struct kvm_regs *regs)
{
	struct kvm_regs before, own = *regs;

	if (ioctl(vcpu->fd, KVM_GET_REGS, &before) < 0)
		die_errno("cannot read the registers of vCPU %u", vcpu->index);
	own.rflags = RFLAGS_FIXED;
	if (ioctl(vcpu->fd, KVM_SET_REGS, &own) < 0)
		die_errno("cannot set the registers of vCPU %u", vcpu->index);
	vcpu_run(vcpu, &(struct order) { 0 });
	if (ioctl(vcpu->fd, KVM_SET_REGS, &before) < 0)
		die_errno("cannot set the registers of vCPU %u", vcpu->index);
}

static void vcpu_prologue(struct vcpu *vcpu)
{
	struct kvm_regs regs = {
		.rip = WINDOW_CODE,
		.rsp = TRAPS_STACK,
		.rflags = RFLAGS_FIXED | (vcpu->vm->apic ? RFLAGS_IF : 0),
	};

	if (ioctl(vcpu->fd, KVM_SET_REGS, &regs) < 0)
		die_errno("cannot set the registers of vCPU %u", vcpu->index);
	vcpu_run(vcpu, &(struct order) { 0 });
}

/* The pages of a round, then its MMIO writes. */
static void vcpu_work(struct vcpu *vcpu)
{
	const struct work *work = vcpu->vm->work;

	vcpu_order(vcpu, &(struct order) {
		.value = vcpu->vm->round,
		.write = WINDOW_PAGES, .writes = work->pages,
		.store = vcpu->window.mmio, .stores = work->mmio,
		.mmio = vcpu->window.mmio, .mmio_size = sizeof(uint64_t),
	});
}

/* A slow page is a KVM_RUN of its own, which bounds its fault from above. */
static void vcpu_slow_page(struct vcpu *vcpu, uint64_t page)
{
	uint64_t from = now_ns();

	vcpu_order(vcpu, &(struct order) {
		.value = vcpu->vm->round,
		.write = vcpu->window.slow + page * PAGE_4K, .writes = 1,
	});
	slow_ran(&vcpu->slow, now_ns() - from);
}

static void vcpu_round(struct vcpu *vcpu)
{
	const struct work *work = vcpu->vm->work;
	uint64_t page;

	if (work->scene) {
		work->scene->play(vcpu);
		return;
	}
	vcpu_work(vcpu);
	for (page = 0; page < work->slow; page++)
		vcpu_slow_page(vcpu, page);
}

static void *vcpu_thread(void *arg)
{
	struct vcpu *vcpu = arg;
	struct vm *vm = vcpu->vm;

	vcpu->tid = gettid();
	vcpu_prologue(vcpu);
	sem_post(&vcpu->ready);

	for (;;) {
		pthread_barrier_wait(&vm->begin);
		if (vm->over)
			return NULL;
		vcpu_round(vcpu);
		pthread_barrier_wait(&vm->end);
	}
}

/* Returns when the vCPU has taken the faults of its system pages. */
void vcpu_start(struct vcpu *vcpu)
{
	const struct work *work = vcpu->vm->work;
	char name[16];

	if (work->slow)
		slow_start(&vcpu->slow, vcpu->memory + vcpu->window.slow,
			   work->slow * PAGE_4K, work->delay_ns);

	sem_init(&vcpu->ready, 0, 0);
	snprintf(name, sizeof(name), "vcpu %u", vcpu->index);
	vcpu->thread = thread_start(name, vcpu_thread, vcpu);
	while (sem_wait(&vcpu->ready) < 0 && errno == EINTR)
		;
}

void vcpu_destroy(struct vcpu *vcpu)
{
	pthread_join(vcpu->thread, NULL);
	sem_destroy(&vcpu->ready);
	if (vcpu->vm->work->slow)
		slow_stop(&vcpu->slow);
	munmap(vcpu->run, vcpu->vm->run_size);
	close(vcpu->fd);
	if (vcpu->memfd >= 0)
		close(vcpu->memfd);
	memory_unmap(vcpu);
}
