/* SPDX-License-Identifier: GPL-2.0 */
/* Faults of known length: pages that a thread of the VMM fills after a delay. */
#ifndef KVMFAULT_GUEST_SLOW_H
#define KVMFAULT_GUEST_SLOW_H

#include <pthread.h>
#include <stdint.h>

/*
 * Two brackets around each slow fault. "answer" runs from reading its message to
 * just before the answer and lies inside the fault; "run" is the KVM_RUN that
 * took it and lies around it: answer <= violation <= run.
 */
struct slow_times {
	uint64_t count;
	uint64_t answer_min_ns, answer_max_ns, answer_sum_ns;
	uint64_t run_min_ns, run_max_ns, run_sum_ns;
};

struct slow {
	int uffd;
	int stop;			/* eventfd: ends the thread */
	uint64_t delay_ns;
	pthread_t thread;
	struct slow_times times;	/* answer by the thread, run by the vCPU */
};

uint64_t now_ns(void);
void slow_start(struct slow *slow, void *memory, uint64_t size, uint64_t delay_ns);
void slow_stop(struct slow *slow);
void slow_ran(struct slow *slow, uint64_t ns);
void slow_times_add(struct slow_times *sum, const struct slow_times *times);

#endif
