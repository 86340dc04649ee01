// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel made of paper: the client's tests link it in place of libmnl's
 * sockets, so that the client runs as it is, on any machine and without root.
 *
 * KVMFAULT_TEST says which kernel:
 *	(nothing)	a module with three VMs, which fault at a steady rate
 *	absent		no module
 *	older, newer	a module that speaks another version
 *	lacking		a module that knows none of the commands, nor all groups
 *	unguarded	a kernel that cannot guard groups, so there are none
 *	forbidden	nobody is allowed anything
 *	torn		the first dump of each kind misses rows and says so
 *	torn-always	every dump does
 *	torn-long	so do all of the first looks
 *	dying		the VMs go away between two looks
 *	reset		the counts are reset between two looks
 *	empty		no VM has faulted
 *	off		recent, hot and stages are off
 *	names		the VMs have names that are easily taken for something else,
 *			and of the first one no process is known
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/kvmfault.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../../module/histogram.h"

#define FAMILY		0x21
#define CLASSES		4
#define MANY		64
#define PART		4

#define GROUP_VM	1
#define GROUP_ALERT	2
#define GROUP_SETUP	3

struct mnl_socket {
	char queue[MANY * 4096];
	size_t length[MANY];
	unsigned int first, last;
	bool listens;
	unsigned int hears;	/* a bit for each group */
	unsigned int heard;
};

static const struct vm {
	uint64_t id;
	uint32_t pid;
	const char *comm;
	const char *other;
	unsigned int vcpus;
	unsigned int weight;
} vms[] = {
	{ 0, 0, NULL, NULL, 5, 3 },
	{ 1, 4101, "qemu-system-x86", "-", 2, 100 },
	{ 2, 4188, "we\"ird\\\n", "guest-7", 1, 7 },
	{ 7, 4188, "kvmfault-guest", "guest", 4, 1 },
};

#define NR_VMS	(sizeof(vms) / sizeof(vms[0]))

/* How often VMs were looked at: from look to look they have faulted more. */
static unsigned int looks;
static struct timespec clock_now = { .tv_sec = 1000 };

static bool is_kernel(const char *name)
{
	const char *asked = getenv("KVMFAULT_TEST");

	return asked && !strcmp(asked, name);
}

/* Pauses take no time, and are as long as they shall be. */
int clock_gettime(clockid_t id, struct timespec *time)
{
	if (isatty(STDOUT_FILENO))
		return syscall(SYS_clock_gettime, id, time);
	*time = clock_now;
	return 0;
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
	(void)left;
	clock_now.tv_sec += time->tv_sec;
	clock_now.tv_nsec += time->tv_nsec;
	if (clock_now.tv_nsec >= 1000000000) {
		clock_now.tv_nsec -= 1000000000;
		clock_now.tv_sec++;
	}
	return 0;
}

/* Shadow paging is for a few: the VMs that are gone, and the last one. */
static bool has_class(const struct vm *vm, unsigned int class)
{
	return class != KVMFAULT_FAULT_CLASS_SHADOW || !(vm->id % 7);
}

static void fill(__u64 *bucket, const struct vm *vm, unsigned int class)
{
	unsigned int time = looks, i;

	if (is_kernel("reset") && looks > 1)
		time = 0;
	memset(bucket, 0, KVMFAULT_HIST_BUCKETS * sizeof(*bucket));
	if (class == KVMFAULT_FAULT_CLASS_MISCONFIG && vm->id == 7)
		return;
	if (!has_class(vm, class))
		return;
	for (i = 0; i < 10; i++)
		bucket[kvmfault_hist_index(1500ULL << i)] +=
			(vm->weight * (time + 1) * (class + 1)) >> i;
	if (class == KVMFAULT_FAULT_CLASS_TDP && vm->id == 1)
		bucket[KVMFAULT_HIST_LAST] = 1;
}

static uint64_t longest(const __u64 *bucket)
{
	unsigned int i;

	for (i = KVMFAULT_HIST_LAST; i && !bucket[i]; i--)
		;
	return kvmfault_hist_from(i) + (i == KVMFAULT_HIST_LAST ? 5 : 0);
}

static uint64_t shortest(const __u64 *bucket)
{
	unsigned int i;

	for (i = 0; !bucket[i]; i++)
		;
	return kvmfault_hist_from(i);
}

static uint64_t sum_of(const __u64 *bucket)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
		sum += bucket[i] * kvmfault_hist_from(i);
	return sum;
}

static void put_total(struct nlmsghdr *nlh, uint16_t type, const __u64 *bucket,
		      unsigned int class)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);
	uint64_t count = kvmfault_hist_count(bucket), max = count ? longest(bucket) : 0;

	mnl_attr_put_u32(nlh, KVMFAULT_A_TOTAL_CLASS, class);
	mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_COUNT, count);
	mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_SUM_NS, sum_of(bucket));
	if (count)
		mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_MIN_NS, shortest(bucket));
	mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_MAX_NS, max);
	mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_P50_NS,
			 kvmfault_hist_percentile(bucket, max, 500));
	mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_P90_NS,
			 kvmfault_hist_percentile(bucket, max, 900));
	mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_P99_NS,
			 kvmfault_hist_percentile(bucket, max, 990));
	mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_P999_NS,
			 kvmfault_hist_percentile(bucket, max, 999));
	if (class < KVMFAULT_FAULT_CLASS_TDP) {
		mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_USERSPACE, count / 10);
		mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_FAILED, 0);
	}
	/* Something that a later module may tell. */
	mnl_attr_put_u64(nlh, 99, 99);
	mnl_attr_nest_end(nlh, nest);
}

static void put_vm_total(struct nlmsghdr *nlh, uint16_t type,
			 const struct vm *vm, unsigned int class)
{
	__u64 bucket[KVMFAULT_HIST_BUCKETS];

	fill(bucket, vm, class);
	put_total(nlh, type, bucket, class);
}

static void put_all_totals(struct nlmsghdr *nlh, uint16_t type)
{
	__u64 bucket[KVMFAULT_HIST_BUCKETS], sum[KVMFAULT_HIST_BUCKETS];
	unsigned int class, vm, i;

	for (class = 0; class < CLASSES; class++) {
		memset(sum, 0, sizeof(sum));
		for (vm = 0; vm < NR_VMS && !is_kernel("empty"); vm++) {
			fill(bucket, &vms[vm], class);
			for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
				sum[i] += bucket[i];
		}
		put_total(nlh, type, sum, class);
	}
}

