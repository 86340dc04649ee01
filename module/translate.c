// SPDX-License-Identifier: GPL-2.0
/*
 * From an address of a guest to the host's memory, as far as there is a way
 *
 * Nothing is changed by asking: no page is brought in, none is mapped, and no
 * vCPU is stopped. Where the way ends the answer ends, and says why.
 *
 * In this order, so that nobody waits for anybody: the VM is held (hold.c) while
 * its slots and a vCPU's registers are copied and its address space is kept, and
 * let go. The lock on the address space is tried for a while and not waited for:
 * whoever has it may wait for a disk, and a request must not. The last reference
 * on the address space is dropped by a worker.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kvm_host.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include <compat/kvm.h>

#include "address.h"
#include "guest_walk.h"
#include "hold.h"
#include "memfd.h"
#include "recent.h"
#include "table.h"
#include "translate.h"

/* How often, and after how many microseconds, a lock is tried again. */
#define LOCK_TRIES	50
#define LOCK_WAIT_US	1000

/**
 * struct look - what is copied from a VM, to look things up in
 * @t: what is looked for
 * @mm: the address space of its VMM
 * @slots: its memory slots
 * @nr: how many these are
 * @paging: how the vCPU translates
 * @memfd: where the page comes from; of a virtual address nobody has asked
 * @path: room for the path of a file, if there was memory
 */
struct look {
	struct kvmfault_translation *t;
	struct mm_struct *mm;
	struct kvmfault_memslot *slots;
	unsigned int nr;
	struct kvmfault_paging paging;
	struct kvmfault_memfd memfd;
	char *path;
};

static u64 slot_size(const struct kvmfault_memslot *slot)
{
	return slot->pages << PAGE_SHIFT;
}

static const struct kvmfault_memslot *slot_in(const struct look *look, u32 as,
					      u64 gpa)
{
	const struct kvmfault_memslot *slot;

	for (slot = look->slots; slot < look->slots + look->nr; slot++)
		if (slot->as == as && gpa >= slot->gpa &&
		    gpa - slot->gpa < slot_size(slot))
			return slot;
	return NULL;
}

/* Guests are there but for system management. */
static const struct kvmfault_memslot *slot_of_gpa(const struct look *look, u64 gpa)
{
	return slot_in(look, 0, gpa);
}

/*
 * The first, if the VMM shows the guest the same memory twice: slots are in order,
 * and those of system management mode come last.
 */
static const struct kvmfault_memslot *slot_of_hva(const struct look *look, u64 hva)
{
	const struct kvmfault_memslot *slot;

	for (slot = look->slots; slot < look->slots + look->nr; slot++)
		if (hva >= slot->hva && hva - slot->hva < slot_size(slot))
			return slot;
	return NULL;
}

static void registers_read(struct kvmfault_paging *paging,
			   const struct kvm_vcpu *vcpu)
{
	paging->cr0 = vcpu->arch.cr0;
	paging->cr3 = vcpu->arch.cr3;
	paging->cr4 = vcpu->arch.cr4;
	paging->efer = vcpu->arch.efer;
}

/* With the vCPU's own lock, so that nobody runs it. */
static const char *vcpu_look(struct kvmfault_paging *paging,
			     const struct kvm_vcpu *vcpu)
{
	if (kvmfault_vcpu_is_sealed(vcpu))
		return "the registers of the vCPU are encrypted";
	if (vcpu->arch.hflags & HF_GUEST_MASK)
		return "the vCPU was in a guest of its own: these are not its page tables";
	if (vcpu->arch.hflags & HF_SMM_MASK)
		return "the vCPU is in system management mode, which has memory of its own";
	if (!kvmfault_vcpu_cr3_is_known(vcpu))
		return "the vCPU has its CR3 in hardware, where nobody but KVM can read it";
	registers_read(paging, vcpu);
	return NULL;
}

