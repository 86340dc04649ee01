// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault-guest: a VMM and guest that cause a known number of guest faults.
 * Here: the processes and what they print.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "die.h"
#include "host.h"
#include "options.h"
#include "scene.h"
#include "vm.h"
#include "work.h"

static void print_expected(const struct work *work)
{
	struct faults faults = work_faults(work);

	printf("expect violation=%" PRIu64 " misconfig=%" PRIu64 " tdp=%" PRIu64
	       " mmio_exits=%" PRIu64 "\n", faults.violation, faults.misconfig,
	       faults.tdp, faults.mmio_exits);
}

static void print_map(const struct work *work)
{
	unsigned int vcpu;

	for (vcpu = 0; vcpu < work->vcpus; vcpu++) {
		struct window window = work_window(work, vcpu);

		printf("map vcpu=%u code=%#llx pml4=%#llx pdpt=%#llx pd=%#llx pages=%#llx slow=%#llx mmio=%#llx\n",
		       vcpu,
		       window.gpa + WINDOW_CODE, window.gpa + WINDOW_PML4,
		       window.gpa + WINDOW_PDPT, window.gpa + WINDOW_PD,
		       window.gpa + WINDOW_PAGES,
		       (unsigned long long)(window.gpa + window.slow),
		       (unsigned long long)(window.gpa + window.mmio));
	}
}

static void print_done(const struct done *done)
{
	const struct slow_times *times = &done->times;

	printf("did pid=%d pages=%" PRIu64 " slow=%" PRIu64 " mmio_exits=%" PRIu64
	       " huge=%" PRIu64 "\n", getpid(), done->pages, done->slow,
	       done->mmio_exits, done->huge);
	if (times->count)
		printf("slow pid=%d count=%" PRIu64
		       " answer_min_ns=%" PRIu64 " answer_max_ns=%" PRIu64
		       " answer_sum_ns=%" PRIu64 " run_min_ns=%" PRIu64
		       " run_max_ns=%" PRIu64 " run_sum_ns=%" PRIu64 "\n",
		       getpid(), times->count,
		       times->answer_min_ns, times->answer_max_ns, times->answer_sum_ns,
		       times->run_min_ns, times->run_max_ns, times->run_sum_ns);
}

static void print_scene(const struct work *work, const struct done *done)
{
	printf("did pid=%d scene=%s pages=%" PRIu64 " mmio_exits=%" PRIu64 "\n",
	       getpid(), work->scene->name, work->pages, done->mmio_exits);
}

static bool check(const char *what, uint64_t is, uint64_t planned)
{
	if (is != planned)
		fprintf(stderr, "kvmfault-guest: %s: %" PRIu64 ", not %" PRIu64
			" as planned\n", what, is, planned);
	return is == planned;
}

static bool check_done(const struct work *work, const struct done *done)
{
	uint64_t times = work->vcpus * work->rounds;
	bool good = true;

	good &= check("pages written", done->pages, times * work->pages);
	good &= check("slow pages written", done->slow, times * work->slow);
	good &= check("slow faults answered", done->times.count, times * work->slow);
	good &= check("MMIO exits", done->mmio_exits, times * work->mmio);
	if (work->huge)
		good &= check("huge pages from the host", done->huge,
			      times * work_huge_pages(work));
	return good;
}

static volatile sig_atomic_t ended;

static void end(int signal __attribute__((unused)))
{
	ended = 1;
}

/* What a shell gives its background jobs; it has no end to wait for. */
static bool is_dev_null(int fd)
{
	struct stat stat;

	return !fstat(fd, &stat) && S_ISCHR(stat.st_mode) &&
	       stat.st_rdev == makedev(1, 3);
}

static void hold(void)
{
	struct sigaction action = { .sa_handler = end };
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	sigset_t blocked, before;
	char ignored[256];

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	sigaction(SIGTERM, &action, NULL);
	if (is_dev_null(input.fd))
		input.fd = -1;

	printf("hold pid=%d\n", getpid());
	while (!ended) {
		if (ppoll(&input, 1, NULL, &before) < 0)
			continue;
		if (read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0)
			break;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void print_moved(uint64_t pages)
{
	if (pages)
		fprintf(stderr, "kvmfault-guest: the host moved %" PRIu64
			" pages meanwhile, so the VM may have faulted more often than planned\n",
			pages);
}

static void print_where(const struct vm *vm)
{
	const struct vcpu *vcpu;

	for (vcpu = vm->vcpus; vcpu < vm->vcpus + vm->work->vcpus; vcpu++)
		printf("where vcpu=%u tid=%d gpa=%#llx hva=%p size=%#llx\n",
		       vcpu->index, vcpu->tid,
		       (unsigned long long)vcpu->window.gpa, vcpu->memory,
		       (unsigned long long)vcpu->window.mmio);
}

/* The child has the files of the VM, and cannot run it. */
static void leave(void)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		die_errno("cannot fork");
	if (child)
		_exit(EXIT_SUCCESS);
	hold();
	_exit(EXIT_SUCCESS);
}

static bool run_vm(const struct options *options, bool last)
{
	const struct work *work = &options->work;
	uint64_t moved = host_pages_moved();
	struct done done;
	struct vm vm;

	vm_create(&vm, work);
	done = vm_work(&vm);
	print_moved(host_pages_moved() - moved);
	if (work->scene)
		print_scene(work, &done);
	else
		print_done(&done);
	if (options->where)
		print_where(&vm);
	if (options->leave && last)
		leave();
	if (options->hold && last)
		hold();
	vm_destroy(&vm);
	return work->scene || check_done(work, &done);
}

static int run_vms(const struct options *options)
{
	bool good = true;
	uint64_t i;

	for (i = 1; i <= options->vms; i++)
		good &= run_vm(options, i == options->vms);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static pid_t children[MAX_PARALLEL];

static void end_children(int signal)
{
	unsigned int i;

	for (i = 0; i < MAX_PARALLEL && children[i]; i++)
		kill(children[i], signal);
}

static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			die_errno("cannot wait for process %d", child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

static int run_parallel(const struct options *options)
{
	struct sigaction action = { .sa_handler = end_children };
	int result = EXIT_SUCCESS;
	sigset_t blocked, before;
	uint64_t i;

	/* A signal between two forks would miss the children yet to come. */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	fflush(stdout);
	for (i = 0; i < options->parallel; i++) {
		children[i] = fork();
		if (children[i] < 0)
			die_errno("cannot fork");
		if (!children[i]) {
			sigprocmask(SIG_SETMASK, &before, NULL);
			exit(run_vms(options));
		}
	}
	sigaction(SIGTERM, &action, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);

	for (i = 0; i < options->parallel; i++) {
		int status = wait_for(children[i]);

		if (status > result)
			result = status;
	}
	return result;
}

int main(int argc, char **argv)
{
	struct options options = options_parse(argc, argv);
	sigset_t blocked;

	if (options.work.scene && options.work.scene->waits) {
		sigemptyset(&blocked);
		sigaddset(&blocked, SIGTERM);
		sigprocmask(SIG_BLOCK, &blocked, NULL);
	}
	/* Whole lines, however many processes write them. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (options.expect)
		print_expected(&options.work);
	if (options.map)
		print_map(&options.work);
	if (options.parallel > 1)
		return run_parallel(&options);
	return run_vms(&options);
}
