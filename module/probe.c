// SPDX-License-Identifier: GPL-2.0
/*
 * The attach points and their life
 *
 * A point waits while the module that has its symbol is not loaded, is armed
 * when that comes, and is disarmed before it goes: a probe left in a module
 * that unloads would be dead for ever.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpufeature.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>

#include <compat/kvm.h>

#include "account.h"
#include "address.h"
#include "clock.h"
#include "extra.h"
#include "learn.h"
#include "look.h"
#include "probe.h"
#include "vm.h"
#include "watch.h"

#define KVM_BUILTIN		IS_BUILTIN(CONFIG_KVM)
#define KVM_INTEL_BUILTIN	IS_BUILTIN(CONFIG_KVM_INTEL)

/*
 * Both protect the state of the points, in process context. Who changes it holds both,
 * and lets go of the second one while the kernel changes its code: that may wait for
 * every task of the host to sleep or leave the kernel. Who reads holds the second one
 * alone, and need not wait for that; there are tasks that wait for readers, and do
 * neither.
 */
static DEFINE_MUTEX(change_lock);
static DEFINE_MUTEX(probe_lock);

static const struct kvmfault_engine *engine = &kvmfault_engine_kretprobe;
static bool open;

/* Changes when rows of probes come or go, and is odd, so never 0. */
static atomic_t generation = ATOMIC_INIT(1);

static unsigned int maxactive;
static bool plain_symbols;

/*
 * Compilers from GCC 14 on split handle_ept_misconfig on kernels from 6.16 on
 * and call the .part.0 directly: a probe on the whole function would arm and
 * never fire.
 *
 * The functions of shadow paging are called through a pointer, so there is no part
 * of one that could be called instead. A quarter of maxactive is enough for the
 * few VMs that have such faults: on a host with many CPUs all of it would be
 * megabytes for each of them. On AMD the tables that a guest has made for its guest
 * are of the kind that it uses itself, of 64 or of 32 bits, and never none.
 */
