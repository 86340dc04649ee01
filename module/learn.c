// SPDX-License-Identifier: GPL-2.0
/*
 * What has to be learnt from the first faults: whether there is anything
 */
#include "learn.h"

atomic_t kvmfault_learning = ATOMIC_INIT(KVMFAULT_LEARN_ANY);
DEFINE_STATIC_KEY_TRUE(kvmfault_learn_key);

/**
 * kvmfault_learn_more() - there is something to learn
 * @what: bits of KVMFAULT_LEARN_ANY
 */
void kvmfault_learn_more(int what)
{
	atomic_or(what, &kvmfault_learning);
	static_branch_enable(&kvmfault_learn_key);
}

/**
 * kvmfault_learn_review() - spare handlers the look once all is learnt
 *
 * They take bits away at any time, which is why they cannot do this themselves;
 * bits are added by callers of kvmfault_learn_more() alone.
 */
void kvmfault_learn_review(void)
{
	if (!atomic_read(&kvmfault_learning))
		static_branch_disable(&kvmfault_learn_key);
}