/* The next message; with @more in the datagram of the one before. */
static struct nlmsghdr *message(struct mnl_socket *socket, bool more,
				const struct nlmsghdr *asked, uint16_t type,
				uint8_t command)
{
	struct nlmsghdr *nlh;
	unsigned int at;

	if (!more || socket->last == socket->first)
		socket->length[socket->last++] = 0;
	at = socket->last - 1;
	nlh = mnl_nlmsg_put_header(socket->queue + at * 4096 + socket->length[at]);
	nlh->nlmsg_type = type;
	nlh->nlmsg_seq = asked ? asked->nlmsg_seq : 0;
	if (type >= NLMSG_MIN_TYPE) {
		struct genlmsghdr *genl =
			mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

		genl->cmd = command;
		genl->version = 1;
	}
	return nlh;
}

static void sent(struct mnl_socket *socket, const struct nlmsghdr *nlh)
{
	socket->length[socket->last - 1] += MNL_ALIGN(nlh->nlmsg_len);
}

static void put_vm(struct nlmsghdr *nlh, const struct vm *vm)
{
	unsigned int class;

	mnl_attr_put_u64(nlh, KVMFAULT_A_VM_ID, vm->id);
	if (vm->id) {
		if (vm->id != 1 || !is_kernel("names"))
			mnl_attr_put_u32(nlh, KVMFAULT_A_VM_PID, vm->pid);
		mnl_attr_put_strz(nlh, KVMFAULT_A_VM_COMM,
				  is_kernel("names") ? vm->other : vm->comm);
	}
	mnl_attr_put_u32(nlh, KVMFAULT_A_VM_STATE, !vm->id);
	mnl_attr_put_u32(nlh, KVMFAULT_A_VM_VCPUS, vm->vcpus);
	if (vm->id != 2)
		mnl_attr_put_u64(nlh, KVMFAULT_A_VM_RETRY, vm->weight * looks);
	for (class = 0; class < CLASSES; class++)
		if (has_class(vm, class))
			put_vm_total(nlh, KVMFAULT_A_VM_TOTAL, vm, class);
}

/*
 * An acknowledgment: error 0, or what was wrong; of a sentence the first attribute
 * is at fault.
 */
static void acknowledge(struct mnl_socket *socket, const struct nlmsghdr *asked,
			int error, const char *sentence)
{
	uint32_t first = MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(struct genlmsghdr));

	struct nlmsghdr *nlh = message(socket, false, asked, NLMSG_ERROR, 0);
	struct nlmsgerr *body = mnl_nlmsg_put_extra_header(nlh, sizeof(*body));

	body->error = -error;
	body->msg = *asked;
	nlh->nlmsg_flags = NLM_F_CAPPED;
	if (sentence) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, sentence);
		mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, first);
	}
	sent(socket, nlh);
}

static void end_dump(struct mnl_socket *socket, const struct nlmsghdr *asked)
{
	struct nlmsghdr *nlh = message(socket, true, asked, NLMSG_DONE, 0);

	*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = 0;
	sent(socket, nlh);
}

static uint64_t wanted(const struct nlmsghdr *asked, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, asked, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == type)
			return mnl_attr_get_payload_len(attr) == 8 ?
				mnl_attr_get_u64(attr) : mnl_attr_get_u32(attr);
	return UINT64_MAX;
}

/* The first dump of each kind is torn, if dumps are, or all of them. */
static bool is_torn(uint8_t command)
{
	static bool was[256];
	bool torn = is_kernel("torn-always") || (is_kernel("torn") && !was[command]) ||
		    (is_kernel("torn-long") && looks < 80);

	was[command] = true;
	return torn;
}

typedef void (*row_t)(struct mnl_socket *socket, const struct nlmsghdr *asked,
		      const struct vm *vm);

static struct nlmsghdr *row(struct mnl_socket *socket,
			    const struct nlmsghdr *asked, uint8_t command)
{
	/* Two messages in a datagram. */
	struct nlmsghdr *nlh = message(socket, socket->last % 2, asked, FAMILY,
				       command);

	nlh->nlmsg_flags = NLM_F_MULTI;
	return nlh;
}

static void vm_row(struct mnl_socket *socket, const struct nlmsghdr *asked,
		   const struct vm *vm)
{
	struct nlmsghdr *nlh = row(socket, asked, KVMFAULT_CMD_VM_GET);

	put_vm(nlh, vm);
	sent(socket, nlh);
}

static void vcpu_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
		      const struct vm *vm)
{
	unsigned int i, class;
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	for (i = 0; vm->id && i < vm->vcpus; i++) {
		nlh = row(socket, asked, KVMFAULT_CMD_VCPU_GET);
		mnl_attr_put_u64(nlh, KVMFAULT_A_VCPU_VM, vm->id);
		mnl_attr_put_u32(nlh, KVMFAULT_A_VCPU_ID, i);
		mnl_attr_put_u64(nlh, KVMFAULT_A_VCPU_RETRY, i);
		mnl_attr_put_u64(nlh, KVMFAULT_A_VCPU_MAX_NS, 1000000 * (i + 1));
		for (class = 0; class < CLASSES; class++) {
			if (!has_class(vm, class))
				continue;
			nest = mnl_attr_nest_start(nlh, KVMFAULT_A_VCPU_TOTAL);
			mnl_attr_put_u32(nlh, KVMFAULT_A_TOTAL_CLASS, class);
			mnl_attr_put_u64(nlh, KVMFAULT_A_TOTAL_COUNT,
					 vm->weight * (looks + 1) * (class + 1));
			mnl_attr_nest_end(nlh, nest);
		}
		sent(socket, nlh);
	}
}

static void latency_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
			 const struct vm *vm)
{
	uint64_t only = wanted(asked, KVMFAULT_A_LATENCY_CLASS);
	struct nlmsghdr *nlh;
	unsigned int class;

	for (class = 0; class < CLASSES; class++) {
		if ((only != UINT64_MAX && only != class) || !has_class(vm, class))
			continue;
		nlh = row(socket, asked, KVMFAULT_CMD_LATENCY_GET);
		mnl_attr_put_u64(nlh, KVMFAULT_A_LATENCY_VM, vm->id);
		put_vm_total(nlh, KVMFAULT_A_LATENCY_TOTAL, vm, class);
		sent(socket, nlh);
	}
}

static void put_bucket(struct nlmsghdr *nlh, unsigned int i, uint64_t count)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, KVMFAULT_A_HISTOGRAM_BUCKET);

	mnl_attr_put_u64(nlh, KVMFAULT_A_BUCKET_FROM_NS, kvmfault_hist_from(i));
	if (i != KVMFAULT_HIST_LAST)
		mnl_attr_put_u64(nlh, KVMFAULT_A_BUCKET_TO_NS, kvmfault_hist_to(i));
	mnl_attr_put_u64(nlh, KVMFAULT_A_BUCKET_COUNT, count);
	mnl_attr_nest_end(nlh, nest);
}

