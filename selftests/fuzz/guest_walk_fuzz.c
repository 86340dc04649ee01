// SPDX-License-Identifier: GPL-2.0
/*
 * A guest's page tables, registers and addresses that may be any bytes: what is
 * read is an entry of a table that the entry before it names, and what is found
 * is what the last one says
 */
#include "bytes.h"
#include "guest_walk.h"

#define ADDRESSES	(1ULL << 52)
#define MOST_READS	5

#define PAGE_4K	(1ULL << 12)
#define PAGE_2M	(1ULL << 21)
#define PAGE_4M	(1ULL << 22)
#define PAGE_1G	(1ULL << 30)

struct entry_read {
	__u64 at;
	__u64 entry;
	bool refused;
};

/* A guest: the entries it answers with, one after the other. */
struct guest {
	struct bytes *bytes;
	struct entry_read reads[MOST_READS];
	unsigned int count;
	unsigned int width;
};

struct found {
	enum kvmfault_guest_walk end;
	__u64 gpa;
	__u64 size;
};

/* Most are present, or hardly a walk would come to its end. */
static bool read_new(void *data, __u64 gpa, unsigned int bytes, __u64 *entry)
{
	struct guest *guest = data;
	__u8 kind = bytes_u8(guest->bytes);
	struct entry_read *this;

	must(guest->count < MOST_READS);
	this = &guest->reads[guest->count++];
	must(bytes == 4 || bytes == 8);
	must(this == guest->reads || bytes == guest->width);
	must(!(gpa % bytes) && gpa < ADDRESSES);
	this->at = gpa;
	this->refused = kind == 0xff;
	this->entry = bytes_u64(guest->bytes) | !!(kind & 0xf);
	if (kind & 0x10)
		this->entry |= KVMFAULT_PT_LARGE;
	if (bytes == 4)
		this->entry = (__u32)this->entry;
	guest->width = bytes;
	if (this->refused)
		return false;
	*entry = this->entry;
	return true;
}

/* The same guest once more: it is to be asked the same. */
static bool read_again(void *data, __u64 gpa, unsigned int bytes, __u64 *entry)
{
	struct guest *guest = data;
	struct entry_read *this;

	must(guest->count < MOST_READS);
	this = &guest->reads[guest->count++];
	must(gpa == this->at && bytes == guest->width);
	if (this->refused)
		return false;
	*entry = this->entry;
	return true;
}

static unsigned int address_bits(const struct kvmfault_paging *paging)
{
	if (!(paging->cr0 & KVMFAULT_CR0_PG) || !(paging->efer & KVMFAULT_EFER_LMA))
		return 32;
	return paging->cr4 & KVMFAULT_CR4_LA57 ? 57 : 48;
}

static bool is_address(const struct kvmfault_paging *paging, __u64 gva)
{
	unsigned int bits = address_bits(paging);
	__u64 above = gva >> (bits - 1);

	if (bits == 32)
		return gva < 1ULL << 32;
	return !above || above == ~0ULL >> (bits - 1);
}

static bool may_be_page(const struct kvmfault_paging *paging, __u64 size)
{
	if (size == PAGE_4K)
		return true;
	if (paging->efer & KVMFAULT_EFER_LMA)
		return size == PAGE_2M || size == PAGE_1G;
	if (paging->cr4 & KVMFAULT_CR4_PAE)
		return size == PAGE_2M;
	return size == PAGE_4M && paging->cr4 & KVMFAULT_CR4_PSE;
}

