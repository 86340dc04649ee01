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
 * @size: of one object, which begins with a struct llist_node
 * @spare: how many to keep ready
 * @limit: how many there may be at once, taken and ready
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
	size_t size;
	unsigned int spare;
	unsigned int limit;
	struct llist_head ready;
	atomic_t nr_ready;
	atomic_t nr;
};

void *kvmfault_pool_get(struct kvmfault_pool *pool);
void kvmfault_pool_put(struct kvmfault_pool *pool, void *object);
int kvmfault_pool_fill(struct kvmfault_pool *pool);
void kvmfault_pool_empty(struct kvmfault_pool *pool);
size_t kvmfault_pool_bytes(const struct kvmfault_pool *pool);

#endif /* KVMFAULT_POOL_H */
