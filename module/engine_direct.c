// SPDX-License-Identifier: GPL-2.0
/*
 * The direct engine: a probed function is called through a function of ours
 *
 * ftrace can have the call at the beginning of a function go straight to an
 * address of our choice, once per function in the whole kernel. There we take
 * the function's place: drop the return address that leads into its body, run
 * our wrapper in its stead, with its arguments and its caller's return address,
 * and let the wrapper call the body. All that a fault needs is in the wrapper's
 * frame: nothing is allocated, looked up or missed, and both ends cost what
 * they do.
 *
 *	caller -> function: call ftrace location -> trampoline -> wrapper
 *	                    body  <-  static call  <-
 *	caller <- ------------------------------------------------- wrapper
 *
 * - The body begins behind the patched call, whoever else traces the function:
 *   other tracers of it run before the trampoline, kprobes in it are untouched.
 * - The body is called by a static call: no indirect branch, so nothing for IBT
 *   or retpolines to object to.
 * - Seen from outside the stack is that of ordinary calls, at each instruction:
 *   traces through it are whole, and livepatch finds them reliable.
 * - Our text is on the stack while the body sleeps, and no reference of a task
 *   holds a module. So a selected engine holds it, and letting go means: no new
 *   calls, then no calls under way, then nobody left in the few instructions
 *   around the count of them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>

#include <compat/ftrace.h>

#include "calls.h"
#include "direct.h"
#include "handover.h"
#include "probe.h"
#include "way.h"

#ifdef KVMFAULT_HAVE_DIRECT

#include <linux/static_call.h>

static DEFINE_PER_CPU(struct kvmfault_calls, calls[KVMFAULT_POINTS]);

static __always_inline bool call_enter(struct kvmfault_call *call,
				       struct kvmfault_fault *fault,
				       enum kvmfault_point_id point,
				       const struct kvmfault_args *args)
{
	bool counts;

	this_cpu_inc(calls[point].entered);
	counts = kvmfault_way_read(call, point, args);
	if (counts)
		kvmfault_way_start(call, fault, point);
	return counts;
}

static __always_inline struct kvmfault_return
call_leave(const struct kvmfault_call *call, struct kvmfault_fault *fault,
	   enum kvmfault_point_id point, bool counts, int ret)
{
	preempt_disable_notrace();
	if (counts)
		kvmfault_way_finish(call, fault, point, ret);
	__this_cpu_inc(calls[point].left);
	preempt_enable_notrace();
	return kvmfault_return(point, ret);
}

typedef int handler_fn(struct kvm_vcpu *vcpu);
typedef int npf_fn(unsigned long vcpu, unsigned long gpa,
		   unsigned long error_code, unsigned long insn,
		   unsigned long len);
typedef int tdp_fn(unsigned long vcpu, unsigned long a1, unsigned long a2,
		   unsigned long a3);

/* Until the first update nobody gets here. */
static int no_handler(struct kvm_vcpu *vcpu)
{
	return -EIO;
}

static int no_npf(unsigned long vcpu, unsigned long gpa,
		  unsigned long error_code, unsigned long insn,
		  unsigned long len)
{
	return -EIO;
}

static int no_tdp(unsigned long vcpu, unsigned long a1, unsigned long a2,
		  unsigned long a3)
{
	return -EIO;
}

DEFINE_STATIC_CALL(violation_body, no_handler);
DEFINE_STATIC_CALL(misconfig_body, no_handler);
DEFINE_STATIC_CALL(npf_body, no_npf);
DEFINE_STATIC_CALL(tdp_body, no_tdp);

__used notrace struct kvmfault_return
kvmfault_direct_violation(struct kvm_vcpu *vcpu)
{
	const struct kvmfault_args args = { .arg = { (unsigned long)vcpu } };
	struct kvmfault_call call;
	struct kvmfault_fault fault;
	bool counts;
	int ret;

	counts = call_enter(&call, &fault, KVMFAULT_POINT_VIOLATION, &args);
	ret = static_call(violation_body)(vcpu);
	return call_leave(&call, &fault, KVMFAULT_POINT_VIOLATION, counts, ret);
}

__used notrace struct kvmfault_return
kvmfault_direct_misconfig(struct kvm_vcpu *vcpu)
{
	const struct kvmfault_args args = { .arg = { (unsigned long)vcpu } };
	struct kvmfault_call call;
	struct kvmfault_fault fault;
	bool counts;
	int ret;

	counts = call_enter(&call, &fault, KVMFAULT_POINT_MISCONFIG, &args);
	ret = static_call(misconfig_body)(vcpu);
	return call_leave(&call, &fault, KVMFAULT_POINT_MISCONFIG, counts, ret);
}

/* Registers as they come, whatever types the function gives them. */
__used notrace struct kvmfault_return
kvmfault_direct_npf(unsigned long vcpu, unsigned long gpa,
		    unsigned long error_code, unsigned long insn,
		    unsigned long len)
{
	const struct kvmfault_args args = { .arg = { vcpu, gpa, error_code } };
	struct kvmfault_call call;
	struct kvmfault_fault fault;
	bool counts;
	int ret;

	counts = call_enter(&call, &fault, KVMFAULT_POINT_NPF, &args);
	ret = static_call(npf_body)(vcpu, gpa, error_code, insn, len);
	return call_leave(&call, &fault, KVMFAULT_POINT_NPF, counts, ret);
}

