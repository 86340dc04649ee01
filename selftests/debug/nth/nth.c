// SPDX-License-Identifier: GPL-2.0
/*
 * Let the n-th allocation fail that is made within a function
 *
 * The kernel lets the n-th allocation of a task fail from the moment the task
 * asks for it. Much of what a task allocates is not ours, though: to start a
 * program, or the loader's for a module, which warns where it gets none. So here
 * the count begins with each call of a function, and ends with it.
 *
 * Of what is larger than a page kvmalloc() asks somebody else if it is refused, and
 * that much or more the kernel lets nobody fail. So such a call counts by itself, and
 * fails as a whole; and so does one for memory of all CPUs, of which the kernel lets
 * none fail.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

static char *function = "";
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "in which function, as NAME or MODULE:NAME");

static char *comm = "";
module_param(comm, charp, 0444);
MODULE_PARM_DESC(comm, "of which programs; of all, if it is not said");

static char *except = "";
module_param(except, charp, 0444);
MODULE_PARM_DESC(except, "functions in it whose allocations do not count, with commas");

static unsigned int nth;
module_param(nth, uint, 0644);
MODULE_PARM_DESC(nth, "which of its allocations is to fail; 0 for none");

static unsigned int failed;
module_param(failed, uint, 0644);
MODULE_PARM_DESC(failed, "in how many calls it did");

static unsigned int calls;
module_param(calls, uint, 0644);
MODULE_PARM_DESC(calls, "how many calls it was to fail in");

static unsigned int whole;
module_param(whole, uint, 0644);
MODULE_PARM_DESC(whole, "how many of them are of kvmalloc(), or of memory of all CPUs");

/* As the kernel counts: is it the turn of this one? */
static bool is_turn(void)
{
	unsigned int left = in_task() ? READ_ONCE(current->fail_nth) : 0;

	if (!left)
		return false;
	WRITE_ONCE(current->fail_nth, left - 1);
	if (left > 1)
		return false;
	WRITE_ONCE(whole, READ_ONCE(whole) + 1);
	return true;
}

/* Refused without a word: kvmalloc_node(size, flags, node) */
static int enter_kvmalloc(struct kprobe *kprobe, struct pt_regs *regs)
{
	if (regs->di > PAGE_SIZE && is_turn()) {
		regs->di = (unsigned long)INT_MAX + 1;
		regs->si |= __GFP_NOWARN;
	}
	return 0;
}

/* Likewise: pcpu_alloc(size, align, reserved, flags) */
static int enter_percpu(struct kprobe *kprobe, struct pt_regs *regs)
{
	if (is_turn()) {
		regs->di = 0;
		regs->cx |= __GFP_NOWARN;
	}
	return 0;
}

static struct kprobe kvmalloc_probe = {
	.symbol_name = "kvmalloc_node",
	.pre_handler = enter_kvmalloc,
};

static struct kprobe percpu_probe = {
	.symbol_name = "pcpu_alloc",
	.pre_handler = enter_percpu,
};

static struct kprobe *whole_probes[] = { &kvmalloc_probe, &percpu_probe };

static int enter(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	unsigned int n = READ_ONCE(nth);

	if (!n || (*comm && strcmp(current->comm, comm)))
		return 1;
	WRITE_ONCE(current->fail_nth, n);
	return 0;
}

static int leave(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	WRITE_ONCE(calls, READ_ONCE(calls) + 1);
	if (!READ_ONCE(current->fail_nth))
		WRITE_ONCE(failed, READ_ONCE(failed) + 1);
	WRITE_ONCE(current->fail_nth, 0);
	return 0;
}

static struct kretprobe kretprobe = {
	.entry_handler = enter,
	.handler = leave,
	.maxactive = 64,
};

static int enter_except(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	unsigned int *left = (void *)instance->data;

	*left = READ_ONCE(current->fail_nth);
	if (!*left)
		return 1;
	WRITE_ONCE(current->fail_nth, 0);
	return 0;
}

static int leave_except(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	unsigned int *left = (void *)instance->data;

	WRITE_ONCE(current->fail_nth, *left);
	return 0;
}

static struct kretprobe kretprobes_except[2];
static unsigned int nr_except;

static void except_unregister(void)
{
	while (nr_except)
		unregister_kretprobe(&kretprobes_except[--nr_except]);
}

static int except_register(void)
{
	struct kretprobe *kretprobe;
	char *name, *left = except;
	int ret;

	while ((name = strsep(&left, ",")) && *name) {
		if (nr_except == ARRAY_SIZE(kretprobes_except))
			return -E2BIG;
		kretprobe = &kretprobes_except[nr_except];
		kretprobe->kp.symbol_name = name;
		kretprobe->entry_handler = enter_except;
		kretprobe->handler = leave_except;
		kretprobe->data_size = sizeof(unsigned int);
		kretprobe->maxactive = 64;
		ret = register_kretprobe(kretprobe);
		if (ret)
			return ret;
		nr_except++;
	}
	return 0;
}

static int __init nth_init(void)
{
	int ret = except_register();

	kretprobe.kp.symbol_name = function;
	if (!ret)
		ret = register_kprobes(whole_probes, ARRAY_SIZE(whole_probes));
	if (ret)
		goto exit_except;
	ret = register_kretprobe(&kretprobe);
	if (!ret)
		return 0;
	unregister_kprobes(whole_probes, ARRAY_SIZE(whole_probes));
exit_except:
	except_unregister();
	return ret;
}

static void __exit nth_exit(void)
{
	unregister_kretprobe(&kretprobe);
	unregister_kprobes(whole_probes, ARRAY_SIZE(whole_probes));
	except_unregister();
}

module_init(nth_init);
module_exit(nth_exit);

MODULE_DESCRIPTION("Lets the n-th allocation fail that is made within a function");
MODULE_AUTHOR("The kvmfault authors");
MODULE_LICENSE("GPL");
