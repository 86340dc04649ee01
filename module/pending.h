/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Asynchronous page faults of a vCPU that are outstanding
 *
 * A place for each that there can be, so that nothing is ever driven out. Which
 * places are taken is a bit each, and so is what has become of them: how many
 * there are of a kind is a count of bits, and cannot differ from the places.
 * Pure, shared with the unit tests.
 */
#ifndef KVMFAULT_PENDING_H
#define KVMFAULT_PENDING_H

#include <linux/types.h>

/* KVM sets up no more for a vCPU at a time. */
#define KVMFAULT_PENDING_MAX	64U

/**
 * struct kvmfault_pending_one - an asynchronous page fault
 * @work: KVM's record of it by its address, only ever compared
 * @since: when it was set up, a stamp that no other one in this place has had
 * @came: the same, once the host has the page
 * @gpa: where the page is, guest-physical
 */
struct kvmfault_pending_one {
	__u64 work;
	__u64 since;
	__u64 came;
	__u64 gpa;
};

/**
 * struct kvmfault_pending - those of a vCPU
 * @taken: which places are
 * @delivered: in which of them the guest was told that the page is not there
 * @shadow: which of them were set up in a call of shadow paging
 * @one: the places
 */
struct kvmfault_pending {
	__u64 taken;
	__u64 delivered;
	__u64 shadow;
	struct kvmfault_pending_one one[KVMFAULT_PENDING_MAX];
};

/**
 * kvmfault_pending_add() - one is set up
 * @pending: those of its vCPU
 * @work: KVM's record of it
 * @since: when
 * @gpa: where
 * @delivered: whether the guest was told
 * @shadow: whether it was in a call of shadow paging
 *
 * Return: false if there is no place.
 */
static inline bool kvmfault_pending_add(struct kvmfault_pending *pending,
					__u64 work, __u64 since, __u64 gpa,
					bool delivered, bool shadow)
{
	unsigned int place;
	__u64 bit;

	if (!~pending->taken)
		return false;
	place = __builtin_ctzll(~pending->taken);
	bit = 1ULL << place;

	pending->one[place] = (struct kvmfault_pending_one){
		.work = work, .since = since, .gpa = gpa,
	};
	pending->taken |= bit;
	if (delivered)
		pending->delivered |= bit;
	if (shadow)
		pending->shadow |= bit;
	return true;
}

/**
 * kvmfault_pending_find() - the place of one
 * @pending: those of its vCPU
 * @work: KVM's record of it
 *
 * Return: KVMFAULT_PENDING_MAX if it has none.
 */
static inline unsigned int
kvmfault_pending_find(const struct kvmfault_pending *pending, __u64 work)
{
	__u64 left;
	unsigned int place;

	for (left = pending->taken; left; left &= left - 1) {
		place = __builtin_ctzll(left);
		if (pending->one[place].work == work)
			return place;
	}
	return KVMFAULT_PENDING_MAX;
}

/**
 * kvmfault_pending_has() - is there one at this page?
 * @pending: those of a vCPU
 * @gpa: where the page is, guest-physical
 */
static inline bool kvmfault_pending_has(const struct kvmfault_pending *pending,
					__u64 gpa)
{
	__u64 left;

	for (left = pending->taken; left; left &= left - 1)
		if (pending->one[__builtin_ctzll(left)].gpa == gpa)
			return true;
	return false;
}

/**
 * kvmfault_pending_remove() - one is over
 * @pending: those of its vCPU
 * @place: its place
 */
static inline void kvmfault_pending_remove(struct kvmfault_pending *pending,
					   unsigned int place)
{
	pending->taken &= ~(1ULL << place);
	pending->delivered &= ~(1ULL << place);
	pending->shadow &= ~(1ULL << place);
}

/* No library function to be had everywhere counts them, and there are few. */
static inline unsigned int kvmfault_pending_bits(__u64 bits)
{
	unsigned int nr = 0;

	for (; bits; bits &= bits - 1)
		nr++;
	return nr;
}

/**
 * kvmfault_pending_nr() - how many there are
 * @pending: those of a vCPU
 */
static inline unsigned int
kvmfault_pending_nr(const struct kvmfault_pending *pending)
{
	return kvmfault_pending_bits(pending->taken);
}

/**
 * kvmfault_pending_nr_delivered() - of how many the guest was told
 * @pending: those of a vCPU
 */
static inline unsigned int
kvmfault_pending_nr_delivered(const struct kvmfault_pending *pending)
{
	return kvmfault_pending_bits(pending->delivered);
}

/* A bit each for those of which the host has the page. */
static inline __u64 kvmfault_pending_came(const struct kvmfault_pending *pending)
{
	const struct kvmfault_pending_one *one;
	__u64 left, came = 0;

	for (left = pending->taken; left; left &= left - 1) {
		one = &pending->one[__builtin_ctzll(left)];
		if (one->came == one->since)
			came |= left & -left;
	}
	return came;
}

/**
 * kvmfault_pending_nr_came() - of how many the host has the page
 * @pending: those of a vCPU
 */
static inline unsigned int
kvmfault_pending_nr_came(const struct kvmfault_pending *pending)
{
	return kvmfault_pending_bits(kvmfault_pending_came(pending));
}

/**
 * kvmfault_pending_oldest() - the one that was set up first
 * @pending: those of a vCPU
 * @among: a bit for each that is meant; those that are taken, or some of them
 *
 * Return: KVMFAULT_PENDING_MAX if there is none.
 */
static inline unsigned int
kvmfault_pending_oldest(const struct kvmfault_pending *pending, __u64 among)
{
	unsigned int place, oldest = KVMFAULT_PENDING_MAX;
	__u64 left;

	for (left = among; left; left &= left - 1) {
		place = __builtin_ctzll(left);
		if (oldest == KVMFAULT_PENDING_MAX ||
		    pending->one[place].since < pending->one[oldest].since)
			oldest = place;
	}
	return oldest;
}

#endif /* KVMFAULT_PENDING_H */
