// SPDX-License-Identifier: GPL-2.0
/*
 * Where an address of a process lies, without touching it
 *
 * No function that modules may call on every kernel says so without bringing the
 * page in first. So the page tables are walked here, as the hardware and the
 * kernel's own fast get_user_pages() do: with interrupts off, each entry read once.
 *
 * Why a table cannot be freed under our feet: the VMA is there and the lock on
 * the address space keeps it there, so munmap() and exit do not come; whoever
 * takes tables away below a VMA that stays (huge pages) waits for CPUs that have
 * interrupts off, or for RCU, which these are readers of, before they are freed.
 *
 * A page is held while it is looked at, if it can be had and its entry is still
 * the same after that. Holding it keeps nobody from anything but moving it this
 * moment.
 */
#include <linux/fs.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/rwsem.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <compat/mm.h>

#include "host_walk.h"

/**
 * struct entry - what the page tables say of an address
 * @presence: whether there is memory
 * @level: of the entry
 * @pfn: the frame of the 4K page
 * @writable: the entry allows it
 * @special: there is no struct page to be looked at
 */
struct entry {
	enum kvmfault_presence presence;
	enum kvmfault_level level;
	unsigned long pfn;
	bool writable;
	bool special;
};

static struct entry entry_absent(enum kvmfault_level level, bool none)
{
	return (struct entry) {
		.presence = none ? KVMFAULT_NOTHING_THERE : KVMFAULT_ELSEWHERE,
		.level = level,
	};
}

static struct entry pte_walk(pmd_t pmd, unsigned long address)
{
	pte_t pte = READ_ONCE(*pte_offset_kernel(&pmd, address));

	if (!pte_present(pte))
		return entry_absent(KVMFAULT_4K, pte_none(pte) ||
						 kvmfault_pte_is_guarded(pte));
	return (struct entry) {
		.presence = KVMFAULT_RESIDENT,
		.level = KVMFAULT_4K,
		.pfn = pte_pfn(pte),
		.writable = pte_write(pte),
		.special = pte_special(pte),
	};
}

static struct entry pmd_walk(pud_t pud, unsigned long address)
{
	pmd_t pmd = READ_ONCE(*pmd_offset(&pud, address));

	if (pmd_none(pmd) || !pmd_present(pmd))
		return entry_absent(KVMFAULT_2M, pmd_none(pmd));
	if (!pmd_leaf(pmd))
		return pte_walk(pmd, address);
	return (struct entry) {
		.presence = KVMFAULT_RESIDENT,
		.level = KVMFAULT_2M,
		.pfn = pmd_pfn(pmd) + ((address & ~PMD_MASK) >> PAGE_SHIFT),
		.writable = pmd_write(pmd),
		.special = pmd_flags(pmd) & _PAGE_SPECIAL,
	};
}

static struct entry pud_walk(p4d_t p4d, unsigned long address)
{
	pud_t pud = READ_ONCE(*pud_offset(&p4d, address));

	if (pud_none(pud) || !pud_present(pud))
		return entry_absent(KVMFAULT_1G, pud_none(pud));
	if (!pud_leaf(pud))
		return pmd_walk(pud, address);
	return (struct entry) {
		.presence = KVMFAULT_RESIDENT,
		.level = KVMFAULT_1G,
		.pfn = pud_pfn(pud) + ((address & ~PUD_MASK) >> PAGE_SHIFT),
		.writable = pud_write(pud),
		.special = pud_flags(pud) & _PAGE_SPECIAL,
	};
}

/* Nothing is mapped so large: what is not there has nothing below it either. */
static struct entry entry_walk(const struct mm_struct *mm, unsigned long address)
{
	pgd_t pgd = READ_ONCE(*pgd_offset(mm, address));
	p4d_t p4d;

	if (pgd_none(pgd))
		return entry_absent(KVMFAULT_LEVEL_UNKNOWN, true);
	p4d = READ_ONCE(*p4d_offset(&pgd, address));
	if (p4d_none(p4d))
		return entry_absent(KVMFAULT_LEVEL_UNKNOWN, true);
	return pud_walk(p4d, address);
}

/* While it was not held a huge page may have been split. */
static bool entry_has(const struct entry *entry, const struct page *page,
		      const struct mm_struct *mm, unsigned long address)
{
	struct entry now = entry_walk(mm, address);

	return now.presence == entry->presence && now.pfn == entry->pfn &&
	       compound_head(pfn_to_page(now.pfn)) == page;
}

/* The page, held, or NULL if there is none or it is being freed. */
static struct page *entry_page(const struct entry *entry,
			       const struct mm_struct *mm, unsigned long address)
{
	struct page *page;

	if (entry->presence != KVMFAULT_RESIDENT || entry->special ||
	    !pfn_valid(entry->pfn))
		return NULL;
	page = compound_head(pfn_to_page(entry->pfn));
	if (!get_page_unless_zero(page))
		return NULL;
	if (entry_has(entry, page, mm, address))
		return page;
	put_page(page);
	return NULL;
}

/* Some memory is not even mapped by the kernel. */
static void content_read(struct kvmfault_frame *frame, u64 hva)
{
	const char *page = __va(PFN_PHYS(frame->pfn));

	frame->has_content =
		!copy_from_kernel_nofault(&frame->content,
					  page + offset_in_page(hva & ~7ULL),
					  sizeof(frame->content));
}

/*
 * What keeps tables in place that processes share, as those of large hugetlb
 * mappings; or NULL.
 */
static struct rw_semaphore *shared_tables(const struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_HUGETLB))
		return NULL;
	return &vma->vm_file->f_mapping->i_mmap_rwsem;
}

/**
 * kvmfault_host_walk() - what is behind an address of a process
 * @frame: where to
 * @vma: the mapping that has the address; its address space is locked
 * @hva: the address
 * @content: what lies there is wanted as well
 */
void kvmfault_host_walk(struct kvmfault_frame *frame,
			const struct vm_area_struct *vma, u64 hva, bool content)
{
	struct rw_semaphore *sharing = shared_tables(vma);
	struct entry entry;
	unsigned long flags;
	struct page *page;

	memset(frame, 0, sizeof(*frame));
	if (sharing && !down_read_trylock(sharing)) {
		frame->presence = KVMFAULT_ELSEWHERE;
		frame->busy = true;
		return;
	}
	local_irq_save(flags);
	entry = entry_walk(vma->vm_mm, hva);
	page = entry_page(&entry, vma->vm_mm, hva);
	local_irq_restore(flags);
	if (sharing)
		up_read(sharing);

	frame->presence = entry.presence;
	frame->level = entry.level;
	frame->pfn = entry.pfn;
	frame->writable = entry.writable;
	frame->special = entry.special;
	if (!page)
		return;
	frame->anonymous = PageAnon(page);
	/* The machine does not survive that memory with errors is read. */
	if (content && !PageHWPoison(page) &&
	    !PageHWPoison(pfn_to_page(entry.pfn)))
		content_read(frame, hva);
	put_page(page);
}
