/* SPDX-License-Identifier: GPL-2.0 */
/* Made from include/netlink/kvmfault.yaml: change that, then say
 * `make -C selftests spec`.
 */
#ifndef KVMFAULT_NAMES_H
#define KVMFAULT_NAMES_H

static const char *const enum_fault_class[] = {
	"violation",
	"misconfig",
	"tdp",
	"shadow",
	NULL
};

static const char *const enum_vm_state[] = {
	"live",
	"gone",
	NULL
};

static const char *const enum_probe_status[] = {
	"waiting",
	"armed",
	"unavailable",
	"bypassed",
	"disabled",
	NULL
};

static const char *const enum_missed_reason[] = {
	"no-vm",
	"no-slot",
	"no-buffer",
	"unseen",
	NULL
};

static const char *const enum_return_codes[] = {
	"unknown",
	"v5-10",
	"v6-1",
	"v6-12",
	NULL
};

static const char *const enum_alert_kind[] = {
	"slow",
	"asleep",
	"repeats",
	"async",
	NULL
};

static const char *const enum_fault_access[] = {
	"unknown",
	"read",
	"write",
	"exec",
	NULL
};

static const char *const enum_fault_cause[] = {
	"unknown",
	"absent",
	"protected",
	"mmio",
	"prefetch",
	NULL
};

static const char *const enum_fault_outcome[] = {
	"fixed",
	"spurious",
	"retry",
	"emulate",
	"write-protected",
	"invalid",
	"error",
	"unknown",
	"injected",
	NULL
};

static const char *const enum_fault_guest[] = {
	"l1",
	"l2",
	NULL
};

static const char *const enum_fault_level[] = {
	"unknown",
	"4k",
	"2m",
	"1g",
	NULL
};

static const char *const enum_fault_stage[] = {
	"tdp",
	"fast",
	"topup",
	"faultin",
	"gup-fast",
	"gup-slow",
	"wait",
	"held",
	"map",
	"rest",
	"faultin-rest",
	"held-rest",
	NULL
};

static const char *const enum_host_cause[] = {
	"present",
	"minor",
	"huge",
	"major",
	"swap",
	"userfault",
	NULL
};

static const char *const enum_fault_end[] = {
	"resumed",
	"userspace",
	"failed",
	NULL
};

static const char *const enum_memslot_change[] = {
	"created",
	"deleted",
	"moved",
	"flags",
	NULL
};

static const char *const enum_page_presence[] = {
	"nothing",
	"elsewhere",
	"resident",
	NULL
};

static const char *const enum_memory_kind[] = {
	"none",
	"anonymous",
	"file",
	"hugetlb",
	"device",
	"guest-memfd",
	NULL
};

static const struct attribute set_total[] = {
	[KVMFAULT_A_TOTAL_CLASS] = {
		"class", TYPE_U32, .values = enum_fault_class
	},
	[KVMFAULT_A_TOTAL_COUNT] = {
		"count", TYPE_U64
	},
	[KVMFAULT_A_TOTAL_SUM_NS] = {
		"sum-ns", TYPE_U64
	},
	[KVMFAULT_A_TOTAL_MIN_NS] = {
		"min-ns", TYPE_U64
	},
	[KVMFAULT_A_TOTAL_MAX_NS] = {
		"max-ns", TYPE_U64
	},
	[KVMFAULT_A_TOTAL_P50_NS] = {
		"p50-ns", TYPE_U64
	},
	[KVMFAULT_A_TOTAL_P90_NS] = {
		"p90-ns", TYPE_U64
	},
	[KVMFAULT_A_TOTAL_P99_NS] = {
		"p99-ns", TYPE_U64
	},
	[KVMFAULT_A_TOTAL_P999_NS] = {
		"p999-ns", TYPE_U64
	},
	[KVMFAULT_A_TOTAL_USERSPACE] = {
		"userspace", TYPE_U64
	},
	[KVMFAULT_A_TOTAL_FAILED] = {
		"failed", TYPE_U64
	},
	[KVMFAULT_A_TOTAL_MAX + 1] = { NULL }
};

