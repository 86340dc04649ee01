// SPDX-License-Identifier: GPL-2.0
/* kvmfault vcpus: a line for each vCPU */
#include <stdlib.h>

#include "command.h"

static const struct column columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "vcpu", NULL, COLUMN_NUMBER, false },
	{ "violation", NULL, COLUMN_NUMBER, false },
	{ "misconfig", NULL, COLUMN_NUMBER, false },
	{ "tdp", NULL, COLUMN_NUMBER, false },
	{ "shadow", NULL, COLUMN_NUMBER, true },
	{ "retry", NULL, COLUMN_NUMBER, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column rate_columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "vcpu", NULL, COLUMN_NUMBER, false },
	{ "violation_per_s", "violation/s", COLUMN_RATE, false },
	{ "misconfig_per_s", "misconfig/s", COLUMN_RATE, false },
	{ "tdp_per_s", "tdp/s", COLUMN_RATE, false },
	{ "shadow_per_s", "shadow/s", COLUMN_RATE, true },
	{ "retry_per_s", "retry/s", COLUMN_RATE, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static int is_picked(const void *row, const void *vms)
{
	return picked(vms, ((const struct vcpu *)row)->vm);
}

static void take(struct nl *nl, struct rows *vcpus, const struct options *options)
{
	struct wanted wanted;
	struct rows vms;

	pick(nl, &vms, &wanted, options);
	model_vcpus(nl, vcpus, &wanted);
	rows_keep(vcpus, is_picked, &vms);
	rows_free(&vms);
}

static int by_number(const void *left, const void *right)
{
	const struct vcpu *one = left, *other = right;

	if (one->vm != other->vm)
		return one->vm < other->vm ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}

static void put(struct table *table, const struct vcpu *vcpu)
{
	unsigned int class;

	table_number(table, vcpu->vm);
	table_number(table, vcpu->id);
	for (class = 0; class < CLASSES; class++)
		table_number(table, vcpu->count[class]);
	table_number(table, vcpu->retry);
	table_number(table, vcpu->max_ns);
}

static void put_rates(struct table *table, const struct vcpu *vcpu,
		      const struct rows *before, double seconds)
{
	const struct vcpu *old = before->nr ?
		bsearch(vcpu, before->row, before->nr, before->size, by_number) :
		NULL;
	unsigned int class;

	table_number(table, vcpu->vm);
	table_number(table, vcpu->id);
	for (class = 0; class < CLASSES; class++)
		table_real(table, rate_of(vcpu->count[class],
					  old ? old->count[class] : 0, seconds));
	table_real(table, rate_of(vcpu->retry, old ? old->retry : 0, seconds));
}

static void print(const struct rows *now, const struct rows *before,
		  double seconds, const struct options *options)
{
	struct table *table = table_new(before ? rate_columns : columns, options);
	const struct vcpu *vcpu;

	rows_for_each(vcpu, now) {
		if (before)
			put_rates(table, vcpu, before, seconds);
		else
			put(table, vcpu);
	}
	table_print(table);
}

void vcpus_command(struct nl *nl, const struct options *options)
{
	static const struct watch vcpus = { take, print };

	watch(nl, &vcpus, options);
}
