// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "die.h"
#include "uffd.h"
#include "work.h"

int uffd_open(void *memory, uint64_t size, int flags)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { .start = (uintptr_t)memory, .len = size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC | flags);

	if (uffd < 0)
		die_errno("no userfaultfd (it needs root and CONFIG_USERFAULTFD)");
	if (ioctl(uffd, UFFDIO_API, &api) < 0)
		die_errno("userfaultfd does not speak version %#llx", UFFD_API);
	if (ioctl(uffd, UFFDIO_REGISTER, &range) < 0)
		die_errno("cannot register pages with userfaultfd");
	return uffd;
}

uint64_t uffd_wait(int uffd)
{
	struct uffd_msg message;

	if (read(uffd, &message, sizeof(message)) != sizeof(message))
		return 0;
	if (message.event != UFFD_EVENT_PAGEFAULT)
		die("userfaultfd sent event %#x, not a page fault", message.event);
	return message.arg.pagefault.address & ~(PAGE_4K - 1);
}

/*
 * UFFDIO_COPY and not UFFDIO_ZEROPAGE: the zero page is mapped read-only, the
 * write would then replace it, and KVM, which sees the page change while it maps
 * it, would let the guest fault once more.
 */
void uffd_answer(int uffd, uint64_t address)
{
	static const unsigned char zeroes[PAGE_4K] __attribute__((aligned(PAGE_4K)));
	struct uffdio_copy copy = {
		.dst = address,
		.src = (uintptr_t)zeroes,
		.len = PAGE_4K,
	};

	while (ioctl(uffd, UFFDIO_COPY, &copy) < 0)
		if (errno != EAGAIN)
			die_errno("cannot answer the fault at %#llx", copy.dst);
}
