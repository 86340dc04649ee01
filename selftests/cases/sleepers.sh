# SPDX-License-Identifier: GPL-2.0
# More vCPUs asleep in faults than calls may be under way: what is counted and what
# is missed are together what KVM has taken
# machines: amd
# memory: 2048

# On the kernel's command line: vCPUs of each of the four VMs.
vcpus=${KVMFAULT_SLEEPERS:-24}

kvm_taken()
{
	cat /sys/kernel/debug/kvm/[0-9]*-*/pf_taken 2>/dev/null |
		awk '{ n += $1 } END { print n }'
}

# sleepers ENGINE
sleepers()
{
	local class taken

	guest_start --pages 5 --vcpus "$vcpus" --slow 2 --delay 900ms --parallel 4 --hold
	guest_settled 4
	expect_of --pages 5 --vcpus "$vcpus" --slow 2
	for class in violation tdp; do
		eq "$1, $class: counted and missed are all" \
			"$(($(sum vms - $class) + $(missed_of $class)))" \
			"$((4 * $(expected $class)))"
	done
	taken=$(kvm_taken)
	eq "$1: that is what KVM has taken" \
		"$(($(sum vms - tdp) + $(missed_of tdp)))" \
		"${taken:-$((4 * $(expected tdp)))}"
	eq "$1: what was hit is in the table" "$(sum vms - tdp)" "$(hits_of tdp)"
	eq "$1: and in the histogram" "$(sum histogram class=tdp count)" "$(hits_of tdp)"
	note "$1: $((4 * vcpus)) vCPUs, hits $(hits_of tdp), missed $(missed_of tdp)"
}

kvmfault_load maxactive=16
sleepers kretprobe
gt "kretprobe: some are missed" "$(missed_of tdp)" 0
matches "summary says why" "$KVMFAULT_DIR/summary" "more than maxactive"
guest_release
kvmfault_unload

# It needs no instances, where it can be had.
kvmfault_load maxactive=16 engine=direct
sleepers direct
[ "$(cell probes probe=kvm_tdp_page_fault engine)" != direct ] ||
	eq "direct: nothing is missed" "$(missed_of tdp)" 0
guest_release
echo kretprobe > /sys/module/kvmfault/parameters/engine
kvmfault_unload
eq "it unloads" "$?" 0
