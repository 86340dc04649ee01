/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chains: lists that handlers push on without a lock
 *
 * Any number of handlers push at the head of a struct llist_head and walk it,
 * all with preemption off. Removing from the middle is left to one task, which
 * holds kvmfault_settle_lock. A removed node keeps its successor until a grace
 * period has passed, so that a handler standing on it walks on.
 */
#ifndef KVMFAULT_CHAIN_H
#define KVMFAULT_CHAIN_H

#include <linux/atomic.h>
#include <linux/llist.h>

/**
 * kvmfault_chain_first() - where to begin to walk a chain
 * @head: the chain
 */
static inline struct llist_node *
kvmfault_chain_first(const struct llist_head *head)
{
	return READ_ONCE(head->first);
}

/**
 * kvmfault_chain_next() - where to go on
 * @node: a node of the chain, or one that was removed a moment ago
 */
static inline struct llist_node *
kvmfault_chain_next(const struct llist_node *node)
{
	return READ_ONCE(node->next);
}

/**
 * kvmfault_chain_push_if() - push if nothing was pushed meanwhile
 * @node: what to push
 * @head: the chain
 * @first: the first node when the caller looked the chain through
 *
 * Return: false if the caller has to look again.
 */
static inline bool kvmfault_chain_push_if(struct llist_node *node,
					  struct llist_head *head,
					  struct llist_node *first)
{
	node->next = first;
	return cmpxchg(&head->first, first, node) == first;
}

/**
 * kvmfault_chain_remove() - unlink a node
 * @node: a node of the chain
 * @head: the chain
 *
 * Pushes race with this only at the head: as soon as another node stands
 * before ours, the links that we change are ours alone.
 */
static inline void kvmfault_chain_remove(struct llist_node *node,
					 struct llist_head *head)
{
	struct llist_node *pos;

	if (cmpxchg(&head->first, node, node->next) == node)
		return;

	for (pos = kvmfault_chain_first(head); pos;
	     pos = kvmfault_chain_next(pos)) {
		if (pos->next == node) {
			WRITE_ONCE(pos->next, node->next);
			return;
		}
	}
}

#endif /* KVMFAULT_CHAIN_H */
