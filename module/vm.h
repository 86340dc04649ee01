/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The registry of VMs and their vCPUs: birth, death, reuse
 */
#ifndef KVMFAULT_VM_H
#define KVMFAULT_VM_H

#include <asm/local64.h>
#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "abi.h"
#include "combo.h"
#include "decode.h"
#include "fault.h"
#include "histogram.h"
#include "split.h"

struct kvm;
struct kvm_vcpu;
struct kvmfault_async;
struct kvmfault_digest;
struct kvmfault_stage_totals;

/**
 * struct kvmfault_total - one class of one VM, over all CPUs
 * @sum_ns: all durations together
 * @min_ns: the shortest, if there is any
 * @max_ns: the longest
 * @userspace: how many went on to the VMM
 * @failed: how many ended in an error
 * @bucket: how many were how long; their sum is the count, and there is no other
 */
struct kvmfault_total {
	u64 sum_ns;
	u64 min_ns;
	u64 max_ns;
	u64 userspace;
	u64 failed;
	u64 bucket[KVMFAULT_HIST_BUCKETS];
};

/**
 * enum kvmfault_shadow_event - what happens to shadow page tables beside faults
 * @KVMFAULT_SHADOW_WRITE: KVM emulates a write while there are such tables, for it
 *	may be to one that is shadowed
 * @KVMFAULT_SHADOW_SYNC: those that the guest may write itself are brought up to
 *	date
 * @KVMFAULT_SHADOW_INVLPG: the guest has executed one
 * @KVMFAULT_SHADOW_CR3: it has loaded CR3
 * @KVMFAULT_SHADOW_ROOT: KVM has switched to other roots
 * @KVMFAULT_SHADOW_EVENTS: how many there are
 */
enum kvmfault_shadow_event {
	KVMFAULT_SHADOW_WRITE,
	KVMFAULT_SHADOW_SYNC,
	KVMFAULT_SHADOW_INVLPG,
	KVMFAULT_SHADOW_CR3,
	KVMFAULT_SHADOW_ROOT,
	KVMFAULT_SHADOW_EVENTS
};

/**
 * struct kvmfault_counts - what is counted of a VM
 * @total: by class
 * @event: what happened to its shadow page tables
 * @combo: tdp and shadow by way, access, cause, outcome and level
 * @nr_combos: how many of these are in use
 */
struct kvmfault_counts {
	struct kvmfault_total total[KVMFAULT_CLASSES];
	u64 event[KVMFAULT_SHADOW_EVENTS];
	struct kvmfault_combo combo[KVMFAULT_COMBOS_VM];
	unsigned int nr_combos;
};

/**
 * struct kvmfault_vm - a VM that has faulted
 * @hash: in the chain of its struct kvm
 * @newborn: among the newborn that settling takes up
 * @deceased: among the dead; it may die before it is taken up
 * @list: among all VMs, by number; kvmfault_settle_lock
 * @rcu: to give it back after the last look
 * @kvm: its address, only ever compared
 * @id: our number, from 1
 * @pid: of the process that runs it
 * @comm: the name of that process
 * @dead: set once, before the address can be used again
 * @nr_vcpus: how many of its vCPUs have faulted
 * @nr_told: how many of these were told to those who listen;
 *	kvmfault_settle_lock
 * @vcpus: chain of these vCPUs
 * @slots: chain of the per-CPU slots that hold counts of it
 * @counts: what was folded so far; kvmfault_settle_lock
 * @hot: the addresses that fault most, likewise; NULL if there are none
 * @hot_floor: how often any other was seen, at most, until there are
 * @stages: where the time of its tdp calls went; NULL if nobody has asked
 */
struct kvmfault_vm {
	struct llist_node hash;
	struct llist_node newborn;
	struct llist_node deceased;
	struct list_head list;
	struct rcu_head rcu;
	struct kvm *kvm;
	u64 id;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	bool dead;
	atomic_t nr_vcpus;
	int nr_told;
	struct llist_head vcpus;
	struct llist_head slots;
	struct kvmfault_counts counts;
	struct kvmfault_digest *hot;
	u64 hot_floor;
	struct kvmfault_stage_totals *stages;
};

