// SPDX-License-Identifier: GPL-2.0
/*
 * How kvm_tdp_page_fault() is called and what it returns, by kernel
 *
 * The structs below are those of real kernels. A layout is believed when no
 * other is left, so what is tested is that the right one is never dropped and
 * that a wrong one never lasts, nor reads as data while it does.
 */
#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "abi.h"

#include "fuzz.h"
#include "ktap.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1ULL << (n))

/* Return values */

static const struct {
	int ret;
	unsigned int index;
} indices[] = {
	{ 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 3 }, { 4, 4 }, { 5, 5 }, { 6, 6 },
	{ 7, KVMFAULT_RET_OTHER },
	{ 8, KVMFAULT_RET_OTHER },
	{ 9, KVMFAULT_RET_OTHER },
	{ INT_MAX, KVMFAULT_RET_OTHER },
	{ -1, KVMFAULT_RET_ERROR },
	{ -14, KVMFAULT_RET_ERROR },	/* -EFAULT */
	{ INT_MIN + 1, KVMFAULT_RET_ERROR },
	{ INT_MIN, KVMFAULT_RET_ERROR },
};

/* What a register holds when only its low half was written with care. */
static long garbage(__u64 upper, int ret)
{
	return (long)(upper << 32 | (__u32)ret);
}

static void check_indices(__u64 upper)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(indices); i++)
		ktap_eq(kvmfault_ret_index(garbage(upper, indices[i].ret)),
			indices[i].index, "index of %d under %#llx",
			indices[i].ret, upper);
}

static void test_index(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(indices); i++)
		ktap_eq(kvmfault_ret_index(indices[i].ret), indices[i].index,
			"index of %d", indices[i].ret);
	ktap_eq(KVMFAULT_RETS, 10, "number of indices");
}

static void test_index_garbage(void)
{
	unsigned int bit;

	check_indices(0);
	check_indices(0xffffffff);
	check_indices(0xdeadbeef);
	for (bit = 0; bit < 32; bit++) {
		check_indices(BIT(bit));
		check_indices(0xffffffff & ~BIT(bit));
	}
}

/* 4 was "spurious" on kernels with the old statistics, which count it, too. */
static void test_fixed(void)
{
	int ret;

	for (ret = -2; ret < 10; ret++) {
		enum kvmfault_codes old = KVMFAULT_CODES_UNKNOWN;
		enum kvmfault_codes new = KVMFAULT_CODES_UNKNOWN;

		if (ret == 3)
			old = new = KVMFAULT_CODES_5_10;
		if (ret == 4)
			new = KVMFAULT_CODES_6_1;
		if (ret == 5)
			new = KVMFAULT_CODES_6_12;

		ktap_eq(kvmfault_codes_of_fixed(ret, false), old,
			"set in which %d is fixed, old statistics", ret);
		ktap_eq(kvmfault_codes_of_fixed(ret, true), new,
			"set in which %d is fixed", ret);
		ktap_eq(kvmfault_codes_of_fixed(garbage(0xdeadbeef, ret), true),
			new, "set in which %d is fixed under garbage", ret);
	}
}

/* What each kernel's own sources say, value by value. */
#define LETTERS	"fsrewi!-g"	/* in the order of enum kvmfault_outcome */