static const struct attribute set_vm[] = {
	[KVMFAULT_A_VM_ID] = {
		"id", TYPE_U64
	},
	[KVMFAULT_A_VM_PID] = {
		"pid", TYPE_U32
	},
	[KVMFAULT_A_VM_COMM] = {
		"comm", TYPE_STRING
	},
	[KVMFAULT_A_VM_STATE] = {
		"state", TYPE_U32, .values = enum_vm_state
	},
	[KVMFAULT_A_VM_VCPUS] = {
		"vcpus", TYPE_U32
	},
	[KVMFAULT_A_VM_RETRY] = {
		"retry", TYPE_U64
	},
	[KVMFAULT_A_VM_TOTAL] = {
		"total", TYPE_NEST, .nested = set_total
	},
	[KVMFAULT_A_VM_MAX + 1] = { NULL }
};

static const struct attribute set_vcpu[] = {
	[KVMFAULT_A_VCPU_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_VCPU_ID] = {
		"id", TYPE_U32
	},
	[KVMFAULT_A_VCPU_RETRY] = {
		"retry", TYPE_U64
	},
	[KVMFAULT_A_VCPU_MAX_NS] = {
		"max-ns", TYPE_U64
	},
	[KVMFAULT_A_VCPU_TOTAL] = {
		"total", TYPE_NEST, .nested = set_total
	},
	[KVMFAULT_A_VCPU_MAX + 1] = { NULL }
};

static const struct attribute set_latency[] = {
	[KVMFAULT_A_LATENCY_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_LATENCY_CLASS] = {
		"class", TYPE_U32, .values = enum_fault_class
	},
	[KVMFAULT_A_LATENCY_TOTAL] = {
		"total", TYPE_NEST, .nested = set_total
	},
	[KVMFAULT_A_LATENCY_MAX + 1] = { NULL }
};

static const struct attribute set_bucket[] = {
	[KVMFAULT_A_BUCKET_FROM_NS] = {
		"from-ns", TYPE_U64
	},
	[KVMFAULT_A_BUCKET_TO_NS] = {
		"to-ns", TYPE_U64
	},
	[KVMFAULT_A_BUCKET_COUNT] = {
		"count", TYPE_U64
	},
	[KVMFAULT_A_BUCKET_MAX + 1] = { NULL }
};

static const struct attribute set_histogram[] = {
	[KVMFAULT_A_HISTOGRAM_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_HISTOGRAM_CLASS] = {
		"class", TYPE_U32, .values = enum_fault_class
	},
	[KVMFAULT_A_HISTOGRAM_BUCKET] = {
		"bucket", TYPE_NEST, .nested = set_bucket
	},
	[KVMFAULT_A_HISTOGRAM_MAX + 1] = { NULL }
};

static const struct attribute set_fault[] = {
	[KVMFAULT_A_FAULT_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_FAULT_ACCESS] = {
		"access", TYPE_U32, .values = enum_fault_access
	},
	[KVMFAULT_A_FAULT_CAUSE] = {
		"cause", TYPE_U32, .values = enum_fault_cause
	},
	[KVMFAULT_A_FAULT_OUTCOME] = {
		"outcome", TYPE_U32, .values = enum_fault_outcome
	},
	[KVMFAULT_A_FAULT_LEVEL] = {
		"level", TYPE_U32, .values = enum_fault_level
	},
	[KVMFAULT_A_FAULT_COUNT] = {
		"count", TYPE_U64
	},
	[KVMFAULT_A_FAULT_SUM_NS] = {
		"sum-ns", TYPE_U64
	},
	[KVMFAULT_A_FAULT_CLASS] = {
		"class", TYPE_U32, .values = enum_fault_class
	},
	[KVMFAULT_A_FAULT_GUEST] = {
		"guest", TYPE_U32, .values = enum_fault_guest
	},
	[KVMFAULT_A_FAULT_MAX + 1] = { NULL }
};

static const struct attribute set_shadow[] = {
	[KVMFAULT_A_SHADOW_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_COUNT] = {
		"count", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_NESTED] = {
		"nested", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_INJECTED] = {
		"injected", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_REFLECTED] = {
		"reflected", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_WRITES] = {
		"writes", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_SYNCS] = {
		"syncs", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_INVLPG] = {
		"invlpg", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_CR3] = {
		"cr3", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_ROOTS] = {
		"roots", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_PAGES] = {
		"pages", TYPE_U64
	},
	[KVMFAULT_A_SHADOW_MAX + 1] = { NULL }
};

