// SPDX-License-Identifier: GPL-2.0
/* kvmfault probes: what is attached where, and whether it fires */
#include <string.h>

#include "command.h"

static const struct column columns[] = {
	{ "probe", NULL, COLUMN_TEXT, false },
	{ "engine", NULL, COLUMN_TEXT, true },
	{ "state", NULL, COLUMN_TEXT, false },
	{ "enabled", NULL, COLUMN_NUMBER, true },
	{ "hits", NULL, COLUMN_NUMBER, false },
	{ "missed", NULL, COLUMN_NUMBER, false },
	{ "symbol", NULL, COLUMN_TEXT, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column rate_columns[] = {
	{ "probe", NULL, COLUMN_TEXT, false },
	{ "state", NULL, COLUMN_TEXT, false },
	{ "hits_per_s", "hits/s", COLUMN_RATE, false },
	{ "missed_per_s", "missed/s", COLUMN_RATE, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static void take(struct nl *nl, struct rows *probes, const struct options *options)
{
	(void)options;
	model_probes(nl, probes);
}

static const struct probe *find(const struct rows *probes, const char *name)
{
	const struct probe *probe;

	rows_for_each(probe, probes)
		if (!strcmp(probe->name, name))
			return probe;
	return NULL;
}

static void put(struct table *table, const struct probe *probe)
{
	table_text(table, probe->name);
	table_text(table, probe->engine);
	table_word(table, probe_state_name(probe->state));
	table_number(table, probe->enabled);
	table_number(table, probe->hits);
	table_number(table, probe->missed);
	table_text(table, probe->symbol);
}

static void put_rates(struct table *table, const struct probe *probe,
		      const struct probe *old, double seconds)
{
	table_text(table, probe->name);
	table_word(table, probe_state_name(probe->state));
	table_real(table, rate_of(probe->hits, old ? old->hits : 0, seconds));
	table_real(table, rate_of(probe->missed, old ? old->missed : 0, seconds));
}

static void print(const struct rows *now, const struct rows *before,
		  double seconds, const struct options *options)
{
	struct table *table = table_new(before ? rate_columns : columns, options);
	const struct probe *probe;

	rows_for_each(probe, now) {
		if (before)
			put_rates(table, probe, find(before, probe->name), seconds);
		else
			put(table, probe);
	}
	table_print(table);
}

void probes_command(struct nl *nl, const struct options *options)
{
	static const struct watch probes = { take, print };

	watch(nl, &probes, options);
}
