// SPDX-License-Identifier: GPL-2.0
/*
 * Shadow paging: what is read of a call, and what happens beside the faults
 *
 * What becomes of a fault that is the guest's own tells KVM's count of page faults
 * that it has given to the guest, or, where the guest's guest ran, that it does not
 * run any more: KVM has left it for the guest to handle.
 *
 * The functions beside the faults are called with two-dimensional paging only
 * where a guest runs guests, or an instruction is emulated; so their probes stay
 * in place.
 */
#include <linux/kernel.h>
#include <linux/kvm_host.h>

#include <compat/kvm.h>

#include "account.h"
#include "async.h"
#include "clock.h"
#include "extra.h"
#include "learn.h"
#include "raw.h"
#include "shadow.h"
#include "slot.h"
#include "watch.h"

static bool runs_guest(const struct kvm_vcpu *vcpu)
{
	return vcpu->arch.hflags & HF_GUEST_MASK;
}

/**
 * kvmfault_shadow_guest() - who runs
 * @vcpu: on this vCPU, which has left the guest a moment ago
 */
notrace enum kvmfault_guest
kvmfault_shadow_guest(const struct kvm_vcpu *vcpu)
{
	return runs_guest(vcpu) ? KVMFAULT_L2 : KVMFAULT_L1;
}

/**
 * kvmfault_shadow_enter() - read the arguments of a handler of page faults
 * @call: the record to fill in
 * @args: the vCPU; then a struct, or the address, the error code and whether KVM
 *	asks by itself
 *
 * Return: true, every call is a fault.
 */
notrace bool kvmfault_shadow_enter(struct kvmfault_call *call,
				   const struct kvmfault_args *args)
{
	const struct kvm_vcpu *vcpu = (struct kvm_vcpu *)args->arg[0];

	call->vcpu = (struct kvm_vcpu *)args->arg[0];
	call->class = KVMFAULT_SHADOW;
	call->what = args->arg[1];
	call->error_code = args->arg[2];
	call->prefetch = (u8)args->arg[3];
	call->nested = runs_guest(vcpu);
	call->injected = vcpu->stat.pf_guest;
	return true;
}

/**
 * kvmfault_shadow_mmio() - is a fault MMIO, if it is no nested one?
 * @call: the record, with the vCPU
 * @error_code: as kvm_mmu_page_fault() got it, with a guest-virtual address
 *
 * Return: true for MMIO, which KVM marks by a reserved bit in shadow page tables,
 * too; false for what one of their functions is called for.
 */
notrace bool kvmfault_shadow_mmio(struct kvmfault_call *call, u64 error_code)
{
	call->gpa = KVMFAULT_NOWHERE;
	call->class = kvmfault_decode_class(error_code);
	return call->class == KVMFAULT_MISCONFIG;
}

/**
 * kvmfault_shadow_start() - a call begins, in which the vCPU may fall asleep
 * @call: the record, stamped
 * @point: where it is seen
 *
 * Where it is the walk of the guest's tables has yet to show.
 */
notrace void kvmfault_shadow_start(const struct kvmfault_call *call,
				   enum kvmfault_point_id point)
{
	struct kvmfault_vcpu *vcpu = kvmfault_watch_find(call->vcpu);

	if (!vcpu)
		return;
	WRITE_ONCE(vcpu->gpa, KVMFAULT_NOWHERE);
	WRITE_ONCE(vcpu->shadow.point, point);
	WRITE_ONCE(vcpu->shadow.since, call->start);
	/* Pairs with forget(): where that was seen stands there before. */
	smp_store_release(&vcpu->since, call->start);
}

/* KVM counts as one, too, that it tells the guest of a page which is to come. */
static bool was_injected(const struct kvmfault_call *call)
{
	if (call->nested && !runs_guest(call->vcpu))
		return true;
	return call->vcpu->stat.pf_guest != call->injected &&
	       !kvmfault_async_begun(call);
}

static u64 raw_of(const struct kvmfault_call *call, int ret, bool injected)
{
	const struct kvmfault_layout *layout;
	const u8 *what = (const u8 *)call->what;

	if (!kvmfault_has_page_fault_struct())
		return kvmfault_raw(call->error_code, call->prefetch,
				    KVMFAULT_LEVEL_UNKNOWN, ret);

	layout = kvmfault_recognise_shadow(call->what, injected);
	/*
	 * The error code stands where it does in every layout, but says nothing of who
	 * asks, or whether there is memory.
	 */
	if (!layout)
		return kvmfault_raw_unknown(ret);
	return kvmfault_raw(*(const u32 *)(what + 8), what[layout->flags],
			    what[layout->goal_level], ret);
}

