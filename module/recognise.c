// SPDX-License-Identifier: GPL-2.0
/*
 * Recognise how kvm_tdp_page_fault() is called and what it returns
 *
 * Version numbers do not tell, since distributions backport KVM. What arrives
 * does:
 *
 * How it is called: the second argument is a guest-physical address or a
 * pointer into the kernel, which no such address looks like. Behind a pointer,
 * what the struct says twice must agree; layouts that fail are dropped until
 * one is left.
 *
 * What it returns: KVM counts a fixed fault per vCPU, in a field that the
 * headers describe. The value returned by the one call in an exit that moved
 * this count by one means "fixed", and that tells the sets apart. With shadow
 * paging no exit is seen; what moved it there was the vCPU's last call.
 *
 * Until then nothing is assumed. Return values are counted raw from the first
 * on, so that nothing is lost by waiting.
 */
#include <linux/kvm_host.h>
#include <linux/uaccess.h>

#include <compat/kvm.h>

#include "clock.h"
#include "learn.h"
#include "look.h"
#include "raw.h"
#include "settle.h"
#include "vm.h"
#include "watch.h"

/* How many faults that tell must agree with a layout before it is believed. */
#define ENOUGH		16

enum call {
	CALL_UNKNOWN,
	CALL_ARGUMENTS,
	CALL_STRUCT,
	CALL_STRANGE
};

static enum call call;
static enum kvmfault_codes codes;
const struct kvmfault_layout *kvmfault_layout;

DEFINE_STATIC_KEY_FALSE(kvmfault_layout_key);
unsigned long kvmfault_layout_flags __read_mostly;
unsigned long kvmfault_layout_goal_level __read_mostly;

/* Layouts that nothing has spoken against yet, one bit each. */
static atomic_t candidates = ATOMIC_INIT(BIT(KVMFAULT_LAYOUTS) - 1);
static atomic_t observed = ATOMIC_INIT(0);

static bool has_new_stats(void)
{
#ifdef HAVE_PF_TAKEN
	return true;
#else
	return false;
#endif
}

static void learnt(void)
{
	if (READ_ONCE(call) != CALL_UNKNOWN &&
	    READ_ONCE(codes) != KVMFAULT_CODES_UNKNOWN) {
		kvmfault_look_done(KVMFAULT_LOOK_ABI);
		kvmfault_settle_kick();
	}
}

/* The layouts that @fault could have, one bit each. */
static unsigned int
layouts_fitting(const u8 *fault,
		bool (*fits)(const struct kvmfault_layout *layout,
			     const void *fault))
{
	unsigned int i, fitting = 0;

	for (i = 0; i < KVMFAULT_LAYOUTS; i++)
		if (fits(&kvmfault_layouts[i], fault))
			fitting |= BIT(i);
	return fitting;
}

static const struct kvmfault_layout *layout_if_only(unsigned int left)
{
	return is_power_of_2(left) ? &kvmfault_layouts[__ffs(left)] : NULL;
}

static void call_learn(enum call what)
{
	WRITE_ONCE(call, what);
	learnt();
}

/* What one fault after the other leaves over is the layout of this kernel. */
static void layouts_narrow(unsigned int fitting)
{
	unsigned int left = atomic_fetch_and(fitting, &candidates) & fitting;

	if (!left) {
		call_learn(CALL_STRANGE);
	} else if (atomic_inc_return(&observed) >= ENOUGH &&
		   layout_if_only(left)) {
		WRITE_ONCE(kvmfault_layout, layout_if_only(left));
		call_learn(CALL_STRUCT);
	}
}

/*
 * The layout of this very call, if it is a struct and all that it says twice
 * agrees with one layout alone. Until 6.1 the frame number is written in the
 * call, so this comes after it.
 */
static const struct kvmfault_layout *layout_of(unsigned long arg)
{
	u8 fault[KVMFAULT_LAYOUT_BYTES];
	unsigned int fitting;

	if (READ_ONCE(call) == CALL_STRUCT || READ_ONCE(call) == CALL_STRANGE)
		return READ_ONCE(kvmfault_layout);

	/* A pointer, but who knows to what on a kernel to come. */
	if (copy_from_kernel_nofault(fault, (void *)arg, sizeof(fault))) {
		call_learn(CALL_STRANGE);
		return NULL;
	}

	fitting = layouts_fitting(fault, kvmfault_layout_fits);
	if (kvmfault_layout_tells(fault))
		layouts_narrow(fitting);
	return layout_if_only(fitting);
}

/**
 * kvmfault_recognise_raw() - look at the struct of a call, on its way out
 * @what: the second argument of kvm_tdp_page_fault(), a pointer
 * @ret: what it returned
 *
 * Return: the word of the call for raw.h.
 */
u64 kvmfault_recognise_raw(unsigned long what, long ret)
{
	const struct kvmfault_layout *layout = layout_of(what);
	const u8 *bytes = (const u8 *)what;

	if (!layout)
		return kvmfault_raw_unknown(ret);
	return kvmfault_raw(*(const u32 *)(bytes + 8), bytes[layout->flags],
			    bytes[layout->goal_level], ret);
}

/**
 * kvmfault_recognise_shadow() - the layout of the struct of a call of shadow paging
 * @what: the second argument, a pointer
 * @injected: the guest's tables forbid the access, so KVM has not filled it in
 *
 * Return: NULL while it is not known.
 */
