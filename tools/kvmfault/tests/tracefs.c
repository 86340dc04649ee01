// SPDX-License-Identifier: GPL-2.0
/*
 * A tracefs made of paper, in place of ../tracefs.c: two CPUs with a few faults
 * each, told in pages
 *
 * KVMFAULT_TEST says which, as in kernel.c:
 *	no-event	the module has none
 *	other-event	it lacks what is needed
 *	overrun		faults were lost
 *	leaving		the module goes away meanwhile
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kvmfault.h>

#include "../die.h"
#include "../model.h"
#include "../tracefs.h"

#define PAGE	4096
#define HEAD	16
#define ID	1234

struct tracefs {
	unsigned int looks;
	unsigned int taken[2];
	bool on;
};

struct record {
	uint16_t type;
	uint16_t flags;
	int32_t tid;
	uint64_t vm, start_ns, duration_ns, gva, rip, gpa, hva, pfn;
	int32_t slot, vcpu, pid, ret;
	uint8_t class, access, cause, outcome, level;
	char comm[16];
	uint8_t guest;
} __attribute__((packed));

#define FIELD(declaration, member, sign)				\
	{ declaration, offsetof(struct record, member),			\
	  sizeof(((struct record *)0)->member), sign }

static const struct {
	const char *declaration;
	size_t offset, size;
	int is_signed;
} fields[] = {
	FIELD("unsigned short common_type", type, 0),
	FIELD("int common_pid", tid, 1),
	FIELD("u64 vm", vm, 0),
	FIELD("u64 start_ns", start_ns, 0),
	FIELD("u64 duration_ns", duration_ns, 0),
	FIELD("u64 gva", gva, 0),
	FIELD("u64 rip", rip, 0),
	FIELD("u64 gpa", gpa, 0),
	FIELD("u64 hva", hva, 0),
	FIELD("u64 pfn", pfn, 0),
	FIELD("int slot", slot, 1),
	FIELD("int vcpu", vcpu, 1),
	FIELD("int pid", pid, 1),
	FIELD("int ret", ret, 1),
	FIELD("u8 class", class, 0),
	FIELD("u8 access", access, 0),
	FIELD("u8 cause", cause, 0),
	FIELD("u8 outcome", outcome, 0),
	FIELD("u8 level", level, 0),
	FIELD("char comm[16]", comm, 1),
	FIELD("u8 guest", guest, 0),
};

#define NOWHERE	UINT64_MAX
#define START	990000000000ULL

/* CPU 0 has a VM's fault after another, CPU 1 what is odd. */
static const struct record records[2][6] = {
	{
		{ ID, 0, 4103, 1, START + 1000000, 29000, 0x7f00a27c, 0xffffffff81000000,
		  0xa27c000, 0x7fcb1607c000, 0x205b6b, 10, 0, 4101, 1,
		  KVMFAULT_FAULT_CLASS_VIOLATION, KVMFAULT_FAULT_ACCESS_WRITE,
		  KVMFAULT_FAULT_CAUSE_ABSENT, KVMFAULT_FAULT_OUTCOME_UNKNOWN,
		  KVMFAULT_FAULT_LEVEL_4K, "CPU 0/KVM", KVMFAULT_FAULT_GUEST_L1 },
		{ ID, 0, 4103, 1, START + 3000000, 2868, NOWHERE, 0xd036640,
		  0xd036640, 0x7fcb18e36640, 0xb550, 10, 0, 4101, 1,
		  KVMFAULT_FAULT_CLASS_VIOLATION, KVMFAULT_FAULT_ACCESS_EXEC,
		  KVMFAULT_FAULT_CAUSE_ABSENT, KVMFAULT_FAULT_OUTCOME_UNKNOWN,
		  KVMFAULT_FAULT_LEVEL_2M, "CPU 0/KVM", KVMFAULT_FAULT_GUEST_L2 },
		{ ID, 0, 4103, 1, START + 5000000, 1500, NOWHERE, NOWHERE,
		  0xa27c008, 0x7fcb1607c008, NOWHERE, 10, 0, 4101, 1,
		  KVMFAULT_FAULT_CLASS_VIOLATION, KVMFAULT_FAULT_ACCESS_READ,
		  KVMFAULT_FAULT_CAUSE_PROTECTED, KVMFAULT_FAULT_OUTCOME_UNKNOWN,
		  KVMFAULT_FAULT_LEVEL_UNKNOWN, "CPU 0/KVM", KVMFAULT_FAULT_GUEST_L1 },
		{ ID, 0, 4103, 1, START + 5000500, 500, NOWHERE, NOWHERE,
		  0xa27c008, 0x7fcb1607c008, NOWHERE, 10, 0, 4101, 1,
		  KVMFAULT_FAULT_CLASS_TDP, KVMFAULT_FAULT_ACCESS_READ,
		  KVMFAULT_FAULT_CAUSE_PREFETCH, KVMFAULT_FAULT_OUTCOME_FIXED,
		  KVMFAULT_FAULT_LEVEL_4K, "CPU 0/KVM", KVMFAULT_FAULT_GUEST_L1 },
		{ .type = ID + 1 },
	}, {
		/* Another VM at the same address; it began before and ended after. */
		{ ID, 0, 4190, 7, START + 500000, 1000000, NOWHERE, 0x46,
		  0xa27c000, 0x7fee2360a000, NOWHERE, 0, 2, 4188, 1,
		  KVMFAULT_FAULT_CLASS_VIOLATION, KVMFAULT_FAULT_ACCESS_WRITE,
		  KVMFAULT_FAULT_CAUSE_ABSENT, KVMFAULT_FAULT_OUTCOME_UNKNOWN,
		  KVMFAULT_FAULT_LEVEL_4K, "we\"ird\\\n\033[1m", KVMFAULT_FAULT_GUEST_L1 },
		{ ID, 0, 4190, 7, START + 2000000, 40001, NOWHERE, 0x46,
		  0xfc096000, NOWHERE, NOWHERE, -1, 2, 4188, 0,
		  KVMFAULT_FAULT_CLASS_VIOLATION, KVMFAULT_FAULT_ACCESS_WRITE,
		  KVMFAULT_FAULT_CAUSE_MMIO, KVMFAULT_FAULT_OUTCOME_UNKNOWN,
		  KVMFAULT_FAULT_LEVEL_UNKNOWN, "", KVMFAULT_FAULT_GUEST_L1 },
		{ ID, 0, 4190, 7, START + 2100000, 2920, NOWHERE, 0x46,
		  0xfc096000, NOWHERE, NOWHERE, -1, 2, 4188, 0,
		  KVMFAULT_FAULT_CLASS_MISCONFIG, KVMFAULT_FAULT_ACCESS_UNKNOWN,
		  KVMFAULT_FAULT_CAUSE_UNKNOWN, KVMFAULT_FAULT_OUTCOME_UNKNOWN,
		  KVMFAULT_FAULT_LEVEL_UNKNOWN, "CPU 2/KVM", KVMFAULT_FAULT_GUEST_L1 },
		{ ID, 0, 4190, 7, START + 2200000, 2930, NOWHERE, 0x46,
		  NOWHERE, NOWHERE, NOWHERE, -1, 2, 4188, 0,
		  KVMFAULT_FAULT_CLASS_MISCONFIG, KVMFAULT_FAULT_ACCESS_UNKNOWN,
		  KVMFAULT_FAULT_CAUSE_UNKNOWN, KVMFAULT_FAULT_OUTCOME_UNKNOWN,
		  KVMFAULT_FAULT_LEVEL_UNKNOWN, "CPU 2/KVM", KVMFAULT_FAULT_GUEST_L1 },
		{ ID, 0, 4190, 8, START + 2300000, 1000, NOWHERE, NOWHERE,
		  0x1000, 0x7f0000001000, 0x77, 3, 0, 4188, 0,
		  /* of a later module */
		  KVMFAULT_FAULT_CLASS_VIOLATION, 9, 9, 99, 9, "sixteen letters!", 9 },
	},
};

