/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest needs to be told of asynchronous page faults: descriptor tables, a
 * stack and the words that KVM writes, in a page of their own. By offsets into the
 * window; for the payload, too.
 */
#ifndef KVMFAULT_GUEST_TRAPS_H
#define KVMFAULT_GUEST_TRAPS_H

#define WINDOW_TRAPS		0x20000

#define TRAPS_GDT		WINDOW_TRAPS
#define TRAPS_APF_FLAGS		(WINDOW_TRAPS + 0x40)
#define TRAPS_APF_TOKEN		(WINDOW_TRAPS + 0x44)
#define TRAPS_IDT		(WINDOW_TRAPS + 0x100)
#define TRAPS_STACK		(WINDOW_TRAPS + 0xff0)

#ifndef __ASSEMBLER__
struct vcpu;

/* The guest is told from here on. */
void traps_prepare(struct vcpu *vcpu);
/* From here on it is not; KVM gives up what is outstanding. */
void traps_ignore(struct vcpu *vcpu);
void traps_interrupt(struct vcpu *vcpu);
#endif

#endif
