// SPDX-License-Identifier: GPL-2.0
/*
 * The registry of VMs and their vCPUs: birth, death, reuse
 *
 * A VM is found at its first fault, by a handler, which can neither allocate
 * nor lock: it takes a zeroed object from a pool and pushes it on a chain.
 * kvm_destroy_vm() tells of its death. From then on its address means nothing,
 * and the next VM that KVM puts there is a new one, even if nobody has buried
 * the old one yet.
 *
 * No VM is held: a struct kvm is looked into only by the vCPU thread that is
 * in a fault of it.
 */
#include <linux/hash.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/sort.h>

#include "account.h"
#include "async.h"
#include "chain.h"
#include "changes.h"
#include "hot.h"
#include "netlink.h"
#include "order.h"
#include "pool.h"
#include "probe.h"
#include "settle.h"
#include "stages.h"
#include "vm.h"
#include "watch.h"

#define VM_HASH_BITS	10
#define VCPU_HASH_BITS	12

/* Births that a host may see before the settling work has run. */
#define SPARE_VMS	32
#define SPARE_VCPUS	256

struct kvmfault_vm kvmfault_vm_gone;
LIST_HEAD(kvmfault_vms);

static struct llist_head vm_hash[1 << VM_HASH_BITS];
static struct llist_head vcpu_hash[1 << VCPU_HASH_BITS];

/* What handlers leave for kvmfault_vm_settle(). */
static LLIST_HEAD(born);
static LLIST_HEAD(died);

/* Who has them wait: kvmfault_vm_all_died(); kvmfault_settle_lock. */
static unsigned int burials_held;

/* VMs in vm 0; kvmfault_settle_lock. */
static u64 nr_gone;

/* Changes when rows come, go or restart, and is never 0; kvmfault_settle_lock. */
static unsigned int generation = 1;

static atomic64_t last_id = ATOMIC64_INIT(0);

static struct kvmfault_pool vm_pool = {
	.name = "kvmfault_vm",
	.size = sizeof(struct kvmfault_vm),
	.spare = SPARE_VMS,
};

static struct kvmfault_pool vcpu_pool = {
	.name = "kvmfault_vcpu",
	.size = sizeof(struct kvmfault_vcpu),
	.spare = SPARE_VCPUS,
	.limit = UINT_MAX,
};

static struct llist_head *vm_chain(const struct kvm *kvm)
{
	return &vm_hash[hash_ptr(kvm, VM_HASH_BITS)];
}

static struct llist_head *vcpu_chain(const struct kvm_vcpu *kvm_vcpu)
{
	return &vcpu_hash[hash_ptr(kvm_vcpu, VCPU_HASH_BITS)];
}

static struct kvmfault_vm *vm_find_from(struct llist_node *pos,
					const struct kvm *kvm)
{
	struct kvmfault_vm *vm;

	for (; pos; pos = kvmfault_chain_next(pos)) {
		vm = container_of(pos, struct kvmfault_vm, hash);
		if (vm->kvm == kvm && !READ_ONCE(vm->dead))
			return vm;
	}
	return NULL;
}

/**
 * kvmfault_vm_find() - the record of a VM
 * @kvm: the VM, which lives
 *
 * Return: the record, NULL if it has not faulted.
 */
struct kvmfault_vm *kvmfault_vm_find(const struct kvm *kvm)
{
	return vm_find_from(kvmfault_chain_first(vm_chain(kvm)), kvm);
}

static void counts_init(struct kvmfault_counts *counts)
{
	unsigned int class;

	for (class = 0; class < KVMFAULT_CLASSES; class++)
		counts->total[class].min_ns = U64_MAX;
}

static void vm_describe(struct kvmfault_vm *vm, struct kvm *kvm)
{
	counts_init(&vm->counts);
	vm->kvm = kvm;
	/* KVM_RUN is refused to all but the process that made the VM. */
	vm->pid = task_tgid_nr(current);
	strscpy(vm->comm, current->group_leader->comm, sizeof(vm->comm));
}

/* Without a number it is buried unseen; the number is the next one's, if it can. */
static void vm_unborn(struct kvmfault_vm *vm)
{
	atomic64_cmpxchg(&last_id, vm->id, vm->id - 1);
	vm->id = 0;
	llist_add(&vm->deceased, &died);
}

/* Two vCPUs may see their new VM at once; only one of them makes it known. */
static struct kvmfault_vm *vm_birth(struct kvm *kvm)
{
	struct llist_head *chain = vm_chain(kvm);
	struct kvmfault_vm *vm, *other;
	struct llist_node *first;

	vm = kvmfault_pool_get(&vm_pool);
	if (!vm)
		return NULL;
	vm_describe(vm, kvm);
	/* Whoever finds it may tell of it by its number. */
	vm->id = atomic64_inc_return(&last_id);

