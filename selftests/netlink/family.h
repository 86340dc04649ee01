/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the netlink family kvmfault says and takes, as tables made from its spec.
 */
#ifndef KVMFAULT_SELFTESTS_FAMILY_H
#define KVMFAULT_SELFTESTS_FAMILY_H

#include <linux/kvmfault.h>
#include <stdbool.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

enum type { TYPE_U32 = 1, TYPE_U64, TYPE_STRING, TYPE_NEST };

struct attribute {
	const char *name;
	enum type type;
	const char *const *values;
	const struct attribute *nested;
};

/* What a request may have ends with 0, which is no attribute. */
struct operation {
	const char *name;
	const struct attribute *set;
	bool may_do;
	bool may_dump;
	unsigned char takes[16];
};

#include "names.h"

#endif /* KVMFAULT_SELFTESTS_FAMILY_H */
