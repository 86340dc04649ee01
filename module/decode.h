/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hardware words to fault: what a page-fault error code and a handler's return
 * value say. Pure, shared with the unit tests.
 */
#ifndef KVMFAULT_DECODE_H
#define KVMFAULT_DECODE_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stdbool.h>
#endif

/**
 * enum kvmfault_class - what was probed, in words that fit both vendors
 * @KVMFAULT_VIOLATION: a guest-physical fault exit
 * @KVMFAULT_MISCONFIG: an MMIO exit
 * @KVMFAULT_TDP: a call of the MMU's fault handler
 * @KVMFAULT_CLASSES: how many there are
 */
enum kvmfault_class {
	KVMFAULT_VIOLATION,
	KVMFAULT_MISCONFIG,
	KVMFAULT_TDP,
	KVMFAULT_CLASSES
};

/**
 * enum kvmfault_end - how an exit ended
 * @KVMFAULT_RESUMED: back in the guest
 * @KVMFAULT_USERSPACE: handed to the VMM
 * @KVMFAULT_FAILED: KVM_RUN returns an error; some ask the VMM for something
 */
enum kvmfault_end {
	KVMFAULT_RESUMED,
	KVMFAULT_USERSPACE,
	KVMFAULT_FAILED
};

bool kvmfault_decode_nested(__u64 error_code);
enum kvmfault_class kvmfault_decode_class(__u64 error_code);
enum kvmfault_end kvmfault_decode_end(long ret);

#endif /* KVMFAULT_DECODE_H */