	do {
		first = kvmfault_chain_first(chain);
		other = vm_find_from(first, kvm);
		if (other) {
			vm_unborn(vm);
			return other;
		}
	} while (!kvmfault_chain_push_if(&vm->hash, chain, first));

	llist_add(&vm->newborn, &born);
	return vm;
}

static struct kvmfault_vm *vm_get(struct kvm *kvm)
{
	struct kvmfault_vm *vm;

	vm = vm_find_from(kvmfault_chain_first(vm_chain(kvm)), kvm);
	if (vm)
		return vm;

	vm = vm_birth(kvm);
	/* Without one the fault is lost, and whoever counts it asks for more. */
	if (vm)
		kvmfault_settle_kick();
	return vm;
}

/* Only the thread that runs a vCPU gets here for it: no two make one record. */
static struct kvmfault_vcpu *vcpu_birth(struct kvm_vcpu *kvm_vcpu)
{
	struct kvmfault_vm *vm = vm_get(kvm_vcpu->kvm);
	struct kvmfault_vcpu *vcpu;

	if (!vm)
		return NULL;

	vcpu = kvmfault_pool_get(&vcpu_pool);
	if (!vcpu)
		return NULL;
	kvmfault_settle_kick();

	vcpu->kvm_vcpu = kvm_vcpu;
	vcpu->vm = vm;
	vcpu->id = kvm_vcpu->vcpu_id;
	llist_add(&vcpu->hash, vcpu_chain(kvm_vcpu));
	llist_add(&vcpu->sibling, &vm->vcpus);
	atomic_inc(&vm->nr_vcpus);
	return vcpu;
}

/**
 * kvmfault_vcpu_find() - the record of a vCPU
 * @kvm_vcpu: a vCPU, which need not be there any more
 *
 * Return: the record, or NULL if it has not faulted or its VM is gone.
 */
struct kvmfault_vcpu *kvmfault_vcpu_find(struct kvm_vcpu *kvm_vcpu)
{
	struct kvmfault_vcpu *vcpu;
	struct llist_node *pos;

	for (pos = kvmfault_chain_first(vcpu_chain(kvm_vcpu)); pos;
	     pos = kvmfault_chain_next(pos)) {
		vcpu = container_of(pos, struct kvmfault_vcpu, hash);
		if (vcpu->kvm_vcpu == kvm_vcpu && !READ_ONCE(vcpu->vm->dead))
			return vcpu;
	}
	return NULL;
}

/**
 * kvmfault_vcpu_get() - the record of a vCPU, made if it is new
 * @kvm_vcpu: a vCPU in a fault, on the thread that runs it
 *
 * Return: the record, or NULL if no object was ready for it or for its VM.
 */
struct kvmfault_vcpu *kvmfault_vcpu_get(struct kvm_vcpu *kvm_vcpu)
{
	return kvmfault_vcpu_find(kvm_vcpu) ?: vcpu_birth(kvm_vcpu);
}

static void vm_bury_later(struct kvmfault_vm *vm)
{
	/* Whoever is first; the probe may see it while we clear up. */
	if (xchg(&vm->dead, true))
		return;
	/* After the flag: who looks the VM up from now on does not find it. */
	kvmfault_account_unseat(vm);
	llist_add(&vm->deceased, &died);
}

/**
 * kvmfault_vm_died() - a VM is being destroyed
 * @kvm: the VM
 *
 * Every vCPU file holds its VM, so no fault of it is under way or will come.
 */
void kvmfault_vm_died(struct kvm *kvm)
{
	struct kvmfault_vm *vm;

	vm = kvmfault_vm_find(kvm);
	if (!vm)
		return;

	vm_bury_later(vm);
	kvmfault_settle_kick();
}

/**
 * kvmfault_vm_generation() - changes when rows come, go or restart
 *
 * Return: never 0.
 */
unsigned int kvmfault_vm_generation(void)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	return generation;
}

/**
 * kvmfault_vm_changed() - rows have come, gone or restarted
 */
void kvmfault_vm_changed(void)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	if (!++generation)
		generation = 1;
}

/**
 * kvmfault_vm_all_died() - take all VMs for dead
 *
 * After a time in which deaths were not seen, because the probe of
 * kvm_destroy_vm() was missing: when KVM goes, and a live VM pins KVM; or when
 * that probe comes back. Then a VM that lives is born again at its next fault.
 */
