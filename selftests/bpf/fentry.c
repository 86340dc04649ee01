// SPDX-License-Identifier: GPL-2.0
/*
 * Be another direct caller of a kernel function: a BPF program attached to its
 * entry or its exit, as bpftrace and libbpf attach theirs, that counts calls.
 * For the cases of the lab: no library is needed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char usage[] =
"fentry entry|exit FUNCTION\n"
"Attach to FUNCTION, say 'attached', count its calls until standard input ends,\n"
"then say 'calls N'. If the kernel refuses: 'refused ERRNO STEP'.\n"
"Exit: 0, 1 refused, 2 bad usage, 4 this kernel describes no such function.\n";

#define BTF_DIR	"/sys/kernel/btf/"

/* A kernel's description of types; that of a module goes on where it ends. */
struct btf {
	const struct btf_header *header;
	unsigned int first;
	const struct btf *base;
};

static const char *function;

static void die(int status, const char *what)
{
	fprintf(stderr, "fentry: %s: %s\n", what, strerror(errno));
	exit(status);
}

static void give_up(const char *step)
{
	printf("refused %s %s\n", strerrorname_np(errno), step);
	exit(1);
}

static const void *read_whole(const char *name)
{
	char path[300];
	size_t have = 0, room = 1 << 16;
	char *data = malloc(room), *more;
	ssize_t got;
	int fd;

	if (!data)
		die(2, "memory");
	snprintf(path, sizeof(path), BTF_DIR "%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		die(4, path);
	while ((got = read(fd, data + have, room - have)) > 0) {
		have += got;
		if (have < room)
			continue;
		more = realloc(data, room *= 2);
		if (!more)
			die(2, "memory");
		data = more;
	}
	if (got < 0)
		die(2, path);
	close(fd);
	return data;
}

static const char *strings(const struct btf *btf)
{
	return (const char *)btf->header + btf->header->hdr_len +
	       btf->header->str_off;
}

static const char *name_of(const struct btf *btf, const struct btf_type *type)
{
	unsigned int at = type->name_off;

	if (btf->base && at < btf->base->header->str_len)
		return strings(btf->base) + at;
	return strings(btf) + at - (btf->base ? btf->base->header->str_len : 0);
}

/* What follows a type depends on its kind. */
static size_t extra(const struct btf_type *type)
{
	unsigned int nr = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_DATASEC:
	case BTF_KIND_ENUM64:
		return nr * 12;
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return nr * 8;
	default:
		return 0;
	}
}

/* The number of the function, or 0; *@next is the first number not in use. */
static unsigned int find(const struct btf *btf, unsigned int *next)
{
	const char *at = (const char *)btf->header + btf->header->hdr_len +
			 btf->header->type_off;
	const char *end = at + btf->header->type_len;
	unsigned int id = btf->first, found = 0;
	const struct btf_type *type;

	for (; at < end; at += sizeof(*type) + extra(type), id++) {
		type = (const void *)at;
		if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC &&
		    !strcmp(name_of(btf, type), function))
			found = id;
	}
	if (next)
		*next = id;
	return found;
}

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

/* A descriptor of the kernel's own copy of what @name describes. */
static int open_btf(const char *name)
{
	char said[64];
	struct bpf_btf_info info;
	union bpf_attr attr;
	unsigned int id = 0;
	int fd;

	for (;;) {
		memset(&attr, 0, sizeof(attr));
		attr.start_id = id;
		if (bpf(BPF_BTF_GET_NEXT_ID, &attr))
			give_up("next");
		id = attr.next_id;
		memset(&attr, 0, sizeof(attr));
		attr.btf_id = id;
		fd = bpf(BPF_BTF_GET_FD_BY_ID, &attr);
		if (fd < 0)
			give_up("descriptor");
		memset(&info, 0, sizeof(info));
		info.name = (unsigned long)said;
		info.name_len = sizeof(said);
		memset(&attr, 0, sizeof(attr));
		attr.info.bpf_fd = fd;
		attr.info.info_len = sizeof(info);
		attr.info.info = (unsigned long)&info;
		if (!bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) && info.kernel_btf &&
		    !strcmp(said, name))
			return fd;
		close(fd);
	}
}

static int make_counter(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 8,
		.max_entries = 1,
	};
	int fd = bpf(BPF_MAP_CREATE, &attr);

	if (fd < 0)
		give_up("map");
	return fd;
}

static unsigned long long read_counter(int map)
{
	unsigned long long value = 0;
	unsigned int key = 0;
	union bpf_attr attr = { 0 };

	attr.map_fd = map;
	attr.key = (unsigned long)&key;
	attr.value = (unsigned long)&value;
	if (bpf(BPF_MAP_LOOKUP_ELEM, &attr))
		give_up("count");
	return value;
}

static int load(enum bpf_attach_type type, int btf, unsigned int id, int map)
{
	const struct bpf_insn program[] = {
		{ BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_VALUE, 0, map },
		{ 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, 0, 1 },
		{ BPF_STX | BPF_ATOMIC | BPF_DW, BPF_REG_1, BPF_REG_2, 0, BPF_ADD },
		{ BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	static char log[65536];
	union bpf_attr attr = { 0 };
	int fd;

	attr.prog_type = BPF_PROG_TYPE_TRACING;
	attr.expected_attach_type = type;
	attr.attach_btf_id = id;
	attr.attach_btf_obj_fd = btf;
	attr.insns = (unsigned long)program;
	attr.insn_cnt = sizeof(program) / sizeof(*program);
	attr.license = (unsigned long)"GPL";
	attr.log_buf = (unsigned long)log;
	attr.log_size = sizeof(log);
	attr.log_level = 1;
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0) {
		fputs(log, stderr);
		give_up("load");
	}
	return fd;
}

static void attach(int program)
{
	union bpf_attr attr = { 0 };

	attr.raw_tracepoint.prog_fd = program;
	if (bpf(BPF_RAW_TRACEPOINT_OPEN, &attr) < 0)
		give_up("attach");
}

static void count(enum bpf_attach_type type, const char *where, unsigned int id)
{
	int map = make_counter();
	char byte;

	attach(load(type, open_btf(where), id, map));
	puts("attached");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	printf("calls %llu\n", read_counter(map));
}

int main(int argc, char **argv)
{
	static const char *const modules[] = { "kvm", "kvm_intel", "kvm_amd" };
	struct btf kernel = { .first = 1 }, module = { .base = &kernel };
	enum bpf_attach_type type;
	unsigned int i, id;

	if (argc != 3 || (strcmp(argv[1], "entry") && strcmp(argv[1], "exit"))) {
		fputs(usage, stderr);
		return 2;
	}
	type = strcmp(argv[1], "exit") ? BPF_TRACE_FENTRY : BPF_TRACE_FEXIT;
	function = argv[2];

	kernel.header = read_whole("vmlinux");
	find(&kernel, &module.first);
	for (i = 0; i < sizeof(modules) / sizeof(*modules); i++) {
		char path[64];

		snprintf(path, sizeof(path), BTF_DIR "%s", modules[i]);
		if (access(path, R_OK))
			continue;
		module.header = read_whole(modules[i]);
		id = find(&module, NULL);
		if (id) {
			count(type, modules[i], id);
			return 0;
		}
	}
	fprintf(stderr, "fentry: no module describes %s\n", function);
	return 4;
}
