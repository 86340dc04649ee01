// SPDX-License-Identifier: GPL-2.0
/*
 * The heaviest of many are kept, in order, and nothing is written past the room
 */
#include "bytes.h"
#include "order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	unsigned int room = bytes_u8(&bytes) % 9, found = 0, seen = 0, i;
	struct kvmfault_ranked *ranked = calloc(room ?: 1, sizeof(*ranked));
	__u64 weight, heaviest = 0;

	must(ranked);
	while (bytes.left) {
		weight = bytes_u64(&bytes) & 0xff;
		found = kvmfault_rank(ranked, found, room, weight, data);
		seen++;
		if (weight > heaviest)
			heaviest = weight;
		must(found == (seen < room ? seen : room));
		for (i = 1; i < found; i++)
			must(ranked[i - 1].weight >= ranked[i].weight);
		must(!found || ranked[0].weight == heaviest);
	}
	must(kvmfault_order((int)size, 0) >= 0);
	free(ranked);
	return 0;
}