/* Of memory, or of a device? KVM holds its SRCU lock for reading. */
static bool in_memslot(const struct kvmfault_call *call, u64 raw)
{
	u64 gpa = kvmfault_shadow_gpa(call, raw);

	return gpa == KVMFAULT_NOWHERE ||
	       kvmfault_find_memslot(kvm_vcpu_memslots(call->vcpu),
				     gpa >> PAGE_SHIFT);
}

/**
 * kvmfault_shadow_raw() - read what a call was about and what it has come to
 * @call: the record
 * @ret: what the function returned
 *
 * Return: a word of raw.h.
 */
notrace u64 kvmfault_shadow_raw(const struct kvmfault_call *call, int ret)
{
	bool injected = was_injected(call);
	u64 raw = raw_of(call, ret, injected) | KVMFAULT_RAW_SHADOW;

	if (call->nested)
		raw |= KVMFAULT_RAW_NESTED;
	if (injected)
		return raw | KVMFAULT_RAW_INJECTED;

	if (kvmfault_raw_unfixed(raw) &&
	    kvmfault_raw_cause(raw) == KVMFAULT_ABSENT &&
	    !in_memslot(call, raw))
		raw |= KVMFAULT_RAW_NOWHERE;
	return raw;
}

/**
 * kvmfault_shadow_gpa() - where a call was about, on its way out
 * @call: the record
 * @raw: its word
 *
 * Return: the page that the guest's tables have led to, or KVMFAULT_NOWHERE if
 * they led nowhere, or it cannot be told.
 */
notrace u64 kvmfault_shadow_gpa(const struct kvmfault_call *call, u64 raw)
{
	const struct kvmfault_layout *layout = READ_ONCE(kvmfault_layout);
	u64 gfn;

	if (!layout || !kvmfault_has_page_fault_struct() ||
	    raw & KVMFAULT_RAW_INJECTED)
		return KVMFAULT_NOWHERE;

	gfn = kvmfault_layout_gfn(layout, call->what);
	/* What KVM asks for by itself the guest may not have mapped any more. */
	if (!gfn && kvmfault_raw_cause(raw) == KVMFAULT_PREFETCH)
		return KVMFAULT_NOWHERE;
	return gfn << PAGE_SHIFT;
}

/* How large the shadow is; on the thread that runs the vCPU. */
static void see_pages(struct kvmfault_vcpu *vcpu,
		      const struct kvm_vcpu *kvm_vcpu)
{
	WRITE_ONCE(vcpu->shadow.pages, kvmfault_shadow_tables(kvm_vcpu->kvm));
	WRITE_ONCE(vcpu->shadow.when,
		   kvmfault_clock_unmarked(kvmfault_clock()));
}

/**
 * kvmfault_shadow_count() - count a call
 * @kvm_vcpu: whose
 * @point: where it was seen
 * @raw: all that tells it apart
 * @ns: how long it took
 *
 * Return: the record of its vCPU, or NULL if the fault is lost.
 */
notrace struct kvmfault_vcpu *
kvmfault_shadow_count(struct kvm_vcpu *kvm_vcpu, enum kvmfault_point_id point,
		      u64 raw, u64 ns)
{
	struct kvmfault_vcpu *vcpu;

	vcpu = kvmfault_slot_count_shadow(kvm_vcpu, point, raw, ns);
	if (vcpu)
		see_pages(vcpu, kvm_vcpu);
	return vcpu;
}

/**
 * kvmfault_shadow_finish() - a call returns: account it
 * @call: the record
 * @point: where it was seen
 * @ret: what the function returned
 * @ns: how long it took
 */
notrace void kvmfault_shadow_finish(const struct kvmfault_call *call,
				    enum kvmfault_point_id point, int ret,
				    u64 ns)
{
	kvmfault_shadow_count(call->vcpu, point,
			      kvmfault_shadow_raw(call, ret), ns);
}

static struct kvmfault_extra probes[KVMFAULT_SHADOW_EVENTS];

