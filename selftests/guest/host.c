// SPDX-License-Identifier: GPL-2.0
/*
 * What the host does behind a VM's back. A page of the guest that is moved
 * (compaction, NUMA balancing) is unmapped first, and any such unmapping lets
 * the faults in flight of the whole VM try again: no VMM can prevent it, but it
 * can be told, so that a count that is too high is not blamed on the counter.
 */
#include <stdio.h>

#include "host.h"

uint64_t host_pages_moved(void)
{
	FILE *vmstat = fopen("/proc/vmstat", "r");
	unsigned long long moved = 0;
	char line[128];

	if (!vmstat)
		return 0;
	while (fgets(line, sizeof(line), vmstat))
		if (sscanf(line, "pgmigrate_success %llu", &moved) == 1)
			break;
	fclose(vmstat);
	return moved;
}
