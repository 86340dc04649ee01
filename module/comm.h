/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The name that a VMM has chosen, in the text files
 */
#ifndef KVMFAULT_COMM_H
#define KVMFAULT_COMM_H

#include <linux/seq_file.h>

/*
 * What could end a line for whoever reads it, or is a command to a terminal; and the
 * character that such bytes are shown with.
 */
#define KVMFAULT_COMM_ESCAPED						\
	"\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017"	\
	"\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036"	\
	"\037\177\\"

/**
 * kvmfault_comm_put() - the last column of a row
 * @file: where to
 * @comm: the name; may be empty
 */
static inline void kvmfault_comm_put(struct seq_file *file, const char *comm)
{
	seq_puts(file, " ");
	seq_escape(file, comm[0] ? comm : "-", KVMFAULT_COMM_ESCAPED);
	seq_puts(file, "\n");
}

#endif /* KVMFAULT_COMM_H */
