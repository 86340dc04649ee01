// SPDX-License-Identifier: GPL-2.0
/* kvmfault: the command line */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "die.h"
#include "figure.h"

static const char help[] =
"Usage: kvmfault [OPTION]... [COMMAND]\n"
"Guest-physical faults of KVM guests: how many, of which kind, how long.\n"
"\n"
"Look, once or with -i again and again:\n"
"  (none)              the busiest VMs, on one screen\n"
"  vms                 a line for each VM; vm 0 is all that are gone\n"
"  vcpus               a line for each vCPU\n"
"  latency             percentiles by VM and class\n"
"  histogram           the same as bars\n"
"  faults              tdp faults by access, cause, outcome and level; with -f\n"
"                      every fault as it happens\n"
"  shadow [VM]         shadow paging, and guests of guests, by VM\n"
"  hot [VM]            the addresses of each VM that fault most\n"
"  recent [VM]         the last faults\n"
"  stuck [VM]          vCPUs that are stuck in faults\n"
"  stages [VM]         where the time of tdp faults goes; on (with --vm of\n"
"                      that VM alone) and off switch it\n"
"  tree [VM]           the same as a tree\n"
"  causes [VM]         what the host had to do for them\n"
"  async [VM]          pages that are fetched while a vCPU goes on or is halted\n"
"  setup [VM]          memory slots, vCPUs, page tables and mappings in figures\n"
"  memslots [VM]       memory slots: where the VMM has the guest's memory\n"
"  threads [VM]        all vCPUs with their threads, faulted or not\n"
"  translate VM ADDR   where a guest-physical address is in the host; --hva: an\n"
"                      address of the VMM, --gva: of a vCPU that is stopped\n"
"  probes              what is attached where, and whether it fires\n"
"  show VM             all about a VM\n"
"Go on looking:\n"
"  top                 a live view; h for its keys, q quits\n"
"  monitor [GROUP]...  a line for each notification of vm and alert, or of\n"
"                      those named; setup: vCPUs and memory slots\n"
"  export --prometheus everything, in Prometheus' text format\n"
"Change:\n"
"  set [NAME VALUE]... alert TIME|off, alert-interval TIME, hot on|off,\n"
"                      recent on|off, engine kretprobe|direct,\n"
"                      stages on|off, stuck-after TIME|off,\n"
"                      stuck-repeats N|off;\n"
"                      alone: show all\n"
"  reset               count from 0 again; prints what was counted\n"
"  enable PROBE...     attach and count again\n"
"  disable PROBE...    detach\n"
"\n"
"  -v, --vm VM         only this: its number, its process or the name of that\n"
"  -C, --class CLASS   latency, histogram, --follow: only violation, misconfig,\n"
"                      tdp or shadow\n"
"  -i, --interval SEC  what happened in every SEC seconds\n"
"  -c, --count N       N times, then end; of monitor and --follow: N lines\n"
"  -f, --full          histogram: every bucket, at most 12.5 % wide\n"
"  -f, --follow        faults: a line for each exit as it happens; with --class\n"
"                      tdp a line for each fault of the MMU\n"
"  -a, --access ACCESS --follow: only read, write or exec\n"
"  -m, --min TIME      --follow: only what took as long as this, such as 50us\n"
"  -d, --duration SEC  --follow: end after that\n"
"  -b, --buffer KB     --follow: room for what is not read yet, for each CPU\n"
"      --hva           translate: the address is one of the VMM\n"
"      --gva VCPU      translate: the address is a virtual one of this vCPU\n"
"  -s, --raw           plain numbers, times in ns, every column\n"
"  -j, --json          JSON; of monitor and --follow: a line for each object\n"
"  -p, --pretty        JSON with line breaks\n"
"  -t, --timestamp     monitor: say when\n"
"  -P, --prometheus    see export\n"
"  -o, --output FILE   export: replace FILE at once, when all is written\n"
"  -h, --help          this text\n"
"  -V, --version       the version of the client\n"
"\n"
"Classes: violation is a fault exit, misconfig an MMIO exit, tdp the MMU's part.\n"
"Durations are from entry to return of the probed function, host scheduling and\n"
"sleep included.\n"
"\n"
"Exit status: 0 well, 1 refused or failed, 2 bad usage, 3 not root, 4 module not\n"
"loaded, 5 no such VM, 6 client and module do not fit.\n";

/**
 * struct command - a command
 * @name: what is typed
 * @run: what it does
 * @at_least: how many words it needs
 * @at_most: how many it takes
 * @words: which, for the message
 * @takes: which options it heeds that not all do
 */
struct command {
	const char *name;
	void (*run)(struct nl *nl, const struct options *options);
	int at_least;
	int at_most;
	const char *words;
	unsigned int takes;
};

/* Heeds --interval, --vm and --class. */
#define WATCHES		1
#define OF_VM		2
#define OF_CLASS	4

