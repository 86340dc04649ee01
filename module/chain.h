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

#define kvmfault_chain_for_each(pos, head)				\
	for ((pos) = READ_ONCE((head)->first); (pos);			\
	     (pos) = READ_ONCE((pos)->next))

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

	kvmfault_chain_for_each(pos, head) {
		if (pos->next == node) {
			WRITE_ONCE(pos->next, node->next);
			return;
		}
	}
}

#endif /* KVMFAULT_CHAIN_H */
