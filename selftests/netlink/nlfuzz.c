// SPDX-License-Identifier: GPL-2.0
/*
 * Say anything to the netlink family kvmfault: messages that are nearly right,
 * or right, or not at all, from a seed, so that a run can be had again. For the
 * cases of the lab: what must hold is that the kernel stays well, and that all
 * it answers is whole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../program.h"
#include "family.h"

static const char usage[] =
"nlfuzz [OPTION...] MESSAGES\n"
"  -s SEED     (default 1)\n"
"  -n          from a network namespace of its own\n"
"  -U          from a user namespace of its own, too, as its root\n"
"  -u UID      as this user\n"
"  -q          only ask: neither switch probes nor set or reset anything\n"
"Prints how many messages were sent and what came of them, and of each operation\n"
"how often it was asked for as it may be, and how many objects it told, and how\n"
"often one of the family's groups was joined, or refused; on stderr, meanwhile, how\n"
"far it is. Exit: 0, 1 if an answer was not whole, 2 if something else went wrong.\n";

#define SOCKETS		8
#define REQUEST_MAX	2048
#define ERRNOS		200

/* Operations beyond the last one are tried, too. */
#define COMMANDS	(ARRAY_SIZE(operations) + 2)

/* After so many it is said how far it is. */
#define PROGRESS	20000

/* VMs that there were lately, to ask for. */
#define KNOWN		8

static int sockets[SOCKETS];

static char request[REQUEST_MAX];
static char answer[65536];
static size_t used;
static uint64_t state = 1;
static uint16_t family;
static bool only_ask;
static unsigned long answers, objects, dones, overruns, errors[ERRNOS];
static unsigned long asked[ARRAY_SIZE(operations)], told[ARRAY_SIZE(operations)];
static uint64_t known_vms[KNOWN];
static unsigned int groups[8], nr_groups;
static unsigned long joined, refused;

static unsigned int below(unsigned int n)
{
	return any(&state) % n;
}

static bool once_in(unsigned int n)
{
	return !below(n);
}

/* Messages. */

static void put(const void *data, size_t size)
{
	if (used + NLMSG_ALIGN(size) > sizeof(request))
		return;
	memset(request + used, 0, NLMSG_ALIGN(size));
	memcpy(request + used, data, size);
	used += NLMSG_ALIGN(size);
}

static uint64_t any_number(void)
{
	static const uint64_t odd[] = {
		0, 1, 2, 3, 4, 63, 64, 255, 30000, 30001, 65535, INT32_MAX,
		UINT32_MAX, 1ULL << 32, INT64_MAX, UINT64_MAX,
	};

	return once_in(3) ? any(&state) : odd[below(ARRAY_SIZE(odd))];
}

static size_t any_payload(char *payload, size_t room)
{
	static const char *const names[] = {
		"kvm_tdp_page_fault", "kvm_mmu_page_fault", "handle_ept_violation",
		"handle_ept_misconfig", "kvm_destroy_vm", "", "vm", "%s%n%p",
		"kretprobe", "direct",
	};
	uint64_t number = any_number();
	const char *name;
	size_t size, i;

	switch (below(5)) {
	case 0:
		memcpy(payload, &number, 4);
		return 4;
	case 1:
		memcpy(payload, &number, 8);
		return 8;
	case 2:
		name = names[below(ARRAY_SIZE(names))];
		strcpy(payload, name);
		return strlen(name) + !once_in(4);
	case 3:
		return 0;
	default:
		size = below(once_in(8) ? room : 80);
		for (i = 0; i < size; i++)
			payload[i] = any(&state);
		return size;
	}
}

static void put_number(uint16_t type, uint64_t number, size_t size)
{
	struct {
		struct nlattr head;
		uint64_t number;
	} attr = {
		.head.nla_type = type,
		.head.nla_len = NLA_HDRLEN + size,
	};

	memcpy((char *)&attr + NLA_HDRLEN, &number, size);
	put(&attr, NLA_HDRLEN + size);
}

static uint64_t likely_number(const struct attribute *attribute)
{
	unsigned int values = 0;

	if (once_in(16))
		return any_number();
	if (attribute->values) {
		while (attribute->values[values])
			values++;
		return below(values + 1);
	}
	if (!strcmp(attribute->name, "vm") || !strcmp(attribute->name, "id"))
		return known_vms[below(KNOWN)];
	if (attribute->type == TYPE_U32)
		return below(4);
	/* An address in what a small guest has, or next to it. */
	return (uint64_t)below(1024) << 12 | below(4096);
}

