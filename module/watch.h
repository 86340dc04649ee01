/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The watch over vCPUs that are stuck in faults
 */
#ifndef KVMFAULT_WATCH_H
#define KVMFAULT_WATCH_H

#include <linux/types.h>

#include "address.h"
#include "fault.h"
#include "slot.h"
#include "tdp.h"
#include "vm.h"

/**
 * struct kvmfault_stuck_row - a vCPU that is stuck, as readers see it
 * @vm: its VM
 * @vcpu: the number its VMM gave it
 * @how: asleep in one fault, or repeating it, or waiting for a page
 * @class: of what it is stuck in
 * @for_ns: for how long
 * @faults: how many tdp faults have ended in that time
 * @gpa: the guest-physical address, or KVMFAULT_NOWHERE
 * @rip: the guest's instruction, or KVMFAULT_NOWHERE
 * @outcome: what became of the last one, where it repeats them
 */
struct kvmfault_stuck_row {
	const struct kvmfault_vm *vm;
	int vcpu;
	enum kvmfault_stuck how;
	enum kvmfault_class class;
	u64 for_ns;
	u64 faults;
	u64 gpa;
	u64 rip;
	enum kvmfault_outcome outcome;
};

void kvmfault_watch_exit(void);

/* In handlers; in watch.c. */
struct kvmfault_vcpu *kvmfault_watch_find(struct kvm_vcpu *kvm_vcpu);
void kvmfault_watch_tdp_sample(struct kvmfault_vcpu *vcpu, u64 raw);
void kvmfault_watch_exit_sample(struct kvmfault_vcpu *vcpu,
				struct kvm_vcpu *kvm_vcpu,
				enum kvmfault_class class);

/**
 * kvmfault_watch_samples() - are the faults of a vCPU sampled?
 * @vcpu: the record of the vCPU
 */
static inline bool kvmfault_watch_samples(const struct kvmfault_vcpu *vcpu)
{
	/* Pairs with the release in sampling_begin(). */
	return smp_load_acquire(&vcpu->watch.sampling);
}

/**
 * kvmfault_watch_enter() - a tdp call begins, in which the vCPU may fall asleep
 * @call: the record
 *
 * With preemption on or off.
 */
static __always_inline void
kvmfault_watch_enter(const struct kvmfault_call *call)
{
	const struct kvmfault_buffer *buffer = raw_cpu_read(kvmfault_buffers);
	struct kvmfault_vcpu *vcpu = READ_ONCE(buffer->vcpu);

	/*
	 * We may have left that CPU since. Then another vCPU may be seated there,
	 * but not ours, which is here: so if ours is, the record is ours, too. The
	 * order counts: pairs with buffer_seat().
	 */
	smp_rmb();
	if (unlikely(!kvmfault_buffer_seats(buffer, call->vcpu))) {
		vcpu = kvmfault_watch_find(call->vcpu);
		if (!vcpu)
			return;
	}
	WRITE_ONCE(vcpu->gpa, kvmfault_tdp_gpa(call->what));
	WRITE_ONCE(vcpu->since, call->start);
}

/* Under kvmfault_settle_lock. */
void kvmfault_watch_kick(void);
const struct kvmfault_vcpu **kvmfault_watch_vcpus(const struct kvmfault_vm *vm,
						  unsigned int *nr);
void kvmfault_watch_row(struct kvmfault_stuck_row *row,
			const struct kvmfault_vcpu *vcpu);

/* Anywhere. */
const char *kvmfault_stuck_name(enum kvmfault_stuck how);

/* In process context. */
void kvmfault_watch_forget(enum kvmfault_point_id point, u64 until);
unsigned int kvmfault_watch_repeats(void);
bool kvmfault_watch_repeats_fit(unsigned int nr);
void kvmfault_watch_set_repeats(unsigned int nr);
unsigned int kvmfault_watch_asleep_ms(void);
void kvmfault_watch_set_asleep_ms(unsigned int ms);

#endif /* KVMFAULT_WATCH_H */
