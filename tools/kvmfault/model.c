// SPDX-License-Identifier: GPL-2.0
/* What the module tells, as structures; and how to ask for it */
#include <linux/genetlink.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

enum kind {
	NUMBER,
	STRING,
	NEST,
};

/**
 * struct field - where an attribute goes; the last of a list has no type
 * @type: the attribute
 * @kind: what it holds
 * @offset: into the structure
 * @nest: who takes it, if it is a nest; is handed the whole structure
 */
struct field {
	uint16_t type;
	enum kind kind;
	size_t offset;
	void (*nest)(const struct nlattr *nest, void *to);
};

#define FIELD_NUMBER(type, structure, member)	\
	{ type, NUMBER, offsetof(structure, member), NULL }
#define FIELD_STRING(type, structure, member)	\
	{ type, STRING, offsetof(structure, member), NULL }
#define FIELD_NEST(type, take)	\
	{ type, NEST, 0, take }

/* Whatever width the module chose. */
static uint64_t number(const struct nlattr *attr)
{
	switch (mnl_attr_get_payload_len(attr)) {
	case 8:
		return mnl_attr_get_u64(attr);
	case 4:
		return mnl_attr_get_u32(attr);
	case 2:
		return mnl_attr_get_u16(attr);
	case 1:
		return mnl_attr_get_u8(attr);
	}
	return UNKNOWN;
}

static void string(char *to, const struct nlattr *attr)
{
	size_t length = strnlen(mnl_attr_get_payload(attr),
				mnl_attr_get_payload_len(attr));

	if (length >= TEXT)
		length = TEXT - 1;
	memcpy(to, mnl_attr_get_payload(attr), length);
	to[length] = 0;
}

static void nothing_told(void *to, const struct field *fields)
{
	for (; fields->type; fields++) {
		if (fields->kind == NUMBER)
			*(uint64_t *)((char *)to + fields->offset) = UNKNOWN;
		if (fields->kind == STRING)
			*((char *)to + fields->offset) = 0;
	}
}

static void take(const struct nlattr *attr, const struct field *fields,
		 void *to)
{
	for (; fields->type; fields++) {
		if (fields->type != mnl_attr_get_type(attr))
			continue;
		if (fields->kind == NUMBER)
			*(uint64_t *)((char *)to + fields->offset) = number(attr);
		else if (fields->kind == STRING)
			string((char *)to + fields->offset, attr);
		else
			fields->nest(attr, to);
	}
}

static void decode_nest(const struct nlattr *nest, const struct field *fields,
			void *to)
{
	const struct nlattr *attr;

	nothing_told(to, fields);
	mnl_attr_for_each_nested(attr, nest)
		take(attr, fields, to);
}

static void decode(const struct nlmsghdr *nlh, const struct field *fields,
		   void *to)
{
	const struct nlattr *attr;

	nothing_told(to, fields);
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		take(attr, fields, to);
}

static const struct field total_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_TOTAL_CLASS, struct total, class),
	FIELD_NUMBER(KVMFAULT_A_TOTAL_COUNT, struct total, count),
	FIELD_NUMBER(KVMFAULT_A_TOTAL_SUM_NS, struct total, sum_ns),
	FIELD_NUMBER(KVMFAULT_A_TOTAL_MIN_NS, struct total, min_ns),
	FIELD_NUMBER(KVMFAULT_A_TOTAL_P50_NS, struct total, p50_ns),
	FIELD_NUMBER(KVMFAULT_A_TOTAL_P90_NS, struct total, p90_ns),
	FIELD_NUMBER(KVMFAULT_A_TOTAL_P99_NS, struct total, p99_ns),
	FIELD_NUMBER(KVMFAULT_A_TOTAL_P999_NS, struct total, p999_ns),
	FIELD_NUMBER(KVMFAULT_A_TOTAL_MAX_NS, struct total, max_ns),
	FIELD_NUMBER(KVMFAULT_A_TOTAL_USERSPACE, struct total, userspace),
	FIELD_NUMBER(KVMFAULT_A_TOTAL_FAILED, struct total, failed),
	{ 0, NUMBER, 0, NULL }
};

/* Nothing was neither short nor long: it has no duration at all. */
static void decode_total(const struct nlattr *nest, struct total *total)
{
	decode_nest(nest, total_fields, total);
	if (total->count)
		return;
	total->p50_ns = UNKNOWN;
	total->p90_ns = UNKNOWN;
	total->p99_ns = UNKNOWN;
	total->p999_ns = UNKNOWN;
	total->max_ns = UNKNOWN;
}

/* Into the place of its class; classes of later modules have none. */
static void take_total(const struct nlattr *nest, struct total *totals)
{
	struct total total = { 0 };

	decode_total(nest, &total);
	if (total.class < CLASSES)
		totals[total.class] = total;
}

