// SPDX-License-Identifier: GPL-2.0
/*
 * Walking a guest's page tables, in every mode, by tables made by hand
 */
#include <stdbool.h>
#include <string.h>

#include "guest_walk.h"

#include "ktap.h"

#define PRESENT	KVMFAULT_PT_PRESENT
#define LARGE	KVMFAULT_PT_LARGE
#define NX	(1ULL << 63)
#define NOTHING	0xeeULL

/* The guest's memory: five tables, and beyond them nothing to be read. */
static union {
	__u64 wide[5][512];
	__u32 narrow[5][1024];
} memory;

static unsigned int reads;

static bool memory_read(void *data, __u64 gpa, unsigned int bytes, __u64 *entry)
{
	unsigned int table = gpa >> 12, at = gpa & 4095;

	(void)data;
	reads++;
	if (table >= 5)
		return false;
	*entry = bytes == 4 ? memory.narrow[table][at / 4] :
			      memory.wide[table][at / 8];
	return true;
}

static const struct kvmfault_paging off = { 0, 0, 0, 0 };

static const struct kvmfault_paging two = { KVMFAULT_CR0_PG, 0, 0, 0 };

/* Out of long mode with a CR3 of then. */
static const struct kvmfault_paging two_left = {
	KVMFAULT_CR0_PG, 1ULL << 32, 0, 0
};

static const struct kvmfault_paging pse = {
	KVMFAULT_CR0_PG, 0, KVMFAULT_CR4_PSE, 0
};

static const struct kvmfault_paging pae = {
	KVMFAULT_CR0_PG, 0x20, KVMFAULT_CR4_PAE, 0
};

static const struct kvmfault_paging four = {
	KVMFAULT_CR0_PG, 0, KVMFAULT_CR4_PAE, KVMFAULT_EFER_LMA
};

static const struct kvmfault_paging five = {
	KVMFAULT_CR0_PG, 0, KVMFAULT_CR4_PAE | KVMFAULT_CR4_LA57,
	KVMFAULT_EFER_LMA
};

static void walks(const char *what, const struct kvmfault_paging *paging,
		  __u64 gva, enum kvmfault_guest_walk end, __u64 gpa, __u64 size,
		  unsigned int tables)
{
	enum kvmfault_guest_walk got;
	__u64 got_gpa = NOTHING, got_size = NOTHING;

	reads = 0;
	got = kvmfault_guest_walk(paging, gva, memory_read, NULL, &got_gpa,
				  &got_size);
	ktap_eq(got, end, "%s: the end", what);
	ktap_eq(reads, tables, "%s: tables read", what);
	if (end != KVMFAULT_WALKED)
		return;
	ktap_eq(got_gpa, gpa, "%s: the address", what);
	ktap_eq(got_size, size, "%s: the page", what);
}

static void no_paging(void)
{
	walks("as it is", &off, 0xfffff123, KVMFAULT_WALKED, 0xfffff123, 0, 0);
	walks("too large", &off, 1ULL << 32, KVMFAULT_WALK_NO_ADDRESS, 0, 0, 0);
}

/* An address with another index on each level: 5, 4, 3, 2, 1 from the top. */
static const __u64 address = 5ULL << 48 | 4ULL << 39 | 3ULL << 30 | 2ULL << 21 |
			     1ULL << 12 | 0x678;

static void long_mode(void)
{
	__u64 gva = address & ((1ULL << 47) - 1);

	memset(&memory, 0, sizeof(memory));
	memory.wide[0][4] = 0x1000 | PRESENT;
	memory.wide[1][3] = 0x2000 | PRESENT | NX;
	memory.wide[2][2] = 0x3000 | PRESENT;
	memory.wide[3][1] = 0x000abcdef1234000ULL | PRESENT | NX | 0xe60;
	walks("4K", &four, gva, KVMFAULT_WALKED, 0x000abcdef1234678ULL, 4096, 4);
	walks("no page", &four, gva + 4096, KVMFAULT_WALK_NOT_MAPPED, 0, 0, 4);
	walks("no table", &four, gva + (1ULL << 30), KVMFAULT_WALK_NOT_MAPPED, 0,
	      0, 2);
	walks("not canonical", &four, gva | 1ULL << 47, KVMFAULT_WALK_NO_ADDRESS,
	      0, 0, 0);
	walks("nor with five levels' bits", &four, address,
	      KVMFAULT_WALK_NO_ADDRESS, 0, 0, 0);

	memory.wide[2][2] = 0x40000000 | PRESENT | LARGE | 0x1000;
	walks("2M", &four, gva, KVMFAULT_WALKED, 0x40001678, 1 << 21, 3);
	memory.wide[1][3] = 0x80000000 | PRESENT | LARGE | 0x1000;
	walks("1G", &four, gva, KVMFAULT_WALKED,
	      0x80000000 | (gva & 0x3fffffff), 1 << 30, 2);
	/* Large is no such thing at the top, nor in a page's own entry. */
	memory.wide[0][4] = 0x1000 | PRESENT | LARGE;
	walks("no 512G", &four, gva, KVMFAULT_WALKED,
	      0x80000000 | (gva & 0x3fffffff), 1 << 30, 2);
	memory.wide[0][4] = 0x9000 | PRESENT;
	walks("a table outside", &four, gva, KVMFAULT_WALK_UNREADABLE, 0, 0, 2);
}