static struct kvmfault_point points[KVMFAULT_POINTS] = {
	[KVMFAULT_POINT_VIOLATION] = {
		.id = KVMFAULT_POINT_VIOLATION,
		.name = "handle_ept_violation",
		.module = "kvm_intel",
		.builtin = KVM_INTEL_BUILTIN,
		.vendor = X86_FEATURE_VMX,
		.paging = KVMFAULT_PAGING_TDP,
		.symbols = { "handle_ept_violation" },
		.what = "EPT violations are not counted",
		.in_flight = 1,
	},
	[KVMFAULT_POINT_MISCONFIG] = {
		.id = KVMFAULT_POINT_MISCONFIG,
		.name = "handle_ept_misconfig",
		.module = "kvm_intel",
		.builtin = KVM_INTEL_BUILTIN,
		.vendor = X86_FEATURE_VMX,
		.paging = KVMFAULT_PAGING_TDP,
		.symbols = {
			"handle_ept_misconfig.part.0",
			"handle_ept_misconfig",
		},
		.what = "MMIO exits are not counted",
		/* Device emulation in the kernel hardly ever sleeps. */
		.in_flight = 4,
	},
	[KVMFAULT_POINT_NPF] = {
		.id = KVMFAULT_POINT_NPF,
		.name = "kvm_mmu_page_fault",
		.module = "kvm",
		.builtin = KVM_BUILTIN,
		.paging = KVMFAULT_PAGING_SHADOW,
		.always = X86_FEATURE_SVM,
		.symbols = { "kvm_mmu_page_fault" },
		.what = "nested page faults and MMIO exits are not counted",
		.in_flight = 1,
	},
	[KVMFAULT_POINT_TDP] = {
		.id = KVMFAULT_POINT_TDP,
		.name = "kvm_tdp_page_fault",
		.module = "kvm",
		.builtin = KVM_BUILTIN,
		.paging = KVMFAULT_PAGING_TDP,
		.symbols = { "kvm_tdp_page_fault" },
		.what = "the MMU's part is not counted",
		.in_flight = 1,
	},
	[KVMFAULT_POINT_PAGING64] = {
		.id = KVMFAULT_POINT_PAGING64,
		.name = "paging64_page_fault",
		.module = "kvm",
		.builtin = KVM_BUILTIN,
		.paging = KVMFAULT_PAGING_SHADOW,
		.always = X86_FEATURE_SVM,
		.symbols = { "paging64_page_fault" },
		.what = "shadow paging and guests of guests are not counted",
		.in_flight = 4,
	},
	[KVMFAULT_POINT_PAGING32] = {
		.id = KVMFAULT_POINT_PAGING32,
		.name = "paging32_page_fault",
		.module = "kvm",
		.builtin = KVM_BUILTIN,
		.paging = KVMFAULT_PAGING_SHADOW,
		.always = X86_FEATURE_SVM,
		.symbols = { "paging32_page_fault" },
		.what = "shadow paging of guests with 32-bit tables is not counted",
		.in_flight = 4,
	},
	[KVMFAULT_POINT_NONPAGING] = {
		.id = KVMFAULT_POINT_NONPAGING,
		.name = "nonpaging_page_fault",
		.module = "kvm",
		.builtin = KVM_BUILTIN,
		.paging = KVMFAULT_PAGING_SHADOW,
		.symbols = { "nonpaging_page_fault" },
		.what = "shadow paging of guests without tables is not counted",
		.in_flight = 4,
	},
	[KVMFAULT_POINT_EPT] = {
		.id = KVMFAULT_POINT_EPT,
		.name = "ept_page_fault",
		.module = "kvm",
		.builtin = KVM_BUILTIN,
		.vendor = X86_FEATURE_VMX,
		.paging = KVMFAULT_PAGING_TDP,
		.symbols = { "ept_page_fault" },
		.what = "faults of guests of guests are not counted",
		.in_flight = 4,
	},
	[KVMFAULT_POINT_DESTROY] = {
		.id = KVMFAULT_POINT_DESTROY,
		.name = "kvm_destroy_vm",
		.module = "kvm",
		.builtin = KVM_BUILTIN,
		.symbols = { "kvm_destroy_vm", "kvm_arch_destroy_vm" },
		.what = "VMs that are gone stay listed, and a new VM may be taken for one of them",
	},
	[KVMFAULT_POINT_KICK] = {
		.id = KVMFAULT_POINT_KICK,
		.name = "kvm_io_bus_write",
		.module = "kvm",
		.builtin = KVM_BUILTIN,
		.vendor = X86_FEATURE_NRIPS,
		.unused = !KVMFAULT_SVM_KICKS,
		.paging = KVMFAULT_PAGING_TDP,
		.symbols = { "kvm_io_bus_write" },
		.what = "MMIO exits that signal an eventfd are not counted",
		.in_flight = 4,
	},
	[KVMFAULT_POINT_WITNESS] = {
		.id = KVMFAULT_POINT_WITNESS,
		.name = "kvm_mmu_page_fault",
		.module = "kvm",
		.builtin = KVM_BUILTIN,
		.vendor = X86_FEATURE_VMX,
		.paging = KVMFAULT_PAGING_TDP,
		.symbols = { "kvm_mmu_page_fault" },
	},
};

static void change_begin(void)
{
	mutex_lock(&change_lock);
	mutex_lock(&probe_lock);
}

static void change_end(void)
{
	mutex_unlock(&probe_lock);
	mutex_unlock(&change_lock);
}

/**
 * kvmfault_probe_in_flight() - how many calls may be under way at once
 * @in_flight: the fraction (a divisor) of maxactive that is enough for the
 *	function, or 0 if nobody waits for their end
 */
unsigned int kvmfault_probe_in_flight(unsigned int in_flight)
{
	if (!in_flight)
		return num_possible_cpus();
	return max(maxactive / in_flight, num_possible_cpus());
}

/**
 * kvmfault_probe_module_is_loaded() - is a module here, or on its way?
 * @name: its name
 *
 * Every module has a directory in /sys/module, ours too, so that the set of
 * them can be had from there.
 */
bool kvmfault_probe_module_is_loaded(const char *name)
{
	struct kobject *kobj;

	kobj = kset_find_obj(THIS_MODULE->mkobj.kobj.kset, name);
	kobject_put(kobj);
	return kobj;
}

/* It works everywhere, so it stands in wherever another one cannot work. */
#define FALLBACK	(&kvmfault_engine_kretprobe)

static const struct kvmfault_engine *
engine_of(const struct kvmfault_point *point)
{
	return !engine->fits || engine->fits(point) ? engine : FALLBACK;
}

static void point_say_fallback(const struct kvmfault_point *point, int error)
{
	if (error == -EBUSY)
		pr_info("%s is taken by another direct caller, such as a BPF program, or by a livepatch: %s is used there\n",
			point->name, FALLBACK->name);
	else
		pr_info("%s cannot be called directly on this kernel (error %d): %s is used there\n",
			point->name, error, FALLBACK->name);
}

