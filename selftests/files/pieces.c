// SPDX-License-Identifier: GPL-2.0
/*
 * Read a file in pieces, and compare each with a copy of the whole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../program.h"

static const char usage[] =
"pieces [-m] [-s SEED] FILE WHOLE TIMES\n"
"  one byte at every offset, one after another; any size at any offset, TIMES\n"
"  times, by pread(), by preadv() and after lseek(); and far behind the end\n"
"  -m  what FILE says moves: something must come, but not what\n"
"Exit: 0, or 1 with a line for each piece that is wrong, of the first few.\n";

#define MOST 65536
#define SHOWN 5

static const char *name;
static char *whole;
static size_t size;
static bool moves;
static uint64_t state = 1;
static unsigned long wrong, pieces;
static int file;

static void read_whole(const char *copy)
{
	int fd = open(copy, O_RDONLY);
	off_t end;

	if (fd < 0)
		die(copy);
	end = lseek(fd, 0, SEEK_END);
	whole = malloc(end + 1);
	if (!whole || pread(fd, whole, end, 0) != end)
		die(copy);
	size = end;
	close(fd);
}

/* Of what moves the end may be nearer, by less than two rows. */
static bool is_end(size_t offset)
{
	return offset >= size || (moves && offset + 256 >= size);
}

/* As much as fits may come, or less, but where there is more not nothing. */
static void look(const char *how, size_t offset, size_t room, const char *got,
		 ssize_t came)
{
	pieces++;
	if (came >= 0 && (size_t)came <= room && (came || is_end(offset)) &&
	    (moves || (came <= (ssize_t)(offset < size ? size - offset : 0) &&
		       !memcmp(whole + offset, got, came))))
		return;
	if (wrong++ < SHOWN)
		printf("%s: %s of %zu at %zu: %zd %s\n", name, how, room, offset,
		       came, came < 0 ? strerror(errno) : "");
}

static void each_byte(void)
{
	char byte = 0;
	size_t offset;

	for (offset = 0; offset <= size; offset++)
		look("byte", offset, 1, &byte, pread(file, &byte, 1, offset));
}

static void any_piece(void)
{
	static char got[MOST];
	size_t offset = any(&state) % (size + 16);
	size_t room = 1 + any(&state) % (any(&state) % 2 ? 64 : MOST);
	size_t first = any(&state) % room;
	struct iovec parts[] = {
		{ got, first },
		{ got + first, room - first },
	};

	memset(got, 0, sizeof(got));
	switch (any(&state) % 3) {
	case 0:
		look("pread", offset, room, got, pread(file, got, room, offset));
		break;
	case 1:
		look("preadv", offset, room, got, preadv(file, parts, 2, offset));
		break;
	default:
		if (lseek(file, offset, SEEK_SET) != (off_t)offset)
			die("lseek");
		look("read", offset, room, got, read(file, got, room));
	}
}

/* The kernel refuses what goes beyond all offsets. */
static void far_behind(void)
{
	static const off_t far[] = {
		1LL << 32, INT64_MAX - 4096, INT64_MAX - 16, INT64_MAX,
	};
	char got[16];
	ssize_t came;
	size_t i;

	for (i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		pieces++;
		came = pread(file, got, sizeof(got), far[i]);
		if (!came || (came < 0 && (errno == EINVAL || errno == EOVERFLOW)))
			continue;
		wrong++;
		printf("%s: at %lld: %zd %s\n", name, (long long)far[i], came,
		       came < 0 ? strerror(errno) : "");
	}
}

int main(int argc, char **argv)
{
	unsigned long times;
	int option;

	while ((option = getopt(argc, argv, "ms:")) != -1) {
		switch (option) {
		case 'm':
			moves = true;
			break;
		case 's':
			state = strtoull(optarg, NULL, 0);
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind + 3 != argc) {
		fputs(usage, stderr);
		return 2;
	}
	name = argv[optind];
	read_whole(argv[optind + 1]);
	file = open(name, O_RDONLY);
	if (file < 0)
		die(name);

	each_byte();
	for (times = strtoul(argv[optind + 2], NULL, 0); times; times--)
		any_piece();
	far_behind();
	printf("size %zu pieces %lu wrong %lu\n", size, pieces, wrong);
	return wrong ? 1 : 0;
}
