// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault faults --follow: every fault as it happens
 *
 * Through the trace event, from the kernel's per-CPU buffers, page by page and
 * binary. They are looked at from time to time instead of waited for: somebody
 * who waits has to be woken up by the vCPU that faults.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "die.h"
#include "filter.h"
#include "merge.h"
#include "ring.h"
#include "row.h"
#include "seen.h"
#include "tracefs.h"

#define EVENT_DIR	"events/kvmfault/kvmfault_fault/"

/* Between two looks. */
#define PAUSE_NS	50000000

/* At most, of a CPU, before the next one's turn. */
#define MOST_PAGES	1024

/* A fault is stamped just before it is in the buffer. */
#define SLACK_NS	10000000

/* The default buffer: what the kernel would take, but no more for all CPUs. */
#define BUFFER_KB	1408
#define BUFFERS_KB	65536
#define BUFFER_MIN_KB	64

/**
 * struct follow - a session of following
 * @options: the options
 * @tracefs: where from
 * @vms: the VMs that are wanted; none for all
 * @layout: of pages
 * @format: of records
 * @page: room for one
 * @merge: what is not shown yet
 * @seen: how often pages were
 * @pages: how many were read
 * @shown: how many faults were shown
 * @missed: how many the pages say were overwritten
 * @broken: how many pages made no sense
 */