static void put_string(uint16_t type)
{
	char bytes[NLA_HDRLEN + 512];
	struct nlattr *attr = (void *)bytes;

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + any_payload(bytes + NLA_HDRLEN, 512);
	put(attr, attr->nla_len);
}

/* What the operation may be asked with, or some of it. */
static void put_right(const struct operation *operation)
{
	const struct attribute *attribute;
	unsigned int i;

	for (i = 0; operation->takes[i]; i++) {
		attribute = &operation->set[operation->takes[i]];
		if (once_in(3))
			continue;
		if (attribute->type == TYPE_STRING)
			put_string(operation->takes[i]);
		else
			put_number(operation->takes[i], likely_number(attribute),
				   attribute->type == TYPE_U32 ? 4 : 8);
	}
}

static void put_attribute(unsigned int depth)
{
	char bytes[NLA_HDRLEN + 512];
	struct nlattr *attr = (void *)bytes;
	size_t size, at = used;

	attr->nla_type = once_in(6) ? any(&state) : below(24);
	if (depth < 12 && once_in(4)) {
		attr->nla_type |= NLA_F_NESTED;
		attr->nla_len = NLA_HDRLEN;
		put(attr, NLA_HDRLEN);
		while (!once_in(3))
			put_attribute(depth + 1);
		if (at + NLA_HDRLEN <= used)
			((struct nlattr *)(request + at))->nla_len = used - at;
		return;
	}
	size = any_payload(bytes + NLA_HDRLEN, 512);
	attr->nla_len = NLA_HDRLEN + size;
	if (once_in(12))
		attr->nla_len = once_in(2) ? below(8) : any(&state);
	put(attr, NLA_HDRLEN + size);
}

static uint8_t any_command(void)
{
	uint8_t command = below(COMMANDS);

	switch (command) {
	case KVMFAULT_CMD_PROBE_SET:
	case KVMFAULT_CMD_SETTINGS_SET:
	case KVMFAULT_CMD_RESET:
		/* These wait for the whole machine: not too often. */
		return only_ask || !once_in(64) ? KVMFAULT_CMD_INFO_GET : command;
	default:
		return once_in(32) ? any(&state) | 0x80 : command;
	}
}

static uint16_t any_flags(void)
{
	uint16_t flags = NLM_F_REQUEST;

	if (once_in(16))
		return any(&state);
	if (once_in(2))
		flags |= NLM_F_ACK;
	if (once_in(2))
		flags |= NLM_F_DUMP;
	if (once_in(8))
		flags |= 1 << below(16);
	return flags;
}

/* A message as the operation wants it, but for what may be behind. */
static void put_right_message(uint8_t command)
{
	const struct operation *operation = &operations[command];
	bool dump = operation->may_dump && !(operation->may_do && once_in(2));
	struct nlmsghdr head = {
		.nlmsg_type = family,
		.nlmsg_flags = NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK),
		.nlmsg_seq = any(&state),
	};
	struct genlmsghdr genl = {
		.cmd = command,
		.version = KVMFAULT_FAMILY_VERSION,
	};

	asked[command]++;
	put(&head, sizeof(head));
	put(&genl, sizeof(genl));
	put_right(operation);
	if (once_in(8))
		put_attribute(0);
}

static void put_any_message(uint8_t command)
{
	struct nlmsghdr head = {
		.nlmsg_type = once_in(64) ? any(&state) : family,
		.nlmsg_flags = any_flags(),
		.nlmsg_seq = any(&state),
		.nlmsg_pid = once_in(16) ? any(&state) : 0,
	};
	struct genlmsghdr genl = {
		.cmd = command,
		.version = once_in(16) ? any(&state) : KVMFAULT_FAMILY_VERSION,
		.reserved = once_in(16) ? any(&state) : 0,
	};

	/* The controller is not what is tried here, nor are others harmed. */
	if (head.nlmsg_type == GENL_ID_CTRL)
		head.nlmsg_type = family;
	put(&head, sizeof(head));
	if (!once_in(128))
		put(&genl, sizeof(genl));
	while (!once_in(2))
		put_attribute(0);
}

static bool is_operation(uint8_t command)
{
	return command < ARRAY_SIZE(operations) &&
	       (operations[command].may_do || operations[command].may_dump);
}

