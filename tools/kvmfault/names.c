// SPDX-License-Identifier: GPL-2.0
/* The words of the interface; "?" for one that a later module made up */
#include <string.h>

#include "model.h"

#define NAME(names, index)	\
	name_of(names, sizeof(names) / sizeof((names)[0]), index)

static const char *name_of(const char *const *names, size_t nr, uint64_t index)
{
	if (index == UNKNOWN)
		return "-";
	return index < nr && names[index] ? names[index] : "?";
}

static const char *const classes[] = {
	[KVMFAULT_FAULT_CLASS_VIOLATION] = "violation",
	[KVMFAULT_FAULT_CLASS_MISCONFIG] = "misconfig",
	[KVMFAULT_FAULT_CLASS_TDP] = "tdp",
	[KVMFAULT_FAULT_CLASS_SHADOW] = "shadow",
};

const char *class_name(uint64_t class)
{
	return NAME(classes, class);
}

/* Its number, or -1. */
int class_of(const char *name)
{
	int class;

	for (class = 0; class <= KVMFAULT_FAULT_CLASS_SHADOW; class++)
		if (!strcmp(classes[class], name))
			return class;
	return -1;
}

static const char *const accesses[] = {
	[KVMFAULT_FAULT_ACCESS_READ] = "read",
	[KVMFAULT_FAULT_ACCESS_WRITE] = "write",
	[KVMFAULT_FAULT_ACCESS_EXEC] = "exec",
};

const char *access_name(uint64_t access)
{
	return access ? NAME(accesses, access) : "-";
}

/* Its number, or -1. */
int access_of(const char *name)
{
	int access;

	for (access = KVMFAULT_FAULT_ACCESS_READ;
	     access <= KVMFAULT_FAULT_ACCESS_EXEC; access++)
		if (!strcmp(accesses[access], name))
			return access;
	return -1;
}

const char *cause_name(uint64_t cause)
{
	static const char *const names[] = {
		[KVMFAULT_FAULT_CAUSE_ABSENT] = "absent",
		[KVMFAULT_FAULT_CAUSE_PROTECTED] = "protected",
		[KVMFAULT_FAULT_CAUSE_MMIO] = "mmio",
		[KVMFAULT_FAULT_CAUSE_PREFETCH] = "prefetch",
	};

	return cause ? NAME(names, cause) : "-";
}

const char *outcome_name(uint64_t outcome)
{
	static const char *const names[] = {
		[KVMFAULT_FAULT_OUTCOME_FIXED] = "fixed",
		[KVMFAULT_FAULT_OUTCOME_SPURIOUS] = "spurious",
		[KVMFAULT_FAULT_OUTCOME_RETRY] = "retry",
		[KVMFAULT_FAULT_OUTCOME_EMULATE] = "emulate",
		[KVMFAULT_FAULT_OUTCOME_WRITE_PROTECTED] = "write-protected",
		[KVMFAULT_FAULT_OUTCOME_INVALID] = "invalid",
		[KVMFAULT_FAULT_OUTCOME_ERROR] = "error",
		[KVMFAULT_FAULT_OUTCOME_UNKNOWN] = "-",
		[KVMFAULT_FAULT_OUTCOME_INJECTED] = "injected",
	};

	return NAME(names, outcome);
}

const char *guest_name(uint64_t guest)
{
	static const char *const names[] = {
		[KVMFAULT_FAULT_GUEST_L1] = "L1",
		[KVMFAULT_FAULT_GUEST_L2] = "L2",
	};

	return NAME(names, guest);
}

const char *alert_name(uint64_t kind)
{
	static const char *const names[] = {
		[KVMFAULT_ALERT_KIND_SLOW] = "slow",
		[KVMFAULT_ALERT_KIND_ASLEEP] = "asleep",
		[KVMFAULT_ALERT_KIND_REPEATS] = "repeats",
		[KVMFAULT_ALERT_KIND_ASYNC] = "async",
	};

	return NAME(names, kind);
}

const char *level_name(uint64_t level)
{
	static const char *const names[] = {
		[KVMFAULT_FAULT_LEVEL_4K] = "4K",
		[KVMFAULT_FAULT_LEVEL_2M] = "2M",
		[KVMFAULT_FAULT_LEVEL_1G] = "1G",
	};

	return level ? NAME(names, level) : "-";
}

