// SPDX-License-Identifier: GPL-2.0
/* kvmfault vms: a line for each VM; and kvmfault alone: the busiest of them */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "figure.h"

/* With what is above them they fill a terminal of 24 lines. */
#define BUSIEST		12

#define VIOLATION	KVMFAULT_FAULT_CLASS_VIOLATION
#define MISCONFIG	KVMFAULT_FAULT_CLASS_MISCONFIG
#define TDP		KVMFAULT_FAULT_CLASS_TDP
#define SHADOW		KVMFAULT_FAULT_CLASS_SHADOW

static const struct column columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "pid", NULL, COLUMN_NUMBER, false },
	{ "state", NULL, COLUMN_TEXT, true },
	{ "vcpus", NULL, COLUMN_NUMBER, false },
	{ "violation", NULL, COLUMN_NUMBER, false },
	{ "misconfig", NULL, COLUMN_NUMBER, false },
	{ "tdp", NULL, COLUMN_NUMBER, false },
	{ "shadow", NULL, COLUMN_NUMBER, true },
	{ "retry", NULL, COLUMN_NUMBER, false },
	{ "userspace", NULL, COLUMN_NUMBER, true },
	{ "p50_ns", "p50", COLUMN_TIME, true },
	{ "p99_ns", "p99", COLUMN_TIME, true },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ "comm", NULL, COLUMN_TEXT, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column rate_columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "pid", NULL, COLUMN_NUMBER, false },
	{ "violation_per_s", "viol/s", COLUMN_RATE, false },
	{ "misconfig_per_s", "misc/s", COLUMN_RATE, false },
	{ "tdp_per_s", "tdp/s", COLUMN_RATE, false },
	{ "shadow_per_s", "shadow/s", COLUMN_RATE, true },
	{ "retry_per_s", "retry/s", COLUMN_RATE, false },
	{ "busy", "busy%", COLUMN_SHARE, false },
	{ "p50_ns", "p50", COLUMN_TIME, false },
	{ "p99_ns", "p99", COLUMN_TIME, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ "comm", NULL, COLUMN_TEXT, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column busiest_columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "pid", NULL, COLUMN_NUMBER, false },
	{ "violation", NULL, COLUMN_NUMBER, false },
	{ "misconfig", NULL, COLUMN_NUMBER, false },
	{ "time_ns", "time", COLUMN_TIME, false },
	{ "p50_ns", "p50", COLUMN_TIME, false },
	{ "p99_ns", "p99", COLUMN_TIME, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ "comm", NULL, COLUMN_TEXT, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column class_columns[] = {
	{ "class", "all VMs", COLUMN_TEXT, false },
	{ "count", NULL, COLUMN_NUMBER, false },
	{ "sum_ns", "time", COLUMN_TIME, false },
	{ "p50_ns", "p50", COLUMN_TIME, false },
	{ "p99_ns", "p99", COLUMN_TIME, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static uint64_t sum(uint64_t one, uint64_t other)
{
	if (one == UNKNOWN)
		return other;
	return other == UNKNOWN ? one : one + other;
}

static void add_histograms(struct nl *nl, struct rows *vms)
{
	const struct wanted all = { UNKNOWN, UNKNOWN };
	struct rows histograms;
	struct series *series;
	struct vm *vm;

	model_histograms(nl, &histograms, &all);
	rows_for_each(series, &histograms) {
		vm = model_find_vm(vms, series->vm);
		if (vm && series->total.class < CLASSES)
			memcpy(vm->total[series->total.class].bucket,
			       series->total.bucket,
			       sizeof(series->total.bucket));
	}
	rows_free(&histograms);
}

/* All VMs as they are, with the histograms that differences need. */
void vms_take(struct nl *nl, struct rows *vms, bool histograms)
{
	model_vms(nl, vms);
	if (histograms)
		add_histograms(nl, vms);
}

/*
 * What each living VM did between two looks. VM 0 is none of them: what it
 * gains when a VM dies was done long before.
 */
void vms_since(struct rows *since, const struct rows *now,
	       const struct rows *before)
{
	const struct vm *vm, *old;
	unsigned int class;
	struct vm *new;

	*since = ROWS(struct vm);
	rows_for_each(vm, now) {
		if (!vm->id)
			continue;
		old = model_find_vm(before, vm->id);
		new = rows_add(since);
		memcpy(new, vm, sizeof(*new));
		for (class = 0; class < CLASSES; class++)
			total_since(&new->total[class], &vm->total[class],
				    old ? &old->total[class] : NULL);
		if (old && vm->retry != UNKNOWN && old->retry <= vm->retry)
			new->retry -= old->retry;
	}
}

static void put_vm(struct table *table, const struct vm *vm)
{
	const struct total *exit = &vm->total[VIOLATION];
	unsigned int class;

	table_number(table, vm->id);
	table_number(table, vm->pid);
	table_word(table, vm_state_name(vm->state));
	table_number(table, vm->vcpus);
	for (class = 0; class < CLASSES; class++)
		table_number(table, vm->total[class].count);
	table_number(table, vm->retry);
	table_number(table, sum(exit->userspace, vm->total[MISCONFIG].userspace));
	table_number(table, exit->p50_ns);
	table_number(table, exit->p99_ns);
	table_number(table, exit->max_ns);
	table_text(table, vm->comm);
}

static void put_rates(struct table *table, const struct vm *vm, double seconds)
{
	const struct total *exit = &vm->total[VIOLATION];

	table_number(table, vm->id);
	table_number(table, vm->pid);
	table_real(table, rate_of(vm->total[VIOLATION].count, 0, seconds));
	table_real(table, rate_of(vm->total[MISCONFIG].count, 0, seconds));
	table_real(table, rate_of(vm->total[TDP].count, 0, seconds));
	table_real(table, rate_of(vm->total[SHADOW].count, 0, seconds));
	table_real(table, rate_of(vm->retry, 0, seconds));
	table_real(table, total_busy_ns(vm->total) / seconds / 1e9);
	table_number(table, exit->p50_ns);
	table_number(table, exit->p99_ns);
	table_number(table, exit->max_ns);
	table_text(table, vm->comm);
}

static void put_busy(struct table *table, const struct vm *vm)
{
	const struct total *exit = &vm->total[VIOLATION];

	table_number(table, vm->id);
	table_number(table, vm->pid);
	table_number(table, exit->count);
	table_number(table, vm->total[MISCONFIG].count);
	table_number(table, total_busy_ns(vm->total));
	table_number(table, exit->p50_ns);
	table_number(table, exit->p99_ns);
	table_number(table, exit->max_ns);
	table_text(table, vm->comm);
}

static void take(struct nl *nl, struct rows *vms, const struct options *options)
{
	if (options->vm && options->interval)
		pick_living(nl, vms, options->vm);
	else if (options->vm)
		pick_vms(nl, vms, options->vm);
	else
		model_vms(nl, vms);
	if (options->interval)
		add_histograms(nl, vms);
}

static void print_rates(const struct rows *vms, double seconds,
			const struct options *options)
{
	struct table *table = table_new(rate_columns, options);
	const struct vm *vm;

	rows_for_each(vm, vms)
		put_rates(table, vm, seconds);
	table_print(table);
}

static void print(const struct rows *now, const struct rows *before,
		  double seconds, const struct options *options)
{
	const struct vm *vm;
	struct table *table;
	struct rows since;

	if (before) {
		vms_since(&since, now, before);
		print_rates(&since, seconds, options);
		rows_free(&since);
		return;
	}
	table = table_new(columns, options);
	rows_for_each(vm, now)
		put_vm(table, vm);
	table_print(table);
}

void vms_command(struct nl *nl, const struct options *options)
{
	static const struct watch vms = { take, print };

	watch(nl, &vms, options);
}

/* The busiest first, then those that did as much in the order of numbers. */
static int by_time(const void *left, const void *right)
{
	const struct vm *one = left, *other = right;
	uint64_t ns = total_busy_ns(one->total), other_ns = total_busy_ns(other->total);

	if (ns != other_ns)
		return ns > other_ns ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}

static int is_live(const void *row, const void *unused)
{
	(void)unused;
	return ((const struct vm *)row)->id != 0;
}

static void keep_busiest(struct rows *vms)
{
	rows_keep(vms, is_live, NULL);
	if (vms->nr)
		qsort(vms->row, vms->nr, vms->size, by_time);
	if (vms->nr > BUSIEST)
		vms->nr = BUSIEST;
}

static struct table *classes_table(const struct info *info,
				   const struct options *options)
{
	struct table *table = table_new(class_columns, options);
	const struct total *total;
	unsigned int class;

	for (class = 0; class < CLASSES; class++) {
		total = &info->total[class];
		if (!total_is_there(total))
			continue;
		table_word(table, class_name(class));
		table_number(table, total->count);
		table_number(table, total->sum_ns);
		table_number(table, total->p50_ns);
		table_number(table, total->p99_ns);
		table_number(table, total->max_ns);
	}
	return table;
}

static struct table *busiest_table(const struct rows *vms,
				   const struct options *options)
{
	struct table *table = table_new(busiest_columns, options);
	const struct vm *vm;

	rows_for_each(vm, vms)
		put_busy(table, vm);
	return table;
}

static uint64_t all_missed(const struct info *info)
{
	uint64_t missed = 0;
	unsigned int reason;

	for (reason = 0; reason < REASONS; reason++)
		missed = sum(info->missed[reason], missed);
	return missed;
}

static uint64_t all_memory(const struct info *info)
{
	return sum(sum(info->buffer_bytes, info->vm_bytes),
		   sum(info->probe_bytes,
		       sum(sum(info->recent_bytes, info->hot_bytes),
			   sum(info->async_bytes, info->stage_bytes))));
}

static void print_head(const struct info *info)
{
	char bytes[FIGURE];

	printf("kvmfault %s, %s engine, %llu of %llu probes armed, missed %llu, memory %s\n",
	       info->version, info->engine, (unsigned long long)info->armed,
	       (unsigned long long)info->probes,
	       (unsigned long long)all_missed(info),
	       figure_bytes(bytes, all_memory(info)));
}

static void print_busiest(const struct info *info, const struct rows *vms,
			  const struct options *options)
{
	print_head(info);
	putchar('\n');
	table_print(classes_table(info, options));
	printf("\n%llu live, %llu gone; by time in violation (or shadow) and misconfig, p50 to max of violation:\n",
	       (unsigned long long)info->vms_live,
	       (unsigned long long)info->vms_gone);
	table_print(busiest_table(vms, options));
}

static void print_busiest_json(const struct info *info, const struct rows *vms,
			       const struct options *options)
{
	struct json_object *json = json_object_new_object();

	json_text(json, "version", info->version);
	json_text(json, "engine", info->engine);
	json_number(json, "probes", info->probes);
	json_number(json, "armed", info->armed);
	json_number(json, "missed", all_missed(info));
	json_number(json, "memory_bytes", all_memory(info));
	json_number(json, "vms_live", info->vms_live);
	json_number(json, "vms_gone", info->vms_gone);
	json_number(json, "resets", info->resets);
	json_object_object_add(json, "total",
			       table_json(classes_table(info, options)));
	json_object_object_add(json, "vms",
			       table_json(busiest_table(vms, options)));
	json_print(json, options);
}

static void print_busy_rates(const struct rows *now, const struct rows *before,
			     double seconds, const struct options *options)
{
	struct rows since;

	vms_since(&since, now, before);
	keep_busiest(&since);
	print_rates(&since, seconds, options);
	rows_free(&since);
}

void busiest_command(struct nl *nl, const struct options *options)
{
	static const struct watch rates = { take, print_busy_rates };
	struct info info;
	struct rows vms;

	if (options->interval) {
		watch(nl, &rates, options);
		return;
	}
	model_info(nl, &info);
	take(nl, &vms, options);
	keep_busiest(&vms);
	if (options->json)
		print_busiest_json(&info, &vms, options);
	else
		print_busiest(&info, &vms, options);
	rows_free(&vms);
}
