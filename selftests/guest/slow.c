// SPDX-License-Identifier: GPL-2.0
/*
 * A range of memory is registered with userfaultfd. KVM's fault on a page of it
 * sleeps in the host's page fault, until the thread here, having read the message
 * and waited, puts a page there.
 *
 * Each vCPU has a thread of its own, so that no fault waits for another's delay.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "die.h"
#include "slow.h"
#include "thread.h"
#include "uffd.h"
#include "work.h"

#define NSEC_PER_SEC	1000000000ULL

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

static void sleep_until(uint64_t ns)
{
	struct timespec until = {
		.tv_sec = ns / NSEC_PER_SEC,
		.tv_nsec = ns % NSEC_PER_SEC,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

static void widen(uint64_t *min, uint64_t *max, uint64_t low, uint64_t high)
{
	if (!*min || low < *min)
		*min = low;
	if (high > *max)
		*max = high;
}

static void handle_message(struct slow *slow)
{
	struct slow_times *times = &slow->times;
	uint64_t address = uffd_wait(slow->uffd);
	uint64_t from = now_ns();
	uint64_t took;

	if (!address)
		return;
	sleep_until(from + slow->delay_ns);
	took = now_ns() - from;
	widen(&times->answer_min_ns, &times->answer_max_ns, took, took);
	times->answer_sum_ns += took;
	times->count++;
	uffd_answer(slow->uffd, address);
}

static void *slow_thread(void *arg)
{
	struct slow *slow = arg;
	struct pollfd fds[] = {
		{ .fd = slow->uffd, .events = POLLIN },
		{ .fd = slow->stop, .events = POLLIN },
	};

	while (!fds[1].revents) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			die_errno("cannot wait for faults");
		if (fds[0].revents)
			handle_message(slow);
	}
	return NULL;
}

void slow_start(struct slow *slow, void *memory, uint64_t size, uint64_t delay_ns)
{
	memset(slow, 0, sizeof(*slow));
	slow->delay_ns = delay_ns;
	slow->uffd = uffd_open(memory, size, O_NONBLOCK);
	slow->stop = eventfd(0, EFD_CLOEXEC);
	if (slow->stop < 0)
		die_errno("cannot make an eventfd");
	slow->thread = thread_start("slow", slow_thread, slow);
}

void slow_stop(struct slow *slow)
{
	if (eventfd_write(slow->stop, 1) < 0)
		die_errno("cannot stop the thread that answers slow faults");
	pthread_join(slow->thread, NULL);
	close(slow->stop);
	close(slow->uffd);
}

void slow_ran(struct slow *slow, uint64_t ns)
{
	widen(&slow->times.run_min_ns, &slow->times.run_max_ns, ns, ns);
	slow->times.run_sum_ns += ns;
}

void slow_times_add(struct slow_times *sum, const struct slow_times *times)
{
	if (!times->count)
		return;
	widen(&sum->answer_min_ns, &sum->answer_max_ns,
	      times->answer_min_ns, times->answer_max_ns);
	widen(&sum->run_min_ns, &sum->run_max_ns,
	      times->run_min_ns, times->run_max_ns);
	sum->answer_sum_ns += times->answer_sum_ns;
	sum->run_sum_ns += times->run_sum_ns;
	sum->count += times->count;
}
