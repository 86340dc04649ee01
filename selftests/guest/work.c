// SPDX-License-Identifier: GPL-2.0
/* Where the work lies and which faults it causes: arithmetic, no KVM. */
#include <fcntl.h>
#include <unistd.h>

#include "work.h"

/* Code, page map level 4, page directory pointers, page directory. */
#define SYSTEM_PAGES	4

static uint64_t round_up(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) / unit * unit;
}

struct window work_window(const struct work *work, unsigned int vcpu)
{
	struct window window;

	window.slow = WINDOW_PAGES + round_up(work->pages * work->stride * PAGE_4K,
					      PAGE_2M);
	window.mmio = window.slow + round_up(work->slow * PAGE_4K, PAGE_2M);
	window.size = window.mmio + PAGE_2M;
	window.gpa = work->offset - WINDOW_PAGES + vcpu * window.size;
	return window;
}

/* A boolean parameter of a KVM module; what it means when it is not there. */
static bool module_parameter(const char *path, bool absent)
{
	int fd = open(path, O_RDONLY);
	char value = 0;

	if (fd < 0)
		return absent;
	if (read(fd, &value, 1) != 1)
		value = 0;
	close(fd);
	return value ? value == 'Y' || value == '1' : absent;
}

/* Shadow paging turns guest-physical faults into page faults. */
static bool two_dimensional_paging(void)
{
	return module_parameter("/sys/module/kvm_intel/parameters/ept", true) &&
	       module_parameter("/sys/module/kvm_amd/parameters/npt", true);
}

/*
 * KVM marks an MMIO page by an entry with reserved bits, so that later accesses
 * are told apart from missing memory. Where it cannot (no reserved bit is left on
 * some AMD machines, or by parameter), every access is a violation.
 */
static bool mmio_marked(void)
{
	return module_parameter("/sys/module/kvm/parameters/mmio_caching", true);
}

/* How many huge pages hold the pages, or are full of them. */
uint64_t work_huge_pages(const struct work *work)
{
	uint64_t size = work->pages * PAGE_4K;

	if (!work->huge && !work->hugetlb)
		return 0;
	return (work->ragged ? size : round_up(size, PAGE_2M)) / PAGE_2M;
}

/*
 * Intel and AMD agree in every number: a page-table page counts once, whether
 * the walk that misses it is said to read (EPT) or to write (NPT).
 */
struct faults work_faults(const struct work *work)
{
	uint64_t writes = work->mmio * work->rounds;
	uint64_t pages = work->pages;
	struct faults faults = { 0 };
	uint64_t mmio_violations;

	faults.mmio_exits = work->vcpus * writes;
	if (!two_dimensional_paging())
		return faults;

	if (work->ragged)
		pages = work_huge_pages(work) + pages % (PAGE_2M / PAGE_4K);
	else if (work->huge || work->hugetlb)
		pages = work_huge_pages(work);
	mmio_violations = writes && mmio_marked() ? 1 : writes;

	faults.violation = work->vcpus * (SYSTEM_PAGES + mmio_violations +
					  work->rounds * (pages + work->slow));
	faults.misconfig = work->vcpus * (writes - mmio_violations);
	faults.tdp = faults.violation;
	return faults;
}