/* Every table begins where the entry before says, the first where CR3 says. */
static void check_reads(const struct guest *guest,
			const struct kvmfault_paging *paging, __u64 gva)
{
	unsigned int bits = guest->width == 4 ? 10 : 9, shift, i;
	unsigned int left = (address_bits(paging) - 12 + bits - 1) / bits;
	const struct entry_read *this = guest->reads;
	__u64 names = paging->cr3, index;

	must(guest->count <= left);
	if (!(paging->efer & KVMFAULT_EFER_LMA))
		names = (__u32)names;
	for (i = 0; i < guest->count; i++, this++) {
		shift = 12 + --left * bits;
		index = gva >> shift & ((1U << bits) - 1);
		if (!i && bits == 9 && address_bits(paging) == 32)
			names &= ~31ULL;
		else
			names &= ~4095ULL;
		must(this->at == names % ADDRESSES + index * guest->width);
		if (i + 1 == guest->count)
			break;
		must(!this->refused && this->entry & KVMFAULT_PT_PRESENT);
		must(!(this->entry & KVMFAULT_PT_LARGE) ||
		     !may_be_page(paging, 1ULL << shift));
		names = this->entry;
	}
}

static void check_found(const struct guest *guest,
			const struct kvmfault_paging *paging, __u64 gva,
			const struct found *found)
{
	const struct entry_read *last = &guest->reads[guest->count - 1];
	__u64 size = found->size;

	must(may_be_page(paging, size));
	must(size == PAGE_4K || last->entry & KVMFAULT_PT_LARGE);
	must(!((found->gpa ^ gva) & (size - 1)));
	must(found->gpa < ADDRESSES);
	if (size == PAGE_4M) {
		must(found->gpa >> 32 == (last->entry >> 13 & 0xff));
		must(!(((__u32)found->gpa ^ last->entry) & ~(size - 1)));
	} else {
		must(!((found->gpa ^ last->entry) & (ADDRESSES - 1) & ~(size - 1)));
	}
}

/* All addresses of a page are found by the same entries. */
static void check_neighbour(struct guest *guest,
			    const struct kvmfault_paging *paging, __u64 gva,
			    const struct found *found, __u64 other)
{
	unsigned int count = guest->count;
	struct found also;

	other = gva ^ (other & (found->size - 1));
	guest->count = 0;
	also.end = kvmfault_guest_walk(paging, other, read_again, guest, &also.gpa,
				       &also.size);
	must(also.end == KVMFAULT_WALKED && guest->count == count);
	must(also.size == found->size && (also.gpa ^ found->gpa) == (other ^ gva));
}

static void check_end(struct guest *guest, const struct kvmfault_paging *paging,
		      __u64 gva, const struct found *found)
{
	const struct entry_read *last;

	must((found->end == KVMFAULT_WALK_NO_ADDRESS) == !is_address(paging, gva));
	if (found->end != KVMFAULT_WALKED || !(paging->cr0 & KVMFAULT_CR0_PG))
		must(found->gpa == gva && !found->size);
	if (found->end == KVMFAULT_WALK_NO_ADDRESS ||
	    !(paging->cr0 & KVMFAULT_CR0_PG)) {
		must(!guest->count);
		return;
	}

	must(guest->count);
	last = &guest->reads[guest->count - 1];
	check_reads(guest, paging, gva);
	must((found->end == KVMFAULT_WALK_UNREADABLE) == last->refused);
	if (last->refused)
		return;
	must((found->end == KVMFAULT_WALKED) ==
	     !!(last->entry & KVMFAULT_PT_PRESENT));
	if (found->end == KVMFAULT_WALKED)
		check_found(guest, paging, gva, found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	struct kvmfault_paging paging = {
		.cr0 = bytes_u64(&bytes),
		.cr3 = bytes_u64(&bytes),
		.cr4 = bytes_u64(&bytes),
		.efer = bytes_u64(&bytes),
	};
	/* As often small as large, and of either sign. */
	__u64 gva = (__u64)((__s64)bytes_u64(&bytes) >> (bytes_u8(&bytes) & 63));
	__u64 other = bytes_u64(&bytes);
	struct guest guest = { .bytes = &bytes };
	struct found found;

	found.end = kvmfault_guest_walk(&paging, gva, read_new, &guest, &found.gpa,
					&found.size);
	check_end(&guest, &paging, gva, &found);
	if (found.size)
		check_neighbour(&guest, &paging, gva, &found, other);
	return 0;
}
