// SPDX-License-Identifier: GPL-2.0
/*
 * Objects of the netlink family about how VMs are set up
 */
#include <linux/build_bug.h>

#include <uapi/linux/kvmfault.h>

#include "address.h"
#include "hold.h"
#include "netlink_setup.h"
#include "setup.h"
#include "translate.h"

/* A VM that cannot be looked into is told alike by all three. */
#define SAME(attribute)							\
	static_assert((int)KVMFAULT_A_MEMSLOT_##attribute ==		\
		      (int)KVMFAULT_A_SETUP_##attribute &&		\
		      (int)KVMFAULT_A_THREAD_##attribute ==		\
		      (int)KVMFAULT_A_SETUP_##attribute)
SAME(VM);
SAME(WHY);

ABI_SAME(NOTHING_THERE, PAGE_PRESENCE_NOTHING);
ABI_SAME(ELSEWHERE, PAGE_PRESENCE_ELSEWHERE);
ABI_SAME(RESIDENT, PAGE_PRESENCE_RESIDENT);
ABI_SAME(MEMORY_NONE, MEMORY_KIND_NONE);
ABI_SAME(MEMORY_ANONYMOUS, MEMORY_KIND_ANONYMOUS);
ABI_SAME(MEMORY_FILE, MEMORY_KIND_FILE);
ABI_SAME(MEMORY_HUGETLB, MEMORY_KIND_HUGETLB);
ABI_SAME(MEMORY_DEVICE, MEMORY_KIND_DEVICE);
ABI_SAME(MEMORY_MEMFD, MEMORY_KIND_GUEST_MEMFD);

/**
 * kvmfault_why_fill() - a VM that cannot be looked into
 * @skb: where to
 * @target: whom for
 * @vm: the number of the VM
 * @error: what kvmfault_hold() has said
 *
 * Return: 0 or -EMSGSIZE, as of the next ones.
 */
int kvmfault_why_fill(struct sk_buff *skb, const struct nl_target *target,
		      u64 vm, int error)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_SETUP_VM, vm) &&
			   put_string(skb, KVMFAULT_A_SETUP_WHY,
				      kvmfault_hold_why(error)));
}

static bool put_figure(struct sk_buff *skb, int attribute, u64 figure)
{
	return figure == KVMFAULT_UNCOUNTED || put_u64(skb, attribute, figure);
}

/**
 * kvmfault_setup_fill() - figures of a VM
 * @skb: where to
 * @target: whom for
 * @vm: the number of the VM
 * @setup: the figures
 */
int kvmfault_setup_fill(struct sk_buff *skb, const struct nl_target *target,
			u64 vm, const struct kvmfault_setup *setup)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_SETUP_VM, vm) &&
			   put_figure(skb, KVMFAULT_A_SETUP_MEMSLOTS,
				      setup->memslots) &&
			   put_figure(skb, KVMFAULT_A_SETUP_PAGES,
				      setup->memory_pages) &&
			   put_figure(skb, KVMFAULT_A_SETUP_VCPUS,
				      setup->vcpus) &&
			   put_figure(skb, KVMFAULT_A_SETUP_TDP_TABLES,
				      setup->tdp_tables) &&
			   put_figure(skb, KVMFAULT_A_SETUP_SHADOW_TABLES,
				      setup->shadow_tables) &&
			   put_figure(skb, KVMFAULT_A_SETUP_MAPS_4K,
				      setup->maps_4k) &&
			   put_figure(skb, KVMFAULT_A_SETUP_MAPS_2M,
				      setup->maps_2m) &&
			   put_figure(skb, KVMFAULT_A_SETUP_MAPS_1G,
				      setup->maps_1g) &&
			   put_figure(skb, KVMFAULT_A_SETUP_MAPS_LARGE,
				      setup->maps_large) &&
			   put_figure(skb, KVMFAULT_A_SETUP_PRIVATE,
				      setup->private) &&
			   put_figure(skb, KVMFAULT_A_SETUP_ROOT_LOADS,
				      setup->root_loads));
}

static bool put_flag(struct sk_buff *skb, int attribute,
		     const struct kvmfault_memslot *slot, u32 flag)
{
	return put_u32(skb, attribute, !!(slot->flags & flag));
}

static bool put_memslot(struct sk_buff *skb, u64 vm,
			const struct kvmfault_memslot *slot)
{
	return put_u64(skb, KVMFAULT_A_MEMSLOT_VM, vm) &&
	       put_u32(skb, KVMFAULT_A_MEMSLOT_AS, slot->as) &&
	       put_u32(skb, KVMFAULT_A_MEMSLOT_SLOT, slot->id) &&
	       put_u64(skb, KVMFAULT_A_MEMSLOT_GPA, slot->gpa) &&
	       put_u64(skb, KVMFAULT_A_MEMSLOT_HVA, slot->hva) &&
	       put_u64(skb, KVMFAULT_A_MEMSLOT_PAGES, slot->pages) &&
	       put_flag(skb, KVMFAULT_A_MEMSLOT_DIRTY_LOG, slot,
			KVMFAULT_SLOT_DIRTY_LOG) &&
	       put_flag(skb, KVMFAULT_A_MEMSLOT_READONLY, slot,
			KVMFAULT_SLOT_READONLY) &&
	       put_flag(skb, KVMFAULT_A_MEMSLOT_PRIVATE, slot,
			KVMFAULT_SLOT_PRIVATE) &&
	       put_flag(skb, KVMFAULT_A_MEMSLOT_INTERNAL, slot,
			KVMFAULT_SLOT_INTERNAL) &&
	       put_flag(skb, KVMFAULT_A_MEMSLOT_GUEST_MEMFD, slot,
			KVMFAULT_SLOT_MEMFD);
}