static void no_totals(struct total *totals)
{
	unsigned int class;

	for (class = 0; class < CLASSES; class++) {
		nothing_told(&totals[class], total_fields);
		totals[class].class = class;
	}
}

static void vm_total(const struct nlattr *nest, void *to)
{
	take_total(nest, ((struct vm *)to)->total);
}

static const struct field vm_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_VM_ID, struct vm, id),
	FIELD_NUMBER(KVMFAULT_A_VM_PID, struct vm, pid),
	FIELD_STRING(KVMFAULT_A_VM_COMM, struct vm, comm),
	FIELD_NUMBER(KVMFAULT_A_VM_STATE, struct vm, state),
	FIELD_NUMBER(KVMFAULT_A_VM_VCPUS, struct vm, vcpus),
	FIELD_NUMBER(KVMFAULT_A_VM_RETRY, struct vm, retry),
	FIELD_NEST(KVMFAULT_A_VM_TOTAL, vm_total),
	{ 0, NUMBER, 0, NULL }
};

void model_decode_vm(const struct nlmsghdr *nlh, struct vm *vm)
{
	no_totals(vm->total);
	decode(nlh, vm_fields, vm);
}

static void add_vm(const struct nlmsghdr *nlh, void *to)
{
	model_decode_vm(nlh, rows_add(to));
}

void model_vms(struct nl *nl, struct rows *vms)
{
	*vms = ROWS(struct vm);
	nl_dump(nl, nl_request(nl, KVMFAULT_CMD_VM_GET), add_vm, vms);
}

/* Of a vCPU only counts are told by class. */
static void vcpu_total(const struct nlattr *nest, void *to)
{
	struct total total;

	decode_nest(nest, total_fields, &total);
	if (total.class < CLASSES)
		((struct vcpu *)to)->count[total.class] = total.count;
}

static const struct field vcpu_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_VCPU_VM, struct vcpu, vm),
	FIELD_NUMBER(KVMFAULT_A_VCPU_ID, struct vcpu, id),
	FIELD_NUMBER(KVMFAULT_A_VCPU_RETRY, struct vcpu, retry),
	FIELD_NUMBER(KVMFAULT_A_VCPU_MAX_NS, struct vcpu, max_ns),
	FIELD_NEST(KVMFAULT_A_VCPU_TOTAL, vcpu_total),
	{ 0, NUMBER, 0, NULL }
};

static void add_vcpu(const struct nlmsghdr *nlh, void *to)
{
	struct vcpu *vcpu = rows_add(to);
	unsigned int class;

	for (class = 0; class < CLASSES; class++)
		vcpu->count[class] = UNKNOWN;
	decode(nlh, vcpu_fields, vcpu);
}

void model_vcpus(struct nl *nl, struct rows *vcpus, const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_VCPU_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_VCPU_VM, wanted->vm);
	*vcpus = ROWS(struct vcpu);
	nl_dump(nl, nlh, add_vcpu, vcpus);
}

static void series_total(const struct nlattr *nest, void *to)
{
	decode_total(nest, &((struct series *)to)->total);
}

static const struct field latency_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_LATENCY_VM, struct series, vm),
	FIELD_NEST(KVMFAULT_A_LATENCY_TOTAL, series_total),
	{ 0, NUMBER, 0, NULL }
};

static void add_latency(const struct nlmsghdr *nlh, void *to)
{
	struct series *series = rows_add(to);

	decode(nlh, latency_fields, series);
}

void model_latency(struct nl *nl, struct rows *series,
		   const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_LATENCY_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_LATENCY_VM, wanted->vm);
	if (wanted->class != UNKNOWN)
		mnl_attr_put_u32(nlh, KVMFAULT_A_LATENCY_CLASS, wanted->class);
	*series = ROWS(struct series);
	nl_dump(nl, nlh, add_latency, series);
}

struct bucket {
	uint64_t from_ns;
	uint64_t to_ns;
	uint64_t count;
};

static const struct field bucket_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_BUCKET_FROM_NS, struct bucket, from_ns),
	FIELD_NUMBER(KVMFAULT_A_BUCKET_TO_NS, struct bucket, to_ns),
	FIELD_NUMBER(KVMFAULT_A_BUCKET_COUNT, struct bucket, count),
	{ 0, NUMBER, 0, NULL }
};

/*
 * The edges are those of module/histogram.h in both; a module with others cuts
 * finer or coarser, and its buckets go where they begin.
 */
static void take_bucket(const struct nlattr *nest, __u64 *buckets)
{
	struct bucket bucket;

	decode_nest(nest, bucket_fields, &bucket);
	buckets[kvmfault_hist_index(bucket.from_ns)] += bucket.count;
}

static void histogram_bucket(const struct nlattr *nest, void *to)
{
	take_bucket(nest, ((struct series *)to)->total.bucket);
}

