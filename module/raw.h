/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that tells a tdp fault apart, in one word
 *
 * A handler only puts the word together; what it means is decoded once for all
 * faults of the same word, when their counts are folded. Pure, shared with the
 * unit tests.
 */
#ifndef KVMFAULT_RAW_H
#define KVMFAULT_RAW_H

#include <linux/types.h>

#include "abi.h"
#include "combo.h"
#include "decode.h"

/* The bits of the error code that are decoded. */
#define KVMFAULT_RAW_CODE	0x1fULL
#define KVMFAULT_RAW_NOWHERE	_BITULL(5)	/* the address is in no memslot */
#define KVMFAULT_RAW_UNKNOWN	_BITULL(6)	/* nothing is proven but the return */
#define KVMFAULT_RAW_LEVEL	8		/* a byte */
#define KVMFAULT_RAW_PREFETCH	16		/* a byte */
#define KVMFAULT_RAW_SHADOW	_BITULL(24)	/* shadow paging */
#define KVMFAULT_RAW_NESTED	_BITULL(25)	/* of a guest's guest */
#define KVMFAULT_RAW_INJECTED	_BITULL(26)	/* given to the guest */
#define KVMFAULT_RAW_RET	32		/* an int */

/* No word: some bits mean nothing, and are never set. */
#define KVMFAULT_RAW_NONE	(~0ULL)

/**
 * kvmfault_raw() - put together what is known
 * @error_code: as kvm_tdp_page_fault() got it
 * @prefetch: whether KVM asks by itself
 * @level: the level of the mapping, if there is one
 * @ret: what the function returned, an int
 *
 * Return: the word, never KVMFAULT_RAW_NONE.
 */
static inline __u64 kvmfault_raw(__u32 error_code, __u8 prefetch, __u8 level,
				 long ret)
{
	return (error_code & KVMFAULT_RAW_CODE) |
	       (__u32)prefetch << KVMFAULT_RAW_PREFETCH |
	       (__u32)level << KVMFAULT_RAW_LEVEL |
	       (__u64)(__u32)ret << KVMFAULT_RAW_RET;
}

/**
 * kvmfault_raw_unknown() - the same when only the return value is known
 * @ret: what the function returned
 */
static inline __u64 kvmfault_raw_unknown(long ret)
{
	return KVMFAULT_RAW_UNKNOWN | (__u64)(__u32)ret << KVMFAULT_RAW_RET;
}

static inline unsigned int kvmfault_raw_ret(__u64 raw)
{
	if (raw & KVMFAULT_RAW_INJECTED)
		return KVMFAULT_RET_INJECTED;
	return kvmfault_ret_index((int)(raw >> KVMFAULT_RAW_RET));
}

static inline enum kvmfault_access kvmfault_raw_access(__u64 raw)
{
	if (raw & KVMFAULT_RAW_UNKNOWN)
		return KVMFAULT_ACCESS_UNKNOWN;
	return kvmfault_decode_access(raw & KVMFAULT_RAW_CODE);
}

static inline enum kvmfault_cause kvmfault_raw_cause(__u64 raw)
{
	enum kvmfault_cause cause;

	if (raw & KVMFAULT_RAW_UNKNOWN)
		return KVMFAULT_CAUSE_UNKNOWN;
	if (raw >> KVMFAULT_RAW_PREFETCH & 0xff)
		return KVMFAULT_PREFETCH;
	cause = kvmfault_decode_cause(raw & KVMFAULT_RAW_CODE);
	if (cause == KVMFAULT_ABSENT && raw & KVMFAULT_RAW_NOWHERE)
		return KVMFAULT_MMIO;
	return cause;
}

static inline enum kvmfault_way kvmfault_raw_way(__u64 raw)
{
	if (!(raw & KVMFAULT_RAW_SHADOW))
		return KVMFAULT_WAY_TDP;
	return raw & KVMFAULT_RAW_NESTED ? KVMFAULT_WAY_NESTED :
					   KVMFAULT_WAY_SHADOW;
}

static inline bool kvmfault_raw_unfixed(__u64 raw)
{
	return kvmfault_ret_unfixed((int)(raw >> KVMFAULT_RAW_RET));
}

/* What fixed nothing has made no mapping. */
static inline enum kvmfault_level kvmfault_raw_level(__u64 raw)
{
	unsigned int level = raw >> KVMFAULT_RAW_LEVEL & 0xff;

	if (raw & KVMFAULT_RAW_UNKNOWN || level >= KVMFAULT_LEVELS ||
	    kvmfault_raw_unfixed(raw))
		return KVMFAULT_LEVEL_UNKNOWN;
	return level;
}

/**
 * kvmfault_raw_key() - the combination that a word stands for
 * @raw: the word
 *
 * Return: a key of combo.h.
 */
static inline __u64 kvmfault_raw_key(__u64 raw)
{
	return kvmfault_combo_key(kvmfault_raw_way(raw),
				  kvmfault_raw_access(raw),
				  kvmfault_raw_cause(raw),
				  kvmfault_raw_ret(raw),
				  kvmfault_raw_level(raw));
}

#endif /* KVMFAULT_RAW_H */
