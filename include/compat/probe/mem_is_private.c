// SPDX-License-Identifier: GPL-2.0
/* 6.8: a page has attributes. */
#include <linux/kvm_host.h>

bool probe(struct kvm *kvm);
bool probe(struct kvm *kvm)
{
	return kvm_mem_is_private(kvm, 0);
}
