// SPDX-License-Identifier: GPL-2.0
/*
 * Scenes with pages that come late, and are fetched by a worker of KVM in the place
 * of the vCPU.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "die.h"
#include "scene.h"
#include "thread.h"
#include "traps.h"
#include "uffd.h"

/* So many come before the guest wants to hear no more. */
#define EARLY		7

/* Long enough for the guest to try again, or for KVM to give up. */
#define WHILE_US	200000

/* A timer of 250 Hz. */
#define TICK_US		4000

struct bringer {
	struct vcpu *vcpu;
	int uffd;
	uint64_t pages;
};

static void bringer_begin(struct bringer *bringer, struct vcpu *vcpu)
{
	bringer->vcpu = vcpu;
	bringer->pages = vcpu->vm->work->pages;
	bringer->uffd = uffd_open(vcpu->memory + WINDOW_PAGES,
				  bringer->pages * PAGE_4K, 0);
}

static void bring(const struct bringer *bringer, uint64_t page)
{
	uffd_answer(bringer->uffd, (uintptr_t)bringer->vcpu->memory +
				   WINDOW_PAGES + page * PAGE_4K);
}

static void write_pages(struct vcpu *vcpu, uint64_t pages)
{
	vcpu_order(vcpu, &(struct order) {
		.value = 1, .write = WINDOW_PAGES, .writes = pages,
	});
}

/* A page comes when it is certain that KVM did not have it. */
static void *async_thread(void *arg)
{
	const struct bringer *bringer = arg;
	uint64_t i;

	for (i = 0; i < bringer->pages; i++)
		uffd_answer(bringer->uffd, uffd_wait(bringer->uffd));
	return NULL;
}

/*
 * The vCPU may be told to do something else. It was not asked to be told, so it is
 * halted.
 */
void scene_async(struct vcpu *vcpu)
{
	struct bringer bringer;
	pthread_t thread;

	bringer_begin(&bringer, vcpu);
	thread = thread_start("async", async_thread, &bringer);
	write_pages(vcpu, bringer.pages);
	pthread_join(thread, NULL);
	close(bringer.uffd);
}

/* The guest leaves out each page, for none comes. */
static void all_absent(struct bringer *bringer, struct vcpu *vcpu)
{
	bringer_begin(bringer, vcpu);
	write_pages(vcpu, bringer->pages);
	must_be("pages that the guest was told were not there",
		vcpu_regs(vcpu).r14, bringer->pages);
}

static void wait_for_sigterm(void)
{
	sigset_t wanted;
	int signal;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	sigwait(&wanted, &signal);
}

static void *told_thread(void *arg)
{
	const struct bringer *bringer = arg;
	uint64_t i;

	usleep(WHILE_US);
	bring(bringer, 0);
	printf("outstanding pid=%d pages=%llu\n", getpid(),
	       (unsigned long long)bringer->pages - 1);
	wait_for_sigterm();
	for (i = 1; i < bringer->pages; i++)
		bring(bringer, i);
	return NULL;
}

/*
 * All pages are outstanding at once. The guest tries the first one again, for which
 * KVM halts it until that has come. The others come when somebody says so; meanwhile
 * the guest is idle.
 */
void scene_async_told(struct vcpu *vcpu)
{
	struct bringer bringer;
	pthread_t thread;

	all_absent(&bringer, vcpu);
	thread = thread_start("told", told_thread, &bringer);
	write_pages(vcpu, 1);
	vcpu_order(vcpu, &(struct order) { .awaited = bringer.pages });
	pthread_join(thread, NULL);
	must_be("pages that the guest was told have come", vcpu_regs(vcpu).r15,
		bringer.pages);
	write_pages(vcpu, bringer.pages);
	must_be("pages written", memory_written(vcpu, WINDOW_PAGES, bringer.pages),
		bringer.pages);
	close(bringer.uffd);
}

/*
 * The same, and when somebody says so one more time, with a single page that has
 * been taken away.
 */
void scene_async_again(struct vcpu *vcpu)
{
	struct bringer bringer;
	uint64_t told;

	scene_async_told(vcpu);
	told = vcpu_regs(vcpu).r14;
	printf("again pid=%d\n", getpid());
	wait_for_sigterm();
	memory_drop(vcpu);
	bringer_begin(&bringer, vcpu);
	write_pages(vcpu, 1);
	must_be("pages that the guest was told were not there", vcpu_regs(vcpu).r14,
		told + 1);
	bring(&bringer, 0);
	vcpu_order(vcpu, &(struct order) { .awaited = told + 1 });
	close(bringer.uffd);
}

static void *off_thread(void *arg)
{
	const struct bringer *bringer = arg;
	uint64_t i;

	usleep(WHILE_US);
	for (i = EARLY; i < bringer->pages; i++)
		bring(bringer, i);
	return NULL;
}

/*
 * A page that comes while the guest does not run is there, but it is not told. Then
 * KVM gives up, for which it waits for its workers.
 */
void scene_async_off(struct vcpu *vcpu)
{
	struct bringer bringer;
	pthread_t thread;
	uint64_t i;

	all_absent(&bringer, vcpu);
	for (i = 0; i < EARLY; i++)
		bring(&bringer, i);
	usleep(WHILE_US);
	thread = thread_start("off", off_thread, &bringer);
	traps_ignore(vcpu);
	pthread_join(thread, NULL);
	write_pages(vcpu, bringer.pages);
	must_be("pages that the guest was told have come", vcpu_regs(vcpu).r15, 0);
	must_be("pages written", memory_written(vcpu, WINDOW_PAGES, bringer.pages),
		bringer.pages);
	close(bringer.uffd);
}

static void *woken_thread(void *arg)
{
	const struct bringer *bringer = arg;
	uint64_t address = uffd_wait(bringer->uffd);
	uint64_t i;

	for (i = 0; i < bringer->pages; i++) {
		usleep(TICK_US);
		traps_interrupt(bringer->vcpu);
	}
	uffd_answer(bringer->uffd, address);
	return NULL;
}

/* The guest does not want to be told, but it takes interrupts: then it tries again. */
void scene_async_woken(struct vcpu *vcpu)
{
	struct bringer bringer;
	pthread_t thread;

	traps_ignore(vcpu);
	bringer_begin(&bringer, vcpu);
	thread = thread_start("woken", woken_thread, &bringer);
	write_pages(vcpu, 1);
	pthread_join(thread, NULL);
	must_be("pages written", memory_written(vcpu, WINDOW_PAGES, 1), 1);
	close(bringer.uffd);
}