static const struct {
	const char *kernel;
	enum kvmfault_codes codes;
	const char *meaning;	/* of 0 to 6, other, error and given to the guest */
} kernels[] = {
	{ "none known", KVMFAULT_CODES_UNKNOWN, "--------!g" },
	{ "5.10", KVMFAULT_CODES_5_10,   "reifs---!g" },
	{ "5.15", KVMFAULT_CODES_5_10,   "reifs---!g" },
	{ "EL 8.10", KVMFAULT_CODES_5_10, "reifs---!g" },
	{ "EL 9.0", KVMFAULT_CODES_5_10, "reifs---!g" },
	{ "6.1", KVMFAULT_CODES_6_1,     "-reifs--!g" },
	{ "6.8", KVMFAULT_CODES_6_1,     "-reifs--!g" },
	{ "EL 9.2", KVMFAULT_CODES_6_1,  "-reifs--!g" },
	{ "EL 9.4", KVMFAULT_CODES_6_1,  "-reifs--!g" },
	{ "EL 9.6", KVMFAULT_CODES_6_1,  "-reifs--!g" },
	{ "6.12", KVMFAULT_CODES_6_12,   "-rewifs-!g" },
	{ "EL 10", KVMFAULT_CODES_6_12,  "-rewifs-!g" },
	{ "7.2", KVMFAULT_CODES_6_12,    "-rewifs-!g" },
	{ "7.3", KVMFAULT_CODES_6_12,    "-rewifs-!g" },
};

static enum kvmfault_outcome meant(unsigned int kernel, unsigned int index)
{
	char letter = kernels[kernel].meaning[index];

	return strchr(LETTERS, letter) - LETTERS;
}

static void test_outcome(void)
{
	unsigned int k, i;

	for (k = 0; k < ARRAY_SIZE(kernels); k++) {
		for (i = 0; i < KVMFAULT_RETS; i++)
			ktap_eq(kvmfault_outcome(kernels[k].codes, i),
				meant(k, i), "%u on %s", i, kernels[k].kernel);
		for (; i < 300; i++)
			ktap_eq(kvmfault_outcome(kernels[k].codes, i),
				KVMFAULT_UNKNOWN, "%u, no index", i);
	}
}

/* The set that a fixed fault shows is the one in which its value says so. */
static void test_fixed_is_fixed(void)
{
	enum kvmfault_codes codes;
	unsigned int ret;

	for (ret = 0; ret < KVMFAULT_RET_OTHER; ret++) {
		codes = kvmfault_codes_of_fixed(ret, true);
		if (codes != KVMFAULT_CODES_UNKNOWN)
			ktap_eq(kvmfault_outcome(codes, ret), KVMFAULT_FIXED,
				"%u in the set it shows", ret);
	}
}

static void check_counts(unsigned int kernel, const __u64 *rets)
{
	__u64 want[KVMFAULT_OUTCOMES] = { 0 };
	unsigned int i;

	for (i = 0; i < KVMFAULT_RETS; i++)
		want[meant(kernel, i)] += rets[i];
	for (i = 0; i < KVMFAULT_OUTCOMES; i++)
		ktap_eq(kvmfault_outcome_count(kernels[kernel].codes, rets, i),
			want[i], "count of outcome %u on %s", i,
			kernels[kernel].kernel);
}

static void test_counts(void)
{
	static const __u64 bits[KVMFAULT_RETS] = {
		1, 2, 4, 8, 16, 32, 64, 128, 256, 512,
	};
	unsigned long round, rounds = fuzz_rounds(2000);
	__u64 rets[KVMFAULT_RETS];
	unsigned int i, k;

	fuzz_start();
	for (k = 0; k < ARRAY_SIZE(kernels); k++)
		check_counts(k, bits);
	for (round = 0; round < rounds; round++) {
		for (i = 0; i < KVMFAULT_RETS; i++)
			rets[i] = fuzz_magnitude(48);
		check_counts(fuzz_below(ARRAY_SIZE(kernels)), rets);
	}
}

/* Layouts: the structs, as compiled into real kernels or as their sources say */

#define HEAD(code)							\
	__u64 addr;							\
	code error_code;						\
	__u8 prefetch, exec, write, present, rsvd, user, is_tdp

#define LEVELS								\
	__u8 nx_workaround, huge_disallowed;				\
	__u8 max_level, req_level, goal_level

/* 5.16 to 6.2, EL 8.10, EL 9.2 */
struct fault_6_1 {
	HEAD(__u32);
	LEVELS;
	__u64 gfn, slot, pfn, hva;
	__u8 map_writable;
};

