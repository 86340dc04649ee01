// SPDX-License-Identifier: GPL-2.0
/* Which VMs are meant: by number, by process, or by its name */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "die.h"

/* One too large for 64 bits is read as UNKNOWN. */
static bool read_number(uint64_t *number, const char *words)
{
	char *end;

	*number = strtoull(words, &end, 10);
	return *words >= '0' && *words <= '9' && !*end;
}

static int has_id(const void *row, const void *id)
{
	return ((const struct vm *)row)->id == *(const uint64_t *)id;
}

static int has_pid(const void *row, const void *pid)
{
	const struct vm *vm = row;

	return vm->pid != UNKNOWN && vm->pid == *(const uint64_t *)pid;
}

static int has_comm(const void *row, const void *comm)
{
	return !strcmp(((const struct vm *)row)->comm, comm);
}

/*
 * Drop the VMs that @words do not mean. A number of a VM goes before that of a
 * process: numbers of ours are small and in every table. All VMs of a process are
 * meant, or all of a name.
 */
void pick_keep(struct rows *vms, const char *words)
{
	uint64_t number;

	if (!read_number(&number, words))
		rows_keep(vms, has_comm, words);
	else if (model_find_vm(vms, number))
		rows_keep(vms, has_id, &number);
	else
		rows_keep(vms, has_pid, &number);
}

/*
 * VM 0 has no name and no process: it is not what '' is the name of, nor UNKNOWN the
 * process.
 */
static void check_words(const char *words)
{
	uint64_t number;

	if (!*words)
		die(EXIT_USAGE, "a VM is named by its number, its process or the name of that, not by ''");
	if (read_number(&number, words) && number == UNKNOWN)
		die(EXIT_USAGE, "no VM and no process has so large a number as %s",
		    words);
}

/* The VMs that @words mean, at least one. */
void pick_vms(struct nl *nl, struct rows *vms, const char *words)
{
	check_words(words);
	model_vms(nl, vms);
	pick_keep(vms, words);
	if (!vms->nr)
		die(EXIT_NO_VM,
		    "no VM has the number, process or name '%s': kvmfault vms lists them",
		    words);
}

/* The same, for what goes on: in VM 0 nothing will happen any more. */
void pick_living(struct nl *nl, struct rows *vms, const char *words)
{
	pick_vms(nl, vms, words);
	if (model_find_vm(vms, 0))
		die(EXIT_USAGE,
		    "vm 0 is all VMs that are gone, and nothing happens there any more: name one that lives");
}

/**
 * pick() - what --vm and --class mean
 * @nl: whom to ask
 * @vms: the VMs picked; none if all are meant
 * @wanted: what to ask the kernel for: it filters if there is one VM only
 * @options: the options
 */
void pick(struct nl *nl, struct rows *vms, struct wanted *wanted,
	  const struct options *options)
{
	*wanted = (struct wanted){ UNKNOWN, options->class };
	*vms = ROWS(struct vm);
	if (!options->vm)
		return;

	if (options->interval || options->follow)
		pick_living(nl, vms, options->vm);
	else
		pick_vms(nl, vms, options->vm);
	if (vms->nr == 1)
		wanted->vm = ((struct vm *)vms->row)->id;
}

/* pick(), where a VM may be named by the command's word as well. */
void pick_word(struct nl *nl, struct rows *vms, struct wanted *wanted,
	       const struct options *options)
{
	struct options with = *options;

	if (options->argc && options->vm)
		die(EXIT_USAGE, "a VM is named by '%s' or by --vm, not by both",
		    options->argv[0]);
	if (options->argc)
		with.vm = options->argv[0];
	pick(nl, vms, wanted, &with);
}

bool picked(const struct rows *vms, uint64_t id)
{
	return !vms->nr || model_find_vm(vms, id);
}
