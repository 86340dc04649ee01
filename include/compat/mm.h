/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page tables of the host, as kernels differ in them
 */
#ifndef KVMFAULT_COMPAT_MM_H
#define KVMFAULT_COMPAT_MM_H

#include <linux/mm.h>
#include <linux/userfaultfd_k.h>

#include <compat/config.h>

/* Is there nothing but the word that userfaultfd is to be told of a write? */
static inline bool kvmfault_pte_is_guarded(pte_t pte)
{
#if defined(HAVE_PTE_IS_UFFD_WP_MARKER)
	return pte_is_uffd_wp_marker(pte);
#elif defined(HAVE_PTE_MARKER_UFFD_WP)
	return pte_marker_uffd_wp(pte);
#else
	return false;
#endif
}

#endif /* KVMFAULT_COMPAT_MM_H */
