// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault-ticks: how long a command takes, from fork to its end
 *
 *	kvmfault-ticks COMMAND [ARG...]
 *
 * prints the ticks of the TSC, nanoseconds, and the bytes that it wrote to
 * standard output: of the shortest of a few runs, for what interrupts the others
 * is not its own.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define RUNS	3

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

struct duration {
	uint64_t ticks;
	uint64_t ns;
};

static struct duration now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (struct duration) {
		.ticks = __rdtsc(),
		.ns = time.tv_sec * 1000000000ULL + time.tv_nsec,
	};
}

static struct duration duration_of(char **argv, int null)
{
	struct duration from = now(), to;
	int status;

	if (waitpid(start(argv, null), &status, 0) < 0 || status) {
		fprintf(stderr, "kvmfault-ticks: %s failed\n", argv[0]);
		exit(EXIT_FAILURE);
	}
	to = now();
	to.ticks -= from.ticks;
	to.ns -= from.ns;
	return to;
}

int main(int argc, char **argv)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct duration least, one;
	int run;

	if (argc < 2 || null < 0) {
		fputs("usage: kvmfault-ticks COMMAND [ARG...]\n", stderr);
		return EXIT_FAILURE;
	}
	least = duration_of(argv + 1, null);
	for (run = 1; run < RUNS; run++) {
		one = duration_of(argv + 1, null);
		if (one.ticks < least.ticks)
			least = one;
	}
	printf("%llu %llu %llu\n", (unsigned long long)least.ticks,
	       (unsigned long long)least.ns,
	       (unsigned long long)bytes_of(argv + 1));
	return EXIT_SUCCESS;
}
