// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that a guest has from a guest_memfd, not from its VMM's memory
 *
 * A memory slot has an address in the VMM, and may have a guest_memfd. From this
 * the guest has the pages that its VMM has made private, or, if the file can be
 * mapped, all of them. The VMM may have mapped the file at the slot's address, or
 * something else, or nothing: KVM does not look there.
 *
 * The file is the only way to such a page that does not lead through KVM's own
 * tables. It is asked for what it has in memory, as any file is, and nothing is
 * brought in; the page itself is not read.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/string.h>

#include <compat/kvm.h>

#include "memfd.h"
#include "setup.h"

#ifdef HAVE_GUEST_MEMFD

/**
 * kvmfault_memfd_frame() - what a file has in memory
 * @frame: where to; no entry of a page table says so, so it has no level
 * @mapping: of the file
 * @index: of the page
 */
void kvmfault_memfd_frame(struct kvmfault_frame *frame,
			  struct address_space *mapping, u64 index)
{
	struct folio *folio = filemap_get_folio(mapping, index);

	memset(frame, 0, sizeof(*frame));
	if (IS_ERR_OR_NULL(folio))
		return;
	frame->presence = KVMFAULT_RESIDENT;
	frame->pfn = page_to_pfn(folio_file_page(folio, index));
	folio_put(folio);
}

/* The slot may be another one by now: then it has nothing to say. */
static void slot_look(struct kvmfault_memfd *memfd, struct kvm_memory_slot *slot,
		      gfn_t gfn)
{
	struct file *file;

	if (!(slot->flags & KVM_MEM_GUEST_MEMFD)) {
		memfd->none = memfd->private;
		return;
	}
	memfd->taken = memfd->private || slot->flags & KVM_MEMSLOT_GMEM_ONLY;
	if (!memfd->taken)
		return;
	file = kvmfault_slot_file(slot);
	if (!file) {
		memfd->none = true;
		return;
	}
	kvmfault_memfd_frame(&memfd->frame, file->f_mapping,
			     kvmfault_slot_index(slot) + gfn - slot->base_gfn);
	fput(file);
}

/**
 * kvmfault_memfd_look() - where a page of a guest comes from
 * @memfd: where to
 * @kvm: the VM
 * @memslot: the slot that has the page
 * @gpa: the address
 */
void kvmfault_memfd_look(struct kvmfault_memfd *memfd, struct kvm *kvm,
			 const struct kvmfault_memslot *memslot, u64 gpa)
{
	gfn_t gfn = gpa_to_gfn(gpa);
	struct kvm_memory_slot *slot;
	int srcu;

	memset(memfd, 0, sizeof(*memfd));
	memfd->private = kvmfault_page_is_private(kvm, gfn);
	srcu = srcu_read_lock(&kvm->srcu);
	slot = id_to_memslot(__kvm_memslots(kvm, memslot->as), memslot->id);
	if (slot && gfn - slot->base_gfn < slot->npages)
		slot_look(memfd, slot, gfn);
	srcu_read_unlock(&kvm->srcu, srcu);
}

#else /* !HAVE_GUEST_MEMFD */

void kvmfault_memfd_frame(struct kvmfault_frame *frame,
			  struct address_space *mapping, u64 index)
{
	memset(frame, 0, sizeof(*frame));
}

void kvmfault_memfd_look(struct kvmfault_memfd *memfd, struct kvm *kvm,
			 const struct kvmfault_memslot *memslot, u64 gpa)
{
	memset(memfd, 0, sizeof(*memfd));
}

#endif /* HAVE_GUEST_MEMFD */

/**
 * kvmfault_memfd_is_mapped() - does the VMM have a slot's guest_memfd mapped?
 * @memslot: the slot
 * @hva: the address of a page of the slot
 * @vma: what the VMM has mapped there
 *
 * That very page, that is: the VMM may have mapped another one.
 */
bool kvmfault_memfd_is_mapped(const struct kvmfault_memslot *memslot, u64 hva,
			      const struct vm_area_struct *vma)
{
	return memslot->memfd && vma->vm_file &&
	       file_inode(vma->vm_file) == memslot->memfd &&
	       vma->vm_pgoff + ((hva - vma->vm_start) >> PAGE_SHIFT) ==
	       memslot->memfd_index + ((hva - memslot->hva) >> PAGE_SHIFT);
}