static void put_message(void)
{
	uint8_t command = any_command();
	uint32_t length;
	size_t at = used;

	if (is_operation(command) && once_in(2))
		put_right_message(command);
	else
		put_any_message(command);
	length = used - at;
	if (once_in(16))
		length = once_in(2) ? below(64) : any(&state);
	if (at + sizeof(struct nlmsghdr) <= used)
		((struct nlmsghdr *)(request + at))->nlmsg_len = length;
}

/* Answers. */

static void broken(const char *what)
{
	printf("not whole: %s\n", what);
	exit(1);
}

static void check_attributes(const char *at, size_t left, unsigned int depth)
{
	const struct nlattr *attr;

	while (left) {
		attr = (const void *)at;
		if (left < NLA_HDRLEN || attr->nla_len < NLA_HDRLEN ||
		    attr->nla_len > left)
			broken("an attribute does not fit");
		if (attr->nla_type & NLA_F_NESTED && depth < 4)
			check_attributes(at + NLA_HDRLEN,
					 attr->nla_len - NLA_HDRLEN, depth + 1);
		if ((size_t)NLA_ALIGN(attr->nla_len) >= left)
			break;
		left -= NLA_ALIGN(attr->nla_len);
		at += NLA_ALIGN(attr->nla_len);
	}
}

static void take_object(const struct genlmsghdr *genl, size_t size)
{
	const struct nlattr *attr = (const void *)(genl + 1);

	objects++;
	check_attributes((const char *)attr, size, 0);
	if (genl->cmd >= ARRAY_SIZE(operations))
		broken("an object of no operation");
	told[genl->cmd]++;
	if (genl->cmd == KVMFAULT_CMD_VM_GET && attr->nla_type == KVMFAULT_A_VM_ID)
		memcpy(&known_vms[below(KNOWN)], attr + 1, sizeof(known_vms[0]));
}

static void take_error(int error)
{
	if (error > 0 || -error >= ERRNOS)
		broken("an error that is none");
	errors[-error]++;
}

static void take(const struct nlmsghdr *head)
{
	const char *payload = NLMSG_DATA(head);

	if (head->nlmsg_type == NLMSG_ERROR) {
		if (head->nlmsg_len < NLMSG_LENGTH(sizeof(struct nlmsgerr)))
			broken("an error is cut off");
		take_error(*(const int *)payload);
	} else if (head->nlmsg_type == NLMSG_DONE) {
		dones++;
		take_error(*(const int *)payload);
	} else if (head->nlmsg_type == family) {
		if (head->nlmsg_len < NLMSG_LENGTH(GENL_HDRLEN))
			broken("an object is cut off");
		take_object((const void *)payload,
			    head->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
	}
}

/* A buffer that is too small is part of the game: then the rest is lost. */
static bool receive(int fd, size_t room)
{
	ssize_t size = recv(fd, answer, room, MSG_DONTWAIT);
	const struct nlmsghdr *head;

	if (size < 0) {
		overruns += errno == ENOBUFS;
		return errno == ENOBUFS || errno == EINTR;
	}
	answers++;
	if ((size_t)size == room)
		return true;
	for (head = (void *)answer; NLMSG_OK(head, (size_t)size);
	     head = NLMSG_NEXT(head, size))
		take(head);
	return true;
}

/* Sockets. */

static bool is_ours(unsigned int group)
{
	unsigned int i;

	for (i = 0; i < nr_groups; i++)
		if (groups[i] == group)
			return true;
	return false;
}

/* One of ours, or of whomever. */
static void join(int fd)
{
	unsigned int group = nr_groups && once_in(2) ? groups[below(nr_groups)] :
						       below(64);
	int ret = setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			     sizeof(group));

	if (!is_ours(group))
		return;
	if (ret)
		refused++;
	else
		joined++;
}

static void open_socket(unsigned int i)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	int value = 1;

	if (fd < 0)
		die("socket");
	if (once_in(2))
		setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &value, sizeof(value));
	if (once_in(2))
		setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &value, sizeof(value));
	if (once_in(2))
		setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &value,
			   sizeof(value));
	if (once_in(4))
		join(fd);
	value = 1 << (10 + below(8));
	if (once_in(2))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof(value));
	sockets[i] = fd;
}

static void step(void)
{
	unsigned int i = below(SOCKETS), n;

	/* With whatever was not read, or half of a dump, still in it. */
	if (once_in(256)) {
		close(sockets[i]);
		open_socket(i);
	}

	used = 0;
	do {
		put_message();
	} while (once_in(8));
	if (once_in(32))
		used -= below(used);
	if (send(sockets[i], request, used, MSG_DONTWAIT) < 0 && errno < ERRNOS)
		errors[errno]++;

	for (n = below(6); n; n--)
		if (!receive(sockets[i], once_in(16) ? 1 + below(4096) :
						      sizeof(answer)))
			break;
}

