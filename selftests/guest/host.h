/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KVMFAULT_GUEST_HOST_H
#define KVMFAULT_GUEST_HOST_H

#include <stdint.h>

/* Pages that the whole host has moved since it started; 0 if it never does. */
uint64_t host_pages_moved(void);

#endif
