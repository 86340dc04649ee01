/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers out of the bytes that the fuzzer makes up; when they are used up, 0
 */
#ifndef FUZZ_BYTES_H
#define FUZZ_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>

struct bytes {
	const uint8_t *at;
	size_t left;
};

static inline void bytes_take(struct bytes *bytes, void *to, size_t size)
{
	size_t there = size < bytes->left ? size : bytes->left;

	memset(to, 0, size);
	if (!there)
		return;
	memcpy(to, bytes->at, there);
	bytes->at += there;
	bytes->left -= there;
}

static inline __u64 bytes_u64(struct bytes *bytes)
{
	__u64 value;

	bytes_take(bytes, &value, sizeof(value));
	return value;
}

static inline __u8 bytes_u8(struct bytes *bytes)
{
	__u8 value;

	bytes_take(bytes, &value, sizeof(value));
	return value;
}

/* What must hold: the fuzzer takes an abort for a finding. */
#define must(condition)		\
	do {			\
		if (!(condition))	\
			abort();	\
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* FUZZ_BYTES_H */
