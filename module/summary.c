// SPDX-License-Identifier: GPL-2.0
/*
 * One page for a person: is it working, and who suffers
 *
 * For eyes only: programs read the tables.
 */
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/seq_file.h>

#include "async.h"
#include "clock.h"
#include "comm.h"
#include "detail.h"
#include "hot.h"
#include "kvmfault.h"
#include "learn.h"
#include "memory.h"
#include "probe.h"
#include "recent.h"
#include "stages.h"
#include "steps.h"
#include "summary.h"
#include "switch.h"
#include "table.h"
#include "watch.h"

#define BUSIEST		10
#define STUCK		5U

/* To work with; too large for the stack. */
struct scratch {
	struct kvmfault_row rows[2];
	struct kvmfault_async_row async[2];
};

/*
 * A figure with its unit, right-aligned in @width columns: one digit after the
 * point where there are fewer than three before it.
 */
static void put_figure(struct seq_file *file, int width, u64 value,
		       unsigned int base, const char *const *units)
{
	u64 tenths = value * 10;
	char text[24];

	for (; tenths >= 10ULL * base && units[1]; units++) {
		tenths = div_u64(value * 10, base);
		value = div_u64(value, base);
	}

	if (tenths % 10 && tenths < 1000)
		snprintf(text, sizeof(text), "%llu.%u %s", div_u64(tenths, 10),
			 (unsigned int)(tenths % 10), *units);
	else
		snprintf(text, sizeof(text), "%llu %s", div_u64(tenths, 10),
			 *units);
	seq_printf(file, "%*s", width, text);
}

static void put_duration(struct seq_file *file, int width, u64 ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s", NULL };

	put_figure(file, width, ns, 1000, units);
}

static void put_bytes(struct seq_file *file, const char *what, size_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", NULL };

	seq_printf(file, "%s ", what);
	put_figure(file, 0, bytes, 1024, units);
}

static void put_head(struct seq_file *file)
{
	const char *leaving = kvmfault_switch_leaving();
	struct kvmfault_probe_row row;
	enum kvmfault_point_id id;
	unsigned int used, armed;

	used = kvmfault_probe_nr(&armed);
	seq_printf(file, "kvmfault %s, %s engine, %s clock, %u of %u probes armed\n",
		   KVMFAULT_VERSION, kvmfault_probe_engine(),
		   kvmfault_clock_name(), armed, used);
	if (leaving)
		seq_printf(file, "engine   calls are under way in the %s engine, in use before: the module stays until they end\n",
			   leaving);

	for (id = 0; id < KVMFAULT_POINTS; id++)
		if (kvmfault_probe_row(id, &row) &&
		    row.state != KVMFAULT_PROBE_ARMED)
			seq_printf(file, "probe    %s is %s\n", row.name,
				   kvmfault_probe_state_name(row.state));
}

/* What is not proven on this kernel is left out, and here it says so. */
static void put_recognised(struct seq_file *file)
{
	static const char *const codes[] = {
		[KVMFAULT_CODES_UNKNOWN] = "not recognised yet, so retry is not shown",
		[KVMFAULT_CODES_5_10] = "as in 5.10",
		[KVMFAULT_CODES_6_1] = "as in 6.1",
		[KVMFAULT_CODES_6_12] = "as in 6.12",
	};
	const struct kvmfault_layout *layout = READ_ONCE(kvmfault_layout);

	seq_printf(file, "KVM      tdp is called with %s%s%s; its outcomes are %s\n",
		   kvmfault_recognised_call(), layout ? " as in " : "",
		   layout ? layout->name : "",
		   codes[kvmfault_recognised_codes()]);
}

static void put_memory(struct seq_file *file)
{
	struct kvmfault_memory memory;

	kvmfault_memory_read(&memory);
	seq_printf(file, "memory   %zu bytes:",
		   memory.buffers + memory.vms + memory.probes + memory.async +
		   memory.recent + memory.hot + memory.stages);
	put_bytes(file, " buffers", memory.buffers);
	put_bytes(file, ", VMs", memory.vms);
	put_bytes(file, ", probes", memory.probes);
	put_bytes(file, ", async", memory.async);
	if (memory.recent)
		put_bytes(file, ", recent", memory.recent);
	if (memory.hot)
		put_bytes(file, ", hot", memory.hot);
	if (memory.stages)
		put_bytes(file, ", stages", memory.stages);
	seq_puts(file, "\n");
}

static const char *on_or_off(const struct kvmfault_detail *detail)
{
	return kvmfault_detail_is_on(detail) ? "on" : "off";
}

static void put_details(struct seq_file *file)
{
	seq_printf(file, "details  recent is %s, hot is %s, stages is %s; write Y or N to /sys/module/kvmfault/parameters/\n",
		   on_or_off(&kvmfault_recent_detail),
		   on_or_off(&kvmfault_hot_detail),
		   on_or_off(&kvmfault_stages_detail));
	if (kvmfault_steps_only())
		seq_printf(file, "         stages are those of vm %llu alone\n",
			   kvmfault_steps_only());
}

