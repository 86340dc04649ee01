// SPDX-License-Identifier: GPL-2.0
/* 5.10: the flags of an irq_work are a word of its own. 5.11 has them in a node. */
#include <linux/irq_work.h>

void probe(struct irq_work *work);
void probe(struct irq_work *work)
{
	atomic_set(&work->flags, IRQ_WORK_HARD_IRQ);
}
