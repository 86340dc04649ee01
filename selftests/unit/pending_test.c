// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous page faults that are outstanding, against a list of the same
 */
#include <string.h>

#include "ktap.h"

#include "pending.h"

#include "fuzz.h"

#define MOST	KVMFAULT_PENDING_MAX

static struct kvmfault_pending pending;

/* What is outstanding, in the order of set-up. */
static struct known {
	__u64 work;
	bool delivered;
	bool came;
} known[MOST];
static unsigned int nr_known;
static __u64 now;

static void begin(void)
{
	memset(&pending, 0, sizeof(pending));
	nr_known = 0;
	now = 0;
}

/* Any that are not those of which the guest is told. */
static bool is_shadow(__u64 work)
{
	return work % 3 == 0;
}

static bool set_up(__u64 work, bool delivered)
{
	bool added = kvmfault_pending_add(&pending, work, ++now, work << 12,
					  delivered, is_shadow(work));

	ktap_eq(added, nr_known < MOST, "room for number %u", nr_known + 1);
	if (added)
		known[nr_known++] = (struct known){
			.work = work, .delivered = delivered,
		};
	return added;
}

static void come(unsigned int i)
{
	unsigned int place = kvmfault_pending_find(&pending, known[i].work);

	pending.one[place].came = pending.one[place].since;
	known[i].came = true;
}

static void end(unsigned int i)
{
	unsigned int place = kvmfault_pending_find(&pending, known[i].work);

	ktap_eq(pending.shadow >> place & 1, is_shadow(known[i].work),
		"in a call of shadow paging or not, as it was set up");
	kvmfault_pending_remove(&pending, place);
	ktap_eq(pending.shadow >> place & 1, 0, "and it leaves nothing");
	nr_known--;
	memmove(&known[i], &known[i + 1], (nr_known - i) * sizeof(known[0]));
}

static void check_awaited(void)
{
	unsigned int i, place;

	place = kvmfault_pending_oldest(&pending, pending.taken &
					~kvmfault_pending_came(&pending));
	for (i = 0; i < nr_known && known[i].came; i++)
		;
	if (i < nr_known)
		ktap_eq(pending.one[place].work, known[i].work,
			"the oldest that has not come");
	else
		ktap_eq(place, MOST, "all have come");
}

static void check(void)
{
	unsigned int i, place, delivered = 0, came = 0;

	for (i = 0; i < nr_known; i++) {
		place = kvmfault_pending_find(&pending, known[i].work);
		ktap_le(place, MOST - 1, "a place for %llu", known[i].work);
		ktap_eq(kvmfault_pending_has(&pending, known[i].work << 12), true,
			"that there is one at %llu", known[i].work);
		if (place < MOST)
			ktap_eq(pending.one[place].gpa, known[i].work << 12,
				"where %llu is", known[i].work);
		delivered += known[i].delivered;
		came += known[i].came;
	}
	ktap_eq(kvmfault_pending_nr(&pending), nr_known, "how many");
	ktap_eq(kvmfault_pending_nr_delivered(&pending), delivered, "delivered");
	ktap_eq(kvmfault_pending_nr_came(&pending), came, "came");
	place = kvmfault_pending_oldest(&pending, pending.taken);
	if (nr_known)
		ktap_eq(pending.one[place].work, known[0].work, "the oldest");
	else
		ktap_eq(place, MOST, "no oldest");
	check_awaited();
}

static void test_none(void)
{
	begin();
	check();
	ktap_eq(kvmfault_pending_find(&pending, 0), MOST, "none has no place");
	ktap_eq(kvmfault_pending_has(&pending, 0), false, "there is none at 0");
}

static void test_full(void)
{
	__u64 work;

	begin();
	for (work = 1; work <= MOST; work++)
		set_up(work, work % 3);
	check();
	ktap_eq(set_up(work, true), false, "one too many");
	check();
	while (nr_known)
		end(nr_known - 1);
	check();
}

/* The worker is late: its page is of the one that had the place before. */
static void test_late(void)
{
	__u64 since;

	begin();
	set_up(7, true);
	since = pending.one[0].since;
	end(0);
	set_up(7, false);
	pending.one[0].came = since;
	check();
	ktap_eq(pending.delivered, 0, "what the one before was told");
	ktap_eq(kvmfault_pending_has(&pending, 8 << 12), false,
		"there is none elsewhere");
}

static void test_fuzz(void)
{
	__u64 round, rounds = fuzz_env("KVMFAULT_ROUNDS", 200000);
	__u64 work = 0;

	fuzz_start();
	begin();
	for (round = 0; round < rounds; round++) {
		switch (fuzz_below(3)) {
		case 0:
			set_up(++work, fuzz_below(2));
			break;
		case 1:
			if (nr_known)
				come(fuzz_below(nr_known));
			break;
		default:
			if (nr_known && !fuzz_below(1 + nr_known / 32))
				end(fuzz_below(nr_known));
		}
		check();
	}
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "none", test_none },
		{ "as many as there can be", test_full },
		{ "a page that comes late", test_late },
		{ "any of them against a list", test_fuzz },
	};

	return KTAP_RUN(tests);
}
