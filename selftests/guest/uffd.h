/* SPDX-License-Identifier: GPL-2.0 */
/* Pages that are missing until a thread of the VMM brings them. */
#ifndef KVMFAULT_GUEST_UFFD_H
#define KVMFAULT_GUEST_UFFD_H

#include <stdint.h>

int uffd_open(void *memory, uint64_t size, int flags);
uint64_t uffd_wait(int uffd);	/* the page that somebody misses, or 0 */
void uffd_answer(int uffd, uint64_t address);

#endif