static const struct attribute set_probe[] = {
	[KVMFAULT_A_PROBE_NAME] = {
		"name", TYPE_STRING
	},
	[KVMFAULT_A_PROBE_SYMBOL] = {
		"symbol", TYPE_STRING
	},
	[KVMFAULT_A_PROBE_ENGINE] = {
		"engine", TYPE_STRING
	},
	[KVMFAULT_A_PROBE_STATE] = {
		"state", TYPE_U32, .values = enum_probe_status
	},
	[KVMFAULT_A_PROBE_ENABLED] = {
		"enabled", TYPE_U32
	},
	[KVMFAULT_A_PROBE_HITS] = {
		"hits", TYPE_U64
	},
	[KVMFAULT_A_PROBE_MISSED] = {
		"missed", TYPE_U64
	},
	[KVMFAULT_A_PROBE_MAX + 1] = { NULL }
};

static const struct attribute set_settings[] = {
	[KVMFAULT_A_SETTINGS_ALERT_NS] = {
		"alert-ns", TYPE_U64
	},
	[KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS] = {
		"alert-interval-ms", TYPE_U32
	},
	[KVMFAULT_A_SETTINGS_ENGINE] = {
		"engine", TYPE_STRING
	},
	[KVMFAULT_A_SETTINGS_MAXACTIVE] = {
		"maxactive", TYPE_U32
	},
	[KVMFAULT_A_SETTINGS_SLOTS] = {
		"slots", TYPE_U32
	},
	[KVMFAULT_A_SETTINGS_MAX_VMS] = {
		"max-vms", TYPE_U32
	},
	[KVMFAULT_A_SETTINGS_RECENT] = {
		"recent", TYPE_U32
	},
	[KVMFAULT_A_SETTINGS_HOT] = {
		"hot", TYPE_U32
	},
	[KVMFAULT_A_SETTINGS_STUCK_MS] = {
		"stuck-ms", TYPE_U32
	},
	[KVMFAULT_A_SETTINGS_STUCK_REPEATS] = {
		"stuck-repeats", TYPE_U32
	},
	[KVMFAULT_A_SETTINGS_LEAVING] = {
		"leaving", TYPE_STRING
	},
	[KVMFAULT_A_SETTINGS_STAGES] = {
		"stages", TYPE_U32
	},
	[KVMFAULT_A_SETTINGS_STAGES_VM] = {
		"stages-vm", TYPE_U64
	},
	[KVMFAULT_A_SETTINGS_MAX + 1] = { NULL }
};

static const struct attribute set_memory[] = {
	[KVMFAULT_A_MEMORY_BUFFERS] = {
		"buffers", TYPE_U64
	},
	[KVMFAULT_A_MEMORY_VMS] = {
		"vms", TYPE_U64
	},
	[KVMFAULT_A_MEMORY_PROBES] = {
		"probes", TYPE_U64
	},
	[KVMFAULT_A_MEMORY_RECENT] = {
		"recent", TYPE_U64
	},
	[KVMFAULT_A_MEMORY_HOT] = {
		"hot", TYPE_U64
	},
	[KVMFAULT_A_MEMORY_ASYNC] = {
		"async", TYPE_U64
	},
	[KVMFAULT_A_MEMORY_STAGES] = {
		"stages", TYPE_U64
	},
	[KVMFAULT_A_MEMORY_MAX + 1] = { NULL }
};

static const struct attribute set_missed[] = {
	[KVMFAULT_A_MISSED_REASON] = {
		"reason", TYPE_U32, .values = enum_missed_reason
	},
	[KVMFAULT_A_MISSED_COUNT] = {
		"count", TYPE_U64
	},
	[KVMFAULT_A_MISSED_MAX + 1] = { NULL }
};

static const struct attribute set_group[] = {
	[KVMFAULT_A_GROUP_NAME] = {
		"name", TYPE_STRING
	},
	[KVMFAULT_A_GROUP_SENT] = {
		"sent", TYPE_U64
	},
	[KVMFAULT_A_GROUP_DROPPED] = {
		"dropped", TYPE_U64
	},
	[KVMFAULT_A_GROUP_MAX + 1] = { NULL }
};

