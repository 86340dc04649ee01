/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Made from include/netlink/kvmfault.yaml: change that, then say
 * `make -C selftests spec`.
 */
/*
 * kvmfault counts and times the guest-physical faults of every KVM guest. This
 * family offers everything that its debugfs files show, and all control.
 *
 * Every operation and every multicast group needs CAP_NET_ADMIN in the initial
 * user namespace, or groups CAP_SYS_ADMIN on kernels that guard them by nothing
 * else; the family exists in the initial network namespace only.
 *
 * Times are in nanoseconds from entry to return of the probed function, host
 * scheduling and sleep included. A refusal has a sentence in its extended ack
 * and points at the attribute that is at fault, if there is one.
 *
 * A dump may be spread over many messages. It carries NLM_F_DUMP_INTR if VMs
 * were born, died or were reset while it lasted, or if hot, recent or stages
 * was switched on or off; ask again then, if it matters.
 */
#ifndef _UAPI_LINUX_KVMFAULT_H
#define _UAPI_LINUX_KVMFAULT_H

#define KVMFAULT_FAMILY_NAME	"kvmfault"
#define KVMFAULT_FAMILY_VERSION	1

#define KVMFAULT_MCGRP_VM	"vm"
#define KVMFAULT_MCGRP_ALERT	"alert"
#define KVMFAULT_MCGRP_SETUP	"setup"

/* What was probed, in words that fit both vendors. */
enum kvmfault_fault_class {
	/* A guest-physical fault exit. */
	KVMFAULT_FAULT_CLASS_VIOLATION,
	/* An MMIO exit. */
	KVMFAULT_FAULT_CLASS_MISCONFIG,
	/* A call of the MMU's fault handler; most violations contain one. */
	KVMFAULT_FAULT_CLASS_TDP,
	/*
	 * The same where KVM shadows page tables: those of a guest, with ept=0
	 * or npt=0, or those that a guest has made for its guest.
	 */
	KVMFAULT_FAULT_CLASS_SHADOW,
};

enum kvmfault_vm_state {
	/* It has faulted, and was not seen to die. */
	KVMFAULT_VM_STATE_LIVE,
	/* It was destroyed. VM 0 stands for all that are gone. */
	KVMFAULT_VM_STATE_GONE,
};

/* What has become of an attach point. */
enum kvmfault_probe_status {
	/* The module with the function is not loaded. */
	KVMFAULT_PROBE_STATUS_WAITING,
	/* A probe is in place. */
	KVMFAULT_PROBE_STATUS_ARMED,
	/* No probe can be placed. */
	KVMFAULT_PROBE_STATUS_UNAVAILABLE,
	/* A probe is in place, but KVM calls past it. */
	KVMFAULT_PROBE_STATUS_BYPASSED,
	/* Switched off by probe-set. */
	KVMFAULT_PROBE_STATUS_DISABLED,
};

/* Why a call of a probed function is in no count. */
enum kvmfault_missed_reason {
	/* More VMs than max-vms, or born faster than records were made. */
	KVMFAULT_MISSED_REASON_NO_VM,
	/* More VMs ran on a CPU at once than it has slots. */
	KVMFAULT_MISSED_REASON_NO_SLOT,
	/* There was no memory when the CPU came up. */
	KVMFAULT_MISSED_REASON_NO_BUFFER,
	/* More calls were under way at once than maxactive. */
	KVMFAULT_MISSED_REASON_UNSEEN,
};

/* The sets of values that kvm_tdp_page_fault() returns, by first kernel. */
enum kvmfault_return_codes {
	KVMFAULT_RETURN_CODES_UNKNOWN,
	KVMFAULT_RETURN_CODES_V5_10,
	KVMFAULT_RETURN_CODES_V6_1,
	KVMFAULT_RETURN_CODES_V6_12,
};

enum kvmfault_alert_kind {
	/* A fault lasted for alert-ns or longer. */
	KVMFAULT_ALERT_KIND_SLOW,
	/* A vCPU has been in one fault for stuck-ms, and still is. */
	KVMFAULT_ALERT_KIND_ASLEEP,
	/*
	 * A vCPU has had stuck-repeats faults at the same few addresses, of
	 * which nothing came.
	 */
	KVMFAULT_ALERT_KIND_REPEATS,
	/*
	 * A vCPU has been waiting for stuck-ms, halted or doing something else,
	 * for a page that the host fetches, and still is.
	 */
	KVMFAULT_ALERT_KIND_ASYNC,
};

/* What the guest wanted. */
enum kvmfault_fault_access {
	KVMFAULT_FAULT_ACCESS_UNKNOWN,
	KVMFAULT_FAULT_ACCESS_READ,
	KVMFAULT_FAULT_ACCESS_WRITE,
	KVMFAULT_FAULT_ACCESS_EXEC,
};

/* Why the MMU was asked. */
enum kvmfault_fault_cause {
	KVMFAULT_FAULT_CAUSE_UNKNOWN,
	/* There was no entry. */
	KVMFAULT_FAULT_CAUSE_ABSENT,
	/* There was one, and it forbids the access. */
	KVMFAULT_FAULT_CAUSE_PROTECTED,
	/* The address is in no memslot. */
	KVMFAULT_FAULT_CAUSE_MMIO,
	/* KVM asked by itself, for a page that has come. */
	KVMFAULT_FAULT_CAUSE_PREFETCH,
};

enum kvmfault_fault_outcome {
	/* The mapping was made or repaired. */
	KVMFAULT_FAULT_OUTCOME_FIXED,
	/* It was there already. */
	KVMFAULT_FAULT_OUTCOME_SPURIOUS,
	/* The guest has to try again. */
	KVMFAULT_FAULT_OUTCOME_RETRY,
	/* The instruction is emulated. */
	KVMFAULT_FAULT_OUTCOME_EMULATE,
	/* A write to a page that KVM guards. */
	KVMFAULT_FAULT_OUTCOME_WRITE_PROTECTED,
	/* The mapping was no longer valid. */
	KVMFAULT_FAULT_OUTCOME_INVALID,
	/* An errno. */
	KVMFAULT_FAULT_OUTCOME_ERROR,
	/* Not recognised on this kernel, or not yet. */
	KVMFAULT_FAULT_OUTCOME_UNKNOWN,
	/*
	 * Shadow paging: the guest's own page tables forbid it, so the fault is
	 * given to the guest, or to the guest that runs this one.
	 */
	KVMFAULT_FAULT_OUTCOME_INJECTED,
};

