/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Faults told apart: way x access x cause x outcome x level
 *
 * Few of the combinations ever happen in one VM, so they are kept in small
 * open-addressed tables. Pure, shared with the unit tests.
 */
#ifndef KVMFAULT_COMBO_H
#define KVMFAULT_COMBO_H

#include <linux/types.h>

#include "abi.h"
#include "decode.h"

/**
 * struct kvmfault_combo - one combination
 * @key: which, from kvmfault_combo_key(); 0 while the entry is free
 * @count: how many faults
 * @sum_ns: how long they took together
 */
struct kvmfault_combo {
	__u64 key;
	__u64 count;
	__u64 sum_ns;
};

/* What is in a slot of a CPU, and in a VM; powers of two. */
#define KVMFAULT_COMBOS_SLOT	32
#define KVMFAULT_COMBOS_VM	128

/* A table is closed before it is full, so that a search always ends. */
#define KVMFAULT_COMBOS_FULL(size)	((size) * 3 / 4)

static inline __u64 kvmfault_combo_key(enum kvmfault_way way,
				       enum kvmfault_access access,
				       enum kvmfault_cause cause,
				       unsigned int ret_index,
				       enum kvmfault_level level)
{
	return 1 + ((((way * KVMFAULT_RETS + ret_index) * KVMFAULT_CAUSES +
		      cause) * KVMFAULT_ACCESSES + access) * KVMFAULT_LEVELS +
		    level);
}

static inline enum kvmfault_level kvmfault_combo_level(__u64 key)
{
	return (key - 1) % KVMFAULT_LEVELS;
}

static inline enum kvmfault_access kvmfault_combo_access(__u64 key)
{
	return (key - 1) / KVMFAULT_LEVELS % KVMFAULT_ACCESSES;
}

static inline enum kvmfault_cause kvmfault_combo_cause(__u64 key)
{
	return (key - 1) / (KVMFAULT_LEVELS * KVMFAULT_ACCESSES) %
	       KVMFAULT_CAUSES;
}

static inline unsigned int kvmfault_combo_ret(__u64 key)
{
	return (key - 1) /
	       (KVMFAULT_LEVELS * KVMFAULT_ACCESSES * KVMFAULT_CAUSES) %
	       KVMFAULT_RETS;
}

static inline enum kvmfault_way kvmfault_combo_way(__u64 key)
{
	return (key - 1) /
	       (KVMFAULT_LEVELS * KVMFAULT_ACCESSES * KVMFAULT_CAUSES *
		KVMFAULT_RETS);
}

/* What cannot be told apart for want of room: only its way is known. */
static inline __u64 kvmfault_combo_rest(__u64 key)
{
	return kvmfault_combo_key(kvmfault_combo_way(key),
				  KVMFAULT_ACCESS_UNKNOWN,
				  KVMFAULT_CAUSE_UNKNOWN, KVMFAULT_RET_OTHER,
				  KVMFAULT_LEVEL_UNKNOWN);
}

/* Where to look first; any power of two up to 2^32 takes its lowest bits. */
static inline unsigned int kvmfault_combo_hash(__u64 key)
{
	return key * 0x9e3779b97f4a7c15ULL >> 32;
}

/**
 * kvmfault_combo_find() - the entry of a combination, or a free one for it
 * @combos: the table, not full
 * @size: how many entries it has
 * @key: the combination
 */
static inline struct kvmfault_combo *
kvmfault_combo_find(struct kvmfault_combo *combos, unsigned int size,
		    __u64 key)
{
	unsigned int i = kvmfault_combo_hash(key) & (size - 1);

	while (combos[i].key && combos[i].key != key)
		i = (i + 1) & (size - 1);
	return &combos[i];
}

#endif /* KVMFAULT_COMBO_H */