/* A few buckets in a message, so that there are many parts. */
static void histogram(struct mnl_socket *socket, const struct nlmsghdr *asked,
		      const struct vm *vm, unsigned int class)
{
	__u64 bucket[KVMFAULT_HIST_BUCKETS];
	struct nlmsghdr *nlh = NULL;
	unsigned int i, in_part = 0;

	fill(bucket, vm, class);
	for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++) {
		if (!bucket[i])
			continue;
		if (!nlh) {
			nlh = row(socket, asked, KVMFAULT_CMD_HISTOGRAM_GET);
			mnl_attr_put_u64(nlh, KVMFAULT_A_HISTOGRAM_VM, vm->id);
			mnl_attr_put_u32(nlh, KVMFAULT_A_HISTOGRAM_CLASS, class);
		}
		put_bucket(nlh, i, bucket[i]);
		if (++in_part % PART)
			continue;
		sent(socket, nlh);
		nlh = NULL;
	}
	if (nlh)
		sent(socket, nlh);
}

static void histogram_rows(struct mnl_socket *socket,
			   const struct nlmsghdr *asked, const struct vm *vm)
{
	uint64_t only = wanted(asked, KVMFAULT_A_HISTOGRAM_CLASS);
	unsigned int class;

	for (class = 0; class < CLASSES; class++)
		if (only == UINT64_MAX || only == class)
			histogram(socket, asked, vm, class);
}

static void fault_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
		       const struct vm *vm)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		nlh = row(socket, asked, KVMFAULT_CMD_FAULT_GET);
		mnl_attr_put_u64(nlh, KVMFAULT_A_FAULT_VM, vm->id);
		mnl_attr_put_u32(nlh, KVMFAULT_A_FAULT_ACCESS, i);
		mnl_attr_put_u32(nlh, KVMFAULT_A_FAULT_CAUSE, i);
		/* The last is of a later module. */
		mnl_attr_put_u32(nlh, KVMFAULT_A_FAULT_OUTCOME, i == 2 ? 77 : i);
		mnl_attr_put_u32(nlh, KVMFAULT_A_FAULT_LEVEL, i);
		mnl_attr_put_u64(nlh, KVMFAULT_A_FAULT_COUNT,
				 vm->weight * (looks + 1));
		mnl_attr_put_u64(nlh, KVMFAULT_A_FAULT_SUM_NS,
				 5000ULL * vm->weight * (looks + 1));
		/* The first is of an older module. */
		if (i) {
			mnl_attr_put_u32(nlh, KVMFAULT_A_FAULT_CLASS, 1 + i);
			mnl_attr_put_u32(nlh, KVMFAULT_A_FAULT_GUEST, i - 1);
		}
		sent(socket, nlh);
	}
}

/* VM 2 has none; of VM 7 an older module tells less. */
static void shadow_row(struct mnl_socket *socket, const struct nlmsghdr *asked,
		       const struct vm *vm)
{
	struct nlmsghdr *nlh;
	uint16_t type;

	if (vm->id == 2)
		return;
	nlh = row(socket, asked, KVMFAULT_CMD_SHADOW_GET);
	mnl_attr_put_u64(nlh, KVMFAULT_A_SHADOW_VM, vm->id);
	for (type = KVMFAULT_A_SHADOW_COUNT; type <= KVMFAULT_A_SHADOW_PAGES;
	     type++)
		if (vm->id != 7 || type < KVMFAULT_A_SHADOW_SYNCS)
			mnl_attr_put_u64(nlh, type, 1000 * vm->weight / type);
	sent(socket, nlh);
}

static void hot_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
		     const struct vm *vm)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; vm->id && !is_kernel("off") && i < 12; i++) {
		nlh = row(socket, asked, KVMFAULT_CMD_HOT_GET);
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOT_VM, vm->id);
		mnl_attr_put_u32(nlh, KVMFAULT_A_HOT_RANK, i + 1);
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOT_GPA, i << 21);
		mnl_attr_put_u32(nlh, KVMFAULT_A_HOT_SIZE, 1 + i % 3);
		mnl_attr_put_u32(nlh, KVMFAULT_A_HOT_ACCESS, i % 4);
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOT_COUNT,
				 100000ULL * vm->weight >> i);
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOT_ERROR, i / 4 * vm->weight);
		if (i % 4)
			mnl_attr_put_u64(nlh, KVMFAULT_A_HOT_RIP,
					 0xffffffff81000000 + i);
		sent(socket, nlh);
	}
}

/* What each stage of a fault has, of 100; the last is of a later module. */
static const struct {
	uint32_t of;
	unsigned int share;
} stages[] = {
	[KVMFAULT_FAULT_STAGE_TDP] = { 0, 100 },
	[KVMFAULT_FAULT_STAGE_FAST] = { 0, 0 },
	[KVMFAULT_FAULT_STAGE_TOPUP] = { 0, 5 },
	[KVMFAULT_FAULT_STAGE_FAULTIN] = { 0, 60 },
	[KVMFAULT_FAULT_STAGE_GUP_FAST] = { KVMFAULT_FAULT_STAGE_FAULTIN, 10 },
	[KVMFAULT_FAULT_STAGE_GUP_SLOW] = { KVMFAULT_FAULT_STAGE_FAULTIN, 45 },
	[KVMFAULT_FAULT_STAGE_WAIT] = { 0, 15 },
	[KVMFAULT_FAULT_STAGE_HELD] = { 0, 12 },
	[KVMFAULT_FAULT_STAGE_MAP] = { KVMFAULT_FAULT_STAGE_HELD, 9 },
	[KVMFAULT_FAULT_STAGE_REST] = { 0, 8 },
	[KVMFAULT_FAULT_STAGE_FAULTIN_REST] = { KVMFAULT_FAULT_STAGE_FAULTIN, 5 },
	[KVMFAULT_FAULT_STAGE_HELD_REST] = { KVMFAULT_FAULT_STAGE_HELD, 3 },
	{ 0, 1 },
};

#define STAGES	(sizeof(stages) / sizeof(stages[0]))