const struct kvmfault_layout *kvmfault_recognise_shadow(unsigned long what,
							bool injected)
{
	u8 fault[KVMFAULT_LAYOUT_BYTES];

	if (injected || READ_ONCE(call) != CALL_UNKNOWN)
		return READ_ONCE(kvmfault_layout);

	if (copy_from_kernel_nofault(fault, (void *)what, sizeof(fault)))
		call_learn(CALL_STRANGE);
	else if (kvmfault_layout_tells_shadow(fault))
		layouts_narrow(layouts_fitting(fault,
					       kvmfault_layout_fits_shadow));
	return READ_ONCE(kvmfault_layout);
}

/**
 * kvmfault_recognise_review() - once the layout is known, spare handlers the doubt
 */
void kvmfault_recognise_review(void)
{
	const struct kvmfault_layout *layout = READ_ONCE(kvmfault_layout);

	if (!layout || static_key_enabled(&kvmfault_layout_key))
		return;
	kvmfault_layout_flags = layout->flags;
	kvmfault_layout_goal_level = layout->goal_level;
	static_branch_enable(&kvmfault_layout_key);
}

/**
 * kvmfault_recognise_restart() - KVM goes, and another one may come
 *
 * What it returned is still needed to read the counts. No probe is armed.
 */
void kvmfault_recognise_restart(void)
{
	static_branch_disable(&kvmfault_layout_key);
	WRITE_ONCE(kvmfault_layout, NULL);
	WRITE_ONCE(call, CALL_UNKNOWN);
	atomic_set(&candidates, BIT(KVMFAULT_LAYOUTS) - 1);
	atomic_set(&observed, 0);
	kvmfault_look_begin(KVMFAULT_LOOK_ABI);
}

static void codes_learn(long fixed)
{
	enum kvmfault_codes found;

	found = kvmfault_codes_of_fixed(fixed, has_new_stats());
	if (found == KVMFAULT_CODES_UNKNOWN)
		return;
	WRITE_ONCE(codes, found);
	learnt();
}

/* What KVM has counted since its last call began, and ended. */
static void shadow_enter(const struct kvmfault_fault *fault)
{
	struct kvmfault_vcpu *vcpu = kvmfault_watch_find(fault->call.vcpu);

	if (vcpu && vcpu->shadow.when &&
	    fault->pf_fixed == vcpu->shadow.pf_fixed + 1)
		codes_learn(vcpu->shadow.ret);
}

static void shadow_finish(const struct kvmfault_fault *fault,
			  struct kvmfault_vcpu *vcpu)
{
	if (!kvmfault_has_page_fault_struct())
		call_learn(CALL_ARGUMENTS);
	vcpu->shadow.pf_fixed = fault->pf_fixed;
	vcpu->shadow.ret = fault->ret;
}

/**
 * kvmfault_recognise_enter() - remember what KVM has counted so far
 * @fault: on its way in
 */
void kvmfault_recognise_enter(struct kvmfault_fault *fault)
{
	fault->pf_fixed = fault->call.vcpu->stat.pf_fixed;
	if (fault->call.class == KVMFAULT_SHADOW)
		shadow_enter(fault);
}

/*
 * The last call in this exit, if it was in this exit. One vCPU's calls follow
 * each other, so its record is safe to use.
 */
static bool called_within(const struct kvmfault_vcpu *vcpu,
			  const struct kvmfault_fault *fault)
{
	return kvmfault_clock_unmarked(vcpu->tdp_start) >
	       kvmfault_clock_unmarked(fault->call.start);
}

/**
 * kvmfault_recognise_finish() - see what KVM has counted, and for what value
 * @fault: on its way out
 */
void kvmfault_recognise_finish(const struct kvmfault_fault *fault)
{
	struct kvmfault_vcpu *vcpu = kvmfault_vcpu_get(fault->call.vcpu);

	if (!vcpu)
		return;

	if (fault->call.class == KVMFAULT_SHADOW) {
		shadow_finish(fault, vcpu);
		return;
	}

	if (fault->call.class == KVMFAULT_TDP) {
		/* What KVM has counted since is not the shadow call's alone. */
		vcpu->shadow.ret = -1;
		if ((long)fault->call.what >= 0)
			call_learn(CALL_ARGUMENTS);
		vcpu->tdp_start = fault->call.start;
		vcpu->tdp_ret = fault->ret;
		return;
	}

	if (fault->call.vcpu->stat.pf_fixed != fault->pf_fixed + 1 ||
	    !called_within(vcpu, fault))
		return;

	codes_learn(vcpu->tdp_ret);
}

/**
 * kvmfault_recognised_codes() - what return values mean on this kernel
 *
 * Return: KVMFAULT_CODES_UNKNOWN until a fault has shown it.
 */
enum kvmfault_codes kvmfault_recognised_codes(void)
{
	return READ_ONCE(codes);
}

/**
 * kvmfault_recognised_call() - how the function is called, for a person
 */
const char *kvmfault_recognised_call(void)
{
	switch (READ_ONCE(call)) {
	case CALL_ARGUMENTS:
		return "plain arguments";
	case CALL_STRUCT:
		return "a struct";
	case CALL_STRANGE:
		return "an unknown struct";
	default:
		return "not seen yet";
	}
}
