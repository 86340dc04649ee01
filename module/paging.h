/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which paging KVM runs guests with
 */
#ifndef KVMFAULT_PAGING_H
#define KVMFAULT_PAGING_H

#include <linux/types.h>

/**
 * enum kvmfault_paging - a paging that a function has something to do with
 * @KVMFAULT_PAGING_ANY: whichever it is
 * @KVMFAULT_PAGING_TDP: two-dimensional
 * @KVMFAULT_PAGING_SHADOW: shadow, with ept=0 or npt=0
 */
enum kvmfault_paging {
	KVMFAULT_PAGING_ANY,
	KVMFAULT_PAGING_TDP,
	KVMFAULT_PAGING_SHADOW
};

/* In process context. */
bool kvmfault_paging_may_be(enum kvmfault_paging paging);

#endif /* KVMFAULT_PAGING_H */