/* What could not be counted, and why; written by the CPU it belongs to alone. */
static DEFINE_PER_CPU(u64 [KVMFAULT_SHADOW_EVENTS][KVMFAULT_LOSSES], lost);

/*
 * KVM brings a vCPU back from its guest's guest when it destroys it, on Intel: the
 * VM is dead by then, and nobody must be taken for born who would never die.
 */
static bool is_destroyed(const struct kvm *kvm)
{
	return !refcount_read(&kvm->users_count);
}

static void count(struct kvm_vcpu *kvm_vcpu, enum kvmfault_shadow_event event)
{
	struct kvmfault_vcpu *vcpu;

	if (is_destroyed(kvm_vcpu->kvm))
		return;
	vcpu = kvmfault_slot_count_event(kvm_vcpu, event, lost[event]);
	if (!vcpu)
		return;
	kvmfault_extra_hit(&probes[event]);
	see_pages(vcpu, kvm_vcpu);
}

static struct kvm_vcpu *vcpu_of(const struct pt_regs *regs)
{
	return (struct kvm_vcpu *)regs->di;
}

/* Without such pages KVM itself looks no further. */
static bool has_shadow(const struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->kvm->arch.indirect_shadow_pages);
}

static notrace int at_write(struct kprobe *kprobe, struct pt_regs *regs)
{
	if (has_shadow(vcpu_of(regs)))
		count(vcpu_of(regs), KVMFAULT_SHADOW_WRITE);
	return 0;
}

static notrace int at_sync(struct kprobe *kprobe, struct pt_regs *regs)
{
	if (has_shadow(vcpu_of(regs)))
		count(vcpu_of(regs), KVMFAULT_SHADOW_SYNC);
	return 0;
}

static notrace int at_invlpg(struct kprobe *kprobe, struct pt_regs *regs)
{
	count(vcpu_of(regs), KVMFAULT_SHADOW_INVLPG);
	return 0;
}

static notrace int at_cr3(struct kprobe *kprobe, struct pt_regs *regs)
{
	count(vcpu_of(regs), KVMFAULT_SHADOW_CR3);
	return 0;
}

static notrace int at_root(struct kprobe *kprobe, struct pt_regs *regs)
{
	count(vcpu_of(regs), KVMFAULT_SHADOW_ROOT);
	return 0;
}

static struct kvmfault_extra probes[KVMFAULT_SHADOW_EVENTS] = {
	[KVMFAULT_SHADOW_WRITE] = {
		.name = "kvm_mmu_track_write",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_mmu_track_write", "kvm_mmu_pte_write" },
		.what = "writes to page tables that are shadowed are not counted",
		.at = at_write,
		.lost = lost[KVMFAULT_SHADOW_WRITE],
	},
	[KVMFAULT_SHADOW_SYNC] = {
		.name = "kvm_mmu_sync_roots",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_mmu_sync_roots" },
		.what = "how often shadow page tables are brought up to date is not counted",
		.at = at_sync,
		.lost = lost[KVMFAULT_SHADOW_SYNC],
	},
	[KVMFAULT_SHADOW_INVLPG] = {
		.name = "kvm_mmu_invlpg",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_mmu_invlpg" },
		.what = "INVLPG is not counted",
		.at = at_invlpg,
		.lost = lost[KVMFAULT_SHADOW_INVLPG],
	},
	[KVMFAULT_SHADOW_CR3] = {
		.name = "kvm_set_cr3",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_set_cr3" },
		.what = "loads of CR3 are not counted",
		.at = at_cr3,
		.lost = lost[KVMFAULT_SHADOW_CR3],
	},
	[KVMFAULT_SHADOW_ROOT] = {
		.name = "kvm_mmu_new_pgd",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_mmu_new_pgd" },
		.what = "switches to other roots are not counted",
		.at = at_root,
		.lost = lost[KVMFAULT_SHADOW_ROOT],
	},
};

static struct kvmfault_extras extras = {
	.probes = probes,
	.nr = ARRAY_SIZE(probes),
};

/**
 * kvmfault_shadow_init() - begin to see what happens beside the faults
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_shadow_init(void)
{
	return kvmfault_extra_arm(&extras);
}

/**
 * kvmfault_shadow_exit() - see it no more
 */
void kvmfault_shadow_exit(void)
{
	kvmfault_extra_disarm(&extras);
}
