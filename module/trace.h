/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The trace event kvmfault:kvmfault_fault: one fault, with all that is known
 *
 * For perf, trace-cmd and bpftrace. Addresses that are not known have all bits
 * set. The tdp or shadow call that sets up an asynchronous page fault, and the one
 * that maps the page when it is there, have the same token in the field async, by
 * which KVM's own events name it, too; in all others it is 0.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvmfault

#if !defined(KVMFAULT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KVMFAULT_TRACE_H

#include <linux/timekeeping.h>
#include <linux/tracepoint.h>

#include "address.h"
#include "async.h"
#include "fault.h"
#include "learn.h"
#include "table.h"
#include "vm.h"

/*
 * Readers in user space make words of the numbers by the event's format, where the
 * names of an enum mean nothing: the kernel puts their values there.
 */
TRACE_DEFINE_ENUM(KVMFAULT_VIOLATION);
TRACE_DEFINE_ENUM(KVMFAULT_MISCONFIG);
TRACE_DEFINE_ENUM(KVMFAULT_TDP);
TRACE_DEFINE_ENUM(KVMFAULT_SHADOW);
TRACE_DEFINE_ENUM(KVMFAULT_ACCESS_UNKNOWN);
TRACE_DEFINE_ENUM(KVMFAULT_READ);
TRACE_DEFINE_ENUM(KVMFAULT_WRITE);
TRACE_DEFINE_ENUM(KVMFAULT_EXEC);
TRACE_DEFINE_ENUM(KVMFAULT_CAUSE_UNKNOWN);
TRACE_DEFINE_ENUM(KVMFAULT_ABSENT);
TRACE_DEFINE_ENUM(KVMFAULT_PROTECTED);
TRACE_DEFINE_ENUM(KVMFAULT_MMIO);
TRACE_DEFINE_ENUM(KVMFAULT_PREFETCH);
TRACE_DEFINE_ENUM(KVMFAULT_FIXED);
TRACE_DEFINE_ENUM(KVMFAULT_SPURIOUS);
TRACE_DEFINE_ENUM(KVMFAULT_RETRY);
TRACE_DEFINE_ENUM(KVMFAULT_EMULATE);
TRACE_DEFINE_ENUM(KVMFAULT_WRITE_PROTECTED);
TRACE_DEFINE_ENUM(KVMFAULT_INVALID);
TRACE_DEFINE_ENUM(KVMFAULT_ERROR);
TRACE_DEFINE_ENUM(KVMFAULT_UNKNOWN);
TRACE_DEFINE_ENUM(KVMFAULT_INJECTED);
TRACE_DEFINE_ENUM(KVMFAULT_LEVEL_UNKNOWN);
TRACE_DEFINE_ENUM(KVMFAULT_4K);
TRACE_DEFINE_ENUM(KVMFAULT_2M);
TRACE_DEFINE_ENUM(KVMFAULT_1G);
TRACE_DEFINE_ENUM(KVMFAULT_L1);
TRACE_DEFINE_ENUM(KVMFAULT_L2);

/* Called by tracing, under its locks, when there is a first listener, or none. */
int kvmfault_trace_begin(void);
void kvmfault_trace_end(void);

