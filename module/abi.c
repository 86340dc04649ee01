// SPDX-License-Identifier: GPL-2.0
/*
 * How kvm_tdp_page_fault() is called and what it returns, by kernel
 */
#include <linux/const.h>

#include "abi.h"

/**
 * kvmfault_codes_of_fixed() - the set in which a value means "fixed"
 * @ret: what was returned by a call for which KVM has counted a fixed fault
 * @new_stats: whether this KVM has the statistics that came with
 *	RET_PF_CONTINUE (pf_taken)
 *
 * Without them KVM counts spurious faults as fixed, too; spurious was 4 then,
 * and says nothing.
 */
enum kvmfault_codes kvmfault_codes_of_fixed(long ret, bool new_stats)
{
	switch ((int)ret) {
	case 3:
		return KVMFAULT_CODES_5_10;
	case 4:
		return new_stats ? KVMFAULT_CODES_6_1 : KVMFAULT_CODES_UNKNOWN;
	case 5:
		return new_stats ? KVMFAULT_CODES_6_12 : KVMFAULT_CODES_UNKNOWN;
	default:
		return KVMFAULT_CODES_UNKNOWN;
	}
}

/* CONTINUE never leaves KVM's MMU; seen all the same, it is not understood. */
static const __u8 outcomes[][KVMFAULT_RET_OTHER] = {
	[KVMFAULT_CODES_UNKNOWN] = {
		KVMFAULT_UNKNOWN, KVMFAULT_UNKNOWN, KVMFAULT_UNKNOWN,
		KVMFAULT_UNKNOWN, KVMFAULT_UNKNOWN, KVMFAULT_UNKNOWN,
		KVMFAULT_UNKNOWN,
	},
	[KVMFAULT_CODES_5_10] = {
		KVMFAULT_RETRY, KVMFAULT_EMULATE, KVMFAULT_INVALID,
		KVMFAULT_FIXED, KVMFAULT_SPURIOUS, KVMFAULT_UNKNOWN,
		KVMFAULT_UNKNOWN,
	},
	[KVMFAULT_CODES_6_1] = {
		KVMFAULT_UNKNOWN, KVMFAULT_RETRY, KVMFAULT_EMULATE,
		KVMFAULT_INVALID, KVMFAULT_FIXED, KVMFAULT_SPURIOUS,
		KVMFAULT_UNKNOWN,
	},
	[KVMFAULT_CODES_6_12] = {
		KVMFAULT_UNKNOWN, KVMFAULT_RETRY, KVMFAULT_EMULATE,
		KVMFAULT_WRITE_PROTECTED, KVMFAULT_INVALID, KVMFAULT_FIXED,
		KVMFAULT_SPURIOUS,
	},
};

/**
 * kvmfault_outcome() - what a return value means
 * @codes: the set that holds on this kernel
 * @ret_index: where the value is counted
 */
enum kvmfault_outcome kvmfault_outcome(enum kvmfault_codes codes,
				       unsigned int ret_index)
{
	if (ret_index == KVMFAULT_RET_ERROR)
		return KVMFAULT_ERROR;
	if (ret_index == KVMFAULT_RET_INJECTED)
		return KVMFAULT_INJECTED;
	if (ret_index >= KVMFAULT_RET_OTHER)
		return KVMFAULT_UNKNOWN;
	return outcomes[codes][ret_index];
}

/**
 * kvmfault_outcome_count() - how many calls came to an outcome
 * @codes: the set that holds on this kernel
 * @rets: KVMFAULT_RETS counts
 * @outcome: the outcome
 */
__u64 kvmfault_outcome_count(enum kvmfault_codes codes, const __u64 *rets,
			     enum kvmfault_outcome outcome)
{
	__u64 count = 0;
	unsigned int i;

	for (i = 0; i < KVMFAULT_RETS; i++)
		if (kvmfault_outcome(codes, i) == outcome)
			count += rets[i];
	return count;
}

const struct kvmfault_layout kvmfault_layouts[KVMFAULT_LAYOUTS] = {
	{
		/*
		 * to 6.7, EL 8.10 and 9.2, too: 32 bits of error code. Some of
		 * them have mmu_seq before the host frame, and nothing tells.
		 */
		.name = "6.1",
		.flags = 12, .is_tdp = 18, .goal_level = 23, .gfn = 24,
	}, {
		/* EL 9.4, too: is_private came in */
		.name = "6.8",
		.flags = 12, .is_tdp = 18, .goal_level = 24, .gfn = 32,
		.pfn = 56,
	}, {
		/* to 7.3, EL 9.6 and 10, too: 64 bits of error code */
		.name = "6.12",
		.flags = 16, .is_tdp = 22, .goal_level = 28, .gfn = 32,
		.pfn = 56,
	},
};

#define EC_PRESENT	_BITUL(0)
#define EC_WRITE	_BITUL(1)
#define EC_USER		_BITUL(2)
#define EC_RSVD		_BITUL(3)
#define EC_FETCH	_BITUL(4)

#define NR_FLAGS	6

/* The bits of the error code that stand beside it as booleans, in their order. */
static const __u32 flag_bits[NR_FLAGS] = {
	0,	/* prefetch: not from the error code */
	EC_FETCH,
	EC_WRITE,
	EC_PRESENT,
	EC_RSVD,
	EC_USER,
};

