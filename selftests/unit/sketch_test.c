// SPDX-License-Identifier: GPL-2.0
/*
 * The sketch of hot addresses, against exact counts of the same stream
 */
#include <stdlib.h>
#include <string.h>

#include "sketch.h"

#include "fuzz.h"
#include "ktap.h"

#define KEYS	KVMFAULT_SKETCH_KEYS
#define MOST	4096	/* different keys in a stream, at most */

static struct kvmfault_sketch sketch;
static struct kvmfault_digest digest;
static __u64 exact[MOST], seen;

static void begin(void)
{
	memset(&sketch, 0, sizeof(sketch));
	memset(&digest, 0, sizeof(digest));
	memset(exact, 0, sizeof(exact));
	seen = 0;
}

/* Keys of streams are numbers; to the sketch they are addresses. */
static __u64 key_of(unsigned int number)
{
	return kvmfault_heat_key((__u64)number << 12, KVMFAULT_4K,
				 KVMFAULT_WRITE);
}

static unsigned int number_of(__u64 key)
{
	return kvmfault_heat_gpa(key) >> 12;
}

static void see(unsigned int number)
{
	exact[number]++;
	seen++;
	kvmfault_sketch_add(&sketch, key_of(number), seen);
}

/* What a CPU does when its slot is folded away. */
static void settle(void)
{
	kvmfault_digest_add(&digest, &sketch);
	memset(&sketch, 0, sizeof(sketch));
}

static void check_heat(const struct kvmfault_heat *heat, __u64 floor, bool *there)
{
	unsigned int number = number_of(heat->key);

	ktap_ge(heat->count, exact[number], "count of %u", number);
	ktap_le(heat->error, heat->count, "error of %u", number);
	ktap_le(heat->count - heat->error, exact[number],
		"count less error of %u", number);
	ktap_le(heat->error, floor, "error of %u, and the floor", number);
	ktap_eq(there[number], false, "%u is there once", number);
	there[number] = true;
}

static void check_absent(const bool *there, __u64 floor)
{
	unsigned int number;

	ktap_le(floor, seen / KEYS, "floor after %llu", seen);
	for (number = 0; number < MOST; number++)
		if (!there[number])
			ktap_le(exact[number], floor, "%u, which is not there",
				number);
}

static void check_sketch(void)
{
	bool there[MOST] = { false };
	struct kvmfault_heat heat;
	__u64 sum = 0;
	unsigned int i;

	for (i = 0; i < sketch.nr; i++) {
		heat = (struct kvmfault_heat){ sketch.key[i], sketch.count[i],
					       sketch.error[i], 0 };
		sum += heat.count;
		/* The floor rises when somebody wants a place, and not before. */
		check_heat(&heat, seen / KEYS, there);
	}
	ktap_eq(sum, seen, "sum of all counts");
	check_absent(there, sketch.floor);
}

static void check_digest(void)
{
	bool there[MOST] = { false };
	unsigned int i;

	settle();
	kvmfault_digest_sort(&digest);
	ktap_le(digest.nr, KVMFAULT_DIGEST_KEYS, "keys of a digest");
	for (i = 0; i < digest.nr; i++) {
		check_heat(&digest.heat[i], digest.floor, there);
		if (i)
			ktap_eq(kvmfault_heat_before(&digest.heat[i],
						     &digest.heat[i - 1]),
				0, "rank %u is not above rank %u", i + 1, i);
	}
	check_absent(there, digest.floor);
}

static void check(void)
{
	check_sketch();
	check_digest();
}

static void check_exact(void)
{
	unsigned int i;

	for (i = 0; i < digest.nr; i++) {
		ktap_eq(digest.heat[i].error, 0, "error of rank %u", i + 1);
		ktap_eq(digest.heat[i].count,
			exact[number_of(digest.heat[i].key)],
			"count of rank %u", i + 1);
	}
}

