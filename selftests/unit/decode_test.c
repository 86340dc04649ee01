// SPDX-License-Identifier: GPL-2.0
/*
 * What an error code and a return value say
 */
#include <limits.h>

#include "decode.h"

#include "fuzz.h"
#include "ktap.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1ULL << (n))

/* The three bits that decide, by their place in the manual. */
#define RESERVED	3
#define FINAL		32
#define PAGE		33

/* The truth, line by line. */
static const struct {
	bool page, final, reserved;
	bool nested;
	enum kvmfault_class class;
} truth[] = {
	{ 0, 0, 0, false, KVMFAULT_VIOLATION },
	{ 0, 0, 1, false, KVMFAULT_MISCONFIG },
	{ 0, 1, 0, true,  KVMFAULT_VIOLATION },
	{ 0, 1, 1, true,  KVMFAULT_MISCONFIG },
	{ 1, 0, 0, true,  KVMFAULT_VIOLATION },
	{ 1, 0, 1, true,  KVMFAULT_MISCONFIG },
	{ 1, 1, 0, true,  KVMFAULT_VIOLATION },
	{ 1, 1, 1, true,  KVMFAULT_MISCONFIG },
};

/*
 * All others that hardware or KVM gives a meaning: present, write, user, fetch,
 * protection key, shadow stack, SGX, RMP, encrypted, size mismatch, VMPL,
 * supervisor shadow stack, and KVM's own implicit and private access.
 */
static const unsigned int other[] = {
	0, 1, 2, 4, 5, 6, 15, 31, 34, 35, 36, 37, 48, 49,
};

static void check_line(unsigned int line, __u64 others)
{
	__u64 code = others & ~(BIT(PAGE) | BIT(FINAL) | BIT(RESERVED));

	code |= truth[line].page * BIT(PAGE);
	code |= truth[line].final * BIT(FINAL);
	code |= truth[line].reserved * BIT(RESERVED);

	ktap_eq(kvmfault_decode_nested(code), truth[line].nested,
		"nested of %#llx", code);
	ktap_eq(kvmfault_decode_class(code), truth[line].class,
		"class of %#llx", code);
}

static void check_all_lines(__u64 others)
{
	unsigned int line;

	for (line = 0; line < ARRAY_SIZE(truth); line++)
		check_line(line, others);
}

static void test_truth(void)
{
	check_all_lines(0);
}

static void test_known_bits(void)
{
	unsigned int set, i;
	__u64 others;

	for (set = 0; set < 1U << ARRAY_SIZE(other); set++) {
		others = 0;
		for (i = 0; i < ARRAY_SIZE(other); i++)
			if (set & BIT(i))
				others |= BIT(other[i]);
		check_all_lines(others);
	}
}

/* Bits not given out yet may come, alone or all but one. */
static void test_any_bit(void)
{
	unsigned int bit;

	check_all_lines(~0ULL);
	for (bit = 0; bit < 64; bit++) {
		check_all_lines(BIT(bit));
		check_all_lines(~BIT(bit));
	}
}

static void test_any_code(void)
{
	unsigned long round, rounds = fuzz_rounds(100000);

	fuzz_start();
	for (round = 0; round < rounds; round++)
		check_all_lines(fuzz_u64());
}

/* Words that are met in practice. */
static void test_met(void)
{
	static const struct {
		__u64 code;
		bool nested;
		enum kvmfault_class class;
	} met[] = {
		/* a nested write to a page that is not there */
		{ 0x100000006ULL, true, KVMFAULT_VIOLATION },
		/* a nested write to a page that is write-protected */
		{ 0x100000007ULL, true, KVMFAULT_VIOLATION },
		/* a walk of the guest's own tables */
		{ 0x200000004ULL, true, KVMFAULT_VIOLATION },
		/* nested MMIO, read and written */
		{ 0x10000000dULL, true, KVMFAULT_MISCONFIG },
		{ 0x10000000fULL, true, KVMFAULT_MISCONFIG },
		/* a guest's page fault, NPT off: user write, kernel fetch */
		{ 0x6, false, KVMFAULT_VIOLATION },
		{ 0x11, false, KVMFAULT_VIOLATION },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(met); i++) {
		ktap_eq(kvmfault_decode_nested(met[i].code), met[i].nested,
			"nested of %#llx", met[i].code);
		ktap_eq(kvmfault_decode_class(met[i].code), met[i].class,
			"class of %#llx", met[i].code);
	}
}

