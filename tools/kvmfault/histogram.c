// SPDX-License-Identifier: GPL-2.0
/* kvmfault histogram: how many faults were how long, as bars */
#include <stdio.h>
#include <string.h>

#include "command.h"

#define BAR		38

static const struct column columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "class", NULL, COLUMN_TEXT, false },
	{ "from_ns", NULL, COLUMN_NUMBER, false },
	{ "to_ns", NULL, COLUMN_NUMBER, false },
	{ "count", NULL, COLUMN_NUMBER, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

/**
 * struct bars - a histogram as it is printed
 * @from: where each bar begins
 * @to: and ends; KVMFAULT_HIST_OPEN for one without an end
 * @count: how long it is
 * @nr: how many there are
 */
struct bars {
	uint64_t from[KVMFAULT_HIST_BUCKETS];
	uint64_t to[KVMFAULT_HIST_BUCKETS];
	uint64_t count[KVMFAULT_HIST_BUCKETS];
	unsigned int nr;
};

static int is_picked(const void *row, const void *vms)
{
	return picked(vms, ((const struct series *)row)->vm);
}

static void take(struct nl *nl, struct rows *series, const struct options *options)
{
	struct wanted wanted;
	struct rows vms;

	pick(nl, &vms, &wanted, options);
	model_histograms(nl, series, &wanted);
	rows_keep(series, is_picked, &vms);
	rows_free(&vms);
}

static void add_bar(struct bars *bars, uint64_t from, uint64_t to,
		    uint64_t count)
{
	bars->from[bars->nr] = from;
	bars->to[bars->nr] = to;
	bars->count[bars->nr++] = count;
}

static void all_bars(struct bars *bars, const struct total *total)
{
	unsigned int i;

	bars->nr = 0;
	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		add_bar(bars, kvmfault_hist_from(i), kvmfault_hist_to(i),
			total->bucket[i]);
}

/* The powers of two are edges of buckets: none is cut. */
static void log2_bars(struct bars *bars, const struct total *total)
{
	unsigned int i = 0;
	uint64_t edge, from, count;

	bars->nr = 0;
	for (edge = 2; i < KVMFAULT_HIST_LAST; edge *= 2) {
		from = i ? kvmfault_hist_from(i) : 0;
		for (count = 0; kvmfault_hist_to(i) <= edge; i++)
			count += total->bucket[i];
		add_bar(bars, from, edge, count);
	}
	add_bar(bars, kvmfault_hist_from(i), KVMFAULT_HIST_OPEN, total->bucket[i]);
}

static void print_bar(const struct bars *bars, unsigned int i, uint64_t longest)
{
	unsigned int length = (double)bars->count[i] * BAR / longest;
	char bar[BAR + 1], to[24] = "...";

	memset(bar, '*', length);
	bar[length] = 0;
	if (bars->to[i] != KVMFAULT_HIST_OPEN)
		snprintf(to, sizeof(to), "%llu",
			 (unsigned long long)bars->to[i] - 1);
	printf("%11llu -> %-11s : %-8llu |%-*s|\n",
	       (unsigned long long)bars->from[i], to,
	       (unsigned long long)bars->count[i], BAR, bar);
}

/* From the first that is not empty to the last. */
static void print_bars(const struct bars *bars)
{
	unsigned int i, first = bars->nr, last = 0;
	uint64_t longest = 0;

	for (i = 0; i < bars->nr; i++) {
		if (!bars->count[i])
			continue;
		if (first == bars->nr)
			first = i;
		last = i;
		if (bars->count[i] > longest)
			longest = bars->count[i];
	}
	for (i = first; longest && i <= last; i++)
		print_bar(bars, i, longest);
}

static void print_histogram(const struct series *series,
			    const struct options *options)
{
	struct bars bars;

	printf("vm %llu %s, %llu faults\n", (unsigned long long)series->vm,
	       class_name(series->total.class),
	       (unsigned long long)kvmfault_hist_count(series->total.bucket));
	printf("%11s    %-11s : %-8s  distribution\n", "ns", "", "count");
	if (options->full)
		all_bars(&bars, &series->total);
	else
		log2_bars(&bars, &series->total);
	print_bars(&bars);
	putchar('\n');
}

static void put_buckets(struct table *table, const struct series *series)
{
	unsigned int i;

	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++) {
		if (!series->total.bucket[i])
			continue;
		table_number(table, series->vm);
		table_word(table, class_name(series->total.class));
		table_number(table, kvmfault_hist_from(i));
		table_number(table, kvmfault_hist_to(i));
		table_number(table, series->total.bucket[i]);
	}
}

static void print_rows(const struct rows *rows, const struct options *options)
{
	const struct series *series;
	struct table *table;

	if (options->json || options->raw) {
		table = table_new(columns, options);
		rows_for_each(series, rows)
			put_buckets(table, series);
		table_print(table);
		return;
	}
	rows_for_each(series, rows)
		print_histogram(series, options);
	if (!rows->nr)
		puts("no faults");
	fflush(stdout);
}

static void print(const struct rows *now, const struct rows *before,
		  double seconds, const struct options *options)
{
	const struct series *series, *old;
	struct series *new;
	struct rows since = ROWS(struct series);

	(void)seconds;
	if (!before) {
		print_rows(now, options);
		return;
	}
	rows_for_each(series, now) {
		if (!series->vm)
			continue;
		old = model_find_series(before, series->vm, series->total.class);
		new = rows_add(&since);
		new->vm = series->vm;
		total_since(&new->total, &series->total, old ? &old->total : NULL);
		if (!new->total.count)
			since.nr--;
	}
	print_rows(&since, options);
	rows_free(&since);
}

void histogram_command(struct nl *nl, const struct options *options)
{
	static const struct watch histogram = { take, print };

	watch(nl, &histogram, options);
}
