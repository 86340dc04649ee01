// SPDX-License-Identifier: GPL-2.0
/* Scenes of a VMM whose files are hard to find, for whoever looks for its VM. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "die.h"
#include "scene.h"
#include "thread.h"

/* Far behind where files are opened, so that what is there is found last. */
#define FAR	100

/* So many files, in two tables, which so many threads have in turns. */
#define FILES	65536
#define TURNS	1000

/* What has the name of a file of KVM, and nothing behind it, comes before that file. */
static void put_path_before(int *fd)
{
	int far = fcntl(*fd, F_DUPFD_CLOEXEC, FAR);
	char name[32];
	int path;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", *fd);
	path = open(name, O_PATH | O_CLOEXEC);
	if (far < 0 || path < 0 || dup3(path, *fd, O_CLOEXEC) < 0)
		die_errno("cannot open %s by its path", name);
	close(path);
	*fd = far;
}

static void write_all(struct vcpu *vcpu)
{
	vcpu_order(vcpu, &(struct order) {
		.value = 1, .write = WINDOW_PAGES, .writes = vcpu->vm->work->pages,
	});
}

void scene_path(struct vcpu *vcpu)
{
	put_path_before(&vcpu->fd);
	put_path_before(&vcpu->vm->fd);
	write_all(vcpu);
}

static void open_many(void)
{
	struct rlimit limit = { .rlim_cur = FILES, .rlim_max = FILES };
	int file;

	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		die_errno("cannot have %d files", FILES);
	do
		file = dup(STDOUT_FILENO);
	while (file >= 0 && file < FILES - 1);
	if (file < 0)
		die_errno("cannot open %d files", FILES);
}

static void *sleep_on(void *unused)
{
	pause();
	return unused;
}

/* It and the vCPU's thread start others in turns; those have the files of each. */
static void *turns_thread(void *arg)
{
	pthread_barrier_t *turn = arg;
	int i;

	if (unshare(CLONE_FILES) < 0)
		die_errno("cannot have files apart");
	for (i = 0; i < TURNS; i++) {
		pthread_barrier_wait(turn);
		thread_start("turn", sleep_on, NULL);
		pthread_barrier_wait(turn);
	}
	return NULL;
}

static void take_turns(void)
{
	pthread_barrier_t turn;
	pthread_t thread;
	int i;

	pthread_barrier_init(&turn, NULL, 2);
	thread = thread_start("turns", turns_thread, &turn);
	for (i = 0; i < TURNS; i++) {
		thread_start("turn", sleep_on, NULL);
		pthread_barrier_wait(&turn);
		pthread_barrier_wait(&turn);
	}
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&turn);
}

static void close_at_last(int *fd)
{
	close(*fd);
	*fd = -1;
}

/* The VM lives on by what is mapped of its vCPU. */
void scene_files(struct vcpu *vcpu)
{
	write_all(vcpu);
	close_at_last(&vcpu->fd);
	close_at_last(&vcpu->vm->fd);
	open_many();
	take_turns();
}