/**
 * kvmfault_probe_where() - a function as the kernel looks it up
 * @where: where to put its name
 * @size: the room there
 * @module: the module that has it, or NULL for the kernel itself
 * @symbol: the function
 */
void kvmfault_probe_where(char *where, size_t size, const char *module,
			  const char *symbol)
{
	if (module)
		snprintf(where, size, "%s:%s", module, symbol);
	else
		strscpy(where, symbol, size);
}

static int point_place(struct kvmfault_point *point,
		       const struct kvmfault_engine *by)
{
	int ret;

	lockdep_assert_held(&change_lock);

	mutex_unlock(&probe_lock);
	ret = by->arm(point);
	mutex_lock(&probe_lock);
	return ret;
}

static void point_remove(struct kvmfault_point *point,
			 const struct kvmfault_engine *by)
{
	lockdep_assert_held(&change_lock);

	mutex_unlock(&probe_lock);
	by->disarm(point);
	mutex_lock(&probe_lock);
	point->missed_before += by->forget(point);
}

static int point_arm_symbol(struct kvmfault_point *point, const char *symbol)
{
	int ret;

	kvmfault_probe_where(point->where, sizeof(point->where),
			     point->builtin ? NULL : point->module, symbol);
	point->engine = engine_of(point);
	ret = point_place(point, point->engine);
	if (ret && ret != -ENOENT && point->engine != FALLBACK) {
		point_say_fallback(point, ret);
		point->engine = FALLBACK;
		ret = point_place(point, FALLBACK);
	}
	if (!ret)
		point->symbol = symbol;
	return ret;
}

static bool symbol_is_wanted(const struct kvmfault_point *point,
			     const char *symbol)
{
	return symbol && (!plain_symbols || !strcmp(symbol, point->name));
}

/* The first name that is there is the one: an error with it is the point's. */
static int point_arm(struct kvmfault_point *point)
{
	unsigned int i;
	int ret = -ENOENT;

	for (i = 0; i < ARRAY_SIZE(point->symbols) && ret == -ENOENT; i++)
		if (symbol_is_wanted(point, point->symbols[i]))
			ret = point_arm_symbol(point, point->symbols[i]);

	if (ret)
		return ret;

	point->state = KVMFAULT_PROBE_ARMED;
	point->warned = false;
	return 0;
}

static void point_leave(struct kvmfault_point *point)
{
	if (!point->leaving)
		return;
	point_remove(point, point->leaving);
	point->leaving = NULL;
}

static void point_disarm(struct kvmfault_point *point)
{
	point_remove(point, point->engine);
	point_leave(point);
	/* Those that have begun until now are not seen to end. */
	if (!kvmfault_point_is_mmu(point->id))
		kvmfault_address_turn();
	point->symbol = NULL;
	point->state = KVMFAULT_PROBE_WAITING;
}

static void point_refuse(struct kvmfault_point *point, int error)
{
	point->state = KVMFAULT_PROBE_UNAVAILABLE;
	if (!point->what)
		return;
	if (error == -ENOENT)
		pr_warn("%s has no function %s: %s\n", point->module,
			point->name, point->what);
	else
		pr_warn("cannot probe %s (error %d): %s\n", point->symbols[0],
			error, point->what);
}

/* @present: its module is here, or on its way in. */
static int point_try(struct kvmfault_point *point, bool present)
{
	int ret = point_arm(point);

	if (ret == -ENOENT && !present) {
		point->state = KVMFAULT_PROBE_WAITING;
		return 0;
	}
	if (ret)
		point_refuse(point, ret);
	return ret;
}

static bool point_is_used(const struct kvmfault_point *point)
{
	return !point->unused &&
	       (!point->vendor || boot_cpu_has(point->vendor));
}

/* Is it called with the paging that KVM uses? */
static bool point_is_wanted(const struct kvmfault_point *point)
{
	return (point->always && boot_cpu_has(point->always)) ||
	       kvmfault_paging_may_be(point->paging);
}

