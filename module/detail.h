/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is kept of faults beside counts, and costs: off unless somebody wants it
 */
#ifndef KVMFAULT_DETAIL_H
#define KVMFAULT_DETAIL_H

#include <linux/types.h>

/**
 * struct kvmfault_detail - something that is switched on and off
 * @name: of the parameter, the setting and the file
 * @look: its bit of look.h
 * @begin: gets the memory; returns 0 or an errno
 * @end: gives it back; no handler looks any more
 * @wanted: what it shall be once the module is loaded
 * @on: what it is
 */
struct kvmfault_detail {
	const char *name;
	int look;
	int (*begin)(void);
	void (*end)(void);
	bool wanted;
	bool on;
};

int kvmfault_detail_init(void);
void kvmfault_detail_exit(void);

/* In process context. */
int kvmfault_detail_switch(struct kvmfault_detail *detail, bool on);

/* Anywhere. */
bool kvmfault_detail_is_on(const struct kvmfault_detail *detail);

#endif /* KVMFAULT_DETAIL_H */
