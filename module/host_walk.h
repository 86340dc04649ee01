/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where an address of a process lies, without touching it
 */
#ifndef KVMFAULT_HOST_WALK_H
#define KVMFAULT_HOST_WALK_H

#include <linux/types.h>

#include "decode.h"

struct vm_area_struct;

/**
 * enum kvmfault_presence - whether there is memory behind an address
 * @KVMFAULT_NOTHING_THERE: nothing yet, or nothing any more
 * @KVMFAULT_ELSEWHERE: not in memory, or not to be had this moment: in swap, being
 *	moved, or failed; or a file has it, and the process does not have it mapped
 * @KVMFAULT_RESIDENT: it is in memory
 */
enum kvmfault_presence {
	KVMFAULT_NOTHING_THERE,
	KVMFAULT_ELSEWHERE,
	KVMFAULT_RESIDENT
};

/**
 * struct kvmfault_frame - what is behind an address
 * @presence: if anything
 * @level: how large the entry is that says so
 * @pfn: the frame of the 4K page, if it is resident; likewise the rest
 * @writable: it can be written without a fault
 * @anonymous: it is no file's
 * @special: it is the page of zeros that is everybody's, or no memory of the kernel's
 * @busy: nobody has looked, for the tables were locked
 * @has_content: what is there was wanted and could be read
 * @content: the 8 bytes around the address
 */
struct kvmfault_frame {
	enum kvmfault_presence presence;
	enum kvmfault_level level;
	u64 pfn;
	bool writable;
	bool anonymous;
	bool special;
	bool busy;
	bool has_content;
	u64 content;
};

void kvmfault_host_walk(struct kvmfault_frame *frame,
			const struct vm_area_struct *vma, u64 hva, bool content);

#endif /* KVMFAULT_HOST_WALK_H */