static void stage_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
		       const struct vm *vm)
{
	struct nlmsghdr *nlh;
	unsigned int i;
	uint64_t ns;

	for (i = 0; !is_kernel("off") && i < STAGES; i++) {
		ns = stages[i].share * 1000ULL;
		nlh = row(socket, asked, KVMFAULT_CMD_STAGE_GET);
		mnl_attr_put_u64(nlh, KVMFAULT_A_STAGE_VM, vm->id);
		mnl_attr_put_u32(nlh, KVMFAULT_A_STAGE_STAGE, i);
		if (i)
			mnl_attr_put_u32(nlh, KVMFAULT_A_STAGE_OF, stages[i].of);
		mnl_attr_put_u32(nlh, KVMFAULT_A_STAGE_STATE, ns ?
				 KVMFAULT_PROBE_STATUS_ARMED :
				 KVMFAULT_PROBE_STATUS_UNAVAILABLE);
		mnl_attr_put_u64(nlh, KVMFAULT_A_STAGE_COUNT,
				 ns ? vm->weight * 10 : 0);
		mnl_attr_put_u64(nlh, KVMFAULT_A_STAGE_SUM_NS,
				 ns * vm->weight * 10);
		mnl_attr_put_u64(nlh, KVMFAULT_A_STAGE_P50_NS, ns);
		mnl_attr_put_u64(nlh, KVMFAULT_A_STAGE_P99_NS, 2 * ns);
		mnl_attr_put_u64(nlh, KVMFAULT_A_STAGE_MAX_NS, 3 * ns);
		sent(socket, nlh);
	}
}

/* Together they are the stage gup-slow. */
static void host_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
		      const struct vm *vm)
{
	struct nlmsghdr *nlh;
	unsigned int i;
	uint64_t ns;

	for (i = 0; !is_kernel("off") && i < 2; i++) {
		ns = i ? 360000 : 10000;
		nlh = row(socket, asked, KVMFAULT_CMD_HOST_GET);
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOST_VM, vm->id);
		mnl_attr_put_u32(nlh, KVMFAULT_A_HOST_CAUSE,
				 i ? KVMFAULT_HOST_CAUSE_SWAP :
				     KVMFAULT_HOST_CAUSE_MINOR);
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOST_COUNT,
				 vm->weight * (i ? 1 : 9));
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOST_SUM_NS,
				 vm->weight * ns * (i ? 1 : 9));
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOST_P50_NS, ns);
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOST_P99_NS, 2 * ns);
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOST_MAX_NS, 3 * ns);
		sent(socket, nlh);
	}
}

/* The second VM was left to somebody by its process. */
static bool put_hold(struct nlmsghdr *nlh, const struct vm *vm)
{
	mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_VM, vm->id);
	if (vm->id == 2)
		mnl_attr_put_strz(nlh, KVMFAULT_A_SETUP_WHY,
				  "the process that ran the VM is gone");
	return vm->id != 2;
}

/* Some kernels do not count the tables of the TDP MMU. */
static void setup_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
		       const struct vm *vm)
{
	struct nlmsghdr *nlh;

	if (!vm->id)
		return;
	nlh = row(socket, asked, KVMFAULT_CMD_SETUP_GET);
	if (put_hold(nlh, vm)) {
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_MEMSLOTS, 3);
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_PAGES, 1 << 20);
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_VCPUS, vm->vcpus);
		if (vm->id == 7)
			mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_TDP_TABLES, 99);
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_SHADOW_TABLES, 0);
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_MAPS_4K, 4711);
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_MAPS_2M, 12);
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_MAPS_1G, 1);
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_MAPS_LARGE, 13);
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_PRIVATE, 0);
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_ROOT_LOADS, 16 + vm->id);
	}
	sent(socket, nlh);
}

static void put_memslot(struct nlmsghdr *nlh, unsigned int slot)
{
	mnl_attr_put_u32(nlh, KVMFAULT_A_MEMSLOT_AS, slot == 2);
	mnl_attr_put_u32(nlh, KVMFAULT_A_MEMSLOT_SLOT, slot);
	mnl_attr_put_u64(nlh, KVMFAULT_A_MEMSLOT_GPA, (uint64_t)slot << 32);
	mnl_attr_put_u64(nlh, KVMFAULT_A_MEMSLOT_HVA, 0x7f0000000000 - slot);
	mnl_attr_put_u64(nlh, KVMFAULT_A_MEMSLOT_PAGES, 1 << 18);
	mnl_attr_put_u32(nlh, KVMFAULT_A_MEMSLOT_DIRTY_LOG, slot);
	mnl_attr_put_u32(nlh, KVMFAULT_A_MEMSLOT_READONLY, slot == 1);
	mnl_attr_put_u32(nlh, KVMFAULT_A_MEMSLOT_PRIVATE, slot == 2);
	mnl_attr_put_u32(nlh, KVMFAULT_A_MEMSLOT_INTERNAL, slot == 2);
	mnl_attr_put_u32(nlh, KVMFAULT_A_MEMSLOT_GUEST_MEMFD, slot);
}

static void memslot_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
			 const struct vm *vm)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; vm->id && i < (vm->id == 2 ? 1 : 3); i++) {
		nlh = row(socket, asked, KVMFAULT_CMD_MEMSLOT_GET);
		if (put_hold(nlh, vm))
			put_memslot(nlh, i);
		sent(socket, nlh);
	}
}

/* One has not run yet. */
static void thread_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
			const struct vm *vm)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; vm->id && i < vm->vcpus; i++) {
		nlh = row(socket, asked, KVMFAULT_CMD_THREAD_GET);
		if (put_hold(nlh, vm)) {
			mnl_attr_put_u32(nlh, KVMFAULT_A_THREAD_VCPU, i);
			if (i != 1) {
				mnl_attr_put_u32(nlh, KVMFAULT_A_THREAD_TID,
						 vm->pid + i);
				mnl_attr_put_u32(nlh, KVMFAULT_A_THREAD_CPU, i);
			}
		}
		sent(socket, nlh);
	}
}

static void put_frame(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_PRESENCE,
			 KVMFAULT_PAGE_PRESENCE_RESIDENT);
	mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_PFN, 0x12345);
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_ANONYMOUS, 0);
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_SPECIAL, 0);
}

static void put_page(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_MEMORY,
			 KVMFAULT_MEMORY_KIND_FILE);
	mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_FROM, 0x7f0000000000);
	mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_TO, 0x7f0040000000);
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_SHARED, 1);
	mnl_attr_put_strz(nlh, KVMFAULT_A_TRANSLATION_FILE, "/memfd:ra\033m");
	put_frame(nlh);
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_LEVEL,
			 KVMFAULT_FAULT_LEVEL_2M);
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_WRITABLE, 1);
}

/* The VMM does not have it. */
static void put_memfd(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_AS, 0);
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_SLOT, 1);
	mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_OFFSET, 0x123);
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_MEMORY,
			 KVMFAULT_MEMORY_KIND_GUEST_MEMFD);
	put_frame(nlh);
	mnl_attr_put_strz(nlh, KVMFAULT_A_TRANSLATION_WHY, "the page is private");
}