static const struct command commands[] = {
	{ "vms", vms_command, 0, 0, "", WATCHES | OF_VM },
	{ "vcpus", vcpus_command, 0, 0, "", WATCHES | OF_VM },
	{ "latency", latency_command, 0, 0, "", WATCHES | OF_VM | OF_CLASS },
	{ "histogram", histogram_command, 0, 0, "", WATCHES | OF_VM | OF_CLASS },
	{ "faults", faults_command, 0, 0, "", WATCHES | OF_VM },
	{ "shadow", shadow_command, 0, 1, " [VM]", OF_VM },
	{ "hot", hot_command, 0, 1, " [VM]", OF_VM },
	{ "recent", recent_command, 0, 1, " [VM]", OF_VM },
	{ "stuck", stuck_command, 0, 1, " [VM]", OF_VM },
	{ "async", async_command, 0, 1, " [VM]", OF_VM },
	{ "stages", stages_command, 0, 1, " [VM|on|off]", OF_VM },
	{ "tree", tree_command, 0, 1, " [VM]", OF_VM },
	{ "causes", causes_command, 0, 1, " [VM]", OF_VM },
	{ "setup", setup_command, 0, 1, " [VM]", OF_VM },
	{ "memslots", memslots_command, 0, 1, " [VM]", OF_VM },
	{ "threads", threads_command, 0, 1, " [VM]", OF_VM },
	{ "translate", translate_command, 2, 2, " VM ADDR", 0 },
	{ "probes", probes_command, 0, 0, "", WATCHES },
	{ "show", show_command, 0, 1, " VM", OF_VM },
	{ "top", top_command, 0, 0, "", WATCHES | OF_VM },
	{ "monitor", monitor_command, 0, 3, " [vm|alert|setup]...", OF_VM },
	{ "export", export_command, 0, 0, " --prometheus", 0 },
	{ "set", set_command, 0, 16, " [NAME VALUE]...", 0 },
	{ "reset", reset_command, 0, 0, "", 0 },
	{ "enable", enable_command, 1, 16, " PROBE...", 0 },
	{ "disable", disable_command, 1, 16, " PROBE...", 0 },
	{ NULL, NULL, 0, 0, NULL, 0 },
};

static const struct command busiest = {
	"", busiest_command, 0, 0, "", WATCHES | OF_VM
};

/* What -f is short for depends on the command. */
enum {
	OPTION_FULL = 256,
	OPTION_FOLLOW,
	OPTION_HVA,
	OPTION_GVA,
};

static const struct option long_options[] = {
	{ "vm", required_argument, NULL, 'v' },
	{ "class", required_argument, NULL, 'C' },
	{ "interval", required_argument, NULL, 'i' },
	{ "count", required_argument, NULL, 'c' },
	{ "full", no_argument, NULL, OPTION_FULL },
	{ "follow", no_argument, NULL, OPTION_FOLLOW },
	{ "access", required_argument, NULL, 'a' },
	{ "min", required_argument, NULL, 'm' },
	{ "duration", required_argument, NULL, 'd' },
	{ "buffer", required_argument, NULL, 'b' },
	{ "hva", no_argument, NULL, OPTION_HVA },
	{ "gva", required_argument, NULL, OPTION_GVA },
	{ "raw", no_argument, NULL, 's' },
	{ "json", no_argument, NULL, 'j' },
	{ "pretty", no_argument, NULL, 'p' },
	{ "timestamp", no_argument, NULL, 't' },
	{ "prometheus", no_argument, NULL, 'P' },
	{ "output", required_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static double read_seconds(const char *what, const char *text)
{
	double seconds;
	char *end;

	seconds = strtod(text, &end);
	if (end == text || *end || !(seconds >= 0.01) || seconds > 86400)
		die(EXIT_USAGE, "%s is seconds from 0.01 to 86400, not '%s'", what,
		    text);
	return seconds;
}

static unsigned long read_count(const char *text)
{
	unsigned long count;
	char *end;

	count = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || !count || count > 1000000000)
		die(EXIT_USAGE, "a count is a number from 1, not '%s'", text);
	return count;
}

static uint64_t read_class(const char *text)
{
	int class = class_of(text);

	if (class < 0)
		die(EXIT_USAGE, "a class is violation, misconfig, tdp or shadow, not '%s'",
		    text);
	return class;
}

static uint64_t read_access(const char *text)
{
	int access = access_of(text);

	if (access < 0)
		die(EXIT_USAGE, "an access is read, write or exec, not '%s'", text);
	return access;
}

static uint64_t read_time(const char *text)
{
	uint64_t ns;

	if (figure_read_time(&ns, text))
		die(EXIT_USAGE, "a time is a number with ns, us, ms or s, not '%s'",
		    text);
	return ns;
}

static unsigned long read_buffer(const char *text)
{
	unsigned long kb;
	char *end;

	kb = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || !kb || kb > 1 << 20)
		die(EXIT_USAGE, "a buffer is KiB from 1 to 1048576, not '%s'", text);
	return kb;
}

/* What could not be written often shows only at the end. */
__noreturn static void end(void)
{
	if (fflush(stdout) || ferror(stdout))
		die(EXIT_REFUSED, "not all could be written");
	exit(0);
}

