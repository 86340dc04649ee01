/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From an address of a guest to the host's memory, as far as there is a way
 */
#ifndef KVMFAULT_TRANSLATE_H
#define KVMFAULT_TRANSLATE_H

#include <linux/types.h>

#include "decode.h"
#include "host_walk.h"
#include "setup.h"

/* Of the name of a file no more than this, its end. */
#define KVMFAULT_FILE_NAME	128

/**
 * enum kvmfault_address_kind - whose address it is
 * @KVMFAULT_ADDRESS_GPA: the guest's, physical
 * @KVMFAULT_ADDRESS_GVA: the guest's, virtual
 * @KVMFAULT_ADDRESS_HVA: the VMM's
 */
enum kvmfault_address_kind {
	KVMFAULT_ADDRESS_GPA,
	KVMFAULT_ADDRESS_GVA,
	KVMFAULT_ADDRESS_HVA
};

/**
 * enum kvmfault_memory - what the VMM has at an address
 * @KVMFAULT_MEMORY_NONE: nothing
 * @KVMFAULT_MEMORY_ANONYMOUS: memory of its own
 * @KVMFAULT_MEMORY_FILE: a file, or shared memory, which is one
 * @KVMFAULT_MEMORY_HUGETLB: reserved huge pages
 * @KVMFAULT_MEMORY_DEVICE: a device's
 * @KVMFAULT_MEMORY_MEMFD: the guest_memfd that the guest has the page from; the VMM
 *	has it mapped if there is an address
 */
enum kvmfault_memory {
	KVMFAULT_MEMORY_NONE,
	KVMFAULT_MEMORY_ANONYMOUS,
	KVMFAULT_MEMORY_FILE,
	KVMFAULT_MEMORY_HUGETLB,
	KVMFAULT_MEMORY_DEVICE,
	KVMFAULT_MEMORY_MEMFD
};

/**
 * struct kvmfault_translation - a question, and how far it could be answered
 *
 * What is told of the page is told of the guest's, wherever that comes from, unless
 * the question was for an address of the VMM: then it is what the VMM has there.
 *
 * @vm: which VM; this, the next two and the address of that kind are the question
 * @kind: whose address is given
 * @vcpu: of a virtual one, whose
 * @gva: KVMFAULT_NOWHERE if not known, as the next two
 * @gpa: guest-physical
 * @hva: in the VMM, if the page is there
 * @guest_page: the size of the guest's page, if it was walked to; otherwise 0
 * @in_slot: the address is in a memory slot, and this is
 * @slot: the slot, and
 * @offset: where in it
 * @mapping: the mapping that the last recorded fault there has made
 * @memory: what the VMM has there; none if nobody has looked
 * @from: where that begins
 * @to: where it ends; 0 if it is not in the VMM
 * @shared: others may have it as well
 * @file: its name, if it is a file
 * @frame: what is behind it
 * @why: why the way ends before memory, or what else there is to say; or NULL
 */
struct kvmfault_translation {
	u64 vm;
	enum kvmfault_address_kind kind;
	int vcpu;
	u64 gva;
	u64 gpa;
	u64 hva;
	u64 guest_page;
	bool in_slot;
	struct kvmfault_memslot slot;
	u64 offset;
	enum kvmfault_level mapping;
	enum kvmfault_memory memory;
	u64 from;
	u64 to;
	bool shared;
	char file[KVMFAULT_FILE_NAME];
	struct kvmfault_frame frame;
	const char *why;
};

/* In process context. */
int kvmfault_translate(struct kvmfault_translation *t);

#endif /* KVMFAULT_TRANSLATE_H */
