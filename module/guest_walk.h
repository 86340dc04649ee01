/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's own page tables: pure, so that tests can walk them as well
 */
#ifndef KVMFAULT_GUEST_WALK_H
#define KVMFAULT_GUEST_WALK_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stdbool.h>
#endif

/* As the processor manuals name and number them. */
#define KVMFAULT_CR0_PG		0x80000000ULL
#define KVMFAULT_CR4_PSE	0x10ULL
#define KVMFAULT_CR4_PAE	0x20ULL
#define KVMFAULT_CR4_LA57	0x1000ULL
#define KVMFAULT_EFER_LMA	0x400ULL

#define KVMFAULT_PT_PRESENT	0x1ULL
#define KVMFAULT_PT_LARGE	0x80ULL
#define KVMFAULT_PT_ADDRESS	0x000ffffffffff000ULL

/**
 * struct kvmfault_paging - how a vCPU translates addresses
 * @cr0: control registers
 * @cr3: where the tables begin
 * @cr4: more of them
 * @efer: the mode of the vCPU
 */
struct kvmfault_paging {
	__u64 cr0;
	__u64 cr3;
	__u64 cr4;
	__u64 efer;
};

/**
 * enum kvmfault_guest_walk - how a walk ends
 * @KVMFAULT_WALKED: at a page
 * @KVMFAULT_WALK_NOT_MAPPED: the guest has not mapped the address
 * @KVMFAULT_WALK_UNREADABLE: a table could not be read
 * @KVMFAULT_WALK_NO_ADDRESS: there can be no such address in this mode
 */
enum kvmfault_guest_walk {
	KVMFAULT_WALKED,
	KVMFAULT_WALK_NOT_MAPPED,
	KVMFAULT_WALK_UNREADABLE,
	KVMFAULT_WALK_NO_ADDRESS
};

/**
 * struct kvmfault_guest_tables - the form of the tables in a mode
 * @levels: how many
 * @bits: of the address that choose an entry of a table
 * @entry: bytes
 * @large: the highest level, from 1, at which an entry may be a page
 * @width: of an address; larger ones are there with the uppermost bit repeated
 */
struct kvmfault_guest_tables {
	unsigned int levels;
	unsigned int bits;
	unsigned int entry;
	unsigned int large;
	unsigned int width;
};

static inline struct kvmfault_guest_tables
kvmfault_guest_tables(const struct kvmfault_paging *paging)
{
	static const struct kvmfault_guest_tables five = { 5, 9, 8, 3, 57 };
	static const struct kvmfault_guest_tables four = { 4, 9, 8, 3, 48 };
	static const struct kvmfault_guest_tables three = { 3, 9, 8, 2, 32 };
	static const struct kvmfault_guest_tables two = { 2, 10, 4, 2, 32 };
	struct kvmfault_guest_tables plain = two;

	if (paging->efer & KVMFAULT_EFER_LMA)
		return paging->cr4 & KVMFAULT_CR4_LA57 ? five : four;
	if (paging->cr4 & KVMFAULT_CR4_PAE)
		return three;
	if (!(paging->cr4 & KVMFAULT_CR4_PSE))
		plain.large = 1;
	return plain;
}

/* Is it an address at all? */
static inline bool
kvmfault_guest_address_fits(const struct kvmfault_guest_tables *tables, __u64 gva)
{
	if (tables->width == 32)
		return !(gva >> 32);
	return (__u64)((__s64)(gva << (64 - tables->width)) >>
		       (64 - tables->width)) == gva;
}

/* Of 4 MiB pages bits 32 to 39 are where smaller ones have bits 13 to 20. */
static inline __u64
kvmfault_guest_page(const struct kvmfault_guest_tables *tables, __u64 entry,
		    __u64 size)
{
	__u64 page = entry & KVMFAULT_PT_ADDRESS & ~(size - 1);

	if (tables->entry == 4 && size > 4096)
		page |= (entry >> 13 & 0xff) << 32;
	return page;
}

/*
 * Where the walk begins: three levels have four entries at the top. Outside of
 * long mode CR3 may have bits 32 and up left from it, which nobody looks at.
 */
static inline __u64
kvmfault_guest_root(const struct kvmfault_guest_tables *tables, __u64 cr3)
{
	if (tables->levels == 3)
		return cr3 & 0xffffffe0ULL;
	if (tables->levels == 2)
		return cr3 & 0xfffff000ULL;
	return cr3 & KVMFAULT_PT_ADDRESS;
}

/**
 * kvmfault_guest_walk() - find the guest-physical address of an address
 * @paging: how the vCPU translates
 * @gva: the address, after segmentation
 * @read: reads an entry of so many bytes at a guest-physical address; returns
 *	whether it could be
 * @data: for it
 * @gpa: where to put what was found
 * @size: where to put the size of the guest's page; 0 if it has no paging on
 *
 * What the address may be used for is not asked.
 */
static inline enum kvmfault_guest_walk
kvmfault_guest_walk(const struct kvmfault_paging *paging, __u64 gva,
		    bool (*read)(void *data, __u64 gpa, unsigned int bytes,
				 __u64 *entry),
		    void *data, __u64 *gpa, __u64 *size)
{
	const struct kvmfault_guest_tables tables = kvmfault_guest_tables(paging);
	__u64 table, index, entry = 0;
	unsigned int level, shift = 12;

	*size = 0;
	*gpa = gva;
	if (!(paging->cr0 & KVMFAULT_CR0_PG))
		return gva >> 32 ? KVMFAULT_WALK_NO_ADDRESS : KVMFAULT_WALKED;
	if (!kvmfault_guest_address_fits(&tables, gva))
		return KVMFAULT_WALK_NO_ADDRESS;

	table = kvmfault_guest_root(&tables, paging->cr3);
	for (level = tables.levels; level; level--) {
		shift = 12 + (level - 1) * tables.bits;
		index = gva >> shift & ((1U << tables.bits) - 1);
		if (!read(data, table + index * tables.entry, tables.entry, &entry))
			return KVMFAULT_WALK_UNREADABLE;
		if (!(entry & KVMFAULT_PT_PRESENT))
			return KVMFAULT_WALK_NOT_MAPPED;
		if (level == 1 ||
		    (level <= tables.large && entry & KVMFAULT_PT_LARGE))
			break;
		table = entry & KVMFAULT_PT_ADDRESS;
	}
	*size = 1ULL << shift;
	*gpa = kvmfault_guest_page(&tables, entry, *size) | (gva & (*size - 1));
	return KVMFAULT_WALKED;
}

#endif /* KVMFAULT_GUEST_WALK_H */
