// SPDX-License-Identifier: GPL-2.0
/*
 * How far a tdp call has come, seen by probes within it
 *
 * The functions that make up kvm_tdp_page_fault() are called by others, too, and
 * get_user_pages by the whole kernel. A call is of interest if the task runs a
 * vCPU, of which KVM has left a notifier with the task, and if that vCPU is in a
 * tdp call that was seen to begin. What was seen since stands in the vCPU's
 * record, which its own thread alone writes: sleeping and moving to another CPU
 * changes nothing.
 *
 * Stamps are taken last on the way in and first on the way out, so that a stage
 * is free of our own work, which is in the rest of the call, and partly in the
 * wait for the lock: that is taken between two probes.
 */
#include <linux/kvm_host.h>
#include <linux/mm_types.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "account.h"
#include "clock.h"
#include "extra.h"
#include "fault.h"
#include "slot.h"
#include "steps.h"
#include "vm.h"

enum step {
	STEP_FAST,
	STEP_TOPUP,
	STEP_FAULTIN,
	STEP_GUP_FAST,
	STEP_GUP_SLOW,
	STEP_LOCKED,
	STEP_ADJUST,
	STEP_MAP,
	STEP_SWAP,
	STEP_SWAP_SHARED,
	STEP_HUGE,
	STEP_HUGE_SHARED,
	STEP_HUGETLB,
	STEP_USERFAULT,
	STEPS
};

static struct kvmfault_extra extra[STEPS];

/* Changes each time the probes are placed: who began before is not split. */
static unsigned int turn;

/* The number of the only VM whose calls are split, or 0 for all. */
static u64 only_vm;

/* The record of the vCPU that the current task runs, if there is one. */
static struct kvmfault_vcpu *vcpu_of_current(void)
{
	const struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);
	struct preempt_notifier *notifier;
	struct kvm_vcpu *kvm_vcpu;

	/* perf asks for user pages wherever it interrupts. */
	if (!in_task() || hlist_empty(&current->preempt_notifiers))
		return NULL;

	/* If it is not KVM's, what we take for a vCPU has no record. */
	notifier = hlist_entry(current->preempt_notifiers.first,
			       struct preempt_notifier, link);
	kvm_vcpu = container_of(notifier, struct kvm_vcpu, preempt_notifier);
	if (kvmfault_buffer_seats(buffer, kvm_vcpu))
		return buffer->vcpu;
	return kvmfault_vcpu_find(kvm_vcpu);
}

/* Where to note what the current task does, if it is in a call to be split. */
static struct kvmfault_steps *steps_of_current(void)
{
	struct kvmfault_vcpu *vcpu = vcpu_of_current();

	if (!vcpu || !vcpu->steps.start ||
	    vcpu->steps.turn != READ_ONCE(turn))
		return NULL;
	return &vcpu->steps;
}

/* Ticks go down by the time when it begins and up by the time when it ends. */
static void stage_begin(struct kvmfault_steps *steps, enum kvmfault_stage stage,
			u64 now)
{
	steps->active |= BIT(stage);
	steps->ticks[stage] -= now;
}

static void stage_end(struct kvmfault_steps *steps, enum kvmfault_stage stage,
		      u64 now)
{
	if (!(steps->active & BIT(stage)))
		return;
	steps->active &= ~BIT(stage);
	steps->seen |= BIT(stage);
	steps->ticks[stage] += now;
}

static __always_inline int stage_enter(enum step step, enum kvmfault_stage stage)
{
	struct kvmfault_steps *steps = steps_of_current();
	u64 now;

	if (!steps || steps->active & BIT(stage))
		return 1;

	kvmfault_extra_hit(&extra[step]);
	now = kvmfault_clock();
	if (stage == KVMFAULT_STAGE_GUP_SLOW) {
		steps->min_flt = current->min_flt;
		steps->maj_flt = current->maj_flt;
		stage_end(steps, KVMFAULT_STAGE_GUP_FAST, now);
	}
	stage_begin(steps, stage, now);
	return 0;
}

