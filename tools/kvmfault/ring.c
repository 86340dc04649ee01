// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of the kernel's ring buffer, as trace_pipe_raw hands them out
 *
 * A page has a head, which events/header_page describes, and records. A record
 * begins with a word: five bits of type or length, and 27 of time, which nobody
 * asks for here, because faults carry their own.
 */
#include <string.h>

#include "model.h"
#include "ring.h"

#define LARGEST_PAGE	(1 << 20)

/* In the word that says how much is in use: records before it are gone, and how
 * many is said behind the last one.
 */
#define COMMIT_MISSED	(1UL << 31)
#define COMMIT_STORED	(1UL << 30)
#define COMMIT_LENGTH	((1UL << 27) - 1)

/* Types of records; below them it is the length in words of four bytes. */
#define TYPE_BITS	5
#define TYPE_LONG	0
#define TYPE_PADDING	29
#define TYPE_EXTEND	30
#define TYPE_STAMP	31

#define WORD		4

bool ring_layout_read(struct ring_layout *layout, const char *text)
{
	struct field data;

	if (!format_field(&layout->commit, text, "commit") ||
	    !format_field(&data, text, "data"))
		return false;
	layout->data = data.offset;
	layout->size = data.offset + data.size;
	return data.size && layout->size <= LARGEST_PAGE &&
	       (layout->commit.size == 4 || layout->commit.size == 8) &&
	       layout->commit.offset + layout->commit.size <= data.offset;
}

/* Without a number, there was at least one. */
static uint64_t missed_of(uint64_t commit, const struct ring_page *page,
			  size_t room, size_t size)
{
	uint64_t missed = 0;

	if (!(commit & COMMIT_MISSED))
		return 0;
	if (commit & COMMIT_STORED && room >= size)
		memcpy(&missed, page->end, size);
	return missed ? missed : 1;
}

/**
 * ring_begin() - read a page
 * @page: the place in it
 * @layout: of pages
 * @bytes: the page
 * @length: how much of it was read
 */
void ring_begin(struct ring_page *page, const struct ring_layout *layout,
		const void *bytes, size_t length)
{
	uint64_t commit = field_number(&layout->commit, bytes, length);
	size_t used = commit & COMMIT_LENGTH, room;

	*page = (struct ring_page){ .at = bytes, .end = bytes, .broken = true };
	if (length < layout->data || commit == UNKNOWN)
		return;
	room = length - layout->data;
	page->broken = used > room;
	if (used > room)
		used = room;
	page->at = (const unsigned char *)bytes + layout->data;
	page->end = page->at + used;
	page->missed = missed_of(commit, page, room - used, layout->commit.size);
}

static uint32_t word_at(const unsigned char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* The length of what follows the first word; 0 if that makes no sense. */
static size_t body_of(const struct ring_page *page, unsigned int type)
{
	size_t left = page->end - page->at - WORD;
	size_t body;

	switch (type) {
	case TYPE_EXTEND:
	case TYPE_STAMP:
		body = WORD;
		break;
	case TYPE_LONG:
	case TYPE_PADDING:
		body = left >= WORD ? word_at(page->at + WORD) : 0;
		/* It counts itself, and the next record begins at a word. */
		if (body < WORD || body > left)
			return 0;
		body = (body + WORD - 1) & ~(size_t)(WORD - 1);
		break;
	default:
		body = type * WORD;
		break;
	}
	return body <= left ? body : 0;
}

/* Padding without a time fills the rest of the page. */
static bool is_last(uint32_t word)
{
	return word == TYPE_PADDING;
}

/**
 * ring_next() - the next record of a page
 * @page: the place in it
 * @length: of the record
 *
 * Return: the record, or NULL if there is none any more.
 */
const void *ring_next(struct ring_page *page, size_t *length)
{
	const unsigned char *record;
	unsigned int type;
	uint32_t word;
	size_t body;

	while (page->end - page->at >= WORD) {
		word = word_at(page->at);
		type = word & ((1 << TYPE_BITS) - 1);
		if (is_last(word))
			break;
		body = body_of(page, type);
		if (!body) {
			page->broken = true;
			break;
		}
		record = page->at + WORD;
		page->at = record + body;
		if (type >= TYPE_PADDING)
			continue;
		if (type != TYPE_LONG) {
			*length = body;
			return record;
		}
		*length = word_at(record) - WORD;
		return record + WORD;
	}
	page->at = page->end;
	return NULL;
}
