// SPDX-License-Identifier: GPL-2.0
/* 5.19: an entry of a page table can say that there is nothing but a guard. */
#include <linux/userfaultfd_k.h>

bool probe(pte_t pte);
bool probe(pte_t pte)
{
	return pte_marker_uffd_wp(pte);
}