static void put_missed(struct seq_file *file)
{
	static const char *const why[KVMFAULT_LOSSES] = {
		[KVMFAULT_LOSS_VM] = "of VMs or vCPUs that came too fast, or beyond max_vms",
		[KVMFAULT_LOSS_SLOT] = "of more VMs on a CPU than slots",
		[KVMFAULT_LOSS_BUFFER] = "on a CPU without a buffer",
	};
	struct kvmfault_missed missed;
	enum kvmfault_loss loss;

	kvmfault_probe_missed(&missed);
	seq_printf(file, "missed   %llu\n", missed.all);
	for (loss = 0; loss < KVMFAULT_LOSSES; loss++)
		if (missed.lost[loss])
			seq_printf(file, "         %llu %s\n",
				   missed.lost[loss], why[loss]);
	if (missed.unseen)
		seq_printf(file,
			   "         %llu while more than maxactive calls were under way\n",
			   missed.unseen);
}

static void put_stuck_row(struct seq_file *file,
			  const struct kvmfault_stuck_row *row)
{
	seq_printf(file, "         vm %llu vcpu %d ", row->vm->id, row->vcpu);
	if (row->how == KVMFAULT_STUCK_ASLEEP)
		seq_puts(file, "sleeps in one fault");
	else if (row->how == KVMFAULT_STUCK_ASYNC)
		seq_puts(file, "waits for a page");
	else
		seq_printf(file, "repeats %llu faults", row->faults);
	if (row->gpa != KVMFAULT_NOWHERE)
		seq_printf(file, " at gpa %#llx", row->gpa);
	if (row->rip != KVMFAULT_NOWHERE)
		seq_printf(file, ", rip %#llx", row->rip);
	seq_puts(file, ", for ");
	put_duration(file, 0, row->for_ns);
	seq_puts(file, "\n");
}

/**
 * struct stuck - who is stuck
 * @first: the first few
 * @nr: how many there are
 */
struct stuck {
	struct kvmfault_stuck_row first[STUCK];
	unsigned int nr;
};

/* Counts all and keeps the first few. */
static int vm_find_stuck(struct stuck *stuck, const struct kvmfault_vm *vm)
{
	const struct kvmfault_vcpu **vcpus;
	unsigned int i, nr;

	vcpus = kvmfault_watch_vcpus(vm, &nr);
	if (IS_ERR(vcpus))
		return PTR_ERR(vcpus);

	for (i = 0; i < nr && stuck->nr + i < STUCK; i++)
		kvmfault_watch_row(&stuck->first[stuck->nr + i], vcpus[i]);
	stuck->nr += nr;
	kvfree(vcpus);
	return 0;
}

static int put_stuck(struct seq_file *file)
{
	const struct kvmfault_vm *vm;
	struct stuck stuck;
	unsigned int i;
	int ret = 0;

	stuck.nr = 0;
	for (vm = kvmfault_table_next(NULL); vm && !ret;
	     vm = kvmfault_table_next(vm))
		ret = vm_find_stuck(&stuck, vm);
	if (ret)
		return ret;

	seq_printf(file, "stuck    %u vCPUs\n", stuck.nr);
	for (i = 0; i < min(stuck.nr, STUCK); i++)
		put_stuck_row(file, &stuck.first[i]);
	return 0;
}

static void async_add(struct kvmfault_async_row *sum,
		      const struct kvmfault_async_row *row)
{
	sum->set_up += row->set_up;
	sum->delivered += row->delivered;
	sum->repeated += row->repeated;
	sum->outstanding += row->outstanding;
	sum->oldest_ns = max(sum->oldest_ns, row->oldest_ns);
}

static int vm_async_add(struct kvmfault_async_row *sum,
			struct kvmfault_async_row *row,
			const struct kvmfault_vm *vm)
{
	const struct kvmfault_vcpu **vcpus;
	unsigned int i, nr;

	vcpus = kvmfault_async_vcpus(vm, &nr);
	if (IS_ERR(vcpus))
		return PTR_ERR(vcpus);

	for (i = 0; i < nr; i++)
		if (kvmfault_async_row(row, vcpus[i]))
			async_add(sum, row);
	kvfree(vcpus);
	return 0;
}

static int async_sum(struct kvmfault_async_row *sum,
		     struct kvmfault_async_row *row)
{
	const struct kvmfault_vm *vm;
	int ret = 0;

	memset(sum, 0, sizeof(*sum));
	if (kvmfault_async_row_gone(row))
		async_add(sum, row);
	for (vm = kvmfault_table_next(NULL); vm && !ret;
	     vm = kvmfault_table_next(vm))
		ret = vm_async_add(sum, row, vm);
	return ret;
}