/* 6.3 to 6.7; stable 6.1 took over mmu_seq and became this */
struct fault_6_1_stable {
	HEAD(__u32);
	LEVELS;
	__u64 gfn, slot, mmu_seq, pfn, hva;
	__u8 map_writable;
};

/* 6.8, EL 9.4 */
struct fault_6_8 {
	HEAD(__u32);
	__u8 is_private;
	LEVELS;
	__u64 gfn, slot, mmu_seq, pfn, hva;
	__u8 map_writable;
};

/* 6.12, EL 9.6, EL 10 */
struct fault_6_12 {
	HEAD(__u64);
	__u8 is_private;
	LEVELS;
	__u64 gfn, slot, mmu_seq, pfn, hva;
	__u8 map_writable;
};

/* 6.16 to 7.3 */
struct fault_6_16 {
	HEAD(__u64);
	__u8 is_private;
	LEVELS;
	__u64 gfn, slot, mmu_seq, pfn, page;
	__u8 map_writable;
};

#define AT(type, member, offset)					\
	_Static_assert(offsetof(struct type, member) == (offset),	\
		       #type "." #member)

#define ALL_AT(type, flags, tdp, max, frame, host, writable, bytes)	\
	AT(type, addr, 0);						\
	AT(type, error_code, 8);					\
	AT(type, prefetch, flags);					\
	AT(type, user, (flags) + 5);					\
	AT(type, is_tdp, tdp);						\
	AT(type, max_level, max);					\
	AT(type, goal_level, (max) + 2);				\
	AT(type, gfn, frame);						\
	AT(type, slot, (frame) + 8);					\
	AT(type, pfn, host);						\
	AT(type, map_writable, writable);				\
	_Static_assert(sizeof(struct type) == (bytes), #type)

ALL_AT(fault_6_1, 12, 18, 21, 24, 40, 56, 64);
ALL_AT(fault_6_1_stable, 12, 18, 21, 24, 48, 64, 72);
ALL_AT(fault_6_8, 12, 18, 22, 32, 56, 72, 80);
ALL_AT(fault_6_12, 16, 22, 26, 32, 56, 72, 80);
ALL_AT(fault_6_16, 16, 22, 26, 32, 56, 72, 80);

/* As much of the stack as tests look at: the struct, and what lies above. */
#define MEMORY	96

static void garble(void *memory)
{
	unsigned int i;

	for (i = 0; i < MEMORY; i++)
		((__u8 *)memory)[i] = fuzz_u64();
}

/* A call, whatever the kernel */
struct call {
	__u64 addr, code, slot, gfn;
	bool shadow;	/* paging: the guest's tables make gfn of addr */
	bool prefetch, private, nx_workaround;
	__u8 max_level, req_level, goal_level;
};

#define FETCH	BIT(4)
#define RSVD	BIT(3)
#define USER	BIT(2)
#define WRITE	BIT(1)
#define PRESENT	BIT(0)

/* Paddings and what the call has not come to write stay as they were. */
#define FILL(type, extra)						\
static void fill_##type(void *memory, const struct call *call)		\
{									\
	struct type *f = memory;					\
									\
	f->addr = call->addr;						\
	f->error_code = call->code;					\
	f->prefetch = call->prefetch;					\
	f->exec = !!(call->code & FETCH);				\
	f->write = !!(call->code & WRITE);				\
	f->present = !!(call->code & PRESENT);				\
	f->rsvd = !!(call->code & RSVD);				\
	f->user = !!(call->code & USER);				\
	f->is_tdp = !call->shadow;					\
	f->nx_workaround = call->nx_workaround;				\
	f->huge_disallowed = f->exec && f->nx_workaround;		\
	f->max_level = call->max_level;					\
	f->req_level = call->req_level;					\
	f->goal_level = call->goal_level;				\
	f->gfn = call->shadow ? call->gfn : call->addr >> 12;		\
	f->slot = call->slot;						\
	extra;								\
}

FILL(fault_6_1, (void)0)
FILL(fault_6_1_stable, (void)0)
FILL(fault_6_8, f->is_private = call->private)
FILL(fault_6_12, f->is_private = call->private)
FILL(fault_6_16, f->is_private = call->private)

struct kernel {
	const char *name;
	unsigned int layout;	/* of kvmfault_layouts[] */
	void (*fill)(void *memory, const struct call *call);
};

static const struct kernel structs[] = {
	{ "6.1", 0, fill_fault_6_1 },
	{ "6.1 stable", 0, fill_fault_6_1_stable },
	{ "6.8", 1, fill_fault_6_8 },
	{ "6.12", 2, fill_fault_6_12 },
	{ "6.16", 2, fill_fault_6_16 },
};

static __u64 any_code(void)
{
	static const __u64 accesses[] = {
		0, USER, WRITE, USER | WRITE, FETCH, USER | FETCH,
	};
	__u64 code = accesses[fuzz_below(ARRAY_SIZE(accesses))];

	if (!fuzz_below(3))
		code |= PRESENT;
	if (!fuzz_below(8))
		code |= RSVD;
	/* the final address, a table of the guest, implicit, private */
	if (fuzz_below(4))
		code |= BIT(32);
	if (!fuzz_below(4))
		code |= BIT(33);
	if (!fuzz_below(8))
		code |= BIT(48);
	if (!fuzz_below(8))
		code |= BIT(49);
	return code;
}

static struct call any_call(void)
{
	struct call call = { .addr = fuzz_magnitude(47), .code = any_code() };

	/* None, or what looks like a pointer to it */
	if (fuzz_below(4))
		call.slot = 0xffff888000000000ULL | fuzz_magnitude(40);
	call.prefetch = !fuzz_below(8);
	call.private = call.code >> 49 & 1;
	call.nx_workaround = fuzz_below(2);
	call.max_level = 1 + fuzz_below(3);
	call.req_level = 1 + fuzz_below(call.max_level);
	call.goal_level = 1 + fuzz_below(call.req_level);
	return call;
}

static void any_fault(const struct kernel *kernel, void *memory)
{
	struct call call = any_call();

	garble(memory);
	kernel->fill(memory, &call);
}

#define ALL_LAYOUTS	((1U << KVMFAULT_LAYOUTS) - 1)

static unsigned int fitting(const void *memory)
{
	unsigned int i, fit = 0;

	for (i = 0; i < KVMFAULT_LAYOUTS; i++)
		if (kvmfault_layout_fits(&kvmfault_layouts[i], memory))
			fit |= 1U << i;
	return fit;
}

#define SAME(nr, type) do {						\
	const struct kvmfault_layout *l = &kvmfault_layouts[nr];	\
									\
	ktap_eq(l->flags, offsetof(struct type, prefetch), #type);	\
	ktap_eq(l->is_tdp, offsetof(struct type, is_tdp), #type);	\
	ktap_eq(l->goal_level, offsetof(struct type, goal_level), #type); \
	ktap_eq(l->gfn, offsetof(struct type, gfn), #type);		\
	ktap_le(offsetof(struct type, gfn) + 8, KVMFAULT_LAYOUT_BYTES,	\
		#type);							\
} while (0)

static void test_offsets(void)
{
	SAME(0, fault_6_1);
	SAME(0, fault_6_1_stable);
	SAME(1, fault_6_8);
	SAME(2, fault_6_12);
	SAME(2, fault_6_16);
	ktap_eq(KVMFAULT_LAYOUTS, 3, "layouts");
}

/* Dropped once is dropped for ever, so not one fault may speak against it. */
static void test_right_fits(void)
{
	unsigned long round, rounds = fuzz_rounds(20000);
	__u64 memory[MEMORY / 8];
	unsigned int k;

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		for (k = 0; k < ARRAY_SIZE(structs); k++) {
			any_fault(&structs[k], memory);
			ktap_eq(fitting(memory) >> structs[k].layout & 1, 1,
				"right layout of %s", structs[k].name);
		}
	}
}

/* Faults are looked at until this many told, or this many were looked at. */
#define TELL	200
#define FAULTS	2000

/* Faults of a kernel that tell, until one layout is left, or none. */
static unsigned int faults_needed(const struct kernel *kernel)
{
	unsigned int i, left = ALL_LAYOUTS, told = 0;
	__u64 memory[MEMORY / 8];

	for (i = 0; i < FAULTS && left & (left - 1); i++) {
		any_fault(kernel, memory);
		if (!kvmfault_layout_tells(memory))
			continue;
		left &= fitting(memory);
		told++;
	}
	ktap_eq(left, 1U << kernel->layout, "layouts left on %s",
		kernel->name);
	return told;
}

static void test_wrong_are_dropped(void)
{
	unsigned long round, rounds = fuzz_rounds(20000);
	unsigned int k, needed, worst = 0;

	fuzz_start();
	for (round = 0; round < rounds && !ktap_failed; round++) {
		for (k = 0; k < ARRAY_SIZE(structs); k++) {
			needed = faults_needed(&structs[k]);
			if (needed > worst)
				worst = needed;
		}
	}
	printf("# one layout is left after %u fault(s) that tell, at worst\n",
	       worst);
	ktap_eq(worst, 1, "faults needed");
}

/* Calls made so that a wrong layout might fit: the right one alone does. */
static void check_deceit(const struct kernel *kernel, const struct call *call,
			 unsigned int fit)
{
	__u64 memory[MEMORY / 8] = { 0 };

	kernel->fill(memory, call);
	ktap_eq(fitting(memory), fit, "layouts that fit on %s", kernel->name);
}

static void test_deceit(void)
{
	/* frame number 1 and goal_level 1, with zeroes behind it */
	static const struct call level = {
		.addr = 0x1000, .code = USER,
		.max_level = 3, .req_level = 1, .goal_level = 1,
	};
	/* a write in small pages: the levels look like user and private */
	static const struct call write = {
		.addr = 0x12345000, .code = WRITE | BIT(32), .slot = BIT(63),
		.max_level = 1, .req_level = 1, .goal_level = 1,
	};
	/* implicit access, a bit that looks like the boolean for a write */
	static const struct call implicit = {
		.addr = 0x12345000, .code = WRITE | BIT(48),
		.max_level = 1, .req_level = 1, .goal_level = 1,
	};
	__u64 memory[MEMORY / 8] = { 0 };

	check_deceit(&structs[2], &level, 1U << 1);
	check_deceit(&structs[2], &write, 1U << 1);
	check_deceit(&structs[3], &implicit, 1U << 2);

	ktap_eq(fitting(memory), 0, "layouts that fit zeroes");
	ktap_eq(kvmfault_layout_tells(memory), false, "zeroes tell");
}

static bool tells(__u64 addr, __u64 code)
{
	struct fault_6_12 fault = { .addr = addr, .error_code = code };

	return kvmfault_layout_tells(&fault);
}

static void test_tells(void)
{
	unsigned int code, byte;

	for (code = 0; code < 32; code++) {
		bool data = !(code & FETCH);

		ktap_eq(tells(0x12345fff, code), data, "code %#x", code);
		ktap_eq(tells(0x12345fff, code | 0xffffffffULL << 32), data,
			"code %#x below all ones", code);
	}
	for (byte = 0; byte < 256; byte++) {
		ktap_eq(tells(byte << 12 | 0xfff, USER), byte > 5,
			"frame %#x", byte);
		ktap_eq(tells(0xabc00000 | byte << 12, USER), byte > 5,
			"frame %#x", 0xabc00 | byte);
	}
}

/* A level in the padding of the layout that fits; elsewhere it is no padding. */
static void test_tells_padding(void)
{
	struct call call = any_call();
	unsigned int k, byte, goal;
	__u64 memory[MEMORY / 8];
	bool padded;

	/* a frame number with levels in all its bytes but the lowest */
	call.addr = 0x50403020106000;
	call.code = WRITE;
	for (k = 0; k < ARRAY_SIZE(structs); k++) {
		goal = kvmfault_layouts[structs[k].layout].goal_level;
		padded = goal + 1 != kvmfault_layouts[structs[k].layout].gfn;
		for (byte = 0; byte < 256; byte++) {
			memset(memory, 0, sizeof(memory));
			if (padded)
				((__u8 *)memory)[goal + 1] = byte;
			structs[k].fill(memory, &call);
			ktap_eq(kvmfault_layout_tells(memory),
				!padded || byte < 1 || byte > 5,
				"%u behind goal_level of %s", byte,
				structs[k].name);
		}
	}
}

/* Until 6.1 the frame number is written within the call, zero before. */
static void test_not_returned(void)
{
	struct call call = any_call();
	__u64 memory[MEMORY / 8];
	struct fault_6_1 *fault = (void *)memory;

	garble(memory);
	call.addr = 0x12345000;
	fill_fault_6_1(memory, &call);
	fault->gfn = 0;
	fault->slot = 0;
	ktap_eq(fitting(memory), 0, "layouts that fit on entry");
}

/* The bit that makes a TDX guest's address a shared one: 47 or 51. */
static void test_shared(void)
{
	static const unsigned int bits[] = { 47, 51 };
	struct call call = any_call();
	__u64 memory[MEMORY / 8];
	struct fault_6_16 *fault = (void *)memory;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		garble(memory);
		call.addr = 0x12345000 | BIT(bits[i]);
		call.code = USER;
		fill_fault_6_16(memory, &call);
		ktap_eq(fitting(memory), 1U << 2, "bit %u kept", bits[i]);
		fault->gfn = 0x12345;
		ktap_eq(fitting(memory), 1U << 2, "bit %u taken", bits[i]);
		fault->gfn = 0x12345 | 1ULL << 34;
		ktap_eq(fitting(memory), 0, "another bit");

		/* alone it is no frame number that tells */
		fault->addr = BIT(bits[i]);
		ktap_eq(kvmfault_layout_tells(memory), false, "bit %u tells",
			bits[i]);
	}
}

/* One thing wrong in a struct that fits, and it fits no more. */
static void test_any_byte(void)
{
	__u64 memory[MEMORY / 8];
	__u8 *bytes = (__u8 *)memory;
	struct call call;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		call = any_call();
		call.code = USER | BIT(32);
		call.addr = 0x12345000;
		garble(memory);
		fill_fault_6_12(memory, &call);
		ktap_eq(fitting(memory), 1U << 2, "before");
		bytes[32 + i] ^= 0x10;
		ktap_eq(fitting(memory), 0, "byte %u of the frame", i);
	}
	for (i = 16; i < 29; i++) {
		garble(memory);
		fill_fault_6_12(memory, &call);
		bytes[i] = 6;
		ktap_eq(fitting(memory), 0, "byte %u of booleans, levels", i);
	}
	for (i = 17; i < 23; i++) {
		garble(memory);
		fill_fault_6_12(memory, &call);
		bytes[i] ^= 1;
		ktap_eq(fitting(memory), 0, "boolean %u turned", i);
	}
}

static void check_levels(unsigned int max, unsigned int req, unsigned int goal)
{
	bool right = goal && goal <= req && req <= max && max <= 5;
	unsigned int k;
	__u64 memory[MEMORY / 8];
	struct call call = any_call();

	call.addr = 0x12345000;
	call.code = USER;
	call.max_level = max;
	call.req_level = req;
	call.goal_level = goal;
	for (k = 0; k < ARRAY_SIZE(structs); k++) {
		garble(memory);
		structs[k].fill(memory, &call);
		ktap_eq(fitting(memory), right << structs[k].layout,
			"levels %u %u %u on %s", max, req, goal,
			structs[k].name);
	}
}

static void test_levels(void)
{
	unsigned int i;

	for (i = 0; i < 7 * 7 * 7; i++)
		check_levels(i / 49, i / 7 % 7, i % 7);
}

/* Kernels to come, or before: whatever memory holds. */
static void test_random(void)
{
	unsigned long round, rounds = fuzz_rounds(200000);
	__u64 memory[MEMORY / 8];
	__u8 *bytes = (__u8 *)memory;
	unsigned int i;

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		for (i = 0; i < MEMORY; i++)
			bytes[i] = round & 1 ? fuzz_u64() : fuzz_below(2);
		memory[0] = fuzz_magnitude(52);
		if (kvmfault_layout_tells(memory))
			ktap_eq(fitting(memory), 0, "layouts that fit");
	}
	ktap_ge(round, rounds, "rounds");
}

/* A field moved: @from on by @by bytes, and words aligned again. */
static void move(void *memory, unsigned int from, unsigned int by,
		 unsigned int gfn, unsigned int gfn_to)
{
	__u8 old[MEMORY], *new = memory;
	unsigned int i;

	memcpy(old, memory, MEMORY);
	for (i = from; i < gfn; i++)
		if (i + by < gfn_to)
			new[i + by] = old[i];
	for (i = gfn; i + gfn_to - gfn < MEMORY; i++)
		new[i + gfn_to - gfn] = old[i];
}

static void test_moved(void)
{
	unsigned long round, rounds = fuzz_rounds(20000);
	__u64 memory[MEMORY / 8];
	unsigned int k, gfn;

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		k = fuzz_below(ARRAY_SIZE(structs));
		gfn = kvmfault_layouts[structs[k].layout].gfn;

		/* the frame number at 48 */
		any_fault(&structs[k], memory);
		move(memory, gfn, 0, gfn, 48);
		memory[3] = 0;
		memory[4] = 0;
		if (kvmfault_layout_tells(memory))
			ktap_eq(fitting(memory), 0, "%s, frame number at 48",
				structs[k].name);

		/* a word before the flags, which start at 20 then */
		any_fault(&structs[3], memory);
		move(memory, 16, 4, 32, 40);
		((__u32 *)memory)[4] = fuzz_magnitude(32);
		memory[4] = memory[5];
		if (kvmfault_layout_tells(memory))
			ktap_eq(fitting(memory), 0, "flags at 20");
	}
	ktap_ge(round, rounds, "rounds");
}

/*
 * A byte more, anywhere behind the error code: what a kernel to come, or a
 * distribution, would most likely do. Return: where goal_level is now.
 */
static unsigned int one_more(const struct kernel *kernel, unsigned int at,
			     unsigned int byte, void *memory)
{
	const struct kvmfault_layout *l = &kvmfault_layouts[kernel->layout];

	any_fault(kernel, memory);
	move(memory, at, 1, l->gfn, 32);
	((__u8 *)memory)[at] = byte;
	return l->goal_level + (at <= l->goal_level);
}

static bool misread(const struct kernel *kernel, unsigned int at,
		    unsigned int goal, unsigned int left, const __u8 *bytes)
{
	const struct kvmfault_layout *l;
	unsigned int i, flags = kvmfault_layouts[kernel->layout].flags;

	flags += at <= flags;
	for (i = 0; i < KVMFAULT_LAYOUTS; i++) {
		l = &kvmfault_layouts[i];
		if (left & 1U << i && (bytes[l->goal_level] != bytes[goal] ||
				       bytes[l->flags] != bytes[flags]))
			return true;
	}
	return false;
}

/*
 * Faults of such a kernel, as long as there are layouts left. Return: the last
 * that told, counted from 1, at which one that was left was misread by.
 */
static unsigned int last_misread(const struct kernel *kernel, unsigned int at,
				 bool set)
{
	unsigned int i, goal, told = 0, left = ALL_LAYOUTS, last = 0;
	__u64 memory[MEMORY / 8];

	for (i = 0; i < FAULTS && told < TELL && left; i++) {
		goal = one_more(kernel, at, set, memory);
		left &= fitting(memory);
		told += kvmfault_layout_tells(memory);
		if (misread(kernel, at, goal, left, (__u8 *)memory))
			last = told;
	}
	return last;
}

static void test_one_more(void)
{
	unsigned long round, rounds = fuzz_rounds(100);
	unsigned int k, at, last, worst = 0;

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		for (k = 0; k < ARRAY_SIZE(structs); k++) {
			at = kvmfault_layouts[structs[k].layout].flags;
			for (; at < 30; at++) {
				last = last_misread(&structs[k], at, round & 1);
				if (last > worst)
					worst = last;
			}
		}
	}
	printf("# of faults that tell, the last misread was number %u\n",
	       worst);
	ktap_eq(worst, 0, "faults that tell and are misread");
}