struct follow {
	const struct options *options;
	struct tracefs *tracefs;
	struct rows vms;
	struct ring_layout layout;
	struct event_format format;
	void *page;
	struct merge merge;
	struct seen seen;
	unsigned long pages;
	unsigned long shown;
	uint64_t missed;
	unsigned long broken;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* The instance has to go, whatever ends us; of a closed pipe ferror() tells. */
static void catch_signals(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = stop };
	unsigned int i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaction(ends[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static void pause_ns(uint64_t ns)
{
	struct timespec time = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };

	nanosleep(&time, NULL);
}

static void read_formats(struct follow *follow)
{
	char *text = tracefs_text(follow->tracefs, "events/header_page");

	if (!ring_layout_read(&follow->layout, text))
		die(EXIT_VERSION, "this kernel's trace buffers are of another kind");
	free(text);

	text = tracefs_text(follow->tracefs, EVENT_DIR "format");
	if (!event_format_read(&follow->format, text))
		die(EXIT_VERSION,
		    "the module's trace event is not as this client knows it");
	free(text);
	follow->page = must_alloc(malloc(follow->layout.size));
}

static void set_buffer(struct follow *follow)
{
	unsigned long kb = follow->options->buffer_kb;
	char text[32];

	if (!kb) {
		kb = BUFFERS_KB / tracefs_cpus(follow->tracefs);
		kb = kb > BUFFER_KB ? BUFFER_KB : kb;
		kb = kb < BUFFER_MIN_KB ? BUFFER_MIN_KB : kb;
	}
	snprintf(text, sizeof(text), "%lu", kb);
	tracefs_write(follow->tracefs, "buffer_size_kb", text);
}

static bool has_event(const struct follow *follow)
{
	return tracefs_has(follow->tracefs, EVENT_DIR "enable");
}

static void begin(struct follow *follow)
{
	char filter[FILTER];

	follow->tracefs = tracefs_open();
	if (!has_event(follow))
		die(EXIT_NO_MODULE,
		    "the kvmfault module is not loaded, or has no trace event");
	read_formats(follow);
	set_buffer(follow);
	filter_text(filter, &follow->vms, follow->options);
	tracefs_write(follow->tracefs, EVENT_DIR "filter", filter);
	tracefs_write(follow->tracefs, EVENT_DIR "enable", "1");
}

static void take_page(struct follow *follow, size_t length)
{
	struct ring_page page;
	struct event *event;
	const void *record;
	size_t size;

	ring_begin(&page, &follow->layout, follow->page, length);
	follow->pages++;
	follow->missed += page.missed;
	while ((record = ring_next(&page, &size))) {
		event = merge_add(&follow->merge);
		if (!event_read(event, &follow->format, record, size) ||
		    !filter_wants(event, &follow->vms))
			merge_undo(&follow->merge);
	}
	follow->broken += page.broken;
}

/*
 * What a CPU has; but one that faults faster than we read must not keep us.
 *
 * Return: until when all of its faults are known: if it has no more, until @now.
 */
static uint64_t take_cpu(struct follow *follow, unsigned int cpu, uint64_t now)
{
	unsigned int left = MOST_PAGES;
	size_t before = follow->merge.events.nr, length;

	do {
		length = tracefs_page(follow->tracefs, cpu, follow->page,
				      follow->layout.size);
		if (!length)
			return now;
		take_page(follow, length);
	} while (--left);

	if (follow->merge.events.nr == before)
		return 0;
	return event_end(rows_last(&follow->merge.events));
}

/* Return: until when all faults were read. */
static uint64_t take(struct follow *follow)
{
	uint64_t now = now_ns() - SLACK_NS, until = now, known;
	unsigned int cpu;

	for (cpu = 0; cpu < tracefs_cpus(follow->tracefs); cpu++) {
		known = take_cpu(follow, cpu, now);
		until = known < until ? known : until;
	}
	return until;
}

static bool is_enough(const struct follow *follow)
{
	return follow->options->count && follow->shown >= follow->options->count;
}

static void show(struct follow *follow, uint64_t until)
{
	size_t nr = merge_until(&follow->merge, until), i;
	const struct event *event = follow->merge.events.row;
	uint64_t count;

	for (i = 0; i < nr && !is_enough(follow); i++, event++) {
		count = seen_count(&follow->seen, event->number[EVENT_VM],
				   event->number[EVENT_GPA]);
		if (follow->options->json)
			row_json(event, count);
		else
			row_print(event, count);
		follow->shown++;
	}
	fflush(stdout);
	merge_drop(&follow->merge, nr);
}

static void follow_on(struct follow *follow)
{
	uint64_t end = UINT64_MAX;
	unsigned long before;

	if (follow->options->duration)
		end = now_ns() + follow->options->duration * 1e9;

	while (!stopped && !is_enough(follow) && !ferror(stdout) &&
	       now_ns() < end && has_event(follow)) {
		before = follow->pages;
		show(follow, take(follow));
		/* Where much came, more has come meanwhile. */
		if (follow->pages - before <= 8 * tracefs_cpus(follow->tracefs))
			pause_ns(PAUSE_NS);
	}
}

static void tell_end(const struct follow *follow)
{
	uint64_t lost = tracefs_lost(follow->tracefs);

	if (lost < follow->missed)
		lost = follow->missed;
	warn("%lu fault%s, %llu lost%s", follow->shown, follow->shown == 1 ? "" : "s",
	     (unsigned long long)lost,
	     lost ? ", which came faster than they were read: --buffer makes room" : "");
	if (follow->seen.full)
		warn("%zu pages were counted, and there was no room for more: their COUNT is -",
		     follow->seen.nr);
	if (follow->broken)
		warn("%lu pages of the trace made no sense from some record on",
		     follow->broken);
}

/* What is in the buffers is from before the event was switched off. */
static void take_rest(struct follow *follow)
{
	unsigned long before;

	if (has_event(follow))
		tracefs_write(follow->tracefs, EVENT_DIR "enable", "0");
	do {
		before = follow->pages;
		take(follow);
	} while (follow->pages != before);
	show(follow, UINT64_MAX);
}

static void end(struct follow *follow)
{
	bool unloaded = !has_event(follow);

	take_rest(follow);
	tell_end(follow);
	tracefs_close(follow->tracefs);
	if (unloaded)
		die(EXIT_NO_MODULE,
		    "the kvmfault module was unloaded, and took with it what was not read");
	merge_free(&follow->merge);
	seen_free(&follow->seen);
	rows_free(&follow->vms);
	free(follow->page);
}

void follow_command(struct nl *nl, const struct options *options)
{
	struct follow follow = { .options = options, .merge = MERGE };
	struct wanted wanted;

	pick(nl, &follow.vms, &wanted, options);
	seen_init(&follow.seen, SEEN_LIMIT);
	catch_signals();
	begin(&follow);
	if (!options->json)
		row_head();
	follow_on(&follow);
	end(&follow);
	if (ferror(stdout))
		exit(EXIT_REFUSED);
}