/* One address of the VMM is in the memory of system management mode. */
static void put_mapped(struct nlmsghdr *nlh, uint64_t hva)
{
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_AS, hva == 0x7f0000200123);
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_SLOT, 0);
	mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_OFFSET, 0x100123);
	mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_MAPPING,
			 KVMFAULT_FAULT_LEVEL_2M);
	mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_HVA, 0x7f0000100123);
	put_page(nlh);
}

static void translate(struct mnl_socket *socket, const struct nlmsghdr *asked)
{
	uint64_t gva = wanted(asked, KVMFAULT_A_TRANSLATION_GVA);
	uint64_t gpa = wanted(asked, KVMFAULT_A_TRANSLATION_GPA);
	struct nlmsghdr *nlh;

	if (wanted(asked, KVMFAULT_A_TRANSLATION_VM) == 2) {
		acknowledge(socket, asked, ESRCH,
			    "the process that ran the VM is gone");
		return;
	}
	nlh = message(socket, false, asked, FAMILY, KVMFAULT_CMD_TRANSLATE);
	mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_VM, 7);
	if (gva != UINT64_MAX) {
		mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_VCPU,
				 wanted(asked, KVMFAULT_A_TRANSLATION_VCPU));
		mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_GVA, gva);
		mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_GUEST_PAGE, 4096);
	}
	mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_GPA,
			 gpa == UINT64_MAX ? 0x100123 : gpa);
	if (gpa == 0xfee00000) {
		mnl_attr_put_strz(nlh, KVMFAULT_A_TRANSLATION_WHY,
				  "there is no memory at this address");
	} else if (gpa == 0x100000123) {
		put_memfd(nlh);
	} else {
		put_mapped(nlh, wanted(asked, KVMFAULT_A_TRANSLATION_HVA));
	}
	sent(socket, nlh);
	acknowledge(socket, asked, 0, NULL);
}

static void stuck_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
		       const struct vm *vm)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; vm->id && !is_kernel("off") && i < 2; i++) {
		nlh = row(socket, asked, KVMFAULT_CMD_STUCK_GET);
		mnl_attr_put_u64(nlh, KVMFAULT_A_STUCK_VM, vm->id);
		mnl_attr_put_u32(nlh, KVMFAULT_A_STUCK_VCPU, i);
		mnl_attr_put_u32(nlh, KVMFAULT_A_STUCK_KIND,
				 i ? KVMFAULT_ALERT_KIND_REPEATS :
				     KVMFAULT_ALERT_KIND_ASLEEP);
		mnl_attr_put_u64(nlh, KVMFAULT_A_STUCK_FOR_NS, 2500000000);
		mnl_attr_put_u64(nlh, KVMFAULT_A_STUCK_FAULTS, i * 4711);
		mnl_attr_put_u64(nlh, KVMFAULT_A_STUCK_GPA, 0x7000000);
		if (i) {
			mnl_attr_put_u64(nlh, KVMFAULT_A_STUCK_RIP, 0x40001);
			mnl_attr_put_u32(nlh, KVMFAULT_A_STUCK_OUTCOME, 2);
		}
		sent(socket, nlh);
	}
}

static void put_async_bucket(struct nlmsghdr *nlh, unsigned int i, uint64_t count)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, KVMFAULT_A_ASYNC_BUCKET);

	mnl_attr_put_u64(nlh, KVMFAULT_A_BUCKET_FROM_NS, kvmfault_hist_from(i));
	if (i != KVMFAULT_HIST_LAST)
		mnl_attr_put_u64(nlh, KVMFAULT_A_BUCKET_TO_NS, kvmfault_hist_to(i));
	mnl_attr_put_u64(nlh, KVMFAULT_A_BUCKET_COUNT, count);
	mnl_attr_nest_end(nlh, nest);
}

static struct nlmsghdr *async_part(struct mnl_socket *socket,
				   const struct nlmsghdr *asked,
				   const struct vm *vm, unsigned int vcpu)
{
	struct nlmsghdr *nlh = row(socket, asked, KVMFAULT_CMD_ASYNC_GET);

	mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_VM, vm->id);
	if (vm->id)
		mnl_attr_put_u32(nlh, KVMFAULT_A_ASYNC_VCPU, vcpu);
	return nlh;
}

/* The histogram of every other one comes in two parts; the last one has none. */
static void async_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
		       const struct vm *vm)
{
	unsigned int i, nr = vm->id ? vm->vcpus : 1;
	uint64_t ready;
	struct nlmsghdr *nlh;

	for (i = 0; i < nr; i++) {
		ready = i == 3 ? 0 : 10 * vm->weight;
		nlh = async_part(socket, asked, vm, i);
		mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_SETUP, ready + 8 + i);
		mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_DELIVERED, 3 + i);
		mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_HALTED, ready + 5);
		mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_COMPLETED, ready + i);
		mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_READY, ready);
		mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_CANCELLED, 8);
		mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_REPEATED, i * 100);
		mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_OUTSTANDING, i);
		mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_SUM_NS, ready * 3000000);
		if (i)
			mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_OLDEST_NS,
					 i * 1700000000ULL);
		if (ready) {
			mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_P50_NS, 2359296);
			mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_P99_NS, 4000000);
			mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_MAX_NS, 4000000);
			put_async_bucket(nlh, kvmfault_hist_index(2200000),
					 ready - 1);
			if (i % 2) {
				sent(socket, nlh);
				nlh = async_part(socket, asked, vm, i);
			}
			put_async_bucket(nlh, kvmfault_hist_index(4000000), 1);
		}
		sent(socket, nlh);
	}
}

static void put_where(struct nlmsghdr *nlh, unsigned int i)
{
	mnl_attr_put_u64(nlh, KVMFAULT_A_RECENT_GPA, 0x7000000ULL + (i << 12));
	mnl_attr_put_u64(nlh, KVMFAULT_A_RECENT_GVA, 0x40000 + i);
	mnl_attr_put_u64(nlh, KVMFAULT_A_RECENT_RIP, 0xffffffff81000000 + i);
	mnl_attr_put_u64(nlh, KVMFAULT_A_RECENT_HVA, 0x7f0000000000 + i);
	mnl_attr_put_u64(nlh, KVMFAULT_A_RECENT_PFN, 0x12345 + i);
	mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_SLOT, i);
}