static void test_few(void)
{
	unsigned int number, i;

	begin();
	for (number = 0; number < KEYS; number++)
		for (i = 0; i <= number * 7 % 101; i++)
			see(number);
	check();
	ktap_eq(digest.nr, KEYS, "keys");
	ktap_eq(digest.floor, 0, "floor");
	check_exact();
}

/* As many as there are places lose none; one more does. */
static void test_edge(void)
{
	unsigned int number, round;

	begin();
	for (round = 0; round < 3; round++)
		for (number = 0; number < KEYS; number++)
			see(number);
	ktap_eq(sketch.floor, 0, "floor when it is just full");
	see(KEYS);
	ktap_eq(sketch.floor, 3, "floor when one has lost its place");
	check();
}

/* The worst for such a sketch: each key comes when it has just lost its place. */
static void test_round_robin(void)
{
	unsigned int i;

	begin();
	for (i = 0; i < 100 * (KEYS + 1); i++)
		see(i % (KEYS + 1));
	check();
}

static void test_flood(void)
{
	unsigned int number;

	begin();
	for (number = 0; number < 997; number++)
		see(0);
	for (number = 1; number < MOST; number++)
		see(number);
	check_sketch();
	ktap_eq(sketch.key[0], key_of(0), "what was hot before a flood stays");
	ktap_eq(sketch.count[0], 997, "with its count");
	ktap_eq(sketch.error[0], 0, "and no error");
	check_digest();

	begin();
	for (number = 1; number < MOST; number++)
		see(number);
	for (number = 0; number < 997; number++)
		see(0);
	check();
	ktap_eq(digest.heat[0].key, key_of(0), "what is hot after a flood");
}

/* A hot key that comes as seldom as it can and still be hot. */
static void test_hidden(void)
{
	unsigned int i, number = 1;

	begin();
	for (i = 0; i < 63 * (MOST / KEYS); i++) {
		if (i % (KEYS - 1) == 0)
			see(0);
		else
			see(number++);
	}
	check();
	ktap_eq(digest.heat[0].key, key_of(0), "what has more than its share");
}

/* The number of a key, each half as likely as the one before, or a bit more. */
static unsigned int skewed(unsigned int most, unsigned int slope)
{
	unsigned int number = 0;

	while (number < most - 1 && fuzz_below(slope) != 0)
		number++;
	return number;
}

static void test_skewed(void)
{
	unsigned int slope, i;

	fuzz_start();
	for (slope = 2; slope <= 1024; slope *= 2) {
		begin();
		for (i = 0; i < 20000; i++)
			see(skewed(MOST, slope));
		check();
	}
}

/* Any keys, on any number of CPUs, folded away at any time. */
static void test_fuzz(void)
{
	unsigned long round, rounds = fuzz_rounds(300);
	unsigned int i, keys, slope, length;
	__u64 settles;

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		begin();
		keys = 1 + fuzz_below(MOST);
		slope = 1 + fuzz_below(512);
		length = fuzz_below(20000);
		settles = 1 + fuzz_below(3000);
		for (i = 0; i < length; i++) {
			see(fuzz_below(2) ? skewed(keys, slope) :
					    fuzz_below(keys));
			if (!fuzz_below(settles))
				settle();
		}
		check_digest();
	}
}

/* Each CPU has seen others: nothing of one must be taken for another's. */
static void test_apart(void)
{
	unsigned int cpu, number, i;

	begin();
	for (cpu = 0; cpu < 40; cpu++) {
		for (number = cpu * 100; number < cpu * 100 + 100; number++)
			for (i = 0; i < 1 + number % 7; i++)
				see(number);
		settle();
	}
	check_digest();
	ktap_eq(digest.nr, KVMFAULT_DIGEST_KEYS, "keys");
}

