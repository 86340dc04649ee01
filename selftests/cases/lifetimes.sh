# SPDX-License-Identifier: GPL-2.0
# Lives that end or stand still at a bad moment: inside a fault, half read, frozen;
# and the module's own, with faults asleep and listeners who do not listen
# machines: intel amd
# files: selftests/netlink/nltest

# On the kernel's command line: for how long a fault sleeps when the module goes.
sleeps=${KVMFAULT_SLEEP:-$((6 * ${KVMFAULT_SLOW:-1}))}

HALF=/tmp/half

found_asleep()
{
	[ "$(cell stuck vcpu=0 how)" = asleep ]
}

# Killed, not asked: all processes of the guest.
guest_kill()
{
	kill -KILL $(sed -n 's/^\(hold\|stuck\) pid=\([0-9]*\).*/\2/p' $GUEST_LOG) \
		"$guest_job"
	wait "$guest_job"
	exec 9>&-
}

kvm_taken()
{
	cat /sys/kernel/debug/kvm/[0-9]*-*/pf_taken 2>/dev/null
}

# Up to 6.1 a fault that sleeps cannot be disturbed; later ones are taken again.
as_kvm()
{
	local taken

	taken=$(kvm_taken)
	eq "$1: as many faults as KVM has taken" "$(sum vms state=live tdp)" \
		"${taken:-$(expected tdp)}"
}

# Killed while it is asleep in a fault.
kvmfault_load
guest --pages 64 > /dev/null
guest_start --stuck
check "the vCPU waits" wait_until 30 guest_said stuck
check "it is found asleep" wait_until 20 found_asleep
guest_kill 2> /dev/null
check "killed, its VM is gone" wait_until 30 nobody_lives
for class in violation tdp; do
	eq "$class: what it was killed in is counted" \
		"$(cell vms vm=0 $class)" $((4 + 64 + 5))
done
check "and nobody is stuck" nobody_stuck
eq "nothing is missed" "$(sum probes - missed)" 0

# Destroyed while its row is read.
guest_hold --pages 7 --vcpus 2
vm=$(cell vms state=live vm)
exec 5< "$KVMFAULT_DIR/vms" 6< "$KVMFAULT_DIR/vcpus"
read -r line <&5
guest_kill 2> /dev/null
check "the VM is gone" wait_until 30 nobody_lives
eq "who was half through the file reads on" "$(grep -c "^$vm " <&5)" 1
eq "who had only opened it does not see it" "$(grep -c "^$vm " <&6)" 0
exec 5<&- 6<&-

# A dump of more than one part, of which the first has been made, holds the module
# until its reader reads on, or is no more.
guest_start --pages 20 --mmio 20 --parallel 20 --hold
guest_settled 20
nltest -b 4096 -p "! rmmod kvmfault" dump histogram-get > $HALF 2>&1
eq "a dump that is half read ends well" "$?" 0
eq "and the module has stayed for it" \
	"$(grep -c "^rmmod: .*Resource temporarily unavailable" $HALF)" 1
nltest -b 4096 -p 'kill -KILL $PPID' dump histogram-get > $HALF 2>&1
eq "who reads another one is killed" "$?" 137

# The VMs of its other parts go meanwhile.
{
	echo "kill -KILL $(sed -n 's/^hold pid=//p' $GUEST_LOG | tr '\n' ' ')"
	echo "while [ \$(wc -l < $KVMFAULT_DIR/vms) -gt 2 ]; do sleep 0.1; done"
} > $HALF.sh
nltest -b 4096 -p "sh $HALF.sh" dump histogram-get > $HALF
eq "a dump goes on without those that are gone" "$?" 0
eq "and says that it was interrupted" "$(tail -n 1 $HALF)" interrupted
guest_stop
kvmfault_unload
eq "the module goes when nobody reads" "$?" 0