/* Who ran when it faulted. */
enum kvmfault_fault_guest {
	/* The guest. */
	KVMFAULT_FAULT_GUEST_L1,
	/* A guest of the guest. */
	KVMFAULT_FAULT_GUEST_L2,
};

/* The mapping made. */
enum kvmfault_fault_level {
	KVMFAULT_FAULT_LEVEL_UNKNOWN,
	KVMFAULT_FAULT_LEVEL_4K,
	KVMFAULT_FAULT_LEVEL_2M,
	KVMFAULT_FAULT_LEVEL_1G,
};

/* Where the time of a tdp call goes. */
enum kvmfault_fault_stage {
	/* All of it. */
	KVMFAULT_FAULT_STAGE_TDP,
	/* The fast path, without a lock. */
	KVMFAULT_FAULT_STAGE_FAST,
	/* The caches that page tables come from are filled up. */
	KVMFAULT_FAULT_STAGE_TOPUP,
	/* The host's page is got. */
	KVMFAULT_FAULT_STAGE_FAULTIN,
	/* In it, get_user_pages without a lock. */
	KVMFAULT_FAULT_STAGE_GUP_FAST,
	/* In it, get_user_pages that may fault on the host. */
	KVMFAULT_FAULT_STAGE_GUP_SLOW,
	/* For KVM's MMU lock. */
	KVMFAULT_FAULT_STAGE_WAIT,
	/* With that lock. */
	KVMFAULT_FAULT_STAGE_HELD,
	/* In it, the entry is made. */
	KVMFAULT_FAULT_STAGE_MAP,
	/* All that is in none of the others. */
	KVMFAULT_FAULT_STAGE_REST,
	/* What of faultin is in none of its parts. */
	KVMFAULT_FAULT_STAGE_FAULTIN_REST,
	/* What of held is in none of its parts. */
	KVMFAULT_FAULT_STAGE_HELD_REST,
};

/* What the slow get_user_pages of a tdp call had to do. */
enum kvmfault_host_cause {
	/* Nothing, the page was there. */
	KVMFAULT_HOST_CAUSE_PRESENT,
	/* A fault on the host that did not wait. */
	KVMFAULT_HOST_CAUSE_MINOR,
	/* The same, for a huge page. */
	KVMFAULT_HOST_CAUSE_HUGE,
	/* One that waited. */
	KVMFAULT_HOST_CAUSE_MAJOR,
	/* One for a page that was in swap. */
	KVMFAULT_HOST_CAUSE_SWAP,
	/* One that user space was asked about, by userfaultfd. */
	KVMFAULT_HOST_CAUSE_USERFAULT,
};

/* How an exit ended. */
enum kvmfault_fault_end {
	/* Back in the guest. */
	KVMFAULT_FAULT_END_RESUMED,
	/* Handed to the VMM. */
	KVMFAULT_FAULT_END_USERSPACE,
	/* KVM_RUN returns an error. */
	KVMFAULT_FAULT_END_FAILED,
};

/* What has become of a memory slot. */
enum kvmfault_memslot_change {
	/* It is new. */
	KVMFAULT_MEMSLOT_CHANGE_CREATED,
	/* It is gone; this is what it was. */
	KVMFAULT_MEMSLOT_CHANGE_DELETED,
	/* It has another place in guest-physical memory. */
	KVMFAULT_MEMSLOT_CHANGE_MOVED,
	/* It has other flags, as when its dirty pages are logged. */
	KVMFAULT_MEMSLOT_CHANGE_FLAGS,
};

/* Whether there is memory behind an address. */
enum kvmfault_page_presence {
	/* Nothing yet, or nothing any more. */
	KVMFAULT_PAGE_PRESENCE_NOTHING,
	/*
	 * It is in swap, being moved, or has failed; or a file has it, and the
	 * VMM does not have it mapped.
	 */
	KVMFAULT_PAGE_PRESENCE_ELSEWHERE,
	/* It is in memory. */
	KVMFAULT_PAGE_PRESENCE_RESIDENT,
};

/* What a VMM has at an address. */
enum kvmfault_memory_kind {
	/* Nothing. */
	KVMFAULT_MEMORY_KIND_NONE,
	/* Memory of its own. */
	KVMFAULT_MEMORY_KIND_ANONYMOUS,
	/* A file, or shared memory, which is one. */
	KVMFAULT_MEMORY_KIND_FILE,
	/* Reserved huge pages. */
	KVMFAULT_MEMORY_KIND_HUGETLB,
	/* That of a device. */
	KVMFAULT_MEMORY_KIND_DEVICE,
	/*
	 * The guest_memfd that the guest has the page from. The VMM has it
	 * mapped if an hva is told.
	 */
	KVMFAULT_MEMORY_KIND_GUEST_MEMFD,
};

/* One class of faults. Of a vCPU only the class and the count are known. */
enum {
	/* enum kvmfault_fault_class */
	KVMFAULT_A_TOTAL_CLASS = 1,
	/* __u64: How many; the sum of the histogram. */
	KVMFAULT_A_TOTAL_COUNT,
	/* __u64: All durations together. */
	KVMFAULT_A_TOTAL_SUM_NS,
	/* __u64: The shortest; absent if there was none. */
	KVMFAULT_A_TOTAL_MIN_NS,
	/* __u64 */
	KVMFAULT_A_TOTAL_MAX_NS,
	/*
	 * __u64: The upper edge of the histogram bucket that holds the median,
	 * and never more than max-ns.
	 */
	KVMFAULT_A_TOTAL_P50_NS,
	/* __u64 */
	KVMFAULT_A_TOTAL_P90_NS,
	/* __u64 */
	KVMFAULT_A_TOTAL_P99_NS,
	/* __u64 */
	KVMFAULT_A_TOTAL_P999_NS,
	/* __u64: How many went on to the VMM; not for tdp and shadow. */
	KVMFAULT_A_TOTAL_USERSPACE,
	/* __u64: How many ended in an error; not for tdp and shadow. */
	KVMFAULT_A_TOTAL_FAILED,

	__KVMFAULT_A_TOTAL_MAX,
	KVMFAULT_A_TOTAL_MAX = (__KVMFAULT_A_TOTAL_MAX - 1)
};