/* Few addresses on many CPUs are exact however often they are folded away. */
static void test_few_apart(void)
{
	unsigned int cpu, number;

	begin();
	for (cpu = 0; cpu < 100; cpu++) {
		for (number = cpu % 3; number < KVMFAULT_DIGEST_KEYS;
		     number += 3)
			see(number);
		settle();
	}
	check_digest();
	ktap_eq(digest.nr, KVMFAULT_DIGEST_KEYS, "keys");
	ktap_eq(digest.floor, 0, "floor");
	check_exact();
}

/* No CPU has lost any, but together they are more than a digest keeps. */
static void test_many_together(void)
{
	unsigned int cpu, number, i;

	begin();
	for (cpu = 0; cpu < 10; cpu++) {
		for (number = cpu * KEYS; number < (cpu + 1) * KEYS; number++)
			for (i = 0; i < 1 + number * 37 % 101; i++)
				see(number);
		settle();
		check_digest();
	}
	/* One that was dropped comes back. */
	for (number = 0; number < KEYS; number++)
		see(number);
	check_digest();
}

static void test_empty(void)
{
	begin();
	settle();
	ktap_eq(digest.nr, 0, "keys of nothing");
	ktap_eq(digest.floor, 0, "floor of nothing");
	see(5);
	settle();
	settle();
	ktap_eq(digest.nr, 1, "keys after one fault");
	ktap_eq(digest.heat[0].count, 1, "count after one fault");
}

static void test_rip(void)
{
	unsigned int i;

	begin();
	for (i = 0; i < 10; i++)
		kvmfault_sketch_add(&sketch, key_of(1), 100 + i);
	settle();
	ktap_eq(digest.heat[0].rip, 109, "the last one");
	kvmfault_sketch_add(&sketch, key_of(1), 7);
	settle();
	ktap_eq(digest.heat[0].rip, 7, "the last one, of the last sketch");
}

static void check_key(__u64 gpa, unsigned int level, unsigned int access,
		      __u64 page, unsigned int size)
{
	__u64 key = kvmfault_heat_key(gpa, level, access);

	ktap_eq(!key, 0, "a key is not 0");
	ktap_eq(kvmfault_heat_gpa(key), page, "page of %#llx", gpa);
	ktap_eq(kvmfault_heat_level(key), size, "size of %#llx", gpa);
	ktap_eq(kvmfault_heat_access(key), access, "access of %#llx", gpa);
}

static void test_keys(void)
{
	unsigned int access;

	for (access = 0; access < KVMFAULT_ACCESSES; access++) {
		check_key(0, KVMFAULT_LEVEL_UNKNOWN, access, 0, KVMFAULT_4K);
		check_key(0xfff, KVMFAULT_4K, access, 0, KVMFAULT_4K);
		check_key(0xfee000f0, KVMFAULT_LEVEL_UNKNOWN, access,
			  0xfee00000, KVMFAULT_4K);
		check_key(0x123456789abc, KVMFAULT_4K, access, 0x123456789000,
			  KVMFAULT_4K);
		check_key(0x123456789abc, KVMFAULT_2M, access, 0x123456600000,
			  KVMFAULT_2M);
		check_key(0x123456789abc, KVMFAULT_1G, access, 0x123440000000,
			  KVMFAULT_1G);
		check_key(0xfffffffffffff, KVMFAULT_4K, access, 0xffffffffff000,
			  KVMFAULT_4K);
	}
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "keys", test_keys },
		{ "nothing", test_empty },
		{ "few addresses are exact", test_few },
		{ "just full, and one more", test_edge },
		{ "each comes when it has lost its place", test_round_robin },
		{ "a flood before and after", test_flood },
		{ "as seldom as it can be and still be hot", test_hidden },
		{ "skewed streams", test_skewed },
		{ "CPUs that see different addresses", test_apart },
		{ "CPUs that see few addresses", test_few_apart },
		{ "few on each CPU are many together", test_many_together },
		{ "any stream, folded away at any time", test_fuzz },
		{ "the instruction", test_rip },
	};

	return KTAP_RUN(tests);
}
