// SPDX-License-Identifier: GPL-2.0
/*
 * Speak to the netlink family kvmfault, rightly and wrongly, and print what it
 * says, one message a line. For the cases of the lab: no library is needed.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/net_namespace.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/kvmfault.h>

#include "../program.h"
#include "family.h"

static const char usage[] =
"nltest [OPTION...] do|dump OPERATION [ATTRIBUTE=VALUE...]\n"
"nltest [OPTION...] listen GROUP SECONDS [COUNT]\n"
"nltest [OPTION...] overhear SECONDS   whatever is told to any group, of which it\n"
"                     joins all numbers, whether or not a family has them\n"
"nltest requests      all that can be asked, as do or dump OPERATION\n"
"nltest dumps         the OPERATIONs of which there is a dump\n"
"  -b BYTES    receive with a buffer of this size (default 32768)\n"
"  -d          deaf: with no room for the answer, and without waiting for one\n"
"  -e          senders are to know that there is no room (NETLINK_BROADCAST_ERROR)\n"
"  -n          from a network namespace of its own\n"
"  -N          the same, with the family's numbers known and an id for the\n"
"              namespace that it comes from, to hear of it if that is allowed\n"
"  -p COMMAND  after the first part of a dump is made, run this\n"
"  -q          print nothing of what was received\n"
"  -u UID      as this user\n"
"  -x N:HEX    one more attribute, number and payload as given\n"
"Exit: 0, or 1 if the kernel refused, with a line 'error ERRNO [offset=N]\n"
"[message]', or 2 if something else went wrong.\n";

/* More than the kernel lets anybody join while no family has them. */
#define GENL_NUMBERS 1024

static char *buffer;
static size_t buffer_size = 32768;
static const char *pause_command;
static int sock;
static unsigned short family_id;
static unsigned int group_id;
static unsigned int sequence = 1;

static union {
	struct nlmsghdr head;
	char bytes[4096];
} request;

static struct nlmsghdr *request_begin(unsigned short type, unsigned char cmd,
				      unsigned short flags)
{
	struct nlmsghdr *head = &request.head;
	struct genlmsghdr *genl;

	memset(&request, 0, sizeof(request));
	head->nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	head->nlmsg_type = type;
	head->nlmsg_flags = NLM_F_REQUEST | flags;
	head->nlmsg_seq = sequence;
	genl = NLMSG_DATA(head);
	genl->cmd = cmd;
	genl->version = KVMFAULT_FAMILY_VERSION;
	return head;
}

static void request_add(unsigned short type, const void *data, size_t size)
{
	struct nlmsghdr *head = &request.head;
	struct nlattr *attr = (void *)(request.bytes + NLMSG_ALIGN(head->nlmsg_len));

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + size;
	memcpy((char *)attr + NLA_HDRLEN, data, size);
	head->nlmsg_len = NLMSG_ALIGN(head->nlmsg_len) + NLA_ALIGN(attr->nla_len);
}

static void request_send(void)
{
	struct nlmsghdr *head = &request.head;

	if (send(sock, head, head->nlmsg_len, 0) < 0)
		die("send");
}

static void number_add(unsigned short type, const struct attribute *attribute,
		       const char *text)
{
	unsigned long long u64 = strtoull(text, NULL, 0);
	unsigned int i, u32 = u64;

	for (i = 0; attribute->values && attribute->values[i]; i++)
		if (!strcmp(attribute->values[i], text))
			u32 = i;
	if (attribute->type == TYPE_U32)
		request_add(type, &u32, sizeof(u32));
	else
		request_add(type, &u64, sizeof(u64));
}

static void attribute_add(const struct attribute *set, const char *text)
{
	const char *value = strchr(text, '=');
	unsigned short type;

	for (type = 1; value && set[type].name; type++) {
		if (strlen(set[type].name) != (size_t)(value - text) ||
		    strncmp(set[type].name, text, value - text))
			continue;
		if (set[type].type == TYPE_STRING)
			request_add(type, value + 1, strlen(value + 1) + 1);
		else
			number_add(type, &set[type], value + 1);
		return;
	}
	printf("failed: no attribute %s\n", text);
	exit(2);
}

/* N:HEX */
static void raw_add(const char *text)
{
	char byte[3] = "", *hex;
	unsigned char payload[1024];
	size_t size = 0;
	unsigned short type = strtoul(text, &hex, 0);

	for (hex++; isxdigit(hex[0]) && isxdigit(hex[1]); hex += 2) {
		memcpy(byte, hex, 2);
		payload[size++] = strtoul(byte, NULL, 16);
	}
	request_add(type, payload, size);
}