enum {
	/*
	 * __u64: The number of the VM, from 1, never used again while the
	 * module is loaded. 0 stands for all VMs that are gone.
	 */
	KVMFAULT_A_VM_ID = 1,
	/* __u32: The process that runs it; absent for VM 0. */
	KVMFAULT_A_VM_PID,
	/*
	 * string: The name of that process, as it has chosen it: any bytes but
	 * 0. Absent for VM 0.
	 */
	KVMFAULT_A_VM_COMM,
	/* enum kvmfault_vm_state */
	KVMFAULT_A_VM_STATE,
	/* __u32: How many of its vCPUs have faulted. */
	KVMFAULT_A_VM_VCPUS,
	/*
	 * __u64: How often the guest had to try again; absent until a fault has
	 * shown what a retry looks like on this kernel.
	 */
	KVMFAULT_A_VM_RETRY,
	/*
	 * nest of KVMFAULT_A_TOTAL_*, several: One for each class; shadow is
	 * absent if there was none.
	 */
	KVMFAULT_A_VM_TOTAL,

	__KVMFAULT_A_VM_MAX,
	KVMFAULT_A_VM_MAX = (__KVMFAULT_A_VM_MAX - 1)
};

enum {
	/* __u64: The number of its VM. */
	KVMFAULT_A_VCPU_VM = 1,
	/* __u32: The number its VMM gave it. */
	KVMFAULT_A_VCPU_ID,
	/* __u64: As of a VM. */
	KVMFAULT_A_VCPU_RETRY,
	/* __u64: Its longest exit, violation or misconfig. */
	KVMFAULT_A_VCPU_MAX_NS,
	/*
	 * nest of KVMFAULT_A_TOTAL_*, several: One for each class; shadow is
	 * absent if there was none.
	 */
	KVMFAULT_A_VCPU_TOTAL,

	__KVMFAULT_A_VCPU_MAX,
	KVMFAULT_A_VCPU_MAX = (__KVMFAULT_A_VCPU_MAX - 1)
};

enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_LATENCY_VM = 1,
	/*
	 * enum kvmfault_fault_class: In requests; a reply has it in its total.
	 */
	KVMFAULT_A_LATENCY_CLASS,
	/* nest of KVMFAULT_A_TOTAL_* */
	KVMFAULT_A_LATENCY_TOTAL,

	__KVMFAULT_A_LATENCY_MAX,
	KVMFAULT_A_LATENCY_MAX = (__KVMFAULT_A_LATENCY_MAX - 1)
};

/*
 * Buckets are log-linear, at most 12.5 % wide. Only those that are not empty
 * are told.
 */
enum {
	/* __u64: The shortest duration in it. */
	KVMFAULT_A_BUCKET_FROM_NS = 1,
	/*
	 * __u64: The shortest duration that is too long for it; absent for the
	 * last one, which has no upper edge.
	 */
	KVMFAULT_A_BUCKET_TO_NS,
	/* __u64 */
	KVMFAULT_A_BUCKET_COUNT,

	__KVMFAULT_A_BUCKET_MAX,
	KVMFAULT_A_BUCKET_MAX = (__KVMFAULT_A_BUCKET_MAX - 1)
};

/*
 * The histogram of a class of a VM. One that does not fit in a message goes on
 * in the next, with the same VM and class; all parts are of one moment.
 */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_HISTOGRAM_VM = 1,
	/* enum kvmfault_fault_class */
	KVMFAULT_A_HISTOGRAM_CLASS,
	/* nest of KVMFAULT_A_BUCKET_*, several: In the order of durations. */
	KVMFAULT_A_HISTOGRAM_BUCKET,

	__KVMFAULT_A_HISTOGRAM_MAX,
	KVMFAULT_A_HISTOGRAM_MAX = (__KVMFAULT_A_HISTOGRAM_MAX - 1)
};

/* The faults of the MMU's part of a kind, in a VM. */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_FAULT_VM = 1,
	/* enum kvmfault_fault_access */
	KVMFAULT_A_FAULT_ACCESS,
	/* enum kvmfault_fault_cause */
	KVMFAULT_A_FAULT_CAUSE,
	/* enum kvmfault_fault_outcome */
	KVMFAULT_A_FAULT_OUTCOME,
	/* enum kvmfault_fault_level */
	KVMFAULT_A_FAULT_LEVEL,
	/* __u64 */
	KVMFAULT_A_FAULT_COUNT,
	/* __u64: How long they took together. */
	KVMFAULT_A_FAULT_SUM_NS,
	/* enum kvmfault_fault_class: tdp or shadow. */
	KVMFAULT_A_FAULT_CLASS,
	/*
	 * enum kvmfault_fault_guest: Of class tdp always l1, although a guest
	 * of the guest may have run whose hypervisor shadows page tables
	 * itself.
	 */
	KVMFAULT_A_FAULT_GUEST,

	__KVMFAULT_A_FAULT_MAX,
	KVMFAULT_A_FAULT_MAX = (__KVMFAULT_A_FAULT_MAX - 1)
};

/* Shadow paging of a VM. */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_SHADOW_VM = 1,
	/* __u64: Calls; as in its total. */
	KVMFAULT_A_SHADOW_COUNT,
	/* __u64: Of these, while a guest of the guest ran. */
	KVMFAULT_A_SHADOW_NESTED,
	/* __u64: Of these, given to the guest. */
	KVMFAULT_A_SHADOW_INJECTED,
	/*
	 * __u64: Of these, while a guest of the guest ran, so that the guest
	 * that runs it handles them.
	 */
	KVMFAULT_A_SHADOW_REFLECTED,
	/*
	 * __u64: Writes that KVM emulated while there were shadow page tables;
	 * those to shadowed page tables among them.
	 */
	KVMFAULT_A_SHADOW_WRITES,
	/*
	 * __u64: How often page tables that the guest may write were looked
	 * through.
	 */
	KVMFAULT_A_SHADOW_SYNCS,
	/* __u64: INVLPG that KVM handled. */
	KVMFAULT_A_SHADOW_INVLPG,
	/* __u64: Loads of CR3 that KVM handled. */
	KVMFAULT_A_SHADOW_CR3,
	/* __u64: Switches to other roots of page tables. */
	KVMFAULT_A_SHADOW_ROOTS,
	/*
	 * __u64: Page-table pages that KVM had for it when its last fault of
	 * this kind ended, those of the TDP MMU aside; 0 for VM 0.
	 */
	KVMFAULT_A_SHADOW_PAGES,

	__KVMFAULT_A_SHADOW_MAX,
	KVMFAULT_A_SHADOW_MAX = (__KVMFAULT_A_SHADOW_MAX - 1)
};

