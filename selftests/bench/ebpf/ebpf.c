// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault-ebpf OBJECT: attach faults.bpf.o, say so, and wait for standard input
 * to end; then print how much was counted, a line per class
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As in faults.bpf.c. */
#define CLASSES		3
#define BUCKETS		40

struct histogram {
	uint64_t count;
	uint64_t sum_ns;
	uint64_t bucket[BUCKETS];
};

struct vm {
	struct histogram class[CLASSES];
};

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static void attach(struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		if (!bpf_program__attach(program))
			die(bpf_program__name(program));
}

static void print_counts(struct bpf_object *object)
{
	int map = bpf_object__find_map_fd_by_name(object, "vms");
	int cpus = libbpf_num_possible_cpus(), cpu, class;
	struct vm *vm = calloc(cpus, sizeof(*vm));
	uint64_t count[CLASSES] = { 0 };
	uint64_t key, *last = NULL;

	if (!vm)
		die("calloc");
	while (!bpf_map_get_next_key(map, last, &key)) {
		last = &key;
		if (bpf_map_lookup_elem(map, &key, vm))
			continue;
		for (cpu = 0; cpu < cpus; cpu++)
			for (class = 0; class < CLASSES; class++)
				count[class] += vm[cpu].class[class].count;
	}
	printf("violation %llu\nmisconfig %llu\ntdp %llu\n",
	       (unsigned long long)count[0], (unsigned long long)count[1],
	       (unsigned long long)count[2]);
	free(vm);
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	char byte;

	if (argc != 2) {
		fputs("usage: kvmfault-ebpf OBJECT\n", stderr);
		return EXIT_FAILURE;
	}
	object = bpf_object__open_file(argv[1], NULL);
	if (!object)
		die(argv[1]);
	if (bpf_object__load(object))
		die("load");
	attach(object);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	print_counts(object);
	bpf_object__close(object);
	return EXIT_SUCCESS;
}
