// SPDX-License-Identifier: GPL-2.0
/* kvmfault faults: faults of the MMU's part by access, cause, outcome and level */
#include "command.h"

static const struct column columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "access", NULL, COLUMN_TEXT, false },
	{ "cause", NULL, COLUMN_TEXT, false },
	{ "outcome", NULL, COLUMN_TEXT, false },
	{ "level", NULL, COLUMN_TEXT, false },
	{ "class", NULL, COLUMN_TEXT, false },
	{ "guest", NULL, COLUMN_TEXT, false },
	{ "count", NULL, COLUMN_NUMBER, false },
	{ "sum_ns", "time", COLUMN_TIME, false },
	{ "mean_ns", "mean", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column rate_columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "access", NULL, COLUMN_TEXT, false },
	{ "cause", NULL, COLUMN_TEXT, false },
	{ "outcome", NULL, COLUMN_TEXT, false },
	{ "level", NULL, COLUMN_TEXT, false },
	{ "class", NULL, COLUMN_TEXT, false },
	{ "guest", NULL, COLUMN_TEXT, false },
	{ "per_s", "faults/s", COLUMN_RATE, false },
	{ "busy", "busy%", COLUMN_SHARE, false },
	{ "mean_ns", "mean", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static int is_picked(const void *row, const void *vms)
{
	return picked(vms, ((const struct fault *)row)->vm);
}

static void take(struct nl *nl, struct rows *faults, const struct options *options)
{
	struct wanted wanted;
	struct rows vms;

	pick(nl, &vms, &wanted, options);
	model_faults(nl, faults, &wanted);
	rows_keep(faults, is_picked, &vms);
	rows_free(&vms);
}

static bool is_same(const struct fault *one, const struct fault *other)
{
	return one->vm == other->vm && one->access == other->access &&
	       one->cause == other->cause && one->outcome == other->outcome &&
	       one->level == other->level && one->class == other->class &&
	       one->guest == other->guest;
}

static void subtract(struct fault *fault, const struct rows *before)
{
	const struct fault *old;

	rows_for_each(old, before) {
		if (!is_same(old, fault))
			continue;
		/* Lower than before: reset in between, and all of it is new. */
		if (old->count <= fault->count && old->sum_ns <= fault->sum_ns) {
			fault->count -= old->count;
			fault->sum_ns -= old->sum_ns;
		}
		return;
	}
}

static void put_kind(struct table *table, const struct fault *fault)
{
	table_number(table, fault->vm);
	table_word(table, access_name(fault->access));
	table_word(table, cause_name(fault->cause));
	table_word(table, outcome_name(fault->outcome));
	table_word(table, level_name(fault->level));
	table_word(table, class_name(fault->class));
	table_word(table, guest_name(fault->guest));
}

static void put_mean(struct table *table, const struct fault *fault)
{
	table_number(table, fault->count ? fault->sum_ns / fault->count : UNKNOWN);
}

static void print_rates(const struct rows *now, const struct rows *before,
			double seconds, const struct options *options)
{
	struct table *table = table_new(rate_columns, options);
	const struct fault *fault;

	rows_for_each(fault, now) {
		struct fault since = *fault;

		subtract(&since, before);
		if (!since.vm || !since.count)
			continue;
		put_kind(table, &since);
		table_real(table, since.count / seconds);
		table_real(table, since.sum_ns / seconds / 1e9);
		put_mean(table, &since);
	}
	table_print(table);
}

static void print(const struct rows *now, const struct rows *before,
		  double seconds, const struct options *options)
{
	const struct fault *fault;
	struct table *table;

	if (before) {
		print_rates(now, before, seconds, options);
		return;
	}
	table = table_new(columns, options);
	rows_for_each(fault, now) {
		put_kind(table, fault);
		table_number(table, fault->count);
		table_number(table, fault->sum_ns);
		put_mean(table, fault);
	}
	table_print(table);
}

void faults_command(struct nl *nl, const struct options *options)
{
	static const struct watch faults = { take, print };

	if (options->follow)
		follow_command(nl, options);
	else
		watch(nl, &faults, options);
}
