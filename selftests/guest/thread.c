// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "die.h"
#include "thread.h"

#define STACK_SIZE	(64 << 10)

pthread_t thread_start(const char *name, void *(*run)(void *arg), void *arg)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int err;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	err = pthread_create(&thread, &attributes, run, arg);
	pthread_attr_destroy(&attributes);
	if (err)
		die("cannot start thread \"%s\": %s", name, strerror(err));
	pthread_setname_np(thread, name);
	return thread;
}
