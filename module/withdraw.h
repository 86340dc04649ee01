/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking a probe out of the way, for which the kernel needs memory
 *
 * Where there is none, unregister_kprobe() leaves the probe in place, tells nobody,
 * and forgets whose it is: it would be called when we are gone. A probe that is
 * disabled has been taken out, and that can be tried until it is done.
 */
#ifndef KVMFAULT_WITHDRAW_H
#define KVMFAULT_WITHDRAW_H

struct kprobe;
struct kretprobe;

int kvmfault_withdraw(struct kprobe *kprobe);
int kvmfault_restore(struct kretprobe *kretprobe);
void kvmfault_withdraw_kprobe(struct kprobe *kprobe);
void kvmfault_withdraw_kretprobe(struct kretprobe *kretprobe);

#endif /* KVMFAULT_WITHDRAW_H */