static const struct field histogram_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_HISTOGRAM_VM, struct series, vm),
	FIELD_NUMBER(KVMFAULT_A_HISTOGRAM_CLASS, struct series, total.class),
	FIELD_NEST(KVMFAULT_A_HISTOGRAM_BUCKET, histogram_bucket),
	{ 0, NUMBER, 0, NULL }
};

/* A histogram that is long comes in parts, one right after the other. */
static void add_histogram(const struct nlmsghdr *nlh, void *to)
{
	struct series *last = rows_last(to);
	struct series part = { 0 };
	unsigned int i;

	decode(nlh, histogram_fields, &part);
	if (last && last->vm == part.vm && last->total.class == part.total.class)
		for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
			last->total.bucket[i] += part.total.bucket[i];
	else
		*(struct series *)rows_add(to) = part;
}

void model_histograms(struct nl *nl, struct rows *series,
		      const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_HISTOGRAM_GET);
	struct series *entry;

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_HISTOGRAM_VM, wanted->vm);
	if (wanted->class != UNKNOWN)
		mnl_attr_put_u32(nlh, KVMFAULT_A_HISTOGRAM_CLASS, wanted->class);
	*series = ROWS(struct series);
	nl_dump(nl, nlh, add_histogram, series);
	rows_for_each(entry, series)
		entry->total.count = kvmfault_hist_count(entry->total.bucket);
}

static const struct field fault_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_FAULT_VM, struct fault, vm),
	FIELD_NUMBER(KVMFAULT_A_FAULT_ACCESS, struct fault, access),
	FIELD_NUMBER(KVMFAULT_A_FAULT_CAUSE, struct fault, cause),
	FIELD_NUMBER(KVMFAULT_A_FAULT_OUTCOME, struct fault, outcome),
	FIELD_NUMBER(KVMFAULT_A_FAULT_LEVEL, struct fault, level),
	FIELD_NUMBER(KVMFAULT_A_FAULT_COUNT, struct fault, count),
	FIELD_NUMBER(KVMFAULT_A_FAULT_SUM_NS, struct fault, sum_ns),
	FIELD_NUMBER(KVMFAULT_A_FAULT_CLASS, struct fault, class),
	FIELD_NUMBER(KVMFAULT_A_FAULT_GUEST, struct fault, guest),
	{ 0, NUMBER, 0, NULL }
};

static void add_fault(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, fault_fields, rows_add(to));
}

void model_faults(struct nl *nl, struct rows *faults, const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_FAULT_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_FAULT_VM, wanted->vm);
	*faults = ROWS(struct fault);
	nl_dump(nl, nlh, add_fault, faults);
}

static const struct field shadow_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_SHADOW_VM, struct shadow, vm),
	FIELD_NUMBER(KVMFAULT_A_SHADOW_COUNT, struct shadow, count),
	FIELD_NUMBER(KVMFAULT_A_SHADOW_NESTED, struct shadow, nested),
	FIELD_NUMBER(KVMFAULT_A_SHADOW_INJECTED, struct shadow, injected),
	FIELD_NUMBER(KVMFAULT_A_SHADOW_REFLECTED, struct shadow, reflected),
	FIELD_NUMBER(KVMFAULT_A_SHADOW_WRITES, struct shadow, writes),
	FIELD_NUMBER(KVMFAULT_A_SHADOW_SYNCS, struct shadow, syncs),
	FIELD_NUMBER(KVMFAULT_A_SHADOW_INVLPG, struct shadow, invlpg),
	FIELD_NUMBER(KVMFAULT_A_SHADOW_CR3, struct shadow, cr3),
	FIELD_NUMBER(KVMFAULT_A_SHADOW_ROOTS, struct shadow, roots),
	FIELD_NUMBER(KVMFAULT_A_SHADOW_PAGES, struct shadow, pages),
	{ 0, NUMBER, 0, NULL }
};

static void add_shadow(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, shadow_fields, rows_add(to));
}

void model_shadows(struct nl *nl, struct rows *shadows,
		   const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_SHADOW_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_SHADOW_VM, wanted->vm);
	*shadows = ROWS(struct shadow);
	nl_dump(nl, nlh, add_shadow, shadows);
}

static const struct field hot_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_HOT_VM, struct hot, vm),
	FIELD_NUMBER(KVMFAULT_A_HOT_RANK, struct hot, rank),
	FIELD_NUMBER(KVMFAULT_A_HOT_GPA, struct hot, gpa),
	FIELD_NUMBER(KVMFAULT_A_HOT_SIZE, struct hot, size),
	FIELD_NUMBER(KVMFAULT_A_HOT_ACCESS, struct hot, access),
	FIELD_NUMBER(KVMFAULT_A_HOT_COUNT, struct hot, count),
	FIELD_NUMBER(KVMFAULT_A_HOT_ERROR, struct hot, error),
	FIELD_NUMBER(KVMFAULT_A_HOT_RIP, struct hot, rip),
	{ 0, NUMBER, 0, NULL }
};

