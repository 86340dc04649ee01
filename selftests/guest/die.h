/* SPDX-License-Identifier: GPL-2.0 */
/* The ways to end with one sentence on standard error. */
#ifndef KVMFAULT_GUEST_DIE_H
#define KVMFAULT_GUEST_DIE_H

#define EXIT_USAGE	2
#define EXIT_UNABLE	4	/* the kernel selftests' number for a skip */

#define DIES __attribute__((noreturn, format(printf, 1, 2)))

void die(const char *format, ...) DIES;
void die_errno(const char *format, ...) DIES;	/* adds what errno says */
void die_usage(const char *format, ...) DIES;	/* the command line is wrong */
void die_unable(const char *format, ...) DIES;	/* this kernel cannot do it */

#endif
