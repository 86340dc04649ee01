// SPDX-License-Identifier: GPL-2.0
/*
 * The stages of a call: whatever was measured, they add up to it
 */
#include "split.h"

#include "fuzz.h"
#include "ktap.h"

#define SEEN(stage)	(1U << KVMFAULT_STAGE_##stage)

static __u64 parts(const struct kvmfault_split *split, enum kvmfault_stage of)
{
	enum kvmfault_stage stage;
	__u64 sum = 0;

	for (stage = KVMFAULT_STAGE_FAST; stage < KVMFAULT_STAGES; stage++)
		if (kvmfault_stage_of(stage) == of)
			sum += split->ns[stage];
	return sum;
}

static void test_of(void)
{
	ktap_eq(kvmfault_stage_of(KVMFAULT_STAGE_TDP), KVMFAULT_STAGE_TDP,
		"of the whole");
	ktap_eq(kvmfault_stage_of(KVMFAULT_STAGE_GUP_FAST),
		KVMFAULT_STAGE_FAULTIN, "of the fast get_user_pages");
	ktap_eq(kvmfault_stage_of(KVMFAULT_STAGE_GUP_SLOW),
		KVMFAULT_STAGE_FAULTIN, "of the slow get_user_pages");
	ktap_eq(kvmfault_stage_of(KVMFAULT_STAGE_MAP), KVMFAULT_STAGE_HELD,
		"of mapping");
	ktap_eq(kvmfault_stage_of(KVMFAULT_STAGE_WAIT), KVMFAULT_STAGE_TDP,
		"of waiting");
	ktap_eq(kvmfault_stage_of(KVMFAULT_STAGE_REST), KVMFAULT_STAGE_TDP,
		"of the rest");
	ktap_eq(kvmfault_stage_of(KVMFAULT_STAGE_FAULTIN_REST),
		KVMFAULT_STAGE_FAULTIN, "of the rest of fault-in");
	ktap_eq(kvmfault_stage_of(KVMFAULT_STAGE_HELD_REST),
		KVMFAULT_STAGE_HELD, "of the rest with the lock");
}

static void test_known(void)
{
	struct kvmfault_split split = {
		.seen = SEEN(TOPUP) | SEEN(FAULTIN) | SEEN(GUP_SLOW) |
			SEEN(WAIT) | SEEN(HELD) | SEEN(MAP),
		.ns = {
			[KVMFAULT_STAGE_FAST] = 777,
			[KVMFAULT_STAGE_TOPUP] = 10,
			[KVMFAULT_STAGE_FAULTIN] = 500,
			[KVMFAULT_STAGE_GUP_SLOW] = 400,
			[KVMFAULT_STAGE_WAIT] = 100,
			[KVMFAULT_STAGE_HELD] = 300,
			[KVMFAULT_STAGE_MAP] = 250,
		},
	};

	kvmfault_split_fit(&split, 1000);
	ktap_eq(split.ns[KVMFAULT_STAGE_TDP], 1000, "the whole");
	ktap_eq(split.ns[KVMFAULT_STAGE_FAST], 0, "what was not seen");
	ktap_eq(split.ns[KVMFAULT_STAGE_FAULTIN], 500, "fault-in");
	ktap_eq(split.ns[KVMFAULT_STAGE_GUP_SLOW], 400, "what is in it");
	ktap_eq(split.ns[KVMFAULT_STAGE_MAP], 250, "mapping");
	ktap_eq(split.ns[KVMFAULT_STAGE_REST], 90, "the rest");
	ktap_eq(split.ns[KVMFAULT_STAGE_FAULTIN_REST], 100,
		"the rest of fault-in");
	ktap_eq(split.ns[KVMFAULT_STAGE_HELD_REST], 50,
		"the rest with the lock");
	ktap_eq(kvmfault_split_seen(&split, KVMFAULT_STAGE_HELD_REST), 1,
		"of what was seen there is a rest");
	ktap_eq(kvmfault_split_seen(&split, KVMFAULT_STAGE_REST), 1,
		"a rest is always seen");
	ktap_eq(kvmfault_split_seen(&split, KVMFAULT_STAGE_FAST), 0,
		"the fast path is not");
}