static const struct attribute set_info[] = {
	[KVMFAULT_A_INFO_VERSION] = {
		"version", TYPE_STRING
	},
	[KVMFAULT_A_INFO_ENGINE] = {
		"engine", TYPE_STRING
	},
	[KVMFAULT_A_INFO_PROBES] = {
		"probes", TYPE_U32
	},
	[KVMFAULT_A_INFO_ARMED] = {
		"armed", TYPE_U32
	},
	[KVMFAULT_A_INFO_VMS_LIVE] = {
		"vms-live", TYPE_U32
	},
	[KVMFAULT_A_INFO_VMS_GONE] = {
		"vms-gone", TYPE_U64
	},
	[KVMFAULT_A_INFO_RESETS] = {
		"resets", TYPE_U32
	},
	[KVMFAULT_A_INFO_TOTAL] = {
		"total", TYPE_NEST, .nested = set_total
	},
	[KVMFAULT_A_INFO_MISSED] = {
		"missed", TYPE_NEST, .nested = set_missed
	},
	[KVMFAULT_A_INFO_MEMORY] = {
		"memory", TYPE_NEST, .nested = set_memory
	},
	[KVMFAULT_A_INFO_GROUP] = {
		"group", TYPE_NEST, .nested = set_group
	},
	[KVMFAULT_A_INFO_TDP_CALL] = {
		"tdp-call", TYPE_STRING
	},
	[KVMFAULT_A_INFO_TDP_LAYOUT] = {
		"tdp-layout", TYPE_STRING
	},
	[KVMFAULT_A_INFO_TDP_CODES] = {
		"tdp-codes", TYPE_U32, .values = enum_return_codes
	},
	[KVMFAULT_A_INFO_ASYNC_MISSED] = {
		"async-missed", TYPE_U64
	},
	[KVMFAULT_A_INFO_MAX + 1] = { NULL }
};

static const struct attribute set_reset[] = {
	[KVMFAULT_A_RESET_TOTAL] = {
		"total", TYPE_NEST, .nested = set_total
	},
	[KVMFAULT_A_RESET_MAX + 1] = { NULL }
};

static const struct attribute set_alert[] = {
	[KVMFAULT_A_ALERT_KIND] = {
		"kind", TYPE_U32, .values = enum_alert_kind
	},
	[KVMFAULT_A_ALERT_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_ALERT_VCPU] = {
		"vcpu", TYPE_U32
	},
	[KVMFAULT_A_ALERT_CLASS] = {
		"class", TYPE_U32, .values = enum_fault_class
	},
	[KVMFAULT_A_ALERT_GPA] = {
		"gpa", TYPE_U64
	},
	[KVMFAULT_A_ALERT_START_NS] = {
		"start-ns", TYPE_U64
	},
	[KVMFAULT_A_ALERT_DURATION_NS] = {
		"duration-ns", TYPE_U64
	},
	[KVMFAULT_A_ALERT_COUNT] = {
		"count", TYPE_U64
	},
	[KVMFAULT_A_ALERT_DROPPED] = {
		"dropped", TYPE_U64
	},
	[KVMFAULT_A_ALERT_RIP] = {
		"rip", TYPE_U64
	},
	[KVMFAULT_A_ALERT_OUTCOME] = {
		"outcome", TYPE_U32, .values = enum_fault_outcome
	},
	[KVMFAULT_A_ALERT_MAX + 1] = { NULL }
};

static const struct attribute set_stuck[] = {
	[KVMFAULT_A_STUCK_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_STUCK_VCPU] = {
		"vcpu", TYPE_U32
	},
	[KVMFAULT_A_STUCK_KIND] = {
		"kind", TYPE_U32, .values = enum_alert_kind
	},
	[KVMFAULT_A_STUCK_FOR_NS] = {
		"for-ns", TYPE_U64
	},
	[KVMFAULT_A_STUCK_FAULTS] = {
		"faults", TYPE_U64
	},
	[KVMFAULT_A_STUCK_GPA] = {
		"gpa", TYPE_U64
	},
	[KVMFAULT_A_STUCK_RIP] = {
		"rip", TYPE_U64
	},
	[KVMFAULT_A_STUCK_OUTCOME] = {
		"outcome", TYPE_U32, .values = enum_fault_outcome
	},
	[KVMFAULT_A_STUCK_MAX + 1] = { NULL }
};

