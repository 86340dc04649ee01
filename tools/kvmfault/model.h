/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module tells, as structures; and how to ask for it
 *
 * Numbers are 64 bits wide whatever they are on the wire, so that UNKNOWN can
 * stand for what was not told: by a module of other times, or because nobody
 * knows. Attributes that are not known here are passed over.
 */
#ifndef KVMFAULT_MODEL_H
#define KVMFAULT_MODEL_H

#include <linux/kvmfault.h>
#include <stdbool.h>
#include <stdint.h>

#include "../../module/histogram.h"
#include "nl.h"

#define UNKNOWN		UINT64_MAX
#define TEXT		160
#define CLASSES		(KVMFAULT_FAULT_CLASS_SHADOW + 1)
#define REASONS		(KVMFAULT_MISSED_REASON_UNSEEN + 1)
#define GROUPS		8

/* @bucket is of no dump but histogram-get. */
struct total {
	uint64_t class;
	uint64_t count;
	uint64_t sum_ns;
	uint64_t min_ns;
	uint64_t p50_ns;
	uint64_t p90_ns;
	uint64_t p99_ns;
	uint64_t p999_ns;
	uint64_t max_ns;
	uint64_t userspace;
	uint64_t failed;
	__u64 bucket[KVMFAULT_HIST_BUCKETS];
};

struct vm {
	uint64_t id;
	uint64_t pid;
	char comm[TEXT];
	uint64_t state;
	uint64_t vcpus;
	uint64_t retry;
	struct total total[CLASSES];
};

struct vcpu {
	uint64_t vm;
	uint64_t id;
	uint64_t retry;
	uint64_t max_ns;
	uint64_t count[CLASSES];
};

/* A class of a VM. */
struct series {
	uint64_t vm;
	struct total total;
};

/* The faults of the MMU's part of a kind, in a VM. */
struct fault {
	uint64_t vm;
	uint64_t access;
	uint64_t cause;
	uint64_t outcome;
	uint64_t level;
	uint64_t count;
	uint64_t sum_ns;
	uint64_t class;
	uint64_t guest;
};

/* Shadow paging of a VM. */
struct shadow {
	uint64_t vm;
	uint64_t count;
	uint64_t nested;
	uint64_t injected;
	uint64_t reflected;
	uint64_t writes;
	uint64_t syncs;
	uint64_t invlpg;
	uint64_t cr3;
	uint64_t roots;
	uint64_t pages;
};

/* An address of a VM among those that fault most. */
struct hot {
	uint64_t vm;
	uint64_t rank;
	uint64_t gpa;
	uint64_t size;
	uint64_t access;
	uint64_t count;
	uint64_t error;
	uint64_t rip;
};

/* A stage of the tdp faults of a VM. */
struct stage {
	uint64_t vm;
	uint64_t stage;
	uint64_t of;
	uint64_t state;
	uint64_t count;
	uint64_t sum_ns;
	uint64_t p50_ns;
	uint64_t p99_ns;
	uint64_t max_ns;
};

/* What the host had to do for the tdp faults of a VM. */
struct host {
	uint64_t vm;
	uint64_t cause;
	uint64_t count;
	uint64_t sum_ns;
	uint64_t p50_ns;
	uint64_t p99_ns;
	uint64_t max_ns;
};

/* A vCPU that is stuck in faults. */
struct stuck {
	uint64_t vm;
	uint64_t vcpu;
	uint64_t kind;
	uint64_t for_ns;
	uint64_t faults;
	uint64_t gpa;
	uint64_t rip;
	uint64_t outcome;
};

/* The asynchronous page faults of a vCPU, of which VM 0 has none. */
struct async {
	uint64_t vm;
	uint64_t vcpu;
	uint64_t setup;
	uint64_t delivered;
	uint64_t halted;
	uint64_t completed;
	uint64_t ready;
	uint64_t cancelled;
	uint64_t repeated;
	uint64_t outstanding;
	uint64_t oldest_ns;
	uint64_t sum_ns;
	uint64_t p50_ns;
	uint64_t p99_ns;
	uint64_t max_ns;
	__u64 bucket[KVMFAULT_HIST_BUCKETS];
};

