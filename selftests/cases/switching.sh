# SPDX-License-Identifier: GPL-2.0
# Engines are switched under faults, and each call is counted once
# needs: cpus=2
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

ENGINE=/sys/module/kvmfault/parameters/engine

leaves()
{
	[ "$(setting leaving)" = "$1" ]
}

# To and fro, as fast as it goes, until a guest is done. Adds to switched.
switch_times()
{
	while [ $switched -lt $switches ] && ! guest_holds 1; do
		case $((switched % 2)) in
		0)	use direct ;;
		1)	use kretprobe ;;
		esac
		switched=$((switched + 1))
	done
	note "switched $switched times"
}

# switch_under NAME N ARGS...: under N VMs, and as many again until it was often enough.
switch_under()
{
	local name=$1 together=$2 gone=0

	shift 2
	remember
	expect_of "$@"
	switched=0
	while [ $switched -lt $least ] && [ $gone -lt 30 ]; do
		[ $gone -eq 0 ] || guest_release
		guest_start "$@" --parallel $together --hold
		switch_times
		guest_settled $together
		gone=$((gone + together))
	done
	ge "$name: switched" "$switched" $least
	exact "$name" $gone
	guest_release
}

# exact NAME N: N VMs have caused what they should, since the last time.
exact()
{
	local class

	for class in violation misconfig tdp; do
		eq "$1: $class" "$(($(sum vms - $class) - $(before $class)))" \
			"$(($2 * $(expected $class)))"
		eq "$1: $class in probes" \
			"$(($(hits_of $class) - $(before $class)))" \
			"$(($2 * $(expected $class)))"
	done
	eq "$1: histogram" "$(sum histogram - count)" \
		"$(($(sum vms - violation) + $(sum vms - misconfig) + $(sum vms - tdp)))"
	eq "$1: nothing is missed" "$(sum probes - missed)" 0
}

before()
{
	cat "/tmp/before-$1"
}

remember()
{
	local class

	for class in violation misconfig tdp; do
		sum vms - $class > /tmp/before-$class
	done
}

case $(kvm_vendor) in
kvm_intel)	switches=5 rounds=31 slow=97 least=2 ;;
*)		switches=47 rounds=223 slow=307 least=11 ;;
esac
# Who switches is slowed down more than what sleeps.
slow=$((slow * (${KVMFAULT_SLOW:-1} + 3) / 4))

kvmfault_load
use direct
if [ "$(cell probes "probe=$(probe_of tdp)" engine)" != direct ]; then
	skip_all "this kernel has no direct calls"
fi
use kretprobe

# Under guests that fault all the time.
switch_under "under load" 2 --pages 401 --mmio 53 --vcpus 2 --rounds $rounds

# Under faults that sleep: calls come back while either engine is in use, and
# while the one they began in is left, in use again, or left once more.
switch_under "asleep" 3 --pages 3 --mmio 5 --slow $slow --delay 37ms --vcpus 3

# Back to kretprobes that are there still, for a call that sleeps, while all of them are
# off: when they are on again they see what comes.
guest_start --stuck
check "a vCPU sleeps" wait_until 60 guest_said stuck
use direct
echo 0 > $KPROBES_ENABLED
use kretprobe
echo 1 > $KPROBES_ENABLED
kill "$guest_job"
guest_wait
remember
expect_of --pages 61 --mmio 7
guest --pages 61 --mmio 7 > /dev/null
exact "kprobes were off" 1

# Who waits until an engine is left need not, once somebody has chosen it again: a call
# that sleeps in the other one is none of his.
use direct
guest_start --stuck
check "a vCPU sleeps in the direct engine" wait_until 60 guest_said stuck
(echo kretprobe > $ENGINE && : > /tmp/waited) 9>&- &
check "somebody waits until it is left" wait_until 30 leaves direct
kvmfault-guest --stuck > /tmp/other < /dev/null 9>&- &
other_job=$!
check "another sleeps in the kretprobe engine" wait_until 60 grep -q '^stuck ' /tmp/other
use direct
check "who waits goes on when it is chosen again" wait_until 10 test -e /tmp/waited
eq "while the kretprobe engine is being left" "$(setting leaving)" kretprobe
kill "$guest_job" $other_job
guest_wait
wait $other_job

# Nothing is left behind.
use kretprobe
check "the direct engine is let go" wait_until 30 leaves ""
check "and so is the module" kvmfault_unload
