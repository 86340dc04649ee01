// SPDX-License-Identifier: GPL-2.0
/* The way to the module: generic netlink, by libmnl */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/kvmfault.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "nl.h"

/* The kernel makes the messages of a dump as large as the buffer, up to this. */
#define NL_BUFFER	32768

/* How often a dump is asked for again that was torn, before it is taken as is. */
#define NL_TRIES	5

/* The last of the kernel's error numbers. */
#define ERRNO_MAX	4095

struct nl {
	struct mnl_socket *socket;
	nl_name_t name;
	unsigned int seq;
	uint16_t family;
	uint32_t version;
	uint32_t group[NL_GROUPS];
	char request[1024];
	char answer[NL_BUFFER];
	bool lost;
	bool torn;
};

/**
 * struct answer - what one request is answered with, while it comes in
 * @decode: who takes the messages
 * @to: where to
 * @torn: the kernel said that rows came or went meanwhile
 * @done: nothing more will come
 */
struct answer {
	nl_decode_t decode;
	void *to;
	bool torn;
	bool done;
};

static const char *const group_names[NL_GROUPS] = {
	[NL_GROUP_VM] = KVMFAULT_MCGRP_VM,
	[NL_GROUP_ALERT] = KVMFAULT_MCGRP_ALERT,
	[NL_GROUP_SETUP] = KVMFAULT_MCGRP_SETUP,
};

uint8_t nl_command(const struct nlmsghdr *nlh)
{
	return ((struct genlmsghdr *)mnl_nlmsg_get_payload(nlh))->cmd;
}

static struct nlmsghdr *request(struct nl *nl, uint16_t type, uint8_t command,
				uint8_t version)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->request);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = command;
	genl->version = version;
	return nlh;
}

struct nlmsghdr *nl_request(struct nl *nl, uint8_t command)
{
	return request(nl, nl->family, command, KVMFAULT_FAMILY_VERSION);
}

/* What the user typed may be longer than any name. */
void nl_put_text(struct nl *nl, struct nlmsghdr *nlh, uint16_t attribute,
		 const char *text)
{
	if (!mnl_attr_put_strz_check(nlh, sizeof(nl->request), attribute, text))
		die(EXIT_USAGE, "there is no such long name as '%.20s...'", text);
}

static void no_module(void)
{
	if (!access("/sys/module/kvmfault", F_OK))
		die(EXIT_NO_MODULE,
		    "the kvmfault module is loaded, but answers in the initial network namespace only");
	die(EXIT_NO_MODULE,
	    "the kvmfault module is not loaded: try modprobe kvmfault");
}

__noreturn static void unloaded(void)
{
	die(EXIT_NO_MODULE, "the kvmfault module was unloaded meanwhile");
}

/* What is not there is a VM, but for probes. */
static bool is_about_vms(const struct nlmsghdr *asked)
{
	return nl_command(asked) != KVMFAULT_CMD_PROBE_GET &&
	       nl_command(asked) != KVMFAULT_CMD_PROBE_SET;
}

/**
 * struct refusal - what the kernel says about a request that went wrong
 * @error: the errno
 * @sentence: why; NULL if it says no more
 * @attribute: what it points at; NULL if that is no attribute
 */
struct refusal {
	int error;
	const char *sentence;
	const struct nlattr *attribute;
};

/* The extended acknowledgment begins at @offset. */
static void read_refusal(struct refusal *refusal, const struct nlmsghdr *asked,
			 const struct nlmsghdr *nlh, size_t offset)
{
	const struct nlattr *attr;
	uint32_t at;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    offset > mnl_nlmsg_get_payload_len(nlh))
		return;
	mnl_attr_for_each(attr, nlh, offset) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			refusal->sentence = mnl_attr_get_str(attr);
		if (mnl_attr_get_type(attr) != NLMSGERR_ATTR_OFFS ||
		    mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
			continue;
		at = mnl_attr_get_u32(attr);
		if (at <= asked->nlmsg_len - sizeof(*attr))
			refusal->attribute = (const void *)((const char *)asked + at);
	}
}

static const char *name_of(const struct nl *nl, const struct refusal *refusal)
{
	if (!nl->name || !refusal->attribute)
		return NULL;
	return nl->name(mnl_attr_get_type(refusal->attribute));
}

/* What the kernel says for itself is better than anything said here. */
static void refused(const struct nl *nl, const struct nlmsghdr *asked,
		    const struct refusal *refusal)
{
	const char *name = name_of(nl, refusal), *sentence = refusal->sentence;
	int error = refusal->error;

	if (asked->nlmsg_type == GENL_ID_CTRL && error == ENOENT)
		no_module();
	/*
	 * Unloaded after it was found, and perhaps loaded anew: the number of the
	 * family is nobody's. The module itself never refuses without a sentence.
	 */
	if (error == ENOENT && !sentence)
		unloaded();
	if (error == EPERM)
		die(EXIT_PERMISSION,
		    "this takes CAP_NET_ADMIN: run it as root");
	if (error == EOPNOTSUPP && !sentence)
		die(EXIT_VERSION,
		    "the loaded kvmfault module is older than this client and does not know this command");
	die(is_about_vms(asked) && error == ENOENT ? EXIT_NO_VM : EXIT_REFUSED,
	    "%s%s%s", name ? name : "", name ? ": " : "",
	    sentence ? sentence : strerror(error));
}

