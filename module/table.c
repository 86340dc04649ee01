// SPDX-License-Identifier: GPL-2.0
/*
 * The table: VMs with their totals, folded and ordered once for all readers
 *
 * vm 0, all VMs that are gone, comes first, then the others by number. Between
 * begin and end VMs neither come nor go nor move their counts, so a reader that
 * adds up all rows gets a sum that never goes backwards.
 */
#include <linux/mm.h>
#include <linux/sort.h>

#include "account.h"
#include "chain.h"
#include "order.h"
#include "settle.h"
#include "table.h"

/**
 * kvmfault_class_name() - a class as all readers name it
 * @class: the class
 */
const char *kvmfault_class_name(enum kvmfault_class class)
{
	static const char * const names[KVMFAULT_CLASSES] = {
		[KVMFAULT_VIOLATION] = "violation",
		[KVMFAULT_MISCONFIG] = "misconfig",
		[KVMFAULT_TDP] = "tdp",
	};

	return names[class];
}

/**
 * kvmfault_table_begin() - begin to read
 *
 * What was born or died before is in the table, or gone from it.
 */
void kvmfault_table_begin(void)
{
	kvmfault_settle_begin();
}

/**
 * kvmfault_table_end() - read no more
 */
void kvmfault_table_end(void)
{
	kvmfault_settle_end();
}

/**
 * kvmfault_table_next() - walk the VMs
 * @vm: where we are, NULL to begin
 *
 * Return: the next VM, NULL after the last.
 */
const struct kvmfault_vm *
kvmfault_table_next(const struct kvmfault_vm *vm)
{
	if (!vm)
		return &kvmfault_vm_gone;
	if (vm == &kvmfault_vm_gone)
		return list_first_entry_or_null(&kvmfault_vms,
						struct kvmfault_vm, list);
	if (list_is_last(&vm->list, &kvmfault_vms))
		return NULL;
	return list_next_entry(vm, list);
}

/**
 * kvmfault_table_fold() - read a VM
 * @row: where to; too large for the stack
 * @vm: the VM
 */
void kvmfault_table_fold(struct kvmfault_row *row,
			 const struct kvmfault_vm *vm)
{
	row->vm = vm;
	kvmfault_account_fold(&row->counts, vm);
}

static int vcpu_row_cmp(const void *a, const void *b)
{
	const struct kvmfault_vcpu_row *x = a, *y = b;

	return kvmfault_order(x->id, y->id);
}

static void vcpu_row_read(struct kvmfault_vcpu_row *row,
			  const struct kvmfault_vcpu *vcpu)
{
	unsigned int i;

	row->id = vcpu->id;
	row->max_ns = READ_ONCE(vcpu->max_ns);
	for (i = 0; i < KVMFAULT_CLASSES; i++)
		row->count[i] = READ_ONCE(vcpu->count[i]);
	for (i = 0; i < KVMFAULT_RETRY_RETS; i++)
		row->rets[i] = READ_ONCE(vcpu->rets[i]);
}

/**
 * kvmfault_table_vcpus() - read the vCPUs of a VM
 * @vm: the VM
 * @nr: how many rows there are
 *
 * Return: rows by number, for the caller to kvfree(); NULL if there are none,
 * or ERR_PTR(-ENOMEM).
 */
struct kvmfault_vcpu_row *
kvmfault_table_vcpus(const struct kvmfault_vm *vm, unsigned int *nr)
{
	/* Of those that are born meanwhile, the rest waits for next time. */
	unsigned int room = atomic_read(&vm->nr_vcpus);
	struct kvmfault_vcpu_row *rows;
	struct llist_node *pos;

	*nr = 0;
	if (!room)
		return NULL;

	rows = kvmalloc_array(room, sizeof(*rows), GFP_KERNEL);
	if (!rows)
		return ERR_PTR(-ENOMEM);

	kvmfault_chain_for_each(pos, &vm->vcpus) {
		if (*nr == room)
			break;
		vcpu_row_read(&rows[(*nr)++],
			      container_of(pos, struct kvmfault_vcpu, sibling));
	}
	sort(rows, *nr, sizeof(*rows), vcpu_row_cmp, NULL);
	return rows;
}

/* Time that vCPUs have spent in fault exits: what a VM loses by them. */
static u64 row_load(const struct kvmfault_row *row)
{
	return row->counts.total[KVMFAULT_VIOLATION].sum_ns +
	       row->counts.total[KVMFAULT_MISCONFIG].sum_ns;
}

/**
 * kvmfault_table_busiest() - the VMs that lose most time in fault exits
 * @ranked: where to put them, the busiest first
 * @room: how many are wanted
 * @row: to work with
 *
 * Return: how many there are. vm 0 is not among them.
 */
unsigned int kvmfault_table_busiest(struct kvmfault_ranked *ranked,
				    unsigned int room,
				    struct kvmfault_row *row)
{
	const struct kvmfault_vm *vm;
	unsigned int found = 0;

	list_for_each_entry(vm, &kvmfault_vms, list) {
		kvmfault_table_fold(row, vm);
		found = kvmfault_rank(ranked, found, room, row_load(row), vm);
	}
	return found;
}
