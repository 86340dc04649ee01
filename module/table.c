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
#include "learn.h"
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
		[KVMFAULT_SHADOW] = "shadow",
	};

	return names[class];
}

/**
 * kvmfault_access_name() - an access as all readers name it
 * @access: the access
 */
const char *kvmfault_access_name(enum kvmfault_access access)
{
	static const char * const names[KVMFAULT_ACCESSES] = {
		[KVMFAULT_ACCESS_UNKNOWN] = "-",
		[KVMFAULT_READ] = "read",
		[KVMFAULT_WRITE] = "write",
		[KVMFAULT_EXEC] = "exec",
	};

	return names[access];
}

/**
 * kvmfault_cause_name() - a cause as all readers name it
 * @cause: the cause
 */
const char *kvmfault_cause_name(enum kvmfault_cause cause)
{
	static const char * const names[KVMFAULT_CAUSES] = {
		[KVMFAULT_CAUSE_UNKNOWN] = "-",
		[KVMFAULT_ABSENT] = "absent",
		[KVMFAULT_PROTECTED] = "protected",
		[KVMFAULT_MMIO] = "mmio",
		[KVMFAULT_PREFETCH] = "prefetch",
	};

	return names[cause];
}

/**
 * kvmfault_outcome_name() - an outcome as all readers name it
 * @outcome: the outcome
 */
const char *kvmfault_outcome_name(enum kvmfault_outcome outcome)
{
	static const char * const names[KVMFAULT_OUTCOMES] = {
		[KVMFAULT_FIXED] = "fixed",
		[KVMFAULT_SPURIOUS] = "spurious",
		[KVMFAULT_RETRY] = "retry",
		[KVMFAULT_EMULATE] = "emulate",
		[KVMFAULT_WRITE_PROTECTED] = "write-protected",
		[KVMFAULT_INVALID] = "invalid",
		[KVMFAULT_ERROR] = "error",
		[KVMFAULT_UNKNOWN] = "-",
		[KVMFAULT_INJECTED] = "injected",
	};

	return names[outcome];
}

/**
 * kvmfault_level_name() - a level as all readers name it
 * @level: the level
 */
const char *kvmfault_level_name(enum kvmfault_level level)
{
	static const char * const names[KVMFAULT_LEVELS] = {
		[KVMFAULT_LEVEL_UNKNOWN] = "-",
		[KVMFAULT_4K] = "4K",
		[KVMFAULT_2M] = "2M",
		[KVMFAULT_1G] = "1G",
	};

	return names[level];
}

/**
 * kvmfault_end_name() - the end of an exit as all readers name it
 * @end: the end
 */
const char *kvmfault_end_name(enum kvmfault_end end)
{
	static const char * const names[] = {
		[KVMFAULT_RESUMED] = "resumed",
		[KVMFAULT_USERSPACE] = "userspace",
		[KVMFAULT_FAILED] = "failed",
	};

	return names[end];
}

/**
 * kvmfault_way_class() - the class of the MMU's part
 * @way: which tables it fills
 */
enum kvmfault_class kvmfault_way_class(enum kvmfault_way way)
{
	return way == KVMFAULT_WAY_TDP ? KVMFAULT_TDP : KVMFAULT_SHADOW;
}

/**
 * kvmfault_way_guest() - who ran
 * @way: which tables it fills
 */
enum kvmfault_guest kvmfault_way_guest(enum kvmfault_way way)
{
	return way == KVMFAULT_WAY_NESTED ? KVMFAULT_L2 : KVMFAULT_L1;
}

/**
 * kvmfault_guest_name() - who ran, as all readers name it
 * @guest: the guest, or the guest's guest
 */