static void print_attributes(const struct attribute *set, const void *from,
			     size_t size);

static void print_attribute(const struct attribute *attribute,
			    const struct nlattr *attr)
{
	const void *payload = (const char *)attr + NLA_HDRLEN;
	unsigned long long u64;
	unsigned int u32;

	switch (attribute->type) {
	case TYPE_U32:
		memcpy(&u32, payload, sizeof(u32));
		if (attribute->values)
			printf("%s", attribute->values[u32]);
		else
			printf("%u", u32);
		break;
	case TYPE_U64:
		memcpy(&u64, payload, sizeof(u64));
		printf("%llu", u64);
		break;
	case TYPE_STRING:
		printf("'%s'", (const char *)payload);
		break;
	case TYPE_NEST:
		printf("{");
		print_attributes(attribute->nested, payload,
				 attr->nla_len - NLA_HDRLEN);
		printf(" }");
		break;
	}
}

static void print_attributes(const struct attribute *set, const void *from,
			     size_t size)
{
	const struct nlattr *attr = from;

	while (size >= NLA_HDRLEN) {
		printf(" %s=", set[attr->nla_type & NLA_TYPE_MASK].name);
		print_attribute(&set[attr->nla_type & NLA_TYPE_MASK], attr);
		if ((size_t)NLA_ALIGN(attr->nla_len) >= size)
			break;
		size -= NLA_ALIGN(attr->nla_len);
		attr = (const void *)((const char *)attr +
				      NLA_ALIGN(attr->nla_len));
	}
}

static void print_message(const struct nlmsghdr *head)
{
	const struct genlmsghdr *genl = NLMSG_DATA(head);

	printf("%s", operations[genl->cmd].name);
	print_attributes(operations[genl->cmd].set, (const char *)genl + GENL_HDRLEN,
			 head->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
	printf("\n");
}

/* The extended ack behind an error, a warning or at the end of a dump. */
static void print_ack(int error, const struct nlmsghdr *head, size_t skip)
{
	const char *end = (const char *)head + head->nlmsg_len;
	const char *pos = (const char *)NLMSG_DATA(head) + skip;
	const char *message = NULL;
	const struct nlattr *attr;
	unsigned int offset;

	if (error)
		printf("error %s", strerrorname_np(-error));
	for (; head->nlmsg_flags & NLM_F_ACK_TLVS && pos + NLA_HDRLEN <= end;
	     pos += NLA_ALIGN(attr->nla_len)) {
		attr = (const void *)pos;
		if (error && attr->nla_type == NLMSGERR_ATTR_OFFS) {
			memcpy(&offset, pos + NLA_HDRLEN, sizeof(offset));
			printf(" offset=%u", offset);
		} else if (attr->nla_type == NLMSGERR_ATTR_MSG) {
			message = pos + NLA_HDRLEN;
		}
	}
	if (error)
		printf("%s%s\n", message ? " " : "", message ?: "");
	else if (message)
		printf("warning %s\n", message);
}

/* What is lost may be the answer that is waited for. */
static void say_overrun(void)
{
	const struct timeval patience = { .tv_sec = 20 };

	printf("overrun\n");
	fflush(stdout);
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

static size_t receive(void)
{
	ssize_t size = recv(sock, buffer, buffer_size, MSG_TRUNC);

	if (size < 0) {
		if (errno == ENOBUFS) {
			say_overrun();
			return 0;
		}
		die("recv");
	}
	if ((size_t)size > buffer_size) {
		printf("failed: %zd bytes do not fit in %zu\n", size, buffer_size);
		exit(2);
	}
	return size;
}

/* What came of a request so far. */
static int result;
static bool finished, interrupted, quiet;
static unsigned int messages;

static void take(const struct nlmsghdr *head)
{
	const int *error = NLMSG_DATA(head);
	size_t skip;

	if (head->nlmsg_flags & NLM_F_DUMP_INTR)
		interrupted = true;

	switch (head->nlmsg_type) {
	case NLMSG_ERROR:
		finished = true;
		result = *error;
		/* The ack is capped: only the header of the request follows. */
		skip = sizeof(int) + sizeof(struct nlmsghdr);
		print_ack(result, head, skip);
		break;
	case NLMSG_DONE:
		finished = true;
		result = *error;
		if (result < 0)
			print_ack(result, head, sizeof(int));
		break;
	default:
		messages++;
		if (!quiet)
			print_message(head);
	}
}

static void take_all(size_t size)
{
	const struct nlmsghdr *head;

	for (head = (void *)buffer; NLMSG_OK(head, size);
	     head = NLMSG_NEXT(head, size))
		take(head);
}

static int ask(void)
{
	request_send();
	/* The kernel makes the next part when one is received, so before that. */
	if (pause_command && system(pause_command))
		die(pause_command);
	while (!finished)
		take_all(receive());
	return result < 0;
}

/* What is unread of an answer to something else takes all the room there is. */
static int ask_deaf(void)
{
	char asked[sizeof(request)];
	int least = 1;

	if (setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least)))
		die("setsockopt");
	memcpy(asked, &request, sizeof(asked));
	request_begin(family_id, KVMFAULT_CMD_INFO_GET, 0);
	request_send();
	memcpy(&request, asked, sizeof(asked));
	request_send();
	return 0;
}

