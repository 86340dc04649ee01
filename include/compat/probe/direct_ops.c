// SPDX-License-Identifier: GPL-2.0
/* 6.3: a direct call is registered by an ftrace_ops. */
#include <linux/ftrace.h>

int probe(struct ftrace_ops *ops, unsigned long to);
int probe(struct ftrace_ops *ops, unsigned long to)
{
	return register_ftrace_direct(ops, to) +
	       unregister_ftrace_direct(ops, to, true);
}
