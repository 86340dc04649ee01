// SPDX-License-Identifier: GPL-2.0
/*
 * 6.19: AMD's handler of nested page faults looks for an eventfd before all else, as
 * no header says.
 */
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#error "It does as all other kernels do."
#endif