static const struct attribute set_hot[] = {
	[KVMFAULT_A_HOT_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_HOT_RANK] = {
		"rank", TYPE_U32
	},
	[KVMFAULT_A_HOT_GPA] = {
		"gpa", TYPE_U64
	},
	[KVMFAULT_A_HOT_SIZE] = {
		"size", TYPE_U32, .values = enum_fault_level
	},
	[KVMFAULT_A_HOT_ACCESS] = {
		"access", TYPE_U32, .values = enum_fault_access
	},
	[KVMFAULT_A_HOT_COUNT] = {
		"count", TYPE_U64
	},
	[KVMFAULT_A_HOT_ERROR] = {
		"error", TYPE_U64
	},
	[KVMFAULT_A_HOT_RIP] = {
		"rip", TYPE_U64
	},
	[KVMFAULT_A_HOT_MAX + 1] = { NULL }
};

static const struct attribute set_async[] = {
	[KVMFAULT_A_ASYNC_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_VCPU] = {
		"vcpu", TYPE_U32
	},
	[KVMFAULT_A_ASYNC_SETUP] = {
		"setup", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_DELIVERED] = {
		"delivered", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_HALTED] = {
		"halted", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_COMPLETED] = {
		"completed", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_READY] = {
		"ready", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_CANCELLED] = {
		"cancelled", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_REPEATED] = {
		"repeated", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_OUTSTANDING] = {
		"outstanding", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_OLDEST_NS] = {
		"oldest-ns", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_SUM_NS] = {
		"sum-ns", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_P50_NS] = {
		"p50-ns", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_P99_NS] = {
		"p99-ns", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_MAX_NS] = {
		"max-ns", TYPE_U64
	},
	[KVMFAULT_A_ASYNC_BUCKET] = {
		"bucket", TYPE_NEST, .nested = set_bucket
	},
	[KVMFAULT_A_ASYNC_MAX + 1] = { NULL }
};

static const struct attribute set_recent[] = {
	[KVMFAULT_A_RECENT_TIME_NS] = {
		"time-ns", TYPE_U64
	},
	[KVMFAULT_A_RECENT_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_RECENT_VCPU] = {
		"vcpu", TYPE_U32
	},
	[KVMFAULT_A_RECENT_CLASS] = {
		"class", TYPE_U32, .values = enum_fault_class
	},
	[KVMFAULT_A_RECENT_GPA] = {
		"gpa", TYPE_U64
	},
	[KVMFAULT_A_RECENT_ACCESS] = {
		"access", TYPE_U32, .values = enum_fault_access
	},
	[KVMFAULT_A_RECENT_CAUSE] = {
		"cause", TYPE_U32, .values = enum_fault_cause
	},
	[KVMFAULT_A_RECENT_OUTCOME] = {
		"outcome", TYPE_U32, .values = enum_fault_outcome
	},
	[KVMFAULT_A_RECENT_END] = {
		"end", TYPE_U32, .values = enum_fault_end
	},
	[KVMFAULT_A_RECENT_LEVEL] = {
		"level", TYPE_U32, .values = enum_fault_level
	},
	[KVMFAULT_A_RECENT_DURATION_NS] = {
		"duration-ns", TYPE_U64
	},
	[KVMFAULT_A_RECENT_GVA] = {
		"gva", TYPE_U64
	},
	[KVMFAULT_A_RECENT_RIP] = {
		"rip", TYPE_U64
	},
	[KVMFAULT_A_RECENT_HVA] = {
		"hva", TYPE_U64
	},
	[KVMFAULT_A_RECENT_PFN] = {
		"pfn", TYPE_U64
	},
	[KVMFAULT_A_RECENT_SLOT] = {
		"slot", TYPE_U32
	},
	[KVMFAULT_A_RECENT_CPU] = {
		"cpu", TYPE_U32
	},
	[KVMFAULT_A_RECENT_PID] = {
		"pid", TYPE_U32
	},
	[KVMFAULT_A_RECENT_COMM] = {
		"comm", TYPE_STRING
	},
	[KVMFAULT_A_RECENT_GUEST] = {
		"guest", TYPE_U32, .values = enum_fault_guest
	},
	[KVMFAULT_A_RECENT_MAX + 1] = { NULL }
};

