// SPDX-License-Identifier: GPL-2.0
/*
 * One fault as a line: kvm_watcher's columns, or JSON
 *
 * Its columns stand where they stand there; ours come before the last.
 */
#include <stdio.h>

#include "figure.h"
#include "row.h"
#include "table.h"

#define LINE	"%-17s %-15s %-7s %-12s %-5s %-11s %-12s %-8s %-10s %-4s %s\n"
#define CELL	32

void row_head(void)
{
	printf(LINE, "TIME(ms)", "COMM", "PID", "GPA", "COUNT", "DELAY(us)", "HVA",
	       "PFN", "MEM_SLOTID", "VM", "ERROR_TYPE");
}

static const char *cell(char *text, const char *format, uint64_t number)
{
	if (number == UNKNOWN)
		return "-";
	snprintf(text, CELL, format, number);
	return text;
}

/* Nanoseconds in a larger unit, to the last of its decimals that is exact. */
static const char *time_cell(char *text, uint64_t ns, uint64_t unit, uint64_t last,
			     int decimals)
{
	snprintf(text, CELL, "%llu.%0*llu", (unsigned long long)(ns / unit),
		 decimals, (unsigned long long)(ns % unit * last));
	return text;
}

static const char *access_word(uint64_t access)
{
	switch (access) {
	case KVMFAULT_FAULT_ACCESS_READ:
		return "Read";
	case KVMFAULT_FAULT_ACCESS_WRITE:
		return "Write";
	case KVMFAULT_FAULT_ACCESS_EXEC:
		return "Exec";
	default:
		return "-";
	}
}

/*
 * The bits of the error code, by the words of kvm_watcher: the entry for MMIO has
 * reserved bits set. The first access to such an address, which finds no entry
 * yet, is marked alike, and so are KVM's own prefetches.
 */
static void put_error(char *text, const struct event *event)
{
	const char *access = access_word(event->number[EVENT_ACCESS]);
	const char *format = "%s";

	if (event->number[EVENT_CLASS] == KVMFAULT_FAULT_CLASS_MISCONFIG)
		format = "Reserved(MMIO)";
	else if (event->number[EVENT_CAUSE] == KVMFAULT_FAULT_CAUSE_MMIO)
		format = "%s(MMIO)";
	else if (event->number[EVENT_CAUSE] == KVMFAULT_FAULT_CAUSE_PREFETCH)
		format = "%s(Prefetch)";
	else if (event->number[EVENT_CAUSE] == KVMFAULT_FAULT_CAUSE_PROTECTED)
		format = "Present %s";
	snprintf(text, CELL, format, access);
}

void row_print(const struct event *event, uint64_t count)
{
	char pid[CELL], gpa[CELL], seen[CELL], hva[CELL], pfn[CELL], slot[CELL];
	char time[CELL], delay[CELL], vm[CELL], error[CELL], comm[4 * TEXT + 4];
	const uint64_t *number = event->number;

	text_printable(comm, sizeof(comm), event->comm);
	put_error(error, event);
	printf(LINE, time_cell(time, number[EVENT_START], 1000000, 1, 6),
	       *comm ? comm : "-", cell(pid, "%llu", number[EVENT_PID]),
	       cell(gpa, "%llx", number[EVENT_GPA]), cell(seen, "%llu", count),
	       time_cell(delay, number[EVENT_DURATION], 1000, 10, 4),
	       cell(hva, "%llx", number[EVENT_HVA]),
	       cell(pfn, "%llx", number[EVENT_PFN]),
	       cell(slot, "%llu", number[EVENT_SLOT]),
	       cell(vm, "%llu", number[EVENT_VM]), error);
}

static void put_addresses(struct json_object *json, const uint64_t *number)
{
	json_number(json, "gva", number[EVENT_GVA]);
	json_number(json, "rip", number[EVENT_RIP]);
	json_number(json, "gpa", number[EVENT_GPA]);
	json_number(json, "hva", number[EVENT_HVA]);
	json_number(json, "pfn", number[EVENT_PFN]);
	json_number(json, "slot", number[EVENT_SLOT]);
}

static void put_kind(struct json_object *json, const uint64_t *number)
{
	json_word(json, "class", class_name(number[EVENT_CLASS]));
	json_word(json, "access", access_name(number[EVENT_ACCESS]));
	json_word(json, "cause", cause_name(number[EVENT_CAUSE]));
	json_word(json, "outcome", outcome_name(number[EVENT_OUTCOME]));
	json_word(json, "level", level_name(number[EVENT_LEVEL]));
}

void row_json(const struct event *event, uint64_t count)
{
	struct json_object *json = json_object_new_object();
	const uint64_t *number = event->number;

	json_number(json, "vm", number[EVENT_VM]);
	json_number(json, "vcpu", number[EVENT_VCPU]);
	json_number(json, "pid", number[EVENT_PID]);
	json_number(json, "tid", number[EVENT_TID]);
	json_text(json, "comm", event->comm);
	json_number(json, "start_ns", number[EVENT_START]);
	json_number(json, "duration_ns", number[EVENT_DURATION]);
	put_kind(json, number);
	put_addresses(json, number);
	json_number(json, "count", count);
	json_word(json, "guest", guest_name(number[EVENT_GUEST]));
	json_line(json);
}
