/* SPDX-License-Identifier: GPL-2.0 */
/* One virtual machine: its vCPUs, their memory and their threads. */
#ifndef KVMFAULT_GUEST_VM_H
#define KVMFAULT_GUEST_VM_H

#include <linux/kvm.h>
#include <pthread.h>
#include <semaphore.h>

#include "slow.h"
#include "work.h"

struct vm;

/*
 * What a vCPU is told to do, by offsets into its window: execute, then read, then
 * write pages, then write to one place again and again, then wait until so many
 * pages in all have come. Where MMIO is planned for, a write may come to the VMM.
 */
struct order {
	uint64_t value;			/* to write, everywhere */
	uint64_t exec, execs, exec_step;
	uint64_t read, reads;
	uint64_t write, writes;
	uint64_t store, stores;
	uint64_t mmio, mmio_size;
	uint64_t awaited;
};

struct vcpu {
	struct vm *vm;
	unsigned int index;
	struct window window;
	unsigned char *memory;		/* the window as the host sees it */
	void *mapping;			/* memory, before alignment */
	int fd;
	struct kvm_run *run;
	pthread_t thread;
	pid_t tid;			/* the same, as the kernel numbers it */
	sem_t ready;			/* its own pages are in place */
	struct slow slow;
	uint64_t mmio_exits;
	uint64_t memory_faults;		/* that came to the VMM */
	int memfd;			/* the guest has its pages from, or -1 */
};

struct vm {
	const struct work *work;
	int kvm;			/* /dev/kvm */
	int fd;
	long run_size;
	struct kvm_cpuid2 *cpuid;
	bool apic;			/* in the kernel */
	pthread_barrier_t begin;	/* of a round: VMM and all vCPU threads */
	pthread_barrier_t end;
	pthread_barrier_t together;	/* all vCPU threads, in a scene */
	uint64_t round;			/* from 1; written between end and begin */
	bool over;
	struct vcpu *vcpus;
};

/* What a VM did: counted where it happened, not copied from the plan. */
struct done {
	uint64_t pages;			/* pages in which the value was found */
	uint64_t slow;
	uint64_t mmio_exits;
	uint64_t huge;			/* huge pages of 2 MiB that the host gave */
	struct slow_times times;
};

/* memory.c */
void memory_map(struct vcpu *vcpu);
void memory_slot(struct vcpu *vcpu);
void memory_load(struct vcpu *vcpu);
unsigned int memory_pages_slot(const struct vcpu *vcpu);
void memory_pages(struct vcpu *vcpu, uint32_t flags);
void memory_pages_smm(struct vcpu *vcpu);
void memory_pages_move(struct vcpu *vcpu, bool away);
void memory_pages_delete(struct vcpu *vcpu);
void memory_see(struct vcpu *vcpu, const struct vcpu *other);
void memory_share(struct vcpu *vcpu, uint64_t size);
void memory_drop(struct vcpu *vcpu);
void memory_unmap(struct vcpu *vcpu);
uint64_t memory_written(const struct vcpu *vcpu, uint64_t first, uint64_t pages);
uint64_t memory_huge_pages(const struct vcpu *vcpu);

/* memfd.c */
unsigned long memfd_vm_type(const struct vm *vm);
void memfd_slot(struct vcpu *vcpu);
bool memfd_fault(struct vcpu *vcpu);

/* vcpu.c */
void vcpu_create(struct vm *vm, unsigned int index);
void vcpu_start(struct vcpu *vcpu);
void vcpu_order(struct vcpu *vcpu, const struct order *order);
struct kvm_regs vcpu_regs(const struct vcpu *vcpu);
void vcpu_go(struct vcpu *vcpu, const struct kvm_regs *regs);
void vcpu_destroy(struct vcpu *vcpu);

/* vm.c */
void vm_create(struct vm *vm, const struct work *work);
struct done vm_work(struct vm *vm);
void vm_destroy(struct vm *vm);

#endif