static void add_hot(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, hot_fields, rows_add(to));
}

void model_hots(struct nl *nl, struct rows *hots, const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_HOT_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOT_VM, wanted->vm);
	*hots = ROWS(struct hot);
	nl_dump(nl, nlh, add_hot, hots);
}

static const struct field stage_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_STAGE_VM, struct stage, vm),
	FIELD_NUMBER(KVMFAULT_A_STAGE_STAGE, struct stage, stage),
	FIELD_NUMBER(KVMFAULT_A_STAGE_OF, struct stage, of),
	FIELD_NUMBER(KVMFAULT_A_STAGE_STATE, struct stage, state),
	FIELD_NUMBER(KVMFAULT_A_STAGE_COUNT, struct stage, count),
	FIELD_NUMBER(KVMFAULT_A_STAGE_SUM_NS, struct stage, sum_ns),
	FIELD_NUMBER(KVMFAULT_A_STAGE_P50_NS, struct stage, p50_ns),
	FIELD_NUMBER(KVMFAULT_A_STAGE_P99_NS, struct stage, p99_ns),
	FIELD_NUMBER(KVMFAULT_A_STAGE_MAX_NS, struct stage, max_ns),
	{ 0, NUMBER, 0, NULL }
};

static void add_stage(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, stage_fields, rows_add(to));
}

void model_stages(struct nl *nl, struct rows *stages,
		  const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_STAGE_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_STAGE_VM, wanted->vm);
	*stages = ROWS(struct stage);
	nl_dump(nl, nlh, add_stage, stages);
}

static const struct field host_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_HOST_VM, struct host, vm),
	FIELD_NUMBER(KVMFAULT_A_HOST_CAUSE, struct host, cause),
	FIELD_NUMBER(KVMFAULT_A_HOST_COUNT, struct host, count),
	FIELD_NUMBER(KVMFAULT_A_HOST_SUM_NS, struct host, sum_ns),
	FIELD_NUMBER(KVMFAULT_A_HOST_P50_NS, struct host, p50_ns),
	FIELD_NUMBER(KVMFAULT_A_HOST_P99_NS, struct host, p99_ns),
	FIELD_NUMBER(KVMFAULT_A_HOST_MAX_NS, struct host, max_ns),
	{ 0, NUMBER, 0, NULL }
};

static void add_host(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, host_fields, rows_add(to));
}

void model_hosts(struct nl *nl, struct rows *hosts, const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_HOST_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_HOST_VM, wanted->vm);
	*hosts = ROWS(struct host);
	nl_dump(nl, nlh, add_host, hosts);
}

static const struct field setup_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_SETUP_VM, struct setup, vm),
	FIELD_STRING(KVMFAULT_A_SETUP_WHY, struct setup, why),
	FIELD_NUMBER(KVMFAULT_A_SETUP_MEMSLOTS, struct setup, memslots),
	FIELD_NUMBER(KVMFAULT_A_SETUP_PAGES, struct setup, pages),
	FIELD_NUMBER(KVMFAULT_A_SETUP_VCPUS, struct setup, vcpus),
	FIELD_NUMBER(KVMFAULT_A_SETUP_TDP_TABLES, struct setup, tdp_tables),
	FIELD_NUMBER(KVMFAULT_A_SETUP_SHADOW_TABLES, struct setup, shadow_tables),
	FIELD_NUMBER(KVMFAULT_A_SETUP_MAPS_4K, struct setup, maps_4k),
	FIELD_NUMBER(KVMFAULT_A_SETUP_MAPS_2M, struct setup, maps_2m),
	FIELD_NUMBER(KVMFAULT_A_SETUP_MAPS_1G, struct setup, maps_1g),
	FIELD_NUMBER(KVMFAULT_A_SETUP_MAPS_LARGE, struct setup, maps_large),
	FIELD_NUMBER(KVMFAULT_A_SETUP_PRIVATE, struct setup, private),
	FIELD_NUMBER(KVMFAULT_A_SETUP_ROOT_LOADS, struct setup, root_loads),
	{ 0, NUMBER, 0, NULL }
};

static void add_setup(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, setup_fields, rows_add(to));
}

void model_setups(struct nl *nl, struct rows *setups, const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_SETUP_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETUP_VM, wanted->vm);
	*setups = ROWS(struct setup);
	nl_dump(nl, nlh, add_setup, setups);
}

