/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has to be learnt from the first faults, and nothing after that
 *
 * While there is something to learn handlers look at a word that says what.
 * Once everybody knows enough, the test is patched out of them.
 */
#ifndef KVMFAULT_LEARN_H
#define KVMFAULT_LEARN_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/jump_label.h>

#include "abi.h"
#include "fault.h"

struct kvm_vcpu;

#define KVMFAULT_LEARN_ABI	BIT(0)	/* recognise.c */
#define KVMFAULT_LEARN_PROOF	BIT(1)	/* proof.c */

#define KVMFAULT_LEARN_ANY	(KVMFAULT_LEARN_ABI | KVMFAULT_LEARN_PROOF)

extern atomic_t kvmfault_learning;
/* Off while that is 0, as kvmfault_learn_review() finds it. */
DECLARE_STATIC_KEY_TRUE(kvmfault_learn_key);

static __always_inline bool kvmfault_learns(int what)
{
	return static_branch_unlikely(&kvmfault_learn_key) &&
	       atomic_read(&kvmfault_learning) & what;
}

/* In process context, one at a time. */
void kvmfault_learn_more(int what);
void kvmfault_learn_review(void);

/* recognise.c: how KVM speaks on this kernel. In handlers, while it is learnt. */
const struct kvmfault_layout *kvmfault_recognise_call(unsigned long arg);
void kvmfault_recognise_enter(struct kvmfault_fault *fault);
void kvmfault_recognise_finish(const struct kvmfault_fault *fault);

/*
 * The layout of struct kvm_page_fault; NULL until faults have shown it, and
 * where there is no such struct.
 */
extern const struct kvmfault_layout *kvmfault_layout;

/* Anywhere. */
enum kvmfault_codes kvmfault_recognised_codes(void);
const char *kvmfault_recognised_call(void);

/* proof.c: whether probes fire. In handlers, while it is learnt. */
void kvmfault_proof_witness(unsigned long error_code);
void kvmfault_proof_enter(const struct kvmfault_fault *fault);
void kvmfault_proof_finish(const struct kvmfault_fault *fault);

/* In process context. */
void kvmfault_proof_restart(void);
bool kvmfault_proof_bypassed(enum kvmfault_point_id point);
bool kvmfault_proof_fired(enum kvmfault_point_id point);

#endif /* KVMFAULT_LEARN_H */