void kvmfault_vm_all_died(void)
{
	struct kvmfault_vm *vm;
	bool any;

	kvmfault_settle_begin();
	any = !list_empty(&kvmfault_vms);
	list_for_each_entry(vm, &kvmfault_vms, list)
		vm_bury_later(vm);
	burials_held++;
	kvmfault_settle_end();

	/*
	 * A handler that has not heard of it may be counting still; and one that the
	 * direct engine calls, on the way in, may be preempted with a record in its
	 * hands: kvmfault_watch_enter(). Burials alone wait for those: births and
	 * slots that are to be had again do not.
	 */
	if (any)
		kvmfault_probe_settle();

	mutex_lock(&kvmfault_settle_lock);
	burials_held--;
	mutex_unlock(&kvmfault_settle_lock);
	kvmfault_settle_soon();
}

/* Numbers are given before VMs are listed, so a later one may come first. */
static void vm_adopt(struct kvmfault_vm *vm)
{
	struct kvmfault_vm *pos;

	list_for_each_entry_reverse(pos, &kvmfault_vms, list)
		if (pos->id < vm->id)
			break;
	list_add(&vm->list, &pos->list);
	kvmfault_vm_changed();
	kvmfault_netlink_born(vm);
	kvmfault_watch_kick();
}

/*
 * New ones are pushed at the head of the chain, and none leaves it while the VM
 * is listed: those that were told are its tail. One that is pushed and not yet
 * counted is told the next time.
 */
static void vcpus_tell(struct kvmfault_vm *vm)
{
	const struct llist_node *pos, *first;
	int left = 0, nr = atomic_read(&vm->nr_vcpus);

	if (nr == vm->nr_told)
		return;
	first = kvmfault_chain_first(&vm->vcpus);
	for (pos = first; pos; pos = kvmfault_chain_next(pos))
		left++;
	for (pos = first; pos; pos = kvmfault_chain_next(pos), left--)
		if (left > vm->nr_told && left <= nr)
			kvmfault_netlink_vcpu(vm,
					      container_of(pos,
							   struct kvmfault_vcpu,
							   sibling));
	vm->nr_told = nr;
}

static void vcpus_recycle(struct kvmfault_vm *vm)
{
	struct llist_node *pos, *next;
	struct kvmfault_vcpu *vcpu;

	llist_for_each_safe(pos, next, llist_del_all(&vm->vcpus)) {
		vcpu = container_of(pos, struct kvmfault_vcpu, sibling);
		kvmfault_async_recycle(vcpu);
		kvmfault_pool_put(&vcpu_pool, vcpu);
	}
}

static void vm_recycle(struct rcu_head *rcu)
{
	struct kvmfault_vm *vm = container_of(rcu, struct kvmfault_vm, rcu);

	vcpus_recycle(vm);
	kvmfault_pool_put(&vm_pool, vm);
}

static void vm_unhash(struct kvmfault_vm *vm)
{
	struct kvmfault_vcpu *vcpu;
	struct llist_node *pos;

	kvmfault_chain_remove(&vm->hash, vm_chain(vm->kvm));
	for (pos = kvmfault_chain_first(&vm->vcpus); pos;
	     pos = kvmfault_chain_next(pos)) {
		vcpu = container_of(pos, struct kvmfault_vcpu, sibling);
		kvmfault_chain_remove(&vcpu->hash, vcpu_chain(vcpu->kvm_vcpu));
	}
}

static void vm_bury(struct kvmfault_vm *vm)
{
	if (!vm->id) {
		call_rcu(&vm->rcu, vm_recycle);
		return;
	}

	if (!kvmfault_account_collect(vm)) {
		/* A CPU is giving a slot back this moment, and will kick. */
		llist_add(&vm->deceased, &died);
		return;
	}

	kvmfault_netlink_died(vm);
	kvmfault_account_merge(&kvmfault_vm_gone.counts, &vm->counts);
	kvmfault_async_bury(vm);
	/* Its addresses say nothing about the other VMs that are gone. */
	kvmfault_hot_forget(vm);
	kvmfault_stages_inherit(vm);
	nr_gone++;
	kvmfault_vm_changed();
	vm_unhash(vm);
	list_del(&vm->list);
	call_rcu(&vm->rcu, vm_recycle);
}

static void all_vcpus_tell(void)
{
	struct kvmfault_vm *vm;

	list_for_each_entry(vm, &kvmfault_vms, list)
		vcpus_tell(vm);
}

/**
 * kvmfault_vm_settle() - list the newborn, bury the dead, refill the pools
 *
 * The dead are taken before the newborn, so that all of them are listed: a VM
 * is born before it dies. So are the changes, for it is born before its slots change.
 */
