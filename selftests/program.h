/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the programs that cases run have in common: an end with a word, and numbers
 * that a seed decides.
 */
#ifndef KVMFAULT_SELFTESTS_PROGRAM_H
#define KVMFAULT_SELFTESTS_PROGRAM_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void die(const char *what)
{
	printf("failed %s: %s\n", what, strerror(errno));
	exit(2);
}

/* splitmix64 */
static inline uint64_t any(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

#endif /* KVMFAULT_SELFTESTS_PROGRAM_H */