/* The family and the group by name, from the controller. */
static void find_group(const struct nlattr *groups, const char *wanted)
{
	const char *end = (const char *)groups + groups->nla_len;
	const char *pos = (const char *)groups + NLA_HDRLEN, *in;
	const struct nlattr *group, *attr;
	unsigned int id = 0;
	bool same = false;

	for (; pos < end; pos += NLA_ALIGN(group->nla_len)) {
		group = (const void *)pos;
		for (in = pos + NLA_HDRLEN; in < pos + group->nla_len;
		     in += NLA_ALIGN(attr->nla_len)) {
			attr = (const void *)in;
			if (attr->nla_type == CTRL_ATTR_MCAST_GRP_ID)
				memcpy(&id, in + NLA_HDRLEN, sizeof(id));
			else
				same = !strcmp(in + NLA_HDRLEN, wanted);
			if (same && id)
				group_id = id;
		}
		same = false;
		id = 0;
	}
}

static void family_read(const struct nlmsghdr *head, const char *group)
{
	const char *end = (const char *)head + head->nlmsg_len;
	const char *pos = (const char *)NLMSG_DATA(head) + GENL_HDRLEN;
	const struct nlattr *attr;

	for (; pos < end; pos += NLA_ALIGN(attr->nla_len)) {
		attr = (const void *)pos;
		if (attr->nla_type == CTRL_ATTR_FAMILY_ID)
			memcpy(&family_id, pos + NLA_HDRLEN, sizeof(family_id));
		else if (attr->nla_type == CTRL_ATTR_MCAST_GROUPS && group)
			find_group(attr, group);
	}
}

static void find_family(const char *group)
{
	struct nlmsghdr *head = (struct nlmsghdr *)buffer;

	request_begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	request_add(CTRL_ATTR_FAMILY_NAME, KVMFAULT_FAMILY_NAME,
		    sizeof(KVMFAULT_FAMILY_NAME));
	request_send();
	receive();
	if (head->nlmsg_type == NLMSG_ERROR) {
		print_ack(*(int *)NLMSG_DATA(head), head,
			  sizeof(int) + sizeof(struct nlmsghdr));
		exit(1);
	}
	family_read(head, group);
}