enum {
	/* string: What is probed, the same on every kernel. */
	KVMFAULT_A_PROBE_NAME = 1,
	/* string: The function in use; absent if there is none. */
	KVMFAULT_A_PROBE_SYMBOL,
	/* string */
	KVMFAULT_A_PROBE_ENGINE,
	/* enum kvmfault_probe_status */
	KVMFAULT_A_PROBE_STATE,
	/* __u32: 0 or 1. What is enabled is armed whenever that is possible. */
	KVMFAULT_A_PROBE_ENABLED,
	/* __u64: Calls that were counted since the module was loaded. */
	KVMFAULT_A_PROBE_HITS,
	/* __u64: Calls that were not, since then. */
	KVMFAULT_A_PROBE_MISSED,

	__KVMFAULT_A_PROBE_MAX,
	KVMFAULT_A_PROBE_MAX = (__KVMFAULT_A_PROBE_MAX - 1)
};

enum {
	/*
	 * __u64: A fault that lasts as long as this, or longer, is told to the
	 * group alert. 0, the default, means none.
	 */
	KVMFAULT_A_SETTINGS_ALERT_NS = 1,
	/*
	 * __u32: Alerts are sent at most this often, up to 30000; what comes in
	 * between is put together or dropped. 100 by default.
	 */
	KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS,
	/*
	 * string: How functions are probed, kretprobe or direct. Each call is
	 * counted once while engines are switched. Where direct cannot be used
	 * a function stays with kretprobe, and the kernel's log says why; to
	 * set it again is to try again.
	 */
	KVMFAULT_A_SETTINGS_ENGINE,
	/*
	 * __u32: How many calls of one function may be under way at once; a
	 * quarter as many of handle_ept_misconfig, kvm_io_bus_write and each
	 * function of shadow paging, and never fewer than there are CPUs. Read
	 * only, a module parameter, like slots and max-vms.
	 */
	KVMFAULT_A_SETTINGS_MAXACTIVE,
	/* __u32: For how many VMs a CPU can hold counts. */
	KVMFAULT_A_SETTINGS_SLOTS,
	/* __u32: How many VMs may live at once. */
	KVMFAULT_A_SETTINGS_MAX_VMS,
	/*
	 * __u32: 1 if the last faults of each CPU are kept, 0 if not, which is
	 * the default. Can be set, like the next.
	 */
	KVMFAULT_A_SETTINGS_RECENT,
	/* __u32: The same of the addresses that fault most. */
	KVMFAULT_A_SETTINGS_HOT,
	/*
	 * __u32: How long a vCPU may be in one fault, or wait for one page,
	 * before it is stuck. 1000 by default, 0 for as long as it likes.
	 */
	KVMFAULT_A_SETTINGS_STUCK_MS,
	/*
	 * __u32: How many faults in a row at the same few addresses, of which
	 * nothing comes, make a vCPU stuck: 8 to 32767. 64 by default, 0 for
	 * any number.
	 */
	KVMFAULT_A_SETTINGS_STUCK_REPEATS,
	/*
	 * string: The engine that was set before, while calls are under way in
	 * it; absent if there are none. The module cannot be unloaded
	 * meanwhile.
	 */
	KVMFAULT_A_SETTINGS_LEAVING,
	/*
	 * __u32: 1 if tdp calls are split into stages, 0 if not, which is the
	 * default. Can be set.
	 */
	KVMFAULT_A_SETTINGS_STAGES,
	/*
	 * __u64: The number of the VM whose calls alone are split; 0, the
	 * default, for all. Can be set. When that VM is gone none are, until
	 * another is set; switched off, stages are of all again.
	 */
	KVMFAULT_A_SETTINGS_STAGES_VM,

	__KVMFAULT_A_SETTINGS_MAX,
	KVMFAULT_A_SETTINGS_MAX = (__KVMFAULT_A_SETTINGS_MAX - 1)
};

/* Bytes. */
enum {
	/* __u64: Where CPUs count. */
	KVMFAULT_A_MEMORY_BUFFERS = 1,
	/* __u64: Records of VMs and vCPUs. */
	KVMFAULT_A_MEMORY_VMS,
	/* __u64: What the kernel keeps for the probes. */
	KVMFAULT_A_MEMORY_PROBES,
	/* __u64: The last faults of each CPU; 0 while they are not kept. */
	KVMFAULT_A_MEMORY_RECENT,
	/* __u64: Addresses that fault most; likewise. */
	KVMFAULT_A_MEMORY_HOT,
	/* __u64: Asynchronous page faults, without their probes. */
	KVMFAULT_A_MEMORY_ASYNC,
	/* __u64: Stages of tdp calls, without their probes; likewise. */
	KVMFAULT_A_MEMORY_STAGES,

	__KVMFAULT_A_MEMORY_MAX,
	KVMFAULT_A_MEMORY_MAX = (__KVMFAULT_A_MEMORY_MAX - 1)
};

enum {
	/* enum kvmfault_missed_reason */
	KVMFAULT_A_MISSED_REASON = 1,
	/* __u64 */
	KVMFAULT_A_MISSED_COUNT,

	__KVMFAULT_A_MISSED_MAX,
	KVMFAULT_A_MISSED_MAX = (__KVMFAULT_A_MISSED_MAX - 1)
};

/* A multicast group since the module was loaded. */
enum {
	/* string */
	KVMFAULT_A_GROUP_NAME = 1,
	/* __u64: Notifications that were sent. */
	KVMFAULT_A_GROUP_SENT,
	/*
	 * __u64: What was not told although somebody listened, for there was
	 * too much or no memory. What a listener was too slow for is not in it:
	 * its own socket tells it so, by ENOBUFS.
	 */
	KVMFAULT_A_GROUP_DROPPED,

	__KVMFAULT_A_GROUP_MAX,
	KVMFAULT_A_GROUP_MAX = (__KVMFAULT_A_GROUP_MAX - 1)
};

