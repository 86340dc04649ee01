// SPDX-License-Identifier: GPL-2.0
/*
 * As cheap as eBPF gets while it counts and times the faults of each VM, and is
 * right about handlers that sleep and wake on another CPU: the time of entry
 * lies in the task's own storage, histograms in memory of each CPU.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define BUCKETS	40

enum class { VIOLATION, MISCONFIG, TDP, CLASSES };

struct kvm_vcpu {
	void *kvm;
} __attribute__((preserve_access_index));

struct starts {
	__u64 ns[CLASSES];
};

struct histogram {
	__u64 count;
	__u64 sum_ns;
	__u64 bucket[BUCKETS];
};

struct vm {
	struct histogram class[CLASSES];
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct starts);
} starts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, void *);
	__type(value, struct vm);
} vms SEC(".maps");

static __always_inline void enter(enum class class)
{
	struct starts *start;

	start = bpf_task_storage_get(&starts, bpf_get_current_task_btf(), 0,
				     BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (start)
		start->ns[class] = bpf_ktime_get_ns();
}

static __always_inline int log2_of(__u64 ns)
{
	int log2 = 0;

	if (ns >> 32) {
		ns >>= 32;
		log2 += 32;
	}
	if (ns >> 16) {
		ns >>= 16;
		log2 += 16;
	}
	if (ns >> 8) {
		ns >>= 8;
		log2 += 8;
	}
	if (ns >> 4) {
		ns >>= 4;
		log2 += 4;
	}
	if (ns >> 2) {
		ns >>= 2;
		log2 += 2;
	}
	return log2 + (ns >> 1);
}

static __always_inline struct vm *vm_of(struct kvm_vcpu *vcpu)
{
	static const struct vm empty;
	void *kvm = vcpu->kvm;
	struct vm *vm;

	vm = bpf_map_lookup_elem(&vms, &kvm);
	if (vm)
		return vm;
	bpf_map_update_elem(&vms, &kvm, &empty, BPF_NOEXIST);
	return bpf_map_lookup_elem(&vms, &kvm);
}

static __always_inline void leave(struct kvm_vcpu *vcpu, enum class class)
{
	struct histogram *histogram;
	struct starts *start;
	struct vm *vm;
	int bucket;
	__u64 ns;

	start = bpf_task_storage_get(&starts, bpf_get_current_task_btf(), 0, 0);
	if (!start)
		return;
	ns = bpf_ktime_get_ns() - start->ns[class];
	vm = vm_of(vcpu);
	if (!vm)
		return;
	histogram = &vm->class[class];
	histogram->count++;
	histogram->sum_ns += ns;
	bucket = log2_of(ns);
	if (bucket < BUCKETS)
		histogram->bucket[bucket]++;
}

#define DEFINE_PROBE(function, class)					\
SEC("fentry/" #function)						\
int BPF_PROG(enter_ ## function, struct kvm_vcpu *vcpu)			\
{									\
	enter(class);							\
	return 0;							\
}									\
SEC("fexit/" #function)							\
int BPF_PROG(leave_ ## function, struct kvm_vcpu *vcpu)			\
{									\
	leave(vcpu, class);						\
	return 0;							\
}

DEFINE_PROBE(handle_ept_violation, VIOLATION)
DEFINE_PROBE(handle_ept_misconfig, MISCONFIG)
DEFINE_PROBE(kvm_tdp_page_fault, TDP)

char LICENSE[] SEC("license") = "GPL";
