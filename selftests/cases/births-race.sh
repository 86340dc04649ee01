# SPDX-License-Identifier: GPL-2.0
# VMs that die before anybody has taken note of their birth
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