/* What was proven is in question again, and so is the witness needed. */
static void proof_restart(void)
{
	struct kvmfault_point *witness = &points[KVMFAULT_POINT_WITNESS];
	struct kvmfault_point *point;

	if (witness->state == KVMFAULT_PROBE_DONE)
		point_try(witness, true);
	/* Looking begins with code that is changed. */
	mutex_unlock(&probe_lock);
	kvmfault_proof_restart();
	mutex_lock(&probe_lock);
	/* Only now: whom it was said of before would be called bypassed again. */
	for (point = points; point < points + KVMFAULT_POINTS; point++)
		point->hits_before = kvmfault_account_hits(point->id);
}

/*
 * Others may have seen many faults before it could, as when all kprobes are switched
 * on again: then it is called later, whatever was said of it.
 */
static bool point_is_bypassed(const struct kvmfault_point *point)
{
	return point->state == KVMFAULT_PROBE_ARMED &&
	       kvmfault_proof_bypassed(point->id) &&
	       kvmfault_account_hits(point->id) == point->hits_before;
}

/* Whoever looked for its module as that was on its way out has not found it. */
static bool point_is_missing(const struct kvmfault_point *point)
{
	return point->state == KVMFAULT_PROBE_WAITING ||
	       point->state == KVMFAULT_PROBE_UNAVAILABLE;
}

static void module_coming(const char *name)
{
	struct kvmfault_point *point;

	change_begin();
	for (point = points; point < points + KVMFAULT_POINTS; point++) {
		if (!point_is_missing(point) || strcmp(point->module, name))
			continue;
		point_try(point, true);
		proof_restart();
	}
	change_end();
}

static void point_reconsider(struct kvmfault_point *point)
{
	bool wanted = point_is_wanted(point);

	if (wanted && point->state == KVMFAULT_PROBE_UNUSED) {
		point_try(point, kvmfault_probe_module_is_loaded(point->module));
		kvmfault_probe_changed();
	} else if (!wanted && point->state != KVMFAULT_PROBE_DISABLED &&
		   point->state != KVMFAULT_PROBE_UNUSED) {
		if (point->state == KVMFAULT_PROBE_ARMED)
			point_disarm(point);
		point->state = KVMFAULT_PROBE_UNUSED;
		kvmfault_probe_changed();
	}
}

static void points_reconsider(void)
{
	struct kvmfault_point *point;

	for (point = points; point < points + KVMFAULT_POINTS; point++)
		if (point_is_used(point))
			point_reconsider(point);
	proof_restart();
}

/*
 * A vendor's module has read its parameters, and may use another paging now. While
 * we are loaded the points are armed for what it uses by then, and not here before
 * that: they would be armed twice.
 */
static void module_live(const char *name)
{
	if (strcmp(name, "kvm_intel") && strcmp(name, "kvm_amd"))
		return;

	change_begin();
	if (open)
		points_reconsider();
	change_end();
}

static void module_going(const char *name)
{
	struct kvmfault_point *point;

	change_begin();
	for (point = points; point < points + KVMFAULT_POINTS; point++) {
		if (strcmp(point->module, name))
			continue;
		if (point->state == KVMFAULT_PROBE_ARMED)
			point_disarm(point);
		else if (point->state == KVMFAULT_PROBE_UNAVAILABLE ||
			 point->state == KVMFAULT_PROBE_DONE)
			point->state = KVMFAULT_PROBE_WAITING;
	}
	/* The last steps change code, and nothing that readers see here. */
	mutex_unlock(&probe_lock);
	if (!strcmp(name, "kvm"))
		kvmfault_recognise_restart();
	mutex_unlock(&change_lock);

	if (!strcmp(name, "kvm"))
		kvmfault_vm_all_died();
}

static int module_event(struct notifier_block *block, unsigned long event,
			void *data)
{
	const struct module *module = data;

	if (event == MODULE_STATE_COMING) {
		module_coming(module->name);
		kvmfault_extra_coming(module->name);
	} else if (event == MODULE_STATE_LIVE) {
		module_live(module->name);
	} else if (event == MODULE_STATE_GOING) {
		kvmfault_extra_going(module->name);
		module_going(module->name);
	}
	return NOTIFY_DONE;
}

/* After ftrace and kprobes have made their own peace with a coming module. */
static struct notifier_block module_notifier = {
	.notifier_call = module_event,
	.priority = -1,
};

/* Or of those alone that run guests themselves? */
static bool point_is_of_all_guests(const struct kvmfault_point *point)
{
	return !kvmfault_point_is_shadow(point->id) ||
	       kvmfault_paging_may_be(KVMFAULT_PAGING_SHADOW);
}

