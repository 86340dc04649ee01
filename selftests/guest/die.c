// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

static void complain(const char *format, va_list args, const char *addition)
{
	char sentence[512];

	vsnprintf(sentence, sizeof(sentence), format, args);
	fprintf(stderr, "kvmfault-guest: %s%s\n", sentence, addition);
}

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args, "");
	va_end(args);
	exit(EXIT_FAILURE);
}

void die_errno(const char *format, ...)
{
	char reason[128];
	va_list args;

	snprintf(reason, sizeof(reason), ": %s", strerror(errno));
	va_start(args, format);
	complain(format, args, reason);
	va_end(args);
	exit(EXIT_FAILURE);
}

void die_usage(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args, " (see --help)");
	va_end(args);
	exit(EXIT_USAGE);
}

void die_unable(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args, "");
	va_end(args);
	exit(EXIT_UNABLE);
}