/* What the host has counted of the task meanwhile. */
static void gup_slow_look(struct kvmfault_steps *steps)
{
	if (steps->min_flt != (u32)current->min_flt)
		steps->host |= BIT(KVMFAULT_HOST_MINOR);
	if (steps->maj_flt != (u32)current->maj_flt)
		steps->host |= BIT(KVMFAULT_HOST_MAJOR);
}

static __always_inline int stage_leave(enum kvmfault_stage stage)
{
	u64 now = kvmfault_clock();
	struct kvmfault_steps *steps = steps_of_current();

	if (!steps)
		return 0;
	if (stage == KVMFAULT_STAGE_FAULTIN)
		stage_end(steps, KVMFAULT_STAGE_GUP_FAST, now);
	stage_end(steps, stage, now);
	if (stage == KVMFAULT_STAGE_GUP_SLOW)
		gup_slow_look(steps);
	/* Next, if there is a page to be mapped, is the lock. */
	if (stage == KVMFAULT_STAGE_FAULTIN)
		stage_begin(steps, KVMFAULT_STAGE_WAIT, kvmfault_clock());
	return 0;
}

/* Of a stage that is a function. */
#define DEFINE_HANDLERS(name, NAME)					\
static notrace int enter_##name(struct kretprobe_instance *instance,	\
				struct pt_regs *regs)			\
{									\
	return stage_enter(STEP_##NAME, KVMFAULT_STAGE_##NAME);		\
}									\
									\
static notrace int leave_##name(struct kretprobe_instance *instance,	\
				struct pt_regs *regs)			\
{									\
	return stage_leave(KVMFAULT_STAGE_##NAME);			\
}

DEFINE_HANDLERS(fast, FAST)
DEFINE_HANDLERS(topup, TOPUP)
DEFINE_HANDLERS(faultin, FAULTIN)
DEFINE_HANDLERS(gup_slow, GUP_SLOW)
DEFINE_HANDLERS(map, MAP)

/*
 * perf looks for pages in an NMI, too, where the instances of a kretprobe cannot be had
 * or given back. So only the beginning is seen; the end is where something else begins.
 */
static notrace int at_gup_fast(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct kvmfault_steps *steps = steps_of_current();

	if (!steps || !(steps->active & BIT(KVMFAULT_STAGE_FAULTIN)) ||
	    steps->active & BIT(KVMFAULT_STAGE_GUP_FAST))
		return 0;
	kvmfault_extra_hit(&extra[STEP_GUP_FAST]);
	stage_begin(steps, KVMFAULT_STAGE_GUP_FAST, kvmfault_clock());
	return 0;
}

static void have_lock(struct kvmfault_steps *steps, u64 now)
{
	if ((steps->active | steps->seen) & BIT(KVMFAULT_STAGE_HELD))
		return;
	stage_end(steps, KVMFAULT_STAGE_WAIT, now);
	stage_begin(steps, KVMFAULT_STAGE_HELD, now);
}

/* The first thing that is done with the lock, where it is a function. */
static notrace int at_locked(struct kprobe *kprobe, struct pt_regs *regs)
{
	u64 now = kvmfault_clock();
	struct kvmfault_steps *steps = steps_of_current();

	if (steps) {
		kvmfault_extra_hit(&extra[STEP_LOCKED]);
		have_lock(steps, now);
	}
	return 0;
}

/*
 * The first thing that is done to map a page, in the TDP MMU or without it. In
 * the second case nothing tells of the end but that of the call.
 */
static notrace int at_adjust(struct kprobe *kprobe, struct pt_regs *regs)
{
	u64 now = kvmfault_clock();
	struct kvmfault_steps *steps = steps_of_current();

	if (!steps)
		return 0;
	kvmfault_extra_hit(&extra[STEP_ADJUST]);
	have_lock(steps, now);
	if (!((steps->active | steps->seen) & BIT(KVMFAULT_STAGE_MAP)))
		stage_begin(steps, KVMFAULT_STAGE_MAP, now);
	return 0;
}

static __always_inline int host_does(enum step step,
				     enum kvmfault_host cause)
{
	struct kvmfault_steps *steps = steps_of_current();

