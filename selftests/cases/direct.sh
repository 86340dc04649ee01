# SPDX-License-Identifier: GPL-2.0
# The direct engine: the same counts, and its way in and out
# machines: intel amd

ENGINE=/sys/module/kvmfault/parameters/engine

engine_at()
{
	cell probes "probe=$(probe_of "$1")" engine
}

TRACING=/sys/kernel/tracing

same_counts()
{
	local class

	for class in violation misconfig tdp; do
		eq "$1: $class in vms" "$(cell vms "vm=$2" $class)" \
			"$(expected $class)"
		eq "$1: $class in histogram" \
			"$(sum histogram "vm=$2,class=$class" count)" \
			"$(expected $class)"
	done
}

kvmfault_load engine=direct
if [ "$(engine_at tdp)" != direct ]; then
	matches "the log says why it is not direct" \
		/dev/stdin "is used there" <<-END
	$(kernel_log)
	END
	skip "the direct engine" "not on this kernel"
	return 0
fi

# Counts, to the unit.
guest_hold --pages 307 --mmio 53
same_counts "direct" 1
for class in violation misconfig tdp; do
	eq "direct: $class in probes" "$(hits_of $class)" "$(expected $class)"
	eq "direct: the engine of $class" "$(engine_at $class)" direct
done
eq "direct: userspace in vms" "$(cell vms vm=1 userspace)" 53
eq "direct: nothing is missed" "$(sum probes - missed)" 0
guest_release
eq "direct: its death was seen" "$(cell probes probe=kvm_destroy_vm hits)" 1

# Faults that sleep, in the bucket where they belong.
guest_hold --pages 31 --mmio 3 --slow 11 --delay 20ms
ge "direct: 11 violations took 20 ms or more" \
	"$(sum_from histogram vm=2,class=violation to_ns 20000001 count)" 11
ge "direct: their tdp did, too" \
	"$(sum_from histogram vm=2,class=tdp to_ns 20000001 count)" 11
same_counts "direct, slow" 2
guest_release

# It holds the module, and lets it go.
rmmod kvmfault 2>/dev/null
ne "rmmod is refused while it is selected" "$?" 0
echo kretprobe > $ENGINE
eq "it can be switched to kretprobe" "$?" 0
eq "the engine of tdp then" "$(engine_at tdp)" kretprobe
guest_hold --pages 101 --mmio 7
same_counts "kretprobe after direct" 3
guest_release
echo direct > $ENGINE
eq "and back" "$(engine_at tdp)" direct
guest_hold --pages 101 --mmio 7
same_counts "direct again" 4
guest_release
if echo steam > $ENGINE 2>/dev/null; then
	not_ok "an unknown engine is refused"
else
	ok "an unknown engine is refused"
fi

# To and fro under load.
guest_start --pages 500 --mmio 10 --rounds 1000
for round in 1 2 3 4 5 6; do
	echo kretprobe > $ENGINE && sleep 0.1 &&
		echo direct > $ENGINE && sleep 0.1
	eq "round $round: switched under its faults" "$?" 0
done
lt "faults are seen after that" "$(cell vms vm=5 tdp)" \
	"$(sleep 0.3; cell vms vm=5 tdp)"
guest_stop
for class in violation tdp; do
	eq "$class: the histogram adds up after that" \
		"$(sum histogram "class=$class" count)" "$(sum vms - $class)"
done

# A fault asleep in the function while we want to leave.
guest_start --pages 3 --slow 1 --delay 12s
sleep 0.5
timeout 1 sh -c "echo kretprobe > $ENGINE" 2>/dev/null
eq "the engine is switched at once" "$(engine_at tdp)" kretprobe
rmmod kvmfault 2>/dev/null
ne "rmmod is refused while a call is under way" "$?" 0
guest_wait
eq "the sleeping fault ends well" "$?" 0
echo kretprobe > $ENGINE
eq "then nothing is under way" "$?" 0
rmmod kvmfault
eq "and the module goes" "$?" 0

# KVM comes and goes under it.
kvmfault_load engine=direct
kvm_unload
eq "KVM unloads" "$?" 0
eq "the probe waits" "$(cell probes "probe=$(probe_of tdp)" state)" waiting
kvm_load
eq "KVM is back, and called directly" "$(engine_at tdp)" direct
guest_hold --pages 101 --mmio 7
same_counts "KVM loaded again" 1
guest_release

# Others at the same functions, before and after.
function=$(probe_of tdp)
trace_with()
{
	echo "$1" > $TRACING/current_tracer
}
set_filter()
{
	echo "$1" > $TRACING/set_ftrace_filter
}
vm=2
for tracer in function function_graph; do
	if ! grep -qw $tracer $TRACING/available_tracers; then
		skip "with $tracer" "not in this kernel"
		continue
	fi
	set_filter "$function"
	trace_with $tracer
	guest_hold --pages 101 --mmio 7
	same_counts "with $tracer after it" $vm
	guest_release
	vm=$((vm + 1))
	echo kretprobe > $ENGINE && echo direct > $ENGINE
	eq "direct while $tracer is on" "$(engine_at tdp)" direct
	guest_hold --pages 101 --mmio 7
	same_counts "with $tracer before it" $vm
	guest_release
	vm=$((vm + 1))
	trace_with nop
	set_filter ''
done

if [ -e $TRACING/kprobe_events ]; then
	echo "r:bench/back $function" > $TRACING/kprobe_events
	echo "p:bench/there $function" >> $TRACING/kprobe_events
	echo 1 > $TRACING/events/bench/enable
	guest_hold --pages 101 --mmio 7
	same_counts "with a kprobe and a kretprobe" $vm
	guest_release
	vm=$((vm + 1))
	echo kretprobe > $ENGINE && echo direct > $ENGINE
	eq "direct after a kprobe and a kretprobe" "$(engine_at tdp)" direct
	guest_hold --pages 101 --mmio 7
	same_counts "with both before it" $vm
	guest_release
	echo 0 > $TRACING/events/bench/enable
	echo > $TRACING/kprobe_events
fi

echo kretprobe > $ENGINE