const char *kvmfault_guest_name(enum kvmfault_guest guest)
{
	static const char * const names[KVMFAULT_GUESTS] = {
		[KVMFAULT_L1] = "L1",
		[KVMFAULT_L2] = "L2",
	};

	return names[guest];
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
 * kvmfault_table_again() - read on, after begin and end
 *
 * Nothing is settled by that: for who looks at one VM after the other.
 */
void kvmfault_table_again(void)
{
	mutex_lock(&kvmfault_settle_lock);
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
 * kvmfault_table_from() - begin in the middle
 * @id: the number of a VM
 *
 * Return: the VM with that number or the next one there is, NULL if there is
 * none.
 */
const struct kvmfault_vm *kvmfault_table_from(u64 id)
{
	const struct kvmfault_vm *vm;

	for (vm = kvmfault_table_next(NULL); vm; vm = kvmfault_table_next(vm))
		if (vm->id >= id)
			break;
	return vm;
}

/**
 * kvmfault_table_find() - the VM with a number
 * @id: the number
 *
 * Return: NULL if there is none.
 */
const struct kvmfault_vm *kvmfault_table_find(u64 id)
{
	const struct kvmfault_vm *vm = kvmfault_table_from(id);

	return vm && vm->id == id ? vm : NULL;
}

/**
 * kvmfault_table_seek() - the number of the next VM, for who lets others in between
 * @id: the least it may be
 *
 * Takes the lock for that, and settles nothing.
 *
 * Return: U64_MAX if there is none.
 */
u64 kvmfault_table_seek(u64 id)
{
	const struct kvmfault_vm *vm;

	kvmfault_table_again();
	vm = kvmfault_table_from(id);
	id = vm ? vm->id : U64_MAX;
	kvmfault_table_end();
	return id;
}

/**
 * kvmfault_table_last() - the highest number of a VM that is listed
 *
 * Where a walk ends that lets others in between, or it need not end at all.
 */
u64 kvmfault_table_last(void)
{
	if (list_empty(&kvmfault_vms))
		return kvmfault_vm_gone.id;
	return list_last_entry(&kvmfault_vms, struct kvmfault_vm, list)->id;
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

static void vcpu_row_read(struct kvmfault_vcpu_row *row,
			  const struct kvmfault_vcpu *vcpu)
{
	unsigned int i;

	memset(row, 0, sizeof(*row));
	row->id = vcpu->id;
	/* Pairs with vcpu_restart(); it has not faulted since the reset. */
	if (!kvmfault_account_epoch(smp_load_acquire(&vcpu->epoch)))
		return;

	row->max_ns = READ_ONCE(vcpu->max_ns);
	for (i = 0; i < KVMFAULT_CLASSES; i++)
		row->count[i] = local64_read(&vcpu->count[i]);
	for (i = 0; i < KVMFAULT_RETRY_RETS; i++)
		row->rets[i] = local64_read(&vcpu->rets[i]);
}

static bool is_any(const struct kvmfault_vcpu *vcpu)
{
	return true;
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
	const struct kvmfault_vcpu **vcpus;
	struct kvmfault_vcpu_row *rows;
	unsigned int i;

	vcpus = kvmfault_vm_vcpus(vm, is_any, nr);
	if (IS_ERR_OR_NULL(vcpus))
		return ERR_CAST(vcpus);

	rows = kvmalloc_array(*nr, sizeof(*rows), GFP_KERNEL);
	for (i = 0; rows && i < *nr; i++)
		vcpu_row_read(&rows[i], vcpus[i]);
	kvfree(vcpus);
	return rows ?: ERR_PTR(-ENOMEM);
}

/**
 * kvmfault_table_retries() - how many faults of a VM had to be tried again
 * @retries: how many
 * @counts: of the VM
 *
 * Return: false if this kernel has not yet shown what a retry looks like.
 */
bool kvmfault_table_retries(u64 *retries,
			    const struct kvmfault_counts *counts)
{
	enum kvmfault_codes codes = kvmfault_recognised_codes();
	const struct kvmfault_combo *combo = counts->combo;
	unsigned int i;

	*retries = 0;
	for (i = 0; i < KVMFAULT_COMBOS_VM; i++)
		if (combo[i].key &&
		    kvmfault_outcome(codes, kvmfault_combo_ret(combo[i].key)) ==
		    KVMFAULT_RETRY)
			*retries += combo[i].count;
	return codes != KVMFAULT_CODES_UNKNOWN;
}

/**
 * kvmfault_table_vcpu_retries() - the same of a vCPU
 * @retries: how many
 * @row: the vCPU
 *
 * Return: false if it is not known.
 */
bool kvmfault_table_vcpu_retries(u64 *retries,
				 const struct kvmfault_vcpu_row *row)
{
	enum kvmfault_codes codes = kvmfault_recognised_codes();

	*retries = codes == KVMFAULT_CODES_5_10 ? row->rets[0] : row->rets[1];
	return codes != KVMFAULT_CODES_UNKNOWN;
}

/**
 * kvmfault_table_sum() - all VMs together
 * @sum: where to
 * @row: to work with
 */
void kvmfault_table_sum(struct kvmfault_row *sum, struct kvmfault_row *row)
{
	const struct kvmfault_vm *vm;

	sum->vm = NULL;
	kvmfault_account_clear(&sum->counts);
	for (vm = kvmfault_table_next(NULL); vm; vm = kvmfault_table_next(vm)) {
		kvmfault_table_fold(row, vm);
		kvmfault_account_merge(&sum->counts, &row->counts);
	}
}

/**
 * kvmfault_table_nr_live() - how many VMs there are, vm 0 aside
 */
unsigned int kvmfault_table_nr_live(void)
{
	const struct kvmfault_vm *vm;
	unsigned int nr = 0;

	list_for_each_entry(vm, &kvmfault_vms, list)
		nr += !READ_ONCE(vm->dead);
	return nr;
}

/**
 * kvmfault_outcome_has_level() - was a mapping made, or there already?
 * @outcome: the outcome
 */
bool kvmfault_outcome_has_level(enum kvmfault_outcome outcome)
{
	return outcome == KVMFAULT_FIXED || outcome == KVMFAULT_SPURIOUS;
}

static void fault_row_read(struct kvmfault_fault_row *row,
			   const struct kvmfault_combo *combo)
{
	row->way = kvmfault_combo_way(combo->key);
	row->access = kvmfault_combo_access(combo->key);
	row->cause = kvmfault_combo_cause(combo->key);
	row->outcome = kvmfault_outcome(kvmfault_recognised_codes(),
					kvmfault_combo_ret(combo->key));
	row->level = kvmfault_outcome_has_level(row->outcome) ?
		     kvmfault_combo_level(combo->key) : KVMFAULT_LEVEL_UNKNOWN;
	row->count = combo->count;
	row->sum_ns = combo->sum_ns;
}

static int fault_row_cmp(const void *a, const void *b)
{
	const struct kvmfault_fault_row *x = a, *y = b;

	return kvmfault_order(x->way, y->way) ?:
	       kvmfault_order(x->access, y->access) ?:
	       kvmfault_order(x->cause, y->cause) ?:
	       kvmfault_order(x->outcome, y->outcome) ?:
	       kvmfault_order(x->level, y->level);
}

/* What differs only in something that is not known is one row. */
static unsigned int fault_rows_unite(struct kvmfault_fault_row *rows,
				     unsigned int nr)
{
	unsigned int i, last = 0;

	for (i = 1; i < nr; i++) {
		if (fault_row_cmp(&rows[last], &rows[i])) {
			rows[++last] = rows[i];
			continue;
		}
		rows[last].count += rows[i].count;
		rows[last].sum_ns += rows[i].sum_ns;
	}
	return nr ? last + 1 : 0;
}

/**
 * kvmfault_table_faults() - tell the faults of a VM apart
 * @rows: where to, KVMFAULT_COMBOS_VM of them
 * @counts: of the VM
 *
 * Return: how many kinds there are, in order.
 */
unsigned int kvmfault_table_faults(struct kvmfault_fault_row *rows,
				   const struct kvmfault_counts *counts)
{
	const struct kvmfault_combo *combo = counts->combo;
	unsigned int i, nr = 0;

	for (i = 0; i < KVMFAULT_COMBOS_VM; i++)
		if (combo[i].key && combo[i].count)
			fault_row_read(&rows[nr++], &combo[i]);
	sort(rows, nr, sizeof(*rows), fault_row_cmp, NULL);
	return fault_rows_unite(rows, nr);
}

/**
 * kvmfault_table_has_class() - is a class of a VM shown?
 * @counts: of the VM
 * @class: the class
 *
 * Few VMs have shadow paging, and where there is none it is not spoken of.
 */
bool kvmfault_table_has_class(const struct kvmfault_counts *counts,
			      enum kvmfault_class class)
{
	return class != KVMFAULT_SHADOW ||
	       kvmfault_hist_count(counts->total[class].bucket);
}

/* As many as there were at the last fault of any of its vCPUs. */
static u64 shadow_pages(const struct kvmfault_vm *vm)
{
	const struct kvmfault_vcpu *vcpu;
	u64 when, last = 0, pages = 0;
	struct llist_node *pos;

	for (pos = kvmfault_chain_first(&vm->vcpus); pos;
	     pos = kvmfault_chain_next(pos)) {
		vcpu = container_of(pos, struct kvmfault_vcpu, sibling);
		when = READ_ONCE(vcpu->shadow.when);
		if (when < last)
			continue;
		last = when;
		pages = READ_ONCE(vcpu->shadow.pages);
	}
	return pages;
}

/**
 * kvmfault_table_shadow() - read shadow paging of a VM
 * @shadow: where to
 * @row: the VM
 *
 * Return: false if it has none.
 */
bool kvmfault_table_shadow(struct kvmfault_shadow_row *shadow,
			   const struct kvmfault_row *row)
{
	const struct kvmfault_combo *combo = row->counts.combo;
	bool nested, injected;
	unsigned int i;
	u64 any;

	memset(shadow, 0, sizeof(*shadow));
	shadow->count =
		kvmfault_hist_count(row->counts.total[KVMFAULT_SHADOW].bucket);
	any = shadow->count;
	for (i = 0; i < KVMFAULT_COMBOS_VM; i++, combo++) {
		if (!combo->key ||
		    kvmfault_combo_way(combo->key) == KVMFAULT_WAY_TDP)
			continue;
		nested = kvmfault_combo_way(combo->key) == KVMFAULT_WAY_NESTED;
		injected = kvmfault_combo_ret(combo->key) ==
			   KVMFAULT_RET_INJECTED;
		shadow->nested += nested ? combo->count : 0;
		shadow->injected += injected ? combo->count : 0;
		shadow->reflected += nested && injected ? combo->count : 0;
	}
	for (i = 0; i < KVMFAULT_SHADOW_EVENTS; i++)
		any |= row->counts.event[i];
	if (row->vm)
		shadow->pages = shadow_pages(row->vm);
	return any;
}

/**
 * kvmfault_table_load() - the time that vCPUs have spent in fault exits
 * @row: the VM
 *
 * What a VM loses by them. Of a guest's guest shadow is within violation, so not
 * once more; where a guest's own tables are shadowed there are no violations.
 */
u64 kvmfault_table_load(const struct kvmfault_row *row)
{
	const struct kvmfault_total *total = row->counts.total;

	return max(total[KVMFAULT_VIOLATION].sum_ns,
		   total[KVMFAULT_SHADOW].sum_ns) +
	       total[KVMFAULT_MISCONFIG].sum_ns;
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
		found = kvmfault_rank(ranked, found, room,
				      kvmfault_table_load(row), vm);
	}
	return found;
}
