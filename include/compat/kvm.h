/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KVM's structs, as kernels differ in them
 */
#ifndef KVMFAULT_COMPAT_KVM_H
#define KVMFAULT_COMPAT_KVM_H

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <linux/ptrace.h>

#include <compat/config.h>

/* 6.8 */
#ifndef KVM_MEM_GUEST_MEMFD
#define KVM_MEM_GUEST_MEMFD	BIT(2)
#endif

/* 6.18: all pages of a slot can come from its guest_memfd. */
#ifndef KVM_MEMSLOT_GMEM_ONLY
#define KVM_MEMSLOT_GMEM_ONLY	0
#endif

/* Without CONFIG_KVM_SMM there is no such mode. */
#ifndef HF_SMM_MASK
#define HF_SMM_MASK		0
#endif

/*
 * Whether AMD's handler of nested page faults looks for an eventfd before all else.
 * Where it does not, a probe for that would see nothing, and cost each exit for a
 * device that is emulated in the kernel.
 */
#ifdef HAVE_SVM_KICKS
#define KVMFAULT_SVM_KICKS	true
#else
#define KVMFAULT_SVM_KICKS	false
#endif

/* Under kvm->srcu. */
static inline void
kvmfault_each_memslot(struct kvm_memslots *slots,
		      void (*visit)(const struct kvm_memory_slot *slot,
				    void *data),
		      void *data)
{
	struct kvm_memory_slot *slot;
#ifdef HAVE_MEMSLOT_BUCKETS
	int bucket;

	kvm_for_each_memslot(slot, bucket, slots)
		visit(slot, data);
#else
	kvm_for_each_memslot(slot, slots)
		visit(slot, data);
#endif
}

/*
 * The slot of an address in handlers, under kvm->srcu. KVM's own way notes the last one
 * that was found, for all vCPUs of a VM, so that handlers would write in turns what
 * others read. Kernels before 5.17 know no other one.
 */
static inline const struct kvm_memory_slot *
kvmfault_find_memslot(struct kvm_memslots *slots, gfn_t gfn)
{
#ifdef HAVE_MEMSLOT_BUCKETS
	struct kvm_memory_slot *last;

	last = (void *)atomic_long_read(&slots->last_used_slot);
	return try_get_memslot(last, gfn) ?: search_memslots(slots, gfn, false);
#else
	return __gfn_to_memslot(slots, gfn);
#endif
}

static inline unsigned int kvmfault_address_spaces(struct kvm *kvm)
{
#ifdef HAVE_MEMSLOT_AS_IDS
	return kvm_arch_nr_memslot_as_ids(kvm);
#else
	return KVM_ADDRESS_SPACE_NUM;
#endif
}

/* May the guest have memory that nobody else can read? */
static inline bool kvmfault_kvm_is_private(struct kvm *kvm)
{
#ifdef HAVE_PRIVATE_MEM
	return kvm_arch_has_private_mem(kvm);
#else
	return false;
#endif
}

/* Has its VMM said that a page is nobody's but the guest's? Anywhere. */
static inline bool kvmfault_page_is_private(struct kvm *kvm, gfn_t gfn)
{
#ifdef HAVE_MEM_IS_PRIVATE
	return kvmfault_kvm_is_private(kvm) && kvm_mem_is_private(kvm, gfn);
#else
	return false;
#endif
}

/*
 * The file of a slot's guest_memfd, or NULL if it has none or this was closed. Only
 * to be compared, unless it is held.
 */
static inline struct inode *
kvmfault_slot_inode(const struct kvm_memory_slot *slot)
{
#ifdef HAVE_GUEST_MEMFD
	struct inode *inode = NULL;
	struct file *file;

	/* KVM does not wait before it frees a file, but RCU does. */
	rcu_read_lock();
	file = rcu_dereference_raw(slot->gmem.file);
	if (file)
		inode = READ_ONCE(file->f_inode);
	rcu_read_unlock();
	return inode;
#else
	return NULL;
#endif
}

/* The same, held; under kvm->srcu. */
static inline struct file *kvmfault_slot_file(struct kvm_memory_slot *slot)
{
#ifdef HAVE_GUEST_MEMFD
	return get_file_active(&slot->gmem.file);
#else
	return NULL;
#endif
}

/* Where a slot begins in that file, in pages. */
static inline pgoff_t kvmfault_slot_index(const struct kvm_memory_slot *slot)
{
#ifdef HAVE_GUEST_MEMFD
	return slot->gmem.pgoff;
#else
	return 0;
#endif
}

/* The thread that ran a vCPU last, 0 if none has. */
static inline pid_t kvmfault_vcpu_tid(struct kvm_vcpu *vcpu)
{
	pid_t tid;

#ifdef HAVE_VCPU_PID_LOCK
	read_lock(&vcpu->pid_lock);
	tid = pid_nr(vcpu->pid);
	read_unlock(&vcpu->pid_lock);
#else
	rcu_read_lock();
	tid = pid_nr(rcu_dereference(vcpu->pid));
	rcu_read_unlock();
#endif
	return tid;
}

