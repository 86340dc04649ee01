// SPDX-License-Identifier: GPL-2.0
/* 6.7: kretprobe instances come from an object pool. */
#include <linux/objpool.h>

int probe(struct objpool_head *pool);
int probe(struct objpool_head *pool)
{
	return pool->capacity;
}
