// SPDX-License-Identifier: GPL-2.0
/* The command line. What is wrong with it is said in one sentence. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "die.h"
#include "options.h"
#include "scene.h"

static const char help[] =
"Usage: kvmfault-guest [OPTION]...\n"
"Run virtual machines that cause an exactly known number of guest faults.\n"
"\n"
"What each vCPU does, in each round, in memory of its own:\n"
"  --pages N        write N fresh pages, once each (default 0)\n"
"  --mmio N         write N times to its one MMIO address (default 0)\n"
"  --slow N         write N more fresh pages, each of which a thread of the VMM\n"
"                   provides after the delay, by userfaultfd (default 0)\n"
"  --delay TIME     that delay: ns, or with a suffix ns, us, ms, s (default 1ms)\n"
"\n"
"How often and where:\n"
"  --vcpus N        vCPUs of a VM, each in a thread (default 1)\n"
"  --rounds N       do it N times; between rounds the VMM drops the memory behind\n"
"                   the pages, so that they are fresh again (default 1)\n"
"  --vms N          VMs of a process, one after another (default 1)\n"
"  --parallel N     processes at once, each with its VMs (default 1)\n"
"  --offset BYTES   guest-physical address of the first page of vCPU 0, a multiple\n"
"                   of 2M; suffixes K, M, G (default 2M)\n"
"  --huge           let the host back the pages by huge pages: a fault per 2 MiB\n"
"  --ragged         of huge pages only those that the pages fill; the rest is small\n"
"  --hugetlb        the same by reserved huge pages, one round only\n"
"\n"
"Instead of all that, each vCPU can play one scene, with N from --pages:\n"
"  --scene read       read N fresh pages\n"
"  --scene exec       execute N fresh pages\n"
"  --scene cow        read N fresh pages, then write them: two faults more each\n"
"  --scene huge-within write the sixth of the pages of a huge one\n"
"  --scene huge-shared write N pages of shared memory that is to be of huge pages\n"
"  --scene dirty      write N pages; write them again while writes are logged;\n"
"                     fetch the log and write them once more\n"
"  --scene readonly   in read-only memory: write N pages, read them, write them\n"
"  --scene smm        write N pages, which the VMM then has in system management\n"
"                     mode as well, where the guest has MMIO\n"
"  --scene smm-alone  the same, and then the guest does not have them any more\n"
"  --scene slot       N times: delete the memory slot, write to it three times,\n"
"                     add it again, write to it three times\n"
"  --scene slot-moves N times: move the memory slot, write to where it was, move it\n"
"                     back, write to it\n"
"  --scene ioeventfd  write N times to an MMIO address that signals an eventfd\n"
"  --scene datamatch  the same for one value; then write 2N times another one\n"
"  --scene prefault   KVM_PRE_FAULT_MEMORY for N pages, then write them\n"
"  --scene swap       write N pages, which the VMM then pushes out, and read half\n"
"                     of them\n"
"  --scene swap-shared the same with shared memory; the VMM unmaps the first\n"
"  --scene guest-memfd write N pages of a guest_memfd, half of which the VMM reads\n"
"  --scene guest-memfd-apart the same, where the VMM has not mapped it\n"
"  --scene private    in a VM with private memory: write N pages, half of which are\n"
"                     private, then 3 more, private where none can be had: the VMM\n"
"                     makes them shared\n"
"  --scene tables     a guest that pages: N page faults of its own, 23 INVLPG, 14\n"
"                     loads of CR3, 2 writes to a page directory\n"
"  --scene paging32   a guest of 32 bits writes N pages that its page tables have,\n"
"                     then 13 that they have not\n"
"  --scene nonpaging  one without page tables writes N pages\n"
"  --scene nested     a hypervisor whose guest writes N pages, of which it\n"
"                     has mapped all but 17, and maps these as they fault\n"
"  --scene nested-stop the same, but at its end it waits in the guest's guest\n"
"  --scene nested-shadow the same with one that does without nested paging\n"
"  --scene nested-32  a hypervisor in 32-bit mode, which has mapped all N pages\n"
"  --scene async      write N pages that come late, while KVM halts the vCPU\n"
"  --scene async-told the guest is told of N pages that are not there, tries one of\n"
"                     them again; on SIGTERM they come, which it is told, too\n"
"  --scene async-again the same, and on SIGTERM once more with one page\n"
"  --scene async-off  the same, but after 7 of them it wants to hear no more\n"
"  --scene async-woken a page that comes after N interrupts, each of which wakes the\n"
"                     vCPU that KVM has halted for it\n"
"  --scene async-stuck a page that does not come before SIGTERM, KVM halts the vCPU\n"
"  --scene race       two vCPUs read the same N pages, each of which comes for\n"
"                     both at once\n"
"  --scene slots      the slot is deleted and added N times under a running vCPU\n"
"  --scene path       write N pages; files of the VM are opened by their path as well\n"
"  --scene files      write N pages; the VM has no file then, but the VMM has 65536\n"
"                     in each of two tables, and 2000 threads that have them in turns\n"
"  --scene logged     write a page N million times, while what was written is logged\n"
"  --thrash N         take a page N times from a vCPU that keeps writing to it\n"
"  --stuck            each vCPU writes a page that does not come before SIGTERM, which\n"
"                     is for one of them\n"
"\n"
"What is told:\n"
"  --expect         before running, the faults that each VM will cause, in a line\n"
"  --map            before running, the guest-physical addresses, a line per vCPU\n"
"  --hold           when the work is done, keep the (last) VM until standard input\n"
"                   ends or SIGTERM comes; with /dev/null only SIGTERM counts\n"
"  --where          when the work is done, where the VMM has the memory of each vCPU\n"
"                   and which thread runs it, a line per vCPU\n"
"  --leave          then leave the (last) VM to a child, and end; goes with --hold\n"
"  --name NAME      name of the process, at most 15 characters\n"
"  --help           this text\n"
"\n"
"Each VM causes, where M is 1 if --mmio is given and 0 if not:\n"
"  violation   vcpus x (4 + M + rounds x (pages + slow))\n"
"  misconfig   vcpus x (rounds x mmio - M)\n"
"  tdp         as many as violation\n"
"  mmio_exits  vcpus x rounds x mmio\n"
"The 4 are the code page and the guest's three page tables.\n"
"\n"
"Exit status: 0 all done, 1 something went otherwise, 2 bad usage, 4 this kernel\n"
"cannot play the scene.\n";

struct unit {
	const char *suffix;
	uint64_t factor;
};

static const struct unit count_units[] = { { "", 1 }, { } };

static const struct unit time_units[] = {
	{ "", 1 }, { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 },
	{ }
};

static const struct unit size_units[] = {
	{ "", 1 }, { "K", 1 << 10 }, { "M", 1 << 20 }, { "G", 1 << 30 },
	{ }
};

/* A number within bounds: decimal, or hexadecimal after 0x, then its unit. */
static uint64_t parse(const char *option, const char *text,
		      const struct unit *units, uint64_t min, uint64_t max)
{
	const struct unit *unit = units;
	uint64_t number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, strncmp(text, "0x", 2) ? 10 : 16);
	if (*text < '0' || *text > '9' || end == text)
		die_usage("--%s wants a number, not \"%s\"", option, text);
	while (unit->suffix && strcmp(unit->suffix, end))
		unit++;
	if (!unit->suffix)
		die_usage("--%s does not know the unit of \"%s\"", option, text);
	if (errno || number > UINT64_MAX / unit->factor ||
	    number * unit->factor < min || number * unit->factor > max)
		die_usage("--%s wants a number from %" PRIu64 " to %" PRIu64 ", not %s",
			  option, min, max, text);
	return number * unit->factor;
}

