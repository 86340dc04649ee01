# SPDX-License-Identifier: GPL-2.0
# VMs that die before anybody has taken note of their birth, or while the module loads
# machines: amd
# needs: cpus=2
# memory: 2048
# files: selftests/netlink/nltest
# programs: chrt

WORKERS=/sys/devices/virtual/workqueue/cpumask
RUNTIME=/proc/sys/kernel/sched_rt_runtime_us

# Who settles is kept from it for as long as many lives take: work that is bound to no
# CPU is done on the second one alone, where somebody else has precedence.
hold_up()
{
	while [ -e /tmp/hold-up ]; do
		taskset 2 chrt -f 50 sh -c 'for i in $(seq 30000); do :; done' &&
			: > /tmp/held-up
		usleep 20000
	done
}

one_cpu_for_workers()
{
	workers=$(cat $WORKERS)
	echo 2 > $WORKERS && echo -1 > $RUNTIME
}

rounds=${KVMFAULT_BIRTHS:-40}
kvmfault_load
check "who settles is bound to one CPU" one_cpu_for_workers
touch /tmp/hold-up
hold_up &
job=$!
taskset 1 kvmfault-guest --pages 1 --parallel 8 --vms "$rounds" > /tmp/guest.out
eq "$((8 * rounds)) short lives" "$?" 0
rm -f /tmp/hold-up
wait $job
check "and was held up there" test -e /tmp/held-up
echo "$workers" > $WORKERS
echo 950000 > $RUNTIME
expect_of --pages 1
for class in violation tdp; do
	eq "$class: counted and missed are all" \
		"$(($(sum vms - $class) + $(missed_of $class)))" \
		"$((8 * rounds * $(expected $class)))"
done
eq "nobody is left" "$(rows vms)" 1
eq "they are told apart" "$(grep -c . "$KVMFAULT_DIR/vcpus")" 1
kvmfault_unload
eq "it unloads" "$?" 0

# When the probe of deaths comes back all VMs begin anew, more than there are spare
# records: who waits for calls that are under way then does not hold up births.
switch_deaths()
{
	nltest do probe-set name=kvm_destroy_vm enabled=0 &&
		nltest do probe-set name=kvm_destroy_vm enabled=1
}

forty_live()
{
	[ "$(rows vms)" -eq 41 ] && [ "$(pick vms state=live vm | sort -n |
		head -n 1)" -ge "$1" ]
}

kvmfault_load slots=256
guest_start --pages 20 --parallel 40 --rounds 100000
check "many live" wait_until 60 forty_live 1
missed=$(missed_of tdp) calls=$(sum vms - tdp)
check "the probe of deaths goes and comes" switch_deaths
check "they live again" wait_until 60 forty_live 41
missed=$(($(missed_of tdp) - missed)) calls=$(($(sum vms - tdp) - calls))
note "missed: $missed of $((calls + missed))"
lt "hardly any is missed" "$missed" $((calls / 200))
guest_stop
kvmfault_unload

# Who is seen to fault while probes are placed is seen to die.
nobody_lives()
{
	[ "$(pick vms state=live vm)" = "" ]
}

for engine in kretprobe direct; do
	left=
	for round in 1 2 3 4 5; do
		guest_start --pages 1 --parallel 3 --vms 100000
		sleep 0.2
		kvmfault_load engine=$engine
		guest_stop
		wait_until 5 nobody_lives || left="$left $(pick vms state=live vm)"
		echo kretprobe > /sys/module/kvmfault/parameters/engine
		kvmfault_unload
	done
	eq "$engine: VMs that nobody saw die" "$left" ""
done
