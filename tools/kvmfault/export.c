// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault export: everything in Prometheus' text format
 *
 * Histograms are classic: cumulative, with the same edges for all, which are
 * powers of two less one nanosecond, because le means "not longer than" and
 * our buckets end before their edge: so every count is exact.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "die.h"

/* From 256 ns to 17 s; what is longer is in +Inf. */
#define FIRST_EDGE	8
#define LAST_EDGE	34

struct everything {
	struct info info;
	struct rows vms;
	struct rows probes;
	struct rows asyncs;
	struct total host[CLASSES];
};

static void begin(FILE *file, const char *name, const char *type,
		  const char *help)
{
	fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A label's value: what would end it, or the line, is escaped. */
static void put_escaped(FILE *file, const char *text)
{
	const unsigned char *c;

	for (c = (const unsigned char *)text; *c; c++) {
		if (*c == '\\' || *c == '"')
			fprintf(file, "\\%c", *c);
		else if (*c == '\n')
			fputs("\\n", file);
		else if (*c < ' ' || *c >= 0x7f)
			fprintf(file, "\\\\x%02x", *c);
		else
			fputc(*c, file);
	}
}

/* sample() with names and values of labels, up to NULL. */
static void sample(FILE *file, uint64_t value, const char *name, ...)
{
	const char *label, *separator = "{";
	va_list labels;

	if (value == UNKNOWN)
		return;
	fputs(name, file);
	va_start(labels, name);
	while ((label = va_arg(labels, const char *))) {
		fprintf(file, "%s%s=\"", separator, label);
		put_escaped(file, va_arg(labels, const char *));
		fputc('"', file);
		separator = ",";
	}
	va_end(labels);
	fprintf(file, "%s %llu\n", *separator == ',' ? "}" : "",
		(unsigned long long)value);
}

/* A number as a label. */
static const char *label_of(char *text, uint64_t number)
{
	snprintf(text, 24, "%llu", (unsigned long long)number);
	return text;
}

static void put_seconds(FILE *file, uint64_t ns)
{
	fprintf(file, "%llu.%09llu", (unsigned long long)ns / 1000000000,
		(unsigned long long)ns % 1000000000);
}

static void put_buckets(FILE *file, const char *name, const char *labels,
			const __u64 *bucket)
{
	unsigned int i = 0, edge;
	uint64_t count = 0;

	for (edge = FIRST_EDGE; edge <= LAST_EDGE; edge++) {
		for (; kvmfault_hist_to(i) <= 1ULL << edge; i++)
			count += bucket[i];
		fprintf(file, "%s_bucket{%s,le=\"", name, labels);
		put_seconds(file, (1ULL << edge) - 1);
		fprintf(file, "\"} %llu\n", (unsigned long long)count);
	}
	count = kvmfault_hist_count(bucket);
	fprintf(file, "%s_bucket{%s,le=\"+Inf\"} %llu\n", name, labels,
		(unsigned long long)count);
}

static void put_histogram(FILE *file, const char *name, const char *labels,
			  uint64_t sum_ns, const __u64 *bucket)
{
	put_buckets(file, name, labels, bucket);
	fprintf(file, "%s_sum{%s} ", name, labels);
	put_seconds(file, sum_ns == UNKNOWN ? 0 : sum_ns);
	fprintf(file, "\n%s_count{%s} %llu\n", name, labels,
		(unsigned long long)kvmfault_hist_count(bucket));
}

static void put_module(FILE *file, const struct info *info)
{
	begin(file, "kvmfault_info", "gauge", "The module that is loaded.");
	sample(file, 1, "kvmfault_info", "version", info->version, "engine",
	       info->engine, NULL);
	begin(file, "kvmfault_vms", "gauge", "VMs that live and have faulted.");
	sample(file, info->vms_live, "kvmfault_vms", NULL);
	begin(file, "kvmfault_vms_gone_total", "counter",
	      "VMs that have faulted and are gone.");
	sample(file, info->vms_gone, "kvmfault_vms_gone_total", NULL);
	begin(file, "kvmfault_resets_total", "counter",
	      "How often all counts were reset.");
	sample(file, info->resets, "kvmfault_resets_total", NULL);
	begin(file, "kvmfault_memory_bytes", "gauge",
	      "Memory of the module, by what it is for.");
	sample(file, info->buffer_bytes, "kvmfault_memory_bytes", "for",
	       "buffers", NULL);
	sample(file, info->vm_bytes, "kvmfault_memory_bytes", "for", "vms", NULL);
	sample(file, info->probe_bytes, "kvmfault_memory_bytes", "for",
	       "probes", NULL);
	sample(file, info->recent_bytes, "kvmfault_memory_bytes", "for",
	       "recent", NULL);
	sample(file, info->hot_bytes, "kvmfault_memory_bytes", "for", "hot",
	       NULL);
	sample(file, info->async_bytes, "kvmfault_memory_bytes", "for", "async",
	       NULL);
	sample(file, info->stage_bytes, "kvmfault_memory_bytes", "for",
	       "stages", NULL);
}

static void put_loss(FILE *file, const struct info *info)
{
	unsigned int i;

	begin(file, "kvmfault_missed_total", "counter",
	      "Calls of probed functions that are in no count, by reason.");
	for (i = 0; i < REASONS; i++)
		sample(file, info->missed[i], "kvmfault_missed_total", "reason",
		       reason_name(i), NULL);
	begin(file, "kvmfault_async_missed_total", "counter",
	      "Asynchronous page faults that are in no count.");
	sample(file, info->async_missed, "kvmfault_async_missed_total", NULL);
	begin(file, "kvmfault_notifications_total", "counter",
	      "Notifications sent, by multicast group.");
	for (i = 0; i < info->nr_groups; i++)
		sample(file, info->group[i].sent, "kvmfault_notifications_total",
		       "group", info->group[i].name, NULL);
	begin(file, "kvmfault_notifications_dropped_total", "counter",
	      "Notifications not sent although somebody listened.");
	for (i = 0; i < info->nr_groups; i++)
		sample(file, info->group[i].dropped,
		       "kvmfault_notifications_dropped_total", "group",
		       info->group[i].name, NULL);
}

static void put_probes(FILE *file, const struct rows *probes)
{
	const struct probe *probe;

	begin(file, "kvmfault_probe_armed", "gauge",
	      "1 if a probe is in place and KVM calls what it sits on.");
	rows_for_each(probe, probes)
		sample(file, probe->state == KVMFAULT_PROBE_STATUS_ARMED,
		       "kvmfault_probe_armed", "probe", probe->name, NULL);
	begin(file, "kvmfault_probe_hits_total", "counter",
	      "Calls that were counted.");
	rows_for_each(probe, probes)
		sample(file, probe->hits, "kvmfault_probe_hits_total", "probe",
		       probe->name, NULL);
	begin(file, "kvmfault_probe_missed_total", "counter",
	      "Calls that were not counted.");
	rows_for_each(probe, probes)
		sample(file, probe->missed, "kvmfault_probe_missed_total", "probe",
		       probe->name, NULL);
}

static void put_host(FILE *file, const struct total *host)
{
	static const char name[] = "kvmfault_host_fault_duration_seconds";
	char labels[64];
	unsigned int class;

	begin(file, name, "histogram",
	      "Faults of all VMs, those that are gone included, by how long they took: entry to return of the probed function, host scheduling and sleep included.");
	for (class = 0; class < CLASSES; class++) {
		if (!total_is_there(&host[class]))
			continue;
		snprintf(labels, sizeof(labels), "class=\"%s\"", class_name(class));
		put_histogram(file, name, labels, host[class].sum_ns,
			      host[class].bucket);
	}
}

static void put_vm_info(FILE *file, const struct rows *vms)
{
	char id[24], pid[24];
	const struct vm *vm;

	begin(file, "kvmfault_vm_info", "gauge",
	      "A VM: the process that runs it, to be joined by vm.");
	rows_for_each(vm, vms)
		sample(file, 1, "kvmfault_vm_info", "vm", label_of(id, vm->id),
		       "pid", label_of(pid, vm->pid), "comm", vm->comm, NULL);
	begin(file, "kvmfault_vm_vcpus", "gauge",
	      "vCPUs of a VM that have faulted.");
	rows_for_each(vm, vms)
		sample(file, vm->vcpus, "kvmfault_vm_vcpus", "vm",
		       label_of(id, vm->id), NULL);
}

static void put_vm_counts(FILE *file, const struct rows *vms)
{
	const struct vm *vm;
	unsigned int class;
	char id[24];

	begin(file, "kvmfault_vm_retries_total", "counter",
	      "Faults that the guest had to try again; absent while not known.");
	rows_for_each(vm, vms)
		sample(file, vm->retry, "kvmfault_vm_retries_total", "vm",
		       label_of(id, vm->id), NULL);
	begin(file, "kvmfault_vm_userspace_total", "counter",
	      "Faults that went on to the VMM.");
	rows_for_each(vm, vms)
		for (class = 0; class < CLASSES; class++)
			sample(file, vm->total[class].userspace,
			       "kvmfault_vm_userspace_total", "vm",
			       label_of(id, vm->id), "class",
			       class_name(class), NULL);
}

static void put_vm_histograms(FILE *file, const struct rows *vms)
{
	static const char name[] = "kvmfault_vm_fault_duration_seconds";
	const struct vm *vm;
	unsigned int class;
	char labels[96];

	begin(file, name, "histogram",
	      "Faults of a living VM by how long they took: entry to return of the probed function, host scheduling and sleep included.");
	rows_for_each(vm, vms)
		for (class = 0; class < CLASSES; class++) {
			if (!total_is_there(&vm->total[class]))
				continue;
			snprintf(labels, sizeof(labels), "vm=\"%llu\",class=\"%s\"",
				 (unsigned long long)vm->id, class_name(class));
			put_histogram(file, name, labels,
				      vm->total[class].sum_ns,
				      vm->total[class].bucket);
		}
}

/*
 * The vCPUs of a VM are summed up in a row like theirs. How many became ready is
 * the count of the durations.
 */
#define ASYNC(name, type, help, member)	\
	{ "kvmfault_vm_async_" name, type, help, offsetof(struct async, member) }

static const struct {
	const char *name;
	const char *type;
	const char *help;
	size_t at;
} async_counts[] = {
	ASYNC("setup_total", "counter",
	      "Asynchronous page faults: KVM did not wait for the page.", setup),
	ASYNC("delivered_total", "counter",
	      "Those of which the guest was told.", delivered),
	ASYNC("halted_total", "counter",
	      "Those for which KVM has halted the vCPU.", halted),
	ASYNC("completed_total", "counter",
	      "Those whose page has come.", completed),
	ASYNC("cancelled_total", "counter", "Those that KVM gave up.", cancelled),
	ASYNC("repeated_total", "counter",
	      "Faults at pages that were outstanding.", repeated),
	ASYNC("outstanding", "gauge",
	      "Asynchronous page faults whose page is still to come.", outstanding),
};

#define ASYNC_COUNTS	(sizeof(async_counts) / sizeof(async_counts[0]))

static uint64_t *async_count(const struct async *async, size_t at)
{
	return (uint64_t *)((char *)async + at);
}

static void async_add(uint64_t *sum, uint64_t count)
{
	if (count != UNKNOWN)
		*sum += count;
}

/* vCPUs of a VM come one after another. */
static void async_sum(struct rows *vms, const struct async *async)
{
	struct async *vm = rows_last(vms);
	unsigned int i;

	if (!vm || vm->vm != async->vm) {
		vm = rows_add(vms);
		vm->vm = async->vm;
	}
	for (i = 0; i < ASYNC_COUNTS; i++)
		async_add(async_count(vm, async_counts[i].at),
			  *async_count(async, async_counts[i].at));
	async_add(&vm->sum_ns, async->sum_ns);
	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		vm->bucket[i] += async->bucket[i];
}

static void put_asyncs(FILE *file, const struct rows *vms)
{
	static const char name[] = "kvmfault_vm_async_duration_seconds";
	char id[24], labels[48];
	const struct async *vm;
	unsigned int i;

	for (i = 0; i < ASYNC_COUNTS; i++) {
		begin(file, async_counts[i].name, async_counts[i].type,
		      async_counts[i].help);
		rows_for_each(vm, vms)
			sample(file, *async_count(vm, async_counts[i].at),
			       async_counts[i].name, "vm", label_of(id, vm->vm),
			       NULL);
	}
	begin(file, name, "histogram",
	      "Asynchronous page faults of a living VM that became ready, by how long that took since they were set up.");
	rows_for_each(vm, vms) {
		snprintf(labels, sizeof(labels), "vm=\"%llu\"",
			 (unsigned long long)vm->vm);
		put_histogram(file, name, labels, vm->sum_ns, vm->bucket);
	}
}

static int is_live(const void *row, const void *unused)
{
	(void)unused;
	return ((const struct vm *)row)->id != 0;
}

/*
 * VM 0 is in the host's counts only: as a series it would leap whenever a VM
 * dies, and a sum over rates would see those faults twice.
 */
static void gather_totals(struct everything *all)
{
	const struct vm *vm;
	unsigned int class;

	for (class = 0; class < CLASSES; class++) {
		all->host[class].class = class;
		all->host[class].count = UNKNOWN;
	}
	rows_for_each(vm, &all->vms)
		for (class = 0; class < CLASSES; class++)
			total_add(&all->host[class], &vm->total[class]);
	rows_keep(&all->vms, is_live, NULL);
}

static void gather_asyncs(struct nl *nl, struct rows *vms)
{
	const struct wanted all = { UNKNOWN, UNKNOWN };
	const struct async *async;
	struct rows asyncs;

	model_asyncs(nl, &asyncs, &all);
	*vms = ROWS(struct async);
	rows_for_each(async, &asyncs)
		if (async->vm)
			async_sum(vms, async);
	rows_free(&asyncs);
}

static void gather(struct nl *nl, struct everything *all)
{
	model_info(nl, &all->info);
	model_probes(nl, &all->probes);
	vms_take(nl, &all->vms, true);
	gather_totals(all);
	gather_asyncs(nl, &all->asyncs);
	/* A VM that is in no row would have counters of the host go backwards. */
	if (nl_torn(nl))
		die(EXIT_REFUSED, "nothing is exported");
}

static void put_everything(FILE *file, const struct everything *all)
{
	put_module(file, &all->info);
	put_loss(file, &all->info);
	put_probes(file, &all->probes);
	put_host(file, all->host);
	put_vm_info(file, &all->vms);
	put_vm_counts(file, &all->vms);
	put_vm_histograms(file, &all->vms);
	put_asyncs(file, &all->asyncs);
}

/* What is put in the place of a device is one no more. */
static void check_file(const char *name)
{
	struct stat now;

	if (!stat(name, &now) && !S_ISREG(now.st_mode))
		die(EXIT_USAGE, "%s is no file that could be replaced: print to it instead, with >",
		    name);
}

/* What goes wrong with a file often shows only when it is closed. */
static void put_file(const struct everything *all, const char *name)
{
	char new[PATH_MAX];
	FILE *file;
	int fd;

	if (snprintf(new, sizeof(new), "%s.XXXXXX", name) >= (int)sizeof(new))
		die(EXIT_USAGE, "the name of the file is too long");
	fd = mkstemp(new);
	if (fd < 0)
		die(EXIT_REFUSED, "cannot write next to %s: %s", name,
		    strerror(errno));

	file = must_alloc(fdopen(fd, "w"));
	put_everything(file, all);
	if (fflush(file) || ferror(file) || fchmod(fd, 0644) || fsync(fd) ||
	    fclose(file) || rename(new, name)) {
		int error = errno;

		unlink(new);
		die(EXIT_REFUSED, "cannot write %s: %s", name, strerror(error));
	}
}

void export_command(struct nl *nl, const struct options *options)
{
	static struct everything all;

	if (!options->prometheus)
		die(EXIT_USAGE, "say in which format: export --prometheus");
	if (options->output)
		check_file(options->output);

	gather(nl, &all);
	if (options->output) {
		put_file(&all, options->output);
	} else {
		put_everything(stdout, &all);
		if (fflush(stdout))
			die(EXIT_REFUSED, "cannot write: %s", strerror(errno));
	}
	rows_free(&all.vms);
	rows_free(&all.probes);
	rows_free(&all.asyncs);
}