enum {
	/* string: The version of the module. */
	KVMFAULT_A_INFO_VERSION = 1,
	/* string: How functions are probed. */
	KVMFAULT_A_INFO_ENGINE,
	/* __u32: How many attach points this CPU has use for. */
	KVMFAULT_A_INFO_PROBES,
	/* __u32: How many of these are armed. */
	KVMFAULT_A_INFO_ARMED,
	/* __u32 */
	KVMFAULT_A_INFO_VMS_LIVE,
	/* __u64: VMs that are in VM 0. */
	KVMFAULT_A_INFO_VMS_GONE,
	/* __u32: How often the counts were reset. */
	KVMFAULT_A_INFO_RESETS,
	/*
	 * nest of KVMFAULT_A_TOTAL_*, several: All VMs together, one for each
	 * class.
	 */
	KVMFAULT_A_INFO_TOTAL,
	/*
	 * nest of KVMFAULT_A_MISSED_*, several: Since the module was loaded;
	 * one for each reason.
	 */
	KVMFAULT_A_INFO_MISSED,
	/* nest of KVMFAULT_A_MEMORY_* */
	KVMFAULT_A_INFO_MEMORY,
	/* nest of KVMFAULT_A_GROUP_*, several */
	KVMFAULT_A_INFO_GROUP,
	/*
	 * string: How kvm_tdp_page_fault() is called on this kernel, for a
	 * person.
	 */
	KVMFAULT_A_INFO_TDP_CALL,
	/*
	 * string: Kernels with the same struct kvm_page_fault; absent if not
	 * known.
	 */
	KVMFAULT_A_INFO_TDP_LAYOUT,
	/* enum kvmfault_return_codes: What it returns. */
	KVMFAULT_A_INFO_TDP_CODES,
	/*
	 * __u64: Asynchronous page faults that were set up and not counted,
	 * because their VM is not listed or for lack of memory, since the
	 * module was loaded.
	 */
	KVMFAULT_A_INFO_ASYNC_MISSED,

	__KVMFAULT_A_INFO_MAX,
	KVMFAULT_A_INFO_MAX = (__KVMFAULT_A_INFO_MAX - 1)
};

enum {
	/*
	 * nest of KVMFAULT_A_TOTAL_*, several: What was counted until the
	 * reset, all VMs together, one for each class. No fault is in both
	 * these and the counts from then on, and none in neither.
	 */
	KVMFAULT_A_RESET_TOTAL = 1,

	__KVMFAULT_A_RESET_MAX,
	KVMFAULT_A_RESET_MAX = (__KVMFAULT_A_RESET_MAX - 1)
};

enum {
	/* enum kvmfault_alert_kind */
	KVMFAULT_A_ALERT_KIND = 1,
	/* __u64: The number of the VM. */
	KVMFAULT_A_ALERT_VM,
	/* __u32: The number its VMM gave it. */
	KVMFAULT_A_ALERT_VCPU,
	/* enum kvmfault_fault_class */
	KVMFAULT_A_ALERT_CLASS,
	/* __u64: The guest-physical address; absent where it is not known. */
	KVMFAULT_A_ALERT_GPA,
	/* __u64: When the fault began, on CLOCK_MONOTONIC. */
	KVMFAULT_A_ALERT_START_NS,
	/* __u64 */
	KVMFAULT_A_ALERT_DURATION_NS,
	/*
	 * __u64: How many faults of this vCPU and class this stands for; the
	 * slowest of them is told. Of a stuck vCPU: how many faults have ended
	 * in that time.
	 */
	KVMFAULT_A_ALERT_COUNT,
	/* __u64: Alerts that were dropped since the one before. */
	KVMFAULT_A_ALERT_DROPPED,
	/* __u64: The guest's instruction; absent where it is not known. */
	KVMFAULT_A_ALERT_RIP,
	/*
	 * enum kvmfault_fault_outcome: What the last of the faults came to,
	 * where a vCPU repeats them.
	 */
	KVMFAULT_A_ALERT_OUTCOME,

	__KVMFAULT_A_ALERT_MAX,
	KVMFAULT_A_ALERT_MAX = (__KVMFAULT_A_ALERT_MAX - 1)
};

/* A vCPU that is stuck in faults. */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_STUCK_VM = 1,
	/* __u32: The number its VMM gave it. */
	KVMFAULT_A_STUCK_VCPU,
	/* enum kvmfault_alert_kind: Asleep, repeats or async. */
	KVMFAULT_A_STUCK_KIND,
	/* __u64: Since when. */
	KVMFAULT_A_STUCK_FOR_NS,
	/* __u64: How many faults have ended in that time. */
	KVMFAULT_A_STUCK_FAULTS,
	/* __u64: The guest-physical address; absent where it is not known. */
	KVMFAULT_A_STUCK_GPA,
	/* __u64: The guest's instruction; absent where it is not known. */
	KVMFAULT_A_STUCK_RIP,
	/*
	 * enum kvmfault_fault_outcome: What the last fault came to; absent
	 * unless it repeats them.
	 */
	KVMFAULT_A_STUCK_OUTCOME,

	__KVMFAULT_A_STUCK_MAX,
	KVMFAULT_A_STUCK_MAX = (__KVMFAULT_A_STUCK_MAX - 1)
};

/*
 * An address of a VM among those that fault most. Exits are counted, violations
 * and misconfigs. The true count is at most count, and at least count less
 * error. Error is 0 unless there were more addresses than are kept, and then no
 * more than a 64th of all that were counted of the VM; nor is the true count of
 * any that is not told.
 */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_HOT_VM = 1,
	/* __u32: Its place among them, from 1. */
	KVMFAULT_A_HOT_RANK,
	/* __u64: Where the page begins, guest-physical. */
	KVMFAULT_A_HOT_GPA,
	/*
	 * enum kvmfault_fault_level: Of the page, which is all that the fault
	 * has mapped, or 4k.
	 */
	KVMFAULT_A_HOT_SIZE,
	/* enum kvmfault_fault_access */
	KVMFAULT_A_HOT_ACCESS,
	/* __u64 */
	KVMFAULT_A_HOT_COUNT,
	/* __u64 */
	KVMFAULT_A_HOT_ERROR,
	/* __u64: An instruction that did it; absent where it is not known. */
	KVMFAULT_A_HOT_RIP,

	__KVMFAULT_A_HOT_MAX,
	KVMFAULT_A_HOT_MAX = (__KVMFAULT_A_HOT_MAX - 1)
};

