/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KVMFAULT_GUEST_OPTIONS_H
#define KVMFAULT_GUEST_OPTIONS_H

#include "work.h"

#define MAX_PARALLEL	256

struct options {
	struct work work;
	uint64_t vms;
	uint64_t parallel;
	bool expect;
	bool map;
	bool where;
	bool hold;
	bool leave;
};

struct options options_parse(int argc, char **argv);

#endif
