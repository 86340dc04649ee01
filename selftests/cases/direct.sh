# SPDX-License-Identifier: GPL-2.0
# The direct engine: the same counts, and its way in and out
# machines: intel amd
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

ENGINE=/sys/module/kvmfault/parameters/engine

nothing_is_left()
{
	[ -z "$(setting leaving)" ]
}

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
refused "over netlink, too" EINVAL "there is no such engine" \
	do settings-set engine=steam alert-ns=1
eq "then nothing is set" "$(setting alert-ns)" 0
check "over netlink it is switched with others" \
	nltest do settings-set engine=kretprobe alert-interval-ms=107
eq "to kretprobe" "$(setting engine)" kretprobe
eq "and the other is set" "$(setting alert-interval-ms)" 107
check "and back" nltest do settings-set engine=direct
eq "to direct" "$(setting engine)" direct

# To and fro under load.
guest_start --pages 500 --mmio 10 --rounds 1000000
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
before=$(sum vms - tdp)
set -- --pages 3 --slow 1 --delay "$((8 * ${KVMFAULT_SLOW:-1}))s"
expect_of "$@"
guest_start "$@"
check "a fault sleeps" wait_until 20 guest_asleep
# Not by SIGINT, which is ignored in whatever a case runs.
timeout 1 sh -c "echo kretprobe > $ENGINE" 2>/dev/null
ne "who waits for the engine can be interrupted" "$?" 0
eq "it is switched nevertheless" "$(cat $ENGINE)" kretprobe
eq "at once" "$(engine_at tdp)" kretprobe
sh -c "echo kretprobe > $ENGINE" 2>/dev/null &
waiter=$!
sleep 0.3
begun=$(lab_seconds)
cat /sys/module/kvmfault/parameters/maxactive > /dev/null
lt "who waits keeps nobody from the parameters" $(($(lab_seconds) - begun)) $((3 * ${KVMFAULT_SLOW:-1}))
kill $waiter
wait $waiter 2>/dev/null
eq "the settings say what goes on" "$(setting leaving)" direct
matches "and so does the summary" $KVMFAULT_DIR/summary \
	"calls are under way in the direct engine"
kernel_log > /tmp/log
matches "and the log" /tmp/log "when they have ended"
rmmod kvmfault 2>/dev/null
ne "rmmod is refused while a call is under way" "$?" 0
eq "and refused means nothing has changed" "$(setting leaving)" direct
guest_wait
eq "the sleeping fault ends well" "$?" 0
eq "it is counted, as the others" "$(($(sum vms - tdp) - before))" \
	"$(expected tdp)"
check "then the engine is left, unasked" wait_until 10 nothing_is_left
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

echo kretprobe > $ENGINE