/* Who has neither sent nor bound has no number, and nothing is told to him. */
static void open_socket(void)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int on = 1;

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sock < 0)
		die("socket");
	if (bind(sock, (const struct sockaddr *)&address, sizeof(address)))
		die("bind");
	setsockopt(sock, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(sock, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
}

static unsigned char find_operation(const char *name)
{
	unsigned int i;

	for (i = 1; i < ARRAY_SIZE(operations); i++)
		if (!strcmp(operations[i].name, name))
			return i;
	printf("failed: no operation %s\n", name);
	exit(2);
}

static int print_dumps(void)
{
	unsigned int i;

	for (i = 1; i < ARRAY_SIZE(operations); i++)
		if (operations[i].may_dump)
			printf("%s\n", operations[i].name);
	return 0;
}

static int print_requests(void)
{
	unsigned int i;

	for (i = 1; i < ARRAY_SIZE(operations); i++) {
		if (operations[i].may_do)
			printf("do %s\n", operations[i].name);
		if (operations[i].may_dump)
			printf("dump %s\n", operations[i].name);
	}
	return 0;
}

/* Whoever hears of another namespace does so by an id that its own has for it. */
static void give_id(int netns)
{
	struct {
		struct nlmsghdr head;
		struct rtgenmsg message __attribute__((aligned(NLMSG_ALIGNTO)));
		struct nlattr id_head __attribute__((aligned(NLA_ALIGNTO)));
		int id;
		struct nlattr fd_head;
		int fd;
	} order = {
		.head = {
			.nlmsg_len = sizeof(order),
			.nlmsg_type = RTM_NEWNSID,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.id_head = { NLA_HDRLEN + sizeof(int), NETNSA_NSID },
		.id = NETNSA_NSID_NOT_ASSIGNED,
		.fd_head = { NLA_HDRLEN + sizeof(int), NETNSA_FD },
		.fd = netns,
	};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char rest[512];
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || send(fd, &order, sizeof(order), 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < 0)
		die("RTM_NEWNSID");
	errno = -answer.error.error;
	if (errno)
		die("RTM_NEWNSID");
	close(fd);
}

static void enter_netns(bool with_id)
{
	int from = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (from < 0 || unshare(CLONE_NEWNET))
		die("unshare");
	if (with_id)
		give_id(from);
	close(from);
}

static bool join(unsigned int group)
{
	return !setsockopt(sock, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			   sizeof(group));
}

static void listen_on(int seconds, unsigned int count)
{
	struct pollfd poll_fd = { .fd = sock, .events = POLLIN };
	struct timespec now;
	long end;

	printf("listening\n");
	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + seconds;
	while (messages < count && now.tv_sec < end) {
		fflush(stdout);
		if (poll(&poll_fd, 1, 100) > 0)
			take_all(receive());
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
}

static int listen_to(const char *group, int seconds, unsigned int count)
{
	if (!group_id) {
		printf("failed: no group %s\n", group);
		return 2;
	}
	if (!join(group_id)) {
		printf("error %s\n", strerrorname_np(errno));
		return 1;
	}
	listen_on(seconds, count);
	return 0;
}

/* But for the group of the controller, whose messages are none of the family. */
static int overhear(int seconds)
{
	unsigned int group, joined = 0;

	open_socket();
	for (group = 1; group < GENL_NUMBERS; group++) {
		if (group != GENL_ID_CTRL)
			joined += join(group);
	}
	printf("joined %u\n", joined);
	listen_on(seconds, -1);
	return 0;
}

int main(int argc, char **argv)
{
	const char *raw[16];
	unsigned int i, nr_raw = 0;
	bool netns = false, knowing = false, deaf = false, exacting = false;
	int option, ret, on = 1;
	unsigned char cmd;
	long uid = 0;

	setvbuf(stdout, NULL, _IOFBF, 65536);
	while ((option = getopt(argc, argv, "+b:denNp:qu:x:")) != -1) {
		switch (option) {
		case 'b':
			buffer_size = strtoul(optarg, NULL, 0);
			break;
		case 'd':
			deaf = true;
			break;
		case 'e':
			exacting = true;
			break;
		case 'n':
			netns = true;
			break;
		case 'N':
			knowing = true;
			break;
		case 'p':
			pause_command = optarg;
			break;
		case 'q':
			quiet = true;
			break;
		case 'u':
			uid = strtol(optarg, NULL, 0);
			break;
		case 'x':
			raw[nr_raw++ % 16] = optarg;
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	argv += optind;
	argc -= optind;
	if (argc == 1 && !strcmp(argv[0], "requests"))
		return print_requests();
	if (argc == 1 && !strcmp(argv[0], "dumps"))
		return print_dumps();
	buffer = malloc(buffer_size);
	if (argc < 2 || !buffer) {
		fputs(usage, stderr);
		return 2;
	}

	if (!strcmp(argv[0], "overhear"))
		return overhear(atoi(argv[1]));
	if (knowing) {
		open_socket();
		find_family(argv[1]);
		close(sock);
	}
	if (netns || knowing)
		enter_netns(knowing);
	if (uid && setuid(uid))
		die("setuid");
	open_socket();
	if (knowing)
		setsockopt(sock, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &on,
			   sizeof(on));
	else
		find_family(argv[1]);

	if (exacting)
		setsockopt(sock, SOL_NETLINK, NETLINK_BROADCAST_ERROR, &on,
			   sizeof(on));
	if (!strcmp(argv[0], "listen")) {
		ret = listen_to(argv[1], argc > 2 ? atoi(argv[2]) : 1,
				argc > 3 ? atoi(argv[3]) : -1);
		return ret;
	}

	/* Who has memory fail lets it fail here, and not who looked for the family. */
	prctl(PR_SET_NAME, "nltest-asks");
	cmd = find_operation(argv[1]);
	request_begin(family_id, cmd, strcmp(argv[0], "dump") ?
				      NLM_F_ACK : NLM_F_DUMP);
	for (i = 2; i < (unsigned int)argc; i++)
		attribute_add(operations[cmd].set, argv[i]);
	for (i = 0; i < nr_raw; i++)
		raw_add(raw[i]);
	ret = deaf ? ask_deaf() : ask();
	if (interrupted)
		printf("interrupted\n");
	return ret;
}
