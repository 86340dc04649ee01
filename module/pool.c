// SPDX-License-Identifier: GPL-2.0
/*
 * Objects a probe handler can take without allocating
 */
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "pool.h"

/*
 * A slab packs many small objects into eight pages at most. Of large ones, as
 * those of VMs, it would waste a quarter: these have pages of their own.
 */
static bool pool_is_packed(const struct kvmfault_pool *pool)
{
	return pool->size <= 2 * PAGE_SIZE;
}

static void *pool_alloc(struct kvmfault_pool *pool)
{
	if (pool_is_packed(pool))
		return kmem_cache_zalloc(pool->cache, GFP_KERNEL);
	/* Without memory births are missed, and counted: no news for the log. */
	return __vmalloc(pool->size, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN);
}

static void pool_free(struct kvmfault_pool *pool, void *object)
{
	if (pool_is_packed(pool))
		kmem_cache_free(pool->cache, object);
	else
		vfree(object);
}

/**
 * kvmfault_pool_get() - take an object, in a handler
 * @pool: where from
 *
 * Several CPUs may take at once without a lock. What makes that safe is that
 * the caller has preemption off, hence is in an RCU read-side section, and
 * that objects come back only after a grace period: the first object cannot be
 * taken, put back and be first again, with another successor, while we are
 * between looking at it and unlinking it.
 *
 * Return: a zeroed object, or NULL if none is ready.
 */
void *kvmfault_pool_get(struct kvmfault_pool *pool)
{
	struct llist_node *node;

	lockdep_assert_preemption_disabled();

	node = llist_del_first(&pool->ready);
	if (!node)
		return NULL;

	atomic_dec(&pool->nr_ready);
	node->next = NULL;
	return node;
}

/**
 * kvmfault_pool_put() - give an object back
 * @pool: where it came from
 * @object: what nobody has looked at for an RCU grace period
 */
void kvmfault_pool_put(struct kvmfault_pool *pool, void *object)
{
	if (atomic_read(&pool->nr_ready) >= pool->spare) {
		atomic_dec(&pool->nr);
		pool_free(pool, object);
		return;
	}

	memset(object, 0, pool->size);
	atomic_inc(&pool->nr_ready);
	llist_add(object, &pool->ready);
}

/**
 * kvmfault_pool_fill() - have enough objects ready again
 * @pool: the pool
 *
 * May sleep. Not to be called twice at once for the same pool.
 *
 * Return: 0, or -ENOMEM if memory ran out before there were enough. Reaching
 * the limit is no error.
 */
int kvmfault_pool_fill(struct kvmfault_pool *pool)
{
	struct llist_node *node;

	while (atomic_read(&pool->nr_ready) < pool->spare &&
	       atomic_read(&pool->nr) < pool->limit) {
		node = pool_alloc(pool);
		if (!node)
			return -ENOMEM;
		atomic_inc(&pool->nr);
		atomic_inc(&pool->nr_ready);
		llist_add(node, &pool->ready);
	}
	return 0;
}

/**
 * kvmfault_pool_init() - have a place where objects come from, and the spare ones
 * @pool: the pool
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_pool_init(struct kvmfault_pool *pool)
{
	if (pool_is_packed(pool)) {
		pool->cache = kmem_cache_create(pool->name, pool->size, 0, 0,
						NULL);
		if (!pool->cache)
			return -ENOMEM;
	}
	return kvmfault_pool_fill(pool);
}

/**
 * kvmfault_pool_exit() - free what is ready, which is all there is
 * @pool: the pool, which nobody uses any more
 */
void kvmfault_pool_exit(struct kvmfault_pool *pool)
{
	struct llist_node *node, *next;

	llist_for_each_safe(node, next, llist_del_all(&pool->ready))
		pool_free(pool, node);
	kmem_cache_destroy(pool->cache);
}

/**
 * kvmfault_pool_bytes() - the memory of all objects, taken and ready
 * @pool: the pool
 */
size_t kvmfault_pool_bytes(const struct kvmfault_pool *pool)
{
	size_t size = pool->size;

	if (!pool_is_packed(pool))
		size = PAGE_ALIGN(size);
	return atomic_read(&pool->nr) * size;
}
