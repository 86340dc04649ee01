/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the user asked for
 */
#ifndef KVMFAULT_OPTIONS_H
#define KVMFAULT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct options - the command line, taken apart
 * @json: print JSON
 * @pretty: with line breaks
 * @raw: plain numbers, without units
 * @f: of --full and --follow the one that suits the command
 * @full: histograms with every bucket
 * @follow: every fault as it happens
 * @prometheus: export in its text format
 * @follow_time: monitor says when
 * @vm: a number, a process or a name; NULL for all
 * @class: UNKNOWN for all
 * @access: UNKNOWN for all; of follow, as the next three
 * @min_ns: how long a fault takes at least
 * @duration: for how many seconds; 0 for no end
 * @buffer_kb: of each CPU; 0 for the default
 * @hva: translate an address of the VMM
 * @gva: translate an address of this vCPU; NULL if not
 * @output: a file to write to
 * @interval: seconds between two looks; 0 for what there is since the start
 * @count: how many reports or lines; 0 for no end
 * @argc: the number of words after the command
 * @argv: these
 */
struct options {
	bool json;
	bool pretty;
	bool raw;
	bool f;
	bool full;
	bool follow;
	bool prometheus;
	bool follow_time;
	const char *vm;
	uint64_t class;
	uint64_t access;
	uint64_t min_ns;
	double duration;
	unsigned long buffer_kb;
	bool hva;
	const char *gva;
	const char *output;
	double interval;
	unsigned long count;
	int argc;
	char **argv;
};

#endif /* KVMFAULT_OPTIONS_H */