/* Most hosts never see one. */
static int put_async(struct seq_file *file, struct kvmfault_async_row *rows)
{
	const struct kvmfault_async_row *sum = &rows[0];
	u64 lost = kvmfault_async_lost();
	int ret;

	ret = async_sum(&rows[0], &rows[1]);
	if (ret || (!sum->set_up && !lost))
		return ret;

	seq_printf(file, "async    %llu page faults, the guest was told of %llu; %llu outstanding",
		   sum->set_up, sum->delivered, sum->outstanding);
	if (sum->outstanding) {
		seq_puts(file, ", the oldest for ");
		put_duration(file, 0, sum->oldest_ns);
	}
	if (lost)
		seq_printf(file, "; %llu more not counted, of VMs that are not listed or for lack of memory",
			   lost);
	seq_puts(file, "\n");
	return 0;
}

static void put_percentile(struct seq_file *file, int width,
			   const struct kvmfault_total *total,
			   unsigned int permille)
{
	put_duration(file, width,
		     kvmfault_hist_percentile(total->bucket, total->max_ns,
					      permille));
}

static void put_latency(struct seq_file *file, int width,
			const struct kvmfault_total *total)
{
	put_percentile(file, width, total, 500);
	put_percentile(file, width, total, 990);
	put_duration(file, width, total->max_ns);
}

static void put_classes(struct seq_file *file, const struct kvmfault_row *sum)
{
	const struct kvmfault_total *total;
	unsigned int class;

	seq_printf(file, "\n%-10s%12s%10s%10s%10s%10s\n", "all VMs", "count",
		   "time", "p50", "p99", "max");
	for (class = 0; class < KVMFAULT_CLASSES; class++) {
		if (!kvmfault_table_has_class(&sum->counts, class))
			continue;
		total = &sum->counts.total[class];
		seq_printf(file, "%-10s%12llu", kvmfault_class_name(class),
			   kvmfault_hist_count(total->bucket));
		put_duration(file, 10, total->sum_ns);
		put_latency(file, 10, total);
		seq_puts(file, "\n");
	}
}

static void put_vm(struct seq_file *file, const struct kvmfault_row *row)
{
	const struct kvmfault_total *violation, *misconfig;

	violation = &row->counts.total[KVMFAULT_VIOLATION];
	misconfig = &row->counts.total[KVMFAULT_MISCONFIG];
	seq_printf(file, "%-4llu%8d%10llu%10llu", row->vm->id, row->vm->pid,
		   kvmfault_hist_count(violation->bucket),
		   kvmfault_hist_count(misconfig->bucket));
	put_duration(file, 9, kvmfault_table_load(row));
	put_latency(file, 9, violation);
	kvmfault_comm_put(file, row->vm->comm);
}

static void put_busiest(struct seq_file *file, struct kvmfault_row *row)
{
	struct kvmfault_ranked ranked[BUSIEST];
	unsigned int i, nr;

	nr = kvmfault_table_busiest(ranked, BUSIEST, row);
	if (!nr)
		return;

	seq_printf(file, "\nbusiest VMs, by time in violation (or shadow) and misconfig; p50, p99 and max of violation\n%-4s%8s%10s%10s%9s%9s%9s%9s %s\n",
		   "vm", "pid", "violation", "misconfig", "time", "p50", "p99",
		   "max", "comm");
	for (i = 0; i < nr; i++) {
		kvmfault_table_fold(row, ranked[i].what);
		put_vm(file, row);
	}
}

/* All that is of one moment. */
static int put_table(struct seq_file *file, struct scratch *scratch)
{
	struct kvmfault_row *rows = scratch->rows;
	int ret;

	seq_printf(file, "VMs      %u live, %llu gone\n", kvmfault_table_nr_live(),
		   kvmfault_vm_nr_gone());
	ret = put_stuck(file);
	if (!ret)
		ret = put_async(file, scratch->async);
	if (ret)
		return ret;
	kvmfault_table_sum(&rows[0], &rows[1]);
	put_classes(file, &rows[0]);
	put_busiest(file, &rows[0]);
	return 0;
}

/**
 * kvmfault_summary_show() - write the page
 * @file: where to
 * @unused: nothing
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_summary_show(struct seq_file *file, void *unused)
{
	struct scratch *scratch;
	int ret;

	scratch = kvmalloc(sizeof(*scratch), GFP_KERNEL);
	if (!scratch)
		return -ENOMEM;

	put_head(file);
	put_recognised(file);
	put_memory(file);
	put_details(file);
	put_missed(file);

	kvmfault_table_begin();
	ret = put_table(file, scratch);
	kvmfault_table_end();

	seq_puts(file, "\nTimes are from entry to return of the probed function: host scheduling and\nsleep are in them. A violation contains its tdp.\n");
	kvfree(scratch);
	return ret;
}
