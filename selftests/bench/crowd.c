// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault-crowd: many small VMs that live at once
 *
 *	kvmfault-crowd VMS
 *
 * Each makes some faults of every kind; then "ready" is said. For every line on
 * standard input each VM makes two MMIO exits, for which KVM allocates nothing,
 * and "done" is said. They die with the end of standard input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "machine.h"

#define FAULTS		8UL

static void allow_files(unsigned long files)
{
	struct rlimit limit = { .rlim_cur = files, .rlim_max = files };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("setrlimit");
}

static void greet(struct machine *machine)
{
	enum access access;

	machine_make(machine, FAULTS);
	for (access = 0; access < ACCESSES; access++)
		machine_stamp(machine, access, FAULTS);
}

static void say(const char *word)
{
	puts(word);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	unsigned long vms = argc > 1 ? strtoul(argv[1], NULL, 0) : 0, i;
	struct machine *machine;
	char line[80];

	if (!vms) {
		fputs("usage: kvmfault-crowd VMS\n", stderr);
		return EXIT_FAILURE;
	}
	machine = calloc(vms, sizeof(*machine));
	if (!machine)
		die("calloc");
	allow_files(vms * 4 + 64);
	for (i = 0; i < vms; i++)
		greet(&machine[i]);
	say("ready");
	while (fgets(line, sizeof(line), stdin)) {
		for (i = 0; i < vms; i++)
			machine_stamp(&machine[i], MMIO, 2);
		say("done");
	}
	return EXIT_SUCCESS;
}
