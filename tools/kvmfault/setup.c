// SPDX-License-Identifier: GPL-2.0
/* kvmfault setup, memslots, threads: how VMs are set up */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "die.h"

#define PAGE	4096

static const struct column setup_columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "memslots", "slots", COLUMN_NUMBER, false },
	{ "pages", NULL, COLUMN_NUMBER, false },
	{ "vcpus", NULL, COLUMN_NUMBER, false },
	{ "tdp_tables", "tables", COLUMN_NUMBER, false },
	{ "shadow_tables", "shadow", COLUMN_NUMBER, false },
	{ "maps_4k", "4K", COLUMN_NUMBER, false },
	{ "maps_2m", "2M", COLUMN_NUMBER, false },
	{ "maps_1g", "1G", COLUMN_NUMBER, false },
	{ "maps_large", "large", COLUMN_NUMBER, false },
	{ "private", NULL, COLUMN_NUMBER, false },
	{ "root_loads", "loads", COLUMN_NUMBER, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column memslot_columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "as", NULL, COLUMN_NUMBER, false },
	{ "slot", NULL, COLUMN_NUMBER, false },
	{ "gpa_from", "gpa", COLUMN_ADDRESS, false },
	{ "gpa_to", NULL, COLUMN_ADDRESS, true },
	{ "hva_from", "hva", COLUMN_ADDRESS, false },
	{ "hva_to", NULL, COLUMN_ADDRESS, true },
	{ "pages", NULL, COLUMN_NUMBER, false },
	{ "flags", NULL, COLUMN_TEXT, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column thread_columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "vcpu", NULL, COLUMN_NUMBER, false },
	{ "tid", NULL, COLUMN_NUMBER, false },
	{ "cpu", NULL, COLUMN_NUMBER, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

/*
 * Of a VM that cannot be looked into the others say nothing, so it is said
 * beside them; who has asked for that one alone has been refused.
 */
static void explain(const struct wanted *wanted, uint64_t vm, const char *why)
{
	if (wanted->vm == vm)
		die(EXIT_REFUSED, "vm %llu: %s", (unsigned long long)vm, why);
	fprintf(stderr, "kvmfault: vm %llu: %s\n", (unsigned long long)vm, why);
}

static void put_setup(struct table *table, const struct setup *setup)
{
	table_number(table, setup->vm);
	table_number(table, setup->memslots);
	table_number(table, setup->pages);
	table_number(table, setup->vcpus);
	table_number(table, setup->tdp_tables);
	table_number(table, setup->shadow_tables);
	table_number(table, setup->maps_4k);
	table_number(table, setup->maps_2m);
	table_number(table, setup->maps_1g);
	table_number(table, setup->maps_large);
	table_number(table, setup->private);
	table_number(table, setup->root_loads);
}

void setup_command(struct nl *nl, const struct options *options)
{
	struct table *table = table_new(setup_columns, options);
	const struct setup *setup;
	struct rows setups, vms;
	struct wanted wanted;

	pick_word(nl, &vms, &wanted, options);
	model_setups(nl, &setups, &wanted);
	rows_for_each(setup, &setups) {
		if (!picked(&vms, setup->vm))
			continue;
		if (setup->why[0])
			explain(&wanted, setup->vm, setup->why);
		put_setup(table, setup);
	}
	table_print(table);
	rows_free(&setups);
	rows_free(&vms);
}

static void add_flag(char *text, uint64_t flag, const char *name)
{
	size_t length = strlen(text);

	if (flag == 1)
		snprintf(text + length, TEXT - length, "%s%s", length ? "," : "",
			 name);
}

const char *memslot_flags(char *flags, const struct memslot *memslot)
{
	flags[0] = 0;
	add_flag(flags, memslot->dirty_log, "dirty-log");
	add_flag(flags, memslot->readonly, "readonly");
	add_flag(flags, memslot->private, "private");
	add_flag(flags, memslot->internal, "internal");
	add_flag(flags, memslot->guest_memfd, "guest-memfd");
	return flags[0] ? flags : "-";
}

static void put_memslot(struct table *table, const struct memslot *memslot)
{
	uint64_t size = memslot->pages * PAGE;
	bool known = !memslot->why[0];
	char flags[TEXT];

	table_number(table, memslot->vm);
	table_number(table, memslot->as);
	table_number(table, memslot->slot);
	table_number(table, memslot->gpa);
	table_number(table, known ? memslot->gpa + size : UNKNOWN);
	table_number(table, memslot->hva);
	table_number(table, known ? memslot->hva + size : UNKNOWN);
	table_number(table, memslot->pages);
	table_word(table, memslot_flags(flags, memslot));
}

void memslots_command(struct nl *nl, const struct options *options)
{
	struct table *table = table_new(memslot_columns, options);
	const struct memslot *memslot;
	struct rows memslots, vms;
	struct wanted wanted;

	pick_word(nl, &vms, &wanted, options);
	model_memslots(nl, &memslots, &wanted);
	rows_for_each(memslot, &memslots) {
		if (!picked(&vms, memslot->vm))
			continue;
		if (memslot->why[0])
			explain(&wanted, memslot->vm, memslot->why);
		put_memslot(table, memslot);
	}
	table_print(table);
	rows_free(&memslots);
	rows_free(&vms);
}

static void put_thread(struct table *table, const struct thread *thread)
{
	table_number(table, thread->vm);
	table_number(table, thread->vcpu);
	table_number(table, thread->tid);
	table_number(table, thread->cpu);
}

void threads_command(struct nl *nl, const struct options *options)
{
	struct table *table = table_new(thread_columns, options);
	const struct thread *thread;
	struct rows threads, vms;
	struct wanted wanted;

	pick_word(nl, &vms, &wanted, options);
	model_threads(nl, &threads, &wanted);
	rows_for_each(thread, &threads) {
		if (!picked(&vms, thread->vm))
			continue;
		if (thread->why[0])
			explain(&wanted, thread->vm, thread->why);
		put_thread(table, thread);
	}
	table_print(table);
	rows_free(&threads);
	rows_free(&vms);
}
