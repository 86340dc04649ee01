# SPDX-License-Identifier: GPL-2.0
# VMs that die before anybody has taken note of their birth, or while the module loads
# machines: amd
# needs: cpus=2
# memory: 2048
# files: selftests/netlink/nltest

# While the probe of deaths comes back, all VMs are taken for dead, under the
# lock that births and deaths are settled under, for the time of a grace period.
hold_up()
{
	while [ -e /tmp/hold-up ]; do
		nltest do probe-set name=kvm_destroy_vm enabled=0
		nltest do probe-set name=kvm_destroy_vm enabled=1
	done > /tmp/held-up
}

rounds=${KVMFAULT_BIRTHS:-40}
kvmfault_load
touch /tmp/hold-up
hold_up &
job=$!
guest --pages 1 --parallel 8 --vms "$rounds" > /tmp/guest.out
eq "$((8 * rounds)) short lives" "$?" 0
rm -f /tmp/hold-up
wait $job
# Those whose death nobody saw are gone with it.
nltest do probe-set name=kvm_destroy_vm enabled=0
nltest do probe-set name=kvm_destroy_vm enabled=1
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