static bool is_kernel(const char *name)
{
	const char *asked = getenv("KVMFAULT_TEST");

	return asked && !strcmp(asked, name);
}

struct tracefs *tracefs_open(void)
{
	return must_alloc(calloc(1, sizeof(struct tracefs)));
}

void tracefs_close(struct tracefs *tracefs)
{
	free(tracefs);
}

bool tracefs_has(struct tracefs *tracefs, const char *file)
{
	(void)file;
	return !is_kernel("no-event") &&
	       !(is_kernel("leaving") && tracefs->looks > 2);
}

static char *event_format(void)
{
	char *text = must_alloc(calloc(1, 4096));
	size_t i, at = sprintf(text, "name: kvmfault_fault\nID: %d\nformat:\n", ID);

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!is_kernel("other-event") || fields[i].size != 8)
			at += sprintf(text + at,
				      "\tfield:%s;\toffset:%zu;\tsize:%zu;\tsigned:%d;\n",
				      fields[i].declaration, fields[i].offset,
				      fields[i].size, fields[i].is_signed);
	return text;
}

char *tracefs_text(struct tracefs *tracefs, const char *file)
{
	(void)tracefs;
	if (strcmp(file, "events/header_page"))
		return event_format();
	return must_alloc(strdup("\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
				 "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n"));
}

/* What is not to be seen otherwise. */
void tracefs_write(struct tracefs *tracefs, const char *file, const char *text)
{
	const char *name = strrchr(file, '/');

	if (getenv("KVMFAULT_TEST_WRITES"))
		fprintf(stderr, "%s: %s\n", name ? name + 1 : file, text);
	if (name && !strcmp(name, "/enable"))
		tracefs->on = *text == '1';
}

unsigned int tracefs_cpus(const struct tracefs *tracefs)
{
	(void)tracefs;
	return 2;
}

/* CPU 1 is a look behind. Without a filter here all classes come. */
size_t tracefs_page(struct tracefs *tracefs, unsigned int cpu, void *page,
		    size_t size)
{
	uint64_t commit = 0;
	char *at = (char *)page + HEAD;

	tracefs->looks += !cpu;
	memset(page, 0, size);
	if (tracefs->looks < 2 + cpu)
		return 0;
	while (tracefs->taken[cpu] < 6 && records[cpu][tracefs->taken[cpu]].type) {
		uint32_t length = sizeof(struct record) + 4;
		uint32_t head[2] = { 0, length };

		memcpy(at, head, sizeof(head));
		memcpy(at + 8, &records[cpu][tracefs->taken[cpu]++],
		       sizeof(struct record));
		at += 4 + ((length + 3) & ~3U);
	}
	commit = at - (char *)page - HEAD;
	if (commit && is_kernel("overrun") && cpu)
		commit |= 3ULL << 30, *(uint64_t *)at = 17;
	memcpy((char *)page + 8, &commit, sizeof(commit));
	return commit ? size : 0;
}

uint64_t tracefs_lost(struct tracefs *tracefs)
{
	(void)tracefs;
	return is_kernel("overrun") ? 21 : 0;
}
