// SPDX-License-Identifier: GPL-2.0
/*
 * A struct kvm_page_fault that may be any bytes: nothing is read past it, and
 * what fits a layout says what the layout promises
 */
#include "abi.h"
#include "bytes.h"

static void check_outcomes(struct bytes *bytes)
{
	__u64 rets[KVMFAULT_RETS], sum = 0, told = 0;
	enum kvmfault_codes codes = bytes_u8(bytes) % (KVMFAULT_CODES_6_12 + 1);
	enum kvmfault_outcome outcome;
	unsigned int i;

	for (i = 0; i < KVMFAULT_RETS; i++) {
		rets[i] = bytes_u8(bytes);
		sum += rets[i];
		must(kvmfault_outcome(codes, i) < KVMFAULT_OUTCOMES);
	}
	for (outcome = 0; outcome < KVMFAULT_OUTCOMES; outcome++)
		told += kvmfault_outcome_count(codes, rets, outcome);
	must(told == sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kvmfault_layout *layout = kvmfault_layouts;
	struct bytes bytes = { data, size };
	__u8 *fault = malloc(KVMFAULT_LAYOUT_BYTES);
	unsigned int i, fits = 0;
	__u8 level;

	must(fault);
	bytes_take(&bytes, fault, KVMFAULT_LAYOUT_BYTES);
	/* Half of them nearly right, or hardly one would ever fit. */
	if (bytes_u8(&bytes) & 1) {
		memcpy(fault + 24, fault + 1, 6);
		memcpy(fault + 32, fault + 1, 6);
		for (i = 12; i < 24; i++)
			fault[i] %= 6;
	}

	for (i = 0; i < KVMFAULT_LAYOUTS; i++, layout++) {
		if (!kvmfault_layout_fits(layout, fault))
			continue;
		fits++;
		level = fault[layout->goal_level];
		must(level && level <= 5);
		must(fault[layout->is_tdp] == 1);
		must(!kvmfault_layout_fits_shadow(layout, fault));
	}
	if (kvmfault_layout_tells(fault))
		must(fits <= KVMFAULT_LAYOUTS);
	if (!kvmfault_layout_tells_shadow(fault))
		must(fault[8] & 16 ||
		     !kvmfault_layout_fits_shadow(kvmfault_layouts, fault));
	check_outcomes(&bytes);
	must(kvmfault_codes_of_fixed((long)bytes_u64(&bytes), size & 1) <=
	     KVMFAULT_CODES_6_12);
	free(fault);
	return 0;
}
