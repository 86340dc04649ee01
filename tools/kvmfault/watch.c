// SPDX-License-Identifier: GPL-2.0
/* Now, or again and again */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "command.h"

double watch_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

double rate_of(uint64_t now, uint64_t before, double seconds)
{
	if (now == UNKNOWN)
		return -1;
	if (before == UNKNOWN || before > now)
		before = 0;
	return (now - before) / seconds;
}

static void pause_for(double seconds)
{
	struct timespec time = { .tv_sec = seconds };

	time.tv_nsec = (seconds - time.tv_sec) * 1e9;
	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

void watch(struct nl *nl, const struct watch *watch,
	   const struct options *options)
{
	struct rows before, now;
	double began, ended;
	unsigned long left = options->count;

	began = watch_now();
	watch->take(nl, &before, options);
	if (!options->interval) {
		watch->print(&before, NULL, 0, options);
		rows_free(&before);
		return;
	}

	/* Counted down from 0 there is no end, unless nobody gets the reports. */
	do {
		pause_for(options->interval);
		ended = watch_now();
		watch->take(nl, &now, options);
		watch->print(&now, &before, ended - began, options);
		rows_free(&before);
		before = now;
		began = ended;
	} while (--left && !ferror(stdout));
	rows_free(&before);
}