static bool points_any(enum kvmfault_probe_state state)
{
	struct kvmfault_point *point;

	for (point = points; point < points + KVMFAULT_POINT_DESTROY; point++)
		if (point->state == state && point_is_of_all_guests(point))
			return true;
	return false;
}

static bool point_is_settled(enum kvmfault_point_id id)
{
	/* There it sees MMIO of shadow paging alone, which comes when it comes. */
	if (id == KVMFAULT_POINT_NPF && boot_cpu_has(X86_FEATURE_VMX))
		return true;
	return points[id].state != KVMFAULT_PROBE_ARMED ||
	       kvmfault_proof_fired(id) || point_is_bypassed(&points[id]);
}

static void point_warn_bypassed(struct kvmfault_point *point)
{
	if (point->warned || !point_is_bypassed(point))
		return;

	pr_warn("the probe on %s is in place, but KVM calls past it: %s\n",
		point->symbol, point->what);
	point->warned = true;
}

/*
 * All that are proven by another. The death of a VM comes when it comes, and so do
 * the faults of shadow paging.
 */
static bool points_settled(void)
{
	enum kvmfault_point_id id;

	if (!kvmfault_paging_may_be(KVMFAULT_PAGING_TDP))
		return true;
	for (id = 0; id <= KVMFAULT_POINT_TDP; id++)
		if (!point_is_settled(id))
			return false;
	return true;
}

static void points_review(void)
{
	struct kvmfault_point *witness = &points[KVMFAULT_POINT_WITNESS];
	struct kvmfault_point *point;

	for (point = points; point < points + KVMFAULT_POINT_DESTROY; point++)
		point_warn_bypassed(point);

	if ((points_any(KVMFAULT_PROBE_ARMED) ||
	     points_any(KVMFAULT_PROBE_DISABLED)) && points_settled()) {
		kvmfault_look_done(KVMFAULT_LOOK_PROOF);
		if (witness->state == KVMFAULT_PROBE_ARMED) {
			point_disarm(witness);
			witness->state = KVMFAULT_PROBE_DONE;
		}
	}
}

/**
 * kvmfault_probe_review() - see what has been proven
 *
 * Once every probe has fired, or was found out, nobody needs to watch them.
 */
void kvmfault_probe_review(void)
{
	change_begin();
	if (kvmfault_looks(KVMFAULT_LOOK_PROOF))
		points_review();
	/* As in module_going(). */
	mutex_unlock(&probe_lock);
	kvmfault_recognise_review();
	kvmfault_look_review();
	mutex_unlock(&change_lock);
}

static int point_begin(struct kvmfault_point *point)
{
	if (!point_is_used(point) || !point_is_wanted(point))
		return 0;
	return point_try(point, point->builtin ||
			 kvmfault_probe_module_is_loaded(point->module));
}

/*
 * Loading makes sense if a fault can be seen now or when KVM comes. A VM that is seen
 * to fault must be seen to die, or the next one at its address is taken for it: so
 * the probe of deaths comes first, and goes last.
 */
static int points_arm(void)
{
	struct kvmfault_point *point;
	int ret, error = -ENODEV;

	point_begin(&points[KVMFAULT_POINT_DESTROY]);
	for (point = points; point < points + KVMFAULT_POINTS; point++) {
		if (point->id == KVMFAULT_POINT_DESTROY)
			continue;
		ret = point_begin(point);
		if (ret)
			error = ret;
	}
	/* The first ones have seen faults that the last ones could not. */
	proof_restart();

	if (points_any(KVMFAULT_PROBE_ARMED) ||
	    points_any(KVMFAULT_PROBE_WAITING))
		return 0;
	return error;
}

static void points_disarm(void)
{
	struct kvmfault_point *point;

	for (point = points; point < points + KVMFAULT_POINTS; point++)
		if (point->state == KVMFAULT_PROBE_ARMED)
			point_disarm(point);
}

/* One sentence for each reason why there is nothing to probe. */
static bool probe_possible(void)
{
	if (!IS_ENABLED(CONFIG_KRETPROBES)) {
		pr_err("this kernel was built without kretprobes (CONFIG_KRETPROBES): faults cannot be seen\n");
		return false;
	}
	if (!boot_cpu_has(X86_FEATURE_VMX) && !boot_cpu_has(X86_FEATURE_SVM)) {
		pr_err("this CPU has no VMX and no SVM, or the firmware has switched it off: there can be no guests\n");
		return false;
	}
	return true;
}

