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
 * @max_ns: its longest exit
 */
struct kvmfault_vcpu_row {
	int id;
	u64 count[KVMFAULT_CLASSES];
	u64 rets[KVMFAULT_RETRY_RETS];
	u64 max_ns;
};

/**
 * struct kvmfault_shadow_row - shadow paging of a VM at one moment
 * @count: calls
 * @nested: of these, those while the guest's guest ran
 * @injected: of these, those that were the guest's own fault
 * @reflected: of these, those while the guest's guest ran
 * @pages: how many page-table pages KVM had for the VM when its last fault of the
 *	kind ended; 0 for a VM that is gone
 */
struct kvmfault_shadow_row {
	u64 count;
	u64 nested;
	u64 injected;
	u64 reflected;
	u64 pages;
};

/**
 * struct kvmfault_fault_row - the faults of the MMU's part of one kind
 * @way: which tables were to be filled
 * @access: what the guest wanted
 * @cause: why that faulted
 * @outcome: what became of it
 * @level: the mapping made
 * @count: how many
 * @sum_ns: how long they took together
 */
struct kvmfault_fault_row {
	enum kvmfault_way way;
	enum kvmfault_access access;
	enum kvmfault_cause cause;
	enum kvmfault_outcome outcome;
	enum kvmfault_level level;
	u64 count;
	u64 sum_ns;
};

const char *kvmfault_class_name(enum kvmfault_class class);
const char *kvmfault_access_name(enum kvmfault_access access);
const char *kvmfault_cause_name(enum kvmfault_cause cause);
const char *kvmfault_outcome_name(enum kvmfault_outcome outcome);
const char *kvmfault_level_name(enum kvmfault_level level);
const char *kvmfault_end_name(enum kvmfault_end end);
enum kvmfault_class kvmfault_way_class(enum kvmfault_way way);
enum kvmfault_guest kvmfault_way_guest(enum kvmfault_way way);
const char *kvmfault_guest_name(enum kvmfault_guest guest);
bool kvmfault_outcome_has_level(enum kvmfault_outcome outcome);

void kvmfault_table_begin(void);
void kvmfault_table_again(void);
void kvmfault_table_end(void);
u64 kvmfault_table_seek(u64 id);

/* Between begin and end. */
const struct kvmfault_vm *
kvmfault_table_next(const struct kvmfault_vm *vm);
const struct kvmfault_vm *kvmfault_table_from(u64 id);
const struct kvmfault_vm *kvmfault_table_find(u64 id);
u64 kvmfault_table_last(void);
void kvmfault_table_fold(struct kvmfault_row *row,
			 const struct kvmfault_vm *vm);
struct kvmfault_vcpu_row *
kvmfault_table_vcpus(const struct kvmfault_vm *vm, unsigned int *nr);
bool kvmfault_table_retries(u64 *retries,
			    const struct kvmfault_counts *counts);
bool kvmfault_table_vcpu_retries(u64 *retries,
				 const struct kvmfault_vcpu_row *row);
bool kvmfault_table_has_class(const struct kvmfault_counts *counts,
			      enum kvmfault_class class);
bool kvmfault_table_shadow(struct kvmfault_shadow_row *shadow,
			   const struct kvmfault_row *row);
void kvmfault_table_sum(struct kvmfault_row *sum, struct kvmfault_row *row);
unsigned int kvmfault_table_nr_live(void);
unsigned int kvmfault_table_faults(struct kvmfault_fault_row *rows,
				   const struct kvmfault_counts *counts);
u64 kvmfault_table_load(const struct kvmfault_row *row);
unsigned int kvmfault_table_busiest(struct kvmfault_ranked *ranked,
				    unsigned int room,
				    struct kvmfault_row *row);

#endif /* KVMFAULT_TABLE_H */
