/* SPDX-License-Identifier: GPL-2.0 */
/* Scenes: faults of one kind, caused on purpose, in known numbers. */
#ifndef KVMFAULT_GUEST_SCENE_H
#define KVMFAULT_GUEST_SCENE_H

#include "vm.h"

/*
 * A scene takes the place of the work. It is played once, by each vCPU in its
 * thread, and ends by dying if what it caused is not what it meant to cause.
 */
struct scene {
	const char *name;
	void (*play)(struct vcpu *vcpu);
	uint64_t vcpus;		/* it takes so many; 0: any number */
	uint64_t stride;	/* pages lie so many pages apart; 0: 1 */
	uint32_t flags;		/* of the memory slot of the pages */
	bool memfd;		/* the pages are a guest_memfd's */
	bool sealed;		/* the VM has private memory */
	bool apic;		/* in the kernel, and interrupts on */
	bool traps;		/* it takes them, see traps.h */
	bool waits;		/* for SIGTERM, which it takes itself */
};

const struct scene *scene_find(const char *name);

void must_be(const char *what, uint64_t is, uint64_t planned);

/* scene.c, one vCPU at a time */
void scene_read(struct vcpu *vcpu);
void scene_exec(struct vcpu *vcpu);
void scene_cow(struct vcpu *vcpu);
#define HUGE_WITHIN	5	/* the page of a huge one that is written */
void scene_huge_within(struct vcpu *vcpu);
void scene_huge_shared(struct vcpu *vcpu);
uint64_t count_dirty(struct vcpu *vcpu);
void scene_dirty(struct vcpu *vcpu);
void scene_readonly(struct vcpu *vcpu);
void scene_smm(struct vcpu *vcpu);
void scene_smm_alone(struct vcpu *vcpu);
void scene_slot(struct vcpu *vcpu);
void scene_slot_moves(struct vcpu *vcpu);
void scene_ioeventfd(struct vcpu *vcpu);
void scene_datamatch(struct vcpu *vcpu);
void scene_prefault(struct vcpu *vcpu);

/* swap.c, with pages that the host has in swap */
void scene_swap(struct vcpu *vcpu);
void scene_swap_shared(struct vcpu *vcpu);

/* memfd.c, with pages that are not the VMM's */
void scene_guest_memfd(struct vcpu *vcpu);
void scene_guest_memfd_apart(struct vcpu *vcpu);
void scene_private(struct vcpu *vcpu);

/* tables.c, with page tables that KVM may shadow */
#define TABLES_INVLPG	23	/* executed, */
#define TABLES_CR3	14	/* loaded, an even number, */
#define TABLES_WRITES	2	/* to a table that has tables below */
void scene_tables(struct vcpu *vcpu);

/* modes.c, not in long mode */
void mode_enter(struct vcpu *vcpu, uint64_t cr0, uint64_t cr3, uint64_t efer);
#define PAGING32_ABSENT	13	/* pages that its tables do not have */
void scene_paging32(struct vcpu *vcpu);
void scene_nonpaging(struct vcpu *vcpu);

/* nested.c, with a guest in the guest */
#define NESTED_ABSENT	17	/* pages that the hypervisor maps when asked for */
void scene_nested(struct vcpu *vcpu);
void scene_nested_stop(struct vcpu *vcpu);
void scene_nested_shadow(struct vcpu *vcpu);
void scene_nested_32(struct vcpu *vcpu);

/* async.c, pages that come late */
void scene_async(struct vcpu *vcpu);
void scene_async_told(struct vcpu *vcpu);
void scene_async_again(struct vcpu *vcpu);
void scene_async_off(struct vcpu *vcpu);
void scene_async_woken(struct vcpu *vcpu);

/* hide.c, with files that are hard to find */
void scene_path(struct vcpu *vcpu);
void scene_files(struct vcpu *vcpu);

/* trouble.c, with somebody who interferes */
void scene_race(struct vcpu *vcpu);
void scene_slots(struct vcpu *vcpu);
void scene_thrash(struct vcpu *vcpu);
void scene_logged(struct vcpu *vcpu);
void scene_stuck(struct vcpu *vcpu);

#endif