/**
 * kvmfault_probe_init() - start to see faults
 * @with: the engine to use
 * @calls: how many calls of a function may be under way at once
 * @plain: probe functions by the name in the source only
 *
 * Return: 0 if probes are armed or wait for KVM, or an errno.
 */
int kvmfault_probe_init(const struct kvmfault_engine *with, unsigned int calls,
			bool plain)
{
	int ret;

	if (!probe_possible())
		return IS_ENABLED(CONFIG_KRETPROBES) ? -ENODEV : -EOPNOTSUPP;

	engine = with;
	maxactive = calls;
	plain_symbols = plain;

	/*
	 * The notifier first: a module that comes before the points are armed
	 * is found when they are, one that comes later finds them waiting.
	 */
	ret = register_module_notifier(&module_notifier);
	if (ret)
		return ret;

	change_begin();
	ret = points_arm();
	open = !ret;
	change_end();
	if (!ret)
		return 0;

	pr_err("no function of KVM can be probed (error %d): is this a KVM that kvmfault knows?\n",
	       ret);
	kvmfault_probe_exit();
	return ret;
}

/**
 * kvmfault_probe_exit() - see no more faults
 *
 * On return no handler runs any more, and none will, unless their engine holds
 * the module: then kvmfault_probe_drained() has to be waited for.
 */
void kvmfault_probe_exit(void)
{
	unregister_module_notifier(&module_notifier);

	change_begin();
	open = false;
	points_disarm();
	change_end();
}

static int point_arm_beside(struct kvmfault_point *point,
			    const struct kvmfault_engine *to)
{
	const struct kvmfault_engine *from = point->engine;
	int ret = point_place(point, to);

	if (ret && to != FALLBACK) {
		point_say_fallback(point, ret);
		return 0;
	}
	if (ret) {
		pr_warn("%s cannot be probed by %s (error %d): it stays with %s\n",
			point->name, to->name, ret, from->name);
		return ret;
	}
	point->engine = to;
	point->leaving = from;
	return 0;
}

/* Only what the new engine arms in another way. */
static int points_arm_beside(void)
{
	const struct kvmfault_engine *to;
	struct kvmfault_point *point;
	int ret, error = 0;

	for (point = points; point < points + KVMFAULT_POINTS; point++) {
		to = engine_of(point);
		if (point->state != KVMFAULT_PROBE_ARMED || point->engine == to)
			continue;
		ret = point_arm_beside(point, to);
		if (ret)
			error = ret;
	}
	return error;
}

/* Readers see nothing of it. */
static void points_mute(void)
{
	struct kvmfault_point *point;

	mutex_lock(&change_lock);
	for (point = points; point < points + KVMFAULT_POINTS; point++)
		if (point->leaving)
			point->leaving->mute(point);
	mutex_unlock(&change_lock);
}

/**
 * kvmfault_probe_settle() - wait until calls of any engine have come out of our
 *	handlers that are on the way to them, or in them; may sleep
 */
void kvmfault_probe_settle(void)
{
	kvmfault_engine_kretprobe.settle();
	kvmfault_engine_direct.settle();
}

/**
 * kvmfault_probe_hand_over() - see calls that begin from now on in another way
 * @with: the engine to use; kvmfault_handover_key is on
 *
 * A point that cannot be handed over stays as it is, and the log says why. Calls
 * under way are counted when they end, until kvmfault_probe_drained().
 *
 * Return: 0; or an errno if not even the engine that works everywhere can be
 * used at some point: then the choice is as it was.
 */
int kvmfault_probe_hand_over(const struct kvmfault_engine *with)
{
	const struct kvmfault_engine *before = engine;
	int ret = -ENODEV;

	change_begin();
	if (open) {
		engine = with;
		ret = points_arm_beside();
		if (ret)
			engine = before;
	}
	change_end();

	/*
	 * Both see calls now, which are counted once: handover.h. But ftrace may
	 * still have a call in its hands that it has led past the new engine, and
	 * not yet to the old one.
	 */
	kvmfault_probe_settle();
	points_mute();
	return ret;
}

/* Is there a call of an engine at a point where that is not in use? */
static bool point_is_under_way(const struct kvmfault_point *point,
			       const struct kvmfault_engine *by)
{
	if (point->state == KVMFAULT_PROBE_ARMED && point->engine == by)
		return false;
	return by->under_way(point);
}

