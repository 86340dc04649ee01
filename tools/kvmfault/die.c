// SPDX-License-Identifier: GPL-2.0
/* How the client ends when it cannot go on: one sentence, and a status */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "die.h"

void (*die_hook)(void);
void (*warn_hook)(const char *sentence);

static void say(const char *format, va_list args)
{
	fflush(stdout);
	fputs("kvmfault: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void die(enum exit_status status, const char *format, ...)
{
	va_list args;

	if (die_hook)
		die_hook();
	va_start(args, format);
	say(format, args);
	va_end(args);
	exit(status);
}

void warn(const char *format, ...)
{
	char sentence[160];
	va_list args;

	va_start(args, format);
	if (warn_hook) {
		vsnprintf(sentence, sizeof(sentence), format, args);
		warn_hook(sentence);
	} else {
		say(format, args);
	}
	va_end(args);
}

void *must_alloc(void *memory)
{
	if (!memory)
		die(EXIT_REFUSED, "out of memory");
	return memory;
}