static const struct field memslot_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_VM, struct memslot, vm),
	FIELD_STRING(KVMFAULT_A_MEMSLOT_WHY, struct memslot, why),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_CHANGE, struct memslot, change),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_AS, struct memslot, as),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_SLOT, struct memslot, slot),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_GPA, struct memslot, gpa),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_HVA, struct memslot, hva),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_PAGES, struct memslot, pages),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_DIRTY_LOG, struct memslot, dirty_log),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_READONLY, struct memslot, readonly),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_PRIVATE, struct memslot, private),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_INTERNAL, struct memslot, internal),
	FIELD_NUMBER(KVMFAULT_A_MEMSLOT_GUEST_MEMFD, struct memslot, guest_memfd),
	{ 0, NUMBER, 0, NULL }
};

void model_decode_memslot(const struct nlmsghdr *nlh, struct memslot *memslot)
{
	decode(nlh, memslot_fields, memslot);
}

static void add_memslot(const struct nlmsghdr *nlh, void *to)
{
	model_decode_memslot(nlh, rows_add(to));
}

void model_memslots(struct nl *nl, struct rows *memslots, const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_MEMSLOT_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_MEMSLOT_VM, wanted->vm);
	*memslots = ROWS(struct memslot);
	nl_dump(nl, nlh, add_memslot, memslots);
}

static const struct field thread_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_THREAD_VM, struct thread, vm),
	FIELD_STRING(KVMFAULT_A_THREAD_WHY, struct thread, why),
	FIELD_NUMBER(KVMFAULT_A_THREAD_VCPU, struct thread, vcpu),
	FIELD_NUMBER(KVMFAULT_A_THREAD_TID, struct thread, tid),
	FIELD_NUMBER(KVMFAULT_A_THREAD_CPU, struct thread, cpu),
	{ 0, NUMBER, 0, NULL }
};

void model_decode_thread(const struct nlmsghdr *nlh, struct thread *thread)
{
	decode(nlh, thread_fields, thread);
}

static void add_thread(const struct nlmsghdr *nlh, void *to)
{
	model_decode_thread(nlh, rows_add(to));
}

void model_threads(struct nl *nl, struct rows *threads, const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_THREAD_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_THREAD_VM, wanted->vm);
	*threads = ROWS(struct thread);
	nl_dump(nl, nlh, add_thread, threads);
}

static const struct field translation_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_VM, struct translation, vm),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_VCPU, struct translation, vcpu),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_GVA, struct translation, gva),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_GPA, struct translation, gpa),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_HVA, struct translation, hva),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_GUEST_PAGE, struct translation, guest_page),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_AS, struct translation, as),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_SLOT, struct translation, slot),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_OFFSET, struct translation, offset),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_MAPPING, struct translation, mapping),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_MEMORY, struct translation, memory),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_FROM, struct translation, from),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_TO, struct translation, to),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_SHARED, struct translation, shared),
	FIELD_STRING(KVMFAULT_A_TRANSLATION_FILE, struct translation, file),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_PRESENCE, struct translation, presence),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_LEVEL, struct translation, level),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_PFN, struct translation, pfn),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_ANONYMOUS, struct translation, anonymous),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_SPECIAL, struct translation, special),
	FIELD_NUMBER(KVMFAULT_A_TRANSLATION_WRITABLE, struct translation, writable),
	FIELD_STRING(KVMFAULT_A_TRANSLATION_WHY, struct translation, why),
	{ 0, NUMBER, 0, NULL }
};

static void take_translation(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, translation_fields, to);
}

/* @attribute says what kind of address it is; of a virtual one the vCPU is set. */
void model_translate(struct nl *nl, struct translation *translation,
		     uint16_t attribute, uint64_t address)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_TRANSLATE);

	mnl_attr_put_u64(nlh, KVMFAULT_A_TRANSLATION_VM, translation->vm);
	if (attribute == KVMFAULT_A_TRANSLATION_GVA)
		mnl_attr_put_u32(nlh, KVMFAULT_A_TRANSLATION_VCPU,
				 translation->vcpu);
	mnl_attr_put_u64(nlh, attribute, address);
	nl_do(nl, nlh, take_translation, translation);
}

static const struct field stuck_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_STUCK_VM, struct stuck, vm),
	FIELD_NUMBER(KVMFAULT_A_STUCK_VCPU, struct stuck, vcpu),
	FIELD_NUMBER(KVMFAULT_A_STUCK_KIND, struct stuck, kind),
	FIELD_NUMBER(KVMFAULT_A_STUCK_FOR_NS, struct stuck, for_ns),
	FIELD_NUMBER(KVMFAULT_A_STUCK_FAULTS, struct stuck, faults),
	FIELD_NUMBER(KVMFAULT_A_STUCK_GPA, struct stuck, gpa),
	FIELD_NUMBER(KVMFAULT_A_STUCK_RIP, struct stuck, rip),
	FIELD_NUMBER(KVMFAULT_A_STUCK_OUTCOME, struct stuck, outcome),
	{ 0, NUMBER, 0, NULL }
};