static bool points_under_way(void)
{
	struct kvmfault_point *point;
	bool any = false;

	change_begin();
	for (point = points; point < points + KVMFAULT_POINTS; point++)
		any |= point_is_under_way(point, &kvmfault_engine_kretprobe) ||
		       point_is_under_way(point, &kvmfault_engine_direct);
	change_end();
	return any;
}

/**
 * kvmfault_probe_drained() - see whether engines that were left are done
 *
 * Return: true if, unless one was chosen meanwhile, no call is under way where
 * its engine is not in use, and nobody runs in a handler on behalf of one.
 */
bool kvmfault_probe_drained(void)
{
	if (points_under_way())
		return false;
	/* Somebody may have been on the way in, and not counted yet. */
	kvmfault_probe_settle();
	if (points_under_way())
		return false;
	/* And on the way out, and not counted any more. */
	kvmfault_probe_settle();
	return true;
}

/**
 * kvmfault_probe_leave() - remove what was left
 *
 * When kvmfault_probe_drained(), no call misses it.
 */
void kvmfault_probe_leave(void)
{
	struct kvmfault_point *point;

	change_begin();
	for (point = points; point < points + KVMFAULT_POINTS; point++)
		point_leave(point);
	change_end();
}

/**
 * kvmfault_probe_generation() - changes when rows of probes come or go
 *
 * Return: never 0.
 */
unsigned int kvmfault_probe_generation(void)
{
	return atomic_read(&generation);
}

/**
 * kvmfault_probe_changed() - rows of probes have come or gone
 */
void kvmfault_probe_changed(void)
{
	atomic_add(2, &generation);
}

/* The witness is nobody's business, nor what is not called. */
static bool point_is_shown(const struct kvmfault_point *point)
{
	return point_is_used(point) && point->what &&
	       READ_ONCE(point->state) != KVMFAULT_PROBE_UNUSED;
}

static u64 point_missed(const struct kvmfault_point *point)
{
	u64 missed = point->missed_before;
	enum kvmfault_loss loss;

	if (point->state == KVMFAULT_PROBE_ARMED)
		missed += point->engine->missed(point);
	if (point->leaving)
		missed += point->leaving->missed(point);
	for (loss = 0; loss < KVMFAULT_LOSSES; loss++)
		missed += kvmfault_account_lost(point->id, loss);
	return missed;
}

/**
 * kvmfault_probe_row() - describe an attach point
 * @id: which
 * @row: where to
 *
 * Return: false if the point is of no use on this CPU.
 */
bool kvmfault_probe_row(enum kvmfault_point_id id,
			struct kvmfault_probe_row *row)
{
	const struct kvmfault_point *point = &points[id];

	if (!point_is_shown(point))
		return false;

	mutex_lock(&probe_lock);
	row->name = point->name;
	row->symbol = point->symbol ?: "-";
	row->engine = (point->symbol ? point->engine : engine)->name;
	row->state = point_is_bypassed(point) ? KVMFAULT_PROBE_BYPASSED :
						point->state;
	row->hits = kvmfault_account_hits(id);
	row->missed = point_missed(point);
	mutex_unlock(&probe_lock);
	return true;
}

/**
 * kvmfault_probe_find() - an attach point by its name
 * @name: what is probed, as in the rows
 * @id: where to put which one
 *
 * Return: false if there is none.
 */
bool kvmfault_probe_find(const char *name, enum kvmfault_point_id *id)
{
	for (*id = 0; *id < KVMFAULT_POINTS; (*id)++)
		if (point_is_shown(&points[*id]) &&
		    !strcmp(points[*id].name, name))
			return true;
	return false;
}

static int point_enable(struct kvmfault_point *point)
{
	bool present = point->builtin ||
		       kvmfault_probe_module_is_loaded(point->module);

	if (point_is_wanted(point))
		return point_try(point, present);
	point->state = KVMFAULT_PROBE_UNUSED;
	kvmfault_probe_changed();
	return 0;
}

/**
 * kvmfault_probe_enable() - place a probe again
 * @id: where
 *
 * Return: 0 if it is armed, waits for KVM, or is not called with the paging that
 * KVM has come to use meanwhile; or an errno.
 */
