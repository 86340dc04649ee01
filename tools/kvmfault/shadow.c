// SPDX-License-Identifier: GPL-2.0
/* kvmfault shadow: shadow paging of each VM that has it */
#include "command.h"

static const struct column columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "count", NULL, COLUMN_NUMBER, false },
	{ "nested", NULL, COLUMN_NUMBER, false },
	{ "injected", NULL, COLUMN_NUMBER, false },
	{ "reflected", NULL, COLUMN_NUMBER, false },
	{ "writes", NULL, COLUMN_NUMBER, false },
	{ "syncs", NULL, COLUMN_NUMBER, false },
	{ "invlpg", NULL, COLUMN_NUMBER, false },
	{ "cr3", NULL, COLUMN_NUMBER, false },
	{ "roots", NULL, COLUMN_NUMBER, false },
	{ "pages", NULL, COLUMN_NUMBER, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static void put(struct table *table, const struct shadow *shadow)
{
	table_number(table, shadow->vm);
	table_number(table, shadow->count);
	table_number(table, shadow->nested);
	table_number(table, shadow->injected);
	table_number(table, shadow->reflected);
	table_number(table, shadow->writes);
	table_number(table, shadow->syncs);
	table_number(table, shadow->invlpg);
	table_number(table, shadow->cr3);
	table_number(table, shadow->roots);
	table_number(table, shadow->pages);
}

void shadow_command(struct nl *nl, const struct options *options)
{
	struct table *table = table_new(columns, options);
	const struct shadow *shadow;
	struct rows shadows, vms;
	struct wanted wanted;

	pick_word(nl, &vms, &wanted, options);
	model_shadows(nl, &shadows, &wanted);
	rows_for_each(shadow, &shadows)
		if (picked(&vms, shadow->vm))
			put(table, shadow);
	table_print(table);
	rows_free(&shadows);
	rows_free(&vms);
}
