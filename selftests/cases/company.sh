# SPDX-License-Identifier: GPL-2.0
# Others probe the same functions: before the direct engine, after it, and while
# engines are switched
# machines: amd
# needs: cpus=2
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
# files: selftests/bpf/fentry selftests/lab/bpf.sh:/bpf.sh
# The intel machine takes minutes to put so many of them in place.
. /netlink.sh
. /bpf.sh

TRACING=/sys/kernel/tracing
function=$(probe_of tdp)

# Each guest is a VM of its own.
vm=0

guest_beside()
{
	local class

	vm=$((vm + 1))
	guest_hold --pages 101 --mmio 7
	for class in violation misconfig tdp; do
		eq "$1: $class in vms" "$(cell vms vm=$vm $class)" \
			"$(expected $class)"
		eq "$1: $class in histogram" \
			"$(sum histogram vm=$vm,class=$class count)" \
			"$(expected $class)"
	done
	guest_release
}

# The kernel's own tracers. What they have seen is a line each.

tracer_on()
{
	echo "$function" > $TRACING/set_ftrace_filter
	echo "$1" > $TRACING/current_tracer
}

tracer_off()
{
	echo nop > $TRACING/current_tracer
	echo > $TRACING/set_ftrace_filter
}

# Where the task has come to another CPU, function_graph names a function at its end,
# too, as a comment.
tracer_calls()
{
	grep -v '^#' $TRACING/trace | grep -v '/\* ' | grep -c "$function"
}

# What perf probe sets up, too.
kprobes_on()
{
	echo "r:lab/back $function" > $TRACING/kprobe_events
	echo "p:lab/there $function" >> $TRACING/kprobe_events
	echo 1 > $TRACING/events/lab/enable
}

kprobes_off()
{
	echo 0 > $TRACING/events/lab/enable
	echo > $TRACING/kprobe_events
}

# Those of one of the two.
kprobes_calls()
{
	awk -v event="$1" '$1 == event { print $2 }' $TRACING/kprobe_profile
}

# with_tracer NAME ON OFF: it sees every call, whoever came first.
with_tracer()
{
	local name=$1

	"$2" "$name"
	use direct
	eq "direct while $name is on" "$(engine_at tdp)" direct
	echo > $TRACING/trace
	guest_beside "$name before direct"
	theirs "$name before direct" 1
	use kretprobe
	guest_beside "$name with kretprobe"
	theirs "$name with kretprobe" 2
	"$3"

	use direct
	"$2" "$name"
	eq "direct when $name comes" "$(engine_at tdp)" direct
	echo > $TRACING/trace
	guest_beside "$name after direct"
	theirs "$name after direct" 1
	"$3"
	use kretprobe
}

# theirs NAME TIMES: what the others have seen; kprobes of as many guests, tracers
# of the last one.
theirs()
{
	case $1-$(uname -r | cut -d . -f 1) in
	kprobes\ *)
		eq "$1: the kprobe's own count" "$(kprobes_calls there)" \
			"$(($2 * $(expected tdp)))"
		eq "$1: the kretprobe's own count" "$(kprobes_calls back)" \
			"$(($2 * $(expected tdp)))" ;;
	function_graph\ *direct-5)
		skip "$1: its own count" "5.10 leaves out what is called directly" ;;
	*)
		eq "$1: its own count" "$(tracer_calls)" "$(expected tdp)" ;;
	esac
	echo > $TRACING/trace
}

# A direct caller like ours: there can be one.

with_bpf()
{
	local end="$1"

	bpf_on "$end" "$function"
	eq "BPF at the $end comes first" "$(bpf_said)" attached
	use direct
	eq "then the function stays with kretprobe" "$(engine_at tdp)" kretprobe
	eq "and the others do not" "$(engine_at violation)" direct
	kernel_log > /tmp/log
	matches "and the log says why" /tmp/log \
		"$function is taken by another direct caller"
	matches "and so does the answer" $NL "stay with kretprobe"
	guest_beside "BPF at the $end before direct"
	bpf_off
	eq "its own count" "$(bpf_said)" "calls $(expected tdp)"

	use direct
	eq "asked again when BPF is gone" "$(engine_at tdp)" direct
	bpf_on "$end" "$function"
	# Newer kernels find another word for it.
	eq "BPF at the $end comes second" "$(bpf_said | sed s/EINVAL/EBUSY/)" \
		"refused EBUSY attach"
	guest_beside "BPF at the $end after direct"
	bpf_off

	use kretprobe
	bpf_on "$end" "$function"
	eq "BPF at the $end beside kretprobe" "$(bpf_said)" attached
	guest_beside "BPF at the $end with kretprobe"
	bpf_off
	eq "its own count then" "$(bpf_said)" "calls $(expected tdp)"
}

# Who counts a call is told in a register, past all that hook returns.
switched_in_company()
{
	local switched class

	tracer_on function_graph
	kprobes_on
	set -- --pages 401 --mmio 53 --rounds 307
	expect_of "$@"
	vm=$((vm + 1))
	guest_start "$@" --hold
	switched=0
	until [ $switched -ge 23 ] || guest_holds 1; do
		use direct
		use kretprobe
		switched=$((switched + 2))
	done
	ge "switched in company" "$switched" 6
	guest_settled
	for class in violation misconfig tdp; do
		eq "switched in company: $class" "$(cell vms vm=$vm $class)" \
			"$(expected $class)"
	done
	eq "the kretprobe's own count" "$(kprobes_calls back)" "$(expected tdp)"
	guest_release
	kprobes_off
	tracer_off
}

kvmfault_load engine=direct
if [ "$(engine_at tdp)" != direct ]; then
	skip_all "this kernel has no direct calls"
fi
use kretprobe

for tracer in function function_graph; do
	if grep -qw $tracer $TRACING/available_tracers; then
		with_tracer $tracer tracer_on tracer_off
	else
		skip "with $tracer" "not in this kernel"
	fi
done
if [ -e $TRACING/kprobe_events ]; then
	with_tracer kprobes kprobes_on kprobes_off
	switched_in_company
else
	skip "with kprobes" "not in this kernel"
fi
if [ -e /sys/kernel/btf/kvm ]; then
	with_bpf entry
	with_bpf exit
else
	skip "with BPF" "this kernel describes no functions of modules"
fi

eq "nothing is missed" "$(sum probes - missed)" 0
check "and the module goes" kvmfault_unload
