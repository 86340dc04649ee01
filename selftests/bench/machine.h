/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtual machine with one vCPU that makes accesses and stamps them
 */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>

/* What one run of a vCPU may stamp at most. */
#define SAMPLES_MAX	8192UL

/* The kinds of access, and of exit. */
enum access {
	PRESENT,	/* write to a page that the host has */
	FRESH,		/* to one that it has not */
	MMIO,		/* to an address that user space emulates */
	IOEVENTFD,	/* to one that ends in an eventfd */
	CPUID,		/* an exit that is no fault and ends in KVM */
	PIO,		/* one that goes to user space */
	ACCESSES
};

extern const char *const access_name[ACCESSES];

struct machine {
	int kvm;
	int vm;
	int vcpu;
	unsigned long pages;
	unsigned char *memory;
	size_t size;
	struct kvm_run *run;
};

/* With so many pages to write to, of either sort. */
void machine_make(struct machine *machine, unsigned long pages);

/* Durations in ticks of the TSC, valid until the next call. */
uint64_t *machine_stamp(struct machine *machine, enum access access,
			unsigned long count);

void die(const char *what);

#endif /* BENCH_MACHINE_H */
