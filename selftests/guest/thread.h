/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KVMFAULT_GUEST_THREAD_H
#define KVMFAULT_GUEST_THREAD_H

#include <pthread.h>

/* Starts a thread with a name and a small stack, or dies. */
pthread_t thread_start(const char *name, void *(*run)(void *arg), void *arg);

#endif