/**
 * kvmfault_memslot_fill() - a memory slot
 * @skb: where to
 * @target: whom for
 * @vm: the number of the VM
 * @slot: the slot
 */
int kvmfault_memslot_fill(struct sk_buff *skb, const struct nl_target *target,
			  u64 vm, const struct kvmfault_memslot *slot)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head, put_memslot(skb, vm, slot));
}

/**
 * kvmfault_change_fill() - a memory slot that has changed
 * @skb: where to
 * @target: whom for
 * @vm: the number of the VM
 * @change: what has become of it
 * @slot: the slot
 */
int kvmfault_change_fill(struct sk_buff *skb, const struct nl_target *target,
			 u64 vm, unsigned int change,
			 const struct kvmfault_memslot *slot)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u32(skb, KVMFAULT_A_MEMSLOT_CHANGE, change) &&
			   put_memslot(skb, vm, slot));
}

/**
 * kvmfault_thread_fill() - a vCPU and its thread
 * @skb: where to
 * @target: whom for
 * @vm: the number of the VM
 * @thread: the thread
 */
int kvmfault_thread_fill(struct sk_buff *skb, const struct nl_target *target,
			 u64 vm, const struct kvmfault_thread *thread)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_THREAD_VM, vm) &&
			   put_u32(skb, KVMFAULT_A_THREAD_VCPU, thread->vcpu) &&
			   (!thread->tid ||
			    put_u32(skb, KVMFAULT_A_THREAD_TID, thread->tid)) &&
			   (thread->cpu < 0 ||
			    put_u32(skb, KVMFAULT_A_THREAD_CPU, thread->cpu)));
}

static bool put_place(struct sk_buff *skb, const struct kvmfault_translation *t)
{
	return (t->kind != KVMFAULT_ADDRESS_GVA ||
		put_u32(skb, KVMFAULT_A_TRANSLATION_VCPU, t->vcpu)) &&
	       put_address(skb, KVMFAULT_A_TRANSLATION_GVA, t->gva) &&
	       put_address(skb, KVMFAULT_A_TRANSLATION_GPA, t->gpa) &&
	       put_address(skb, KVMFAULT_A_TRANSLATION_HVA, t->hva) &&
	       (!t->guest_page ||
		put_u64(skb, KVMFAULT_A_TRANSLATION_GUEST_PAGE, t->guest_page)) &&
	       (!t->in_slot ||
		(put_u32(skb, KVMFAULT_A_TRANSLATION_AS, t->slot.as) &&
		 put_u32(skb, KVMFAULT_A_TRANSLATION_SLOT, t->slot.id) &&
		 put_u64(skb, KVMFAULT_A_TRANSLATION_OFFSET, t->offset))) &&
	       (t->mapping == KVMFAULT_LEVEL_UNKNOWN ||
		put_u32(skb, KVMFAULT_A_TRANSLATION_MAPPING, t->mapping));
}

static bool put_mapping(struct sk_buff *skb, const struct kvmfault_translation *t)
{
	return put_u64(skb, KVMFAULT_A_TRANSLATION_FROM, t->from) &&
	       put_u64(skb, KVMFAULT_A_TRANSLATION_TO, t->to) &&
	       put_u32(skb, KVMFAULT_A_TRANSLATION_SHARED, t->shared) &&
	       (!t->file[0] ||
		put_string(skb, KVMFAULT_A_TRANSLATION_FILE, t->file));
}

static bool put_memory(struct sk_buff *skb, const struct kvmfault_translation *t)
{
	return put_u32(skb, KVMFAULT_A_TRANSLATION_MEMORY, t->memory) &&
	       (!t->to || put_mapping(skb, t)) &&
	       put_u32(skb, KVMFAULT_A_TRANSLATION_PRESENCE, t->frame.presence);
}

/* Of a page that the VMM does not have mapped there is none. */
static bool put_entry(struct sk_buff *skb, const struct kvmfault_frame *frame)
{
	return frame->level == KVMFAULT_LEVEL_UNKNOWN ||
	       (put_u32(skb, KVMFAULT_A_TRANSLATION_LEVEL, frame->level) &&
		put_u32(skb, KVMFAULT_A_TRANSLATION_WRITABLE, frame->writable));
}

static bool put_frame(struct sk_buff *skb, const struct kvmfault_frame *frame)
{
	return put_entry(skb, frame) &&
	       put_u64(skb, KVMFAULT_A_TRANSLATION_PFN, frame->pfn) &&
	       put_u32(skb, KVMFAULT_A_TRANSLATION_ANONYMOUS,
		       frame->anonymous) &&
	       put_u32(skb, KVMFAULT_A_TRANSLATION_SPECIAL, frame->special);
}

/**
 * kvmfault_translation_fill() - an address that was followed
 * @skb: where to
 * @target: whom for
 * @t: where it led
 */
int kvmfault_translation_fill(struct sk_buff *skb,
			      const struct nl_target *target,
			      const struct kvmfault_translation *t)
{
	void *head = message_begin(skb, target);

	if (!head)
		return -EMSGSIZE;
	return message_end(skb, head,
			   put_u64(skb, KVMFAULT_A_TRANSLATION_VM, t->vm) &&
			   put_place(skb, t) &&
			   (t->memory == KVMFAULT_MEMORY_NONE ||
			    put_memory(skb, t)) &&
			   (t->memory == KVMFAULT_MEMORY_NONE ||
			    t->frame.presence != KVMFAULT_RESIDENT ||
			    put_frame(skb, &t->frame)) &&
			   (!t->why ||
			    put_string(skb, KVMFAULT_A_TRANSLATION_WHY, t->why)));
}
