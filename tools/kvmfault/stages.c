// SPDX-License-Identifier: GPL-2.0
/* kvmfault stages, causes: where the time of each VM's tdp faults goes */
#include <string.h>

#include "command.h"
#include "die.h"

static const struct column stage_columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "stage", NULL, COLUMN_TEXT, false },
	{ "of", NULL, COLUMN_TEXT, false },
	{ "state", NULL, COLUMN_TEXT, false },
	{ "count", NULL, COLUMN_NUMBER, false },
	{ "sum_ns", "time", COLUMN_TIME, false },
	{ "p50_ns", "p50", COLUMN_TIME, false },
	{ "p99_ns", "p99", COLUMN_TIME, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column host_columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "cause", NULL, COLUMN_TEXT, false },
	{ "count", NULL, COLUMN_NUMBER, false },
	{ "sum_ns", "time", COLUMN_TIME, false },
	{ "p50_ns", "p50", COLUMN_TIME, false },
	{ "p99_ns", "p99", COLUMN_TIME, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static void put_stage(struct table *table, const struct stage *stage)
{
	table_number(table, stage->vm);
	table_word(table, stage_name(stage->stage));
	table_word(table, stage_name(stage->of));
	table_word(table, probe_state_name(stage->state));
	table_number(table, stage->count);
	table_number(table, stage->sum_ns);
	table_number(table, stage->p50_ns);
	table_number(table, stage->p99_ns);
	table_number(table, stage->max_ns);
}

static void put_host(struct table *table, const struct host *host)
{
	table_number(table, host->vm);
	table_word(table, host_cause_name(host->cause));
	table_number(table, host->count);
	table_number(table, host->sum_ns);
	table_number(table, host->p50_ns);
	table_number(table, host->p99_ns);
	table_number(table, host->max_ns);
}

/* Nothing to show may mean that nothing was looked at. */
void stages_check_on(struct nl *nl)
{
	struct settings settings;

	model_settings(nl, &settings);
	if (settings.stages != 1)
		die(EXIT_REFUSED, "stages is off: kvmfault set stages on");
}

/* For eyes what has not happened is left out. */
static bool worth_showing(const struct stage *stage,
			  const struct options *options)
{
	return options->raw || options->json || stage->count;
}

/* The one VM that is meant, or 0 for all. */
static uint64_t only_vm(struct nl *nl, const struct options *options)
{
	struct rows vms;
	uint64_t id;

	if (!options->vm)
		return 0;
	pick_living(nl, &vms, options->vm);
	if (vms.nr != 1)
		die(EXIT_USAGE, "'%s' is %zu VMs: give the number of one",
		    options->vm, vms.nr);
	id = ((struct vm *)vms.row)->id;
	rows_free(&vms);
	return id;
}

/* Off, it forgets whose they were. */
static void stages_switch(struct nl *nl, const struct options *options)
{
	bool on = !strcmp(options->argv[0], "on");
	struct nlmsghdr *nlh;
	uint64_t vm;

	if (!on && options->vm)
		die(EXIT_USAGE, "stages off is for all VMs: no --vm");
	vm = only_vm(nl, options);
	nlh = nl_request(nl, KVMFAULT_CMD_SETTINGS_SET);
	mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_STAGES, on);
	mnl_attr_put_u64(nlh, KVMFAULT_A_SETTINGS_STAGES_VM, vm);
	nl_change(nl, nlh, NULL);
}

static bool is_switch(const struct options *options)
{
	return options->argc && (!strcmp(options->argv[0], "on") ||
				 !strcmp(options->argv[0], "off"));
}

void stages_command(struct nl *nl, const struct options *options)
{
	const struct stage *stage;
	struct rows stages, vms;
	struct wanted wanted;
	struct table *table;

	if (is_switch(options)) {
		stages_switch(nl, options);
		return;
	}
	stages_check_on(nl);
	pick_word(nl, &vms, &wanted, options);
	model_stages(nl, &stages, &wanted);
	table = table_new(stage_columns, options);
	rows_for_each(stage, &stages)
		if (picked(&vms, stage->vm) && worth_showing(stage, options))
			put_stage(table, stage);
	table_print(table);
	rows_free(&stages);
	rows_free(&vms);
}

void causes_command(struct nl *nl, const struct options *options)
{
	const struct host *host;
	struct rows hosts, vms;
	struct wanted wanted;
	struct table *table;

	stages_check_on(nl);
	pick_word(nl, &vms, &wanted, options);
	model_hosts(nl, &hosts, &wanted);
	table = table_new(host_columns, options);
	rows_for_each(host, &hosts)
		if (picked(&vms, host->vm))
			put_host(table, host);
	table_print(table);
	rows_free(&hosts);
	rows_free(&vms);
}