/* What kvm_tdp_page_fault() is asked about, in words that are met in practice. */
static void test_asked(void)
{
	static const struct {
		__u32 code;
		enum kvmfault_access access;
		enum kvmfault_cause cause;
	} asked[] = {
		/* Intel: read, write, fetch; no entry, then a forbidding one */
		{ 0x04, KVMFAULT_READ, KVMFAULT_ABSENT },
		{ 0x02, KVMFAULT_WRITE, KVMFAULT_ABSENT },
		{ 0x10, KVMFAULT_EXEC, KVMFAULT_ABSENT },
		{ 0x05, KVMFAULT_READ, KVMFAULT_PROTECTED },
		{ 0x03, KVMFAULT_WRITE, KVMFAULT_PROTECTED },
		{ 0x11, KVMFAULT_EXEC, KVMFAULT_PROTECTED },
		/* AMD: the same, as from a user each time */
		{ 0x06, KVMFAULT_WRITE, KVMFAULT_ABSENT },
		{ 0x14, KVMFAULT_EXEC, KVMFAULT_ABSENT },
		{ 0x07, KVMFAULT_WRITE, KVMFAULT_PROTECTED },
		{ 0x15, KVMFAULT_EXEC, KVMFAULT_PROTECTED },
		/* an MMIO entry out of date: on AMD read and written, on Intel */
		{ 0x0d, KVMFAULT_READ, KVMFAULT_MMIO },
		{ 0x0f, KVMFAULT_WRITE, KVMFAULT_MMIO },
		{ 0x08, KVMFAULT_ACCESS_UNKNOWN, KVMFAULT_MMIO },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(asked); i++) {
		ktap_eq(kvmfault_decode_access(asked[i].code), asked[i].access,
			"access of %#x", asked[i].code);
		ktap_eq(kvmfault_decode_cause(asked[i].code), asked[i].cause,
			"cause of %#x", asked[i].code);
	}
}

static const struct {
	int ret;
	enum kvmfault_end end;
} ends[] = {
	{ 1, KVMFAULT_RESUMED },
	{ 2, KVMFAULT_RESUMED },
	{ INT_MAX, KVMFAULT_RESUMED },
	{ 0, KVMFAULT_USERSPACE },
	{ -1, KVMFAULT_FAILED },
	{ -14, KVMFAULT_FAILED },	/* -EFAULT */
	{ -133, KVMFAULT_FAILED },	/* -EHWPOISON */
	{ INT_MIN + 1, KVMFAULT_FAILED },
	{ INT_MIN, KVMFAULT_FAILED },
};

/* What a register holds when only its low half was written with care. */
static long garbage(__u64 upper, int ret)
{
	return (long)(upper << 32 | (__u32)ret);
}

static void check_ends(__u64 upper)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		ktap_eq(kvmfault_decode_end(garbage(upper, ends[i].ret)),
			ends[i].end, "end of %d under %#llx",
			ends[i].ret, upper);
}

static void test_end(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		ktap_eq(kvmfault_decode_end(ends[i].ret), ends[i].end,
			"end of %d", ends[i].ret);
}

static void test_end_garbage(void)
{
	unsigned int bit;

	check_ends(0);
	check_ends(0xffffffff);
	check_ends(0x7fffffff);
	check_ends(0xdeadbeef);
	for (bit = 0; bit < 32; bit++) {
		check_ends(BIT(bit));
		check_ends(0xffffffff & ~BIT(bit));
	}
}

static void test_end_fuzz(void)
{
	unsigned long round, rounds = fuzz_rounds(100000);

	fuzz_start();
	for (round = 0; round < rounds; round++)
		check_ends(fuzz_u64() >> 32);
}

/* Classes number the rows of a table: none missing, none twice. */
static void test_classes(void)
{
	ktap_eq(KVMFAULT_VIOLATION, 0, "violation");
	ktap_eq(KVMFAULT_MISCONFIG, 1, "misconfig");
	ktap_eq(KVMFAULT_TDP, 2, "tdp");
	ktap_eq(KVMFAULT_SHADOW, 3, "shadow");
	ktap_eq(KVMFAULT_CLASSES, 4, "classes");
	ktap_eq(kvmfault_class_is_exit(KVMFAULT_VIOLATION), true, "violation");
	ktap_eq(kvmfault_class_is_exit(KVMFAULT_MISCONFIG), true, "misconfig");
	ktap_eq(kvmfault_class_is_exit(KVMFAULT_TDP), false, "tdp");
	ktap_eq(kvmfault_class_is_exit(KVMFAULT_SHADOW), false, "shadow");
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "number of classes", test_classes },
		{ "error codes against the truth table", test_truth },
		{ "no other known bit matters", test_known_bits },
		{ "no bit to come matters", test_any_bit },
		{ "any error code", test_any_code },
		{ "error codes met in practice", test_met },
		{ "error codes that the MMU is asked about", test_asked },
		{ "return values", test_end },
		{ "garbage above the return value", test_end_garbage },
		{ "any garbage above the return value", test_end_fuzz },
	};

	return KTAP_RUN(tests);
}
