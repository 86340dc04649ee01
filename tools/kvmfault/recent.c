// SPDX-License-Identifier: GPL-2.0
/* kvmfault recent: the last faults of each CPU */
#include <time.h>

#include "command.h"
#include "die.h"

/* For eyes; there are up to 64 of each CPU. */
#define SHOWN	20

static const struct column columns[] = {
	{ "time_ns", "ago", COLUMN_TIME, false },
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "vcpu", NULL, COLUMN_NUMBER, false },
	{ "class", NULL, COLUMN_TEXT, false },
	{ "gpa", NULL, COLUMN_ADDRESS, false },
	{ "access", NULL, COLUMN_TEXT, false },
	{ "cause", NULL, COLUMN_TEXT, false },
	{ "outcome", NULL, COLUMN_TEXT, false },
	{ "level", NULL, COLUMN_TEXT, false },
	{ "guest", NULL, COLUMN_TEXT, false },
	{ "duration_ns", "time", COLUMN_TIME, false },
	{ "gva", NULL, COLUMN_ADDRESS, true },
	{ "rip", NULL, COLUMN_ADDRESS, true },
	{ "hva", NULL, COLUMN_ADDRESS, true },
	{ "pfn", NULL, COLUMN_ADDRESS, true },
	{ "slot", NULL, COLUMN_NUMBER, true },
	{ "cpu", NULL, COLUMN_NUMBER, true },
	{ "pid", NULL, COLUMN_NUMBER, true },
	{ "comm", NULL, COLUMN_TEXT, true },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* A clock reading tells eyes nothing. */
static uint64_t when(const struct recent *recent, const struct options *options)
{
	if (options->raw || options->json)
		return recent->time_ns;
	return now_ns() - recent->time_ns;
}

static void put(struct table *table, const struct recent *recent,
		const struct options *options)
{
	table_number(table, when(recent, options));
	table_number(table, recent->vm);
	table_number(table, recent->vcpu);
	table_word(table, class_name(recent->class));
	table_number(table, recent->gpa);
	table_word(table, access_name(recent->access));
	table_word(table, cause_name(recent->cause));
	table_word(table, recent->end == UNKNOWN ?
			  outcome_name(recent->outcome) : end_name(recent->end));
	table_word(table, level_name(recent->level));
	table_word(table, guest_name(recent->guest));
	table_number(table, recent->duration_ns);
	table_number(table, recent->gva);
	table_number(table, recent->rip);
	table_number(table, recent->hva);
	table_number(table, recent->pfn);
	table_number(table, recent->slot);
	table_number(table, recent->cpu);
	table_number(table, recent->pid);
	table_text(table, recent->comm);
}

static int is_picked(const void *row, const void *vms)
{
	return picked(vms, ((const struct recent *)row)->vm);
}

static void take(struct nl *nl, struct rows *recents, const struct options *options)
{
	struct wanted wanted;
	struct rows vms;

	pick_word(nl, &vms, &wanted, options);
	model_recents(nl, recents, &wanted);
	rows_keep(recents, is_picked, &vms);
	rows_free(&vms);
}

/* Nothing to show may mean that nothing was looked at. */
static void check_on(struct nl *nl)
{
	struct settings settings;

	model_settings(nl, &settings);
	if (settings.recent != 1)
		die(EXIT_REFUSED, "recent is off: kvmfault set recent on");
}

void recent_command(struct nl *nl, const struct options *options)
{
	bool all = options->full || options->raw || options->json;
	const struct recent *recent;
	struct table *table;
	struct rows recents;
	size_t hidden = 0;

	take(nl, &recents, options);
	if (!recents.nr)
		check_on(nl);
	if (!all && recents.nr > SHOWN)
		hidden = recents.nr - SHOWN;
	table = table_new(columns, options);
	rows_for_each(recent, &recents)
		if (recent >= (const struct recent *)recents.row + hidden)
			put(table, recent, options);
	table_print(table);
	rows_free(&recents);
}
