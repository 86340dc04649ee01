/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The work that a VM is given, where it lies in guest-physical memory, and the
 * faults that it causes.
 */
#ifndef KVMFAULT_GUEST_WORK_H
#define KVMFAULT_GUEST_WORK_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE_4K		0x1000ULL
#define PAGE_2M		0x200000ULL
#define PAGE_1G		0x40000000ULL

struct scene;

/* Every vCPU does all of this, in its own window of memory. */
struct work {
	uint64_t pages;		/* fresh pages, one write each, per round */
	uint64_t slow;		/* the same, but answered after the delay */
	uint64_t delay_ns;
	uint64_t mmio;		/* writes to one MMIO address, per round */
	uint64_t rounds;
	uint64_t vcpus;
	uint64_t offset;	/* guest-physical address of the first page */
	bool huge;		/* transparent huge pages */
	bool ragged;		/* these, but no more than the pages fill */
	bool hugetlb;		/* reserved ones */
	const struct scene *scene;	/* instead of all that, with the pages */
	uint64_t stride;	/* the pages lie so many pages apart */
};

/*
 * A vCPU's window. The guest maps it at linear address 0, so these offsets are
 * the guest's linear addresses too, while its guest-physical addresses depend on
 * the vCPU: an address that is mistaken for the other kind is found out.
 *
 *	0x00000		code
 *	0x08000		page map level 4
 *	0x10000		page directory pointers
 *	0x18000		page directory: 2 MiB entries, one for each 2 MiB of window
 *	0x20000		what a guest needs that is told of asynchronous page faults
 *	WINDOW_PAGES	the pages, then (2 MiB aligned) the slow pages
 *	...		mmio: the last 2 MiB, behind the end of the memory slot
 *
 * Why the system pages keep apart: with the legacy MMU (5.10, or tdp_mmu=0)
 * a fault maps those of the 8 pages around it that the host already has.
 *
 * Why windows are 2 MiB aligned and share no page: vCPUs that fault at once below
 * one table entry may race to fill it, and the loser faults again.
 */
#define WINDOW_CODE	0x0ULL
#define WINDOW_PML4	0x8000ULL
#define WINDOW_PDPT	0x10000ULL
#define WINDOW_PD	0x18000ULL
#define WINDOW_PAGES	PAGE_2M
#define WINDOW_MAX	PAGE_1G		/* what one page directory maps */

struct window {
	uint64_t gpa;		/* where it begins, guest-physical */
	uint64_t slow;		/* offsets into the window */
	uint64_t mmio;		/* also the size of the memory slot */
	uint64_t size;
};

/* Number of faults and exits of one VM, by the classes of kvmfault. */
struct faults {
	uint64_t violation;
	uint64_t misconfig;
	uint64_t tdp;
	uint64_t mmio_exits;
};

struct window work_window(const struct work *work, unsigned int vcpu);
struct faults work_faults(const struct work *work);
uint64_t work_huge_pages(const struct work *work);

#endif
