// SPDX-License-Identifier: GPL-2.0
/* 5.5 to 6.2: a direct call is registered by its location. */
#include <linux/ftrace.h>

int probe(unsigned long location, unsigned long to);
int probe(unsigned long location, unsigned long to)
{
	return register_ftrace_direct(location, to) +
	       unregister_ftrace_direct(location, to);
}
