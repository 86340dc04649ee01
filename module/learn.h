/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has to be learnt from the first faults, and nothing after that
 *
 * KVMFAULT_LOOK_ABI and KVMFAULT_LOOK_PROOF of look.h say what is still to be.
 */
#ifndef KVMFAULT_LEARN_H
#define KVMFAULT_LEARN_H

#include <linux/jump_label.h>

#include "abi.h"
#include "fault.h"

struct kvm_vcpu;

/* recognise.c: how KVM speaks on this kernel. In handlers, while it is learnt. */
u64 kvmfault_recognise_raw(unsigned long what, long ret);
const struct kvmfault_layout *kvmfault_recognise_shadow(unsigned long what,
							bool injected);
void kvmfault_recognise_enter(struct kvmfault_fault *fault);
void kvmfault_recognise_finish(const struct kvmfault_fault *fault);

/*
 * The layout of struct kvm_page_fault; NULL until faults have shown it, and
 * where there is no such struct.
 */
extern const struct kvmfault_layout *kvmfault_layout;

/* On once it is known, with what each call needs of it at hand. */
DECLARE_STATIC_KEY_FALSE(kvmfault_layout_key);
extern unsigned long kvmfault_layout_flags;
extern unsigned long kvmfault_layout_goal_level;

/* In process context. */
void kvmfault_recognise_review(void);
void kvmfault_recognise_restart(void);

/* Anywhere. */
enum kvmfault_codes kvmfault_recognised_codes(void);
const char *kvmfault_recognised_call(void);

/* proof.c: whether probes fire. In handlers, while it is learnt. */
void kvmfault_proof_witness(struct kvm_vcpu *kvm_vcpu,
			    unsigned long error_code);
void kvmfault_proof_enter(struct kvmfault_fault *fault);
void kvmfault_proof_finish(const struct kvmfault_fault *fault);

/* In process context. */
void kvmfault_proof_restart(void);
bool kvmfault_proof_bypassed(enum kvmfault_point_id point);
bool kvmfault_proof_fired(enum kvmfault_point_id point);

#endif /* KVMFAULT_LEARN_H */
