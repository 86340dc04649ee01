// SPDX-License-Identifier: GPL-2.0
/*
 * Scenes with pages that are in swap
 *
 * All pages are written, and pushed out by the VMM. Then the guest reads the first
 * half of them, and gets each by a fault of its own: nothing is mapped ahead. The
 * other half stays where it is. Of shared memory, the VMM unmaps the page that the
 * guest has read first, and its file keeps it.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "die.h"
#include "scene.h"

/* Headers older than glibc 2.32 do not have it. */
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

/* The host passes over a page that somebody holds this moment. */
#define TRIES		500
#define TRY_US		10000

static uint64_t size_of(const struct vcpu *vcpu)
{
	return vcpu->vm->work->pages * PAGE_4K;
}

static uint64_t pages_in_memory(const struct vcpu *vcpu)
{
	uint64_t pages = vcpu->vm->work->pages;
	unsigned char *in_memory = malloc(pages);
	uint64_t i, found = 0;

	if (!in_memory || mincore(vcpu->memory + WINDOW_PAGES, size_of(vcpu),
				  in_memory) < 0)
		die_errno("cannot tell which pages are in memory");
	for (i = 0; i < pages; i++)
		found += in_memory[i] & 1;
	free(in_memory);
	return found;
}

static void push_out(struct vcpu *vcpu)
{
	unsigned int tries = TRIES;

	do {
		if (madvise(vcpu->memory + WINDOW_PAGES, size_of(vcpu),
			    MADV_PAGEOUT) < 0)
			die_errno("cannot push pages out of memory");
		if (!pages_in_memory(vcpu))
			return;
		usleep(TRY_US);
	} while (--tries);
	die("%llu pages are not swapped out: is there swap?",
	    (unsigned long long)pages_in_memory(vcpu));
}

void scene_swap(struct vcpu *vcpu)
{
	uint64_t pages = vcpu->vm->work->pages;

	vcpu_order(vcpu, &(struct order) {
		.value = 1, .write = WINDOW_PAGES, .writes = pages,
	});
	push_out(vcpu);
	vcpu_order(vcpu, &(struct order) {
		.read = WINDOW_PAGES, .reads = pages / 2,
	});
}

void scene_swap_shared(struct vcpu *vcpu)
{
	memory_share(vcpu, size_of(vcpu));
	scene_swap(vcpu);
	if (madvise(vcpu->memory + WINDOW_PAGES, PAGE_4K, MADV_DONTNEED) < 0)
		die_errno("cannot unmap a page");
}