/**
 * struct kvmfault_exit - what a vCPU's exit and the tdp call in it tell each other
 * @turn: in which turn the exit began that is under way: kvmfault_address_turn();
 *	0 if none is
 * @called: the call was made
 * @access: what the guest wanted
 * @cause: why that faulted
 * @level: the mapping made
 * @gva: what the guest accessed
 * @rip: where it did
 * @pfn: the host's frame
 * @home: the page in the VM's own memory
 */
struct kvmfault_exit {
	int turn;
	bool called;
	enum kvmfault_access access;
	enum kvmfault_cause cause;
	enum kvmfault_level level;
	u64 gva;
	u64 rip;
	u64 pfn;
	u64 home;
};

/**
 * enum kvmfault_stuck - how a vCPU is stuck
 * @KVMFAULT_NOT_STUCK: it is not
 * @KVMFAULT_STUCK_ASLEEP: in one fault that does not end
 * @KVMFAULT_STUCK_REPEATS: its faults end, and come again at the same addresses
 * @KVMFAULT_STUCK_ASYNC: it is halted, or does something else, until a page is
 *	there that does not come
 */
enum kvmfault_stuck {
	KVMFAULT_NOT_STUCK,
	KVMFAULT_STUCK_ASLEEP,
	KVMFAULT_STUCK_REPEATS,
	KVMFAULT_STUCK_ASYNC
};

/* The addresses that faults without progress may be at. */
#define KVMFAULT_WATCH_PAGES	4

/**
 * struct kvmfault_sampled - the faults of a vCPU one by one, for a while
 * @nr: how many there were
 * @idle: how many of them were progress, or at none of the few addresses
 * @page: the few addresses
 * @times: how many faults were there
 * @raw: what became of the last one without progress
 * @rip: the guest's instruction
 * @end: when the last one was
 */
struct kvmfault_sampled {
	unsigned int nr;
	unsigned int idle;
	u64 page[KVMFAULT_WATCH_PAGES];
	unsigned int times[KVMFAULT_WATCH_PAGES];
	u64 raw;
	u64 rip;
	u64 end;
};

/**
 * struct kvmfault_watch - what watch.c knows of a vCPU
 * @sampling: how many faults are wanted in @sampled, which is the handler's
 *	until it has set this to 0, and the watch's from then on
 * @sampled: these faults
 * @begin: when that was begun, a stamp; 0 while nothing is sampled or to be judged
 * @begin_seen: how many tdp faults there were then
 * @seen: how many there were at the last look
 * @quiet: how many rounds without any there have been since
 * @how: the verdict, for readers, as the rest
 * @class: what it is stuck in
 * @told: it was told to those who listen
 * @since: since when, a stamp
 * @from: how many tdp faults there were then
 * @gpa: the guest-physical address, or the worst of them
 * @rip: the guest's instruction
 * @raw: what the last fault was about
 *
 * kvmfault_settle_lock, but for what is the handler's.
 */
struct kvmfault_watch {
	unsigned int sampling;
	struct kvmfault_sampled sampled;
	u64 begin;
	u64 begin_seen;
	u64 seen;
	unsigned int quiet;
	enum kvmfault_stuck how;
	enum kvmfault_class class;
	bool told;
	u64 since;
	u64 from;
	u64 gpa;
	u64 rip;
	u64 raw;
};

/**
 * struct kvmfault_steps - how far a tdp call has come, while steps.c wants to know
 * @start: when it began, the stamp of its record; 0 if none is to be split
 * @turn: the turn of steps.c that it began in
 * @seen: stages that it went through, a bit for each
 * @active: stages that it is in
 * @host: what the host had to do for it, a bit for each cause
 * @min_flt: the task's faults when it came to the slow get_user_pages
 * @maj_flt: likewise
 * @ticks: the time in each stage
 */
struct kvmfault_steps {
	u64 start;
	unsigned int turn;
	u16 seen;
	u16 active;
	unsigned int host;
	u32 min_flt;
	u32 maj_flt;
	u64 ticks[KVMFAULT_STAGES];
};

