// SPDX-License-Identifier: GPL-2.0
/*
 * A tracing instance of our own: instances/kvmfault-PID
 *
 * A client that was killed leaves its instance behind. The next one removes it:
 * the kernel refuses where somebody still reads.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "die.h"
#include "tracefs.h"

#define PREFIX		"kvmfault-"

struct tracefs {
	char path[64];
	int directory;
	int *cpu;
	unsigned int cpus;
};

static const char *const roots[] = {
	"/sys/kernel/tracing", "/sys/kernel/debug/tracing",
};

static struct tracefs *opened;

__noreturn static void refused(const char *what)
{
	if (errno == EACCES)
		die(EXIT_PERMISSION, "%s: only root may trace", what);
	if (errno == EPERM)
		die(EXIT_PERMISSION,
		    "%s: this kernel forbids it, as it does when locked down", what);
	die(EXIT_REFUSED, "%s: %s", what, strerror(errno));
}

/* The folder of instances. */
static int open_instances(char *path, size_t room)
{
	unsigned int i;
	int error = ENOENT, fd;

	for (i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		snprintf(path, room, "%s/instances", roots[i]);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		if (errno != ENOENT)
			error = errno;
	}
	errno = error;
	if (error == ENOENT)
		die(EXIT_REFUSED,
		    "there is no tracefs: try mount -t tracefs tracefs %s", roots[0]);
	snprintf(path, room, "%s/instances", roots[0]);
	refused(path);
}

static bool is_left_behind(const char *name)
{
	char *end;
	long pid;

	if (strncmp(name, PREFIX, strlen(PREFIX)))
		return false;
	pid = strtol(name + strlen(PREFIX), &end, 10);
	if (*end || pid <= 0)
		return false;
	return pid == getpid() || (kill(pid, 0) && errno == ESRCH);
}

static void remove_left_behind(int instances)
{
	int copy = dup(instances);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (is_left_behind(entry->d_name))
			unlinkat(instances, entry->d_name, AT_REMOVEDIR);
	closedir(dir);
}

static int open_file(const struct tracefs *tracefs, const char *file, int flags)
{
	return openat(tracefs->directory, file, flags | O_CLOEXEC);
}

bool tracefs_has(struct tracefs *tracefs, const char *file)
{
	return !faccessat(tracefs->directory, file, F_OK, 0);
}

char *tracefs_text(struct tracefs *tracefs, const char *file)
{
	size_t room = 16384, used = 0;
	char *text = must_alloc(malloc(room));
	int fd = open_file(tracefs, file, O_RDONLY);
	ssize_t got;

	if (fd < 0)
		refused(file);
	while ((got = read(fd, text + used, room - used - 1)) > 0) {
		used += got;
		if (used < room - 1)
			continue;
		room *= 2;
		text = must_alloc(realloc(text, room));
	}
	if (got < 0)
		refused(file);
	close(fd);
	text[used] = 0;
	return text;
}

void tracefs_write(struct tracefs *tracefs, const char *file, const char *text)
{
	int fd = open_file(tracefs, file, O_WRONLY | O_TRUNC);
	ssize_t length = strlen(text);

	if (fd < 0 || write(fd, text, length) != length)
		refused(file);
	close(fd);
}

/* A file for each CPU, and there may be thousands. */
static void allow_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void open_cpus(struct tracefs *tracefs)
{
	char file[64];
	int fd;

	allow_files();
	for (;;) {
		snprintf(file, sizeof(file), "per_cpu/cpu%u/trace_pipe_raw",
			 tracefs->cpus);
		fd = open_file(tracefs, file, O_RDONLY | O_NONBLOCK);
		if (fd < 0)
			break;
		tracefs->cpu = must_alloc(reallocarray(tracefs->cpu,
						       tracefs->cpus + 1,
						       sizeof(*tracefs->cpu)));
		tracefs->cpu[tracefs->cpus++] = fd;
	}
	if (errno != ENOENT || !tracefs->cpus)
		refused(file);
}

static void clean_up(void)
{
	if (opened)
		tracefs_close(opened);
}

struct tracefs *tracefs_open(void)
{
	struct tracefs *tracefs = must_alloc(calloc(1, sizeof(*tracefs)));
	char path[64];
	int instances;

	instances = open_instances(path, sizeof(path));
	remove_left_behind(instances);
	snprintf(tracefs->path, sizeof(tracefs->path), "%.40s/" PREFIX "%d", path,
		 getpid());
	if (mkdir(tracefs->path, 0700))
		refused(tracefs->path);
	close(instances);
	opened = tracefs;
	die_hook = clean_up;

	tracefs->directory = open(tracefs->path,
				  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (tracefs->directory < 0)
		refused(tracefs->path);
	open_cpus(tracefs);
	return tracefs;
}

/* Who looks into a file of it, perhaps but for a moment, keeps it from going. */
static int remove_instance(const char *path)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	unsigned int tries = 100;
	int ret;

	while ((ret = rmdir(path)) && errno == EBUSY && --tries)
		nanosleep(&pause, NULL);
	return ret;
}

void tracefs_close(struct tracefs *tracefs)
{
	unsigned int i;

	opened = NULL;
	die_hook = NULL;
	for (i = 0; i < tracefs->cpus; i++)
		close(tracefs->cpu[i]);
	if (tracefs->directory > 0)
		close(tracefs->directory);
	if (remove_instance(tracefs->path) && errno != ENOENT)
		warn("%s stays behind: %s", tracefs->path, strerror(errno));
	free(tracefs->cpu);
	free(tracefs);
}

unsigned int tracefs_cpus(const struct tracefs *tracefs)
{
	return tracefs->cpus;
}

size_t tracefs_page(struct tracefs *tracefs, unsigned int cpu, void *page,
		    size_t size)
{
	ssize_t got;

	do {
		got = read(tracefs->cpu[cpu], page, size);
	} while (got < 0 && errno == EINTR);
	/* A CPU without a buffer, because it was never there. */
	if (got < 0 && errno != EAGAIN && errno != ENODEV)
		refused("reading the trace");
	return got < 0 ? 0 : got;
}

/* The kernel's own account: overwritten, or never written, or dropped. */
static uint64_t lost_of(const char *stats)
{
	static const char *const ways[] = {
		"\noverrun: ", "\ncommit overrun: ", "\ndropped events: ",
	};
	const char *found;
	uint64_t lost = 0;
	unsigned int i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		found = strstr(stats, ways[i]);
		if (found)
			lost += strtoull(found + strlen(ways[i]), NULL, 10);
	}
	return lost;
}

uint64_t tracefs_lost(struct tracefs *tracefs)
{
	uint64_t lost = 0;
	unsigned int i;
	char file[64], *stats;

	for (i = 0; i < tracefs->cpus; i++) {
		snprintf(file, sizeof(file), "per_cpu/cpu%u/stats", i);
		stats = tracefs_text(tracefs, file);
		lost += lost_of(stats);
		free(stats);
	}
	return lost;
}
