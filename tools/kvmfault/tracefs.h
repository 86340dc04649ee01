/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tracing instance of our own
 *
 * Nobody else's tracing is touched, and it is gone when the client ends,
 * whichever way. What goes wrong ends the program with a sentence.
 */
#ifndef KVMFAULT_TRACEFS_H
#define KVMFAULT_TRACEFS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct tracefs;

struct tracefs *tracefs_open(void);
void tracefs_close(struct tracefs *tracefs);

/* Files of the instance; who asks frees the text. */
char *tracefs_text(struct tracefs *tracefs, const char *file);
void tracefs_write(struct tracefs *tracefs, const char *file, const char *text);
bool tracefs_has(struct tracefs *tracefs, const char *file);

/* Pages: 0 if there is none at the moment. */
unsigned int tracefs_cpus(const struct tracefs *tracefs);
size_t tracefs_page(struct tracefs *tracefs, unsigned int cpu, void *page,
		    size_t size);
uint64_t tracefs_lost(struct tracefs *tracefs);

#endif /* KVMFAULT_TRACEFS_H */
