// SPDX-License-Identifier: GPL-2.0
/*
 * What the word of a tdp fault says: the same as its parts
 */
#include <limits.h>

#include "raw.h"

#include "ktap.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Error codes: U is set for reads on Intel, and by the guest's privilege on AMD. */
enum { P = 1, W = 2, U = 4, RSVD = 8, F = 16 };

static const struct {
	unsigned int code;
	unsigned char prefetch, level;
	int ret;
	bool nowhere;
	enum kvmfault_access access;
	enum kvmfault_cause cause;
	enum kvmfault_level told;
	unsigned int index;
} truth[] = {
	/* fixed, on 6.1: 4 */
	{ U, 0, 1, 4, false, KVMFAULT_READ, KVMFAULT_ABSENT, KVMFAULT_4K, 4 },
	{ W, 0, 1, 4, false, KVMFAULT_WRITE, KVMFAULT_ABSENT, KVMFAULT_4K, 4 },
	{ F, 0, 1, 4, false, KVMFAULT_EXEC, KVMFAULT_ABSENT, KVMFAULT_4K, 4 },
	{ F | U, 0, 2, 4, false, KVMFAULT_EXEC, KVMFAULT_ABSENT, KVMFAULT_2M, 4 },
	{ W | P, 0, 1, 4, false, KVMFAULT_WRITE, KVMFAULT_PROTECTED, KVMFAULT_4K, 4 },
	{ W | P | U, 0, 3, 4, false, KVMFAULT_WRITE, KVMFAULT_PROTECTED, KVMFAULT_1G, 4 },
	{ 0, 1, 1, 4, false, KVMFAULT_READ, KVMFAULT_PREFETCH, KVMFAULT_4K, 4 },
	{ W, 1, 1, 4, false, KVMFAULT_WRITE, KVMFAULT_PREFETCH, KVMFAULT_4K, 4 },
	/* What lies beyond the bits that are decoded changes nothing. */
	{ W | 1U << 31 | 1U << 5, 0, 1, 4, false,
	  KVMFAULT_WRITE, KVMFAULT_ABSENT, KVMFAULT_4K, 4 },
	/* No level is told by what fixed nothing, or that KVM does not have. */
	{ W, 0, 1, 1, false, KVMFAULT_WRITE, KVMFAULT_ABSENT, KVMFAULT_LEVEL_UNKNOWN, 1 },
	{ W, 0, 4, 4, false, KVMFAULT_WRITE, KVMFAULT_ABSENT, KVMFAULT_LEVEL_UNKNOWN, 4 },
	{ W, 0, 255, 4, false, KVMFAULT_WRITE, KVMFAULT_ABSENT, KVMFAULT_LEVEL_UNKNOWN, 4 },
	/* MMIO: in no memslot, or an entry that says so and is out of date. */
	{ W, 0, 1, 2, true, KVMFAULT_WRITE, KVMFAULT_MMIO, KVMFAULT_LEVEL_UNKNOWN, 2 },
	{ RSVD, 0, 1, 2, false,
	  KVMFAULT_ACCESS_UNKNOWN, KVMFAULT_MMIO, KVMFAULT_LEVEL_UNKNOWN, 2 },
	{ RSVD | P | W, 0, 1, 2, false,
	  KVMFAULT_WRITE, KVMFAULT_MMIO, KVMFAULT_LEVEL_UNKNOWN, 2 },
	/* Only an absent one can be in none. */
	{ W | P, 0, 1, 2, true,
	  KVMFAULT_WRITE, KVMFAULT_PROTECTED, KVMFAULT_LEVEL_UNKNOWN, 2 },
	/* Errors, and values to come. */
	{ W, 0, 1, -14, false,
	  KVMFAULT_WRITE, KVMFAULT_ABSENT, KVMFAULT_LEVEL_UNKNOWN, KVMFAULT_RET_ERROR },
	{ W, 0, 1, INT_MIN, false,
	  KVMFAULT_WRITE, KVMFAULT_ABSENT, KVMFAULT_LEVEL_UNKNOWN, KVMFAULT_RET_ERROR },
	{ W, 0, 1, 7, false,
	  KVMFAULT_WRITE, KVMFAULT_ABSENT, KVMFAULT_LEVEL_UNKNOWN, KVMFAULT_RET_OTHER },
	{ W, 0, 1, INT_MAX, false,
	  KVMFAULT_WRITE, KVMFAULT_ABSENT, KVMFAULT_LEVEL_UNKNOWN, KVMFAULT_RET_OTHER },
	{ 0, 0, 0, 0, false, KVMFAULT_READ, KVMFAULT_ABSENT, KVMFAULT_LEVEL_UNKNOWN, 0 },
};