/*
 * KVM_RUN has the lock from its beginning to its end, in the guest, in a halt
 * and in faults. It is never waited for.
 */
static int vcpu_read(struct look *look, struct kvm *kvm)
{
	struct kvm_vcpu *vcpu = kvm_get_vcpu_by_id(kvm, look->t->vcpu);

	if (!vcpu) {
		look->t->why = "the VM has no such vCPU";
		return -ENXIO;
	}
	if (!mutex_trylock(&vcpu->mutex)) {
		look->t->why = "the vCPU is running: stop it in its VMM, and ask again";
		return -EBUSY;
	}
	look->t->why = vcpu_look(&look->paging, vcpu);
	mutex_unlock(&vcpu->mutex);
	return look->t->why ? -EOPNOTSUPP : 0;
}

static int mm_keep(struct look *look, struct kvm *kvm)
{
	if (!mmget_not_zero(kvm->mm)) {
		look->t->why = "the process of the VM is ending";
		return -ESRCH;
	}
	look->mm = kvm->mm;
	return 0;
}

static const char *why_no_slot(const struct look *look)
{
	const struct kvmfault_translation *t = look->t;

	if (t->kind == KVMFAULT_ADDRESS_HVA)
		return "the guest does not have this memory: it is in no memory slot";
	if (slot_in(look, 1, t->gpa))
		return "there is memory at this address in system management mode alone";
	return "there is no memory at this address: it is in no memory slot";
}

static void find_slot(const struct look *look)
{
	struct kvmfault_translation *t = look->t;
	const struct kvmfault_memslot *slot;

	if (t->kind == KVMFAULT_ADDRESS_HVA)
		slot = slot_of_hva(look, t->hva);
	else
		slot = slot_of_gpa(look, t->gpa);
	if (!slot) {
		t->why = why_no_slot(look);
		return;
	}
	t->in_slot = true;
	t->slot = *slot;
	t->offset = t->kind == KVMFAULT_ADDRESS_HVA ? t->hva - slot->hva :
						      t->gpa - slot->gpa;
	t->gpa = slot->gpa + t->offset;
	t->hva = slot->hva + t->offset;
}

/* While the VM is held: where its page comes from can be asked. */
static void find_page(struct look *look, struct kvm *kvm)
{
	const struct kvmfault_translation *t = look->t;

	find_slot(look);
	if (t->in_slot)
		kvmfault_memfd_look(&look->memfd, kvm, &t->slot, t->gpa);
}

static int vm_copy(struct look *look, struct kvm *kvm)
{
	struct kvmfault_translation *t = look->t;
	int ret = 0;

	look->slots = kvmfault_setup_memslots_of(kvm, &look->nr);
	if (IS_ERR(look->slots)) {
		t->why = "no memory to read the memory slots";
		return -ENOMEM;
	}
	if (t->kind != KVMFAULT_ADDRESS_GVA) {
		find_page(look, kvm);
	} else if (kvmfault_kvm_is_private(kvm)) {
		t->why = "the VM has private memory, and its page tables may be there";
		ret = -EOPNOTSUPP;
	} else {
		ret = vcpu_read(look, kvm);
	}
	if (!ret)
		ret = mm_keep(look, kvm);
	if (ret)
		kvfree(look->slots);
	return ret;
}

static int vm_hold(struct kvmfault_hold *hold, struct kvmfault_translation *t)
{
	bool there;
	int ret;

	kvmfault_table_begin();
	there = kvmfault_table_find(t->vm);
	kvmfault_table_end();
	if (!there) {
		t->why = "there is no VM with this number, or it is gone";
		return -ENOENT;
	}

	ret = kvmfault_hold(hold, t->vm);
	if (ret)
		t->why = kvmfault_hold_why(ret);
	return ret;
}

