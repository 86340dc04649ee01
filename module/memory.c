// SPDX-License-Identifier: GPL-2.0
/*
 * The memory that kvmfault takes
 */
#include "account.h"
#include "async.h"
#include "extra.h"
#include "hot.h"
#include "memory.h"
#include "probe.h"
#include "recent.h"
#include "stages.h"
#include "vm.h"

/**
 * kvmfault_memory_read() - what it takes now
 * @memory: where to
 */
void kvmfault_memory_read(struct kvmfault_memory *memory)
{
	memory->buffers = kvmfault_account_bytes();
	memory->vms = kvmfault_vm_bytes();
	memory->probes = kvmfault_probe_bytes() + kvmfault_extra_bytes();
	memory->async = kvmfault_async_bytes();
	memory->recent = kvmfault_recent_bytes();
	memory->hot = kvmfault_hot_bytes();
	memory->stages = kvmfault_stages_bytes();
}