/* How a VM is set up; of one that cannot be looked into only why. */
struct setup {
	uint64_t vm;
	char why[TEXT];
	uint64_t memslots;
	uint64_t pages;
	uint64_t vcpus;
	uint64_t tdp_tables;
	uint64_t shadow_tables;
	uint64_t maps_4k;
	uint64_t maps_2m;
	uint64_t maps_1g;
	uint64_t maps_large;
	uint64_t private;
	uint64_t root_loads;
};

/* A memory slot, likewise. */
struct memslot {
	uint64_t vm;
	char why[TEXT];
	uint64_t change;
	uint64_t as;
	uint64_t slot;
	uint64_t gpa;
	uint64_t hva;
	uint64_t pages;
	uint64_t dirty_log;
	uint64_t readonly;
	uint64_t private;
	uint64_t internal;
	uint64_t guest_memfd;
};

/* A vCPU and its thread, likewise. */
struct thread {
	uint64_t vm;
	char why[TEXT];
	uint64_t vcpu;
	uint64_t tid;
	uint64_t cpu;
};

/* An address, followed as far as there is a way. */
struct translation {
	uint64_t vm;
	uint64_t vcpu;
	uint64_t gva;
	uint64_t gpa;
	uint64_t hva;
	uint64_t guest_page;
	uint64_t as;
	uint64_t slot;
	uint64_t offset;
	uint64_t mapping;
	uint64_t memory;
	uint64_t from;
	uint64_t to;
	uint64_t shared;
	char file[TEXT];
	uint64_t presence;
	uint64_t level;
	uint64_t pfn;
	uint64_t anonymous;
	uint64_t special;
	uint64_t writable;
	char why[TEXT];
};

/* One fault. Of an exit the outcome is not known, of a tdp call the end. */
struct recent {
	uint64_t time_ns;
	uint64_t vm;
	uint64_t vcpu;
	uint64_t class;
	uint64_t gpa;
	uint64_t access;
	uint64_t cause;
	uint64_t outcome;
	uint64_t end;
	uint64_t level;
	uint64_t duration_ns;
	uint64_t gva;
	uint64_t rip;
	uint64_t hva;
	uint64_t pfn;
	uint64_t slot;
	uint64_t cpu;
	uint64_t pid;
	uint64_t guest;
	char comm[TEXT];
};

struct probe {
	char name[TEXT];
	char symbol[TEXT];
	char engine[TEXT];
	uint64_t state;
	uint64_t enabled;
	uint64_t hits;
	uint64_t missed;
};

struct settings {
	uint64_t alert_ns;
	uint64_t alert_interval_ms;
	char engine[TEXT];
	uint64_t maxactive;
	uint64_t slots;
	uint64_t max_vms;
	uint64_t recent;
	uint64_t hot;
	uint64_t stuck_ms;
	uint64_t stuck_repeats;
	uint64_t stages;
	uint64_t stages_vm;
	char leaving[TEXT];
};

struct group {
	char name[TEXT];
	uint64_t sent;
	uint64_t dropped;
};

struct info {
	char version[TEXT];
	char engine[TEXT];
	uint64_t probes;
	uint64_t armed;
	uint64_t vms_live;
	uint64_t vms_gone;
	uint64_t resets;
	struct total total[CLASSES];
	uint64_t missed[REASONS];
	uint64_t buffer_bytes;
	uint64_t vm_bytes;
	uint64_t probe_bytes;
	uint64_t recent_bytes;
	uint64_t hot_bytes;
	uint64_t stage_bytes;
	uint64_t async_bytes;
	uint64_t async_missed;
	struct group group[GROUPS];
	unsigned int nr_groups;
	char tdp_call[TEXT];
	char tdp_layout[TEXT];
	uint64_t tdp_codes;
};