static const struct attribute set_stage[] = {
	[KVMFAULT_A_STAGE_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_STAGE_STAGE] = {
		"stage", TYPE_U32, .values = enum_fault_stage
	},
	[KVMFAULT_A_STAGE_OF] = {
		"of", TYPE_U32, .values = enum_fault_stage
	},
	[KVMFAULT_A_STAGE_STATE] = {
		"state", TYPE_U32, .values = enum_probe_status
	},
	[KVMFAULT_A_STAGE_COUNT] = {
		"count", TYPE_U64
	},
	[KVMFAULT_A_STAGE_SUM_NS] = {
		"sum-ns", TYPE_U64
	},
	[KVMFAULT_A_STAGE_P50_NS] = {
		"p50-ns", TYPE_U64
	},
	[KVMFAULT_A_STAGE_P99_NS] = {
		"p99-ns", TYPE_U64
	},
	[KVMFAULT_A_STAGE_MAX_NS] = {
		"max-ns", TYPE_U64
	},
	[KVMFAULT_A_STAGE_BUCKET] = {
		"bucket", TYPE_NEST, .nested = set_bucket
	},
	[KVMFAULT_A_STAGE_MAX + 1] = { NULL }
};

static const struct attribute set_host[] = {
	[KVMFAULT_A_HOST_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_HOST_CAUSE] = {
		"cause", TYPE_U32, .values = enum_host_cause
	},
	[KVMFAULT_A_HOST_COUNT] = {
		"count", TYPE_U64
	},
	[KVMFAULT_A_HOST_SUM_NS] = {
		"sum-ns", TYPE_U64
	},
	[KVMFAULT_A_HOST_P50_NS] = {
		"p50-ns", TYPE_U64
	},
	[KVMFAULT_A_HOST_P99_NS] = {
		"p99-ns", TYPE_U64
	},
	[KVMFAULT_A_HOST_MAX_NS] = {
		"max-ns", TYPE_U64
	},
	[KVMFAULT_A_HOST_MAX + 1] = { NULL }
};

static const struct attribute set_setup[] = {
	[KVMFAULT_A_SETUP_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_SETUP_WHY] = {
		"why", TYPE_STRING
	},
	[KVMFAULT_A_SETUP_MEMSLOTS] = {
		"memslots", TYPE_U64
	},
	[KVMFAULT_A_SETUP_PAGES] = {
		"pages", TYPE_U64
	},
	[KVMFAULT_A_SETUP_VCPUS] = {
		"vcpus", TYPE_U64
	},
	[KVMFAULT_A_SETUP_TDP_TABLES] = {
		"tdp-tables", TYPE_U64
	},
	[KVMFAULT_A_SETUP_SHADOW_TABLES] = {
		"shadow-tables", TYPE_U64
	},
	[KVMFAULT_A_SETUP_MAPS_4K] = {
		"maps-4k", TYPE_U64
	},
	[KVMFAULT_A_SETUP_MAPS_2M] = {
		"maps-2m", TYPE_U64
	},
	[KVMFAULT_A_SETUP_MAPS_1G] = {
		"maps-1g", TYPE_U64
	},
	[KVMFAULT_A_SETUP_MAPS_LARGE] = {
		"maps-large", TYPE_U64
	},
	[KVMFAULT_A_SETUP_PRIVATE] = {
		"private", TYPE_U64
	},
	[KVMFAULT_A_SETUP_ROOT_LOADS] = {
		"root-loads", TYPE_U64
	},
	[KVMFAULT_A_SETUP_MAX + 1] = { NULL }
};

static const struct attribute set_memslot[] = {
	[KVMFAULT_A_MEMSLOT_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_MEMSLOT_WHY] = {
		"why", TYPE_STRING
	},
	[KVMFAULT_A_MEMSLOT_CHANGE] = {
		"change", TYPE_U32, .values = enum_memslot_change
	},
	[KVMFAULT_A_MEMSLOT_AS] = {
		"as", TYPE_U32
	},
	[KVMFAULT_A_MEMSLOT_SLOT] = {
		"slot", TYPE_U32
	},
	[KVMFAULT_A_MEMSLOT_GPA] = {
		"gpa", TYPE_U64
	},
	[KVMFAULT_A_MEMSLOT_HVA] = {
		"hva", TYPE_U64
	},
	[KVMFAULT_A_MEMSLOT_PAGES] = {
		"pages", TYPE_U64
	},
	[KVMFAULT_A_MEMSLOT_DIRTY_LOG] = {
		"dirty-log", TYPE_U32
	},
	[KVMFAULT_A_MEMSLOT_READONLY] = {
		"readonly", TYPE_U32
	},
	[KVMFAULT_A_MEMSLOT_PRIVATE] = {
		"private", TYPE_U32
	},
	[KVMFAULT_A_MEMSLOT_INTERNAL] = {
		"internal", TYPE_U32
	},
	[KVMFAULT_A_MEMSLOT_GUEST_MEMFD] = {
		"guest-memfd", TYPE_U32
	},
	[KVMFAULT_A_MEMSLOT_MAX + 1] = { NULL }
};

