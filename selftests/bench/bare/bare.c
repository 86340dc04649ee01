// SPDX-License-Identifier: GPL-2.0
/*
 * The bare mechanisms: probes that do nothing, to know what nothing costs
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>

#define FUNCTIONS_MAX	4

static char *functions[FUNCTIONS_MAX];
static int nr_functions;
module_param_array(functions, charp, &nr_functions, 0444);
MODULE_PARM_DESC(functions, "what to probe, as module:symbol");

static bool returns;
module_param(returns, bool, 0444);
MODULE_PARM_DESC(returns, "with kretprobes instead of kprobes");

static struct kprobe kprobes[FUNCTIONS_MAX];
static struct kretprobe kretprobes[FUNCTIONS_MAX];

static int empty_pre(struct kprobe *kprobe, struct pt_regs *regs)
{
	return 0;
}

static int empty_return(struct kretprobe_instance *instance,
			struct pt_regs *regs)
{
	return 0;
}

static int arm(int i)
{
	struct kretprobe *kretprobe = &kretprobes[i];
	struct kprobe *kprobe = &kprobes[i];

	if (!returns) {
		kprobe->symbol_name = functions[i];
		kprobe->pre_handler = empty_pre;
		return register_kprobe(kprobe);
	}

	kretprobe->kp.symbol_name = functions[i];
	kretprobe->entry_handler = empty_return;
	kretprobe->handler = empty_return;
	kretprobe->maxactive = 64;
	kretprobe->data_size = 64;
	return register_kretprobe(kretprobe);
}

static void disarm(int i)
{
	if (returns)
		unregister_kretprobe(&kretprobes[i]);
	else
		unregister_kprobe(&kprobes[i]);
}

static int __init bare_init(void)
{
	int i, ret;

	for (i = 0; i < nr_functions; i++) {
		ret = arm(i);
		if (ret)
			goto disarm;
	}
	return 0;

disarm:
	while (i--)
		disarm(i);
	return ret;
}

static void __exit bare_exit(void)
{
	int i = nr_functions;

	while (i--)
		disarm(i);
}

module_init(bare_init);
module_exit(bare_exit);

MODULE_DESCRIPTION("Probes that do nothing");
MODULE_LICENSE("GPL");