/*
 * The asynchronous page faults of a vCPU: pages that a worker of KVM fetches
 * while the vCPU is halted, or the guest, which was told, does something else.
 * At any moment setup is the sum of ready, cancelled and outstanding, and of
 * delivered and halted. What is outstanding when counts are reset is counted
 * from then on. Where the histogram does not fit in a message it goes on in the
 * next, with the same VM and vCPU and nothing else; all parts are of one
 * moment.
 */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_ASYNC_VM = 1,
	/*
	 * __u32: The number its VMM gave it; absent for VM 0, which is one row.
	 */
	KVMFAULT_A_ASYNC_VCPU,
	/* __u64: How many were set up. */
	KVMFAULT_A_ASYNC_SETUP,
	/* __u64: Of how many the guest was told that the page is not there. */
	KVMFAULT_A_ASYNC_DELIVERED,
	/* __u64: For how many the vCPU was halted. */
	KVMFAULT_A_ASYNC_HALTED,
	/*
	 * __u64: For how many the host has got the page; of those that were
	 * cancelled, before that.
	 */
	KVMFAULT_A_ASYNC_COMPLETED,
	/* __u64: For how many the guest was told so, or the vCPU woken. */
	KVMFAULT_A_ASYNC_READY,
	/*
	 * __u64: How many were given up: with the VM, or because the guest
	 * wants to hear of none or the vCPU was reset.
	 */
	KVMFAULT_A_ASYNC_CANCELLED,
	/* __u64: Faults at a page that was outstanding already. */
	KVMFAULT_A_ASYNC_REPEATED,
	/* __u64: How many are. */
	KVMFAULT_A_ASYNC_OUTSTANDING,
	/*
	 * __u64: For how long the oldest of them is; absent if there is none.
	 */
	KVMFAULT_A_ASYNC_OLDEST_NS,
	/* __u64: The times from set-up to ready together. */
	KVMFAULT_A_ASYNC_SUM_NS,
	/*
	 * __u64: As of a total, from set-up to ready; absent if none is ready.
	 */
	KVMFAULT_A_ASYNC_P50_NS,
	/* __u64 */
	KVMFAULT_A_ASYNC_P99_NS,
	/* __u64 */
	KVMFAULT_A_ASYNC_MAX_NS,
	/*
	 * nest of KVMFAULT_A_BUCKET_*, several: How many were ready after how
	 * long, in the order of durations.
	 */
	KVMFAULT_A_ASYNC_BUCKET,

	__KVMFAULT_A_ASYNC_MAX,
	KVMFAULT_A_ASYNC_MAX = (__KVMFAULT_A_ASYNC_MAX - 1)
};

/* One fault. What is not known is absent. */
enum {
	/* __u64: When it began, on CLOCK_MONOTONIC. */
	KVMFAULT_A_RECENT_TIME_NS = 1,
	/* __u64: The number of the VM. */
	KVMFAULT_A_RECENT_VM,
	/* __u32: The number its VMM gave it. */
	KVMFAULT_A_RECENT_VCPU,
	/* enum kvmfault_fault_class */
	KVMFAULT_A_RECENT_CLASS,
	/*
	 * __u64: The guest-physical address; absent where it is not known. That
	 * of an exit of a guest's guest with page tables of its own is one of
	 * its own, too: hva, pfn and slot are what the VM has there.
	 */
	KVMFAULT_A_RECENT_GPA,
	/* enum kvmfault_fault_access */
	KVMFAULT_A_RECENT_ACCESS,
	/* enum kvmfault_fault_cause */
	KVMFAULT_A_RECENT_CAUSE,
	/* enum kvmfault_fault_outcome: Of a tdp call. */
	KVMFAULT_A_RECENT_OUTCOME,
	/* enum kvmfault_fault_end: Of an exit. */
	KVMFAULT_A_RECENT_END,
	/* enum kvmfault_fault_level */
	KVMFAULT_A_RECENT_LEVEL,
	/* __u64 */
	KVMFAULT_A_RECENT_DURATION_NS,
	/* __u64: What the guest accessed. */
	KVMFAULT_A_RECENT_GVA,
	/* __u64: The instruction that did it. */
	KVMFAULT_A_RECENT_RIP,
	/* __u64: Where the VMM has the page in its memory. */
	KVMFAULT_A_RECENT_HVA,
	/* __u64: The host's frame behind it. */
	KVMFAULT_A_RECENT_PFN,
	/* __u32: The number of the memslot. */
	KVMFAULT_A_RECENT_SLOT,
	/* __u32: Where it ended. */
	KVMFAULT_A_RECENT_CPU,
	/* __u32: The process that runs the VM. */
	KVMFAULT_A_RECENT_PID,
	/* string: The name of the vCPU's thread. */
	KVMFAULT_A_RECENT_COMM,
	/* enum kvmfault_fault_guest */
	KVMFAULT_A_RECENT_GUEST,

	__KVMFAULT_A_RECENT_MAX,
	KVMFAULT_A_RECENT_MAX = (__KVMFAULT_A_RECENT_MAX - 1)
};

/*
 * A stage of the tdp calls of a VM. Those that are part of one, and of nothing
 * in it, add up to it to the nanosecond; for gup-slow host-get has them.
 */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_STAGE_VM = 1,
	/* enum kvmfault_fault_stage */
	KVMFAULT_A_STAGE_STAGE,
	/*
	 * enum kvmfault_fault_stage: The stage that it is part of; absent for
	 * tdp.
	 */
	KVMFAULT_A_STAGE_OF,
	/*
	 * enum kvmfault_probe_status: Unavailable if this kernel has no
	 * function to see it by: then its time is in the rest of what it is
	 * part of.
	 */
	KVMFAULT_A_STAGE_STATE,
	/* __u64: Calls that went through it. */
	KVMFAULT_A_STAGE_COUNT,
	/* __u64 */
	KVMFAULT_A_STAGE_SUM_NS,
	/* __u64 */
	KVMFAULT_A_STAGE_P50_NS,
	/* __u64 */
	KVMFAULT_A_STAGE_P99_NS,
	/* __u64 */
	KVMFAULT_A_STAGE_MAX_NS,
	/*
	 * nest of KVMFAULT_A_BUCKET_*, several: Of its histogram, in the order
	 * of durations.
	 */
	KVMFAULT_A_STAGE_BUCKET,

	__KVMFAULT_A_STAGE_MAX,
	KVMFAULT_A_STAGE_MAX = (__KVMFAULT_A_STAGE_MAX - 1)
};

/*
 * What the slow get_user_pages of a VM's tdp calls had to do; together they are
 * its stage gup-slow.
 */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_HOST_VM = 1,
	/* enum kvmfault_host_cause */
	KVMFAULT_A_HOST_CAUSE,
	/* __u64: Calls. */
	KVMFAULT_A_HOST_COUNT,
	/* __u64: How long they took together. */
	KVMFAULT_A_HOST_SUM_NS,
	/* __u64 */
	KVMFAULT_A_HOST_P50_NS,
	/* __u64 */
	KVMFAULT_A_HOST_P99_NS,
	/* __u64 */
	KVMFAULT_A_HOST_MAX_NS,

	__KVMFAULT_A_HOST_MAX,
	KVMFAULT_A_HOST_MAX = (__KVMFAULT_A_HOST_MAX - 1)
};

