// SPDX-License-Identifier: GPL-2.0
/* Numbers and text for eyes: three digits that count, and a unit */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"

struct unit {
	const char *name;
	double factor;
};

static const struct unit counts[] = {
	{ "P", 1e15 }, { "T", 1e12 }, { "G", 1e9 }, { "M", 1e6 }, { "k", 1e3 },
	{ "", 1 }, { NULL, 0 },
};

static const struct unit times[] = {
	{ "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "ns", 1 }, { NULL, 0 },
};

static const struct unit sizes[] = {
	{ "G", 1 << 30 }, { "M", 1 << 20 }, { "K", 1 << 10 }, { "B", 1 },
	{ NULL, 0 },
};

/* 999.6 would be printed as 1000: take the larger unit from there on. */
static const char *figure(char *text, double value, const struct unit *unit)
{
	double scaled;

	while (unit[1].name && value < unit->factor * 0.9995)
		unit++;
	scaled = value / unit->factor;
	snprintf(text, FIGURE, "%.*f%s",
		 unit->factor == 1 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2,
		 scaled, unit->name);
	return text;
}

/* Exact as long as it is short. */
const char *figure_count(char *text, uint64_t count)
{
	if (count >= 10000000)
		return figure(text, count, counts);
	snprintf(text, FIGURE, "%llu", (unsigned long long)count);
	return text;
}

const char *figure_time(char *text, uint64_t ns)
{
	return figure(text, ns, times);
}

const char *figure_bytes(char *text, uint64_t bytes)
{
	return figure(text, bytes, sizes);
}

const char *figure_rate(char *text, double per_second)
{
	if (per_second >= 100000)
		return figure(text, per_second, counts);
	snprintf(text, FIGURE, "%.*f",
		 per_second > 0 && per_second < 9.95 ? 1 : 0, per_second);
	return text;
}

const char *figure_share(char *text, double share)
{
	snprintf(text, FIGURE, "%.1f", share * 100);
	return text;
}

/**
 * figure_read_time() - read a time as people write it
 * @ns: the result
 * @text: a number with a unit, or 0
 *
 * Return: 0, or -1 for anything else.
 */
int figure_read_time(uint64_t *ns, const char *text)
{
	const struct unit *unit;
	double value;
	char *end;

	errno = 0;
	value = strtod(text, &end);
	if (end == text || errno || !(value >= 0) || value > 1e9)
		return -1;
	if (value == 0 && !*end) {
		*ns = 0;
		return 0;
	}
	for (unit = times; unit->name; unit++)
		if (!strcmp(end, unit->name)) {
			*ns = llround(value * unit->factor);
			return 0;
		}
	return -1;
}

/* A process may call itself anything; a terminal shall not obey it. */
void text_printable(char *to, unsigned int room, const char *from)
{
	const unsigned char *c;

	for (c = (const unsigned char *)from; *c && room > 4; c++) {
		int used = *c < ' ' || *c >= 0x7f || *c == '\\' ?
			snprintf(to, room, "\\x%02x", *c) :
			snprintf(to, room, "%c", *c);

		to += used;
		room -= used;
	}
	*to = 0;
}
