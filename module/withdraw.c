// SPDX-License-Identifier: GPL-2.0
/*
 * Taking a probe out of the way, for which the kernel needs memory, and putting it back
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "withdraw.h"

/* Between two tries, in ms. */
#define AGAIN	10

static bool is_empty(struct kprobe *kprobe)
{
	return !kprobe->pre_handler && !kprobe->post_handler &&
	       !kprobe_disabled(kprobe);
}

/*
 * Is it one of several in one place, of which one has or had a post_handler? Those have
 * another way to be in place. The kernel looks for the place among theirs when it takes
 * the last one out, whoever that is, even if one was there before them; it does not find
 * it, and leaves who is freed then where it is called. Which of them came first cannot
 * be seen. With an empty one among them none is the last.
 */
static bool is_misplaced(struct kprobe *kprobe)
{
	struct kprobe *other;
	bool misplaced = false;

	/* What went with its function is in no place any more. */
	if (!kprobe_ftrace(kprobe) || kprobe->flags & KPROBE_FLAG_GONE)
		return false;

	/* Others come and go. */
	rcu_read_lock();
	list_for_each_entry_rcu(other, &kprobe->list, list) {
		misplaced |= !!other->post_handler;
		if (is_empty(other)) {
			misplaced = false;
			break;
		}
	}
	rcu_read_unlock();
	return misplaced;
}

/*
 * Each try that fails costs the kernel's count of its probes one, so that others may
 * fall silent later; but a kernel that refuses so little memory has killed the task
 * that asks.
 */
static int disable(struct kprobe *kprobe)
{
	int ret;

	while ((ret = disable_kprobe(kprobe)) == -ENOMEM)
		msleep(AGAIN);
	return ret;
}

/*
 * What is disabled where others are in place, too, is taken out of their list and no
 * more. So an empty one, which is nobody's and never freed, takes the place; and the
 * kernel keeps what it cannot take back.
 */
static void bequeath(struct kprobe *kprobe)
{
	struct kprobe *heir = kzalloc(sizeof(*heir), GFP_KERNEL | __GFP_NOFAIL);
	int ret;

	heir->addr = kprobe->addr;
	while ((ret = register_kprobe(heir)) == -ENOMEM)
		msleep(AGAIN);
	/* The function may go this moment. */
	if (ret)
		kfree(heir);
	disable(kprobe);
}

/**
 * kvmfault_withdraw() - disable a probe, however long it takes; may sleep
 * @kprobe: the probe, or that of a kretprobe
 *
 * Errors other than want of memory stay, as of ftrace that has given itself up.
 *
 * Return: 0, or -EINVAL if there is no such probe.
 */
int kvmfault_withdraw(struct kprobe *kprobe)
{
	int ret = -ENOENT;

	if (!is_misplaced(kprobe))
		ret = disable(kprobe);
	/* One that has come in between is in our place, and goes as the last one. */
	if (!ret && is_misplaced(kprobe))
		ret = -EAGAIN;
	if (!ret || ret == -EINVAL)
		return ret;

	pr_warn("the kernel cannot take a probe on %ps out (error %d): an empty one stays there\n",
		kprobe->addr, ret);
	bequeath(kprobe);
	return 0;
}

/**
 * kvmfault_restore() - enable a kretprobe that was disabled; may sleep
 * @kretprobe: the probe
 *
 * Where there are several, one that is the kernel's own stands for them. While all
 * kprobes are off the kernel enables ours and leaves that one disabled, and nothing
 * comes when they are on again. One that is new there has it enabled.
 *
 * Return: 0 or an error, with which it stays disabled.
 */
int kvmfault_restore(struct kretprobe *kretprobe)
{
	struct kprobe fresh = { .addr = kretprobe->kp.addr };
	int ret = enable_kretprobe(kretprobe);

	if (ret)
		return ret;

	ret = register_kprobe(&fresh);
	if (ret)
		kvmfault_withdraw(&kretprobe->kp);
	else
		kvmfault_withdraw_kprobe(&fresh);
	return ret;
}

/**
 * kvmfault_withdraw_kprobe() - take a probe out for good
 * @kprobe: the probe; on return its handler does not run, nor will it
 */
void kvmfault_withdraw_kprobe(struct kprobe *kprobe)
{
	kvmfault_withdraw(kprobe);
	unregister_kprobe(kprobe);
}

/**
 * kvmfault_withdraw_kretprobe() - the same, of a function's entry and return
 * @kretprobe: the probe; calls under way are not seen to end
 */
void kvmfault_withdraw_kretprobe(struct kretprobe *kretprobe)
{
	kvmfault_withdraw(&kretprobe->kp);
	unregister_kretprobe(kretprobe);
}
