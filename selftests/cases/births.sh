# SPDX-License-Identifier: GPL-2.0
# VMs that come and go: numbers are not used again, counts are never lost
# machines: intel amd

kvmfault_load
expect_of --pages 17 --mmio 5
each=$(expected violation)

last=0
for round in 1 2 3; do
	guest --pages 17 --mmio 5 --vms 5
	now=$(cell vms vm=0 violation)
	eq "round $round: five VMs more in vm 0" "$((now - last))" \
		"$((5 * each))"
	last=$now
done

# KVM gives a new VM the address of an old one: it is a new VM all the same.
guest_hold --pages 17 --mmio 5
eq "the sixteenth VM is number 16" "$(cell vms vm=16 violation)" "$each"
eq "vm 0 has nothing of it" "$(cell vms vm=0 violation)" "$last"
eq "nobody else lives" "$(pick vms - vm | tr '\n' ' ')" "0 16 "
guest_release
eq "fifteen and one have died" "$(cell probes probe=kvm_destroy_vm hits)" 16

# Rounds: the host takes the pages away, the guest faults them in again.
guest_hold --pages 23 --rounds 7
eq "seven rounds" "$(cell vms vm=17 tdp)" "$(expected tdp)"
ge "seven rounds are many faults" "$(cell vms vm=17 tdp)" "$((7 * 23))"
guest_release