#define for_each_attr(pos, nest)						\
	for (pos = (nest) + 1;							\
	     (char *)(pos + 1) <= (char *)(nest) + (nest)->nla_len &&		\
	     pos->nla_len >= NLA_HDRLEN;					\
	     pos = (const void *)((const char *)pos + NLA_ALIGN(pos->nla_len)))

/* Of each group in the nest that has them, the number. */
static void find_groups(const struct nlattr *nest)
{
	const struct nlattr *group, *attr;

	for_each_attr(group, nest) {
		for_each_attr(attr, group) {
			if (attr->nla_type == CTRL_ATTR_MCAST_GRP_ID &&
			    nr_groups < ARRAY_SIZE(groups))
				memcpy(&groups[nr_groups++], attr + 1,
				       sizeof(groups[0]));
		}
	}
}

static void find_family(void)
{
	struct nlmsghdr head = {
		.nlmsg_type = GENL_ID_CTRL,
		.nlmsg_flags = NLM_F_REQUEST,
	};
	struct genlmsghdr genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	struct nlattr attr = {
		.nla_type = CTRL_ATTR_FAMILY_NAME,
		.nla_len = NLA_HDRLEN + sizeof(KVMFAULT_FAMILY_NAME),
	};
	char *pos, *end;
	ssize_t size;

	put(&head, sizeof(head));
	put(&genl, sizeof(genl));
	put(&attr, sizeof(attr));
	put(KVMFAULT_FAMILY_NAME, sizeof(KVMFAULT_FAMILY_NAME));
	((struct nlmsghdr *)request)->nlmsg_len = used;
	open_socket(0);
	if (send(sockets[0], request, used, 0) < 0)
		die("send");
	size = recv(sockets[0], answer, sizeof(answer), 0);
	end = answer + size;
	for (pos = answer + NLMSG_LENGTH(GENL_HDRLEN); pos + NLA_HDRLEN <= end;
	     pos += NLA_ALIGN(((struct nlattr *)pos)->nla_len)) {
		if (((struct nlattr *)pos)->nla_type == CTRL_ATTR_FAMILY_ID)
			memcpy(&family, pos + NLA_HDRLEN, sizeof(family));
		if (((struct nlattr *)pos)->nla_type == CTRL_ATTR_MCAST_GROUPS)
			find_groups((void *)pos);
		if (((struct nlattr *)pos)->nla_len < NLA_HDRLEN)
			break;
	}
	close(sockets[0]);
}

static void print_all(unsigned long messages)
{
	unsigned int i;

	printf("sent %lu answers %lu objects %lu ends %lu overruns %lu\n", messages,
	       answers, objects, dones, overruns);
	printf("groups joined %lu refused %lu\n", joined, refused);
	for (i = 0; i < ERRNOS; i++)
		if (errors[i])
			printf("%s %lu\n", i ? strerrorname_np(i) : "OK", errors[i]);
	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (is_operation(i))
			printf("operation %s asked %lu told %lu\n",
			       operations[i].name, asked[i], told[i]);
}

int main(int argc, char **argv)
{
	bool netns = false, userns = false;
	unsigned long messages, n;
	long uid = 0;
	int option;

	while ((option = getopt(argc, argv, "s:nUu:q")) != -1) {
		switch (option) {
		case 's':
			state = strtoull(optarg, NULL, 0);
			break;
		case 'n':
			netns = true;
			break;
		case 'U':
			userns = true;
			break;
		case 'u':
			uid = strtol(optarg, NULL, 0);
			break;
		case 'q':
			only_ask = true;
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind + 1 != argc) {
		fputs(usage, stderr);
		return 2;
	}
	messages = strtoul(argv[optind], NULL, 0);

	/* The number is found while that is allowed: others may guess it. */
	find_family();
	if (uid && setuid(uid))
		die("setuid");
	if (userns && unshare(CLONE_NEWUSER))
		die("unshare user");
	if (netns && unshare(CLONE_NEWNET))
		die("unshare net");
	for (n = 0; n < SOCKETS; n++)
		open_socket(n);
	for (n = 0; n < messages; n++) {
		if (n && n % PROGRESS == 0)
			fprintf(stderr, "# so far: %lu messages\n", n);
		step();
	}
	print_all(messages);
	return 0;
}
