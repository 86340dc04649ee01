/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages of the kernel's ring buffer, as trace_pipe_raw hands them out
 *
 * Pure. Whatever is in a page, nothing beyond it is looked at.
 */
#ifndef KVMFAULT_RING_H
#define KVMFAULT_RING_H

#include "format.h"

/**
 * struct ring_layout - how pages look on this kernel
 * @commit: how much of a page is in use, and two flags
 * @data: where the records begin
 * @size: of a page
 */
struct ring_layout {
	struct field commit;
	unsigned int data;
	unsigned int size;
};

/**
 * struct ring_page - a page that is being read
 * @at: the next record
 * @end: of what is in use
 * @missed: how many records were overwritten before this page, as far as known
 * @broken: what came was no record
 */
struct ring_page {
	const unsigned char *at;
	const unsigned char *end;
	uint64_t missed;
	bool broken;
};

bool ring_layout_read(struct ring_layout *layout, const char *text);
void ring_begin(struct ring_page *page, const struct ring_layout *layout,
		const void *bytes, size_t length);
const void *ring_next(struct ring_page *page, size_t *length);

#endif /* KVMFAULT_RING_H */