# The module goes: faults are asleep, files are open, and listeners sleep while
# there is something to tell.
kvmfault_load
nltest listen vm 3600 > /tmp/heard &
listeners=$!
nltest listen alert 3600 > /tmp/heard.alert &
listeners="$listeners $!"
wait_until 30 grep -qs listening /tmp/heard
wait_until 30 grep -qs listening /tmp/heard.alert
kill -STOP $listeners
nltest do settings-set alert-ns=1 alert-interval-ms=1 > /dev/null
guest --pages 20 --mmio 20 --parallel 2 > /dev/null
guest_start --pages 3 --slow 1 --vcpus 2 --delay "${sleeps}s"
check "faults are asleep" wait_until 30 guest_asleep
exec 5< "$KVMFAULT_DIR/histogram"
read -r line <&5
begun=$(lab_seconds)
rmmod kvmfault
eq "rmmod with faults asleep, listeners and files open" "$?" 0
lt "it does not wait for them" "$(($(lab_seconds) - begun))" "$sleeps"
check "they sleep still" guest_asleep
guest_wait
eq "the sleeping faults end well" "$?" 0
ge "after $sleeps s" "$(sed -n 's/.*answer_min_ns=\([0-9]*\).*/\1/p' $GUEST_LOG)" \
	$((sleeps * 1000000000))
exec 5<&-
kill -CONT $listeners
check "what had been told before it went is heard" wait_until 10 eval \
	'[ "$(grep -c "^vm-died" /tmp/heard)" -eq 2 ] && grep -q "^alert" /tmp/heard.alert'
kill $listeners
wait $listeners 2> /dev/null

# With something to tell: at once, or when the interval is over.
guest_start --pages 100 --rounds 100000
for interval in 1 30000; do
	kvmfault_load
	: > /tmp/heard.alert
	nltest listen alert 3600 > /tmp/heard.alert &
	listeners=$!
	wait_until 30 grep -qs listening /tmp/heard.alert
	nltest do settings-set alert-ns=1 alert-interval-ms=$interval > /dev/null
	check "every fault is told, each $interval ms" \
		wait_until 30 grep -q "^alert" /tmp/heard.alert
	rmmod kvmfault
	eq "rmmod with alerts to come" "$?" 0
	kill $listeners
	wait $listeners 2> /dev/null
done
check "the guest goes on" guest_runs
guest_stop

SLOW=${KVMFAULT_SLOW:-1}

# caught COMMAND...: is it asleep when it has been stopped? It may just have woken.
caught()
{
	wait_until 30 guest_asleep || return 1
	"$@" 1
	sleep $((2 * SLOW))
	! guest_asleep || return 0
	"$@" 0
	return 1
}

# Frozen, as by suspend or a debugger, while a fault is asleep.
frozen()
{
	local name=$1

	shift
	expect_of --pages 20 --slow 1 --rounds 3
	guest_start --pages 20 --slow 1 --delay $((800 * SLOW))ms --rounds 3 --hold
	check "$name: a fault is asleep" wait_until 30 guest_asleep
	if caught "$@" || caught "$@"; then
		check "$name: it is found" wait_until 10 found_asleep
		"$@" 0
	else
		skip "$name: it is found" "this KVM sleeps through no signal"
	fi
	guest_settled
	as_kvm "$name"
	ge "$name: none is lost" "$(sum vms state=live tdp)" "$(expected tdp)"
	check "$name: then nobody is stuck" wait_until 10 nobody_stuck
	guest_release
}

stop_and_go()
{
	case $1 in
	1)	kill -STOP "$guest_job" ;;
	0)	kill -CONT "$guest_job" ;;
	esac
}

CGROUP=/tmp/cgroup

freeze()
{
	[ $1 -eq 0 ] || echo "$guest_job" > $CGROUP/vmm/cgroup.procs
	echo $1 > $CGROUP/vmm/cgroup.freeze
}

kvmfault_load
guest --pages 64 > /dev/null
frozen "stopped" stop_and_go
mkdir -p $CGROUP
if mount -t cgroup2 cgroup2 $CGROUP && mkdir $CGROUP/vmm; then
	frozen "frozen" freeze
	rmdir $CGROUP/vmm
	umount $CGROUP
else
	skip "frozen" "this kernel has no second version of cgroups"
fi
eq "nothing is missed" "$(sum probes - missed)" 0