struct alert {
	uint64_t kind;
	uint64_t vm;
	uint64_t vcpu;
	uint64_t class;
	uint64_t gpa;
	uint64_t start_ns;
	uint64_t duration_ns;
	uint64_t count;
	uint64_t dropped;
	uint64_t rip;
	uint64_t outcome;
};

/* Which rows of a dump are wanted; UNKNOWN for all. */
struct wanted {
	uint64_t vm;
	uint64_t class;
};

void model_info(struct nl *nl, struct info *info);
void model_settings(struct nl *nl, struct settings *settings);
void model_vms(struct nl *nl, struct rows *vms);
void model_vcpus(struct nl *nl, struct rows *vcpus, const struct wanted *wanted);
void model_latency(struct nl *nl, struct rows *series,
		   const struct wanted *wanted);
void model_histograms(struct nl *nl, struct rows *series,
		      const struct wanted *wanted);
void model_faults(struct nl *nl, struct rows *faults, const struct wanted *wanted);
void model_shadows(struct nl *nl, struct rows *shadows,
		   const struct wanted *wanted);
void model_hots(struct nl *nl, struct rows *hots, const struct wanted *wanted);
void model_stages(struct nl *nl, struct rows *stages,
		  const struct wanted *wanted);
void model_hosts(struct nl *nl, struct rows *hosts, const struct wanted *wanted);
void model_stucks(struct nl *nl, struct rows *stucks,
		  const struct wanted *wanted);
void model_asyncs(struct nl *nl, struct rows *asyncs,
		  const struct wanted *wanted);
void model_recents(struct nl *nl, struct rows *recents,
		   const struct wanted *wanted);
void model_setups(struct nl *nl, struct rows *setups,
		  const struct wanted *wanted);
void model_memslots(struct nl *nl, struct rows *memslots,
		    const struct wanted *wanted);
void model_threads(struct nl *nl, struct rows *threads,
		   const struct wanted *wanted);
void model_translate(struct nl *nl, struct translation *translation,
		     uint16_t attribute, uint64_t address);
void model_probes(struct nl *nl, struct rows *probes);
void model_reset(struct nl *nl, struct total *total);

void model_decode_vm(const struct nlmsghdr *nlh, struct vm *vm);
void model_decode_thread(const struct nlmsghdr *nlh, struct thread *thread);
void model_decode_memslot(const struct nlmsghdr *nlh, struct memslot *memslot);
void model_decode_alert(const struct nlmsghdr *nlh, struct alert *alert);

struct vm *model_find_vm(const struct rows *vms, uint64_t id);
struct series *model_find_series(const struct rows *series, uint64_t vm,
				 uint64_t class);

bool total_is_there(const struct total *total);
uint64_t total_busy_ns(const struct total *total);
void total_since(struct total *since, const struct total *now,
		 const struct total *before);
void total_add(struct total *sum, const struct total *total);

const char *class_name(uint64_t class);
int class_of(const char *name);
const char *access_name(uint64_t access);
int access_of(const char *name);
const char *cause_name(uint64_t cause);
const char *outcome_name(uint64_t outcome);
const char *guest_name(uint64_t guest);
const char *alert_name(uint64_t kind);
const char *level_name(uint64_t level);
const char *change_name(uint64_t change);
const char *presence_name(uint64_t presence);
const char *memory_name(uint64_t memory);
const char *end_name(uint64_t end);
const char *stage_name(uint64_t stage);
const char *host_cause_name(uint64_t cause);
const char *vm_state_name(uint64_t state);
const char *probe_state_name(uint64_t state);
const char *reason_name(uint64_t reason);
const char *codes_name(uint64_t codes);

#endif /* KVMFAULT_MODEL_H */