const char *stage_name(uint64_t stage)
{
	static const char *const names[] = {
		[KVMFAULT_FAULT_STAGE_TDP] = "tdp",
		[KVMFAULT_FAULT_STAGE_FAST] = "fast",
		[KVMFAULT_FAULT_STAGE_TOPUP] = "topup",
		[KVMFAULT_FAULT_STAGE_FAULTIN] = "faultin",
		[KVMFAULT_FAULT_STAGE_GUP_FAST] = "gup-fast",
		[KVMFAULT_FAULT_STAGE_GUP_SLOW] = "gup-slow",
		[KVMFAULT_FAULT_STAGE_WAIT] = "wait",
		[KVMFAULT_FAULT_STAGE_HELD] = "held",
		[KVMFAULT_FAULT_STAGE_MAP] = "map",
		[KVMFAULT_FAULT_STAGE_REST] = "rest",
		[KVMFAULT_FAULT_STAGE_FAULTIN_REST] = "faultin-rest",
		[KVMFAULT_FAULT_STAGE_HELD_REST] = "held-rest",
	};

	return NAME(names, stage);
}

const char *host_cause_name(uint64_t cause)
{
	static const char *const names[] = {
		[KVMFAULT_HOST_CAUSE_PRESENT] = "present",
		[KVMFAULT_HOST_CAUSE_MINOR] = "minor",
		[KVMFAULT_HOST_CAUSE_HUGE] = "huge",
		[KVMFAULT_HOST_CAUSE_MAJOR] = "major",
		[KVMFAULT_HOST_CAUSE_SWAP] = "swap",
		[KVMFAULT_HOST_CAUSE_USERFAULT] = "userfault",
	};

	return NAME(names, cause);
}

const char *change_name(uint64_t change)
{
	static const char *const names[] = {
		[KVMFAULT_MEMSLOT_CHANGE_CREATED] = "created",
		[KVMFAULT_MEMSLOT_CHANGE_DELETED] = "deleted",
		[KVMFAULT_MEMSLOT_CHANGE_MOVED] = "moved",
		[KVMFAULT_MEMSLOT_CHANGE_FLAGS] = "flags",
	};

	return NAME(names, change);
}

const char *presence_name(uint64_t presence)
{
	static const char *const names[] = {
		[KVMFAULT_PAGE_PRESENCE_NOTHING] = "nothing",
		[KVMFAULT_PAGE_PRESENCE_ELSEWHERE] = "elsewhere",
		[KVMFAULT_PAGE_PRESENCE_RESIDENT] = "resident",
	};

	return NAME(names, presence);
}

const char *memory_name(uint64_t memory)
{
	static const char *const names[] = {
		[KVMFAULT_MEMORY_KIND_NONE] = "none",
		[KVMFAULT_MEMORY_KIND_ANONYMOUS] = "anonymous",
		[KVMFAULT_MEMORY_KIND_FILE] = "file",
		[KVMFAULT_MEMORY_KIND_HUGETLB] = "hugetlb",
		[KVMFAULT_MEMORY_KIND_DEVICE] = "device",
		[KVMFAULT_MEMORY_KIND_GUEST_MEMFD] = "guest-memfd",
	};

	return NAME(names, memory);
}

const char *end_name(uint64_t end)
{
	static const char *const names[] = {
		[KVMFAULT_FAULT_END_RESUMED] = "resumed",
		[KVMFAULT_FAULT_END_USERSPACE] = "userspace",
		[KVMFAULT_FAULT_END_FAILED] = "failed",
	};

	return NAME(names, end);
}

const char *vm_state_name(uint64_t state)
{
	static const char *const states[] = {
		[KVMFAULT_VM_STATE_LIVE] = "live",
		[KVMFAULT_VM_STATE_GONE] = "gone",
	};

	return NAME(states, state);
}

const char *probe_state_name(uint64_t state)
{
	static const char *const states[] = {
		[KVMFAULT_PROBE_STATUS_WAITING] = "waiting",
		[KVMFAULT_PROBE_STATUS_ARMED] = "armed",
		[KVMFAULT_PROBE_STATUS_UNAVAILABLE] = "unavailable",
		[KVMFAULT_PROBE_STATUS_BYPASSED] = "bypassed",
		[KVMFAULT_PROBE_STATUS_DISABLED] = "disabled",
	};

	return NAME(states, state);
}

const char *reason_name(uint64_t reason)
{
	static const char *const reasons[] = {
		[KVMFAULT_MISSED_REASON_NO_VM] = "no-vm",
		[KVMFAULT_MISSED_REASON_NO_SLOT] = "no-slot",
		[KVMFAULT_MISSED_REASON_NO_BUFFER] = "no-buffer",
		[KVMFAULT_MISSED_REASON_UNSEEN] = "unseen",
	};

	return NAME(reasons, reason);
}

const char *codes_name(uint64_t codes)
{
	static const char *const names[] = {
		[KVMFAULT_RETURN_CODES_UNKNOWN] = "unknown",
		[KVMFAULT_RETURN_CODES_V5_10] = "v5-10",
		[KVMFAULT_RETURN_CODES_V6_1] = "v6-1",
		[KVMFAULT_RETURN_CODES_V6_12] = "v6-12",
	};

	return NAME(names, codes);
}
