/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the client ends when it cannot go on: one sentence, and a status
 */
#ifndef KVMFAULT_DIE_H
#define KVMFAULT_DIE_H

/**
 * enum exit_status - what scripts can tell apart; the manual page lists them
 * @EXIT_REFUSED: the kernel refused, or something of the system failed
 * @EXIT_USAGE: the command line makes no sense
 * @EXIT_PERMISSION: it takes CAP_NET_ADMIN
 * @EXIT_NO_MODULE: the module is not loaded, or not to be seen from here
 * @EXIT_NO_VM: there is no such VM
 * @EXIT_VERSION: client and module are of different times
 */
enum exit_status {
	EXIT_REFUSED = 1,
	EXIT_USAGE,
	EXIT_PERMISSION,
	EXIT_NO_MODULE,
	EXIT_NO_VM,
	EXIT_VERSION,
};

#define __noreturn		__attribute__((__noreturn__))
#define __printf(text, args)	__attribute__((__format__(printf, text, args)))

/* Called before the sentence is printed: a full-screen view has to go first. */
extern void (*die_hook)(void);

/* Handed what warn() would print: beside a full-screen view there is no place. */
extern void (*warn_hook)(const char *sentence);

__noreturn __printf(2, 3)
void die(enum exit_status status, const char *format, ...);
__printf(1, 2)
void warn(const char *format, ...);
void *must_alloc(void *memory);

#endif /* KVMFAULT_DIE_H */