/*
 * How a VM is set up, as KVM has it now. What this kernel's KVM does not count
 * is absent.
 */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_SETUP_VM = 1,
	/*
	 * string: Why the VM cannot be looked into, for a person; then nothing
	 * else is known.
	 */
	KVMFAULT_A_SETUP_WHY,
	/* __u64: Memory slots. */
	KVMFAULT_A_SETUP_MEMSLOTS,
	/* __u64: Pages of 4 KiB in them. */
	KVMFAULT_A_SETUP_PAGES,
	/* __u64: vCPUs, whether they have faulted or not. */
	KVMFAULT_A_SETUP_VCPUS,
	/* __u64: Pages of the page tables that the TDP MMU keeps. */
	KVMFAULT_A_SETUP_TDP_TABLES,
	/* __u64: Pages of those that the older MMU keeps. */
	KVMFAULT_A_SETUP_SHADOW_TABLES,
	/* __u64: Mappings of this size; likewise the next two. */
	KVMFAULT_A_SETUP_MAPS_4K,
	/* __u64 */
	KVMFAULT_A_SETUP_MAPS_2M,
	/* __u64 */
	KVMFAULT_A_SETUP_MAPS_1G,
	/* __u64: Mappings of 2M and 1G together. */
	KVMFAULT_A_SETUP_MAPS_LARGE,
	/*
	 * __u64: 1 if the VM may have memory that nobody but the guest can
	 * read, or 0.
	 */
	KVMFAULT_A_SETUP_PRIVATE,
	/*
	 * __u64: How often its vCPUs have loaded the root of their page tables
	 * since their first faults.
	 */
	KVMFAULT_A_SETUP_ROOT_LOADS,

	__KVMFAULT_A_SETUP_MAX,
	KVMFAULT_A_SETUP_MAX = (__KVMFAULT_A_SETUP_MAX - 1)
};

/* A memory slot of a VM. */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_MEMSLOT_VM = 1,
	/* string: As of a setup. */
	KVMFAULT_A_MEMSLOT_WHY,
	/*
	 * enum kvmfault_memslot_change: What has become of it; in notifications
	 * only.
	 */
	KVMFAULT_A_MEMSLOT_CHANGE,
	/* __u32: The address space, 1 for system management mode. */
	KVMFAULT_A_MEMSLOT_AS,
	/* __u32: The number that the VMM gave it. */
	KVMFAULT_A_MEMSLOT_SLOT,
	/* __u64: Where it begins, guest-physical. */
	KVMFAULT_A_MEMSLOT_GPA,
	/* __u64: Where the VMM has it. */
	KVMFAULT_A_MEMSLOT_HVA,
	/* __u64: Pages of 4 KiB. */
	KVMFAULT_A_MEMSLOT_PAGES,
	/* __u32: 1 if writes to it are logged, or 0; likewise the next ones. */
	KVMFAULT_A_MEMSLOT_DIRTY_LOG,
	/* __u32: The guest cannot write to it. */
	KVMFAULT_A_MEMSLOT_READONLY,
	/*
	 * __u32: The VMM can make pages in it private: those the guest has from
	 * a guest_memfd, and nobody else can read them.
	 */
	KVMFAULT_A_MEMSLOT_PRIVATE,
	/* __u32: KVM has made it for its own use. */
	KVMFAULT_A_MEMSLOT_INTERNAL,
	/*
	 * __u32: The guest has all pages in it from a guest_memfd, whatever the
	 * VMM has at hva.
	 */
	KVMFAULT_A_MEMSLOT_GUEST_MEMFD,

	__KVMFAULT_A_MEMSLOT_MAX,
	KVMFAULT_A_MEMSLOT_MAX = (__KVMFAULT_A_MEMSLOT_MAX - 1)
};

/* A vCPU and its thread. */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_THREAD_VM = 1,
	/* string: As of a setup. */
	KVMFAULT_A_THREAD_WHY,
	/* __u32: The number its VMM gave it. */
	KVMFAULT_A_THREAD_VCPU,
	/* __u32: The thread that ran it last; absent if none has. */
	KVMFAULT_A_THREAD_TID,
	/* __u32: Where it ran last; absent if it has not. */
	KVMFAULT_A_THREAD_CPU,

	__KVMFAULT_A_THREAD_MAX,
	KVMFAULT_A_THREAD_MAX = (__KVMFAULT_A_THREAD_MAX - 1)
};

/*
 * From an address of a guest to the host's memory, as far as there is a way.
 * What is not known is absent.
 */
enum {
	/* __u64: The number of the VM. */
	KVMFAULT_A_TRANSLATION_VM = 1,
	/* __u32: Whose guest-virtual address it is. */
	KVMFAULT_A_TRANSLATION_VCPU,
	/*
	 * __u64: The guest-virtual address. Exactly one of this, gpa and hva is
	 * asked with.
	 */
	KVMFAULT_A_TRANSLATION_GVA,
	/* __u64: The guest-physical address. */
	KVMFAULT_A_TRANSLATION_GPA,
	/* __u64: The address in the VMM; absent if the page is not there. */
	KVMFAULT_A_TRANSLATION_HVA,
	/*
	 * __u64: The size of the guest's page in bytes, if its tables were
	 * walked.
	 */
	KVMFAULT_A_TRANSLATION_GUEST_PAGE,
	/* __u32: The number of the memory slot. */
	KVMFAULT_A_TRANSLATION_SLOT,
	/* __u64: Where in the slot. */
	KVMFAULT_A_TRANSLATION_OFFSET,
	/*
	 * enum kvmfault_fault_level: The mapping that the last fault on record
	 * there has made.
	 */
	KVMFAULT_A_TRANSLATION_MAPPING,
	/* enum kvmfault_memory_kind: What the VMM has there. */
	KVMFAULT_A_TRANSLATION_MEMORY,
	/*
	 * __u64: Where that begins; as the next three it is absent if it is not
	 * in the VMM.
	 */
	KVMFAULT_A_TRANSLATION_FROM,
	/* __u64: Where it ends. */
	KVMFAULT_A_TRANSLATION_TO,
	/* __u32: 1 if others may have it as well, or 0. */
	KVMFAULT_A_TRANSLATION_SHARED,
	/* string: Its name, if it is a file. */
	KVMFAULT_A_TRANSLATION_FILE,
	/* enum kvmfault_page_presence */
	KVMFAULT_A_TRANSLATION_PRESENCE,
	/*
	 * enum kvmfault_fault_level: How large the VMM's page table entry is
	 * that says so; absent if none does.
	 */
	KVMFAULT_A_TRANSLATION_LEVEL,
	/*
	 * __u64: The frame of the 4K page; if it is resident, as all that
	 * follows.
	 */
	KVMFAULT_A_TRANSLATION_PFN,
	/* __u32: 1 if the page is no file's, or 0. */
	KVMFAULT_A_TRANSLATION_ANONYMOUS,
	/*
	 * __u32: 1 if it is the page of zeros that is everybody's, or no
	 * memory.
	 */
	KVMFAULT_A_TRANSLATION_SPECIAL,
	/*
	 * __u32: 1 if the VMM can write to it without a fault, or 0; absent as
	 * the level.
	 */
	KVMFAULT_A_TRANSLATION_WRITABLE,
	/*
	 * string: Why the way ends, or what else there is to say, for a person.
	 */
	KVMFAULT_A_TRANSLATION_WHY,
	/*
	 * __u32: The address space of the memory slot, 1 for system management
	 * mode.
	 */
	KVMFAULT_A_TRANSLATION_AS,

