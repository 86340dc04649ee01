# SPDX-License-Identifier: GPL-2.0
# Two vCPUs that contend for KVM's lock wait for it, and that is where their time
# goes: without the TDP MMU all of them take it as writers
# machines: amd
# needs: cpus=2

N=3001

# run VCPUS: of a guest with so many, what the stages of its faults took in all
run()
{
	vm=$((vm + 1))
	guest_hold --pages $N --vcpus "$1" --offset 4M
	note "$1 vCPUs: $(pick stages "vm=$vm" sum_ns | tr '\n' ' ')"
	eq "$1 vCPUs: each fault has waited" "$(stage wait count)" "$(expected tdp)"
	eq "$1 vCPUs: the parts are the whole" \
		"$(sum stages "vm=$vm,of=tdp" sum_ns)" "$(stage tdp sum_ns)"
	waited=$(stage wait sum_ns)
	longest=$(stage wait max_ns)
	guest_release
}

stage()
{
	cell stages "vm=$vm,stage=$1" "$2"
}

[ -e /sys/module/kvm/parameters/tdp_mmu ] && {
	kvm_unload
	kvm_load kvm.tdp_mmu=N
}
vm=0
kvmfault_load stages

# The machine's own host may stop one of them at any time, alone or not.
alone= together=0 round=0
while [ $round -lt 5 ] && [ $together -le $((3 * ${alone:-0})) ]; do
	run 1
	[ "${alone:-$waited}" -lt "$waited" ] || alone=$waited
	run 2
	together=$waited
	note "waited $alone ns alone, $together ns together, the longest $longest ns"
	round=$((round + 1))
done
gt "two wait longer than one twice" "$together" $((3 * alone))
