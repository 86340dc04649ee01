/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table: VMs with their totals, folded and ordered once for all readers
 */
#ifndef KVMFAULT_TABLE_H
#define KVMFAULT_TABLE_H

#include "order.h"
#include "vm.h"

/**
 * struct kvmfault_row - a VM at one moment
 * @vm: what the registry says of it; kvmfault_vm_gone for vm 0
 * @counts: of all CPUs together
 */
struct kvmfault_row {
	const struct kvmfault_vm *vm;
	struct kvmfault_counts counts;
};

/**
 * struct kvmfault_vcpu_row - a vCPU at one moment
 * @id: the number its VMM gave it
 * @count: its faults by class
 * @rets: the first return values of its tdp
 * @max_ns: its longest fault of any class
 */
struct kvmfault_vcpu_row {
	int id;
	u64 count[KVMFAULT_CLASSES];
	u64 rets[KVMFAULT_RETRY_RETS];
	u64 max_ns;
};

const char *kvmfault_class_name(enum kvmfault_class class);

void kvmfault_table_begin(void);
void kvmfault_table_end(void);

/* Between begin and end. */
const struct kvmfault_vm *
kvmfault_table_next(const struct kvmfault_vm *vm);
void kvmfault_table_fold(struct kvmfault_row *row,
			 const struct kvmfault_vm *vm);
struct kvmfault_vcpu_row *
kvmfault_table_vcpus(const struct kvmfault_vm *vm, unsigned int *nr);
unsigned int kvmfault_table_busiest(struct kvmfault_ranked *ranked,
				    unsigned int room,
				    struct kvmfault_row *row);

#define kvmfault_table_for_each(vm)				\
	for ((vm) = kvmfault_table_next(NULL); (vm);		\
	     (vm) = kvmfault_table_next(vm))

#endif /* KVMFAULT_TABLE_H */
