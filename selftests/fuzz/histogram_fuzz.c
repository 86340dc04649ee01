// SPDX-License-Identifier: GPL-2.0
/*
 * Any duration falls into the bucket whose edges it lies between, and a
 * percentile is never above the maximum nor below its rank
 */
#include "bytes.h"
#include "histogram.h"

static void check_duration(__u64 ns)
{
	unsigned int i = kvmfault_hist_index(ns);

	must(i <= KVMFAULT_HIST_LAST);
	must(kvmfault_hist_from(i) <= ns);
	must(i == KVMFAULT_HIST_LAST || ns < kvmfault_hist_to(i));
	must(kvmfault_hist_index(kvmfault_hist_from(i)) == i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned int permille[] = { 0, 1, 500, 900, 990, 999, 1000 };
	__u64 *bucket = calloc(KVMFAULT_HIST_BUCKETS, sizeof(*bucket));
	struct bytes bytes = { data, size };
	__u64 ns, value, last = 0, max_ns = 0, count = 0;
	unsigned int i;

	must(bucket);
	while (bytes.left) {
		ns = bytes_u64(&bytes) >> (bytes_u8(&bytes) & 63);
		check_duration(ns);
		bucket[kvmfault_hist_index(ns)]++;
		count++;
		if (ns > max_ns)
			max_ns = ns;
	}
	must(kvmfault_hist_count(bucket) == count);
	for (i = 0; i < sizeof(permille) / sizeof(permille[0]); i++) {
		value = kvmfault_hist_percentile(bucket, max_ns, permille[i]);
		must(value <= max_ns && value >= last);
		last = value;
	}
	free(bucket);
	return 0;
}
