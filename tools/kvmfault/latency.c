// SPDX-License-Identifier: GPL-2.0
/* kvmfault latency: how long faults lasted, by VM and class */
#include <string.h>

#include "command.h"

static const struct column columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "class", NULL, COLUMN_TEXT, false },
	{ "count", NULL, COLUMN_NUMBER, false },
	{ "sum_ns", "time", COLUMN_TIME, false },
	{ "min_ns", "min", COLUMN_TIME, false },
	{ "p50_ns", "p50", COLUMN_TIME, false },
	{ "p90_ns", "p90", COLUMN_TIME, false },
	{ "p99_ns", "p99", COLUMN_TIME, false },
	{ "p999_ns", "p99.9", COLUMN_TIME, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ "userspace", NULL, COLUMN_NUMBER, true },
	{ "failed", NULL, COLUMN_NUMBER, true },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column rate_columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "class", NULL, COLUMN_TEXT, false },
	{ "per_s", "faults/s", COLUMN_RATE, false },
	{ "busy", "busy%", COLUMN_SHARE, false },
	{ "p50_ns", "p50", COLUMN_TIME, false },
	{ "p90_ns", "p90", COLUMN_TIME, false },
	{ "p99_ns", "p99", COLUMN_TIME, false },
	{ "p999_ns", "p99.9", COLUMN_TIME, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static int is_picked(const void *row, const void *vms)
{
	return picked(vms, ((const struct series *)row)->vm);
}

static void add_histograms(struct nl *nl, struct rows *series,
			   const struct wanted *wanted)
{
	struct series *histogram, *found;
	struct rows histograms;

	model_histograms(nl, &histograms, wanted);
	rows_for_each(histogram, &histograms) {
		found = model_find_series(series, histogram->vm,
					  histogram->total.class);
		if (found)
			memcpy(found->total.bucket, histogram->total.bucket,
			       sizeof(found->total.bucket));
	}
	rows_free(&histograms);
}

static void take(struct nl *nl, struct rows *series, const struct options *options)
{
	struct wanted wanted;
	struct rows vms;

	pick(nl, &vms, &wanted, options);
	model_latency(nl, series, &wanted);
	rows_keep(series, is_picked, &vms);
	if (options->interval)
		add_histograms(nl, series, &wanted);
	rows_free(&vms);
}

static void put(struct table *table, const struct series *series)
{
	const struct total *total = &series->total;

	table_number(table, series->vm);
	table_word(table, class_name(total->class));
	table_number(table, total->count);
	table_number(table, total->sum_ns);
	table_number(table, total->min_ns);
	table_number(table, total->p50_ns);
	table_number(table, total->p90_ns);
	table_number(table, total->p99_ns);
	table_number(table, total->p999_ns);
	table_number(table, total->max_ns);
	table_number(table, total->userspace);
	table_number(table, total->failed);
}

static void put_rates(struct table *table, const struct series *series,
		      const struct rows *before, double seconds)
{
	const struct series *old = model_find_series(before, series->vm,
						     series->total.class);
	struct total since;

	total_since(&since, &series->total, old ? &old->total : NULL);
	table_number(table, series->vm);
	table_word(table, class_name(since.class));
	table_real(table, rate_of(since.count, 0, seconds));
	table_real(table, rate_of(since.sum_ns, 0, seconds * 1e9));
	table_number(table, since.p50_ns);
	table_number(table, since.p90_ns);
	table_number(table, since.p99_ns);
	table_number(table, since.p999_ns);
	table_number(table, since.max_ns);
}

static void print(const struct rows *now, const struct rows *before,
		  double seconds, const struct options *options)
{
	struct table *table = table_new(before ? rate_columns : columns, options);
	const struct series *series;

	rows_for_each(series, now) {
		if (!before)
			put(table, series);
		else if (series->vm)
			put_rates(table, series, before, seconds);
	}
	table_print(table);
}

void latency_command(struct nl *nl, const struct options *options)
{
	static const struct watch latency = { take, print };

	watch(nl, &latency, options);
}
