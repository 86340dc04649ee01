// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel loses its trust in the TSC, as it does where that runs unevenly
 */
#include <linux/module.h>

#include <asm/tsc.h>

static int __init give_up_init(void)
{
	mark_tsc_unstable("of a test");
	return 0;
}

static void __exit give_up_exit(void)
{
}

module_init(give_up_init);
module_exit(give_up_exit);

MODULE_DESCRIPTION("A TSC that is not to be trusted");
MODULE_AUTHOR("The kvmfault authors");
MODULE_LICENSE("GPL");
