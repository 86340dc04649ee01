// SPDX-License-Identifier: GPL-2.0
/* The trace event kvmfault:kvmfault_fault: one fault, as it was recorded */
#include "event.h"

static const char *const names[EVENT_FIELDS] = {
	[EVENT_VM] = "vm",
	[EVENT_START] = "start_ns",
	[EVENT_DURATION] = "duration_ns",
	[EVENT_GVA] = "gva",
	[EVENT_RIP] = "rip",
	[EVENT_GPA] = "gpa",
	[EVENT_HVA] = "hva",
	[EVENT_PFN] = "pfn",
	[EVENT_SLOT] = "slot",
	[EVENT_VCPU] = "vcpu",
	[EVENT_PID] = "pid",
	[EVENT_TID] = "common_pid",
	[EVENT_RET] = "ret",
	[EVENT_CLASS] = "class",
	[EVENT_ACCESS] = "access",
	[EVENT_CAUSE] = "cause",
	[EVENT_OUTCOME] = "outcome",
	[EVENT_LEVEL] = "level",
	[EVENT_GUEST] = "guest",
};

/**
 * event_format_read() - learn how this module's event looks
 * @format: the result
 * @text: its format file
 *
 * Return: whether enough of it is there. Another module's may lack fields that
 * are not known then, and have more.
 */
bool event_format_read(struct event_format *format, const char *text)
{
	unsigned int i;

	for (i = 0; i < EVENT_FIELDS; i++)
		format_field(&format->number[i], text, names[i]);
	format_field(&format->comm, text, "comm");
	return format_id(&format->id, text) &&
	       format_field(&format->type, text, "common_type") &&
	       format->number[EVENT_VM].size && format->number[EVENT_START].size &&
	       format->number[EVENT_DURATION].size &&
	       format->number[EVENT_CLASS].size;
}

/* Return: whether it is a fault, and a whole one. */
bool event_read(struct event *event, const struct event_format *format,
		const void *record, size_t length)
{
	unsigned int i;

	if (field_number(&format->type, record, length) != format->id)
		return false;
	for (i = 0; i < EVENT_FIELDS; i++)
		event->number[i] = field_number(&format->number[i], record, length);
	field_text(event->comm, sizeof(event->comm), &format->comm, record, length);
	return event->number[EVENT_VM] != UNKNOWN &&
	       event->number[EVENT_START] != UNKNOWN &&
	       event->number[EVENT_DURATION] != UNKNOWN;
}

/* When it was recorded. */
uint64_t event_end(const struct event *event)
{
	return event->number[EVENT_START] + event->number[EVENT_DURATION];
}