static void put_recent(struct nlmsghdr *nlh, const struct vm *vm, unsigned int i)
{
	mnl_attr_put_u64(nlh, KVMFAULT_A_RECENT_TIME_NS,
			 990000000000 + vm->id * 100000000 + i * 1000000);
	mnl_attr_put_u64(nlh, KVMFAULT_A_RECENT_DURATION_NS, 1234 << i);
	mnl_attr_put_u64(nlh, KVMFAULT_A_RECENT_VM, vm->id);
	mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_VCPU, i % vm->vcpus);
	mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_CLASS, i % 3);
	mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_ACCESS, i % 4);
	mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_CAUSE, i % 5);
	mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_LEVEL, i % 4);
	if (i % 3 == KVMFAULT_FAULT_CLASS_TDP)
		mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_OUTCOME, i % 8);
	else
		mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_END, i % 2);
	if (i)
		put_where(nlh, i);
	mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_CPU, i);
	mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_PID, vm->pid);
	mnl_attr_put_strz(nlh, KVMFAULT_A_RECENT_COMM, "CPU 0/KVM");
	if (i)
		mnl_attr_put_u32(nlh, KVMFAULT_A_RECENT_GUEST, i % 2);
}

static void recent_rows(struct mnl_socket *socket, const struct nlmsghdr *asked,
			const struct vm *vm)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; vm->id && !is_kernel("off") && i < 9; i++) {
		nlh = row(socket, asked, KVMFAULT_CMD_RECENT_GET);
		put_recent(nlh, vm, i);
		sent(socket, nlh);
	}
}

static void dump(struct mnl_socket *socket, const struct nlmsghdr *asked,
		 uint16_t by, row_t rows)
{
	uint64_t only = wanted(asked, by);
	uint8_t command = ((struct genlmsghdr *)mnl_nlmsg_get_payload(asked))->cmd;
	bool torn = is_torn(command);
	unsigned int vm, first = socket->last;

	for (vm = 0; vm < NR_VMS; vm++) {
		if (is_kernel("empty") || (is_kernel("dying") && looks > 1 && vm == 1))
			continue;
		if ((only != UINT64_MAX && only != vms[vm].id) || (torn && vm == 1))
			continue;
		rows(socket, asked, &vms[vm]);
	}
	end_dump(socket, asked);
	if (torn)
		((struct nlmsghdr *)(socket->queue + first * 4096))->nlmsg_flags |=
			NLM_F_DUMP_INTR;
}

static void probes(struct mnl_socket *socket, const struct nlmsghdr *asked)
{
	static const char *const names[] = {
		"handle_ept_violation", "handle_ept_misconfig",
		"kvm_tdp_page_fault",
	};
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		nlh = row(socket, asked, KVMFAULT_CMD_PROBE_GET);
		mnl_attr_put_strz(nlh, KVMFAULT_A_PROBE_NAME, names[i]);
		if (i)
			mnl_attr_put_strz(nlh, KVMFAULT_A_PROBE_SYMBOL, names[i]);
		mnl_attr_put_strz(nlh, KVMFAULT_A_PROBE_ENGINE, "kretprobe");
		mnl_attr_put_u32(nlh, KVMFAULT_A_PROBE_STATE, i);
		mnl_attr_put_u32(nlh, KVMFAULT_A_PROBE_ENABLED, 1);
		mnl_attr_put_u64(nlh, KVMFAULT_A_PROBE_HITS, i * 12345678);
		mnl_attr_put_u64(nlh, KVMFAULT_A_PROBE_MISSED, i);
		sent(socket, nlh);
	}
	end_dump(socket, asked);
}

static void put_info(struct nlmsghdr *nlh)
{
	struct nlattr *nest;
	unsigned int i;

	mnl_attr_put_strz(nlh, KVMFAULT_A_INFO_VERSION, "1.0.0");
	mnl_attr_put_strz(nlh, KVMFAULT_A_INFO_ENGINE, "kretprobe");
	mnl_attr_put_u32(nlh, KVMFAULT_A_INFO_PROBES, 3);
	mnl_attr_put_u32(nlh, KVMFAULT_A_INFO_ARMED, 1);
	mnl_attr_put_u32(nlh, KVMFAULT_A_INFO_VMS_LIVE, is_kernel("empty") ? 0 : 3);
	mnl_attr_put_u64(nlh, KVMFAULT_A_INFO_VMS_GONE, is_kernel("empty") ? 0 : 12);
	mnl_attr_put_u32(nlh, KVMFAULT_A_INFO_RESETS, 1);
	put_all_totals(nlh, KVMFAULT_A_INFO_TOTAL);
	for (i = 0; i < 4; i++) {
		nest = mnl_attr_nest_start(nlh, KVMFAULT_A_INFO_MISSED);
		mnl_attr_put_u32(nlh, KVMFAULT_A_MISSED_REASON, i);
		mnl_attr_put_u64(nlh, KVMFAULT_A_MISSED_COUNT, i);
		mnl_attr_nest_end(nlh, nest);
	}
	nest = mnl_attr_nest_start(nlh, KVMFAULT_A_INFO_MEMORY);
	mnl_attr_put_u64(nlh, KVMFAULT_A_MEMORY_BUFFERS, 1 << 20);
	mnl_attr_put_u64(nlh, KVMFAULT_A_MEMORY_VMS, 1 << 19);
	mnl_attr_put_u64(nlh, KVMFAULT_A_MEMORY_PROBES, 1 << 18);
	mnl_attr_put_u64(nlh, KVMFAULT_A_MEMORY_RECENT, 1 << 17);
	mnl_attr_put_u64(nlh, KVMFAULT_A_MEMORY_HOT, 1 << 16);
	mnl_attr_put_u64(nlh, KVMFAULT_A_MEMORY_STAGES, 1 << 15);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, KVMFAULT_A_INFO_GROUP);
	mnl_attr_put_strz(nlh, KVMFAULT_A_GROUP_NAME, "vm");
	mnl_attr_put_u64(nlh, KVMFAULT_A_GROUP_SENT, 15);
	mnl_attr_put_u64(nlh, KVMFAULT_A_GROUP_DROPPED, 2);
	mnl_attr_nest_end(nlh, nest);
}

static void put_settings(struct nlmsghdr *nlh)
{
	mnl_attr_put_u64(nlh, KVMFAULT_A_SETTINGS_ALERT_NS, 5000000);
	mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS, 100);
	mnl_attr_put_strz(nlh, KVMFAULT_A_SETTINGS_ENGINE, "kretprobe");
	mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_MAXACTIVE, 512);
	mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_SLOTS, 8);
	mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_MAX_VMS, 1024);
	mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_RECENT, !is_kernel("off"));
	mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_HOT, !is_kernel("off"));
	mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_STUCK_MS,
			 is_kernel("off") ? 0 : 1000);
	mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_STUCK_REPEATS,
			 is_kernel("off") ? 0 : 64);
	mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_STAGES, !is_kernel("off"));
}

static void put_group(struct nlmsghdr *nlh, const char *name, uint32_t id)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, id);

	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, id);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, name);
	mnl_attr_nest_end(nlh, nest);
}

