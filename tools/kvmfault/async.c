// SPDX-License-Identifier: GPL-2.0
/* kvmfault async: asynchronous page faults */
#include "command.h"

static const struct column columns[] = {
	{ "vm", NULL, COLUMN_NUMBER, false },
	{ "vcpu", NULL, COLUMN_NUMBER, false },
	{ "setup", NULL, COLUMN_NUMBER, false },
	{ "delivered", "told", COLUMN_NUMBER, false },
	{ "halted", NULL, COLUMN_NUMBER, false },
	{ "completed", NULL, COLUMN_NUMBER, true },
	{ "ready", NULL, COLUMN_NUMBER, false },
	{ "cancelled", "given up", COLUMN_NUMBER, false },
	{ "repeated", NULL, COLUMN_NUMBER, true },
	{ "outstanding", "left", COLUMN_NUMBER, false },
	{ "oldest_ns", "oldest", COLUMN_TIME, false },
	{ "sum_ns", NULL, COLUMN_TIME, true },
	{ "p50_ns", "p50", COLUMN_TIME, false },
	{ "p99_ns", "p99", COLUMN_TIME, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static void put(struct table *table, const struct async *async)
{
	table_number(table, async->vm);
	table_number(table, async->vcpu);
	table_number(table, async->setup);
	table_number(table, async->delivered);
	table_number(table, async->halted);
	table_number(table, async->completed);
	table_number(table, async->ready);
	table_number(table, async->cancelled);
	table_number(table, async->repeated);
	table_number(table, async->outstanding);
	table_number(table, async->oldest_ns);
	table_number(table, async->sum_ns);
	table_number(table, async->p50_ns);
	table_number(table, async->p99_ns);
	table_number(table, async->max_ns);
}

static struct json_object *histogram(const struct async *async)
{
	struct json_object *array = json_object_new_array(), *object;
	uint64_t to;
	unsigned int i;

	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++) {
		if (!async->bucket[i])
			continue;
		to = kvmfault_hist_to(i);
		object = json_object_new_object();
		json_number(object, "from_ns", kvmfault_hist_from(i));
		json_number(object, "to_ns", to == KVMFAULT_HIST_OPEN ? UNKNOWN : to);
		json_number(object, "count", async->bucket[i]);
		json_object_array_add(array, object);
	}
	return array;
}

/* A table has no room for histograms; its rows are those that are picked. */
static void print_json(struct table *table, const struct rows *asyncs,
		       const struct options *options)
{
	struct json_object *array = table_json(table);
	const struct async *async;
	size_t i = 0;

	rows_for_each(async, asyncs)
		json_object_object_add(json_object_array_get_idx(array, i++),
				       "histogram", histogram(async));
	json_print(array, options);
}

static int is_picked(const void *row, const void *vms)
{
	return picked(vms, ((const struct async *)row)->vm);
}

static void take(struct nl *nl, struct rows *asyncs, const struct options *options)
{
	struct wanted wanted;
	struct rows vms;

	pick_word(nl, &vms, &wanted, options);
	model_asyncs(nl, asyncs, &wanted);
	rows_keep(asyncs, is_picked, &vms);
	rows_free(&vms);
}

void async_command(struct nl *nl, const struct options *options)
{
	struct table *table = table_new(columns, options);
	const struct async *async;
	struct rows asyncs;

	take(nl, &asyncs, options);
	rows_for_each(async, &asyncs)
		put(table, async);
	if (options->json)
		print_json(table, &asyncs, options);
	else
		table_print(table);
	rows_free(&asyncs);
}