/* @error: as the kernel has it in an answer, where it is negative. */
static int errno_of(int error)
{
	if (error > 0 || error < -ERRNO_MAX)
		die(EXIT_REFUSED, "the kernel's answer is no error that there is");
	return -error;
}

static void take_error(const struct nl *nl, const struct nlmsghdr *asked,
		       const struct nlmsghdr *nlh, struct answer *answer)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(nlh);
	struct refusal refusal = { 0 };
	size_t offset = sizeof(*error);

	answer->done = true;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*error))
		die(EXIT_REFUSED, "the kernel's answer is cut off");
	refusal.error = errno_of(error->error);
	/* The request is repeated in full, unless all is well or this is capped. */
	if (error->error && !(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += error->msg.nlmsg_len - sizeof(error->msg);
	read_refusal(&refusal, asked, nlh, offset);
	if (error->error)
		refused(nl, asked, &refusal);
	else if (refusal.sentence)
		warn("%s", refusal.sentence);
}

static void take_end(const struct nl *nl, const struct nlmsghdr *asked,
		     const struct nlmsghdr *nlh, struct answer *answer)
{
	const int *error = mnl_nlmsg_get_payload(nlh);
	struct refusal refusal = { 0 };

	answer->done = true;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*error) || *error >= 0)
		return;
	refusal.error = errno_of(*error);
	read_refusal(&refusal, asked, nlh, sizeof(*error));
	refused(nl, asked, &refusal);
}

static void take(const struct nl *nl, const struct nlmsghdr *asked,
		 const struct nlmsghdr *nlh, struct answer *answer)
{
	/* Left over from what was asked before. */
	if (nlh->nlmsg_seq != asked->nlmsg_seq)
		return;

	answer->torn |= nlh->nlmsg_flags & NLM_F_DUMP_INTR;
	if (nlh->nlmsg_type == NLMSG_ERROR)
		take_error(nl, asked, nlh, answer);
	else if (nlh->nlmsg_type == NLMSG_DONE)
		take_end(nl, asked, nlh, answer);
	else if (nlh->nlmsg_type == asked->nlmsg_type && answer->decode)
		answer->decode(nlh, answer->to);
}

static int receive(struct nl *nl)
{
	int length;

	do {
		length = mnl_socket_recvfrom(nl->socket, nl->answer,
					     sizeof(nl->answer));
	} while (length < 0 && errno == EINTR);
	return length;
}

static void transact(struct nl *nl, struct nlmsghdr *asked,
		     struct answer *answer)
{
	const struct nlmsghdr *nlh;
	int length;

	asked->nlmsg_seq = ++nl->seq;
	if (mnl_socket_sendto(nl->socket, asked, asked->nlmsg_len) < 0)
		die(EXIT_REFUSED, "cannot ask the kernel: %s", strerror(errno));

	while (!answer->done) {
		length = receive(nl);
		if (length < 0)
			die(EXIT_REFUSED, "cannot hear the kernel: %s",
			    strerror(errno));
		for (nlh = (void *)nl->answer; mnl_nlmsg_ok(nlh, length);
		     nlh = mnl_nlmsg_next(nlh, &length))
			take(nl, asked, nlh, answer);
	}
}

void nl_do(struct nl *nl, struct nlmsghdr *nlh, nl_decode_t decode,
	   void *to)
{
	struct answer answer = { .decode = decode, .to = to };

	transact(nl, nlh, &answer);
}

/* A request without an answer; @name is for a refusal that points. */
void nl_change(struct nl *nl, struct nlmsghdr *nlh, nl_name_t name)
{
	nl->name = name;
	nl_do(nl, nlh, NULL, NULL);
	nl->name = NULL;
}

void nl_dump(struct nl *nl, struct nlmsghdr *nlh, nl_decode_t decode,
	     struct rows *rows)
{
	unsigned int tries;

	nlh->nlmsg_flags |= NLM_F_DUMP;
	for (tries = 0; tries < NL_TRIES; tries++) {
		struct answer answer = { .decode = decode, .to = rows };

		rows->nr = 0;
		transact(nl, nlh, &answer);
		if (!answer.torn)
			return;
	}
	nl->torn = true;
	warn("VMs came and went faster than they could be read: some may be missing");
}

/* Has a dump been taken as it was, with rows missing? */
bool nl_torn(const struct nl *nl)
{
	return nl->torn;
}

