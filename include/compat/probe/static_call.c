// SPDX-License-Identifier: GPL-2.0
/* 5.10: calls whose target is patched. */
#include <linux/static_call.h>

int probe(int value);
DEFINE_STATIC_CALL(probe_call, probe);
int probe(int value)
{
	static_call_update(probe_call, probe);
	return static_call(probe_call)(value);
}