	if (steps && steps->active & BIT(KVMFAULT_STAGE_GUP_SLOW)) {
		kvmfault_extra_hit(&extra[step]);
		steps->host |= BIT(cause);
	}
	return 0;
}

static notrace int at_swap(struct kprobe *kprobe, struct pt_regs *regs)
{
	return host_does(STEP_SWAP, KVMFAULT_HOST_SWAP);
}

static notrace int at_swap_shared(struct kprobe *kprobe, struct pt_regs *regs)
{
	return host_does(STEP_SWAP_SHARED, KVMFAULT_HOST_SWAP);
}

static notrace int at_hugetlb(struct kprobe *kprobe, struct pt_regs *regs)
{
	return host_does(STEP_HUGETLB, KVMFAULT_HOST_HUGE);
}

static notrace int enter_huge(struct kretprobe_instance *instance,
			      struct pt_regs *regs)
{
	const struct kvmfault_steps *steps = steps_of_current();

	return !steps || !(steps->active & BIT(KVMFAULT_STAGE_GUP_SLOW));
}

/* Where none is to be had, or has no room in its VMA, a small page is made. */
static __always_inline int huge_done(enum step step, struct pt_regs *regs)
{
	vm_fault_t ret = (__force vm_fault_t)regs_return_value(regs);

	if (ret & (VM_FAULT_FALLBACK | VM_FAULT_ERROR))
		return 0;
	return host_does(step, KVMFAULT_HOST_HUGE);
}

static notrace int leave_huge(struct kretprobe_instance *instance,
			      struct pt_regs *regs)
{
	return huge_done(STEP_HUGE, regs);
}

static notrace int leave_huge_shared(struct kretprobe_instance *instance,
				     struct pt_regs *regs)
{
	return huge_done(STEP_HUGE_SHARED, regs);
}

static notrace int at_userfault(struct kprobe *kprobe, struct pt_regs *regs)
{
	return host_does(STEP_USERFAULT, KVMFAULT_HOST_USERFAULT);
}

/*
 * A call that does not sleep may still be preempted, by other vCPUs that begin one
 * of their own.
 */
static struct kvmfault_extra extra[STEPS] = {
	[STEP_FAST] = {
		.name = "fast_page_fault",
		KVMFAULT_EXTRA_IN_KVM,
		/* Elsewhere it is part of its callers. */
		.symbols = { "fast_page_fault" },
		.what = "the fast path is in the rest of a fault",
		.in_flight = 4,
		.enter = enter_fast,
		.leave = leave_fast,
	},
	[STEP_TOPUP] = {
		.name = "mmu_topup_memory_caches",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "mmu_topup_memory_caches" },
		.what = "the top-up of caches is in the rest of a fault",
		.in_flight = 4,
		.enter = enter_topup,
		.leave = leave_topup,
	},
	[STEP_FAULTIN] = {
		.name = "kvm_mmu_faultin_pfn",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = {
			"kvm_mmu_faultin_pfn",
			"kvm_faultin_pfn",
			"try_async_pf",
		},
		.what = "host fault-in and the wait for the lock are in the rest of a fault",
		.in_flight = 1,
		.enter = enter_faultin,
		.leave = leave_faultin,
	},
	[STEP_GUP_FAST] = {
		.name = "get_user_pages_fast_only",
		.symbols = { "get_user_pages_fast_only" },
		.what = "the fast get_user_pages is not told apart",
		.at = at_gup_fast,
	},
	[STEP_GUP_SLOW] = {
		.name = "get_user_pages_unlocked",
		.symbols = { "get_user_pages_unlocked" },
		.what = "the slow get_user_pages is not told apart",
		.in_flight = 1,
		.enter = enter_gup_slow,
		.leave = leave_gup_slow,
	},
	[STEP_LOCKED] = {
		.name = "is_page_fault_stale",
		KVMFAULT_EXTRA_IN_KVM,
		/* Elsewhere it is part of its callers. */
		.symbols = { "is_page_fault_stale" },
		.what = "the lock is taken for held when the mapping begins",
		.at = at_locked,
	},
	[STEP_ADJUST] = {
		.name = "kvm_mmu_hugepage_adjust",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_mmu_hugepage_adjust" },
		.what = "mapping without the TDP MMU is not told apart",
		.at = at_adjust,
	},
	[STEP_MAP] = {
		.name = "kvm_tdp_mmu_map",
		KVMFAULT_EXTRA_IN_KVM,
		.symbols = { "kvm_tdp_mmu_map" },
		.what = "the end of mapping is the end of a fault",
		.in_flight = 4,
		.enter = enter_map,
		.leave = leave_map,
	},
	[STEP_SWAP] = {
		.name = "do_swap_page",
		.symbols = { "do_swap_page" },
		.what = "swap-in counts as another major or minor fault",
		.at = at_swap,
	},
	[STEP_SWAP_SHARED] = {
		.name = "shmem_swapin_folio",
		.symbols = { "shmem_swapin_folio", "shmem_swapin_page" },
		.what = "swap-in of shared memory counts as a major or minor fault",
		.at = at_swap_shared,
	},
	[STEP_HUGE] = {
		.name = "do_huge_pmd_anonymous_page",
		.symbols = { "do_huge_pmd_anonymous_page" },
		.what = "huge pages count as minor faults",
		.in_flight = 1,
		.enter = enter_huge,
		.leave = leave_huge,
	},
	[STEP_HUGE_SHARED] = {
		.name = "do_set_pmd",
		/* Elsewhere it is part of its callers. */
		.symbols = { "do_set_pmd" },
		.what = "huge pages of shared memory and files count as minor or major faults",
		.in_flight = 4,
		.enter = enter_huge,
		.leave = leave_huge_shared,
	},
	[STEP_HUGETLB] = {
		.name = "hugetlb_no_page",
		.symbols = { "hugetlb_no_page", "hugetlb_fault" },
		.what = "reserved huge pages count as present, or as minor faults",
		.at = at_hugetlb,
	},
	[STEP_USERFAULT] = {
		.name = "handle_userfault",
		.symbols = { "handle_userfault" },
		.what = "userfaultfd counts as a major fault",
		.at = at_userfault,
	},
};

