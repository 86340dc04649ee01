# SPDX-License-Identifier: GPL-2.0
# A probe that is in place and does not fire is found out by the others; one that works
# is not suspected for what is no business of its own
# machines: amd
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
# files: selftests/bpf/fentry selftests/lab/bpf.sh:/bpf.sh
. /netlink.sh
. /bpf.sh

state_of()
{
	cell probes "probe=$1" state
}

is_bypassed()
{
	[ "$(state_of "$1")" = bypassed ]
}

suspected()
{
	kernel_log | grep -c 'calls past it'
}

# What was proven is in question again.
question()
{
	switch_probe kvm_destroy_vm 0 > $NL && switch_probe kvm_destroy_vm 1 > $NL ||
		not_ok "probes are switched" "$(tail -n 1 $NL)"
}

# questioned NAME ARGS...: again and again while the guest does this.
questioned()
{
	local name=$1 times=0

	shift
	guest_start "$@" --hold
	until guest_holds 1 || [ $times -ge 300 ]; do
		question
		times=$((times + 1))
	done
	guest_settled
	guest_release
	gt "$name: questioned meanwhile" "$times" 2
	eq "$name: nobody is suspected" "$(suspected)" 0
	eq "$name: all are armed" "$(pick probes - state | sort -u)" armed
}

# This way waits until the module can go.
leave_direct()
{
	echo kretprobe > /sys/module/kvmfault/parameters/engine
}

# found_out CLASS: its function stays with kretprobe as BPF has it, and kretprobes are
# switched off behind the module's back.
found_out()
{
	local probe before

	probe=$(probe_of "$1")
	before=$(suspected)
	bpf_on entry "$probe"
	use direct
	eq "$probe: is probed in another way" "$(engine_at "$1")" kretprobe
	echo 0 > $KPROBES_ENABLED
	question
	guest --pages 101 > /dev/null
	check "$probe: is found out" wait_until 10 is_bypassed "$probe"
	eq "$probe: no other is" "$(pick probes state=bypassed probe)" "$probe"
	eq "$probe: it is said once" "$(($(suspected) - before))" 1
	echo 1 > $KPROBES_ENABLED
	question
	guest --pages 101 > /dev/null
	eq "$probe: is proven when it works" "$(state_of "$probe")" armed
	bpf_off
	leave_direct
}

kvmfault_load
# How this KVM speaks is known from here on.
guest --pages 31 > /dev/null
questioned "a guest's guest" --scene nested --pages 509 --vms 97
if guest --scene prefault --pages 1 > /dev/null 2>&1; then
	questioned "pre-faulting" --scene prefault --pages 4001
else
	skip "pre-faulting" "this KVM has no KVM_PRE_FAULT_MEMORY"
fi

use direct
engine=$(engine_at tdp)
leave_direct
if [ "$engine" = direct ] && [ -e /sys/kernel/btf/kvm ]; then
	found_out tdp
	found_out violation
else
	skip "what does not fire" "this kernel has no direct calls, or describes no functions of modules"
fi
