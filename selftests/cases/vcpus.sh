# SPDX-License-Identifier: GPL-2.0
# Several vCPUs, and several VMs at once, on two CPUs
# machines: intel amd
# needs: cpus=2

kvmfault_load
guest_hold --pages 101 --mmio 13 --vcpus 3

for class in violation misconfig tdp; do
	eq "$class of three vCPUs" "$(cell vms vm=1 $class)" \
		"$(expected $class)"
	eq "$class by vCPU adds up" "$(sum vcpus vm=1 $class)" \
		"$(expected $class)"
done
eq "vcpus" "$(cell vms vm=1 vcpus)" 3
ge "each vCPU has its pages" "$(cell vcpus vm=1,vcpu=2 tdp)" 101
guest_release

before=$(cell vms vm=0 violation)
guest --pages 211 --mmio 7 --parallel 4
eq "four VMs at once came to an end" "$?" 0
expect_of --pages 211 --mmio 7
eq "violations of four VMs at once" \
	"$(($(cell vms vm=0 violation) - before))" \
	"$((4 * $(expected violation)))"
eq "each was a VM of its own" "$(cell probes probe=kvm_destroy_vm hits)" 5
eq "nothing is missed" "$(sum probes - missed)" 0