static void check_window(const struct work *work)
{
	struct window window = work_window(work, 0);

	if (work->offset % PAGE_2M || work->offset < WINDOW_PAGES)
		die_usage("--offset wants a multiple of 2M from 2M on, not %#" PRIx64,
			  work->offset);
	if (window.size > WINDOW_MAX)
		die_usage("--pages and --slow do not fit the %" PRIu64 " MiB of a vCPU's window, use --rounds",
			  (uint64_t)(WINDOW_MAX / PAGE_2M * 2));
}

enum option_id {
	OPT_PAGES = 1, OPT_MMIO, OPT_SLOW, OPT_DELAY, OPT_VCPUS, OPT_ROUNDS,
	OPT_VMS, OPT_PARALLEL, OPT_OFFSET, OPT_HUGE, OPT_EXPECT, OPT_MAP, OPT_HOLD,
	OPT_NAME, OPT_HELP, OPT_WHERE, OPT_LEAVE, OPT_HUGETLB, OPT_SCENE, OPT_THRASH, OPT_STUCK,
	OPT_RAGGED,
};

static const struct option long_options[] = {
	{ "pages", required_argument, NULL, OPT_PAGES },
	{ "mmio", required_argument, NULL, OPT_MMIO },
	{ "slow", required_argument, NULL, OPT_SLOW },
	{ "delay", required_argument, NULL, OPT_DELAY },
	{ "vcpus", required_argument, NULL, OPT_VCPUS },
	{ "rounds", required_argument, NULL, OPT_ROUNDS },
	{ "vms", required_argument, NULL, OPT_VMS },
	{ "parallel", required_argument, NULL, OPT_PARALLEL },
	{ "offset", required_argument, NULL, OPT_OFFSET },
	{ "huge", no_argument, NULL, OPT_HUGE },
	{ "ragged", no_argument, NULL, OPT_RAGGED },
	{ "hugetlb", no_argument, NULL, OPT_HUGETLB },
	{ "scene", required_argument, NULL, OPT_SCENE },
	{ "thrash", required_argument, NULL, OPT_THRASH },
	{ "stuck", no_argument, NULL, OPT_STUCK },
	{ "expect", no_argument, NULL, OPT_EXPECT },
	{ "map", no_argument, NULL, OPT_MAP },
	{ "where", no_argument, NULL, OPT_WHERE },
	{ "hold", no_argument, NULL, OPT_HOLD },
	{ "leave", no_argument, NULL, OPT_LEAVE },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "help", no_argument, NULL, OPT_HELP },
	{ }
};

