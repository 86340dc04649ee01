// SPDX-License-Identifier: GPL-2.0
/* kvmfault hot: the addresses of each VM that fault most */
#include "command.h"
#include "die.h"

/* For eyes; there are up to 128. */
#define SHOWN	10

static const struct column columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "rank", NULL, COLUMN_NUMBER, false },
	{ "gpa", NULL, COLUMN_ADDRESS, false },
	{ "size", NULL, COLUMN_TEXT, false },
	{ "access", NULL, COLUMN_TEXT, false },
	{ "count", NULL, COLUMN_NUMBER, false },
	{ "error", NULL, COLUMN_NUMBER, false },
	{ "rip", NULL, COLUMN_ADDRESS, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static void put(struct table *table, const struct hot *hot)
{
	table_number(table, hot->vm);
	table_number(table, hot->rank);
	table_number(table, hot->gpa);
	table_word(table, level_name(hot->size));
	table_word(table, access_name(hot->access));
	table_number(table, hot->count);
	table_number(table, hot->error);
	table_number(table, hot->rip);
}

static void take(struct nl *nl, struct rows *hots, struct rows *vms,
		 const struct options *options)
{
	struct wanted wanted;

	pick_word(nl, vms, &wanted, options);
	model_hots(nl, hots, &wanted);
}

/* Nothing to show may mean that nothing was looked at. */
static void check_on(struct nl *nl)
{
	struct settings settings;

	model_settings(nl, &settings);
	if (settings.hot != 1)
		die(EXIT_REFUSED, "hot is off: kvmfault set hot on");
}

void hot_command(struct nl *nl, const struct options *options)
{
	bool all = options->full || options->raw || options->json;
	struct rows hots, vms;
	const struct hot *hot;
	struct table *table;

	take(nl, &hots, &vms, options);
	if (!hots.nr)
		check_on(nl);
	table = table_new(columns, options);
	rows_for_each(hot, &hots)
		if (picked(&vms, hot->vm) && (all || hot->rank <= SHOWN))
			put(table, hot);
	table_print(table);
	rows_free(&hots);
	rows_free(&vms);
}
