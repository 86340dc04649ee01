// SPDX-License-Identifier: GPL-2.0
/* Scenes with somebody who interferes, while vCPUs run. */
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "die.h"
#include "scene.h"
#include "thread.h"
#include "uffd.h"

/* So many writes at a time, until the one who interferes has done. */
#define CHUNK		1000

struct meddler {
	struct vcpu *vcpu;
	int uffd;
	atomic_bool done;
};

static uint64_t times_of(const struct vcpu *vcpu)
{
	return vcpu->vm->work->pages;
}

static void write_until_done(struct vcpu *vcpu, struct meddler *meddler)
{
	while (!atomic_load(&meddler->done))
		vcpu_order(vcpu, &(struct order) {
			.value = 1, .store = WINDOW_PAGES, .stores = CHUNK,
			.mmio = WINDOW_PAGES, .mmio_size = sizeof(uint64_t),
		});
}

/* With a thread that interferes, writes go on to one page. */
static void write_under(struct vcpu *vcpu, const char *name, void *(*meddle)(void *))
{
	struct meddler meddler = { .vcpu = vcpu };
	pthread_t thread = thread_start(name, meddle, &meddler);

	write_until_done(vcpu, &meddler);
	pthread_join(thread, NULL);
}

/* Both vCPUs wait for each page; then it comes for both of them at once. */
static void *race_thread(void *arg)
{
	struct meddler *meddler = arg;
	const struct vcpu *vcpu = meddler->vcpu;
	uint64_t address = (uintptr_t)vcpu->memory + WINDOW_PAGES;
	uint64_t i;

	for (i = 0; i < times_of(vcpu); i++, address += PAGE_4K) {
		if (uffd_wait(meddler->uffd) != address ||
		    uffd_wait(meddler->uffd) != address)
			die("not both vCPUs wait for page %llu",
			    (unsigned long long)i);
		uffd_answer(meddler->uffd, address);
	}
	return NULL;
}

static void race_run(struct vcpu *vcpu)
{
	pthread_barrier_wait(&vcpu->vm->together);
	vcpu_order(vcpu, &(struct order) {
		.read = WINDOW_PAGES, .reads = times_of(vcpu),
	});
	pthread_barrier_wait(&vcpu->vm->together);
}

/*
 * vCPU 1 sees the pages of vCPU 0 where its own would be. Both read, and from a
 * read-only slot: up to 6.12 KVM makes a writable entry anew, less its dirty bit,
 * for whoever comes second, and calls that fixed.
 */
void scene_race(struct vcpu *vcpu)
{
	struct meddler meddler = { .vcpu = vcpu };
	pthread_t thread;

	if (vcpu->index) {
		memory_see(vcpu, &vcpu->vm->vcpus[0]);
		race_run(vcpu);
		return;
	}
	meddler.uffd = uffd_open(vcpu->memory + WINDOW_PAGES,
				 times_of(vcpu) * PAGE_4K, 0);
	thread = thread_start("race", race_thread, &meddler);
	race_run(vcpu);
	pthread_join(thread, NULL);
	close(meddler.uffd);
}

/* Long enough for writes to meet each state, on one CPU as well. */
#define STATE_US	2000

static void *slots_thread(void *arg)
{
	struct meddler *meddler = arg;
	struct vcpu *vcpu = meddler->vcpu;
	uint64_t i;

	for (i = 0; i < times_of(vcpu); i++) {
		memory_pages_delete(vcpu);
		usleep(STATE_US);
		memory_pages(vcpu, 0);
		usleep(STATE_US);
	}
	atomic_store(&meddler->done, true);
	return NULL;
}

void scene_slots(struct vcpu *vcpu)
{
	write_under(vcpu, "slots", slots_thread);
}

/* mincore and not a look into the page, which would bring a page of zeroes. */
static bool is_there(void *page)
{
	unsigned char there;

	if (mincore(page, PAGE_4K, &there) < 0)
		die_errno("cannot ask for the page under the vCPU");
	return there & 1;
}

/* Each time the guest has got the page, it is taken away: a fault at least. */
static void *thrash_thread(void *arg)
{
	struct meddler *meddler = arg;
	void *page = meddler->vcpu->memory + WINDOW_PAGES;
	uint64_t i;

	for (i = 0; i < times_of(meddler->vcpu); i++) {
		while (!is_there(page))
			sched_yield();
		if (madvise(page, PAGE_4K, MADV_DONTNEED) < 0)
			die_errno("cannot take the page from under the vCPU");
	}
	atomic_store(&meddler->done, true);
	return NULL;
}

void scene_thrash(struct vcpu *vcpu)
{
	write_under(vcpu, "thrash", thrash_thread);
}

/* So often what was written is asked for, and forbidden again. */
#define LOG_US		20000

#define MILLION		1000000

static void *log_thread(void *arg)
{
	struct meddler *meddler = arg;

	while (!atomic_load(&meddler->done)) {
		count_dirty(meddler->vcpu);
		usleep(LOG_US);
	}
	return NULL;
}

/* The guest gets on all the time, in no other way than by its writes. */
void scene_logged(struct vcpu *vcpu)
{
	struct meddler meddler = { .vcpu = vcpu };
	pthread_t thread = thread_start("log", log_thread, &meddler);

	vcpu_order(vcpu, &(struct order) {
		.value = 1, .store = WINDOW_PAGES,
		.stores = times_of(vcpu) * MILLION,
	});
	atomic_store(&meddler.done, true);
	pthread_join(thread, NULL);
}

/* The page never comes, until SIGTERM does; main() has blocked it. */
static void *stuck_thread(void *arg)
{
	struct meddler *meddler = arg;
	uint64_t address = uffd_wait(meddler->uffd);
	sigset_t wanted;
	int signal;

	printf("stuck pid=%d vcpu=%u gpa=%#llx\n", getpid(), meddler->vcpu->index,
	       (unsigned long long)(meddler->vcpu->window.gpa + WINDOW_PAGES));
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	sigwait(&wanted, &signal);
	uffd_answer(meddler->uffd, address);
	return NULL;
}

void scene_stuck(struct vcpu *vcpu)
{
	struct meddler meddler = {
		.vcpu = vcpu,
		.uffd = uffd_open(vcpu->memory + WINDOW_PAGES, PAGE_4K, 0),
	};
	pthread_t thread = thread_start("stuck", stuck_thread, &meddler);

	vcpu_order(vcpu, &(struct order) {
		.value = 1, .write = WINDOW_PAGES, .writes = 1,
	});
	pthread_join(thread, NULL);
	close(meddler.uffd);
}