static void check(unsigned int i)
{
	__u64 raw = kvmfault_raw(truth[i].code, truth[i].prefetch,
				 truth[i].level, truth[i].ret);
	__u64 key;

	if (truth[i].nowhere)
		raw |= KVMFAULT_RAW_NOWHERE;
	key = kvmfault_raw_key(raw);
	ktap_eq(kvmfault_combo_access(key), truth[i].access, "access of line %u", i);
	ktap_eq(kvmfault_combo_cause(key), truth[i].cause, "cause of line %u", i);
	ktap_eq(kvmfault_combo_level(key), truth[i].told, "level of line %u", i);
	ktap_eq(kvmfault_combo_ret(key), truth[i].index, "return of line %u", i);
	ktap_eq(raw == KVMFAULT_RAW_NONE, false, "line %u is none", i);
}

static void lines(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(truth); i++)
		check(i);
}

/* Of a call that nothing is proven of, the return value is all. */
static void unknown(void)
{
	int ret;

	for (ret = -200; ret < 200; ret++) {
		__u64 key = kvmfault_raw_key(kvmfault_raw_unknown(ret));

		ktap_eq(kvmfault_combo_access(key), KVMFAULT_ACCESS_UNKNOWN, "access, %d", ret);
		ktap_eq(kvmfault_combo_cause(key), KVMFAULT_CAUSE_UNKNOWN, "cause, %d", ret);
		ktap_eq(kvmfault_combo_level(key), KVMFAULT_LEVEL_UNKNOWN, "level, %d", ret);
		ktap_eq(kvmfault_combo_ret(key), kvmfault_ret_index(ret), "return, %d", ret);
	}
}

/* Whatever differs in a part differs in the word: in this order they grow. */
static void apart(void)
{
	unsigned int code, prefetch, level;
	__u64 raw, least = 0;
	int ret;

	for (ret = 0; ret < 9; ret++)
		for (prefetch = 0; prefetch < 2; prefetch++)
			for (level = 0; level < 256; level++)
				for (code = 0; code < 32; code++) {
					raw = kvmfault_raw(code, prefetch, level, ret);
					ktap_ge(raw, least, "%u %u %u %d",
						code, prefetch, level, ret);
					least = raw + 1;
				}
}

/* Shadow paging adds its bits to a word, and changes nothing that was told. */
static void check_ways(unsigned int i, __u64 way, enum kvmfault_way told)
{
	__u64 raw = way | kvmfault_raw(truth[i].code, truth[i].prefetch,
				       truth[i].level, truth[i].ret);
	__u64 key;

	if (truth[i].nowhere)
		raw |= KVMFAULT_RAW_NOWHERE;
	key = kvmfault_raw_key(raw);
	ktap_eq(kvmfault_combo_way(key), told, "way of line %u", i);
	ktap_eq(kvmfault_combo_access(key), truth[i].access, "access of line %u", i);
	ktap_eq(kvmfault_combo_cause(key), truth[i].cause, "cause of line %u", i);
	ktap_eq(kvmfault_combo_level(key), truth[i].told, "level of line %u", i);
	ktap_eq(kvmfault_combo_ret(key), truth[i].index, "return of line %u", i);

	key = kvmfault_raw_key(raw | KVMFAULT_RAW_INJECTED);
	ktap_eq(kvmfault_combo_way(key), told, "way of line %u, injected", i);
	ktap_eq(kvmfault_combo_access(key), truth[i].access, "access of line %u", i);
	ktap_eq(kvmfault_combo_ret(key), KVMFAULT_RET_INJECTED,
		"return of line %u, injected", i);
	ktap_eq(kvmfault_combo_way(kvmfault_combo_rest(key)), told,
		"way of line %u, for want of room", i);
	ktap_eq(kvmfault_combo_access(kvmfault_combo_rest(key)),
		KVMFAULT_ACCESS_UNKNOWN, "access of line %u, likewise", i);
}

static void ways(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(truth); i++) {
		check_ways(i, 0, KVMFAULT_WAY_TDP);
		check_ways(i, KVMFAULT_RAW_SHADOW, KVMFAULT_WAY_SHADOW);
		check_ways(i, KVMFAULT_RAW_SHADOW | KVMFAULT_RAW_NESTED,
			   KVMFAULT_WAY_NESTED);
	}
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "each part is told by the word", lines },
		{ "what is not proven is not told", unknown },
		{ "ways are told, and change nothing else", ways },
		{ "words are as different as what they stand for", apart },
	};

	return KTAP_RUN(tests);
}
