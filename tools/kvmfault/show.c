// SPDX-License-Identifier: GPL-2.0
/* kvmfault show: all there is to say about a VM */
#include <stdio.h>

#include "command.h"
#include "die.h"
#include "figure.h"

static const struct column class_columns[] = {
	{ "class", NULL, COLUMN_TEXT, false },
	{ "count", NULL, COLUMN_NUMBER, false },
	{ "userspace", "to VMM", COLUMN_NUMBER, false },
	{ "failed", NULL, COLUMN_NUMBER, false },
	{ "sum_ns", "time", COLUMN_TIME, false },
	{ "min_ns", "min", COLUMN_TIME, false },
	{ "p50_ns", "p50", COLUMN_TIME, false },
	{ "p90_ns", "p90", COLUMN_TIME, false },
	{ "p99_ns", "p99", COLUMN_TIME, false },
	{ "p999_ns", "p99.9", COLUMN_TIME, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static const struct column vcpu_columns[] = {
	{ "vcpu", NULL, COLUMN_NUMBER, false },
	{ "violation", NULL, COLUMN_NUMBER, false },
	{ "misconfig", NULL, COLUMN_NUMBER, false },
	{ "tdp", NULL, COLUMN_NUMBER, false },
	{ "shadow", NULL, COLUMN_NUMBER, true },
	{ "retry", NULL, COLUMN_NUMBER, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static struct table *classes(const struct vm *vm, const struct options *options)
{
	struct table *table = table_new(class_columns, options);
	const struct total *total;
	unsigned int class;

	for (class = 0; class < CLASSES; class++) {
		total = &vm->total[class];
		if (!total_is_there(total))
			continue;
		table_word(table, class_name(class));
		table_number(table, total->count);
		table_number(table, total->userspace);
		table_number(table, total->failed);
		table_number(table, total->sum_ns);
		table_number(table, total->min_ns);
		table_number(table, total->p50_ns);
		table_number(table, total->p90_ns);
		table_number(table, total->p99_ns);
		table_number(table, total->p999_ns);
		table_number(table, total->max_ns);
	}
	return table;
}

static struct table *vcpus(const struct rows *rows, const struct options *options)
{
	struct table *table = table_new(vcpu_columns, options);
	const struct vcpu *vcpu;
	unsigned int class;

	rows_for_each(vcpu, rows) {
		table_number(table, vcpu->id);
		for (class = 0; class < CLASSES; class++)
			table_number(table, vcpu->count[class]);
		table_number(table, vcpu->retry);
		table_number(table, vcpu->max_ns);
	}
	return table;
}

static struct json_object *vm_json(const struct vm *vm, const struct rows *rows,
				   const struct options *options)
{
	struct json_object *json = json_object_new_object();

	json_number(json, "vm", vm->id);
	json_number(json, "pid", vm->pid);
	json_text(json, "comm", vm->comm);
	json_word(json, "state", vm_state_name(vm->state));
	json_number(json, "retry", vm->retry);
	json_object_object_add(json, "latency", table_json(classes(vm, options)));
	json_object_object_add(json, "vcpus", table_json(vcpus(rows, options)));
	return json;
}

static void print_head(const struct vm *vm)
{
	char comm[4 * TEXT + 4], retry[FIGURE];

	if (!vm->id) {
		printf("vm 0: all VMs that are gone\n\n");
		return;
	}
	text_printable(comm, sizeof(comm), vm->comm);
	printf("vm %llu: %s, pid %llu, %s, %llu vCPU%s", (unsigned long long)vm->id,
	       comm, (unsigned long long)vm->pid, vm_state_name(vm->state),
	       (unsigned long long)vm->vcpus, vm->vcpus == 1 ? "" : "s");
	if (vm->retry != UNKNOWN)
		printf(", %s retries", figure_count(retry, vm->retry));
	printf("\n\n");
}

static void print(const struct vm *vm, const struct rows *rows,
		  const struct options *options)
{
	print_head(vm);
	table_print(classes(vm, options));
	if (!rows->nr)
		return;
	putchar('\n');
	table_print(vcpus(rows, options));
}

void show_command(struct nl *nl, const struct options *options)
{
	struct json_object *array = json_object_new_array();
	struct rows vms, rows;
	struct wanted wanted;
	const struct vm *vm;

	pick_word(nl, &vms, &wanted, options);
	rows_for_each(vm, &vms) {
		wanted.vm = vm->id;
		model_vcpus(nl, &rows, &wanted);
		if (options->json) {
			json_object_array_add(array, vm_json(vm, &rows, options));
		} else {
			if ((const void *)vm != vms.row)
				putchar('\n');
			print(vm, &rows, options);
		}
		rows_free(&rows);
	}
	if (options->json)
		json_print(array, options);
	else
		json_object_put(array);
	rows_free(&vms);
}
