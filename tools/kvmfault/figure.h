/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers and text for eyes: three digits that count, and a unit
 */
#ifndef KVMFAULT_FIGURE_H
#define KVMFAULT_FIGURE_H

#include <stdint.h>

#define FIGURE		24

/* Each fills @text, of FIGURE bytes, and returns it. */
const char *figure_count(char *text, uint64_t count);
const char *figure_time(char *text, uint64_t ns);
const char *figure_bytes(char *text, uint64_t bytes);
const char *figure_rate(char *text, double per_second);
const char *figure_share(char *text, double share);

int figure_read_time(uint64_t *ns, const char *text);

void text_printable(char *to, unsigned int room, const char *from);

#endif /* KVMFAULT_FIGURE_H */