static int vm_look(struct look *look)
{
	struct kvmfault_hold hold;
	int ret;

	ret = vm_hold(&hold, look->t);
	if (ret)
		return ret;
	ret = vm_copy(look, hold.kvm);
	kvmfault_release(&hold);
	return ret;
}

static bool mm_lock(struct mm_struct *mm)
{
	unsigned int tries;

	for (tries = 0; tries < LOCK_TRIES; tries++) {
		if (mmap_read_trylock(mm))
			return true;
		usleep_range(LOCK_WAIT_US, 2 * LOCK_WAIT_US);
	}
	return false;
}

static struct vm_area_struct *vma_of(struct mm_struct *mm, u64 hva)
{
	struct vm_area_struct *vma = find_vma(mm, hva);

	return vma && vma->vm_start <= hva ? vma : NULL;
}

/* Devices may not like to be read, and secrets cannot be. */
static bool vma_is_memory(const struct vm_area_struct *vma)
{
	return !(vma->vm_flags & (VM_IO | VM_PFNMAP));
}

/* The guest's page tables are read where the VMM has them, if they are there. */
static bool entry_read(void *data, __u64 gpa, unsigned int bytes, __u64 *entry)
{
	const struct look *look = data;
	const struct kvmfault_memslot *slot = slot_of_gpa(look, gpa);
	struct kvmfault_frame frame;
	struct vm_area_struct *vma;
	u64 hva;

	if (!slot)
		return false;
	hva = slot->hva + (gpa - slot->gpa);
	vma = vma_of(look->mm, hva);
	if (!vma || !vma_is_memory(vma))
		return false;
	if (slot->flags & KVMFAULT_SLOT_MEMFD &&
	    !kvmfault_memfd_is_mapped(slot, hva, vma))
		return false;
	kvmfault_host_walk(&frame, vma, hva, true);
	if (!frame.has_content)
		return false;
	*entry = bytes == 4 ? (u32)(frame.content >> (8 * (hva & 4))) :
			      frame.content;
	return true;
}

static void walk_guest(struct look *look)
{
	struct kvmfault_translation *t = look->t;
	enum kvmfault_guest_walk end;
	u64 gpa;

	end = kvmfault_guest_walk(&look->paging, t->gva, entry_read, look, &gpa,
				  &t->guest_page);
	switch (end) {
	case KVMFAULT_WALKED:
		t->gpa = gpa;
		break;
	case KVMFAULT_WALK_NOT_MAPPED:
		t->why = "the guest has not mapped this address";
		break;
	case KVMFAULT_WALK_UNREADABLE:
		t->why = "a page table of the guest is in no memory that could be read";
		break;
	case KVMFAULT_WALK_NO_ADDRESS:
		t->why = "the vCPU's mode has no such address";
		break;
	}
}

static enum kvmfault_memory vma_memory(struct vm_area_struct *vma)
{
	if (!vma_is_memory(vma))
		return KVMFAULT_MEMORY_DEVICE;
	if (is_vm_hugetlb_page(vma))
		return KVMFAULT_MEMORY_HUGETLB;
	return vma->vm_file ? KVMFAULT_MEMORY_FILE : KVMFAULT_MEMORY_ANONYMOUS;
}

static void name_file(struct look *look, struct file *file)
{
	struct kvmfault_translation *t = look->t;
	char *name;

	if (!look->path)
		return;
	name = file_path(file, look->path, PATH_MAX);
	if (IS_ERR(name))
		return;
	/* If there is no room for all, its end says more. */
	name += max_t(ssize_t, strlen(name) + 1 - sizeof(t->file), 0);
	strscpy(t->file, name, sizeof(t->file));
}

static const char *why_absent(const struct kvmfault_translation *t)
{
	if (t->frame.busy)
		return "who has the file mapped is changed by somebody: try again";

	switch (t->frame.presence) {
	case KVMFAULT_NOTHING_THERE:
		return "there is no memory behind this address yet, or not any more";
	case KVMFAULT_ELSEWHERE:
		return "the page is in swap, being moved, or has failed";
	case KVMFAULT_RESIDENT:
		break;
	}
	return t->in_slot && t->slot.as ?
	       "the guest has this memory in system management mode alone" : NULL;
}