/* Are its registers encrypted? */
static inline bool kvmfault_vcpu_is_sealed(const struct kvm_vcpu *vcpu)
{
#ifdef HAVE_GUEST_STATE_PROTECTED
	return vcpu->arch.guest_state_protected;
#else
	return false;
#endif
}

/* What KVM has cached of the guest's instruction pointer; all bits if it may not see. */
static inline u64 kvmfault_vcpu_rip(const struct kvm_vcpu *vcpu)
{
	if (kvmfault_vcpu_is_sealed(vcpu))
		return U64_MAX;
#ifdef HAVE_VCPU_ARCH_RIP
	return vcpu->arch.rip;
#else
	return vcpu->arch.regs[VCPU_REGS_RIP];
#endif
}

/* Has KVM a copy of CR3 that is right? */
static inline bool kvmfault_vcpu_cr3_is_known(const struct kvm_vcpu *vcpu)
{
#ifdef HAVE_REGS_AVAIL_BITMAP
	return test_bit(VCPU_REG_CR3, vcpu->arch.regs_avail);
#else
	return vcpu->arch.regs_avail & BIT(VCPU_EXREG_CR3);
#endif
}

/* What kvm_arch_commit_memory_region() is called with. */
#ifdef HAVE_COMMIT_REGION_MEM
#define KVMFAULT_COMMIT_OLD	2
#else
#define KVMFAULT_COMMIT_OLD	1
#endif

static inline const struct kvm_memory_slot *
kvmfault_commit_old(struct pt_regs *regs)
{
	return (void *)regs_get_kernel_argument(regs, KVMFAULT_COMMIT_OLD);
}

static inline const struct kvm_memory_slot *
kvmfault_commit_new(struct pt_regs *regs)
{
	return (void *)regs_get_kernel_argument(regs, KVMFAULT_COMMIT_OLD + 1);
}

static inline enum kvm_mr_change kvmfault_commit_change(struct pt_regs *regs)
{
	return regs_get_kernel_argument(regs, KVMFAULT_COMMIT_OLD + 2);
}

/* What KVM counts of its page tables, or U64_MAX. */

static inline u64 kvmfault_tdp_tables(struct kvm *kvm)
{
#ifdef HAVE_TDP_MMU_PAGES
	return atomic64_read(&kvm->arch.tdp_mmu_pages);
#else
	return U64_MAX;
#endif
}

static inline u64 kvmfault_shadow_tables(struct kvm *kvm)
{
#if defined(HAVE_N_USED_MMU_PAGES)
	return READ_ONCE(kvm->arch.n_used_mmu_pages);
#elif defined(HAVE_STAT_SHADOW_PAGES)
	return READ_ONCE(kvm->stat.mmu_shadow_pages);
#else
	return U64_MAX;
#endif
}

#ifdef HAVE_STAT_PAGES

/* Two CPUs may be seen half through: one has unmapped what another has mapped. */
static inline u64 kvmfault_maps(const atomic64_t *counter)
{
	return max_t(s64, atomic64_read(counter), 0);
}

static inline u64 kvmfault_maps_4k(struct kvm *kvm)
{
	return kvmfault_maps(&kvm->stat.pages_4k);
}

static inline u64 kvmfault_maps_2m(struct kvm *kvm)
{
	return kvmfault_maps(&kvm->stat.pages_2m);
}

static inline u64 kvmfault_maps_1g(struct kvm *kvm)
{
	return kvmfault_maps(&kvm->stat.pages_1g);
}

static inline u64 kvmfault_maps_large(struct kvm *kvm)
{
	return kvmfault_maps_2m(kvm) + kvmfault_maps_1g(kvm);
}

#else /* !HAVE_STAT_PAGES */

static inline u64 kvmfault_maps_4k(struct kvm *kvm)
{
	return U64_MAX;
}

static inline u64 kvmfault_maps_2m(struct kvm *kvm)
{
	return U64_MAX;
}

static inline u64 kvmfault_maps_1g(struct kvm *kvm)
{
	return U64_MAX;
}

static inline u64 kvmfault_maps_large(struct kvm *kvm)
{
#ifdef HAVE_STAT_LPAGES
	return READ_ONCE(kvm->stat.lpages);
#else
	return U64_MAX;
#endif
}

#endif /* HAVE_STAT_PAGES */

/*
 * Whether handlers of page faults take a struct. An address that a guest has
 * chosen looks like anything, a pointer into the kernel too.
 */
static inline bool kvmfault_has_page_fault_struct(void)
{
#ifdef HAVE_PAGE_FAULT_STRUCT
	return true;
#else
	return false;
#endif
}

#endif /* KVMFAULT_COMPAT_KVM_H */
