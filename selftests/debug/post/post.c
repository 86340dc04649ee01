// SPDX-License-Identifier: GPL-2.0
/*
 * Somebody else's kprobe with a post_handler, which nothing in user space can have
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static char *function = "";
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "at the entry of which function");

static void after(struct kprobe *kprobe, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe kprobe = {
	.post_handler = after,
};

static int __init post_init(void)
{
	kprobe.symbol_name = function;
	return register_kprobe(&kprobe);
}

static void __exit post_exit(void)
{
	unregister_kprobe(&kprobe);
}

module_init(post_init);
module_exit(post_exit);

MODULE_DESCRIPTION("A kprobe with a post_handler");
MODULE_AUTHOR("The kvmfault authors");
MODULE_LICENSE("GPL");