/*
 * What the VMM has not mapped its file may have: then a fault brings it in without
 * a disk. Shared memory that is in swap is told from a hole by a value; in other
 * files that tells of pages that were dropped.
 */
static void find_in_file(struct kvmfault_translation *t,
			 const struct vm_area_struct *vma)
{
	struct file *file = vma->vm_file;
	void *entry = xa_load(&file->f_mapping->i_pages, vma->vm_pgoff +
			      ((t->hva - vma->vm_start) >> PAGE_SHIFT));

	if (xa_is_value(entry) &&
	    file_inode(file)->i_sb->s_magic != TMPFS_MAGIC)
		entry = NULL;
	if (!entry)
		return;
	t->frame.presence = KVMFAULT_ELSEWHERE;
	if (!xa_is_value(entry) && !t->why)
		t->why = "the file has the page in memory, but the VMM does not have it mapped";
}

/* What the VMM has at the address. */
static void find_frame(struct look *look, struct vm_area_struct *vma)
{
	struct kvmfault_translation *t = look->t;

	if (!vma) {
		t->why = t->why ?: "the VMM has nothing mapped at this address";
		return;
	}
	t->memory = vma_memory(vma);
	t->from = vma->vm_start;
	t->to = vma->vm_end;
	t->shared = vma->vm_flags & VM_SHARED;
	if (vma->vm_file)
		name_file(look, vma->vm_file);
	kvmfault_host_walk(&t->frame, vma, t->hva, false);
	if (vma->vm_file && t->memory == KVMFAULT_MEMORY_FILE &&
	    t->frame.presence == KVMFAULT_NOTHING_THERE)
		find_in_file(t, vma);
	t->why = t->why ?: why_absent(t);
}

/* The page is in the file that the VMM has mapped at its address. */
static void find_in_mapped_memfd(struct look *look, struct vm_area_struct *vma)
{
	struct kvmfault_translation *t = look->t;

	find_frame(look, vma);
	t->memory = KVMFAULT_MEMORY_MEMFD;
	if (t->kind == KVMFAULT_ADDRESS_HVA ||
	    t->frame.presence == KVMFAULT_RESIDENT)
		return;
	kvmfault_memfd_frame(&t->frame, vma->vm_file->f_mapping,
			     linear_page_index(vma, t->hva));
	t->why = t->frame.presence == KVMFAULT_RESIDENT ?
		 "the file has the page in memory, but the VMM does not have it mapped" :
		 why_absent(t);
}

static const char *why_elsewhere(const struct look *look)
{
	if (look->memfd.none)
		return "the guest cannot have the page: its memory slot has no guest_memfd";
	if (look->t->kind == KVMFAULT_ADDRESS_HVA)
		return "the guest does not have this memory: its page here is a guest_memfd's";
	if (look->t->kind == KVMFAULT_ADDRESS_GVA)
		return "the page is in a guest_memfd alone: ask for its guest-physical address";
	if (look->memfd.private)
		return "the page is private: nobody but the guest can look into it";
	return "the page is in a guest_memfd, which the VMM has not mapped at its address";
}

/* The page is nowhere in the VMM: an address of it would lead to something else. */
static void find_in_memfd(struct look *look)
{
	struct kvmfault_translation *t = look->t;

	t->hva = KVMFAULT_NOWHERE;
	t->why = why_elsewhere(look);
	if (t->kind == KVMFAULT_ADDRESS_GVA || look->memfd.none)
		return;
	t->memory = KVMFAULT_MEMORY_MEMFD;
	t->frame = look->memfd.frame;
}