static struct kvmfault_extras extras = {
	.probes = extra,
	.nr = STEPS,
};

/**
 * kvmfault_steps_arm() - place the probes
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_steps_arm(void)
{
	WRITE_ONCE(turn, turn + 1);
	return kvmfault_extra_arm(&extras);
}

/**
 * kvmfault_steps_disarm() - remove the probes
 */
void kvmfault_steps_disarm(void)
{
	kvmfault_extra_disarm(&extras);
}

/* If one is there and the other not, it is not the module that is missing. */
static enum kvmfault_probe_state either(enum step one, enum step other)
{
	if (kvmfault_extra_is_armed(&extra[one]))
		return KVMFAULT_PROBE_ARMED;
	return READ_ONCE(extra[other].state);
}

/**
 * kvmfault_steps_state() - can a stage be seen?
 * @stage: the stage
 *
 * Return: armed, unavailable or waiting.
 */
enum kvmfault_probe_state kvmfault_steps_state(enum kvmfault_stage stage)
{
	enum kvmfault_probe_state faultin = READ_ONCE(extra[STEP_FAULTIN].state);

	switch (stage) {
	case KVMFAULT_STAGE_FAST:
		return READ_ONCE(extra[STEP_FAST].state);
	case KVMFAULT_STAGE_TOPUP:
		return READ_ONCE(extra[STEP_TOPUP].state);
	case KVMFAULT_STAGE_FAULTIN:
		return faultin;
	case KVMFAULT_STAGE_GUP_FAST:
		return READ_ONCE(extra[STEP_GUP_FAST].state);
	case KVMFAULT_STAGE_GUP_SLOW:
		return READ_ONCE(extra[STEP_GUP_SLOW].state);
	case KVMFAULT_STAGE_WAIT:
		if (faultin != KVMFAULT_PROBE_ARMED)
			return faultin;
		return either(STEP_LOCKED, STEP_ADJUST);
	case KVMFAULT_STAGE_HELD:
		return either(STEP_LOCKED, STEP_ADJUST);
	case KVMFAULT_STAGE_MAP:
		return either(STEP_MAP, STEP_ADJUST);
	default:
		return KVMFAULT_PROBE_ARMED;
	}
}

