/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which addresses fault most, in bounded memory
 *
 * A sketch counts so many keys and no more. A key that has no place takes that
 * of one of those seen least, and its count with it, for it may have been there
 * before: what it takes over is the error of its count (Space-Saving).
 *
 * A digest is many sketches put together. A key that one of them does not have
 * may have been seen there as often as any that lost its place.
 *
 * In both, with n faults counted,
 *
 *	count - error <= true count <= count	for a key that is there,
 *	true count <= floor			for one that is not,
 *	error <= floor <= n / KVMFAULT_SKETCH_KEYS
 *
 * so that whatever has more than that share of all faults is found. As long as
 * no key has lost its place, counts are exact.
 *
 * Why the last line holds: the sum of (count - floor) over all that are there,
 * with KVMFAULT_SKETCH_KEYS x floor, is never more than n. It is n in a sketch,
 * where counts add up to n; both terms add up when two are put together; and
 * whatever is then dropped raises the floor by no more than it takes away.
 *
 * Pure, shared with the unit tests.
 */
#ifndef KVMFAULT_SKETCH_H
#define KVMFAULT_SKETCH_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stddef.h>
#endif

#include "decode.h"

#define KVMFAULT_SKETCH_KEYS	64
#define KVMFAULT_DIGEST_KEYS	128

/*
 * A key is a page with its size and the access to it. Where a mapping is made,
 * the page is all that it maps: what is faulted in again and again by 2 MiB
 * would else be spread over 512 pages. Elsewhere it is 4 KiB, for that is the
 * grain of MMIO, of dirty logging and of write protection.
 */
#define KVMFAULT_HEAT_ACCESS	3ULL
#define KVMFAULT_HEAT_LEVEL	2
#define KVMFAULT_HEAT_PAGE	(~0xfffULL)

static inline unsigned int kvmfault_level_shift(enum kvmfault_level level)
{
	return level == KVMFAULT_LEVEL_UNKNOWN ? 12 : 12 + 9 * (level - 1);
}

/**
 * kvmfault_heat_key() - what a fault is counted as
 * @gpa: where it was
 * @level: the mapping made
 * @access: what the guest wanted
 *
 * Return: the key, which is never 0.
 */
static inline __u64 kvmfault_heat_key(__u64 gpa, enum kvmfault_level level,
				      enum kvmfault_access access)
{
	unsigned int shift = kvmfault_level_shift(level);

	if (level == KVMFAULT_LEVEL_UNKNOWN)
		level = KVMFAULT_4K;
	return gpa >> shift << shift | (__u64)level << KVMFAULT_HEAT_LEVEL |
	       access;
}

static inline __u64 kvmfault_heat_gpa(__u64 key)
{
	return key & KVMFAULT_HEAT_PAGE;
}

static inline enum kvmfault_level kvmfault_heat_level(__u64 key)
{
	return key >> KVMFAULT_HEAT_LEVEL & (KVMFAULT_LEVELS - 1);
}

static inline enum kvmfault_access kvmfault_heat_access(__u64 key)
{
	return key & KVMFAULT_HEAT_ACCESS;
}

#define KVMFAULT_SKETCH_HASH_BITS	7

/**
 * struct kvmfault_sketch - the keys seen most; all zero when nothing was seen
 * @key: the keys
 * @count: how often each was seen, at most
 * @error: how much less it may have been
 * @rip: the instruction that did it last
 * @floor: how often a key was seen, at most, that has no place
 * @nr: how many places are taken
 * @raised: all places before this one have counts above @floor
 * @first: the places of keys by their hash, each less one; 0 for none
 * @next: the next place of the same hash, likewise
 */
struct kvmfault_sketch {
	__u64 key[KVMFAULT_SKETCH_KEYS];
	__u64 count[KVMFAULT_SKETCH_KEYS];
	__u64 error[KVMFAULT_SKETCH_KEYS];
	__u64 rip[KVMFAULT_SKETCH_KEYS];
	__u64 floor;
	unsigned int nr;
	unsigned int raised;
	__u8 first[1 << KVMFAULT_SKETCH_HASH_BITS];
	__u8 next[KVMFAULT_SKETCH_KEYS];
};

/* Where the chain of a key begins. */
static inline __u8 *kvmfault_sketch_chain(struct kvmfault_sketch *sketch,
					  __u64 key)
{
	return &sketch->first[key * 0x9e3779b97f4a7c15ULL >>
			      (64 - KVMFAULT_SKETCH_HASH_BITS)];
}

static inline __u64 kvmfault_sketch_min(const struct kvmfault_sketch *sketch)
{
	__u64 min = sketch->count[0];
	unsigned int i;

	for (i = 1; i < KVMFAULT_SKETCH_KEYS; i++)
		if (sketch->count[i] < min)
			min = sketch->count[i];
	return min;
}

/*
 * Of a full sketch. The search goes on where the last one ended, and the floor
 * rises when it has gone round, so a flood of new keys costs a few steps each.
 */
static inline unsigned int kvmfault_sketch_least(struct kvmfault_sketch *sketch)
{
	while (sketch->count[sketch->raised] != sketch->floor) {
		if (++sketch->raised < KVMFAULT_SKETCH_KEYS)
			continue;
		sketch->raised = 0;
		sketch->floor = kvmfault_sketch_min(sketch);
	}
	return sketch->raised;
}