static void upper_half(void)
{
	memset(&memory, 0, sizeof(memory));
	memory.wide[0][511] = 0x1000 | PRESENT;
	memory.wide[1][511] = 0x2000 | PRESENT;
	memory.wide[2][511] = 0x3000 | PRESENT;
	memory.wide[3][511] = 0x5000 | PRESENT;
	walks("the last byte", &four, ~0ULL, KVMFAULT_WALKED, 0x5fff, 4096, 4);
}

static void five_levels(void)
{
	memset(&memory, 0, sizeof(memory));
	memory.wide[0][5] = 0x1000 | PRESENT;
	memory.wide[1][4] = 0x2000 | PRESENT;
	memory.wide[2][3] = 0x3000 | PRESENT;
	memory.wide[3][2] = 0x4000 | PRESENT;
	memory.wide[4][1] = 0x7000 | PRESENT;
	walks("4K", &five, address, KVMFAULT_WALKED, 0x7678, 4096, 5);
	walks("not canonical", &five, address | 1ULL << 56,
	      KVMFAULT_WALK_NO_ADDRESS, 0, 0, 0);
}

static void physical_extension(void)
{
	__u64 gva = 3ULL << 30 | 2 << 21 | 1 << 12 | 0x678;

	memset(&memory, 0, sizeof(memory));
	/* The top table has four entries, anywhere at 32 bytes. */
	memory.wide[0][4 + 3] = 0x1000 | PRESENT;
	memory.wide[1][2] = 0x2000 | PRESENT;
	memory.wide[2][1] = 0x0000000f00005000ULL | PRESENT | NX;
	walks("4K", &pae, gva, KVMFAULT_WALKED, 0xf00005678ULL, 4096, 3);
	memory.wide[1][2] = 0x0000000f00200000ULL | PRESENT | LARGE;
	walks("2M", &pae, gva, KVMFAULT_WALKED, 0xf00201678ULL, 1 << 21, 2);
	walks("too large", &pae, gva | 1ULL << 32, KVMFAULT_WALK_NO_ADDRESS, 0, 0,
	      0);
}

static void two_levels(void)
{
	__u64 gva = 0x3ffULL << 22 | 0x3ff << 12 | 0x678;

	memset(&memory, 0, sizeof(memory));
	memory.narrow[0][0x3ff] = 0x1000 | PRESENT;
	memory.narrow[1][0x3ff] = 0xfffff000 | PRESENT;
	walks("4K", &two, gva, KVMFAULT_WALKED, 0xfffff678, 4096, 2);
	walks("CR3 has 32 bits", &two_left, gva, KVMFAULT_WALKED, 0xfffff678,
	      4096, 2);
	/* Bits 13 to 20 are the uppermost of 40. */
	memory.narrow[0][0x3ff] = 0x00400000 | 0xab << 13 | PRESENT | LARGE;
	walks("4M", &pse, gva, KVMFAULT_WALKED, 0xab007ff678ULL, 1 << 22, 1);
	memory.narrow[0][0x3ff] = 0x1000 | PRESENT | LARGE;
	walks("large only if wanted", &two, gva, KVMFAULT_WALKED, 0xfffff678,
	      4096, 2);
}

static const struct ktap_test tests[] = {
	{ "without paging", no_paging },
	{ "four levels", long_mode },
	{ "four levels, the upper half", upper_half },
	{ "five levels", five_levels },
	{ "three levels", physical_extension },
	{ "two levels", two_levels },
};

int main(void)
{
	return KTAP_RUN(tests);
}
