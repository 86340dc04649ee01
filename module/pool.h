/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects a probe handler can take without allocating
 */
#ifndef KVMFAULT_POOL_H
#define KVMFAULT_POOL_H

#include <linux/atomic.h>
#include <linux/llist.h>

/**
 * struct kvmfault_pool - zeroed objects, ready to be taken
 * @name: of them, as the kernel's own accounting has it
 * @size: of one object, which begins with a struct llist_node
 * @spare: how many to keep ready
 * @limit: how many there may be at once, taken and ready
 * @cache: where small ones come from, packed: many are a little larger than what
 *	kmalloc() gives away
 * @ready: those that can be taken
 * @nr_ready: how many these are
 * @nr: how many there are, taken and ready
 *
 * A handler takes with kvmfault_pool_get(), in process context
 * kvmfault_pool_fill() puts new ones beside. An object that was taken and was
 * visible to others comes back through kvmfault_pool_put(), but only after an
 * RCU grace period: see kvmfault_pool_get().
 */
struct kvmfault_pool {
	const char *name;
	size_t size;
	unsigned int spare;
	unsigned int limit;
	struct kmem_cache *cache;
	struct llist_head ready;
	atomic_t nr_ready;
	atomic_t nr;
};

int kvmfault_pool_init(struct kvmfault_pool *pool);
void kvmfault_pool_exit(struct kvmfault_pool *pool);
void *kvmfault_pool_get(struct kvmfault_pool *pool);
void kvmfault_pool_put(struct kvmfault_pool *pool, void *object);
int kvmfault_pool_fill(struct kvmfault_pool *pool);
size_t kvmfault_pool_bytes(const struct kvmfault_pool *pool);

#endif /* KVMFAULT_POOL_H */
