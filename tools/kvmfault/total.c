// SPDX-License-Identifier: GPL-2.0
/* Arithmetic on totals: what an interval saw, and several together */
#include <string.h>

#include "model.h"

static uint64_t or_nothing(uint64_t number)
{
	return number == UNKNOWN ? 0 : number;
}

/* Shadow is told of those alone that have it. */
bool total_is_there(const struct total *total)
{
	return total->class != KVMFAULT_FAULT_CLASS_SHADOW ||
	       total->count != UNKNOWN;
}

/*
 * How long vCPUs were away. What the MMU does is within violation, so not once
 * more; but with shadow paging there are no violations.
 */
uint64_t total_busy_ns(const struct total *total)
{
	uint64_t exits = or_nothing(total[KVMFAULT_FAULT_CLASS_VIOLATION].sum_ns);
	uint64_t shadow = or_nothing(total[KVMFAULT_FAULT_CLASS_SHADOW].sum_ns);

	return (shadow > exits ? shadow : exits) +
	       or_nothing(total[KVMFAULT_FAULT_CLASS_MISCONFIG].sum_ns);
}

/* Lower than before: reset in between, and all of it is new. */
static uint64_t more(uint64_t now, uint64_t before, bool reset)
{
	if (now == UNKNOWN || before == UNKNOWN || reset || now < before)
		return now;
	return now - before;
}

/* The upper edge of the last bucket in use, but what is known to be less. */
static uint64_t longest(const struct total *total, uint64_t max_ns)
{
	unsigned int i = KVMFAULT_HIST_BUCKETS;
	uint64_t edge;

	while (i && !total->bucket[i - 1])
		i--;
	if (!i)
		return UNKNOWN;
	edge = kvmfault_hist_to(i - 1);
	return edge < max_ns ? edge : max_ns;
}

static uint64_t percentile(const struct total *total, unsigned int permille)
{
	if (total->max_ns == UNKNOWN)
		return UNKNOWN;
	return kvmfault_hist_percentile(total->bucket, total->max_ns, permille);
}

/**
 * total_since() - what came between two looks
 * @since: the result, latency from its own histogram
 * @now: the later look
 * @before: the earlier one; NULL if there was nothing
 */
void total_since(struct total *since, const struct total *now,
		 const struct total *before)
{
	static const struct total none;
	unsigned int i;
	bool reset;

	if (!before)
		before = &none;
	reset = or_nothing(now->count) < or_nothing(before->count);

	since->class = now->class;
	since->count = more(now->count, before->count, reset);
	since->sum_ns = more(now->sum_ns, before->sum_ns, reset);
	since->userspace = more(now->userspace, before->userspace, reset);
	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		since->bucket[i] = more(now->bucket[i], before->bucket[i], reset);

	since->min_ns = UNKNOWN;
	since->max_ns = longest(since, now->max_ns);
	since->p50_ns = percentile(since, 500);
	since->p90_ns = percentile(since, 900);
	since->p99_ns = percentile(since, 990);
	since->p999_ns = percentile(since, 999);
}

void total_add(struct total *sum, const struct total *total)
{
	unsigned int i;

	if (total->count != UNKNOWN)
		sum->count = or_nothing(sum->count) + total->count;
	sum->sum_ns += or_nothing(total->sum_ns);
	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		sum->bucket[i] += total->bucket[i];
}