static void print_help(void)
{
	fputs(help, stdout);
	end();
}

static void read_option(struct options *options, int option)
{
	switch (option) {
	case 'v':
		options->vm = optarg;
		break;
	case 'C':
		options->class = read_class(optarg);
		break;
	case 'i':
		options->interval = read_seconds("an interval", optarg);
		break;
	case 'c':
		options->count = read_count(optarg);
		break;
	case 'f':
		options->f = true;
		break;
	case OPTION_FULL:
		options->full = true;
		break;
	case OPTION_FOLLOW:
		options->follow = true;
		break;
	case 'a':
		options->access = read_access(optarg);
		break;
	case 'm':
		options->min_ns = read_time(optarg);
		break;
	case 'd':
		options->duration = read_seconds("a duration", optarg);
		break;
	case 'b':
		options->buffer_kb = read_buffer(optarg);
		break;
	case OPTION_HVA:
		options->hva = true;
		break;
	case OPTION_GVA:
		options->gva = optarg;
		break;
	case 's':
		options->raw = true;
		break;
	case 'p':
		options->pretty = true;
		options->json = true;
		break;
	case 'j':
		options->json = true;
		break;
	case 't':
		options->follow_time = true;
		break;
	case 'P':
		options->prometheus = true;
		break;
	case 'o':
		options->output = optarg;
		break;
	case 'h':
		print_help();
		break;
	case 'V':
		puts("kvmfault " VERSION);
		end();
	default:
		fputs("Try kvmfault --help.\n", stderr);
		exit(EXIT_USAGE);
	}
}

static const struct command *find_command(const char *name)
{
	const struct command *command;

	for (command = commands; command->name; command++)
		if (!strcmp(command->name, name))
			return command;
	die(EXIT_USAGE, "there is no command '%s': see kvmfault --help", name);
}

static const struct command *read_options(struct options *options, int argc,
					  char **argv)
{
	const struct command *command = &busiest;
	int option;

	*options = (struct options){ .class = UNKNOWN, .access = UNKNOWN };
	while ((option = getopt_long(argc, argv, "v:C:i:c:fa:m:d:b:sjptPo:hV",
				     long_options, NULL)) != -1)
		read_option(options, option);
	argc -= optind;
	argv += optind;
	if (argc && !strcmp(argv[0], "help"))
		print_help();
	if (argc) {
		command = find_command(argv[0]);
		argc--;
		argv++;
	}
	options->argc = argc;
	options->argv = argv;
	return command;
}

/* What only --follow can do; and what it does by itself. */
static void check_follow(const struct options *options)
{
	if (options->follow && options->interval)
		die(EXIT_USAGE, "--follow tells all as it happens: no --interval");
	if (options->follow && options->raw)
		die(EXIT_USAGE, "--follow has no --raw: --json has all there is");
	if (!options->follow && (options->access != UNKNOWN || options->min_ns ||
				 options->duration || options->buffer_kb))
		die(EXIT_USAGE,
		    "--access, --min, --duration and --buffer are for faults --follow");
}

/* Who ignored it would show all VMs, or change what is all VMs'. */
static void check_rows(const struct command *command,
		       const struct options *options)
{
	if (options->vm && !(command->takes & OF_VM))
		die(EXIT_USAGE, "%s takes no --vm", command->name);
	if (options->class != UNKNOWN && !options->follow &&
	    !(command->takes & OF_CLASS))
		die(EXIT_USAGE,
		    "--class is for latency, histogram and faults --follow");
}

static void check(const struct command *command, struct options *options)
{
	int need = command->at_least;

	if (options->f && command->run == faults_command)
		options->follow = true;
	else if (options->f)
		options->full = true;
	if (options->follow && command->run != faults_command)
		die(EXIT_USAGE, "--follow is for faults");
	check_follow(options);
	check_rows(command, options);

	if (command->run == show_command && !options->vm)
		need = 1;
	if (options->argc < need || options->argc > command->at_most)
		die(EXIT_USAGE, "usage: kvmfault [OPTION]... %s%s", command->name,
		    command->words);
	if (options->interval && !(command->takes & WATCHES))
		die(EXIT_USAGE, "%s is done once: no --interval", command->name);
	if ((options->hva || options->gva) && command->run != translate_command)
		die(EXIT_USAGE, "--hva and --gva are for translate");
	if (options->hva && options->gva)
		die(EXIT_USAGE, "an address is of the VMM or of a vCPU: one of --hva and --gva");
	if (options->output && command->run != export_command)
		die(EXIT_USAGE, "--output is for export");

	/* So many reports have to have something between them. */
	if (options->count && command->takes & WATCHES && !options->interval &&
	    !options->follow)
		options->interval = 1;
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct options options;
	struct nl *nl;

	command = read_options(&options, argc, argv);
	check(command, &options);
	nl = nl_open();
	command->run(nl, &options);
	nl_close(nl);
	end();
}
