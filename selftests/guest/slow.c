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
#include <linux/userfaultfd.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "die.h"
#include "slow.h"
#include "thread.h"
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

/*
 * UFFDIO_COPY and not UFFDIO_ZEROPAGE: the zero page is mapped read-only, the
 * write would then replace it, and KVM, which sees the page change while it maps
 * it, would let the guest fault once more.
 */
static void answer(int uffd, uint64_t address)
{
	static const unsigned char zeroes[PAGE_4K] __attribute__((aligned(PAGE_4K)));
	struct uffdio_copy copy = {
		.dst = address & ~(PAGE_4K - 1),
		.src = (uintptr_t)zeroes,
		.len = PAGE_4K,
	};

	while (ioctl(uffd, UFFDIO_COPY, &copy) < 0)
		if (errno != EAGAIN)
			die_errno("cannot answer the fault at %#llx", copy.dst);
}

static void handle_message(struct slow *slow)
{
	struct slow_times *times = &slow->times;
	struct uffd_msg message;
	uint64_t from, took;

	if (read(slow->uffd, &message, sizeof(message)) != sizeof(message))
		return;
	from = now_ns();
	if (message.event != UFFD_EVENT_PAGEFAULT)
		die("userfaultfd sent event %#x, not a page fault", message.event);

	sleep_until(from + slow->delay_ns);
	took = now_ns() - from;
	widen(&times->answer_min_ns, &times->answer_max_ns, took, took);
	times->answer_sum_ns += took;
	times->count++;
	answer(slow->uffd, message.arg.pagefault.address);
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
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { .start = (uintptr_t)memory, .len = size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	memset(slow, 0, sizeof(*slow));
	slow->delay_ns = delay_ns;
	slow->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (slow->uffd < 0)
		die_errno("--slow needs userfaultfd (as root, CONFIG_USERFAULTFD)");
	if (ioctl(slow->uffd, UFFDIO_API, &api) < 0)
		die_errno("userfaultfd does not speak version %#llx", UFFD_API);
	if (ioctl(slow->uffd, UFFDIO_REGISTER, &range) < 0)
		die_errno("cannot register the slow pages with userfaultfd");

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
