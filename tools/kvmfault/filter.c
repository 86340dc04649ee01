// SPDX-License-Identifier: GPL-2.0
/*
 * Which faults are wanted
 *
 * The kernel looks at a filter before it gives a fault a place in the buffer,
 * so that those nobody wants to see cost none and make none be lost.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "filter.h"

static void class_text(char *text, size_t room, const struct options *options)
{
	if (options->class == UNKNOWN)
		snprintf(text, room, "class < %u", KVMFAULT_FAULT_CLASS_TDP);
	else
		snprintf(text, room, "class == %u", (unsigned int)options->class);
}

/*
 * " && (vm == 1 || vm == 3)"; nothing if they are too many for the kernel's
 * page: then filter_wants() sorts them out.
 */
static void vms_text(char *text, size_t room, const struct rows *vms)
{
	const char *before = " && (";
	const struct vm *vm;
	size_t used = 0;

	*text = 0;
	rows_for_each(vm, vms) {
		used += snprintf(text + used, room - used, "%svm == %llu", before,
				 (unsigned long long)vm->id);
		before = " || ";
		if (used + 2 > room) {
			*text = 0;
			return;
		}
	}
	if (vms->nr)
		strcpy(text + used, ")");
}

/**
 * filter_text() - say it to the kernel
 * @text: the result, of FILTER bytes
 * @vms: the VMs; none for all
 * @options: the class, the access and the least duration
 *
 * Without a class it is the exits: what happened to the guest, once each.
 */
void filter_text(char *text, const struct rows *vms, const struct options *options)
{
	char access[32] = "", least[48] = "", class[32], some[FILTER - 128];

	class_text(class, sizeof(class), options);
	if (options->access != UNKNOWN)
		snprintf(access, sizeof(access), " && access == %u",
			 (unsigned int)options->access);
	if (options->min_ns)
		snprintf(least, sizeof(least), " && duration_ns >= %llu",
			 (unsigned long long)options->min_ns);
	vms_text(some, sizeof(some), vms);
	snprintf(text, FILTER, "%s%s%s%s", class, access, least, some);
}

bool filter_wants(const struct event *event, const struct rows *vms)
{
	return picked(vms, event->number[EVENT_VM]);
}
