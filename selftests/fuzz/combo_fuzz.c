// SPDX-License-Identifier: GPL-2.0
/*
 * A table of combinations finds each key again, to the unit, until it is as full
 * as it may be
 */
#include "bytes.h"
#include "combo.h"

#define SIZE	KVMFAULT_COMBOS_SLOT

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kvmfault_combo *combos = calloc(SIZE, sizeof(*combos)), *combo;
	struct bytes bytes = { data, size };
	__u64 key, counted = 0, sum = 0;
	unsigned int used = 0, i;

	must(combos);
	while (bytes.left) {
		key = kvmfault_combo_key(bytes_u8(&bytes) % KVMFAULT_WAYS,
					 bytes_u8(&bytes) % KVMFAULT_ACCESSES,
					 bytes_u8(&bytes) % KVMFAULT_CAUSES,
					 bytes_u8(&bytes) % KVMFAULT_RETS,
					 bytes_u8(&bytes) % KVMFAULT_LEVELS);
		combo = kvmfault_combo_find(combos, SIZE, key);
		must(combo >= combos && combo < combos + SIZE);
		must(!combo->key || combo->key == key);
		if (!combo->key && used == KVMFAULT_COMBOS_FULL(SIZE))
			continue;
		used += !combo->key;
		combo->key = key;
		combo->count++;
		counted++;
		must(kvmfault_combo_find(combos, SIZE, key) == combo);
	}
	for (i = 0; i < SIZE; i++)
		sum += combos[i].count;
	must(sum == counted);
	free(combos);
	return 0;
}
