// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault: count and time the guest-physical faults of every VM
 *
 * Load and unload. Each step of the ladder has its mirror; each file says what
 * its step does.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "account.h"
#include "alert.h"
#include "async.h"
#include "changes.h"
#include "clock.h"
#include "debugfs.h"
#include "detail.h"
#include "hot.h"
#include "kvmfault.h"
#include "netlink.h"
#include "probe.h"
#include "recent.h"
#include "roots.h"
#include "settle.h"
#include "shadow.h"
#include "stages.h"
#include "switch.h"
#include "vm.h"
#include "watch.h"

/* Until loading is over, the choice; later switch.c knows better. */
static const struct kvmfault_engine *engine = &kvmfault_engine_kretprobe;
static bool loaded;

/* Protects both. The files are there before we are: what is written waits. */
static DEFINE_MUTEX(load_lock);

/* What is written to a file comes with the end of its line. */
static void refuse(const char *name, const char *value, const char *takes)
{
	pr_err("%s=%.*s is refused: it takes %s\n", name,
	       (int)strcspn(value, "\n"), value, takes);
}

static int engine_choose(const struct kvmfault_engine *with)
{
	bool later;
	int ret;

	mutex_lock(&load_lock);
	later = !loaded;
	if (later)
		engine = with;
	mutex_unlock(&load_lock);
	if (later)
		return 0;

	ret = kvmfault_switch(with);
	return ret ?: kvmfault_switch_wait();
}

/*
 * Whoever reads or writes a parameter waits for the lock of all of them without an end.
 * It is not held while the kernel changes its code, for the reason in probe.c, nor for
 * as long as a fault sleeps, which may be hours. Who writes to the file keeps the module
 * in place.
 */
static int engine_set(const char *value, const struct kernel_param *param)
{
	const struct kvmfault_engine *with = kvmfault_switch_find(value);
	int ret;

	if (!with) {
		refuse("engine", value, "kretprobe or direct");
		return -EINVAL;
	}
	kernel_param_unlock(THIS_MODULE);
	ret = engine_choose(with);
	kernel_param_lock(THIS_MODULE);
	return ret;
}

static int engine_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s\n", kvmfault_probe_engine());
}

static const struct kernel_param_ops engine_ops = {
	.set = engine_set,
	.get = engine_get,
};
module_param_cb(engine, &engine_ops, NULL, 0644);
MODULE_PARM_DESC(engine,
		 "how functions are probed: kretprobe (default) or direct, which cannot be unloaded until kretprobe is written here");

static int watch_repeats_set(const char *value, const struct kernel_param *param)
{
	unsigned int repeats;

	if (kstrtouint(value, 0, &repeats) ||
	    !kvmfault_watch_repeats_fit(repeats)) {
		refuse(param->name, value, "0, or 8 to 32767");
		return -EINVAL;
	}
	kvmfault_watch_set_repeats(repeats);
	return 0;
}

static int watch_repeats_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%u\n", kvmfault_watch_repeats());
}

static const struct kernel_param_ops watch_repeats_ops = {
	.set = watch_repeats_set,
	.get = watch_repeats_get,
};
module_param_cb(stuck_repeats, &watch_repeats_ops, NULL, 0644);
MODULE_PARM_DESC(stuck_repeats,
		 "faults in a row at the same few addresses that make a vCPU stuck, 8 to 32767, or 0 for none (default 64)");

static int watch_asleep_set(const char *value, const struct kernel_param *param)
{
	unsigned int ms;

	if (kstrtouint(value, 0, &ms)) {
		refuse(param->name, value, "milliseconds, or 0");
		return -EINVAL;
	}
	kvmfault_watch_set_asleep_ms(ms);
	return 0;
}

static int watch_asleep_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%u\n", kvmfault_watch_asleep_ms());
}

static const struct kernel_param_ops watch_asleep_ops = {
	.set = watch_asleep_set,
	.get = watch_asleep_get,
};
module_param_cb(stuck_ms, &watch_asleep_ops, NULL, 0644);
MODULE_PARM_DESC(stuck_ms,
		 "milliseconds in one fault, or of waiting for one page, that make a vCPU stuck, or 0 for any (default 1000)");

static int detail_set(const char *value, const struct kernel_param *param)
{
	struct kvmfault_detail *detail = param->arg;
	bool on = true;
	int ret;

	if (value && kstrtobool(value, &on)) {
		refuse(detail->name, value, "Y or N");
		return -EINVAL;
	}
	/* As with engines. */
	kernel_param_unlock(THIS_MODULE);
	ret = kvmfault_detail_switch(detail, on);
	kernel_param_lock(THIS_MODULE);
	return ret;
}

static int detail_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%c\n",
			  kvmfault_detail_is_on(param->arg) ? 'Y' : 'N');
}

static const struct kernel_param_ops detail_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = detail_set,
	.get = detail_get,
};
module_param_cb(recent, &detail_ops, &kvmfault_recent_detail, 0644);
MODULE_PARM_DESC(recent, "keep the last faults of each CPU (default N)");
module_param_cb(hot, &detail_ops, &kvmfault_hot_detail, 0644);
MODULE_PARM_DESC(hot,
		 "find the addresses of each VM that fault most (default N)");