void kvmfault_vm_settle(void)
{
	struct llist_node *dead = burials_held ? NULL : llist_del_all(&died);
	unsigned int changes = kvmfault_changes_begun();
	struct kvmfault_vm *vm, *next;

	lockdep_assert_held(&kvmfault_settle_lock);

	llist_for_each_entry_safe(vm, next, llist_del_all(&born), newborn)
		vm_adopt(vm);
	all_vcpus_tell();
	/* Told after its VM's birth and before its death. */
	kvmfault_changes_settle(changes);
	if (dead)
		llist_for_each_entry_safe(vm, next, dead, deceased)
			vm_bury(vm);

	/* Without memory births are missed, and counted, until there is some. */
	kvmfault_pool_fill(&vm_pool);
	kvmfault_pool_fill(&vcpu_pool);
	kvmfault_async_settle();
}

static int vcpu_cmp(const void *a, const void *b)
{
	const struct kvmfault_vcpu *const *x = a, *const *y = b;

	return kvmfault_order((*x)->id, (*y)->id);
}

/* Return: how many of those that are wanted there are; as many as fit are in @vcpus. */
static unsigned int vcpus_wanted(const struct kvmfault_vm *vm,
				 bool (*is_wanted)(const struct kvmfault_vcpu *vcpu),
				 const struct kvmfault_vcpu **vcpus,
				 unsigned int room)
{
	const struct kvmfault_vcpu *vcpu;
	struct llist_node *pos;
	unsigned int nr = 0;

	for (pos = kvmfault_chain_first(&vm->vcpus); pos;
	     pos = kvmfault_chain_next(pos)) {
		vcpu = container_of(pos, struct kvmfault_vcpu, sibling);
		if (!is_wanted(vcpu))
			continue;
		if (nr < room)
			vcpus[nr] = vcpu;
		nr++;
	}
	return nr;
}

/**
 * kvmfault_vm_vcpus() - those of a VM's vCPUs that are wanted
 * @vm: the VM; the caller holds kvmfault_settle_lock until he is done with them
 * @is_wanted: which are; whoever is stays so while the lock is held
 * @nr: where to put how many there are
 *
 * Return: the vCPUs by number, for the caller to kvfree(); NULL if there are none;
 * or ERR_PTR(-ENOMEM).
 */
const struct kvmfault_vcpu **
kvmfault_vm_vcpus(const struct kvmfault_vm *vm,
		  bool (*is_wanted)(const struct kvmfault_vcpu *vcpu),
		  unsigned int *nr)
{
	const struct kvmfault_vcpu **vcpus = NULL;
	unsigned int room;

	lockdep_assert_held(&kvmfault_settle_lock);

	*nr = vcpus_wanted(vm, is_wanted, NULL, 0);
	if (!*nr)
		return NULL;
	/* New ones come first: without room for all an old one would be left out. */
	do {
		kvfree(vcpus);
		room = *nr;
		vcpus = kvmalloc_array(room, sizeof(*vcpus), GFP_KERNEL);
		if (!vcpus)
			return ERR_PTR(-ENOMEM);
		*nr = vcpus_wanted(vm, is_wanted, vcpus, room);
	} while (*nr > room);
	sort(vcpus, *nr, sizeof(*vcpus), vcpu_cmp, NULL);
	return vcpus;
}

/**
 * kvmfault_vm_nr_gone() - how many VMs are in vm 0
 */
u64 kvmfault_vm_nr_gone(void)
{
	lockdep_assert_held(&kvmfault_settle_lock);

	return nr_gone;
}

/**
 * kvmfault_vm_max() - how many VMs there may be at once
 */
unsigned int kvmfault_vm_max(void)
{
	return vm_pool.limit;
}

/**
 * kvmfault_vm_bytes() - the memory that VMs and vCPUs take
 */
size_t kvmfault_vm_bytes(void)
{
	return kvmfault_pool_bytes(&vm_pool) + kvmfault_pool_bytes(&vcpu_pool) +
	       sizeof(vm_hash) + sizeof(vcpu_hash) + sizeof(kvmfault_vm_gone);
}

/**
 * kvmfault_vm_init() - make the registry ready
 * @max_vms: how many VMs there may be at once
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_vm_init(unsigned int max_vms)
{
	int ret;

	counts_init(&kvmfault_vm_gone.counts);
	vm_pool.limit = max_vms;

	ret = kvmfault_pool_init(&vm_pool);
	if (!ret)
		ret = kvmfault_pool_init(&vcpu_pool);
	if (ret)
		kvmfault_vm_exit();
	return ret;
}

/**
 * kvmfault_vm_exit() - free the registry
 *
 * No handler runs any more and nothing is left to settle.
 */
void kvmfault_vm_exit(void)
{
	struct kvmfault_vm *vm, *next;

	list_for_each_entry_safe(vm, next, &kvmfault_vms, list) {
		list_del(&vm->list);
		vm_recycle(&vm->rcu);
	}
	rcu_barrier();
	kvmfault_pool_exit(&vcpu_pool);
	kvmfault_pool_exit(&vm_pool);
}
