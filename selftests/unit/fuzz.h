/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random numbers that can be had again
 *
 * Every run has another seed and prints it; KVMFAULT_SEED in the environment
 * repeats a run, KVMFAULT_ROUNDS makes it longer or shorter.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <linux/types.h>

static __u64 fuzz_state;

static inline __u64 fuzz_env(const char *name, __u64 otherwise)
{
	const char *value = getenv(name);

	return value && *value ? strtoull(value, NULL, 0) : otherwise;
}

static inline void fuzz_start(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	fuzz_state = fuzz_env("KVMFAULT_SEED",
			      now.tv_sec * 1000000000ULL + now.tv_nsec);
	printf("# KVMFAULT_SEED=%llu repeats this\n", fuzz_state);
}

static inline unsigned long fuzz_rounds(unsigned long otherwise)
{
	return fuzz_env("KVMFAULT_ROUNDS", otherwise);
}

/* splitmix64: every seed is a good seed, 0 too */
static inline __u64 fuzz_u64(void)
{
	__u64 z = fuzz_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* 0 to below - 1 */
static inline __u64 fuzz_below(__u64 below)
{
	return fuzz_u64() % below;
}

/* Every magnitude as likely as any other, 0 and the full 64 bits included. */
static inline __u64 fuzz_magnitude(unsigned int most_bits)
{
	unsigned int bits = fuzz_below(most_bits + 1);

	return bits ? fuzz_u64() >> (64 - bits) : 0;
}

#endif /* FUZZ_H */
