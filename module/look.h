/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is looked at beside counting
 *
 * Counting is all that most faults are for. Who wants more of every fault, for a
 * while or for as long as somebody listens, says so by a bit. While nobody does,
 * the one test for all of them is patched out of the handlers.
 */
#ifndef KVMFAULT_LOOK_H
#define KVMFAULT_LOOK_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/jump_label.h>

struct kvmfault_fault;

#define KVMFAULT_LOOK_ABI	BIT(0)	/* recognise.c learns */
#define KVMFAULT_LOOK_PROOF	BIT(1)	/* proof.c does */
#define KVMFAULT_LOOK_EVENT	BIT(2)	/* the trace event is on */
#define KVMFAULT_LOOK_ALERT	BIT(3)	/* slow faults are told */
#define KVMFAULT_LOOK_RECENT	BIT(4)	/* the last ones are kept */
#define KVMFAULT_LOOK_HOT	BIT(5)	/* addresses are counted */
#define KVMFAULT_LOOK_STAGES	BIT(6)	/* tdp calls are split */

/* Those who want to know where a fault is. */
#define KVMFAULT_LOOK_WHERE						\
	(KVMFAULT_LOOK_EVENT | KVMFAULT_LOOK_ALERT |			\
	 KVMFAULT_LOOK_RECENT | KVMFAULT_LOOK_HOT)

extern atomic_t kvmfault_looking;
/* Off while that is 0, as kvmfault_look_review() finds it. */
DECLARE_STATIC_KEY_TRUE(kvmfault_look_key);

/**
 * kvmfault_looks() - does anybody want that?
 * @what: bits, any of which will do
 */
static __always_inline bool kvmfault_looks(int what)
{
	return static_branch_unlikely(&kvmfault_look_key) &&
	       atomic_read(&kvmfault_looking) & what;
}

/* In process context. */
void kvmfault_look_begin(int what);
void kvmfault_look_end(int what);
void kvmfault_look_review(void);

/* Anywhere. */
void kvmfault_look_done(int what);

/* In handlers, while the key is on; the second one with preemption off. */
void kvmfault_look_enter(struct kvmfault_fault *fault);
void kvmfault_look_finish(struct kvmfault_fault *fault, int ret);

#endif /* KVMFAULT_LOOK_H */
