// SPDX-License-Identifier: GPL-2.0
/* kvmfault stuck: vCPUs that are stuck in faults */
#include "command.h"

static const struct column columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "vcpu", NULL, COLUMN_NUMBER, false },
	{ "how", NULL, COLUMN_TEXT, false },
	{ "for_ns", "for", COLUMN_TIME, false },
	{ "faults", NULL, COLUMN_NUMBER, false },
	{ "gpa", NULL, COLUMN_ADDRESS, false },
	{ "rip", NULL, COLUMN_ADDRESS, false },
	{ "outcome", NULL, COLUMN_TEXT, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static void put(struct table *table, const struct stuck *stuck)
{
	table_number(table, stuck->vm);
	table_number(table, stuck->vcpu);
	table_word(table, alert_name(stuck->kind));
	table_number(table, stuck->for_ns);
	table_number(table, stuck->faults);
	table_number(table, stuck->gpa);
	table_number(table, stuck->rip);
	table_word(table, outcome_name(stuck->outcome));
}

void stuck_command(struct nl *nl, const struct options *options)
{
	struct table *table = table_new(columns, options);
	struct rows stucks, vms;
	const struct stuck *stuck;
	struct wanted wanted;

	pick_word(nl, &vms, &wanted, options);
	model_stucks(nl, &stucks, &wanted);
	rows_for_each(stuck, &stucks)
		if (picked(&vms, stuck->vm))
			put(table, stuck);
	table_print(table);
	rows_free(&stucks);
	rows_free(&vms);
}