static __u64 word_at(const void *fault, unsigned int offset)
{
	__u64 word;

	__builtin_memcpy(&word, (const __u8 *)fault + offset, sizeof(word));
	return word;
}

static bool flags_fit(const __u8 *flags, __u32 error_code)
{
	unsigned int i;

	for (i = 0; i < NR_FLAGS; i++) {
		if (flags[i] > 1)
			return false;
		if (flag_bits[i] && flags[i] != !!(error_code & flag_bits[i]))
			return false;
	}
	return true;
}

/* From the highest that a mapping can have, 256 TiB, down to 4 KiB. */
#define LEVEL_MAX	5

/*
 * Three levels, max_level, req_level and goal_level, each at most the one
 * before, and booleans between is_tdp and them: together they leave no byte
 * that could be one more or one less.
 */
static bool levels_fit(const __u8 *bytes, unsigned int is_tdp,
		       unsigned int goal)
{
	unsigned int i;

	for (i = is_tdp + 1; i < goal - 2; i++)
		if (bytes[i] > 1)
			return false;

	return bytes[goal - 2] <= LEVEL_MAX &&
	       bytes[goal - 1] <= bytes[goal - 2] &&
	       bytes[goal] <= bytes[goal - 1] && bytes[goal];
}

/* A TDX guest's shared bit, one of these, is in the address alone. */
#define SHARED_BITS	(_BITULL(47) | _BITULL(51))

static __u64 frame_of(const void *fault)
{
	return (word_at(fault, 0) & ~SHARED_BITS) >> 12;
}

/**
 * kvmfault_layout_fits() - could a struct kvm_page_fault be laid out so?
 * @layout: the layout
 * @fault: the struct, KVMFAULT_LAYOUT_BYTES of it, when the call has returned:
 *	until 6.1 the frame number is written in the call
 *
 * What the struct says twice must agree: the address and the frame number, the
 * error code and the booleans. All calls that count have is_tdp set.
 */
bool kvmfault_layout_fits(const struct kvmfault_layout *layout,
			  const void *fault)
{
	const __u8 *bytes = fault;
	__u64 gfn = word_at(fault, layout->gfn) & ~(SHARED_BITS >> 12);

	return gfn == frame_of(fault) && bytes[layout->is_tdp] == 1 &&
	       flags_fit(bytes + layout->flags, (__u32)word_at(fault, 8)) &&
	       levels_fit(bytes, layout->is_tdp, layout->goal_level);
}

static bool is_level(__u8 byte)
{
	return byte && byte <= LEVEL_MAX;
}

/*
 * The byte behind goal_level, where that is padding, holds anything. If it
 * could be a level, a struct with a byte more may have its goal_level there.
 */
static bool level_behind(const struct kvmfault_layout *layout,
			 const __u8 *bytes)
{
	unsigned int behind = layout->goal_level + 1;

	return behind != layout->gfn && is_level(bytes[behind]);
}

static bool padding_deceives(const void *fault)
{
	const struct kvmfault_layout *layout = kvmfault_layouts;
	unsigned int i;

	for (i = 0; i < KVMFAULT_LAYOUTS; i++, layout++)
		if (kvmfault_layout_fits(layout, fault) &&
		    level_behind(layout, fault))
			return true;
	return false;
}

/**
 * kvmfault_layout_tells() - does a struct tell layouts apart?
 * @fault: the struct
 *
 * A frame number does if its low byte is neither a level nor a boolean: those
 * stand, before padding, where another layout has the frame number. Reads and
 * writes do, each for some layouts; fetches may set huge_page_disallowed, which
 * looks like a level.
 */
bool kvmfault_layout_tells(const void *fault)
{
	return !(word_at(fault, 8) & EC_FETCH) &&
	       (frame_of(fault) & 0xff) > LEVEL_MAX &&
	       !padding_deceives(fault);
}

/*
 * Behind the frame number, in all layouts, is the memslot: a pointer. What says
 * that a frame is none has the highest bit set, too, but not the next ones.
 */
static bool frame_and_slot_at(const void *fault, unsigned int gfn)
{
	return !(word_at(fault, gfn) >> 52) &&
	       word_at(fault, gfn + 8) >> 56 == 0xff;
}

/**
 * kvmfault_layout_fits_shadow() - the same for a call of shadow paging
 * @layout: the layout
 * @fault: the struct
 *
 * The address has been translated by the guest's tables, so the frame number is
 * told by what is behind it.
 */
bool kvmfault_layout_fits_shadow(const struct kvmfault_layout *layout,
				 const void *fault)
{
	const __u8 *bytes = fault;

	return frame_and_slot_at(fault, layout->gfn) &&
	       !bytes[layout->is_tdp] &&
	       flags_fit(bytes + layout->flags, (__u32)word_at(fault, 8)) &&
	       levels_fit(bytes, layout->is_tdp, layout->goal_level);
}

/**
 * kvmfault_layout_tells_shadow() - does such a struct tell layouts apart?
 * @fault: the struct
 *
 * Not if the address is in no memslot.
 */
bool kvmfault_layout_tells_shadow(const void *fault)
{
	unsigned int i;

	if (word_at(fault, 8) & EC_FETCH)
		return false;
	for (i = 0; i < KVMFAULT_LAYOUTS; i++)
		if (frame_and_slot_at(fault, kvmfault_layouts[i].gfn))
			return true;
	return false;
}