static_assert(KVMFAULT_STAGES <= 16);

/**
 * struct kvmfault_shadow_seen - what a vCPU has last seen of shadow paging
 * @pages: how many page-table pages KVM had for the VM; U64_MAX if it is not
 *	told
 * @when: a stamp of then; 0 for never
 * @since: when the last call began, a stamp
 * @point: and where
 * @ret: what the last call returned, while recognise.c needs it
 * @pf_fixed: KVM's own count when that began
 */
struct kvmfault_shadow_seen {
	u64 pages;
	u64 when;
	u64 since;
	enum kvmfault_point_id point;
	long ret;
	u64 pf_fixed;
};

/**
 * struct kvmfault_vcpu - a vCPU that has faulted
 * @hash: in the chain of its struct kvm_vcpu
 * @sibling: among the vCPUs of its VM
 * @kvm_vcpu: its address, only ever compared
 * @vm: the VM it is part of
 * @id: the number its VMM gave it
 * @epoch: the epoch of the counts, see account.c
 * @watch: whether it is stuck
 * @tdp_start: the stamp of its last tdp, while recognise.c needs it
 * @tdp_ret: what that returned
 * @exit: its exit under way, while somebody wants to know where it is
 * @async: its asynchronous page faults, if it has had any
 * @shadow: what its last shadow fault has left, see shadow.h
 * @rets: the first return values of its tdp, the one that means retry included
 * @steps: its tdp under way, while somebody wants to know where its time goes
 * @root_loads: how often it has loaded its root since its first fault
 * @count: its faults by class
 * @max_ns: its longest exit
 * @gpa: where its tdp under way is, or its last one was
 * @since: when the one under way began, a stamp; 0 while none is. If it is a shadow
 *	fault, the same stands in @shadow
 *
 * A vCPU runs on one CPU at a time, so what handlers write has one writer. What
 * each fault writes has a cache line of its own.
 */
struct kvmfault_vcpu {
	struct llist_node hash;
	struct llist_node sibling;
	struct kvm_vcpu *kvm_vcpu;
	struct kvmfault_vm *vm;
	int id;
	unsigned int epoch;
	struct kvmfault_watch watch;
	u64 tdp_start;
	long tdp_ret;
	struct kvmfault_exit exit;
	struct kvmfault_async *async;
	struct kvmfault_shadow_seen shadow;
	local64_t rets[KVMFAULT_RETRY_RETS];
	struct kvmfault_steps steps;
	local64_t root_loads;

	local64_t count[KVMFAULT_CLASSES] ____cacheline_aligned;
	u64 max_ns;
	u64 gpa;
	u64 since;
};

/* vm 0: all VMs that are gone. */
extern struct kvmfault_vm kvmfault_vm_gone;
/* All others that are settled, by number; kvmfault_settle_lock. */
extern struct list_head kvmfault_vms;

int kvmfault_vm_init(unsigned int max_vms);
void kvmfault_vm_exit(void);

/* In handlers, with preemption off. */
struct kvmfault_vcpu *kvmfault_vcpu_get(struct kvm_vcpu *kvm_vcpu);
struct kvmfault_vcpu *kvmfault_vcpu_find(struct kvm_vcpu *kvm_vcpu);
void kvmfault_vm_died(struct kvm *kvm);
struct kvmfault_vm *kvmfault_vm_find(const struct kvm *kvm);

/* In process context. */
void kvmfault_vm_all_died(void);
unsigned int kvmfault_vm_generation(void);
void kvmfault_vm_changed(void);
void kvmfault_vm_settle(void);
size_t kvmfault_vm_bytes(void);
unsigned int kvmfault_vm_max(void);
u64 kvmfault_vm_nr_gone(void);
const struct kvmfault_vcpu **
kvmfault_vm_vcpus(const struct kvmfault_vm *vm,
		  bool (*is_wanted)(const struct kvmfault_vcpu *vcpu),
		  unsigned int *nr);

#endif /* KVMFAULT_VM_H */
