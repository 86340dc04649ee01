# SPDX-License-Identifier: GPL-2.0
# Probes are switched at run time, and counts begin again without losing one
# machines: amd
# needs: cpus=2
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
# The intel machine takes minutes for KVM to go and come so often.
. /netlink.sh

# Those that are switched by themselves.
all_probes()
{
	awk 'NR > 1 && $2 != "kprobe" && $1 !~ /async/ { print $1 }' \
		$KVMFAULT_DIR/probes
}

kvmfault_load
guest --pages 20 --mmio 5
before=$(cell vms vm=0 tdp)

check "disable tdp" switch_probe kvm_tdp_page_fault 0
eq "it is disabled" "$(cell probes probe=kvm_tdp_page_fault state)" disabled
eq "and nltest says so" \
	"$(nltest do probe-get name=kvm_tdp_page_fault | value state)" disabled
expect_of --pages 77 --mmio 5
exits=$(cell vms vm=0 violation)
guest --pages 77 --mmio 5
eq "no tdp is counted" "$(cell vms vm=0 tdp)" "$before"
eq "all violations are" "$(($(cell vms vm=0 violation) - exits))" \
	"$(expected violation)"
eq "nor is one missed" "$(cell probes probe=kvm_tdp_page_fault missed)" 0

check "KVM goes" kvm_unload
eq "still disabled" "$(cell probes probe=kvm_tdp_page_fault state)" disabled
check "KVM comes" kvm_load
eq "still disabled then" "$(cell probes probe=kvm_tdp_page_fault state)" disabled
check "enable tdp" switch_probe kvm_tdp_page_fault 1
check "enable it twice" switch_probe kvm_tdp_page_fault 1
eq "it is armed" "$(cell probes probe=kvm_tdp_page_fault state)" armed
guest --pages 77 --mmio 5
eq "tdp is counted again" "$(($(cell vms vm=0 tdp) - before))" "$(expected tdp)"
gt "there are probes" "$(nltest do info-get | value probes)" 0
eq "nothing was bypassed" "$(nltest do info-get | value armed)" \
	"$(nltest do info-get | value probes)"

# Of those that can be disabled: others see how a VM is set up, for example.
all_hits()
{
	local probe hits=0

	for probe in $(all_probes); do
		hits=$((hits + $(cell probes "probe=$probe" hits)))
	done
	echo $hits
}

for probe in $(all_probes); do
	check "disable $probe" switch_probe "$probe" 0
done
hits=$(all_hits)
gt "they have been hit before" "$hits" 0
guest --pages 77 --mmio 5
eq "with all disabled nothing is hit" "$(all_hits)" "$hits"
check "KVM can go and come" kvm_unload
kvm_load
for probe in $(all_probes); do
	check "enable $probe" switch_probe "$probe" 1
done
eq "all are armed" "$(cut -d ' ' -f 3 $KVMFAULT_DIR/probes | sort -u |
	tr '\n' ' ')" "armed state "

# A VM dies while nobody looks, and another lives on.
guest_hold --pages 11
check "disable kvm_destroy_vm" switch_probe kvm_destroy_vm 0
guest --pages 12
eq "the dead one is listed" "$(cell vms vm=0 state; tail -n +3 \
	$KVMFAULT_DIR/vms | wc -l | tr -d ' ')" "gone
2"
tdp=$(sum vms - tdp)
check "enable kvm_destroy_vm" switch_probe kvm_destroy_vm 1
eq "now it is gone" "$(tail -n +3 $KVMFAULT_DIR/vms | wc -l | tr -d ' ')" 0
eq "and every fault is still there" "$(sum vms - tdp)" "$tdp"
guest_release

# Resets under two guests that fault all the time: what the resets have told
# and what is left is what there was.
nltest do reset > /dev/null
for column in violation misconfig tdp; do
	eq "after a reset: $column" "$(sum vms - $column)" 0
done
expect_of --pages 400 --mmio 50 --vcpus 2 --rounds 6
missed=$(sum probes - missed)
guest_start --pages 400 --mmio 50 --vcpus 2 --rounds 6 --parallel 2 --hold
: > $NL
resets=0
until guest_holds 2 || [ $resets -ge 400 ]; do
	nltest do reset >> $NL
	resets=$((resets + 1))
done
guest_settled 2
note "$resets resets meanwhile"
ge "some resets" "$resets" 2
for class in violation misconfig tdp; do
	told=$(grep -o "class=$class count=[0-9]*" $NL | cut -d = -f 3 |
		awk '{ n += $1 } END { print n + 0 }')
	gt "resets have told some of $class" "$told" 0
	eq "told and left: $class" "$((told + $(sum vms - $class)))" \
		"$((2 * $(expected $class)))"
	eq "the histogram is of the rest: $class" \
		"$(awk -v c=$class '$2 == c { n += $5 } END { print n + 0 }' \
		$KVMFAULT_DIR/histogram)" "$(sum vms - $class)"
	eq "vCPUs add up to their VMs: $class" "$(sum vcpus - $class)" \
		"$(sum vms - $class)"
done
eq "nothing was missed" "$(sum probes - missed)" "$missed"
# Who resets and cannot be told has not: the next one is told.
left=$(sum vms - tdp)
nltest -d do reset
resets=$((resets + 1))
eq "a reset that cannot be told" "$(sum vms - tdp)" 0
nltest do reset > $NL
resets=$((resets + 1))
eq "is told by the next one" \
	"$(grep -o "class=tdp count=[0-9]*" $NL | cut -d = -f 3)" "$left"
eq "resets are counted" "$(nltest do info-get | value resets)" $((resets + 1))
guest_release
check "unload" kvmfault_unload
check "load" kvmfault_load
