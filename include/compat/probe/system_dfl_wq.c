// SPDX-License-Identifier: GPL-2.0
/* 6.17, and later ones of 6.12: a workqueue has got its new name. */
#include <linux/workqueue.h>

struct workqueue_struct *probe(void);
struct workqueue_struct *probe(void)
{
	return system_dfl_wq;
}