int kvmfault_probe_enable(enum kvmfault_point_id id)
{
	struct kvmfault_point *point = &points[id];
	bool enabled = false;
	int ret = 0;

	change_begin();
	/* What could not be placed may find what it lacked. */
	if (point->state == KVMFAULT_PROBE_DISABLED ||
	    point->state == KVMFAULT_PROBE_UNAVAILABLE) {
		ret = point_enable(point);
		proof_restart();
		enabled = true;
	}
	change_end();

	/* Deaths were not seen, and addresses may have got new owners. */
	if (enabled && !ret && id == KVMFAULT_POINT_DESTROY)
		kvmfault_vm_all_died();
	return ret;
}

/**
 * kvmfault_probe_disable() - remove a probe, and place none until it is enabled
 * @id: where
 */
void kvmfault_probe_disable(enum kvmfault_point_id id)
{
	struct kvmfault_point *point = &points[id];
	u64 until;

	change_begin();
	if (point->state == KVMFAULT_PROBE_ARMED)
		point_disarm(point);
	point->state = KVMFAULT_PROBE_DISABLED;
	/* Whoever enables it at once sees its calls again. */
	until = kvmfault_clock();
	change_end();

	/*
	 * Settling is not waited for with probe_lock held. Where the module goes all
	 * its VMs go, and there is nothing to forget.
	 */
	if (kvmfault_point_is_mmu(id))
		kvmfault_watch_forget(id, until);
	/* It may have been the last one that had to be proven. */
	kvmfault_probe_review();
}

/**
 * kvmfault_probe_missed() - add up what was missed
 * @missed: where to
 */
void kvmfault_probe_missed(struct kvmfault_missed *missed)
{
	const struct kvmfault_point *point;
	enum kvmfault_point_id id;
	enum kvmfault_loss loss;

	memset(missed, 0, sizeof(*missed));
	mutex_lock(&probe_lock);
	for (id = 0; id < KVMFAULT_POINTS; id++) {
		point = &points[id];
		/* What was missed before KVM came back with another paging, too. */
		if (!point_is_used(point) || !point->what)
			continue;
		missed->all += point_missed(point);
		for (loss = 0; loss < KVMFAULT_LOSSES; loss++)
			missed->lost[loss] += kvmfault_account_lost(id, loss);
	}
	mutex_unlock(&probe_lock);

	kvmfault_extra_missed(missed);

	missed->unseen = missed->all;
	for (loss = 0; loss < KVMFAULT_LOSSES; loss++)
		missed->unseen -= min(missed->lost[loss], missed->unseen);
}

/**
 * kvmfault_probe_maxactive() - how many calls of one function may be under way
 */
unsigned int kvmfault_probe_maxactive(void)
{
	return maxactive;
}

/**
 * kvmfault_probe_engine() - the name of the engine in use
 */
const char *kvmfault_probe_engine(void)
{
	return READ_ONCE(engine)->name;
}

/**
 * kvmfault_probe_state_name() - a state as the files name it
 * @state: the state
 */
const char *kvmfault_probe_state_name(enum kvmfault_probe_state state)
{
	switch (state) {
	case KVMFAULT_PROBE_WAITING:
		return "waiting";
	case KVMFAULT_PROBE_ARMED:
		return "armed";
	case KVMFAULT_PROBE_UNAVAILABLE:
		return "unavailable";
	case KVMFAULT_PROBE_BYPASSED:
		return "bypassed";
	case KVMFAULT_PROBE_DISABLED:
		return "disabled";
	default:
		return "unused";
	}
}

/**
 * kvmfault_probe_nr() - how many probes are used
 * @armed: where to put how many of them are in place
 */
unsigned int kvmfault_probe_nr(unsigned int *armed)
{
	struct kvmfault_probe_row row;
	enum kvmfault_point_id id;
	unsigned int used = 0;

	*armed = 0;
	for (id = 0; id < KVMFAULT_POINTS; id++) {
		if (!kvmfault_probe_row(id, &row))
			continue;
		used++;
		*armed += row.state == KVMFAULT_PROBE_ARMED;
	}
	return used;
}

/**
 * kvmfault_probe_bytes() - the memory that the attach points take
 */
size_t kvmfault_probe_bytes(void)
{
	struct kvmfault_point *point;
	size_t bytes = 0;

	mutex_lock(&probe_lock);
	for (point = points; point < points + KVMFAULT_POINTS; point++) {
		if (point->state == KVMFAULT_PROBE_ARMED)
			bytes += point->engine->bytes(point);
		if (point->leaving)
			bytes += point->leaving->bytes(point);
	}
	mutex_unlock(&probe_lock);
	return bytes;
}