static void put_groups(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);

	put_group(nlh, "vm", GROUP_VM);
	put_group(nlh, "alert", GROUP_ALERT);
	if (!is_kernel("lacking"))
		put_group(nlh, "setup", GROUP_SETUP);
	mnl_attr_nest_end(nlh, nest);
}

static void get_family(struct mnl_socket *socket, const struct nlmsghdr *asked)
{
	struct nlmsghdr *nlh;

	if (is_kernel("absent")) {
		acknowledge(socket, asked, ENOENT, NULL);
		return;
	}
	nlh = message(socket, false, asked, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	mnl_attr_put_u32(nlh, CTRL_ATTR_VERSION,
			 is_kernel("older") ? 0 : is_kernel("newer") ? 2 : 1);
	if (!is_kernel("unguarded"))
		put_groups(nlh);
	sent(socket, nlh);
	acknowledge(socket, asked, 0, NULL);
}

static void reply(struct mnl_socket *socket, const struct nlmsghdr *asked,
		  uint8_t command)
{
	struct nlmsghdr *nlh = message(socket, false, asked, FAMILY, command);

	if (command == KVMFAULT_CMD_INFO_GET)
		put_info(nlh);
	else if (command == KVMFAULT_CMD_SETTINGS_GET)
		put_settings(nlh);
	else
		put_all_totals(nlh, KVMFAULT_A_RESET_TOTAL);
	sent(socket, nlh);
	acknowledge(socket, asked, 0, NULL);
}

static bool wants_engine(const struct nlmsghdr *asked)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, asked, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == KVMFAULT_A_SETTINGS_ENGINE)
			return true;
	return false;
}

static void set(struct mnl_socket *socket, const struct nlmsghdr *asked)
{
	uint64_t ms = wanted(asked, KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS);

	if (wanted(asked, KVMFAULT_A_SETTINGS_HOT) == 1)
		acknowledge(socket, asked, ENOMEM,
			    "there is no memory for it: it stays off");
	else if (ms != UINT64_MAX && ms > 60000)
		acknowledge(socket, asked, ERANGE, "integer out of range");
	else if (wants_engine(asked))
		acknowledge(socket, asked, 0, "some functions stay with kretprobe");
	else
		acknowledge(socket, asked, 0, NULL);
}

static void switch_probe(struct mnl_socket *socket, const struct nlmsghdr *asked)
{
	const struct nlattr *name = mnl_nlmsg_get_payload_offset(asked,
							sizeof(struct genlmsghdr));

	if (strcmp(mnl_attr_get_str(name), "kvm_tdp_page_fault"))
		acknowledge(socket, asked, EINVAL, "there is no such probe");
	else
		acknowledge(socket, asked, 0, NULL);
}

static void answer(struct mnl_socket *socket, const struct nlmsghdr *asked)
{
	uint8_t command = ((struct genlmsghdr *)mnl_nlmsg_get_payload(asked))->cmd;
	static uint8_t before;

	/* Histograms go with what was asked for before, if it was others. */
	if (command == KVMFAULT_CMD_HISTOGRAM_GET && command == before)
		looks++;
	before = command;
	switch (command) {
	case KVMFAULT_CMD_VM_GET:
		looks++;
		dump(socket, asked, KVMFAULT_A_VM_ID, vm_row);
		break;
	case KVMFAULT_CMD_VCPU_GET:
		dump(socket, asked, KVMFAULT_A_VCPU_VM, vcpu_rows);
		looks++;
		break;
	case KVMFAULT_CMD_LATENCY_GET:
		looks++;
		dump(socket, asked, KVMFAULT_A_LATENCY_VM, latency_rows);
		break;
	case KVMFAULT_CMD_HISTOGRAM_GET:
		dump(socket, asked, KVMFAULT_A_HISTOGRAM_VM, histogram_rows);
		break;
	case KVMFAULT_CMD_FAULT_GET:
		looks++;
		dump(socket, asked, KVMFAULT_A_FAULT_VM, fault_rows);
		break;
	case KVMFAULT_CMD_PROBE_GET:
		probes(socket, asked);
		break;
	case KVMFAULT_CMD_SHADOW_GET:
		dump(socket, asked, KVMFAULT_A_SHADOW_VM, shadow_row);
		break;
	case KVMFAULT_CMD_HOT_GET:
		dump(socket, asked, KVMFAULT_A_HOT_VM, hot_rows);
		break;
	case KVMFAULT_CMD_STAGE_GET:
		dump(socket, asked, KVMFAULT_A_STAGE_VM, stage_rows);
		break;
	case KVMFAULT_CMD_HOST_GET:
		dump(socket, asked, KVMFAULT_A_HOST_VM, host_rows);
		break;
	case KVMFAULT_CMD_STUCK_GET:
		dump(socket, asked, KVMFAULT_A_STUCK_VM, stuck_rows);
		break;
	case KVMFAULT_CMD_ASYNC_GET:
		dump(socket, asked, KVMFAULT_A_ASYNC_VM, async_rows);
		break;
	case KVMFAULT_CMD_SETUP_GET:
		dump(socket, asked, KVMFAULT_A_SETUP_VM, setup_rows);
		break;
	case KVMFAULT_CMD_MEMSLOT_GET:
		dump(socket, asked, KVMFAULT_A_MEMSLOT_VM, memslot_rows);
		break;
	case KVMFAULT_CMD_THREAD_GET:
		dump(socket, asked, KVMFAULT_A_THREAD_VM, thread_rows);
		break;
	case KVMFAULT_CMD_TRANSLATE:
		translate(socket, asked);
		break;
	case KVMFAULT_CMD_RECENT_GET:
		dump(socket, asked, KVMFAULT_A_RECENT_VM, recent_rows);
		break;
	case KVMFAULT_CMD_SETTINGS_SET:
		set(socket, asked);
		break;
	case KVMFAULT_CMD_PROBE_SET:
		switch_probe(socket, asked);
		break;
	default:
		reply(socket, asked, command);
		break;
	}
}

static void tell_vm(struct mnl_socket *socket, uint8_t command, unsigned int vm)
{
	struct nlmsghdr *nlh = message(socket, false, NULL, FAMILY, command);

	put_vm(nlh, &vms[vm]);
	sent(socket, nlh);
}

