// SPDX-License-Identifier: GPL-2.0
/*
 * Root loads: how often vCPUs had their page tables' roots made ready
 *
 * A vCPU loads its root before it runs for the first time, and again whenever KVM
 * has thrown its roots away: when a memory slot was deleted, say, and with it all
 * page tables of the VM, which have to be filled by faults anew. So many loads tell
 * where many faults come from.
 *
 * A probe that is always in place; a fault does not come here. The first load of a
 * vCPU comes before its first fault, when nobody knows the vCPU yet.
 */
#include <linux/kernel.h>
#include <linux/kvm_host.h>

#include "chain.h"
#include "extra.h"
#include "roots.h"
#include "settle.h"
#include "setup.h"
#include "vm.h"

static struct kvmfault_extra probe;

/* On the thread that runs the vCPU: the count has one writer. */
static int load_at(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct kvmfault_vcpu *vcpu;

	vcpu = kvmfault_vcpu_find((struct kvm_vcpu *)regs->di);
	if (vcpu) {
		local64_inc(&vcpu->root_loads);
		kvmfault_extra_hit(&probe);
	}
	return 0;
}

static struct kvmfault_extra probe = {
	.name = "kvm_mmu_load",
	KVMFAULT_EXTRA_IN_KVM,
	.symbols = { "kvm_mmu_load" },
	.what = "root loads are not counted",
	.at = load_at,
};

static struct kvmfault_extras extras = {
	.probes = &probe,
	.nr = 1,
};

/**
 * kvmfault_roots_loads() - how often the vCPUs of a VM have loaded their roots
 * @vm: the VM
 *
 * Return: how often since their first faults, or KVMFAULT_UNCOUNTED while that is
 * not counted.
 */
u64 kvmfault_roots_loads(const struct kvmfault_vm *vm)
{
	const struct llist_node *pos;
	u64 loads = 0;

	lockdep_assert_held(&kvmfault_settle_lock);

	if (!kvmfault_extra_is_armed(&probe))
		return KVMFAULT_UNCOUNTED;
	for (pos = kvmfault_chain_first(&vm->vcpus); pos;
	     pos = kvmfault_chain_next(pos))
		loads += local64_read(&container_of(pos, struct kvmfault_vcpu,
						    sibling)->root_loads);
	return loads;
}

/**
 * kvmfault_roots_init() - count from now on
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_roots_init(void)
{
	return kvmfault_extra_arm(&extras);
}

/**
 * kvmfault_roots_exit() - count no more
 */
void kvmfault_roots_exit(void)
{
	kvmfault_extra_disarm(&extras);
}
