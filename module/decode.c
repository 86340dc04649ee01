// SPDX-License-Identifier: GPL-2.0
/*
 * Hardware words to fault
 *
 * The error code is the one KVM hands to kvm_mmu_page_fault(): on AMD what the
 * CPU left in EXITINFO1, on Intel what KVM makes of the exit qualification.
 */
#include <linux/const.h>

#include "decode.h"

#define ERROR_PRESENT		_BITULL(0)	/* there was an entry */
#define ERROR_WRITE		_BITULL(1)
#define ERROR_RESERVED		_BITULL(3)	/* a reserved bit was set: MMIO */
#define ERROR_FETCH		_BITULL(4)
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
	return error_code & ERROR_RESERVED ? KVMFAULT_MISCONFIG :
					     KVMFAULT_VIOLATION;
}

/**
 * kvmfault_decode_end() - how an exit ended
 * @ret: what its handler returned
 *
 * The handlers return an int; only its low half is defined in the register.
 * What they return when they want to go on differs: 1, or any positive value.
 *
 * Return: the end.
 */
enum kvmfault_end kvmfault_decode_end(long ret)
{
	int end = (int)ret;

	if (end > 0)
		return KVMFAULT_RESUMED;
	return end ? KVMFAULT_FAILED : KVMFAULT_USERSPACE;
}

/**
 * kvmfault_decode_access() - what the guest wanted
 * @error_code: as kvm_tdp_page_fault() got it
 *
 * The bit that is called user says "read" on Intel and nothing on AMD. Of an EPT
 * misconfiguration the CPU says nothing but that it is one.
 *
 * Return: the access.
 */
enum kvmfault_access kvmfault_decode_access(__u32 error_code)
{
	if (error_code == ERROR_RESERVED)
		return KVMFAULT_ACCESS_UNKNOWN;
	if (error_code & ERROR_FETCH)
		return KVMFAULT_EXEC;
	return error_code & ERROR_WRITE ? KVMFAULT_WRITE : KVMFAULT_READ;
}

/**
 * kvmfault_decode_cause() - why the access faulted
 * @error_code: as kvm_tdp_page_fault() got it
 *
 * The MMU is asked about an entry that says MMIO only when that is out of date,
 * since a memslot has come or gone.
 *
 * Return: KVMFAULT_ABSENT, KVMFAULT_PROTECTED or KVMFAULT_MMIO.
 */
enum kvmfault_cause kvmfault_decode_cause(__u32 error_code)
{
	if (error_code & ERROR_RESERVED)
		return KVMFAULT_MMIO;
	return error_code & ERROR_PRESENT ? KVMFAULT_PROTECTED :
					    KVMFAULT_ABSENT;
}
