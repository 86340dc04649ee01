// SPDX-License-Identifier: GPL-2.0
/*
 * Hardware words to fault
 *
 * The error code is the one KVM hands to kvm_mmu_page_fault(): on AMD what the
 * CPU left in EXITINFO1, on Intel what KVM makes of the exit qualification.
 */
#include <linux/const.h>

#include "decode.h"

#define ERROR_GUEST_FINAL	_BITULL(32)	/* at the final guest address */
#define ERROR_GUEST_PAGE	_BITULL(33)	/* in the guest's page tables */

/**
 * kvmfault_decode_nested() - is this a nested page fault?
 * @error_code: as kvm_mmu_page_fault() got it on AMD
 *
 * With NPT off the same function gets the guest's own page faults. The CPU
 * sets one of the two high bits for nested faults and for nothing else. Of no
 * use on Intel, where KVM makes the error code and leaves them out of some.
 *
 * Return: true if it is.
 */
bool kvmfault_decode_nested(__u64 error_code)
{
	return error_code & (ERROR_GUEST_FINAL | ERROR_GUEST_PAGE);
}

/**
 * kvmfault_decode_class() - the class of an AMD nested page fault
 * @error_code: as kvm_mmu_page_fault() got it
 *
 * KVM marks MMIO pages with a reserved bit, as it misconfigures their EPT
 * entries on Intel.
 *
 * Return: KVMFAULT_VIOLATION or KVMFAULT_MISCONFIG.
 */
enum kvmfault_class kvmfault_decode_class(__u64 error_code)
{
	return error_code & KVMFAULT_ERROR_RESERVED ? KVMFAULT_MISCONFIG :
						      KVMFAULT_VIOLATION;
}
