// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault-ticks: how long a command takes, from fork to its end
 *
 *	kvmfault-ticks COMMAND [ARG...]
 *
 * prints the ticks of the TSC and the bytes that it wrote to standard output: of
 * the shortest of a few runs, for what interrupts the others is not its own.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

#define RUNS	2

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static pid_t start(char **argv, int output)
{
	pid_t pid = vfork();

	if (pid < 0)
		die("fork");
	if (!pid) {
		dup2(output, STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	return pid;
}

/* Reads no slower than the command writes, and looks at nothing. */
static uint64_t drain(int from)
{
	static char bytes[1 << 16];
	uint64_t sum = 0;
	ssize_t size;

	while ((size = read(from, bytes, sizeof(bytes))) > 0)
		sum += size;
	return sum;
}

static uint64_t bytes_of(char **argv)
{
	int ends[2];
	uint64_t bytes;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		die("pipe");
	pid = start(argv, ends[1]);
	close(ends[1]);
	bytes = drain(ends[0]);
	close(ends[0]);
	waitpid(pid, NULL, 0);
	return bytes;
}

static uint64_t ticks_of(char **argv, int null)
{
	uint64_t from = __rdtsc();
	int status;

	if (waitpid(start(argv, null), &status, 0) < 0 || status) {
		fprintf(stderr, "kvmfault-ticks: %s failed\n", argv[0]);
		exit(EXIT_FAILURE);
	}
	return __rdtsc() - from;
}

int main(int argc, char **argv)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	uint64_t least, ticks;
	int run;

	if (argc < 2 || null < 0) {
		fputs("usage: kvmfault-ticks COMMAND [ARG...]\n", stderr);
		return EXIT_FAILURE;
	}
	least = ticks_of(argv + 1, null);
	for (run = 1; run < RUNS; run++) {
		ticks = ticks_of(argv + 1, null);
		if (ticks < least)
			least = ticks;
	}
	printf("%llu %llu\n", (unsigned long long)least,
	       (unsigned long long)bytes_of(argv + 1));
	return EXIT_SUCCESS;
}
