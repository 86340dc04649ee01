// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault-stamp: how long an access takes, as the guest sees it
 *
 *	kvmfault-stamp [SAMPLES [KIND...]]
 *
 * prints, in ticks of the TSC, a line for each kind of access:
 *
 *	KIND MEDIAN P90 MEAN VALUE:COUNT,...
 *
 * the last of which is all that was measured, the least value first.
 * One vCPU in one VM makes SAMPLES accesses of each kind, one after the other.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

/* The first samples find everything cold, and tracers still learning. */
#define WARM_UP		128UL

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

static void print_all(const uint64_t *sorted, unsigned long count)
{
	unsigned long i, from = 0;

	for (i = 1; i <= count; i++) {
		if (i < count && sorted[i] == sorted[from])
			continue;
		printf("%c%llu:%lu", from ? ',' : ' ',
		       (unsigned long long)sorted[from], i - from);
		from = i;
	}
	putchar('\n');
}

static void report(const char *kind, uint64_t *duration, unsigned long count)
{
	uint64_t sum = 0;
	unsigned long i;

	for (i = 0; i < count; i++)
		sum += duration[i];
	qsort(duration, count, sizeof(*duration), compare);
	printf("%s %llu %llu %llu", kind,
	       (unsigned long long)duration[count / 2],
	       (unsigned long long)duration[count * 9 / 10],
	       (unsigned long long)(sum / count));
	print_all(duration, count);
}

static bool is_wanted(const char *kind, int argc, char **argv)
{
	int i;

	for (i = 2; i < argc; i++)
		if (!strcmp(argv[i], kind))
			return true;
	return argc <= 2;
}

int main(int argc, char **argv)
{
	unsigned long samples = argc > 1 ? strtoul(argv[1], NULL, 0) : 1024;
	struct machine machine;
	enum access access;

	if (samples <= WARM_UP || samples > SAMPLES_MAX) {
		fprintf(stderr, "kvmfault-stamp: %lu to %lu samples\n",
			WARM_UP + 1, SAMPLES_MAX);
		return EXIT_FAILURE;
	}
	machine_make(&machine, samples);
	for (access = 0; access < ACCESSES; access++)
		if (is_wanted(access_name[access], argc, argv))
			report(access_name[access],
			       machine_stamp(&machine, access, samples) + WARM_UP,
			       samples - WARM_UP);
	return EXIT_SUCCESS;
}