static bool is_in_memfd(const struct look *look)
{
	if (look->t->kind == KVMFAULT_ADDRESS_GVA)
		return look->t->slot.flags & KVMFAULT_SLOT_MEMFD;
	return look->memfd.taken || look->memfd.none;
}

static void find_memory(struct look *look)
{
	struct kvmfault_translation *t = look->t;
	struct vm_area_struct *vma = vma_of(look->mm, t->hva);

	if (!t->in_slot || !is_in_memfd(look)) {
		find_frame(look, vma);
	} else if (vma && kvmfault_memfd_is_mapped(&t->slot, t->hva, vma)) {
		find_in_mapped_memfd(look, vma);
	} else if (t->kind == KVMFAULT_ADDRESS_HVA) {
		t->why = why_elsewhere(look);
		find_frame(look, vma);
	} else {
		find_in_memfd(look);
	}
}

/* Under the lock of the address space. */
static void look_on(struct look *look)
{
	struct kvmfault_translation *t = look->t;

	if (t->kind == KVMFAULT_ADDRESS_GVA) {
		walk_guest(look);
		if (!t->why)
			find_slot(look);
	}
	/* The VMM has memory that is not the guest's as well. */
	if (t->hva != KVMFAULT_NOWHERE)
		find_memory(look);
}

static u64 level_size(enum kvmfault_level level)
{
	switch (level) {
	case KVMFAULT_1G:
		return PUD_SIZE;
	case KVMFAULT_2M:
		return PMD_SIZE;
	default:
		return PAGE_SIZE;
	}
}

static bool row_maps(const struct kvmfault_recent_row *row,
		     const struct kvmfault_translation *t)
{
	return row->vm == t->vm && row->class == KVMFAULT_TDP &&
	       kvmfault_outcome_has_level(row->outcome) &&
	       row->level != KVMFAULT_LEVEL_UNKNOWN &&
	       row->address.gpa != KVMFAULT_NOWHERE &&
	       !((row->address.gpa ^ t->gpa) & ~(level_size(row->level) - 1));
}

/* KVM's own tables are nobody's business; but a fault may be on record. */
static void find_mapping(struct kvmfault_translation *t)
{
	struct kvmfault_recent_row *rows;
	unsigned int i, nr;

	/* What is on record is not of system management mode. */
	if (t->gpa == KVMFAULT_NOWHERE || t->slot.as)
		return;
	rows = kvmfault_recent_read(&nr);
	if (IS_ERR_OR_NULL(rows))
		return;
	for (i = 0; i < nr; i++)
		if (row_maps(&rows[i], t))
			t->mapping = rows[i].level;
	kvfree(rows);
}

/**
 * kvmfault_translate() - follow an address as far as there is a way
 * @t: the question, all the rest of it 0, addresses that are not given
 *	KVMFAULT_NOWHERE; and the answer
 *
 * Return: 0, and @t->why where the way has ended; or an errno with @t->why if
 * nothing could be looked into: -ENOENT if there is no such VM, -ENODEV, -ESRCH or
 * -ENXIO if there is no way to it or its vCPU, -EBUSY if the vCPU runs, -EOPNOTSUPP
 * if it cannot be read, -EAGAIN if the address space of the VMM is locked, or -ENOMEM.
 */
int kvmfault_translate(struct kvmfault_translation *t)
{
	struct look look = { .t = t };
	int ret;

	ret = vm_look(&look);
	if (ret)
		return ret;

	/* Now: who waits for memory with the lock held has the VMM wait, too. */
	look.path = kmalloc(PATH_MAX, GFP_KERNEL);
	if (mm_lock(look.mm)) {
		look_on(&look);
		mmap_read_unlock(look.mm);
	} else {
		t->why = "the address space of the VMM is locked by somebody: try again";
		ret = -EAGAIN;
	}
	mmput_async(look.mm);
	kfree(look.path);
	kvfree(look.slots);
	if (!ret)
		find_mapping(t);
	return ret;
}
