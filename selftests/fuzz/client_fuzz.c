// SPDX-License-Identifier: GPL-2.0
/*
 * What the client makes of messages: the client's own files, with sockets that
 * bring what the fuzzer has made up
 *
 * The frame of a message is right more often than not, or the fuzzer would
 * never come past it; the attributes in it are any bytes. Where the client would
 * end with a sentence, the next input begins.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <setjmp.h>
#include <stdarg.h>

#include "bytes.h"
#include "die.h"
#include "model.h"

#define FAMILY	0x21

struct mnl_socket {
	int unused;
};

static struct mnl_socket the_socket;
static struct bytes bytes;
static struct nlmsghdr asked;
static unsigned int answers;
static jmp_buf ended;

void (*die_hook)(void);

void die(enum exit_status status, const char *format, ...)
{
	(void)status;
	(void)format;
	longjmp(ended, 1);
}

void warn(const char *format, ...)
{
	(void)format;
}

void *must_alloc(void *memory)
{
	must(memory);
	return memory;
}

struct mnl_socket *mnl_socket_open(int bus)
{
	(void)bus;
	return &the_socket;
}

int mnl_socket_bind(struct mnl_socket *socket, unsigned int groups, pid_t pid)
{
	(void)socket;
	(void)groups;
	(void)pid;
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *socket, int type, void *buf,
			  socklen_t len)
{
	(void)socket;
	(void)type;
	(void)buf;
	(void)len;
	return 0;
}

int mnl_socket_close(struct mnl_socket *socket)
{
	(void)socket;
	return 0;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *socket, const void *request,
			  size_t length)
{
	(void)socket;
	memcpy(&asked, request, sizeof(asked));
	return length;
}

/* The controller's answer is right: it is not what is tried here. */
static ssize_t answer_family(void *buffer)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_seq = asked.nlmsg_seq;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	mnl_attr_put_u32(nlh, CTRL_ATTR_VERSION, KVMFAULT_FAMILY_VERSION);
	return nlh->nlmsg_len;
}

static ssize_t end(void *buffer)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_seq = asked.nlmsg_seq;
	memset(mnl_nlmsg_put_extra_header(nlh, sizeof(int)), 0, sizeof(int));
	return nlh->nlmsg_len;
}

/* libmnl takes a length with the highest bit set for a negative one. */
static void cut_lengths(char *at, ssize_t left)
{
	struct nlmsghdr *nlh;

	while (left >= (ssize_t)sizeof(*nlh)) {
		nlh = (struct nlmsghdr *)at;
		nlh->nlmsg_len &= 0xffff;
		if (nlh->nlmsg_len < sizeof(*nlh))
			break;
		at += NLMSG_ALIGN(nlh->nlmsg_len);
		left -= NLMSG_ALIGN(nlh->nlmsg_len);
	}
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *socket, void *buffer,
			    size_t size)
{
	struct nlmsghdr *nlh = buffer;
	__u8 kind, length;

	(void)socket;
	(void)size;
	if (!answers++)
		return answer_family(buffer);
	if (!bytes.left)
		return end(buffer);

	kind = bytes_u8(&bytes);
	length = bytes_u8(&bytes);
	bytes_take(&bytes, buffer, sizeof(*nlh) + length);
	if (kind & 1)
		nlh->nlmsg_len = sizeof(*nlh) + length;
	if (kind & 2)
		nlh->nlmsg_type = kind & 4 ? asked.nlmsg_type :
				  kind & 8 ? NLMSG_ERROR : NLMSG_DONE;
	if (kind & 16)
		nlh->nlmsg_seq = asked.nlmsg_seq;
	cut_lengths(buffer, sizeof(*nlh) + length);
	return sizeof(*nlh) + length;
}

static bool heard(const struct nlmsghdr *nlh, void *arg)
{
	struct memslot memslot;
	struct thread thread;
	struct alert alert;
	struct vm vm;

	(void)arg;
	switch (nl_command(nlh)) {
	case KVMFAULT_CMD_ALERT_NTF:
		model_decode_alert(nlh, &alert);
		break;
	case KVMFAULT_CMD_MEMSLOT_CHANGED_NTF:
		model_decode_memslot(nlh, &memslot);
		break;
	case KVMFAULT_CMD_VCPU_BORN_NTF:
		model_decode_thread(nlh, &thread);
		break;
	default:
		model_decode_vm(nlh, &vm);
	}
	return true;
}

static struct rows rows;

static void translate(struct nl *nl)
{
	struct translation translation = { .vm = 1 };

	model_translate(nl, &translation, KVMFAULT_A_TRANSLATION_GVA, 0x1000);
}

static void ask_one(struct nl *nl, __u8 what)
{
	static struct settings settings;
	static struct total totals[CLASSES];
	static struct info info;

	switch (what % 7) {
	case 0:
		return model_info(nl, &info);
	case 1:
		return model_settings(nl, &settings);
	case 2:
		return model_vms(nl, &rows);
	case 3:
		return model_probes(nl, &rows);
	case 4:
		return model_reset(nl, totals);
	case 5:
		return translate(nl);
	case 6:
		while (bytes.left)
			nl_listen(nl, heard, NULL);
	}
}

static void (*const tables[])(struct nl *nl, struct rows *rows,
			      const struct wanted *wanted) = {
	model_vcpus, model_latency, model_histograms, model_faults,
	model_shadows, model_hots, model_stages, model_hosts, model_stucks,
	model_asyncs, model_recents, model_setups, model_memslots,
	model_threads,
};

static void ask(struct nl *nl, __u8 what)
{
	static const struct wanted all = { UNKNOWN, UNKNOWN };
	const size_t nr = sizeof(tables) / sizeof(tables[0]);

	if (what & 1)
		ask_one(nl, what >> 1);
	else
		tables[(what >> 1) % nr](nl, &rows, &all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct nl *nl;
	__u8 what;

	/* The first answer, about the family, is none of the fuzzer's. */
	if (!nl)
		nl = nl_open();
	bytes = (struct bytes){ data, size };
	what = bytes_u8(&bytes);
	rows = ROWS(struct vm);
	if (!setjmp(ended))
		ask(nl, what);
	rows_free(&rows);
	return 0;
}