module_param_cb(stages, &detail_ops, &kvmfault_stages_detail, 0644);
MODULE_PARM_DESC(stages,
		 "split tdp faults into their stages (default N)");

static unsigned int maxactive = 1023;
module_param(maxactive, uint, 0444);
MODULE_PARM_DESC(maxactive,
		 "calls of one function that may be under way at once, 1 to 65535 (default 1023)");

static unsigned int slots = 8;
module_param(slots, uint, 0444);
MODULE_PARM_DESC(slots,
		 "places on a CPU for the counts of VMs, of which a quarter is kept free, 4 to 256 (default 8)");

static unsigned int max_vms = 4096;
module_param(max_vms, uint, 0444);
MODULE_PARM_DESC(max_vms,
		 "VMs that may live at once, 1 to 65536 (default 4096)");

static bool plain_symbols;
module_param(plain_symbols, bool, 0444);
MODULE_PARM_DESC(plain_symbols,
		 "probe functions by their plain names, not as compilers have split them (default N)");

static bool param_fits(const char *name, unsigned int value,
		       unsigned int least, unsigned int most)
{
	if (value >= least && value <= most)
		return true;

	pr_err("%s=%u is out of range: it takes %u to %u\n", name, value, least,
	       most);
	return false;
}

static bool parameters_valid(void)
{
	return param_fits("maxactive", maxactive, 1, 65535) &&
	       param_fits("slots", slots, 4, 256) &&
	       param_fits("max_vms", max_vms, 1, 65536);
}

/*
 * The family is registered last: who is half through a dump of it holds the
 * module, which does not stop the kernel from freeing one that could not be
 * loaded.
 */
static int __init start(void)
{
	int ret;

	ret = kvmfault_async_init();
	if (ret)
		return ret;
	ret = kvmfault_vm_init(max_vms);
	if (ret)
		goto exit_async;
	ret = kvmfault_account_init(slots);
	if (ret)
		goto exit_vm;
	ret = kvmfault_settle_init();
	if (ret)
		goto exit_account;
	ret = kvmfault_switch_init(engine);
	if (ret)
		goto exit_settle;
	ret = kvmfault_probe_init(engine, maxactive, plain_symbols);
	if (ret)
		goto exit_switch;
	ret = kvmfault_async_probe_init();
	if (ret)
		goto exit_probe;
	ret = kvmfault_changes_init();
	if (ret)
		goto exit_async_probe;
	ret = kvmfault_roots_init();
	if (ret)
		goto exit_changes;
	ret = kvmfault_shadow_init();
	if (ret)
		goto exit_roots;
	ret = kvmfault_detail_init();
	if (ret)
		goto exit_shadow;
	ret = kvmfault_debugfs_init();
	if (ret)
		goto exit_detail;
	ret = kvmfault_netlink_init();
	if (ret)
		goto exit_debugfs;
	loaded = true;
	return 0;

exit_debugfs:
	kvmfault_debugfs_exit();
exit_detail:
	kvmfault_detail_exit();
exit_shadow:
	kvmfault_shadow_exit();
exit_roots:
	kvmfault_roots_exit();
exit_changes:
	kvmfault_changes_exit();
exit_async_probe:
	kvmfault_async_probe_exit();
exit_probe:
	kvmfault_probe_exit();
exit_switch:
	kvmfault_switch_exit();
exit_settle:
	kvmfault_settle_exit();
	kvmfault_watch_exit();
exit_account:
	kvmfault_account_exit();
exit_vm:
	kvmfault_vm_exit();
exit_async:
	kvmfault_async_exit();
	return ret;
}

static int __init kvmfault_init(void)
{
	int ret;

	if (!parameters_valid())
		return -EINVAL;

	kvmfault_clock_init();
	kvmfault_alert_init();
	mutex_lock(&load_lock);
	ret = start();
	mutex_unlock(&load_lock);
	if (ret) {
		kvmfault_alert_exit();
		kvmfault_clock_exit();
	}
	return ret;
}

/* Readers first, then the handlers, then what they leave, then their data. */
static void __exit kvmfault_exit(void)
{
	kvmfault_netlink_exit();
	kvmfault_debugfs_exit();
	kvmfault_detail_exit();
	kvmfault_shadow_exit();
	kvmfault_roots_exit();
	kvmfault_changes_exit();
	kvmfault_async_probe_exit();
	kvmfault_probe_exit();
	kvmfault_switch_exit();
	kvmfault_settle_exit();
	/* The last VMs to be settled had the watch go round once more. */
	kvmfault_watch_exit();
	kvmfault_account_exit();
	kvmfault_vm_exit();
	kvmfault_async_exit();
	kvmfault_alert_exit();
	kvmfault_clock_exit();
}

module_init(kvmfault_init);
module_exit(kvmfault_exit);

MODULE_DESCRIPTION("Counts and times the guest-physical faults of every KVM guest");
MODULE_AUTHOR("The kvmfault authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(KVMFAULT_VERSION);