/* What a frame is that is none, where a struct has it when there is no slot. */
#define NO_FRAME	BIT(63)

static unsigned int fitting_shadow(const void *memory)
{
	unsigned int i, fit = 0;

	for (i = 0; i < KVMFAULT_LAYOUTS; i++)
		if (kvmfault_layout_fits_shadow(&kvmfault_layouts[i], memory))
			fit |= 1U << i;
	return fit;
}

static void check_shadow(const struct kernel *kernel, bool in_slot)
{
	__u64 memory[MEMORY / 8], frame;
	struct call call = any_call();
	unsigned int at;

	call.shadow = true;
	call.addr = fuzz_u64();
	call.gfn = fuzz_magnitude(40);
	call.slot = in_slot ? 0xff11000000000000ULL | fuzz_magnitude(48) : 0;
	garble(memory);
	kernel->fill(memory, &call);
	/* Wherever the frame is: behind the slot, or after another word. */
	frame = in_slot ? fuzz_magnitude(40) : NO_FRAME;
	at = kvmfault_layouts[kernel->layout].gfn / 8 + 2;
	memory[at] = memory[at + 1] = frame;

	ktap_eq(kvmfault_layout_tells_shadow(memory),
		in_slot && !(call.code & FETCH), "it tells on %s", kernel->name);
	ktap_eq(fitting_shadow(memory), in_slot ? 1U << kernel->layout : 0,
		"layouts that fit on %s", kernel->name);
	ktap_eq(fitting(memory) >> kernel->layout & 1, 0, "as a tdp call, on %s",
		kernel->name);
}