/* The same: four arguments on older kernels, two on newer ones. */
__used notrace struct kvmfault_return
kvmfault_direct_tdp(unsigned long vcpu, unsigned long a1, unsigned long a2,
		    unsigned long a3)
{
	const struct kvmfault_args args = { .arg = { vcpu, a1, a2, a3 } };
	struct kvmfault_call call;
	struct kvmfault_fault fault;
	bool counts;
	int ret;

	counts = call_enter(&call, &fault, KVMFAULT_POINT_TDP, &args);
	ret = static_call(tdp_body)(vcpu, a1, a2, a3);
	return call_leave(&call, &fault, KVMFAULT_POINT_TDP, counts, ret);
}

static void (*const trampolines[KVMFAULT_POINTS])(void) = {
	[KVMFAULT_POINT_VIOLATION] = kvmfault_enter_violation,
	[KVMFAULT_POINT_MISCONFIG] = kvmfault_enter_misconfig,
	[KVMFAULT_POINT_NPF] = kvmfault_enter_npf,
	[KVMFAULT_POINT_TDP] = kvmfault_enter_tdp,
};

static struct kvmfault_direct_call direct_calls[KVMFAULT_POINTS];

/* Whether they are in place; of whoever changes points, as stays is. */
static bool placed[KVMFAULT_POINTS];

/* And whether one is that cannot be removed, so that calls will come for ever. */
static bool stays[KVMFAULT_POINTS];

static unsigned long trampoline(const struct kvmfault_point *point)
{
	return (unsigned long)trampolines[point->id];
}

static void body_update(enum kvmfault_point_id id, unsigned long body)
{
	switch (id) {
	case KVMFAULT_POINT_VIOLATION:
		static_call_update(violation_body, (handler_fn *)body);
		break;
	case KVMFAULT_POINT_MISCONFIG:
		static_call_update(misconfig_body, (handler_fn *)body);
		break;
	case KVMFAULT_POINT_NPF:
		static_call_update(npf_body, (npf_fn *)body);
		break;
	case KVMFAULT_POINT_TDP:
		static_call_update(tdp_body, (tdp_fn *)body);
		break;
	default:
		break;
	}
}

/*
 * Where ftrace's call in a function is. A kprobe knows: it looks the symbol up
 * in its module, steps over an ENDBR, and is marked if it lands on that call.
 */
static int ftrace_call_of(const char *where, unsigned long *location)
{
	struct kprobe kprobe = {
		.symbol_name = where,
		.flags = KPROBE_FLAG_DISABLED,
	};
	int ret;

	ret = register_kprobe(&kprobe);
	if (ret)
		return ret;
	*location = (unsigned long)kprobe.addr;
	if (!kprobe_ftrace(&kprobe))
		ret = -EOPNOTSUPP;
	unregister_kprobe(&kprobe);
	return ret;
}

static bool fits(const struct kvmfault_point *point)
{
	return trampolines[point->id];
}

static int arm(struct kvmfault_point *point)
{
	unsigned long location;
	int ret;

	if (stays[point->id])
		return -EALREADY;
	ret = ftrace_call_of(point->where, &location);
	if (ret)
		return ret;

	body_update(point->id, location + MCOUNT_INSN_SIZE);
	ret = kvmfault_direct_register(&direct_calls[point->id], location,
				       trampoline(point));
	placed[point->id] = !ret;
	return ret;
}

static void mute(struct kvmfault_point *point)
{
	int ret;

	if (!placed[point->id])
		return;
	ret = kvmfault_direct_unregister(&direct_calls[point->id],
					 trampoline(point));
	/* ftrace has forgotten it, and may call it all the same. */
	if (ret) {
		stays[point->id] = true;
		pr_err("the direct call at %s cannot be removed (error %d): the module has to stay until the host is booted again\n",
		       point->name, ret);
	}
	placed[point->id] = false;
}

static void disarm(struct kvmfault_point *point)
{
	mute(point);
}

static bool under_way(const struct kvmfault_point *point)
{
	return stays[point->id] ||
	       kvmfault_calls_under_way(&calls[point->id]);
}

/*
 * Whoever is in ftrace, or in the few instructions before being counted in or
 * after being counted out, does not sleep there.
 */
static void settle(void)
{
	synchronize_rcu_tasks();
}

#else /* !KVMFAULT_HAVE_DIRECT */

static bool fits(const struct kvmfault_point *point)
{
	return point->what && point->id <= KVMFAULT_POINT_TDP;
}

static int arm(struct kvmfault_point *point)
{
	return -EOPNOTSUPP;
}

static void mute(struct kvmfault_point *point)
{
}

static void disarm(struct kvmfault_point *point)
{
}

static bool under_way(const struct kvmfault_point *point)
{
	return false;
}

static void settle(void)
{
}

#endif

/* A call that is not seen there is not: there is nothing to run out of. */
static u64 missed(const struct kvmfault_point *point)
{
	return 0;
}

static u64 forget(struct kvmfault_point *point)
{
	return 0;
}

static size_t bytes(const struct kvmfault_point *point)
{
	return 0;
}

const struct kvmfault_engine kvmfault_engine_direct = {
	.name = "direct",
	.holds_module = true,
	.fits = fits,
	.arm = arm,
	.mute = mute,
	.under_way = under_way,
	.settle = settle,
	.disarm = disarm,
	.forget = forget,
	.missed = missed,
	.bytes = bytes,
};