	__KVMFAULT_A_TRANSLATION_MAX,
	KVMFAULT_A_TRANSLATION_MAX = (__KVMFAULT_A_TRANSLATION_MAX - 1)
};

enum {
	/* do: The module as a whole. */
	KVMFAULT_CMD_INFO_GET = 1,
	/* do, dump: A VM, or all of them by number. */
	KVMFAULT_CMD_VM_GET,
	/*
	 * notification, as vm-get, to group vm: A VM has faulted for the first
	 * time.
	 */
	KVMFAULT_CMD_VM_BORN_NTF,
	/*
	 * notification, as vm-get, to group vm: A VM is gone; these are its
	 * final counts, which are in VM 0 now.
	 */
	KVMFAULT_CMD_VM_DIED_NTF,
	/* dump: All vCPUs, by VM and number; those of one VM if it is named. */
	KVMFAULT_CMD_VCPU_GET,
	/*
	 * dump: How long faults lasted, by VM and class; of one VM or one class
	 * if they are named.
	 */
	KVMFAULT_CMD_LATENCY_GET,
	/*
	 * dump: The histograms that latencies are read from, by VM and class;
	 * of one VM or one class if they are named. An empty histogram is left
	 * out.
	 */
	KVMFAULT_CMD_HISTOGRAM_GET,
	/* do, dump: An attach point, or all that this CPU has use for. */
	KVMFAULT_CMD_PROBE_GET,
	/*
	 * do: Enable or disable an attach point. What a disabled one would have
	 * seen is neither counted nor missed.
	 */
	KVMFAULT_CMD_PROBE_SET,
	/* do: What can be set, and the module parameters. */
	KVMFAULT_CMD_SETTINGS_GET,
	/* do: Change those settings that are named. */
	KVMFAULT_CMD_SETTINGS_SET,
	/*
	 * do: All counts of VMs and vCPUs start again from 0. What probes have
	 * hit and missed goes on.
	 */
	KVMFAULT_CMD_RESET,
	/* event, to group alert: Something that should not be. */
	KVMFAULT_CMD_ALERT_NTF,
	/*
	 * dump: The kinds of faults of the MMU's part, by VM; of one VM if it
	 * is named.
	 */
	KVMFAULT_CMD_FAULT_GET,
	/*
	 * dump: The addresses that fault most, by VM and rank; of one VM if it
	 * is named. None while hot is off; VM 0 has none.
	 */
	KVMFAULT_CMD_HOT_GET,
	/*
	 * dump: The vCPUs that are stuck in faults, by VM; of one VM if it is
	 * named.
	 */
	KVMFAULT_CMD_STUCK_GET,
	/*
	 * dump: The last faults of each CPU, in the order in which they began;
	 * of one VM if it is named, which may be gone. None while recent is
	 * off.
	 */
	KVMFAULT_CMD_RECENT_GET,
	/*
	 * dump: Where the time of tdp calls goes, by VM and stage; of one VM if
	 * it is named. None while stages is off.
	 */
	KVMFAULT_CMD_STAGE_GET,
	/*
	 * dump: The histograms of stages, by VM and stage; of one VM if it is
	 * named. An empty one is left out; one that does not fit in a message
	 * goes on in the next. None while stages is off.
	 */
	KVMFAULT_CMD_STAGE_HISTOGRAM_GET,
	/*
	 * dump: What the slow get_user_pages had to do, by VM; of one VM if it
	 * is named. None while stages is off.
	 */
	KVMFAULT_CMD_HOST_GET,
	/*
	 * dump: Asynchronous page faults, by VM and vCPU; of one VM if it is
	 * named. A vCPU that has had none is left out.
	 */
	KVMFAULT_CMD_ASYNC_GET,
	/* dump: How VMs are set up; one VM if it is named. */
	KVMFAULT_CMD_SETUP_GET,
	/*
	 * dump: The memory slots of VMs, by address; of one VM if it is named.
	 */
	KVMFAULT_CMD_MEMSLOT_GET,
	/*
	 * dump: The vCPUs of VMs, whether they have faulted or not, and their
	 * threads; of one VM if it is named.
	 */
	KVMFAULT_CMD_THREAD_GET,
	/*
	 * notification, as thread-get, to group setup: A vCPU has faulted for
	 * the first time. Its thread is not told.
	 */
	KVMFAULT_CMD_VCPU_BORN_NTF,
	/*
	 * notification, as memslot-get, to group setup: A memory slot of a VM
	 * that has faulted has changed. Those of a VM that has not are read
	 * when it is born.
	 */
	KVMFAULT_CMD_MEMSLOT_CHANGED_NTF,
	/*
	 * do: Follow an address. Nothing is changed by it: no page is brought
	 * in. A guest-virtual address can be followed while its vCPU is not
	 * running.
	 */
	KVMFAULT_CMD_TRANSLATE,
	/*
	 * dump: Shadow paging, by VM; of one VM if it is named. A VM that has
	 * none is left out.
	 */
	KVMFAULT_CMD_SHADOW_GET,

	__KVMFAULT_CMD_MAX,
	KVMFAULT_CMD_MAX = (__KVMFAULT_CMD_MAX - 1)
};

#endif /* _UAPI_LINUX_KVMFAULT_H */
