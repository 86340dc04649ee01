/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The order of rows. Pure, shared with the unit tests.
 */
#ifndef KVMFAULT_ORDER_H
#define KVMFAULT_ORDER_H

#include <linux/types.h>

/**
 * struct kvmfault_ranked - something with the weight it is ranked by
 * @weight: the heavier, the further ahead
 * @what: the thing
 */
struct kvmfault_ranked {
	__u64 weight;
	const void *what;
};

/**
 * kvmfault_rank() - keep the heaviest of many, the heaviest first
 * @ranked: those found so far, in order
 * @found: how many these are
 * @room: how many can be kept
 * @weight: the weight of one more
 * @what: one more; of equals the first stays ahead
 *
 * Return: how many are kept now.
 */
static inline unsigned int kvmfault_rank(struct kvmfault_ranked *ranked,
					 unsigned int found, unsigned int room,
					 __u64 weight, const void *what)
{
	unsigned int i;

	if (found == room) {
		if (!room || ranked[room - 1].weight >= weight)
			return found;
		found--;
	}

	for (i = found; i && ranked[i - 1].weight < weight; i--)
		ranked[i] = ranked[i - 1];
	ranked[i].weight = weight;
	ranked[i].what = what;
	return found + 1;
}

/**
 * kvmfault_order() - compare two numbers for sorting, the smaller first
 * @a: the one
 * @b: the other
 *
 * Return: negative, 0 or positive; unlike a difference it cannot overflow.
 */
static inline int kvmfault_order(int a, int b)
{
	return (a > b) - (a < b);
}

#endif /* KVMFAULT_ORDER_H */
