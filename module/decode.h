/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hardware words to fault: what a page-fault error code and a handler's return
 * value say. Pure, shared with the unit tests.
 */
#ifndef KVMFAULT_DECODE_H
#define KVMFAULT_DECODE_H

#include <linux/const.h>
#include <linux/types.h>
#ifndef __KERNEL__
#include <stdbool.h>
#endif

/**
 * enum kvmfault_class - what was probed, in words that fit both vendors
 * @KVMFAULT_VIOLATION: a guest-physical fault exit
 * @KVMFAULT_MISCONFIG: an MMIO exit
 * @KVMFAULT_TDP: a call of the MMU's fault handler
 * @KVMFAULT_SHADOW: the same where KVM shadows the guest's page tables
 * @KVMFAULT_CLASSES: how many there are
 */
enum kvmfault_class {
	KVMFAULT_VIOLATION,
	KVMFAULT_MISCONFIG,
	KVMFAULT_TDP,
	KVMFAULT_SHADOW,
	KVMFAULT_CLASSES
};

/**
 * kvmfault_class_is_exit() - is it an exit, or the MMU's part of one?
 * @class: the class
 */
static inline bool kvmfault_class_is_exit(enum kvmfault_class class)
{
	return class < KVMFAULT_TDP;
}

/**
 * enum kvmfault_way - which tables a call of the MMU's fault handler fills
 * @KVMFAULT_WAY_TDP: those that lead from guest-physical addresses
 * @KVMFAULT_WAY_SHADOW: a shadow of the guest's own page tables
 * @KVMFAULT_WAY_NESTED: a shadow of those that a guest has made for its guest
 * @KVMFAULT_WAYS: how many there are
 */
enum kvmfault_way {
	KVMFAULT_WAY_TDP,
	KVMFAULT_WAY_SHADOW,
	KVMFAULT_WAY_NESTED,
	KVMFAULT_WAYS
};

/**
 * enum kvmfault_guest - who ran when it faulted
 * @KVMFAULT_L1: the guest
 * @KVMFAULT_L2: a guest of the guest
 * @KVMFAULT_GUESTS: how many there are
 */
enum kvmfault_guest {
	KVMFAULT_L1,
	KVMFAULT_L2,
	KVMFAULT_GUESTS
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

/**
 * enum kvmfault_access - what the guest wanted
 * @KVMFAULT_ACCESS_UNKNOWN: nothing is proven about this call
 * @KVMFAULT_READ: to read
 * @KVMFAULT_WRITE: to write
 * @KVMFAULT_EXEC: to fetch an instruction
 * @KVMFAULT_ACCESSES: how many there are
 */
enum kvmfault_access {
	KVMFAULT_ACCESS_UNKNOWN,
	KVMFAULT_READ,
	KVMFAULT_WRITE,
	KVMFAULT_EXEC,
	KVMFAULT_ACCESSES
};

/**
 * enum kvmfault_cause - why the MMU was asked
 * @KVMFAULT_CAUSE_UNKNOWN: nothing is proven about this call
 * @KVMFAULT_ABSENT: there was no entry
 * @KVMFAULT_PROTECTED: there was one, and it forbids the access
 * @KVMFAULT_MMIO: the address is in no memslot, or was in none until now
 * @KVMFAULT_PREFETCH: KVM asked by itself, for a page that has come
 * @KVMFAULT_CAUSES: how many there are
 */
enum kvmfault_cause {
	KVMFAULT_CAUSE_UNKNOWN,
	KVMFAULT_ABSENT,
	KVMFAULT_PROTECTED,
	KVMFAULT_MMIO,
	KVMFAULT_PREFETCH,
	KVMFAULT_CAUSES
};

/**
 * enum kvmfault_level - the mapping made
 * @KVMFAULT_LEVEL_UNKNOWN: not proven, or none was made
 * @KVMFAULT_4K: a page
 * @KVMFAULT_2M: a huge one
 * @KVMFAULT_1G: a larger one
 * @KVMFAULT_LEVELS: how many there are
 *
 * The values from 1 are those of KVM's goal_level.
 */
enum kvmfault_level {
	KVMFAULT_LEVEL_UNKNOWN,
	KVMFAULT_4K,
	KVMFAULT_2M,
	KVMFAULT_1G,
	KVMFAULT_LEVELS
};

/* Bits of a page-fault error code. */
#define KVMFAULT_ERROR_PRESENT		_BITULL(0)	/* there was an entry */
#define KVMFAULT_ERROR_WRITE		_BITULL(1)
#define KVMFAULT_ERROR_RESERVED		_BITULL(3)	/* the entry says MMIO */
#define KVMFAULT_ERROR_FETCH		_BITULL(4)

bool kvmfault_decode_nested(__u64 error_code);
enum kvmfault_class kvmfault_decode_class(__u64 error_code);

/**
 * kvmfault_decode_end() - how an exit ended
 * @ret: what its handler returned
 *
 * The handlers return an int; only its low half is defined in the register.
 * What they return when they want to go on differs: 1, or any positive value.
 *
 * Return: the end.
 */
static inline enum kvmfault_end kvmfault_decode_end(long ret)
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
static inline enum kvmfault_access kvmfault_decode_access(__u32 error_code)
{
	if (error_code == KVMFAULT_ERROR_RESERVED)
		return KVMFAULT_ACCESS_UNKNOWN;
	if (error_code & KVMFAULT_ERROR_FETCH)
		return KVMFAULT_EXEC;
	return error_code & KVMFAULT_ERROR_WRITE ? KVMFAULT_WRITE : KVMFAULT_READ;
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
static inline enum kvmfault_cause kvmfault_decode_cause(__u32 error_code)
{
	if (error_code & KVMFAULT_ERROR_RESERVED)
		return KVMFAULT_MMIO;
	return error_code & KVMFAULT_ERROR_PRESENT ? KVMFAULT_PROTECTED :
					    KVMFAULT_ABSENT;
}

#endif /* KVMFAULT_DECODE_H */
