/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How kvm_tdp_page_fault() is called and what it returns, by kernel
 *
 * Both are private to KVM, have changed, and were backported by distributions
 * that kept the version number. So every variant is listed here, and which one
 * holds is found by looking at what arrives: see recognise.c. Pure, shared with
 * the unit tests.
 */
#ifndef KVMFAULT_ABI_H
#define KVMFAULT_ABI_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stdbool.h>
#endif

/**
 * enum kvmfault_outcome - what became of a call of kvm_tdp_page_fault()
 * @KVMFAULT_FIXED: the mapping was made or repaired
 * @KVMFAULT_SPURIOUS: it was there already
 * @KVMFAULT_RETRY: the guest has to try again
 * @KVMFAULT_EMULATE: the instruction is emulated
 * @KVMFAULT_WRITE_PROTECTED: a write to a page that KVM guards
 * @KVMFAULT_INVALID: the mapping was no longer valid
 * @KVMFAULT_ERROR: an errno
 * @KVMFAULT_UNKNOWN: a value that is not known on this kernel
 * @KVMFAULT_INJECTED: shadow paging: the guest's own page tables forbid it, so it
 *	is the guest's fault, or that of the guest which runs this one
 * @KVMFAULT_OUTCOMES: how many there are
 */
enum kvmfault_outcome {
	KVMFAULT_FIXED,
	KVMFAULT_SPURIOUS,
	KVMFAULT_RETRY,
	KVMFAULT_EMULATE,
	KVMFAULT_WRITE_PROTECTED,
	KVMFAULT_INVALID,
	KVMFAULT_ERROR,
	KVMFAULT_UNKNOWN,
	KVMFAULT_INJECTED,
	KVMFAULT_OUTCOMES
};

/**
 * enum kvmfault_codes - sets of return codes, named after their first kernel
 * @KVMFAULT_CODES_UNKNOWN: not recognised
 * @KVMFAULT_CODES_5_10: 5.10, 5.15, Enterprise Linux 8.10 and 9.0
 * @KVMFAULT_CODES_6_1: 6.1, 6.8, Enterprise Linux 9.2 to 9.6
 * @KVMFAULT_CODES_6_12: 6.12 to 7.3, Enterprise Linux 10
 */
enum kvmfault_codes {
	KVMFAULT_CODES_UNKNOWN,
	KVMFAULT_CODES_5_10,
	KVMFAULT_CODES_6_1,
	KVMFAULT_CODES_6_12
};

/*
 * Return values are counted as they come, and get their meaning when they are
 * read: 0 to 6 each for itself, then all other positive ones, then all errors,
 * then what was given to the guest, whatever was returned.
 */
#define KVMFAULT_RET_OTHER	7
#define KVMFAULT_RET_ERROR	8
#define KVMFAULT_RET_INJECTED	9
#define KVMFAULT_RETS		10
/* Retry is 0 or 1, whatever the kernel, and emulate at most 2. */
#define KVMFAULT_RETRY_RETS	2
#define KVMFAULT_RET_UNFIXED	2

enum kvmfault_codes kvmfault_codes_of_fixed(long ret, bool new_stats);
enum kvmfault_outcome kvmfault_outcome(enum kvmfault_codes codes,
				       unsigned int ret_index);
__u64 kvmfault_outcome_count(enum kvmfault_codes codes, const __u64 *rets,
			     enum kvmfault_outcome outcome);

/**
 * struct kvmfault_layout - where things are in a struct kvm_page_fault
 * @name: the kernels that have it
 * @flags: the booleans prefetch, exec, write, present, rsvd and user, in a row
 * @is_tdp: a boolean
 * @goal_level: the level of the mapping to be made, a byte
 * @gfn: the guest frame number
 * @pfn: the host frame number, 0 where it is not sure
 *
 * The address is at 0 and the low half of the error code at 8 in all of them.
 * What stands behind the frame number is left out: fields were added there in
 * stable kernels, and nothing in the struct tells.
 */
struct kvmfault_layout {
	const char *name;
	__u8 flags;
	__u8 is_tdp;
	__u8 goal_level;
	__u8 gfn;
	__u8 pfn;
};

#define KVMFAULT_LAYOUTS	3
/* As much of the struct as is looked at. */
#define KVMFAULT_LAYOUT_BYTES	48

extern const struct kvmfault_layout kvmfault_layouts[KVMFAULT_LAYOUTS];

bool kvmfault_layout_fits(const struct kvmfault_layout *layout,
			  const void *fault);
bool kvmfault_layout_tells(const void *fault);
bool kvmfault_layout_fits_shadow(const struct kvmfault_layout *layout,
				 const void *fault);
bool kvmfault_layout_tells_shadow(const void *fault);

/**
 * kvmfault_layout_gfn() - the guest frame number that a call is about
 * @layout: how its struct is laid out
 * @what: the struct
 */
static inline __u64 kvmfault_layout_gfn(const struct kvmfault_layout *layout,
					unsigned long what)
{
	return *(const __u64 *)(what + layout->gfn);
}

/**
 * kvmfault_ret_index() - where a return value is counted
 * @ret: what kvm_tdp_page_fault() returned, an int
 */
static inline unsigned int kvmfault_ret_index(long ret)
{
	int value = (int)ret;

	if (value < 0)
		return KVMFAULT_RET_ERROR;
	return value < KVMFAULT_RET_OTHER ? value : KVMFAULT_RET_OTHER;
}

/**
 * kvmfault_ret_unfixed() - was no mapping made, for all we know?
 * @ret: what kvm_tdp_page_fault() returned, an int
 *
 * Retry and emulate are 0 to 2 in every set of return codes; what is beyond all
 * sets, or an error, counts as well.
 */
static inline bool kvmfault_ret_unfixed(long ret)
{
	return (unsigned int)ret - (KVMFAULT_RET_UNFIXED + 1) >=
	       KVMFAULT_RET_OTHER - (KVMFAULT_RET_UNFIXED + 1);
}

#endif /* KVMFAULT_ABI_H */