/* Take its place from one of those seen least. */
static inline unsigned int kvmfault_sketch_evict(struct kvmfault_sketch *sketch)
{
	unsigned int i = kvmfault_sketch_least(sketch);
	__u8 *link = kvmfault_sketch_chain(sketch, sketch->key[i]);

	while (*link != i + 1)
		link = &sketch->next[*link - 1];
	*link = sketch->next[i];
	sketch->error[i] = sketch->count[i];
	return i;
}

static inline unsigned int kvmfault_sketch_place(struct kvmfault_sketch *sketch,
						 __u64 key)
{
	__u8 *first = kvmfault_sketch_chain(sketch, key);
	unsigned int i;

	for (i = *first; i; i = sketch->next[i - 1])
		if (sketch->key[i - 1] == key)
			return i - 1;

	i = sketch->nr < KVMFAULT_SKETCH_KEYS ? sketch->nr++ :
						kvmfault_sketch_evict(sketch);
	sketch->key[i] = key;
	sketch->next[i] = *first;
	*first = i + 1;
	return i;
}

/**
 * kvmfault_sketch_add() - count a fault
 * @sketch: where
 * @key: what it counts as, not 0
 * @rip: the instruction that did it
 */
static inline void kvmfault_sketch_add(struct kvmfault_sketch *sketch, __u64 key,
				       __u64 rip)
{
	unsigned int i = kvmfault_sketch_place(sketch, key);

	sketch->count[i]++;
	sketch->rip[i] = rip;
}

/**
 * struct kvmfault_heat - how often a key was seen
 * @key: the key
 * @count: how often, at most
 * @error: how much less it may have been
 * @rip: an instruction that did it
 */
struct kvmfault_heat {
	__u64 key;
	__u64 count;
	__u64 error;
	__u64 rip;
};

/**
 * struct kvmfault_digest - sketches put together; all zero when there are none
 * @floor: how often a key was seen, at most, that is not here
 * @nr: how many are
 * @heat: these, with room for those of one more sketch
 */
struct kvmfault_digest {
	__u64 floor;
	unsigned int nr;
	struct kvmfault_heat heat[KVMFAULT_DIGEST_KEYS + KVMFAULT_SKETCH_KEYS];
};

/* The hotter first, of equals the lower address. */
static inline int kvmfault_heat_before(const struct kvmfault_heat *one,
				       const struct kvmfault_heat *other)
{
	if (one->count != other->count)
		return one->count > other->count;
	return one->key < other->key;
}

/**
 * kvmfault_digest_sort() - put the hottest first
 * @digest: the digest
 */
static inline void kvmfault_digest_sort(struct kvmfault_digest *digest)
{
	struct kvmfault_heat *heat = digest->heat, moved;
	unsigned int i, k, step;

	for (step = KVMFAULT_DIGEST_KEYS / 2; step; step /= 2) {
		for (i = step; i < digest->nr; i++) {
			moved = heat[i];
			for (k = i; k >= step; k -= step) {
				if (!kvmfault_heat_before(&moved, &heat[k - step]))
					break;
				heat[k] = heat[k - step];
			}
			heat[k] = moved;
		}
	}
}

/* What is dropped was seen at most as often as the first of it. */
static inline void kvmfault_digest_prune(struct kvmfault_digest *digest)
{
	if (digest->nr <= KVMFAULT_DIGEST_KEYS)
		return;

	kvmfault_digest_sort(digest);
	digest->nr = KVMFAULT_DIGEST_KEYS;
	digest->floor = digest->heat[KVMFAULT_DIGEST_KEYS].count;
}

static inline struct kvmfault_heat *
kvmfault_digest_find(struct kvmfault_digest *digest, unsigned int nr, __u64 key)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (digest->heat[i].key == key)
			return &digest->heat[i];
	return NULL;
}

/**
 * kvmfault_digest_add() - add what a sketch has seen
 * @digest: to what
 * @sketch: the sketch
 */
static inline void kvmfault_digest_add(struct kvmfault_digest *digest,
				       const struct kvmfault_sketch *sketch)
{
	unsigned int i, before = digest->nr;
	struct kvmfault_heat *heat;

	/* As if the sketch had none of those here, and it was the other way round. */
	for (i = 0; i < before; i++) {
		digest->heat[i].count += sketch->floor;
		digest->heat[i].error += sketch->floor;
	}
	for (i = 0; i < sketch->nr; i++) {
		heat = kvmfault_digest_find(digest, before, sketch->key[i]);
		if (heat) {
			heat->count += sketch->count[i] - sketch->floor;
			heat->error += sketch->error[i] - sketch->floor;
		} else {
			heat = &digest->heat[digest->nr++];
			heat->key = sketch->key[i];
			heat->count = sketch->count[i] + digest->floor;
			heat->error = sketch->error[i] + digest->floor;
		}
		heat->rip = sketch->rip[i];
	}
	digest->floor += sketch->floor;
	kvmfault_digest_prune(digest);
}

#endif /* KVMFAULT_SKETCH_H */