/* Clocks that differ: more in the parts than in the whole. */
static void test_too_much(void)
{
	struct kvmfault_split split = {
		.seen = SEEN(TOPUP) | SEEN(FAULTIN) | SEEN(GUP_FAST) |
			SEEN(GUP_SLOW) | SEEN(WAIT),
		.ns = {
			[KVMFAULT_STAGE_TOPUP] = 600,
			[KVMFAULT_STAGE_FAULTIN] = 500,
			[KVMFAULT_STAGE_GUP_FAST] = 300,
			[KVMFAULT_STAGE_GUP_SLOW] = 300,
			[KVMFAULT_STAGE_WAIT] = ~0ULL,
		},
	};

	kvmfault_split_fit(&split, 1000);
	ktap_eq(split.ns[KVMFAULT_STAGE_TOPUP], 600, "the first has its own");
	ktap_eq(split.ns[KVMFAULT_STAGE_FAULTIN], 400, "the next what is left");
	ktap_eq(split.ns[KVMFAULT_STAGE_GUP_FAST], 300, "and what is in it");
	ktap_eq(split.ns[KVMFAULT_STAGE_GUP_SLOW], 100, "what is left of that");
	ktap_eq(split.ns[KVMFAULT_STAGE_WAIT], 0, "the last nothing");
	ktap_eq(split.ns[KVMFAULT_STAGE_REST], 0, "nor is there a rest");
	ktap_eq(split.ns[KVMFAULT_STAGE_FAULTIN_REST], 0, "nor one of fault-in");
	ktap_eq(kvmfault_split_seen(&split, KVMFAULT_STAGE_FAULTIN_REST), 1,
		"which is seen, though");
}

static void test_lost_sight(void)
{
	struct kvmfault_split split = {
		.seen = 1U << KVMFAULT_STAGE_GUP_SLOW |
			1U << KVMFAULT_STAGE_HELD | 1U << KVMFAULT_STAGE_MAP,
		.ns[KVMFAULT_STAGE_GUP_SLOW] = 300,
		.ns[KVMFAULT_STAGE_HELD] = 200,
		.ns[KVMFAULT_STAGE_MAP] = 100,
	};

	kvmfault_split_fit(&split, 1000);
	ktap_eq(!!kvmfault_split_seen(&split, KVMFAULT_STAGE_GUP_SLOW), false,
		"a part of what was not seen");
	ktap_eq(!!kvmfault_split_seen(&split, KVMFAULT_STAGE_MAP), true,
		"a part of what was");
	ktap_eq(!!kvmfault_split_seen(&split, KVMFAULT_STAGE_FAULTIN_REST), false,
		"nor is there a rest of it");
	ktap_eq(split.ns[KVMFAULT_STAGE_REST], 800, "the time of both is there");
}

static void test_any(void)
{
	unsigned long round, rounds = fuzz_rounds(100000);
	struct kvmfault_split split, before;
	enum kvmfault_stage stage;
	__u64 ns;

	for (round = 0; round < rounds; round++) {
		split.seen = fuzz_below(1U << KVMFAULT_STAGES);
		for (stage = 0; stage < KVMFAULT_STAGES; stage++)
			split.ns[stage] = fuzz_magnitude(64);
		before = split;
		ns = fuzz_magnitude(64);
		kvmfault_split_fit(&split, ns);

		ktap_eq(parts(&split, KVMFAULT_STAGE_TDP), ns, "the parts");
		ktap_eq(parts(&split, KVMFAULT_STAGE_FAULTIN),
			split.ns[KVMFAULT_STAGE_FAULTIN], "fault-in");
		ktap_eq(parts(&split, KVMFAULT_STAGE_HELD),
			split.ns[KVMFAULT_STAGE_HELD], "held");
		for (stage = KVMFAULT_STAGE_FAST; stage < KVMFAULT_STAGE_REST;
		     stage++)
			ktap_eq(split.ns[stage] <= before.ns[stage], true,
				"stage %u", stage);
	}
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "what a stage is part of", test_of },
		{ "a call", test_known },
		{ "parts that are more than the whole", test_too_much },
		{ "a part whose whole was lost sight of", test_lost_sight },
		{ "any at all", test_any },
	};

	fuzz_start();
	return KTAP_RUN(tests);
}