static const struct attribute set_thread[] = {
	[KVMFAULT_A_THREAD_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_THREAD_WHY] = {
		"why", TYPE_STRING
	},
	[KVMFAULT_A_THREAD_VCPU] = {
		"vcpu", TYPE_U32
	},
	[KVMFAULT_A_THREAD_TID] = {
		"tid", TYPE_U32
	},
	[KVMFAULT_A_THREAD_CPU] = {
		"cpu", TYPE_U32
	},
	[KVMFAULT_A_THREAD_MAX + 1] = { NULL }
};

static const struct attribute set_translation[] = {
	[KVMFAULT_A_TRANSLATION_VM] = {
		"vm", TYPE_U64
	},
	[KVMFAULT_A_TRANSLATION_VCPU] = {
		"vcpu", TYPE_U32
	},
	[KVMFAULT_A_TRANSLATION_GVA] = {
		"gva", TYPE_U64
	},
	[KVMFAULT_A_TRANSLATION_GPA] = {
		"gpa", TYPE_U64
	},
	[KVMFAULT_A_TRANSLATION_HVA] = {
		"hva", TYPE_U64
	},
	[KVMFAULT_A_TRANSLATION_GUEST_PAGE] = {
		"guest-page", TYPE_U64
	},
	[KVMFAULT_A_TRANSLATION_SLOT] = {
		"slot", TYPE_U32
	},
	[KVMFAULT_A_TRANSLATION_OFFSET] = {
		"offset", TYPE_U64
	},
	[KVMFAULT_A_TRANSLATION_MAPPING] = {
		"mapping", TYPE_U32, .values = enum_fault_level
	},
	[KVMFAULT_A_TRANSLATION_MEMORY] = {
		"memory", TYPE_U32, .values = enum_memory_kind
	},
	[KVMFAULT_A_TRANSLATION_FROM] = {
		"from", TYPE_U64
	},
	[KVMFAULT_A_TRANSLATION_TO] = {
		"to", TYPE_U64
	},
	[KVMFAULT_A_TRANSLATION_SHARED] = {
		"shared", TYPE_U32
	},
	[KVMFAULT_A_TRANSLATION_FILE] = {
		"file", TYPE_STRING
	},
	[KVMFAULT_A_TRANSLATION_PRESENCE] = {
		"presence", TYPE_U32, .values = enum_page_presence
	},
	[KVMFAULT_A_TRANSLATION_LEVEL] = {
		"level", TYPE_U32, .values = enum_fault_level
	},
	[KVMFAULT_A_TRANSLATION_PFN] = {
		"pfn", TYPE_U64
	},
	[KVMFAULT_A_TRANSLATION_ANONYMOUS] = {
		"anonymous", TYPE_U32
	},
	[KVMFAULT_A_TRANSLATION_SPECIAL] = {
		"special", TYPE_U32
	},
	[KVMFAULT_A_TRANSLATION_WRITABLE] = {
		"writable", TYPE_U32
	},
	[KVMFAULT_A_TRANSLATION_WHY] = {
		"why", TYPE_STRING
	},
	[KVMFAULT_A_TRANSLATION_AS] = {
		"as", TYPE_U32
	},
	[KVMFAULT_A_TRANSLATION_MAX + 1] = { NULL }
};

