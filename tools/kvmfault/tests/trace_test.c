// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of what reads the trace: formats, pages, records, their order, and how
 * often an address was seen. recorded/ is from kernels.
 */
#include <stdlib.h>
#include <string.h>

#include "../command.h"
#include "../filter.h"
#include "../merge.h"
#include "../ring.h"
#include "../seen.h"
#include "../../../selftests/unit/fuzz.h"
#include "../../../selftests/unit/ktap.h"

#define PAGE		4096
#define HEAD		16

/* events/header_page, by kernel. */
static const struct kernel {
	const char *name;
	const char *header_page;
	unsigned int data;
	unsigned int size;
} kernels[] = {
	{ "5.10 and 6.1",
	  "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	  "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	  "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	  "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n", 16, 4096 },
	{ "6.12",
	  "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	  "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	  "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	  "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n", 16, 4096 },
	{ "7.2 and 7.3",
	  "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	  "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	  "\tfield: char overwrite;\toffset:8;\tsize:1;\tsigned:0;\n"
	  "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n", 16, 4096 },
	{ "one with pages of 64 KiB",
	  "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	  "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	  "\tfield: char data;\toffset:16;\tsize:65520;\tsigned:0;\n", 16, 65536 },
	{ "one of 32 bits",
	  "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	  "\tfield: local_t commit;\toffset:8;\tsize:4;\tsigned:1;\n"
	  "\tfield: char data;\toffset:12;\tsize:4084;\tsigned:0;\n", 12, 4096 },
};

static const char *const bad_header_pages[] = {
	"", "\n\n", "field:", "field:;", "field: local_t commit;",
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n",
	/* No digits, none behind the last one, too many. */
	"\tfield: local_t commit;\toffset:;\tsize:8;\n\tfield: char data;\toffset:16;\tsize:4080;\n",
	"\tfield: local_t commit;\toffset:8;\tsize:8;\n\tfield: char data;\toffset:16;\tsize:",
	"\tfield: local_t commit;\toffset:8;\tsize:8;\n\tfield: char data;\toffset:16;\tsize:99999999999999999999;\n",
	"\tfield: local_t commit;\toffset:-8;\tsize:8;\n\tfield: char data;\toffset:16;\tsize:4080;\n",
	/* Fields that overlap, and one that is no number. */
	"\tfield: local_t commit;\toffset:16;\tsize:8;\n\tfield: char data;\toffset:16;\tsize:4080;\n",
	"\tfield: local_t commit;\toffset:8;\tsize:3;\n\tfield: char data;\toffset:16;\tsize:4080;\n",
	"\tfield: local_t commit;\toffset:8;\tsize:8;\n\tfield: char data;\toffset:16;\tsize:0;\n",
};

static void test_header_pages(void)
{
	struct ring_layout layout;
	unsigned int i;

	for (i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		ktap_eq(ring_layout_read(&layout, kernels[i].header_page), true,
			"%s", kernels[i].name);
		ktap_eq(layout.data, kernels[i].data, "%s: data", kernels[i].name);
		ktap_eq(layout.size, kernels[i].size, "%s: size", kernels[i].name);
		ktap_eq(layout.commit.offset, 8, "%s: commit", kernels[i].name);
	}
	for (i = 0; i < sizeof(bad_header_pages) / sizeof(bad_header_pages[0]); i++)
		ktap_eq(ring_layout_read(&layout, bad_header_pages[i]), false,
			"bad header page %u", i);
}

/* A file of recorded/, with a 0 behind it. */
static char *recorded(const char *name, size_t *length)
{
	char path[256];
	FILE *file;
	char *bytes;

	snprintf(path, sizeof(path), "recorded/%s", name);
	file = fopen(path, "r");
	bytes = calloc(1, PAGE + 1);
	*length = file && bytes ? fread(bytes, 1, PAGE, file) : 0;
	ktap_ge(*length, 1, "%s", path);
	if (file)
		fclose(file);
	return bytes;
}

static struct event_format format_of_6_1(void)
{
	struct event_format format;
	size_t length;
	char *text = recorded("6.1-format", &length);

	ktap_eq(event_format_read(&format, text), true, "the format of 6.1");
	free(text);
	return format;
}

static struct ring_layout layout_of(unsigned int kernel)
{
	struct ring_layout layout;

	ring_layout_read(&layout, kernels[kernel].header_page);
	return layout;
}

static void test_event_format(void)
{
	static const char prefix[] = "name: x\nID: 7\nformat:\n";
	struct event_format format = format_of_6_1();
	struct field field;
	char text[512];

	ktap_eq(format.id, 1447, "ID");
	ktap_eq(format.number[EVENT_PID].offset, 80, "pid, not common_pid");
	ktap_eq(format.number[EVENT_TID].offset, 4, "common_pid");
	ktap_eq(format.number[EVENT_LEVEL].size, 1, "level");
	ktap_eq(format.comm.size, 16, "comm");
	ktap_eq(format.comm.is_array, true, "comm");

	ktap_eq(event_format_read(&format, ""), false, "nothing");
	ktap_eq(event_format_read(&format, prefix), false, "no fields");
	ktap_eq(format_field(&field, "field:__data_loc char[] comm;\toffset:8;\tsize:4;", "comm"),
		true, "a text that lies elsewhere");
	ktap_eq(field.is_array, false, "its place is no text");
	ktap_eq(format_field(&field, "field:char xcomm[4];\toffset:8;\tsize:4;", "comm"),
		false, "the end of a name");
	ktap_eq(format_field(&field, "field:char x[comm];\toffset:8;\tsize:4;", "comm"),
		false, "a size");
	ktap_eq(format_field(&field, "field:char];\toffset:8;\tsize:4;", "char"),
		false, "half a bracket");

	/* A module of other times: without addresses, with something new. */
	snprintf(text, sizeof(text), "%s%s", prefix,
		 "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
		 "\tfield:u64 vm;\toffset:8;\tsize:8;\tsigned:0;\n"
		 "\tfield:u64 weather;\toffset:16;\tsize:8;\tsigned:0;\n"
		 "\tfield:u64 start_ns;\toffset:24;\tsize:8;\tsigned:0;\n"
		 "\tfield:u64 duration_ns;\toffset:32;\tsize:8;\tsigned:0;\n"
		 "\tfield:u8 class;\toffset:40;\tsize:1;\tsigned:0;\n");
	ktap_eq(event_format_read(&format, text), true, "what is needed");
	ktap_eq(format.number[EVENT_GPA].size, 0, "no address");
}

/* What is in a page: how many faults, and of which class the last was. */
static unsigned int count_events(const struct ring_layout *layout,
				 const struct event_format *format,
				 const void *bytes, size_t length,
				 struct ring_page *page, struct event *last)
{
	unsigned int events = 0;
	const void *record;
	size_t size;

	ring_begin(page, layout, bytes, length);
	while ((record = ring_next(page, &size)))
		events += event_read(last, format, record, size);
	return events;
}

static void test_recorded_page(void)
{
	struct event_format format = format_of_6_1();
	struct ring_layout layout = layout_of(0);
	struct ring_page page;
	struct event last;
	size_t length;
	char *bytes = recorded("6.1-page", &length);

	ktap_eq(count_events(&layout, &format, bytes, length, &page, &last), 26,
		"faults");
	ktap_eq(page.missed, 0, "missed");
	ktap_eq(page.broken, false, "broken");
	ktap_eq(last.number[EVENT_CLASS], KVMFAULT_FAULT_CLASS_MISCONFIG, "class");
	ktap_eq(last.number[EVENT_GPA], 0x400000, "gpa");
	ktap_eq(last.number[EVENT_HVA], UNKNOWN, "hva");
	ktap_eq(last.number[EVENT_SLOT], UNKNOWN, "slot -1");
	ktap_eq(strcmp(last.comm, "vcpu 0"), 0, "comm is '%s'", last.comm);
	free(bytes);

	bytes = recorded("6.1-page-lost", &length);
	ktap_eq(count_events(&layout, &format, bytes, length, &page, &last), 35,
		"faults");
	ktap_eq(page.missed, 350, "missed");
	ktap_eq(page.broken, false, "broken");
	free(bytes);
}

static void put32(unsigned char *bytes, size_t *at, uint32_t word)
{
	memcpy(bytes + *at, &word, sizeof(word));
	*at += sizeof(word);
}

static void put_data(unsigned char *bytes, size_t *at, unsigned int type,
		     size_t length, unsigned char content)
{
	put32(bytes, at, 3 << 5 | type);
	if (type == 0 || type == 29)
		put32(bytes, at, length + 4);
	memset(bytes + *at, content, length);
	*at += (length + 3) & ~(size_t)3;
}

static void set_commit(unsigned char *bytes, uint64_t commit)
{
	memcpy(bytes + 8, &commit, sizeof(commit));
}

static void test_all_records(void)
{
	struct ring_layout layout = layout_of(0);
	unsigned char bytes[PAGE] = { 0 };
	const unsigned char *record;
	struct ring_page page;
	size_t at = HEAD, length;

	put_data(bytes, &at, 3, 12, 'a');
	put32(bytes, &at, 1 << 5 | 30);		/* time extend */
	put32(bytes, &at, 77);
	put_data(bytes, &at, 29, 16, 'x');	/* taken back */
	put_data(bytes, &at, 0, 200, 'b');
	put32(bytes, &at, 5 << 5 | 31);		/* time stamp */
	put32(bytes, &at, 1);
	put_data(bytes, &at, 0, 5, 'c');
	put_data(bytes, &at, 28, 112, 'd');
	set_commit(bytes, at - HEAD + 40);
	put32(bytes, &at, 29);			/* the rest is padding */
	memset(bytes + at, 0xff, 36);

	ring_begin(&page, &layout, bytes, sizeof(bytes));
	record = ring_next(&page, &length);
	ktap_eq(length, 12, "a");
	ktap_eq(record[0], 'a', "a");
	record = ring_next(&page, &length);
	ktap_eq(length, 200, "b");
	ktap_eq(record[199], 'b', "b");
	record = ring_next(&page, &length);
	ktap_eq(length, 5, "c");
	ktap_eq(record[4], 'c', "c");
	record = ring_next(&page, &length);
	ktap_eq(length, 112, "d");
	ktap_eq(record[111], 'd', "d");
	ktap_eq(!ring_next(&page, &length), true, "no more");
	ktap_eq(!ring_next(&page, &length), true, "nor again");
	ktap_eq(page.broken, false, "broken");
}

static void test_missed(void)
{
	struct ring_layout layout = layout_of(0);
	unsigned char bytes[PAGE] = { 0 };
	struct ring_page page;
	size_t at = HEAD;
	uint64_t missed = 123456789012;

	put_data(bytes, &at, 3, 12, 'a');
	set_commit(bytes, (at - HEAD) | 3ULL << 30);
	memcpy(bytes + at, &missed, sizeof(missed));
	ring_begin(&page, &layout, bytes, sizeof(bytes));
	ktap_eq(page.missed, missed, "with a number");
	/* The kernel's int has its sign extended. */
	set_commit(bytes, (at - HEAD) | 0xffffffffc0000000ULL);
	ring_begin(&page, &layout, bytes, sizeof(bytes));
	ktap_eq(page.missed, missed, "with a sign");
	ktap_eq(page.end - page.at, 16, "what is in use");
	set_commit(bytes, (at - HEAD) | 1ULL << 31);
	ring_begin(&page, &layout, bytes, sizeof(bytes));
	ktap_eq(page.missed, 1, "without a number");
	set_commit(bytes, (PAGE - HEAD - 4) | 3ULL << 30);
	ring_begin(&page, &layout, bytes, sizeof(bytes));
	ktap_eq(page.missed, 1, "without room for it");
}

/* Each way of a page to be wrong; what was before that is read. */
static void test_wrong_pages(void)
{
	struct ring_layout layout = layout_of(0);
	unsigned char bytes[PAGE] = { 0 };
	struct ring_page page;
	size_t at = HEAD, length, cut;

	put_data(bytes, &at, 3, 12, 'a');
	put_data(bytes, &at, 0, 64, 'b');
	set_commit(bytes, at - HEAD);
	for (cut = 0; cut < at; cut++) {
		unsigned char *part = malloc(cut ? cut : 1);
		unsigned int records = 0;

		memcpy(part, bytes, cut);
		ring_begin(&page, &layout, part, cut);
		while (ring_next(&page, &length))
			records++;
		ktap_eq(page.broken, true, "%zu bytes", cut);
		ktap_eq(records, cut >= HEAD + 16, "%zu bytes", cut);
		free(part);
	}

	put32(bytes, &at, 3 << 5);		/* a length of nothing */
	put32(bytes, &at, 0);
	set_commit(bytes, at - HEAD);
	ring_begin(&page, &layout, bytes, sizeof(bytes));
	while (ring_next(&page, &length))
		;
	ktap_eq(page.broken, true, "no length");

	set_commit(bytes, (1 << 27) - 1);
	ring_begin(&page, &layout, bytes, sizeof(bytes));
	ktap_eq(page.broken, true, "more in use than there is");
}

/* Whatever comes: nothing outside is read, which a sanitizer sees; and it ends. */
static void test_any_page(void)
{
	unsigned long round, rounds = fuzz_rounds(20000);
	struct event_format format = format_of_6_1();
	struct ring_layout layout;
	struct ring_page page;
	struct event event;
	unsigned int i;
	size_t length;

	fuzz_start();
	for (round = 0; round < rounds; round++) {
		unsigned char *bytes;

		layout = layout_of(fuzz_below(5));
		length = fuzz_below(256) + fuzz_below(2) * 3840;
		bytes = malloc(length + 1);
		for (i = 0; i < length; i++)
			bytes[i] = fuzz_below(4) ? fuzz_below(32) : fuzz_u64();
		if (length > 16 && fuzz_below(2))
			set_commit(bytes, fuzz_below(length));
		ktap_le(count_events(&layout, &format, bytes, length, &page, &event),
			length / 4, "faults in %zu bytes", length);
		free(bytes);
	}
}

static void test_any_format(void)
{
	unsigned long round, rounds = fuzz_rounds(20000);
	char *good, *text, record[128] = { 0 };
	struct event_format format;
	struct event event;
	size_t length, cut;

	fuzz_start();
	good = recorded("6.1-format", &length);
	for (round = 0; round < rounds; round++) {
		cut = fuzz_below(length) + 1;
		text = malloc(cut + 1);
		memcpy(text, good, cut);
		text[cut] = 0;
		while (fuzz_below(8))
			text[fuzz_below(cut)] = "0123456789:;[]\nfield"[fuzz_below(20)];
		if (event_format_read(&format, text))
			event_read(&event, &format, record, fuzz_below(sizeof(record)));
		ktap_eq(strlen(text) <= cut, true, "it is as it was");
		free(text);
	}
	free(good);
}

static void test_short_records(void)
{
	struct event_format format = format_of_6_1();
	unsigned char *record;
	struct event event;
	size_t length;

	for (length = 0; length <= 109; length++) {
		record = calloc(1, length + 1);
		if (length >= 2)
			memcpy(record, &(uint16_t){ 1447 }, 2);
		/* Without a text there is no name, and no more is missing. */
		ktap_eq(event_read(&event, &format, record, length), length >= 32,
			"%zu bytes", length);
		if (length >= 32)
			ktap_eq(event.number[EVENT_GPA], length >= 56 ? 0 : UNKNOWN,
				"%zu bytes: gpa", length);
		free(record);
	}
	record = calloc(1, 109);
	memcpy(record, &(uint16_t){ 1447 }, 2);
	memset(record + 93, 'x', 16);
	event_read(&event, &format, record, 109);
	ktap_eq(strlen(event.comm), 16, "a name without an end");
	memcpy(record, &(uint16_t){ 1448 }, 2);
	ktap_eq(event_read(&event, &format, record, 109), false, "another event");
	free(record);
}

static void add(struct merge *merge, uint64_t start, uint64_t duration,
		uint64_t vm)
{
	struct event *event = merge_add(merge);

	event->number[EVENT_START] = start;
	event->number[EVENT_DURATION] = duration;
	event->number[EVENT_VM] = vm;
}

static void test_merge(void)
{
	static const uint64_t wanted[] = { 4, 1, 2, 5, 3 };
	struct merge merge = MERGE;
	const struct event *event;
	unsigned int i = 0;

	ktap_eq(merge_until(&merge, UINT64_MAX), 0, "nothing");
	/* A CPU, and another; two faults end at once. */
	add(&merge, 100, 20, 1);
	add(&merge, 90, 40, 2);
	add(&merge, 140, 60, 3);
	add(&merge, 10, 5, 4);
	add(&merge, 120, 10, 5);
	add(&merge, 0, 0, 6);
	merge_undo(&merge);
	ktap_eq(merge_until(&merge, 14), 0, "before all");
	ktap_eq(merge_until(&merge, 130), 4, "until 130");
	event = merge.events.row;
	for (i = 0; i < 5; i++)
		ktap_eq(event[i].number[EVENT_VM], wanted[i], "place %u", i);
	merge_drop(&merge, 4);
	ktap_eq(merge.events.nr, 1, "what waits");
	add(&merge, 130, 1, 7);
	ktap_eq(merge_until(&merge, 199), 1, "one that is late");
	ktap_eq(merge_until(&merge, 200), 2, "and the last");
	event = merge.events.row;
	ktap_eq(event[1].number[EVENT_VM], 3, "the last");
	merge_free(&merge);
}

#define MANY	20011

static void test_seen(void)
{
	struct seen seen;
	uint64_t i, round;

	seen_init(&seen, 1 << 20);
	for (round = 1; round <= 3; round++)
		for (i = 0; i < MANY; i++) {
			ktap_eq(seen_count(&seen, 1, i << 12 | 8), round, "page %llu",
				(unsigned long long)i);
			ktap_eq(seen_count(&seen, 2, i << 12), 2 * round - 1,
				"another VM");
			ktap_eq(seen_count(&seen, 2, i << 12 | 0xfff), 2 * round,
				"the same page");
		}
	ktap_eq(seen.nr, 2 * MANY, "pages");
	ktap_eq(seen.full, false, "full");
	ktap_eq(seen_count(&seen, 1, UNKNOWN), UNKNOWN, "no address");
	ktap_eq(seen_count(&seen, 1ULL << 32, 0), UNKNOWN, "no such VM");
	seen_free(&seen);

	/* What is known goes on; what is new is not known to be. */
	seen_init(&seen, 1000);
	for (i = 0; i < MANY; i++)
		ktap_eq(seen_count(&seen, 1, i << 12), i < 1000 ? 1 : UNKNOWN,
			"page %llu of 1000", (unsigned long long)i);
	ktap_eq(seen.full, true, "full");
	ktap_eq(seen.nr, 1000, "pages");
	for (i = 0; i < 1000; i++)
		ktap_eq(seen_count(&seen, 1, i << 12), 2, "page %llu",
			(unsigned long long)i);
	seen_free(&seen);
}

static void check_filter(const struct rows *vms, const struct options *options,
			 const char *wanted)
{
	char text[FILTER];

	filter_text(text, vms, options);
	ktap_eq(strcmp(text, wanted), 0, "'%s', not '%s'", text, wanted);
}

static void test_filter(void)
{
	struct options options = { .class = UNKNOWN, .access = UNKNOWN };
	struct rows vms = ROWS(struct vm);
	struct event event;
	char text[FILTER];
	unsigned int i;

	check_filter(&vms, &options, "class < 2");
	options.class = KVMFAULT_FAULT_CLASS_TDP;
	options.access = KVMFAULT_FAULT_ACCESS_WRITE;
	options.min_ns = 12345;
	check_filter(&vms, &options,
		     "class == 2 && access == 2 && duration_ns >= 12345");
	((struct vm *)rows_add(&vms))->id = 3;
	check_filter(&vms, &options,
		     "class == 2 && access == 2 && duration_ns >= 12345 && (vm == 3)");
	((struct vm *)rows_add(&vms))->id = 4000000000;
	options = (struct options){ .class = UNKNOWN, .access = UNKNOWN };
	check_filter(&vms, &options, "class < 2 && (vm == 3 || vm == 4000000000)");
	event.number[EVENT_VM] = 3;
	ktap_eq(filter_wants(&event, &vms), true, "VM 3");
	event.number[EVENT_VM] = 4;
	ktap_eq(filter_wants(&event, &vms), false, "VM 4");

	/* As many as there is room for, and then none, whatever comes. */
	options.class = KVMFAULT_FAULT_CLASS_TDP;
	options.access = KVMFAULT_FAULT_ACCESS_WRITE;
	options.min_ns = UINT64_MAX - 1;
	for (i = 0; i < 600; i++) {
		((struct vm *)rows_add(&vms))->id = i + 1000000;
		filter_text(text, &vms, &options);
		ktap_le(strlen(text), FILTER - 1, "%u VMs", i);
		ktap_eq(text[strlen(text) - 1] == ')', !!strchr(text, '('),
			"%u VMs: it is whole", i);
	}
	ktap_eq(!strchr(text, '('), true, "too many");
	rows_free(&vms);
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "header pages of several kernels, and bad ones", test_header_pages },
		{ "the event's format", test_event_format },
		{ "any format", test_any_format },
		{ "a recorded page", test_recorded_page },
		{ "records of all kinds", test_all_records },
		{ "missed records", test_missed },
		{ "wrong pages", test_wrong_pages },
		{ "any page", test_any_page },
		{ "short records", test_short_records },
		{ "the order of several CPUs", test_merge },
		{ "how often a page was seen", test_seen },
		{ "the kernel's filter", test_filter },
	};

	return KTAP_RUN(tests);
}
