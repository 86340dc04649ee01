/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The name that a VMM has chosen, in the text files
 */
#ifndef KVMFAULT_COMM_H
#define KVMFAULT_COMM_H

#include <linux/seq_file.h>

/*
 * What could end a line for whoever reads it, or is a command to a terminal; and the
 * character that such bytes are shown with. In UTF-8, too, bytes above 0x7f can be
 * either.
 */
#define KVMFAULT_COMM_ESCAPED						\
	"\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017"	\
	"\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036"	\
	"\037\177\\"								\
	"\200\201\202\203\204\205\206\207\210\211\212\213\214\215\216\217"	\
	"\220\221\222\223\224\225\226\227\230\231\232\233\234\235\236\237"	\
	"\240\241\242\243\244\245\246\247\250\251\252\253\254\255\256\257"	\
	"\260\261\262\263\264\265\266\267\270\271\272\273\274\275\276\277"	\
	"\300\301\302\303\304\305\306\307\310\311\312\313\314\315\316\317"	\
	"\320\321\322\323\324\325\326\327\330\331\332\333\334\335\336\337"	\
	"\340\341\342\343\344\345\346\347\350\351\352\353\354\355\356\357"	\
	"\360\361\362\363\364\365\366\367\370\371\372\373\374\375\376\377"

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