static void decode_group(struct nl *nl, const struct nlattr *nest)
{
	const struct nlattr *attr;
	const char *name = "";
	uint32_t id = 0;
	int i;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			name = mnl_attr_get_str(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
			id = mnl_attr_get_u32(attr);
	}
	for (i = 0; i < NL_GROUPS; i++)
		if (!strcmp(name, group_names[i]))
			nl->group[i] = id;
}

static void decode_family(const struct nlmsghdr *nlh, void *to)
{
	const struct nlattr *attr, *nest;
	struct nl *nl = to;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_FAMILY_ID:
			nl->family = mnl_attr_get_u16(attr);
			break;
		case CTRL_ATTR_VERSION:
			nl->version = mnl_attr_get_u32(attr);
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			mnl_attr_for_each_nested(nest, attr)
				decode_group(nl, nest);
			break;
		}
	}
}

static void check_version(const struct nl *nl)
{
	if (nl->version < KVMFAULT_FAMILY_VERSION)
		die(EXIT_VERSION,
		    "the loaded kvmfault module is older than this client (interface %u, not %u): update the module",
		    nl->version, KVMFAULT_FAMILY_VERSION);
	if (nl->version > KVMFAULT_FAMILY_VERSION)
		die(EXIT_VERSION,
		    "this client is older than the loaded kvmfault module (interface %u, not %u): update the client",
		    KVMFAULT_FAMILY_VERSION, nl->version);
}

static void resolve(struct nl *nl)
{
	struct nlmsghdr *nlh = request(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, KVMFAULT_FAMILY_NAME);
	nl_do(nl, nlh, decode_family, nl);
	check_version(nl);
}

struct nl *nl_open(void)
{
	struct nl *nl = must_alloc(calloc(1, sizeof(*nl)));
	int on = 1;

	nl->socket = mnl_socket_open(NETLINK_GENERIC);
	if (!nl->socket ||
	    mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		die(EXIT_REFUSED, "cannot open a netlink socket: %s",
		    strerror(errno));

	/* Without these there are less words, but nothing else is lost. */
	mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	resolve(nl);
	return nl;
}

void nl_close(struct nl *nl)
{
	mnl_socket_close(nl->socket);
	free(nl);
}

/* Who is in a group of the module is in none when it goes, and is not told. */
static void check_loaded(const struct nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	if (nlh->nlmsg_type != GENL_ID_CTRL || nl_command(nlh) != CTRL_CMD_DELFAMILY)
		return;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_get_u16(attr) == nl->family)
			unloaded();
}

/* No module was ever without any, unless on a kernel that cannot guard them. */
static bool has_groups(const struct nl *nl)
{
	int i;

	for (i = 0; i < NL_GROUPS; i++)
		if (nl->group[i])
			return true;
	return false;
}

void nl_join(struct nl *nl, enum nl_group group)
{
	int id = nl->group[group], notify = GENL_ID_CTRL;

	if (!has_groups(nl))
		die(EXIT_REFUSED,
		    "there are no multicast groups, so no notifications: this kernel cannot guard one, or its log says why");
	if (!id)
		die(EXIT_VERSION,
		    "the loaded kvmfault module is older than this client and has no notifications of %s",
		    group_names[group]);
	if (mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP, &id,
				  sizeof(id)) < 0)
		die(errno == EPERM ? EXIT_PERMISSION : EXIT_REFUSED,
		    "cannot listen to %s: %s", group_names[group],
		    errno == EPERM ? "run it as root" : strerror(errno));
	/* The one group of nlctrl, which has its number. */
	mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP, &notify,
			      sizeof(notify));
}

static bool is_more(const struct nl *nl)
{
	struct pollfd fd = { .fd = mnl_socket_get_fd(nl->socket), .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

/**
 * nl_listen() - hear what comes next from the groups joined
 * @nl: a socket that has joined some
 * @heard: called for each notification, until it returns false
 * @arg: handed to it
 *
 * Return: false if notifications were lost, once those from before are heard:
 * until then the kernel drops what comes, without a word.
 */
bool nl_listen(struct nl *nl, bool (*heard)(const struct nlmsghdr *nlh, void *arg),
	       void *arg)
{
	int length = mnl_socket_recvfrom(nl->socket, nl->answer,
					 sizeof(nl->answer));
	const struct nlmsghdr *nlh;

	if (length < 0 && errno == EINTR)
		return true;
	if (length < 0 && errno != ENOBUFS)
		die(EXIT_REFUSED, "cannot hear the kernel: %s", strerror(errno));
	nl->lost |= length < 0;

	for (nlh = (void *)nl->answer; mnl_nlmsg_ok(nlh, length);
	     nlh = mnl_nlmsg_next(nlh, &length)) {
		check_loaded(nl, nlh);
		if (nlh->nlmsg_type == nl->family && !heard(nlh, arg))
			break;
	}
	if (!nl->lost || is_more(nl))
		return true;
	nl->lost = false;
	return false;
}