static void add_stuck(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, stuck_fields, rows_add(to));
}

void model_stucks(struct nl *nl, struct rows *stucks,
		  const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_STUCK_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_STUCK_VM, wanted->vm);
	*stucks = ROWS(struct stuck);
	nl_dump(nl, nlh, add_stuck, stucks);
}

static void async_bucket(const struct nlattr *nest, void *to)
{
	take_bucket(nest, ((struct async *)to)->bucket);
}

static const struct field async_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_ASYNC_VM, struct async, vm),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_VCPU, struct async, vcpu),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_SETUP, struct async, setup),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_DELIVERED, struct async, delivered),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_HALTED, struct async, halted),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_COMPLETED, struct async, completed),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_READY, struct async, ready),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_CANCELLED, struct async, cancelled),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_REPEATED, struct async, repeated),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_OUTSTANDING, struct async, outstanding),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_OLDEST_NS, struct async, oldest_ns),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_SUM_NS, struct async, sum_ns),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_P50_NS, struct async, p50_ns),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_P99_NS, struct async, p99_ns),
	FIELD_NUMBER(KVMFAULT_A_ASYNC_MAX_NS, struct async, max_ns),
	FIELD_NEST(KVMFAULT_A_ASYNC_BUCKET, async_bucket),
	{ 0, NUMBER, 0, NULL }
};

/* The first part has the numbers; a histogram that is long comes in several. */
static void add_async(const struct nlmsghdr *nlh, void *to)
{
	struct async *last = rows_last(to);
	struct async part = { 0 };
	unsigned int i;

	decode(nlh, async_fields, &part);
	if (last && last->vm == part.vm && last->vcpu == part.vcpu &&
	    part.setup == UNKNOWN)
		for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
			last->bucket[i] += part.bucket[i];
	else
		*(struct async *)rows_add(to) = part;
}

void model_asyncs(struct nl *nl, struct rows *asyncs,
		  const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_ASYNC_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_ASYNC_VM, wanted->vm);
	*asyncs = ROWS(struct async);
	nl_dump(nl, nlh, add_async, asyncs);
}

static const struct field recent_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_RECENT_TIME_NS, struct recent, time_ns),
	FIELD_NUMBER(KVMFAULT_A_RECENT_VM, struct recent, vm),
	FIELD_NUMBER(KVMFAULT_A_RECENT_VCPU, struct recent, vcpu),
	FIELD_NUMBER(KVMFAULT_A_RECENT_CLASS, struct recent, class),
	FIELD_NUMBER(KVMFAULT_A_RECENT_GPA, struct recent, gpa),
	FIELD_NUMBER(KVMFAULT_A_RECENT_ACCESS, struct recent, access),
	FIELD_NUMBER(KVMFAULT_A_RECENT_CAUSE, struct recent, cause),
	FIELD_NUMBER(KVMFAULT_A_RECENT_OUTCOME, struct recent, outcome),
	FIELD_NUMBER(KVMFAULT_A_RECENT_END, struct recent, end),
	FIELD_NUMBER(KVMFAULT_A_RECENT_LEVEL, struct recent, level),
	FIELD_NUMBER(KVMFAULT_A_RECENT_DURATION_NS, struct recent,
		     duration_ns),
	FIELD_NUMBER(KVMFAULT_A_RECENT_GVA, struct recent, gva),
	FIELD_NUMBER(KVMFAULT_A_RECENT_RIP, struct recent, rip),
	FIELD_NUMBER(KVMFAULT_A_RECENT_HVA, struct recent, hva),
	FIELD_NUMBER(KVMFAULT_A_RECENT_PFN, struct recent, pfn),
	FIELD_NUMBER(KVMFAULT_A_RECENT_SLOT, struct recent, slot),
	FIELD_NUMBER(KVMFAULT_A_RECENT_CPU, struct recent, cpu),
	FIELD_NUMBER(KVMFAULT_A_RECENT_PID, struct recent, pid),
	FIELD_STRING(KVMFAULT_A_RECENT_COMM, struct recent, comm),
	FIELD_NUMBER(KVMFAULT_A_RECENT_GUEST, struct recent, guest),
	{ 0, NUMBER, 0, NULL }
};

static void add_recent(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, recent_fields, rows_add(to));
}

void model_recents(struct nl *nl, struct rows *recents,
		   const struct wanted *wanted)
{
	struct nlmsghdr *nlh = nl_request(nl, KVMFAULT_CMD_RECENT_GET);

	if (wanted->vm != UNKNOWN)
		mnl_attr_put_u64(nlh, KVMFAULT_A_RECENT_VM, wanted->vm);
	*recents = ROWS(struct recent);
	nl_dump(nl, nlh, add_recent, recents);
}