static void tell_alert(struct mnl_socket *socket, uint64_t count)
{
	struct nlmsghdr *nlh = message(socket, false, NULL, FAMILY,
				       KVMFAULT_CMD_ALERT_NTF);

	mnl_attr_put_u32(nlh, KVMFAULT_A_ALERT_KIND, KVMFAULT_ALERT_KIND_SLOW);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_VM, 7);
	mnl_attr_put_u32(nlh, KVMFAULT_A_ALERT_VCPU, 3);
	mnl_attr_put_u32(nlh, KVMFAULT_A_ALERT_CLASS, KVMFAULT_FAULT_CLASS_TDP);
	if (count == 1)
		mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_GPA, 0xfee00000);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_START_NS, 123456789);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_DURATION_NS, 12345678);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_COUNT, count);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_DROPPED, count - 1);
	sent(socket, nlh);
}

static void tell_stuck(struct mnl_socket *socket, uint32_t kind)
{
	struct nlmsghdr *nlh = message(socket, false, NULL, FAMILY,
				       KVMFAULT_CMD_ALERT_NTF);

	mnl_attr_put_u32(nlh, KVMFAULT_A_ALERT_KIND, kind);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_VM, 7);
	mnl_attr_put_u32(nlh, KVMFAULT_A_ALERT_VCPU, 1);
	mnl_attr_put_u32(nlh, KVMFAULT_A_ALERT_CLASS, KVMFAULT_FAULT_CLASS_TDP);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_GPA, 0x7000000);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_START_NS, 123456789);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_DURATION_NS, 2500000000);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_COUNT, 4711);
	mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_DROPPED, 0);
	if (kind == KVMFAULT_ALERT_KIND_REPEATS) {
		mnl_attr_put_u64(nlh, KVMFAULT_A_ALERT_RIP, 0x40001);
		mnl_attr_put_u32(nlh, KVMFAULT_A_ALERT_OUTCOME, 2);
	}
	sent(socket, nlh);
}

static void tell_vcpu(struct mnl_socket *socket)
{
	struct nlmsghdr *nlh = message(socket, false, NULL, FAMILY,
				       KVMFAULT_CMD_VCPU_BORN_NTF);

	mnl_attr_put_u64(nlh, KVMFAULT_A_THREAD_VM, 7);
	mnl_attr_put_u32(nlh, KVMFAULT_A_THREAD_VCPU, 3);
	sent(socket, nlh);
}

static void tell_memslot(struct mnl_socket *socket, unsigned int slot,
			 uint32_t change)
{
	struct nlmsghdr *nlh = message(socket, false, NULL, FAMILY,
				       KVMFAULT_CMD_MEMSLOT_CHANGED_NTF);

	mnl_attr_put_u64(nlh, KVMFAULT_A_MEMSLOT_VM, 7);
	mnl_attr_put_u32(nlh, KVMFAULT_A_MEMSLOT_CHANGE, change);
	put_memslot(nlh, slot);
	sent(socket, nlh);
}

/* The same for a listener to set-up. */
static int tell_setup(struct mnl_socket *socket)
{
	switch (socket->heard++) {
	case 0:
		tell_vcpu(socket);
		return 0;
	case 1:
		tell_memslot(socket, 0, KVMFAULT_MEMSLOT_CHANGE_CREATED);
		return 0;
	case 2:
		tell_memslot(socket, 1, KVMFAULT_MEMSLOT_CHANGE_FLAGS);
		return 0;
	}
	exit(0);
}

/* The groups that are told, in this order; 0: whoever listens. */
static const unsigned int told[] = {
	GROUP_VM, GROUP_ALERT, GROUP_ALERT, GROUP_VM, 0, GROUP_VM,
	GROUP_ALERT, GROUP_ALERT, GROUP_ALERT,
};

static bool is_told(const struct mnl_socket *socket, unsigned int time)
{
	return time >= sizeof(told) / sizeof(told[0]) || !told[time] ||
	       socket->hears & 1U << told[time];
}

/* What a listener hears, in this order; then nothing more, so it is ended. */
static int tell(struct mnl_socket *socket)
{
	socket->first = 0;
	socket->last = 0;
	if (socket->hears & 1U << GROUP_SETUP)
		return tell_setup(socket);
	while (!is_told(socket, socket->heard))
		socket->heard++;
	switch (socket->heard++) {
	case 0:
		tell_vm(socket, KVMFAULT_CMD_VM_BORN_NTF, 3);
		return 0;
	case 1:
		tell_alert(socket, 1);
		return 0;
	case 2:
		tell_alert(socket, 9);
		return 0;
	case 3:
		tell_vm(socket, KVMFAULT_CMD_VM_DIED_NTF, 2);
		return 0;
	case 4:
		errno = ENOBUFS;
		return -1;
	case 5:
		tell_vm(socket, KVMFAULT_CMD_VM_DIED_NTF, 3);
		return 0;
	case 6:
		tell_stuck(socket, KVMFAULT_ALERT_KIND_ASLEEP);
		return 0;
	case 7:
		tell_stuck(socket, KVMFAULT_ALERT_KIND_REPEATS);
		return 0;
	case 8:
		tell_stuck(socket, KVMFAULT_ALERT_KIND_ASYNC);
		return 0;
	}
	exit(0);
}

struct mnl_socket *mnl_socket_open(int bus)
{
	(void)bus;
	return calloc(1, sizeof(struct mnl_socket));
}

int mnl_socket_bind(struct mnl_socket *socket, unsigned int groups, pid_t pid)
{
	(void)socket;
	(void)groups;
	(void)pid;
	return 0;
}

/* None: what is heard comes one by one, and there is never more at once. */
int mnl_socket_get_fd(const struct mnl_socket *socket)
{
	(void)socket;
	return -1;
}

int mnl_socket_close(struct mnl_socket *socket)
{
	free(socket);
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *socket, int type, void *value,
			  socklen_t length)
{
	struct mnl_socket *joins = (struct mnl_socket *)socket;

	(void)length;
	if (type != NETLINK_ADD_MEMBERSHIP)
		return 0;
	joins->listens = true;
	joins->hears |= 1U << *(int *)value;
	return 0;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *asks, const void *request,
			  size_t length)
{
	struct mnl_socket *socket = (struct mnl_socket *)asks;
	const struct nlmsghdr *asked = request;

	socket->first = 0;
	socket->last = 0;
	if (asked->nlmsg_type == GENL_ID_CTRL)
		get_family(socket, asked);
	else if (is_kernel("forbidden"))
		acknowledge(socket, asked, EPERM, NULL);
	else if (is_kernel("lacking"))
		acknowledge(socket, asked, EOPNOTSUPP, NULL);
	else
		answer(socket, asked);
	return length;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *hears, void *buffer,
			    size_t room)
{
	struct mnl_socket *socket = (struct mnl_socket *)hears;
	size_t length;

	(void)room;
	if (socket->listens && socket->first == socket->last && tell(socket))
		return -1;
	length = socket->length[socket->first];
	memcpy(buffer, socket->queue + 4096 * socket->first++, length);
	return length;
}
