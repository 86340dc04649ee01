// SPDX-License-Identifier: GPL-2.0
/*
 * Have a thread of the kernel read a file, and be gone before it has.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../program.h"

static const char usage[] =
"polled FILE SECONDS\n"
"  For so long processes come that ask for FILE by io_uring, whose thread polls for\n"
"  what is asked, and end. Prints how many there were.\n"
"Exit: 0, 4 if there is no io_uring, or 2 if something went wrong.\n";

#define ENTRIES 2
#define AT_ONCE 3
#define IDLE_MS 1000
#define UNTIL_GONE_US 20000

static const char *name;

static void *map(int ring, size_t size, off_t what)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, what);

	if (at == MAP_FAILED)
		die("mmap");
	return at;
}

/* By a worker, not by the thread itself, which waits for that when we end. */
static void ask(int ring, const struct io_uring_params *params, int file)
{
	static char answer[65536];
	struct io_uring_sqe *entry;
	char *queue;

	queue = map(ring, params->sq_off.array + ENTRIES * sizeof(uint32_t),
		    IORING_OFF_SQ_RING);
	entry = map(ring, ENTRIES * sizeof(*entry), IORING_OFF_SQES);
	*entry = (struct io_uring_sqe){
		.opcode = IORING_OP_READ,
		.flags = IOSQE_ASYNC,
		.fd = file,
		.addr = (uintptr_t)answer,
		.len = sizeof(answer),
	};
	*(uint32_t *)(queue + params->sq_off.array) = 0;
	__atomic_store_n((uint32_t *)(queue + params->sq_off.tail), 1,
			 __ATOMIC_RELEASE);
	syscall(SYS_io_uring_enter, ring, 0, 0, IORING_ENTER_SQ_WAKEUP, NULL, 0);
}

static void come_and_go(void)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_SQPOLL,
		.sq_thread_idle = IDLE_MS,
	};
	int file = open(name, O_RDONLY);
	int ring = syscall(SYS_io_uring_setup, ENTRIES, &params);

	if (file < 0 || ring < 0)
		die(file < 0 ? name : "io_uring_setup");
	ask(ring, &params, file);
	usleep(UNTIL_GONE_US);
	_exit(0);
}

/* Those that have ended, or one that has to. */
static unsigned int reap(bool must)
{
	unsigned int ended = 0;
	int status;

	while (waitpid(-1, &status, must && !ended ? 0 : WNOHANG) > 0) {
		ended++;
		if (status)
			exit(2);
	}
	return ended;
}

int main(int argc, char **argv)
{
	struct io_uring_params params = { .flags = 0 };
	unsigned int live = 0, all = 0;
	time_t end;
	pid_t child;

	if (argc != 3) {
		fputs(usage, stderr);
		return 2;
	}
	name = argv[1];
	end = time(NULL) + atoi(argv[2]);
	if (syscall(SYS_io_uring_setup, ENTRIES, &params) < 0)
		return 4;

	for (; time(NULL) < end; all++) {
		live -= reap(live == AT_ONCE);
		child = fork();
		if (child < 0)
			die("fork");
		if (!child)
			come_and_go();
		live++;
	}
	while (live)
		live -= reap(true);
	printf("%u\n", all);
	return 0;
}