static const struct field probe_fields[] = {
	FIELD_STRING(KVMFAULT_A_PROBE_NAME, struct probe, name),
	FIELD_STRING(KVMFAULT_A_PROBE_SYMBOL, struct probe, symbol),
	FIELD_STRING(KVMFAULT_A_PROBE_ENGINE, struct probe, engine),
	FIELD_NUMBER(KVMFAULT_A_PROBE_STATE, struct probe, state),
	FIELD_NUMBER(KVMFAULT_A_PROBE_ENABLED, struct probe, enabled),
	FIELD_NUMBER(KVMFAULT_A_PROBE_HITS, struct probe, hits),
	FIELD_NUMBER(KVMFAULT_A_PROBE_MISSED, struct probe, missed),
	{ 0, NUMBER, 0, NULL }
};

static void add_probe(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, probe_fields, rows_add(to));
}

void model_probes(struct nl *nl, struct rows *probes)
{
	*probes = ROWS(struct probe);
	nl_dump(nl, nl_request(nl, KVMFAULT_CMD_PROBE_GET), add_probe, probes);
}

static const struct field settings_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_ALERT_NS, struct settings, alert_ns),
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS, struct settings,
		     alert_interval_ms),
	FIELD_STRING(KVMFAULT_A_SETTINGS_ENGINE, struct settings, engine),
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_MAXACTIVE, struct settings, maxactive),
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_SLOTS, struct settings, slots),
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_MAX_VMS, struct settings, max_vms),
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_RECENT, struct settings, recent),
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_HOT, struct settings, hot),
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_STUCK_MS, struct settings, stuck_ms),
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_STUCK_REPEATS, struct settings,
		     stuck_repeats),
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_STAGES, struct settings, stages),
	FIELD_NUMBER(KVMFAULT_A_SETTINGS_STAGES_VM, struct settings, stages_vm),
	FIELD_STRING(KVMFAULT_A_SETTINGS_LEAVING, struct settings, leaving),
	{ 0, NUMBER, 0, NULL }
};

static void decode_settings(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, settings_fields, to);
}

void model_settings(struct nl *nl, struct settings *settings)
{
	nl_do(nl, nl_request(nl, KVMFAULT_CMD_SETTINGS_GET), decode_settings,
	      settings);
}

struct missed {
	uint64_t reason;
	uint64_t count;
};

static const struct field missed_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_MISSED_REASON, struct missed, reason),
	FIELD_NUMBER(KVMFAULT_A_MISSED_COUNT, struct missed, count),
	{ 0, NUMBER, 0, NULL }
};

static void info_missed(const struct nlattr *nest, void *to)
{
	struct missed missed;

	decode_nest(nest, missed_fields, &missed);
	if (missed.reason < REASONS)
		((struct info *)to)->missed[missed.reason] = missed.count;
}

static const struct field memory_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_MEMORY_BUFFERS, struct info, buffer_bytes),
	FIELD_NUMBER(KVMFAULT_A_MEMORY_VMS, struct info, vm_bytes),
	FIELD_NUMBER(KVMFAULT_A_MEMORY_PROBES, struct info, probe_bytes),
	FIELD_NUMBER(KVMFAULT_A_MEMORY_RECENT, struct info, recent_bytes),
	FIELD_NUMBER(KVMFAULT_A_MEMORY_HOT, struct info, hot_bytes),
	FIELD_NUMBER(KVMFAULT_A_MEMORY_STAGES, struct info, stage_bytes),
	FIELD_NUMBER(KVMFAULT_A_MEMORY_ASYNC, struct info, async_bytes),
	{ 0, NUMBER, 0, NULL }
};

static void info_memory(const struct nlattr *nest, void *to)
{
	decode_nest(nest, memory_fields, to);
}

static const struct field group_fields[] = {
	FIELD_STRING(KVMFAULT_A_GROUP_NAME, struct group, name),
	FIELD_NUMBER(KVMFAULT_A_GROUP_SENT, struct group, sent),
	FIELD_NUMBER(KVMFAULT_A_GROUP_DROPPED, struct group, dropped),
	{ 0, NUMBER, 0, NULL }
};

static void info_group(const struct nlattr *nest, void *to)
{
	struct info *info = to;

	if (info->nr_groups < GROUPS)
		decode_nest(nest, group_fields,
			    &info->group[info->nr_groups++]);
}

static void info_total(const struct nlattr *nest, void *to)
{
	take_total(nest, ((struct info *)to)->total);
}

