// SPDX-License-Identifier: GPL-2.0
/* 6.19: the same by another name */
#include <linux/userfaultfd_k.h>

bool probe(pte_t pte);
bool probe(pte_t pte)
{
	return pte_is_uffd_wp_marker(pte);
}
