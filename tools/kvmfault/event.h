/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The trace event kvmfault:kvmfault_fault: one fault, as it was recorded
 */
#ifndef KVMFAULT_EVENT_H
#define KVMFAULT_EVENT_H

#include "format.h"
#include "model.h"

/* The numbers of an event, in the order of struct event. */
enum event_field {
	EVENT_VM,
	EVENT_START,
	EVENT_DURATION,
	EVENT_GVA,
	EVENT_RIP,
	EVENT_GPA,
	EVENT_HVA,
	EVENT_PFN,
	EVENT_SLOT,
	EVENT_VCPU,
	EVENT_PID,
	EVENT_TID,
	EVENT_RET,
	EVENT_CLASS,
	EVENT_ACCESS,
	EVENT_CAUSE,
	EVENT_OUTCOME,
	EVENT_LEVEL,
	EVENT_GUEST,
	EVENT_FIELDS
};

/**
 * struct event - a fault; what is not known is UNKNOWN
 * @number: all that is a number
 * @comm: the vCPU's thread
 * @order: in which it was read, for merge.c
 */
struct event {
	uint64_t number[EVENT_FIELDS];
	char comm[TEXT];
	uint64_t order;
};

struct event_format {
	uint64_t id;
	struct field type;
	struct field number[EVENT_FIELDS];
	struct field comm;
};

bool event_format_read(struct event_format *format, const char *text);
bool event_read(struct event *event, const struct event_format *format,
		const void *record, size_t length);
uint64_t event_end(const struct event *event);

#endif /* KVMFAULT_EVENT_H */