static const struct field info_fields[] = {
	FIELD_STRING(KVMFAULT_A_INFO_VERSION, struct info, version),
	FIELD_STRING(KVMFAULT_A_INFO_ENGINE, struct info, engine),
	FIELD_NUMBER(KVMFAULT_A_INFO_PROBES, struct info, probes),
	FIELD_NUMBER(KVMFAULT_A_INFO_ARMED, struct info, armed),
	FIELD_NUMBER(KVMFAULT_A_INFO_VMS_LIVE, struct info, vms_live),
	FIELD_NUMBER(KVMFAULT_A_INFO_VMS_GONE, struct info, vms_gone),
	FIELD_NUMBER(KVMFAULT_A_INFO_RESETS, struct info, resets),
	FIELD_NEST(KVMFAULT_A_INFO_TOTAL, info_total),
	FIELD_NEST(KVMFAULT_A_INFO_MISSED, info_missed),
	FIELD_NEST(KVMFAULT_A_INFO_MEMORY, info_memory),
	FIELD_NEST(KVMFAULT_A_INFO_GROUP, info_group),
	FIELD_STRING(KVMFAULT_A_INFO_TDP_CALL, struct info, tdp_call),
	FIELD_STRING(KVMFAULT_A_INFO_TDP_LAYOUT, struct info, tdp_layout),
	FIELD_NUMBER(KVMFAULT_A_INFO_TDP_CODES, struct info, tdp_codes),
	FIELD_NUMBER(KVMFAULT_A_INFO_ASYNC_MISSED, struct info, async_missed),
	{ 0, NUMBER, 0, NULL }
};

static void decode_info(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, info_fields, to);
}

void model_info(struct nl *nl, struct info *info)
{
	unsigned int reason;

	memset(info, 0, sizeof(*info));
	no_totals(info->total);
	nothing_told(info, memory_fields);
	for (reason = 0; reason < REASONS; reason++)
		info->missed[reason] = UNKNOWN;
	nl_do(nl, nl_request(nl, KVMFAULT_CMD_INFO_GET), decode_info, info);
}

static void reset_total(const struct nlattr *nest, void *to)
{
	take_total(nest, to);
}

static const struct field reset_fields[] = {
	FIELD_NEST(KVMFAULT_A_RESET_TOTAL, reset_total),
	{ 0, NUMBER, 0, NULL }
};

static void decode_reset(const struct nlmsghdr *nlh, void *to)
{
	decode(nlh, reset_fields, to);
}

void model_reset(struct nl *nl, struct total *total)
{
	no_totals(total);
	nl_do(nl, nl_request(nl, KVMFAULT_CMD_RESET), decode_reset, total);
}

static const struct field alert_fields[] = {
	FIELD_NUMBER(KVMFAULT_A_ALERT_KIND, struct alert, kind),
	FIELD_NUMBER(KVMFAULT_A_ALERT_VM, struct alert, vm),
	FIELD_NUMBER(KVMFAULT_A_ALERT_VCPU, struct alert, vcpu),
	FIELD_NUMBER(KVMFAULT_A_ALERT_CLASS, struct alert, class),
	FIELD_NUMBER(KVMFAULT_A_ALERT_GPA, struct alert, gpa),
	FIELD_NUMBER(KVMFAULT_A_ALERT_START_NS, struct alert, start_ns),
	FIELD_NUMBER(KVMFAULT_A_ALERT_DURATION_NS, struct alert, duration_ns),
	FIELD_NUMBER(KVMFAULT_A_ALERT_COUNT, struct alert, count),
	FIELD_NUMBER(KVMFAULT_A_ALERT_DROPPED, struct alert, dropped),
	FIELD_NUMBER(KVMFAULT_A_ALERT_RIP, struct alert, rip),
	FIELD_NUMBER(KVMFAULT_A_ALERT_OUTCOME, struct alert, outcome),
	{ 0, NUMBER, 0, NULL }
};

void model_decode_alert(const struct nlmsghdr *nlh, struct alert *alert)
{
	decode(nlh, alert_fields, alert);
}

static int by_vm(const void *key, const void *row)
{
	uint64_t id = *(const uint64_t *)key, other = ((const struct vm *)row)->id;

	return id < other ? -1 : id > other;
}

/* Dumps come in the order of numbers. */
struct vm *model_find_vm(const struct rows *vms, uint64_t id)
{
	return vms->nr ? bsearch(&id, vms->row, vms->nr, vms->size, by_vm) : NULL;
}

static int by_series(const void *left, const void *right)
{
	const struct series *one = left, *other = right;

	if (one->vm != other->vm)
		return one->vm < other->vm ? -1 : 1;
	if (one->total.class != other->total.class)
		return one->total.class < other->total.class ? -1 : 1;
	return 0;
}

struct series *model_find_series(const struct rows *series, uint64_t vm,
				 uint64_t class)
{
	struct series key;

	key.vm = vm;
	key.total.class = class;
	return series->nr ? bsearch(&key, series->row, series->nr,
				    series->size, by_series) : NULL;
}
