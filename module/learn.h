/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has to be learnt from the first faults, and nothing after that
 *
 * Each handler looks at one word. While it is not zero somebody wants to see
 * more of a fault; once everybody knows enough, a fault pays for one test.
 */
#ifndef KVMFAULT_LEARN_H
#define KVMFAULT_LEARN_H

#include <linux/atomic.h>
#include <linux/bits.h>

#include "abi.h"
#include "fault.h"

struct kvm_vcpu;

#define KVMFAULT_LEARN_ABI	BIT(0)	/* recognise.c */
#define KVMFAULT_LEARN_PROOF	BIT(1)	/* proof.c */

extern atomic_t kvmfault_learning;

static inline bool kvmfault_learns(int what)
{
	return unlikely(atomic_read(&kvmfault_learning) & what);
}

/* recognise.c: how KVM speaks on this kernel. In handlers, while it is learnt. */
const struct kvmfault_layout *kvmfault_recognise_call(unsigned long arg);
void kvmfault_recognise_enter(struct kvmfault_fault *fault);
void kvmfault_recognise_finish(const struct kvmfault_fault *fault);

/* Anywhere. */
enum kvmfault_codes kvmfault_recognised_codes(void);
const struct kvmfault_layout *kvmfault_recognised_layout(void);
const char *kvmfault_recognised_call(void);

/* proof.c: whether probes fire. In handlers, while it is learnt. */
bool kvmfault_proof_witness(struct kvmfault_fault *fault,
			    const struct kvmfault_args *args);
void kvmfault_proof_enter(const struct kvmfault_fault *fault);
void kvmfault_proof_finish(const struct kvmfault_fault *fault);

/* In process context. */
void kvmfault_proof_restart(void);
bool kvmfault_proof_bypassed(enum kvmfault_point_id point);
bool kvmfault_proof_fired(enum kvmfault_point_id point);

#endif /* KVMFAULT_LEARN_H */
