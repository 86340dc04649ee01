// SPDX-License-Identifier: GPL-2.0
/*
 * Error codes and return values: whatever comes, what is read out of it has a
 * name and a place
 */
#include "bytes.h"
#include "combo.h"
#include "decode.h"

static void check_key(enum kvmfault_way way, enum kvmfault_access access,
		      enum kvmfault_cause cause, unsigned int ret,
		      enum kvmfault_level level)
{
	__u64 key = kvmfault_combo_key(way, access, cause, ret, level);

	must(key);
	must(kvmfault_combo_way(key) == way);
	must(kvmfault_combo_access(key) == access);
	must(kvmfault_combo_cause(key) == cause);
	must(kvmfault_combo_ret(key) == ret);
	must(kvmfault_combo_level(key) == level);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	__u64 code = bytes_u64(&bytes);
	long ret = (long)bytes_u64(&bytes);
	enum kvmfault_level level = bytes_u8(&bytes) % KVMFAULT_LEVELS;
	enum kvmfault_access access = kvmfault_decode_access(code);
	enum kvmfault_cause cause = kvmfault_decode_cause(code);
	enum kvmfault_class class = kvmfault_decode_class(code);
	enum kvmfault_end end = kvmfault_decode_end(ret);
	unsigned int index = kvmfault_ret_index(ret);
	enum kvmfault_way way;

	must(access < KVMFAULT_ACCESSES && cause < KVMFAULT_CAUSES);
	must(class == KVMFAULT_VIOLATION || class == KVMFAULT_MISCONFIG);
	must((class == KVMFAULT_MISCONFIG) == (cause == KVMFAULT_MMIO));
	must(end <= KVMFAULT_FAILED && index < KVMFAULT_RETS);
	must((index == KVMFAULT_RET_ERROR) == (end == KVMFAULT_FAILED));
	must(kvmfault_decode_nested(code) == !!(code >> 32 & 3));
	for (way = 0; way < KVMFAULT_WAYS; way++)
		check_key(way, access, cause, index, level);
	return 0;
}