static const struct operation operations[] = {
	[KVMFAULT_CMD_INFO_GET] = {
		"info-get", set_info,
		.may_do = true,
	},
	[KVMFAULT_CMD_VM_GET] = {
		"vm-get", set_vm,
		.may_do = true,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_VM_ID,
		},
	},
	[KVMFAULT_CMD_VM_BORN_NTF] = {
		"vm-born-ntf", set_vm,
	},
	[KVMFAULT_CMD_VM_DIED_NTF] = {
		"vm-died-ntf", set_vm,
	},
	[KVMFAULT_CMD_VCPU_GET] = {
		"vcpu-get", set_vcpu,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_VCPU_VM,
		},
	},
	[KVMFAULT_CMD_LATENCY_GET] = {
		"latency-get", set_latency,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_LATENCY_VM,
			KVMFAULT_A_LATENCY_CLASS,
		},
	},
	[KVMFAULT_CMD_HISTOGRAM_GET] = {
		"histogram-get", set_histogram,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_HISTOGRAM_VM,
			KVMFAULT_A_HISTOGRAM_CLASS,
		},
	},
	[KVMFAULT_CMD_PROBE_GET] = {
		"probe-get", set_probe,
		.may_do = true,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_PROBE_NAME,
		},
	},
	[KVMFAULT_CMD_PROBE_SET] = {
		"probe-set", set_probe,
		.may_do = true,
		.takes = {
			KVMFAULT_A_PROBE_NAME,
			KVMFAULT_A_PROBE_ENABLED,
		},
	},
	[KVMFAULT_CMD_SETTINGS_GET] = {
		"settings-get", set_settings,
		.may_do = true,
	},
	[KVMFAULT_CMD_SETTINGS_SET] = {
		"settings-set", set_settings,
		.may_do = true,
		.takes = {
			KVMFAULT_A_SETTINGS_ALERT_NS,
			KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS,
			KVMFAULT_A_SETTINGS_ENGINE,
			KVMFAULT_A_SETTINGS_RECENT,
			KVMFAULT_A_SETTINGS_HOT,
			KVMFAULT_A_SETTINGS_STUCK_MS,
			KVMFAULT_A_SETTINGS_STUCK_REPEATS,
			KVMFAULT_A_SETTINGS_STAGES,
			KVMFAULT_A_SETTINGS_STAGES_VM,
		},
	},
	[KVMFAULT_CMD_RESET] = {
		"reset", set_reset,
		.may_do = true,
	},
	[KVMFAULT_CMD_ALERT_NTF] = {
		"alert-ntf", set_alert,
	},
	[KVMFAULT_CMD_FAULT_GET] = {
		"fault-get", set_fault,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_FAULT_VM,
		},
	},
	[KVMFAULT_CMD_HOT_GET] = {
		"hot-get", set_hot,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_HOT_VM,
		},
	},
	[KVMFAULT_CMD_STUCK_GET] = {
		"stuck-get", set_stuck,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_STUCK_VM,
		},
	},
	[KVMFAULT_CMD_RECENT_GET] = {
		"recent-get", set_recent,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_RECENT_VM,
		},
	},
	[KVMFAULT_CMD_STAGE_GET] = {
		"stage-get", set_stage,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_STAGE_VM,
		},
	},
	[KVMFAULT_CMD_STAGE_HISTOGRAM_GET] = {
		"stage-histogram-get", set_stage,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_STAGE_VM,
		},
	},
	[KVMFAULT_CMD_HOST_GET] = {
		"host-get", set_host,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_HOST_VM,
		},
	},
	[KVMFAULT_CMD_ASYNC_GET] = {
		"async-get", set_async,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_ASYNC_VM,
		},
	},
	[KVMFAULT_CMD_SETUP_GET] = {
		"setup-get", set_setup,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_SETUP_VM,
		},
	},
	[KVMFAULT_CMD_MEMSLOT_GET] = {
		"memslot-get", set_memslot,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_MEMSLOT_VM,
		},
	},
	[KVMFAULT_CMD_THREAD_GET] = {
		"thread-get", set_thread,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_THREAD_VM,
		},
	},
	[KVMFAULT_CMD_VCPU_BORN_NTF] = {
		"vcpu-born-ntf", set_thread,
	},
	[KVMFAULT_CMD_MEMSLOT_CHANGED_NTF] = {
		"memslot-changed-ntf", set_memslot,
	},
	[KVMFAULT_CMD_TRANSLATE] = {
		"translate", set_translation,
		.may_do = true,
		.takes = {
			KVMFAULT_A_TRANSLATION_VM,
			KVMFAULT_A_TRANSLATION_VCPU,
			KVMFAULT_A_TRANSLATION_GVA,
			KVMFAULT_A_TRANSLATION_GPA,
			KVMFAULT_A_TRANSLATION_HVA,
		},
	},
	[KVMFAULT_CMD_SHADOW_GET] = {
		"shadow-get", set_shadow,
		.may_dump = true,
		.takes = {
			KVMFAULT_A_SHADOW_VM,
		},
	},
};

#endif /* KVMFAULT_NAMES_H */