/* One call in a slot shows the layout; one in none fits nothing, and says so. */
static void test_shadow(void)
{
	unsigned long round, rounds = fuzz_rounds(20000);
	unsigned int k;

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		for (k = 0; k < ARRAY_SIZE(structs); k++) {
			check_shadow(&structs[k], true);
			check_shadow(&structs[k], false);
		}
	}
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "where return values are counted", test_index },
		{ "garbage above the return value", test_index_garbage },
		{ "the set that a fixed fault shows", test_fixed },
		{ "what values mean, by kernel", test_outcome },
		{ "in the set it shows, fixed is fixed", test_fixed_is_fixed },
		{ "counts by outcome", test_counts },
		{ "offsets of all layouts", test_offsets },
		{ "the right layout is never dropped", test_right_fits },
		{ "wrong layouts are dropped", test_wrong_are_dropped },
		{ "calls of shadow paging show the layout", test_shadow },
		{ "a fault made for a wrong layout fits the right one alone",
		  test_deceit },
		{ "which faults tell", test_tells },
		{ "padding that looks like a level", test_tells_padding },
		{ "before the call has returned", test_not_returned },
		{ "the shared bit of TDX", test_shared },
		{ "any byte matters", test_any_byte },
		{ "levels in their order", test_levels },
		{ "random memory fits nothing", test_random },
		{ "fields moved away fit nothing", test_moved },
		{ "one byte more is found out", test_one_more },
	};

	return KTAP_RUN(tests);
}