TRACE_EVENT_FN(kvmfault_fault,
	TP_PROTO(const struct kvmfault_fault *fault,
		 const struct kvmfault_vcpu *vcpu,
		 const struct kvmfault_address *address),
	TP_ARGS(fault, vcpu, address),

	TP_STRUCT__entry(
		__field(u64, vm)
		__field(u64, start_ns)
		__field(u64, duration_ns)
		__field(u64, gva)
		__field(u64, rip)
		__field(u64, gpa)
		__field(u64, hva)
		__field(u64, pfn)
		__field(int, slot)
		__field(int, vcpu)
		__field(int, pid)
		__field(int, ret)
		__field(u32, async)
		__field(u8, class)
		__field(u8, access)
		__field(u8, cause)
		__field(u8, outcome)
		__field(u8, level)
		__array(char, comm, TASK_COMM_LEN)
		__field(u8, guest)
	),

	TP_fast_assign(
		__entry->vm = vcpu->vm->id;
		__entry->start_ns = ktime_get_mono_fast_ns() -
				    fault->duration_ns;
		__entry->duration_ns = fault->duration_ns;
		__entry->gva = address->gva;
		__entry->rip = address->rip;
		__entry->gpa = address->gpa;
		__entry->hva = address->hva;
		__entry->pfn = address->pfn;
		__entry->slot = address->slot;
		__entry->vcpu = vcpu->id;
		__entry->pid = vcpu->vm->pid;
		__entry->ret = (int)fault->ret;
		__entry->async = kvmfault_async_token(fault, vcpu);
		__entry->class = fault->call.class;
		__entry->access = fault->access;
		__entry->cause = fault->cause;
		__entry->outcome = kvmfault_class_is_exit(fault->call.class) ?
			KVMFAULT_UNKNOWN :
			kvmfault_outcome(kvmfault_recognised_codes(),
					 fault->ret_index);
		__entry->level = fault->level;
		memcpy(__entry->comm, current->comm, TASK_COMM_LEN);
		__entry->guest = fault->guest;
	),

	TP_printk("vm=%llu vcpu=%d pid=%d comm=%s class=%s gva=%llx rip=%llx gpa=%llx hva=%llx pfn=%llx slot=%d access=%s cause=%s outcome=%s level=%s ret=%d async=%x start_ns=%llu duration_ns=%llu guest=%s",
		  __entry->vm, __entry->vcpu, __entry->pid, __entry->comm,
		  __print_symbolic(__entry->class,
				   { KVMFAULT_VIOLATION, "violation" },
				   { KVMFAULT_MISCONFIG, "misconfig" },
				   { KVMFAULT_TDP, "tdp" },
				   { KVMFAULT_SHADOW, "shadow" }),
		  __entry->gva, __entry->rip, __entry->gpa, __entry->hva,
		  __entry->pfn, __entry->slot,
		  __print_symbolic(__entry->access,
				   { KVMFAULT_ACCESS_UNKNOWN, "-" },
				   { KVMFAULT_READ, "read" },
				   { KVMFAULT_WRITE, "write" },
				   { KVMFAULT_EXEC, "exec" }),
		  __print_symbolic(__entry->cause,
				   { KVMFAULT_CAUSE_UNKNOWN, "-" },
				   { KVMFAULT_ABSENT, "absent" },
				   { KVMFAULT_PROTECTED, "protected" },
				   { KVMFAULT_MMIO, "mmio" },
				   { KVMFAULT_PREFETCH, "prefetch" }),
		  __print_symbolic(__entry->outcome,
				   { KVMFAULT_FIXED, "fixed" },
				   { KVMFAULT_SPURIOUS, "spurious" },
				   { KVMFAULT_RETRY, "retry" },
				   { KVMFAULT_EMULATE, "emulate" },
				   { KVMFAULT_WRITE_PROTECTED, "write-protected" },
				   { KVMFAULT_INVALID, "invalid" },
				   { KVMFAULT_ERROR, "error" },
				   { KVMFAULT_UNKNOWN, "-" },
				   { KVMFAULT_INJECTED, "injected" }),
		  __print_symbolic(__entry->level,
				   { KVMFAULT_LEVEL_UNKNOWN, "-" },
				   { KVMFAULT_4K, "4K" },
				   { KVMFAULT_2M, "2M" },
				   { KVMFAULT_1G, "1G" }),
		  __entry->ret, __entry->async, __entry->start_ns, __entry->duration_ns,
		  __print_symbolic(__entry->guest,
				   { KVMFAULT_L1, "L1" },
				   { KVMFAULT_L2, "L2" })),

	kvmfault_trace_begin, kvmfault_trace_end
);

#endif /* KVMFAULT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