static void set_name(const char *name)
{
	if (!*name || strlen(name) > 15)
		die_usage("--name wants 1 to 15 characters, not \"%s\"", name);
	prctl(PR_SET_NAME, name);
}

static void set_scene(struct options *options, const char *name)
{
	struct work *work = &options->work;

	if (work->scene)
		die_usage("one scene at a time, not %s and %s", work->scene->name, name);
	work->scene = scene_find(name);
	if (!work->scene)
		die_usage("there is no scene \"%s\"", name);
	if (work->scene->stride)
		work->stride = work->scene->stride;
}

/* What a scene causes is not the arithmetic of the work. */
static void check_scene(struct options *options)
{
	struct work *work = &options->work;

	if (!work->scene)
		return;
	if (work->mmio || work->slow || work->huge || work->hugetlb ||
	    work->rounds > 1 || options->expect)
		die_usage("a scene goes with --pages only, and happens once");
	if (!work->pages)
		die_usage("scene %s wants --pages", work->scene->name);
	if (work->scene->vcpus)
		work->vcpus = work->scene->vcpus;
}

static void set_option(struct options *options, enum option_id id, const char *arg)
{
	struct work *work = &options->work;

	switch (id) {
	case OPT_PAGES:
		work->pages = parse("pages", arg, count_units, 0, WINDOW_MAX / PAGE_4K);
		break;
	case OPT_MMIO:
		work->mmio = parse("mmio", arg, count_units, 0, UINT32_MAX);
		break;
	case OPT_SLOW:
		work->slow = parse("slow", arg, count_units, 0, WINDOW_MAX / PAGE_4K);
		break;
	case OPT_DELAY:
		work->delay_ns = parse("delay", arg, time_units, 0, 3600000000000);
		break;
	case OPT_VCPUS:
		work->vcpus = parse("vcpus", arg, count_units, 1, 4096);
		break;
	case OPT_ROUNDS:
		work->rounds = parse("rounds", arg, count_units, 1, UINT32_MAX);
		break;
	case OPT_VMS:
		options->vms = parse("vms", arg, count_units, 1, UINT32_MAX);
		break;
	case OPT_PARALLEL:
		options->parallel = parse("parallel", arg, count_units, 1, MAX_PARALLEL);
		break;
	case OPT_OFFSET:
		work->offset = parse("offset", arg, size_units, 0, 1ULL << 52);
		break;
	case OPT_HUGE:
		work->huge = true;
		break;
	case OPT_RAGGED:
		work->ragged = true;
		break;
	case OPT_HUGETLB:
		work->hugetlb = true;
		break;
	case OPT_SCENE:
		set_scene(options, arg);
		break;
	case OPT_THRASH:
		set_scene(options, "thrash");
		work->pages = parse("thrash", arg, count_units, 1, WINDOW_MAX / PAGE_4K);
		break;
	case OPT_STUCK:
		set_scene(options, "stuck");
		work->pages = 1;
		break;
	case OPT_EXPECT:
		options->expect = true;
		break;
	case OPT_MAP:
		options->map = true;
		break;
	case OPT_WHERE:
		options->where = true;
		break;
	case OPT_HOLD:
		options->hold = true;
		break;
	case OPT_LEAVE:
		options->leave = true;
		break;
	case OPT_NAME:
		set_name(arg);
		break;
	case OPT_HELP:
		fputs(help, stdout);
		exit(EXIT_SUCCESS);
	}
}

struct options options_parse(int argc, char **argv)
{
	struct options options = {
		.work = {
			.delay_ns = 1000000,
			.rounds = 1,
			.vcpus = 1,
			.offset = WINDOW_PAGES,
			.stride = 1,
		},
		.vms = 1,
		.parallel = 1,
	};
	int id;

	opterr = 0;
	while ((id = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		if (id == ':')
			die_usage("%s wants a value", argv[optind - 1]);
		if (id == '?')
			die_usage("there is no option %s", argv[optind - 1]);
		set_option(&options, id, optarg);
	}
	if (optind < argc)
		die_usage("\"%s\" is not an option", argv[optind]);
	check_scene(&options);
	if (options.leave && !options.hold)
		die_usage("--leave goes with --hold");
	if (options.work.hugetlb && options.work.rounds > 1)
		die_usage("--hugetlb goes with one round only");
	if (options.work.ragged && !options.work.huge)
		die_usage("--ragged goes with --huge");
	check_window(&options.work);
	return options;
}
