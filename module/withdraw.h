/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking a probe out of the way, for which the kernel needs memory
 *
 * Where there is none, unregister_kprobe() leaves the probe in place, tells nobody,
 * and forgets whose it is: it would be called when we are gone. A probe that is
 * disabled has been taken out, and that can be tried until it is done. Each try that
 * fails costs the kernel's count of its probes one, so that others may fall silent
 * later; but a kernel that refuses so little memory has killed the task that asks.
 * And where ftrace has given itself up, which it says, no try helps: whoever waits
 * here for ever is better off than who is called in memory that was freed.
 */
#ifndef KVMFAULT_WITHDRAW_H
#define KVMFAULT_WITHDRAW_H

#include <linux/delay.h>
#include <linux/kprobes.h>

/* Between two tries, in ms; after some of them there is a word to say. */
#define KVMFAULT_WITHDRAW_AGAIN	10
#define KVMFAULT_WITHDRAW_TRIES	100

/**
 * kvmfault_withdraw() - disable a probe, however long it takes; may sleep
 * @kprobe: the probe, or that of a kretprobe
 *
 * Return: 0, or an error if there is no such probe.
 */
static inline int kvmfault_withdraw(struct kprobe *kprobe)
{
	unsigned int tries = 0;
	int ret;

	while ((ret = disable_kprobe(kprobe)) && ret != -EINVAL) {
		if (++tries == KVMFAULT_WITHDRAW_TRIES)
			pr_err("the probe at %pS cannot be removed (error %d): who wants that has to wait\n",
			       kprobe->addr, ret);
		msleep(KVMFAULT_WITHDRAW_AGAIN);
	}
	return ret;
}

/**
 * kvmfault_withdraw_kprobe() - take a probe out for good
 * @kprobe: the probe; on return its handler does not run, nor will it
 */
static inline void kvmfault_withdraw_kprobe(struct kprobe *kprobe)
{
	kvmfault_withdraw(kprobe);
	unregister_kprobe(kprobe);
}

/**
 * kvmfault_withdraw_kretprobe() - the same, of a function's entry and return
 * @kretprobe: the probe; calls under way are not seen to end
 */
static inline void kvmfault_withdraw_kretprobe(struct kretprobe *kretprobe)
{
	kvmfault_withdraw(&kretprobe->kp);
	unregister_kretprobe(kretprobe);
}

#endif /* KVMFAULT_WITHDRAW_H */