/**
 * kvmfault_steps_only() - whose calls are split
 *
 * Return: the number of the only VM, or 0 for all.
 */
u64 kvmfault_steps_only(void)
{
	return READ_ONCE(only_vm);
}

/**
 * kvmfault_steps_set_only() - split the calls of one VM only
 * @vm: its number, or 0 for all
 *
 * Calls under way go on as they have begun.
 */
void kvmfault_steps_set_only(u64 vm)
{
	WRITE_ONCE(only_vm, vm);
}

static bool is_wanted(const struct kvmfault_vm *vm)
{
	u64 only = READ_ONCE(only_vm);

	return !only || vm->id == only;
}

/**
 * kvmfault_steps_begin() - a tdp call begins
 * @fault: its record
 *
 * Return: where the caller has to put when, last; NULL if it cannot be split.
 */
struct kvmfault_steps *kvmfault_steps_begin(const struct kvmfault_fault *fault)
{
	const struct kvmfault_buffer *buffer = __this_cpu_read(kvmfault_buffers);
	struct kvm_vcpu *kvm_vcpu = fault->call.vcpu;
	struct kvmfault_vcpu *vcpu;

	vcpu = kvmfault_buffer_seats(buffer, kvm_vcpu) ?
	       buffer->vcpu : kvmfault_vcpu_get(kvm_vcpu);
	if (!vcpu)
		return NULL;
	memset(&vcpu->steps, 0, sizeof(vcpu->steps));
	if (!is_wanted(vcpu->vm))
		return NULL;
	vcpu->steps.turn = READ_ONCE(turn);
	return &vcpu->steps;
}

static enum kvmfault_host host_cause(unsigned int host)
{
	return host ? fls(host) - 1 : KVMFAULT_HOST_PRESENT;
}

/**
 * kvmfault_steps_end() - a tdp call ends
 * @split: where to put its stages
 * @cause: what the host had to do for it, if it went through the slow
 *	get_user_pages
 * @fault: its record
 * @vcpu: the record of its vCPU
 * @end: the stamp that its duration ends with
 *
 * Return: false if its beginning, or some of its probes, were not seen.
 */
bool kvmfault_steps_end(struct kvmfault_split *split,
			enum kvmfault_host *cause,
			const struct kvmfault_fault *fault,
			struct kvmfault_vcpu *vcpu, u64 end)
{
	struct kvmfault_steps *steps = &vcpu->steps;
	enum kvmfault_stage stage;
	u64 start = steps->start;

	steps->start = 0;
	if (start != fault->call.start || steps->turn != READ_ONCE(turn))
		return false;

	stage_end(steps, KVMFAULT_STAGE_HELD, end);
	stage_end(steps, KVMFAULT_STAGE_MAP, end);
	split->seen = steps->seen;
	for (stage = 0; stage < KVMFAULT_STAGES; stage++)
		split->ns[stage] = kvmfault_clock_ns(start,
						     start + steps->ticks[stage]);
	kvmfault_split_fit(split, fault->duration_ns);
	*cause = host_cause(steps->host);
	return true;
}
